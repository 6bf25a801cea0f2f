"""What a draft of the figures would change is shown before it is activated, and is what happens then."""

import io
from dataclasses import replace
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from audit.models import AuditEvent
from clients.models import Client, Party
from compliance.actions import ask_dry_run, record_adverse
from compliance.actions.figures import rerate_all, try_figures
from compliance.actions.night import ask_rerating
from compliance.models import DryRun, DryRunRow, KycFile, RatingRecord, ReviewTrigger
from jobs.actions import run_due
from jobs.models import Job
from rulebook import rules
from rulebook.actions import activate_pack, change_draft, draft_pack
from rulebook.days import add_months
from rulebook.models import RulePack
from rulebook.selectors import pack
from staff.night import night_shift
from staff.roles import Role
from tests.cast import make_client, make_person
from tests.compliance.stage import KONY, SHIP, bring, make_lookalike, second_officer
from tests.compliance.test_kyc import record
from ui.refusals import NotPermitted, Refused


def silent(done, whole):
    assert 0 < done <= whole


def drafted(by, **figures):
    draft = draft_pack(None, by=by, name="kyc")
    body = rules.with_values(draft.body, {path.replace("__", "."): value for path, value in figures.items()})
    return change_draft(
        None,
        by=by,
        pack_id=draft.pk,
        body=body,
        valid_from=timezone.localdate(),
        reason="The board asks for it",
    )


def tried(draft, by):
    run = ask_dry_run(None, by=by, pack_id=draft.pk)
    run_due()
    run.refresh_from_db()
    return run


def activated(draft, by):
    activate_pack(None, by=by, pack_id=draft.pk, seen=rules.digest(draft.body))
    ask_rerating()
    return rerate_all(night_shift(), silent)


@pytest.fixture
def bank(cast):
    """Six rated clients, reviewed ten months ago, of two books: low, medium, high."""
    reviewed = add_months(timezone.localdate(), -10)
    said = {
        "Low Lars": {}, "Grey Greta": {"nationality": "VN"},
        "Mid Mia": {"source_of_funds": "crypto", "purpose": "wealth"},
        "Pep Pia": {"pep": True}, "Far Fritz": {"nationality": "FR"},
    }  # fmt: skip
    clients = {}
    for name, told in said.items():
        book, by = (cast.otto_book, cast.otto) if name == "Far Fritz" else (cast.rita_book, cast.rita)
        client = make_client(name, book)
        record(client, by, **told)
        rating = KycFile.objects.get(client=client).rating
        due = add_months(reviewed, {"low": 60, "medium": 36, "high": 12}[rating])
        KycFile.objects.filter(client=client).update(reviewed_on=reviewed, next_review_on=due)
        Client.objects.filter(pk=client.pk).update(kyc_due_on=due)
        clients[name] = client
    return clients


def now():
    """client -> (rating, due) as stored, on both tables the same."""
    files = KycFile.objects.select_related("client")
    assert all((kyc.rating, kyc.next_review_on) == (kyc.client.risk, kyc.client.kyc_due_on) for kyc in files)
    return {kyc.client_id: (kyc.rating, kyc.next_review_on) for kyc in files}


@pytest.mark.parametrize(
    "figures",
    [
        {"rating__increased_monitoring": 30},  # Greta rises to medium
        {"rating__high_from": 27, "rating__medium_from": 20},
        {"review_months__high": 9},  # Pia's review becomes overdue
        {"review_months__low": 36},
        {"high_risk_countries": ["IR", "FR"]},  # Fritz is high
        {"increased_monitoring": ["BO"], "rating__weights__customer": 50},  # Greta and Mia fall
    ],
    ids=str,
)
def test_what_the_dry_run_shows_is_what_happens(cast, bank, figures):
    cleo, before, today = second_officer(), now(), timezone.localdate()
    draft = drafted(cast.cora, **figures)
    run = tried(draft, cast.cora)
    assert now() == before, "looking changes nothing"
    activated(draft, cleo)
    after = now()
    shown = {row.client_id: (row.after, row.due_after) for row in run.rows.all()}
    assert shown
    assert {pk: is_now for pk, is_now in after.items() if is_now != before[pk]} == shown
    assert run.changed == sum(after[pk][0] != before[pk][0] for pk in after)
    assert run.moved == sum(after[pk][1] != before[pk][1] for pk in after)
    assert run.overdue == sum(after[pk][1] < today <= before[pk][1] for pk in after)
    assert run.judged == 5
    assert set(KycFile.objects.values_list("pack_version", flat=True)) == {draft.version}


def test_a_shorter_cycle_moves_the_reviews_of_that_rating_alone(cast, bank):
    run = tried(drafted(cast.cora, review_months__high=9), cast.cora)
    row = run.rows.get()
    assert (row.client, row.before, row.after) == (bank["Pep Pia"], "high", "high")
    assert row.due_after == add_months(row.due_before, -3)
    assert (run.changed, run.moved, run.overdue) == (0, 1, 1)
    assert run.books == {str(cast.rita_book.pk): {"moved": 1, "overdue": 1}}


def test_a_country_put_on_a_list_is_the_reason_for_a_review(cast, bank):
    activated_by = second_officer()
    draft = drafted(cast.cora, high_risk_countries=["FR"])
    tried(draft, cast.cora)
    activated(draft, activated_by)
    fritz = Client.objects.get(pk=bank["Far Fritz"].pk)
    assert fritz.risk == "high"
    codes = set(ReviewTrigger.objects.filter(client=fritz).values_list("code", flat=True))
    assert codes == {"rating_raised", "country_listed"}
    last = RatingRecord.objects.filter(client=fritz).latest("pk")
    assert (last.cause, last.by, last.pack_version) == ("rules", None, draft.version)


def test_rating_anew_twice_changes_nothing_and_who_was_not_asked_stays(cast, bank):
    imported = make_client("Import Ines", cast.rita_book, risk="high")
    KycFile.objects.create(
        client=imported, rating="high", next_review_on=timezone.localdate(), pack_version=1
    )
    cleo = second_officer()
    draft = drafted(cast.cora, rating__increased_monitoring=30)
    tried(draft, cast.cora)
    assert activated(draft, cleo) == {"judged": 5, "changed": 1}
    records = RatingRecord.objects.count()
    assert rerate_all(night_shift(), silent) == {"judged": 0, "changed": 0}
    assert RatingRecord.objects.count() == records
    assert KycFile.objects.get(client=imported).rating == "high", (
        "rated by another bank's facts: not ours to lower"
    )


def test_a_dry_run_of_other_figures_does_not_count(cast, bank):
    cleo, draft = second_officer(), drafted(cast.cora, warn_days=90)
    tried(draft, cast.cora)
    change_draft(
        None, by=cast.cora, pack_id=draft.pk, body=rules.with_values(draft.body, {"warn_days": 91}),
        valid_from=timezone.localdate(), reason="Later thought",
    )  # fmt: skip
    draft.refresh_from_db()
    with pytest.raises(Refused, match="dry run is missing, or older"):
        activate_pack(None, by=cleo, pack_id=draft.pk, seen=rules.digest(draft.body))
    tried(draft, cast.cora)
    activate_pack(None, by=cleo, pack_id=draft.pk, seen=rules.digest(draft.body))


def test_a_run_broken_off_begins_anew_and_lists_nobody_twice(cast, bank):
    draft = drafted(cast.cora, rating__increased_monitoring=30)
    run = tried(draft, cast.cora)
    try_figures(run.pk, silent)
    assert DryRunRow.objects.filter(run=run).count() == 1


def test_a_new_version_is_asked_for_once(cast, bank):
    ask_rerating()
    ask_rerating()
    assert Job.objects.filter(kind="compliance.rerate").count() == 1
    assert f"kyc {pack('kyc', timezone.localdate()).version}" in Job.objects.get(kind="compliance.rerate").key


def test_nobody_else_can(cast):
    draft = drafted(cast.cora, warn_days=90)
    for person in (cast.rita, cast.theo, cast.ada):
        with pytest.raises(NotPermitted):
            ask_dry_run(None, by=person, pack_id=draft.pk)
    in_force = RulePack.objects.filter(name="kyc", activated_at__isnull=False).first()
    with pytest.raises(Refused, match="Only a draft"):
        ask_dry_run(None, by=cast.cora, pack_id=in_force.pk)


def test_the_page_shows_it_by_rating_by_rm_and_by_client(page_of, cast, bank, django_assert_num_queries):
    draft = drafted(cast.cora, rating__increased_monitoring=30, high_risk_countries=["FR"])
    url, browser = reverse("compliance:dry_run", args=[draft.pk]), page_of(cast.cora)
    assert "never tried" in browser.get(url).content.decode()
    assert browser.post(url).status_code == 303
    assert "0 of 0 clients" in browser.get(url).content.decode()
    with pytest.raises(Refused, match="under way"):  # whoever asks for the same question again waits for it
        ask_dry_run(None, by=cast.cora, pack_id=draft.pk)
    run_due()
    with django_assert_num_queries(13):
        answer = browser.get(url)
    found = answer.context["found"]
    assert found.ways == [("low", "medium", 1), ("low", "high", 1)]
    assert {(line.owner, line.higher) for line in found.books} == {("Rita Muster", 1), ("Otto Muster", 1)}
    assert [row.client.name for row in browser.get(url + "?after_level=high").context["found"].rows] == [
        "Far Fritz"
    ]
    assert [
        row.client.name for row in browser.get(f"{url}?book={cast.rita_book.pk}").context["found"].rows
    ] == ["Grey Greta"]


def test_each_client_says_who_serves_it_and_which_figure_does_it(page_of, cast, bank):
    draft = drafted(
        cast.cora, rating__increased_monitoring=30, high_risk_countries=["FR"], rating__medium_from=28,
        review_months__high=9,
    )  # fmt: skip
    tried(draft, cast.cora)
    url, browser = reverse("compliance:dry_run", args=[draft.pk]), page_of(cast.cora)
    rows = {row.client.name: row for row in browser.get(url).context["found"].rows}
    band, cycle = "Medium begins at 28 points, now at 26", "Review cycle: 60 → 9 months"
    greta, fritz, pia = rows["Grey Greta"], rows["Far Fritz"], rows["Pep Pia"]
    assert greta.reasons[:2] == ["Country: Vietnam: 20 → 30 points", band]
    assert (greta.owner, greta.points_before, greta.points) == ("Rita Muster", 20, 30)
    assert fritz.reasons[:3] == ["Country: France: High whatever the sum", band, cycle]
    assert pia.reasons == [band, "Review cycle: 12 → 9 months"]
    assert fritz.owner == "Otto Muster"


def clients_of(answer):
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    assert book.sheet_names == ["From what to what", "By relationship manager", "By client"]
    return book.get_sheet_by_name("By client").to_python()


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("change=higher", {"Grey Greta", "Far Fritz"}),
        ("change=moved", {"Pep Pia"}),
        ("change=overdue", {"Pep Pia", "Far Fritz"}),
        ("change=lower", set()),
        ("change=nonsense&after_level=high", {"Far Fritz", "Pep Pia"}),
    ],
)
def test_the_filter_stands_in_the_address_and_goes_into_the_spreadsheet(page_of, cast, bank, query, names):
    Client.objects.filter(pk=bank["Far Fritz"].pk).update(name="=HYPERLINK(1)")
    names = {"=HYPERLINK(1)" if name == "Far Fritz" else name for name in names}
    figures = {"rating__increased_monitoring": 30, "high_risk_countries": ["FR"], "review_months__high": 9}
    draft = drafted(cast.cora, **figures)
    tried(draft, cast.cora)
    browser = page_of(cast.cora)
    page = browser.get(reverse("compliance:dry_run", args=[draft.pk]) + f"?{query}")
    assert {row.client.name for row in page.context["found"].rows} == names
    sheet = reverse("compliance:dry_run_sheet", args=[draft.pk])
    assert f'href="{sheet}?{query.replace("&", "&amp;")}"' in page.content.decode()
    answer = browser.get(f"{sheet}?{query}")
    assert answer["Content-Disposition"].startswith("attachment")
    lines = clients_of(answer)
    at = next(place for place, line in enumerate(lines) if line[0] == "Client")
    assert {line[1].removeprefix("'") for line in lines[at + 1 :] if line[1]} == names
    assert not any(str(cell).startswith("=") for line in lines for cell in line)
    shown = AuditEvent.objects.filter(verb="list shown").latest("pk").payload
    assert (shown["list"], len(shown["clients"])) == ("spreadsheet of a dry run", len(names))


def test_more_clients_than_one_person_takes_out_are_not_in_the_file(page_of, cast, bank, monkeypatch):
    draft = drafted(cast.cora, review_months__low=36)
    tried(draft, cast.cora)
    figures = pack("access", timezone.localdate())
    changed = replace(figures, body=figures.body | {"export_clients": 1})
    monkeypatch.setattr("compliance.selectors.figures.pack", lambda name, on: changed)
    answer = page_of(cast.cora).get(reverse("compliance:dry_run_sheet", args=[draft.pk]))
    told = str(
        CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_name("By client").to_python()
    )
    assert "More than 1 clients fit" in told
    assert "Greta" not in told


def test_a_sheet_costs_the_same_however_many_clients_are_in_it(
    page_of, cast, bank, django_assert_max_num_queries
):
    draft = drafted(cast.cora, review_months__low=36, rating__increased_monitoring=30)
    tried(draft, cast.cora)
    browser, url = page_of(cast.cora), reverse("compliance:dry_run_sheet", args=[draft.pk])
    for query in ("", "?change=higher", "?change=lower"):
        browser.get(url)
        with django_assert_max_num_queries(17):
            assert browser.get(url + query).status_code == 200


def test_a_sheet_of_what_was_never_tried_is_not_there_and_an_rm_gets_none(page_of, cast, bank):
    draft = drafted(cast.cora, warn_days=90)
    url = reverse("compliance:dry_run_sheet", args=[draft.pk])
    assert page_of(cast.cora).get(url).status_code == 404
    for person in (cast.rita, cast.theo, cast.ada):
        for each in (url, reverse("compliance:dry_run", args=[draft.pk])):
            assert page_of(person).get(each).status_code == 403


def test_what_hits_and_notes_move_only_who_may_know_of_them_reads(page_of, cast, bank):
    lars = bank["Low Lars"]
    record_adverse(
        lars, by=cast.cora, party_id=lars.parties.get().pk, severity="medium", source="Press",
        source_on=timezone.localdate(), text="x",
    )  # fmt: skip
    draft = drafted(cast.cora, rating__adverse__medium=40)
    tried(draft, cast.cora)
    url = reverse("compliance:dry_run", args=[draft.pk])
    assert [row.client.name for row in page_of(cast.cora).get(url).context["found"].rows] == ["Low Lars"]
    udo = page_of(make_person("udo", Role.AUDITOR))
    assert not udo.get(url).context["found"].rows.rows
    sheet = udo.get(reverse("compliance:dry_run_sheet", args=[draft.pk])).content
    assert "Lars" not in str(
        CalamineWorkbook.from_filelike(io.BytesIO(sheet)).get_sheet_by_name("By client").to_python()
    )


def test_a_change_of_cycle_leaves_room_for_those_rated_otherwise(cast, bank, monkeypatch):
    monkeypatch.setattr("compliance.actions.figures.LISTED", 1)
    run = tried(drafted(cast.cora, review_months__low=36, rating__increased_monitoring=30), cast.cora)
    assert {(row.before == row.after) for row in run.rows.all()} == {True, False}


def test_the_run_of_a_draft_that_changed_meanwhile_ends_without_a_word(cast, bank):
    draft = drafted(cast.cora, warn_days=90)
    run = ask_dry_run(None, by=cast.cora, pack_id=draft.pk)
    change_draft(
        None, by=cast.cora, pack_id=draft.pk, body=rules.with_values(draft.body, {"warn_days": 91}),
        valid_from=timezone.localdate() + timedelta(days=1), reason="Later thought",
    )  # fmt: skip
    run_due()
    assert DryRun.objects.get(pk=run.pk).finished_at is None


def test_another_screening_threshold_is_tried_on_a_sample(bank, cast, page_of):
    bring(KONY, SHIP, day="01/01/2024")
    make_lookalike(cast, "Joseph Kony", "1990-01-01", "DE")
    run = tried(drafted(cast.cora, screening_threshold=60), cast.cora)
    assert run.hits["parties"] == Party.objects.count()
    assert (run.hits["now"], run.hits["then"]) == (0, 1)
    page = page_of(cast.cora).get(reverse("compliance:dry_run", args=[run.pack_id])).content.decode()
    assert "Screening by the other threshold" in page


def test_who_sees_no_client_reads_totals_alone(bank, cast, page_of):
    run = tried(drafted(cast.cora, rating__medium_from=1), cast.cora)
    url = reverse("compliance:dry_run", args=[run.pack_id])
    officer = page_of(cast.cora).get(url)
    assert officer.context["found"].books
    product = page_of(make_person("pia", Role.PRODUCT)).get(url)
    assert product.context["found"].ways
    assert not product.context["found"].books
    assert "a small number would tell of one" in product.content.decode()
