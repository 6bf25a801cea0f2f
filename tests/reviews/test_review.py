"""Rita prepares a review, holds it and hands over the paper; what blocks it; nobody else can."""

from datetime import date
from io import BytesIO

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from audit.models import AuditEvent
from clients.actions import add_task, log_interaction
from clients.models import Document
from needs.models import Assessment
from portfolios.models import FxRate
from reviews.actions import hold_review, prepare_review, record_talk
from reviews.models import Review
from reviews.selectors import agenda, due_list
from tests.cast import make_client
from tests.portfolios.make import FRIDAY, account, holding, mandate, price, product, rate
from ui.refusals import NotPermitted, NotVisible, Refused

RECORD = {
    "talk": "Anna plans to buy a home in 2030.",
    "recommendation": "Move a tenth from shares to bonds.",
    "decision": "accepted",
    "held_on": FRIDAY,
}


@pytest.fixture(autouse=True)
def _on_a_friday():
    with time_machine.travel(f"{FRIDAY}T10:00:00Z"):
        yield


@pytest.fixture
def invested(rita, anna):
    anna.currency = "CHF"
    anna.save()
    rate("USD", "1.25")
    rate("CHF", "0.95")
    custody = account(anna)
    holding(custody, product("ACME", on_2026_03_06="100"), "10", "800")
    holding(custody, product("BONDS", "fund", "bonds", "EUR", 2, on_2026_03_06="50"), "20", "1100")
    account(anna, "current", "CHF", "90.00", FRIDAY)
    mandate(anna)
    profile(anna, rita)
    return anna


def profile(client, by, valid_until=date(2027, 1, 1), band=3):
    return Assessment.objects.create(
        client=client,
        state="signed",
        tolerance=50,
        capacity=60,
        band=band,
        made_by=by,
        valid_until=valid_until,
    )


def text_of(document):
    with document.file.open("rb") as file:
        reader = PdfReader(BytesIO(file.read()))
    return [page.extract_text() for page in reader.pages], reader


def test_one_click_freezes_value_findings_and_band(rita, invested):
    review = prepare_review(invested, by=rita)
    price(invested.holdings.get(product__code="ACME").product, FRIDAY.replace(day=7), "999")
    review.refresh_from_db()
    assert (review.state, review.as_of, review.currency, review.band) == ("prepared", FRIDAY, "CHF", 3)
    assert str(review.value) == "1800.00"
    share = review.valuation["positions"][0]
    assert (share["close"], share["price_on"], share["source"], share["rate"], share["value"]) == (
        "100.000000",
        "2026-03-06",
        "Exchange",
        "0.76000000",
        "760.00",
    )
    assert {finding["code"] for finding in review.findings} == {"drift", "concentration"}


def test_the_review_is_held_and_the_client_gets_a_paper(rita, invested):
    review = hold_review(prepare_review(invested, by=rita), by=rita, **RECORD)
    invested.mandate.refresh_from_db()
    assert (review.state, review.held_on, invested.mandate.last_review_on) == ("held", FRIDAY, FRIDAY)
    assert (review.report.kind, review.report.content_type) == ("report", "application/pdf")
    pages, reader = text_of(review.report)
    text = "\n".join(pages)
    for printed in (
        "RM CRM Bank", "Anna Keller", "ACME Inc (ACME)", "100.00 USD", "+25.0%", "760", "44.4%", "1,800",
        "50–70%", "Equity is 44.4 % of the portfolio, 15.6 points below the model.", "Model 3",
        "Anna plans to buy a home in 2030.", "Move a tenth from shares to bonds.", "Proposal accepted",
        "Prices: Exchange, close of 6 Mar 2026.", "1 USD = 0.760000 CHF: ECB, 6 Mar 2026.",
        "Rita Muster", "3 Moderate", f"Page 1 of {len(pages)}",
    ):  # fmt: skip
        assert printed in text, printed
    assert reader.metadata.title == f"Portfolio review, {invested.number}"
    assert AuditEvent.objects.filter(verb="review held", client_id=invested.pk).count() == 1


def test_a_hostile_text_is_printed_and_not_run(rita, invested):
    said = 'She said: #read("/etc/passwd") $x$ *bold* <tag> \\ // not a comment'
    review = hold_review(prepare_review(invested, by=rita), by=rita, **RECORD | {"talk": said})
    assert '#read("/etc/passwd")' in "".join(text_of(review.report)[0])


@pytest.mark.parametrize(("until", "word"), [(date(2026, 3, 5), "has expired"), (None, "is missing")])
def test_without_a_valid_profile_the_report_is_blocked(rita, invested, until, word):
    Assessment.objects.all().delete()
    if until:
        profile(invested, rita, until)
    review = prepare_review(invested, by=rita)
    with pytest.raises(Refused) as refused:
        hold_review(review, by=rita, **RECORD)
    assert f"needs assessment {word}" in refused.value.sentences[0]
    assert not Document.objects.exists()


def test_a_profile_that_runs_out_before_the_talk_blocks_too(rita, invested):
    Assessment.objects.update(valid_until=FRIDAY)
    review = prepare_review(invested, by=rita)
    with time_machine.travel("2026-03-07T10:00:00Z"), pytest.raises(Refused, match="has expired"):
        hold_review(review, by=rita, **RECORD)


def test_a_stale_price_and_an_unknown_cost_block_until_the_portfolio_is_valued_anew(rita, invested):
    invested.holdings.filter(product__code="BONDS").update(cost=None)
    with time_machine.travel("2026-03-16T10:00:00Z"):
        for currency, per_euro in (("USD", "1.25"), ("CHF", "0.95")):
            rate(currency, per_euro, date(2026, 3, 16))
        first = record_talk(
            prepare_review(invested, by=rita), by=rita, talk="So far", recommendation="", decision=""
        )
        with pytest.raises(Refused) as refused:
            hold_review(first, by=rita, **RECORD | {"held_on": date(2026, 3, 16)})
        assert len([sentence for sentence in refused.value.sentences if "blocked" in sentence]) == 3
        invested.holdings.update(cost=900)
        for held in invested.holdings.select_related("product"):
            price(held.product, date(2026, 3, 16), "55")
        again = prepare_review(invested, by=rita)
        assert (again.pk, again.talk) == (first.pk, "So far")
        assert hold_review(again, by=rita, **RECORD | {"held_on": date(2026, 3, 16)}).state == "held"


def test_a_missing_rate_no_mandate_and_the_future_refuse_to_prepare(cast, invested):
    with pytest.raises(Refused, match=r"No price for ACME Inc \(ACME, USD\) on 1 Mar 2026"):
        prepare_review(invested, by=cast.rita, as_of=date(2026, 3, 1))
    FxRate.objects.filter(currency="USD").delete()
    with pytest.raises(Refused, match="No exchange rate for USD on 6 Mar 2026"):
        prepare_review(invested, by=cast.rita)
    with pytest.raises(Refused, match="valued today or on a day of the past"):
        prepare_review(invested, by=cast.rita, as_of=date(2026, 4, 1))
    with pytest.raises(Refused, match="no mandate"):
        prepare_review(make_client("Ines Frei", cast.rita_book), by=cast.rita)
    assert not Review.objects.exists()


def test_nobody_else_can(cast, invested):
    for refused, person in ((NotVisible, cast.otto), (NotPermitted, cast.cora)):
        with pytest.raises(refused):
            prepare_review(invested, by=person)
    review = prepare_review(invested, by=cast.rita)
    for refused, person in ((NotVisible, cast.otto), (NotPermitted, cast.cora)):
        with pytest.raises(refused):
            hold_review(review, by=person, **RECORD)


def test_the_agenda_comes_from_the_records_since_the_last_review(rita, invested, django_assert_num_queries):
    hold_review(prepare_review(invested, by=rita), by=rita, **RECORD)
    with time_machine.travel("2026-03-08T10:00:00Z"):
        log_interaction(
            invested,
            by=rita,
            channel="call",
            purpose="service",
            at=timezone.now(),
            summary="Asked for a loan",
        )
        add_task(invested, by=rita, kind="call", title="Send the offer", due_on=FRIDAY, promise=True)
        account(invested, "savings", "CHF", "200.00", date(2026, 3, 8))
        second = prepare_review(invested, by=rita)
        with django_assert_num_queries(4):
            talk = agenda(second)
    assert (talk.since, talk.change) == (FRIDAY, 200)
    assert [contact.summary for contact in talk.contacts] == ["Asked for a loan"]
    assert [task.title for task in talk.promises] == ["Send the offer"]


# --- the list -----------------------------------------------------------------------------------------------


def test_the_list_follows_the_segments_months(cast, invested, django_assert_num_queries):
    book = cast.rita_book
    hnw = make_client("Hugo Wolf", book, segment="hnw")  # every 3 months
    sleeping = make_client("Ina Execution", book)
    mandate(hnw)
    mandate(sleeping).__class__.objects.filter(client=sleeping).update(kind="execution")
    due_in = {"invested": (invested, date(2025, 10, 6)), "hnw": (hnw, date(2026, 1, 7))}
    for client, reviewed in due_in.values():
        client.mandate.__class__.objects.filter(client=client).update(last_review_on=reviewed)
    with django_assert_num_queries(6):  # one to resolve what Rita sees
        listed = due_list(cast.rita, {"due": "31"}, FRIDAY)
    assert [(line.mandate.client_id, line.due_on) for line in listed.lines] == [
        (invested.pk, date(2026, 4, 6)),
    ]
    listed = due_list(cast.rita, {"due": "32"}, FRIDAY)
    assert [(line.mandate.client_id, line.due_on) for line in listed.lines] == [
        (invested.pk, date(2026, 4, 6)),
        (hnw.pk, date(2026, 4, 7)),
    ]
    assert due_list(cast.otto, {"due": "400"}, FRIDAY).lines == []


# --- in the browser -----------------------------------------------------------------------------------------


def test_from_the_list_to_the_paper_in_the_browser(page_of, rita, invested):
    browser = page_of(rita)
    listing = reverse("reviews:list")
    text = browser.get(listing).content.decode()
    assert "Anna Keller" in text
    assert "Prepare" in text
    answer = browser.post(listing, {"client": invested.pk, "form_key": "r1"})
    assert answer.status_code == 303
    page = answer["Location"]
    assert "15.6 points below the model" in browser.get(page).content.decode()
    assert "Go on" in browser.get(listing).content.decode()
    old = browser.post(listing, {"client": invested.pk, "as_of": "0001-01-01", "form_key": "r0"})
    assert old.status_code == 409
    kept = browser.post(page, RECORD | {"decision": "", "held_on": "2026-03-06", "form_key": "r2"})
    assert kept.status_code == 303
    review = Review.objects.get()
    assert (review.state, review.talk) == ("prepared", RECORD["talk"])
    minutes = reverse("reviews:minutes", args=[review.pk])
    missing = browser.post(minutes, RECORD | {"decision": "", "held_on": "2026-03-06", "form_key": "r3"})
    assert missing.status_code == 422
    assert "Note what the client decided." in missing.content.decode()
    assert RECORD["talk"] in missing.content.decode()
    never = browser.post(minutes, RECORD | {"held_on": "9999-12-31", "form_key": "r3b"})
    assert never.status_code in (409, 422)
    assert browser.post(minutes, RECORD | {"held_on": "2026-03-06", "form_key": "r4"}).status_code == 303
    review.refresh_from_db()
    paper = browser.get(reverse("clients:document", args=[invested.pk, review.report_id]))
    assert paper.status_code == 200
    assert b"".join(paper.streaming_content)[:5] == b"%PDF-"


def test_otto_gets_404_everywhere_and_cora_reads_but_may_not_write(page_of, cast, invested):
    review = hold_review(prepare_review(invested, by=cast.rita), by=cast.rita, **RECORD)
    otto, cora = page_of(cast.otto), page_of(cast.cora)
    pages = [reverse("reviews:review", args=[pk]) for pk in (review.pk, 999_999)]
    minutes = [reverse("reviews:minutes", args=[pk]) for pk in (review.pk, 999_999)]
    listing = reverse("reviews:list")
    assert {otto.get(url).status_code for url in pages} == {404}
    assert {otto.post(url, RECORD).status_code for url in pages + minutes} == {404}
    assert {otto.post(listing, {"client": pk}).status_code for pk in (invested.pk, 999_999, "x")} == {404}
    assert "Anna Keller" not in otto.get(listing).content.decode()
    assert otto.get(reverse("clients:document", args=[invested.pk, review.report_id])).status_code == 404
    assert cora.get(pages[0]).status_code == 200
    assert cora.post(listing, {"client": invested.pk}).status_code == 403
    assert cora.post(pages[0], RECORD).status_code == 403
