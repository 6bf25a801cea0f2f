"""Reports: the same figures as page, spreadsheet and PDF; each opens its list; what leaves is recorded."""

import io
import time
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest
import python_calamine
import time_machine
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from audit.models import AuditEvent
from clients.models import Client
from compliance.actions import review_kyc, screen_client, sweep
from compliance.models import HitStep, KycFile, KycReview, ScreeningHit
from compliance.rules.reports import first_month, median_of, months_between
from compliance.selectors import review_report, risk_report, screening_report
from staff.night import night_shift
from staff.roles import Role
from tests.cast import make_client, make_person
from tests.compliance.stage import KONY, bring, make_lookalike
from ui import reports
from ui.reports import Cell, Column, Report, Table

TODAY = timezone.localdate
CODES = ("risk", "reviews", "screening")


@pytest.fixture
def bank(cast):
    """Rita: two high of whom one exposed, one low; Otto: one medium company abroad; one closed."""
    for place, (risk, value) in enumerate((("high", 100), ("high", 200), ("low", 700))):
        client = make_client(f"R{place}", cast.rita_book, risk=risk, value=value, segment="hnw")
        KycFile.objects.create(
            client=client, rating=risk, rating_reasons=["pep"] if place == 0 else [], next_review_on=TODAY()
        )
    make_client("O", cast.otto_book, risk="medium", value=50, segment="sme", domicile="DE")
    make_client("Gone", cast.rita_book, risk="high", value=9999, state="closed")
    Client.objects.filter(pk__in=[cast.anna.pk, cast.omar.pk]).update(state="lead")
    for place, late in enumerate((0, 0, 3, 10, 40)):
        done = TODAY() - timedelta(days=place)
        KycReview.objects.create(
            client=client, due_on=done - timedelta(days=late), reviewed_on=done, days_late=late, level="low",
            book=cast.rita_book, team=cast.rita.team, by=cast.cora,
        )  # fmt: skip
    sweep(TODAY())
    return cast


def figures(report, title):
    """Row label -> column label -> value."""
    table = next(table for table in report.tables if table.title == title)
    heads = [column.label for column in table.columns]
    rows = [*table.rows, *([table.total] if table.total else [])]
    return {row[0].value: dict(zip(heads, (cell.value for cell in row), strict=True)) for row in rows}


# --- the portfolio by risk -------------------------------------------------------------------------------


def test_clients_and_assets_are_counted_by_risk_and_closed_files_are_not(bank):
    report = risk_report(bank.cora, {}, TODAY())
    clients = figures(report, "Clients by segment")
    assert clients["High net worth"]["High"] == 2
    assert clients["High net worth"]["PEP"] == 1
    assert clients["High net worth"]["Enhanced measures"] == 2
    assert clients["All"]["All"] == 4
    assert figures(report, "Assets by segment")["All"]["High"] == 300
    assert figures(report, "Clients by team")["Private clients"]["All"] == 3
    abroad = figures(risk_report(bank.cora, {"by": "country"}, TODAY()), "Clients by country")
    assert abroad["Germany"]["Medium"] == 1


def test_every_figure_of_clients_opens_as_many(page_of, bank):
    browser = page_of(bank.cora)
    opened = 0
    for query in ({}, {"by": "country"}, {"segment": "hnw"}, {"team": bank.rita.team_id}, {"country": "DE"}):
        report = browser.get(reverse("compliance:report_risk"), query).context["report"]
        for table in report.tables:
            for row in [*table.rows, table.total]:
                for cell in row:
                    if cell.url:
                        assert browser.get(cell.url).context["page"].count == cell.value, cell
                        opened += 1
    assert opened > 60


def test_the_filter_narrows_and_stands_in_words(bank):
    report = risk_report(bank.cora, {"segment": "sme"}, TODAY())
    assert figures(report, "Clients by segment")["All"]["All"] == 1
    assert ("Segment", "SME") in reports.head(report)


def test_who_does_not_see_the_whole_bank_sees_none_of_its_figures(bank):
    assert risk_report(bank.rita, {}, TODAY()).tables[0].rows == []
    assert review_report(bank.theo, {}, TODAY()).tiles[0].text == "0"


# --- reviews ---------------------------------------------------------------------------------------------


def test_a_review_is_kept_with_the_day_it_was_due(cast):
    cast.anna.kyc_due_on = TODAY() - timedelta(days=12)
    cast.anna.save()
    KycFile.objects.create(
        client=cast.anna, rating="low", source_of_funds="salary", purpose="wealth", facts_at=timezone.now(),
        facts_by=cast.rita, next_review_on=cast.anna.kyc_due_on,
    )  # fmt: skip
    review_kyc(cast.anna, by=cast.cora)
    kept = KycReview.objects.get()
    assert (kept.days_late, kept.due_on, kept.reviewed_on) == (12, TODAY() - timedelta(days=12), TODAY())
    assert (kept.team, kept.book, kept.by) == (cast.rita.team, cast.rita_book, cast.cora)


def test_punctuality_is_counted_by_month_team_and_manager(bank):
    report = review_report(bank.cora, {}, TODAY())
    whole = figures(report, "By month")["All"]
    assert (whole["Done"], whole["In time"], whole["Late"], whole["Median days late"]) == (5, 2, 3, 10)
    assert whole["In time, share"] == 40
    assert figures(report, "By team")["Private clients"]["Done"] == 5
    of_team = review_report(bank.cora, {"team": bank.rita.team_id}, TODAY())
    assert figures(of_team, "By relationship manager")["Rita Muster"]["Late"] == 3
    assert not figures(review_report(bank.cora, {"team": bank.otto.team_id}, TODAY()), "By month")["All"][
        "Done"
    ]


def test_every_figure_of_reviews_opens_as_many(page_of, bank):
    browser, opened = page_of(bank.cora), 0
    for query in ({}, {"team": bank.rita.team_id}, {"months": 3}):
        report = browser.get(reverse("compliance:report_reviews"), query).context["report"]
        for table in report.tables:
            for row in table.rows:
                for cell in row[1:]:
                    if cell.url:
                        assert browser.get(cell.url).context["page"].count == cell.value, cell
                        opened += 1
    assert opened >= 36


@given(st.dictionaries(st.integers(0, 400), st.integers(1, 30), max_size=30))
def test_the_median_of_bars_is_the_lower_median_of_their_days(bars):
    days = sorted(day for day, count in bars.items() for _ in range(count) if day)
    assert median_of(bars) == (days[(len(days) - 1) // 2] if days else None)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(1, 36))
def test_a_period_has_as_many_months_as_asked(today, months):
    found = months_between(first_month(today, months), today)
    assert len(found) == months
    assert found[-1] == today.replace(day=1)
    assert all(each.day == 1 for each in found)


# --- screening -------------------------------------------------------------------------------------------


@pytest.fixture
def screened(cast):
    bring(KONY)
    screen_client(make_lookalike(cast), by=night_shift())
    first = ScreeningHit.objects.get()
    now = timezone.now()
    for place, state in enumerate(("cleared", "cleared", "cleared", "confirmed")):
        client = make_client(f"S{place}", cast.rita_book)
        hit = ScreeningHit.objects.create(
            client=client, party=client.parties.get(), entity=first.entity, score=88, sentence="x",
            state=state, frozen=state == "confirmed", decided_at=now,
            opened_at=now - timedelta(hours=10 * (place + 1)),
            decided_by=cast.cora,
        )  # fmt: skip
        HitStep.objects.create(client=client, hit=hit, said="decided", by=cast.cora, entity=first.entity)
        if place == 0:
            HitStep.objects.create(client=client, hit=hit, said="returned", by=cast.cora, entity=first.entity)
    return cast


def test_false_positives_and_the_time_to_decide_are_counted(screened):
    report = screening_report(screened.cora, {}, TODAY())
    whole = figures(report, "By month")
    month = whole[f"{TODAY():%b %Y}"]
    assert (month["Alerts"], month["Decided"], month["Matches"], month["No match"]) == (5, 4, 1, 3)
    assert month["False positives"] == 75
    assert month["Median hours"] == pytest.approx(25, abs=0.01)
    assert figures(report, "The second officer")["Returned"]["Share"] == 20
    assert figures(report, "Hits by state, today")["Open"]["Hits"] == 1
    assert len(figures(report, "Lists in force")) == 1


def test_of_hits_no_auditor_reads_a_figure(page_of, screened):
    udo = make_person("udo", Role.AUDITOR)
    for name in ("report_screening", "report_screening_sheet", "report_screening_paper"):
        assert page_of(udo).get(reverse(f"compliance:{name}")).status_code == 403
    assert b"Screening statistics" not in page_of(udo).get(reverse("compliance:reports")).content


# --- spreadsheet and paper -------------------------------------------------------------------------------


@pytest.mark.parametrize("code", CODES)
def test_page_sheet_and_paper_tell_the_same_figures_and_no_name(page_of, bank, code):
    browser = page_of(bank.cora)
    page = browser.get(reverse(f"compliance:report_{code}"))
    report = page.context["report"]
    sheet = browser.get(reverse(f"compliance:report_{code}_sheet"))
    assert sheet["Content-Type"] == reports.SPREADSHEET
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(sheet.content))
    assert len(book.sheet_names) == len(report.tables)
    for name, table in zip(book.sheet_names, report.tables, strict=True):
        cells = [cell for row in book.get_sheet_by_name(name).to_python() for cell in row]
        for row in table.rows:
            for column, cell in zip(table.columns, row, strict=True):
                if cell.value is not None:
                    wanted = float(cell.value) if column.numeric else str(cell.value)
                    assert wanted in cells, (table.title, column.label)
    paper = browser.get(reverse(f"compliance:report_{code}_paper"))
    assert paper["Content-Type"] == "application/pdf"
    text = "\n".join(each.extract_text() for each in PdfReader(io.BytesIO(paper.content)).pages)
    for table in report.tables:
        assert table.title in text
    for client in Client.objects.exclude(name__in=["R0", "R1", "R2", "O"]):
        assert client.name not in text
        assert client.name not in page.content.decode()


def test_what_leaves_the_house_is_recorded_with_its_filter(page_of, bank):
    page_of(bank.cora).get(reverse("compliance:report_risk_sheet"), {"segment": "hnw"})
    event = AuditEvent.objects.get(verb="report exported")
    assert event.payload == {"report": "risk", "format": "xlsx", "filters": {"segment": "hnw"}}
    assert event.by_id == bank.cora.pk


@pytest.mark.parametrize("text", ["=1+1", "+49", "-x", "@sum", "\t=1", "http://evil.example", "{=1}"])
def test_no_text_becomes_a_formula_or_a_link(text):
    table = Table(text, [Column(text), Column("n", "count")], [[Cell(text), Cell(3)]])
    made = reports.as_spreadsheet(
        Report("x", text, "", datetime(2026, 1, 1, tzinfo=UTC), [(text, text)], [], [table]),
        SimpleNamespace(name="Cora", login="cora"),
    )
    import zipfile

    inside = zipfile.ZipFile(io.BytesIO(made))
    sheet = inside.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(made))
    (first,) = book.get_sheet_by_index(0).to_python()[0][:1]
    assert text.strip("\t") in first


def test_an_empty_bank_has_reports_that_say_so(page_of, cast):
    browser = page_of(cast.cora)
    assert "There are no figures yet" in browser.get(reverse("compliance:report_risk")).content.decode()
    for code in CODES:
        assert browser.get(reverse(f"compliance:report_{code}_paper")).status_code == 200
        assert browser.get(reverse(f"compliance:report_{code}_sheet")).status_code == 200


@pytest.mark.parametrize(("code", "queries"), [("risk", 3), ("reviews", 3), ("screening", 10)])
def test_a_report_costs_the_same_whatever_the_bank_holds(
    bank, screened, code, queries, django_assert_num_queries
):
    ask = {"risk": risk_report, "reviews": review_report, "screening": screening_report}[code]
    with django_assert_num_queries(queries):
        ask(bank.cora, {}, TODAY())


def test_a_team_s_report_costs_two_more(bank, django_assert_num_queries):
    with django_assert_num_queries(5):
        review_report(bank.cora, {"team": bank.rita.team_id}, TODAY())


@pytest.mark.parametrize("form", ["_sheet", "_paper"])
def test_the_same_figures_at_the_same_moment_are_the_same_bytes(page_of, bank, form):
    """Else a file could tell by its bytes what its figures do not."""
    with time_machine.travel(datetime(2027, 3, 3, 9, tzinfo=UTC), tick=False):
        browser, url = page_of(bank.cora), reverse(f"compliance:report_risk{form}")
        first = browser.get(url).content
        time.sleep(1.1)
        assert browser.get(url).content == first


def test_a_link_by_book_opens_the_team_s_reviews_that_were_counted(page_of, bank):
    """A book may have been another team's before: what it did there is not this report's."""
    kept = KycReview.objects.first()
    KycReview.objects.create(
        client=kept.client, due_on=TODAY(), reviewed_on=TODAY(), days_late=0, level="low",
        book=bank.rita_book, team=bank.otto.team, by=bank.cora,
    )  # fmt: skip
    report = review_report(bank.cora, {"team": bank.rita.team_id}, TODAY())
    (row,) = next(table for table in report.tables if table.title == "By relationship manager").rows
    assert page_of(bank.cora).get(row[1].url).context["page"].count == row[1].value == 5
