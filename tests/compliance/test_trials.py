"""What a draft would change is judged by the room it concerns: in totals, by book and by client."""

import io
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from alerts.actions import look_at_everything
from alerts.models import Alert
from audit.models import AuditEvent
from clients.models import Client, Party, Relationship
from compliance.actions import screen_client
from compliance.models import Approval, ScreeningHit, TrialRow
from compliance.selectors import ownership_of
from compliance.selectors.desk import chosen
from jobs.actions import run_due
from jobs.models import Job
from needs import questions
from needs.actions import save_answers, sign_assessment
from needs.models import Assessment
from onboarding.models import RequiredDocument
from opportunities.selectors import suggestions
from portfolios.models import Account, Mandate, ModelPortfolio
from retention.models import QuarterValue
from retention.rules import compared_on
from rulebook import rules
from rulebook.actions import activate_pack, ask_trial, change_draft, draft_pack
from rulebook.calendars import working_days
from rulebook.models import RulePack
from rulebook.selectors import pack, trial
from staff.night import night_shift
from staff.roles import Role
from tests.cast import make_client, make_person, raise_barrier
from tests.compliance.stage import KONY, SHIP, bring, make_lookalike
from tests.needs.make import ANSWERS
from tests.onboarding.stage import begin
from tests.opportunities import stage as pipeline
from tests.portfolios import make
from ui.carrying import carry_person
from ui.refusals import NotPermitted, Refused

TODAY = timezone.localdate


def drafted(by, name, change):
    draft = draft_pack(None, by=by, name=name)
    body = change(dict(draft.body))
    return change_draft(
        None, by=by, pack_id=draft.pk, body=body, valid_from=TODAY(), reason="The board asks for it"
    )


def activated(draft, by):
    draft.refresh_from_db()
    activate_pack(None, by=by, pack_id=draft.pk, seen=rules.digest(draft.body))


def changed(**figures):
    """A change of these figures by their paths, for `drafted`."""
    return lambda body: rules.with_values(
        body, {path.replace("__", "."): value for path, value in figures.items()}
    )


def moved(draft):
    """way -> clients, as the dry run listed them."""
    found = {}
    for row in TrialRow.objects.filter(pack_id=draft.pk):
        found.setdefault(row.way, set()).add(row.client_id)
    return found


def tried(draft, by):
    ask_trial(None, by=by, pack_id=draft.pk)
    run_due()
    page = trial(draft.pk)
    assert page.job.state == "done", page.job.error
    return page, {line.words: (line.now, line.then) for line in page.lines}


@pytest.fixture
def signed(cast):
    """Anna and Omar answered alike and signed."""
    for client, by in ((cast.anna, cast.rita), (cast.omar, cast.otto)):
        save_answers(client, by=by, step="goals", answers=ANSWERS)
        sign_assessment(Assessment.objects.get(client=client), by=by)
    return cast


def test_other_bands_are_counted_before_they_come_into_force(page_of, signed):
    second = make_person("cleo", Role.COMPLIANCE)
    draft = drafted(signed.cora, "suitability", lambda body: body | {"band_from_score": [0, 95, 96, 97, 98]})
    with pytest.raises(Refused, match="dry run is missing"):
        activate_pack(None, by=second, pack_id=draft.pk, seen=rules.digest(draft.body))
    page, told = tried(draft, signed.cora)
    before = Assessment.objects.first().band
    assert before > 1
    assert page.judged == 2
    assert told["Assessments in another band"] == (0, 2)
    assert told["Band 1 Conservative"] == (0, 2)
    assert Assessment.objects.filter(band=before).count() == 2  # nothing is changed by looking
    html = page_of(second).get(reverse("compliance:trial", args=[draft.pk])).content.decode()
    assert "Band 1 Conservative" in html
    assert "Not simulated:" in html
    rows = {row.client_id: row for row in TrialRow.objects.filter(pack_id=draft.pk)}
    assert {row.way for row in rows.values()} == {"lower"}
    row = rows[signed.anna.pk]
    assert (row.now, row.then) == (str(questions.BANDS[before]), "1 Conservative")
    begins = pack("suitability", TODAY())["band_from_score"]
    assert row.why == [
        f"Band {band} begins at {93 + band} points, now at {begins[band - 1]}"
        for band in range(2, before + 1)
    ]
    activated(draft, second)
    for client, by in ((signed.anna, signed.rita), (signed.omar, signed.otto)):
        save_answers(client, by=by, step="goals", answers=ANSWERS)
        sign_assessment(Assessment.objects.get(client=client, state="draft"), by=by)
        band = Assessment.objects.get(client=client, state="signed").band
        assert str(questions.BANDS[band]) == rows[client.pk].then, "the same answers give what was shown"


def test_papers_of_running_openings_are_counted_and_are_what_happens_then(signed):
    opening = begin(signed)
    draft = drafted(
        signed.cora,
        "onboarding",
        lambda body: body | {"documents": body["documents"] | {"person": ["identity", "statutes"]}},
    )
    page, told = tried(draft, signed.cora)
    assert page.judged == 1
    assert told["Openings that need a further paper"] == (0, 1)
    assert told["Openings that need a paper less"] == (0, 1)
    assert told["Statutes"] == (0, 1)
    row = TrialRow.objects.get(pack_id=draft.pk)
    assert (row.client_id, row.way, row.then) == (opening.client_id, "other", "Papers: 2")
    assert "Also: Statutes" in row.why
    asked = RequiredDocument.objects.filter(onboarding=opening).count()
    assert row.now == f"Papers: {asked}"
    assert told["Papers asked for"] == (asked, 2)
    second = make_person("cleo", Role.COMPLIANCE)
    activated(draft, second)
    other = begin(signed, name="Leo Lind")
    assert set(RequiredDocument.objects.filter(onboarding=other).values_list("kind", flat=True)) == {
        "identity",
        "statutes",
    }


def test_other_owners_are_counted_and_are_what_the_files_show_then(signed):
    whole = signed.omar.parties.get(is_client=True)
    for place, share in enumerate((55, 15, 15, 15)):
        owner = Party.objects.create(client=signed.omar, kind="person", name=f"Owner {place}")
        Relationship.objects.create(client=signed.omar, party=owner, of=whole, kind="owner", share=share)
    assert len(ownership_of(signed.omar, TODAY()).owners) == 1
    draft = drafted(
        signed.cora, "ownership", lambda body: body | {"threshold": {"percent": "15", "or_more": True}}
    )
    page, told = tried(draft, signed.cora)
    assert page.judged == Client.objects.filter(kind="organisation").count()
    assert told == {
        "Beneficial owners": (1, 4),
        "Companies with a further beneficial owner": (0, 1),
        "Companies with a beneficial owner less": (0, 0),
        "Companies without an owner or a director in their place": (page.judged - 1,) * 2,
        "Companies behind which an owner could hide": (0, 0),
    }
    second = make_person("cleo", Role.COMPLIANCE)
    activated(draft, second)
    assert len(ownership_of(signed.omar, TODAY()).owners) == 4
    row = TrialRow.objects.get(pack_id=draft.pk)
    assert (row.client, row.way, row.now, row.then) == (
        signed.omar, "more", "Beneficial owners: 1", "Beneficial owners: 4",
    )  # fmt: skip
    assert row.why == ["Counts who holds 15 % or more, now who holds 25 % or more"]


def test_a_dry_run_that_is_older_than_the_figures_does_not_count(signed):
    draft = drafted(signed.cora, "hits", lambda body: body | {"batch_highest_score": 60})
    page, _told = tried(draft, signed.cora)
    assert page.fits
    ask_trial(None, by=signed.cora, pack_id=draft.pk)
    with pytest.raises(Refused, match="under way"):
        ask_trial(None, by=signed.cora, pack_id=draft.pk)
    change_draft(
        None, by=signed.cora, pack_id=draft.pk, body=draft.body | {"batch_highest_score": 50},
        valid_from=TODAY() + timedelta(days=1), reason="Once more",
    )  # fmt: skip
    run_due()
    assert Job.objects.latest("pk").result == {"stale": True}
    assert not trial(draft.pk).fits
    assert RulePack.objects.get(pk=draft.pk).tried != rules.digest(draft.body | {"batch_highest_score": 50})


def test_whoever_writes_no_such_pack_runs_it_not(page_of, signed):
    draft = drafted(signed.cora, "hits", lambda body: body | {"batch_highest_score": 60})
    url = reverse("compliance:trial", args=[draft.pk])
    pia = make_person("pia", Role.PRODUCT)
    assert page_of(pia).get(url).status_code == 200
    assert page_of(pia).post(url).status_code == 403
    assert page_of(signed.rita).get(url).status_code == 403
    with pytest.raises(NotPermitted):
        ask_trial(None, by=pia, pack_id=draft.pk)


def test_where_nothing_is_simulated_the_page_says_so(page_of, signed):
    for name, words in rules.PACKS.items():
        assert words.untried, name
        assert bool(words.dry_run) is ("no dry run" not in words.untried), name
    draft = drafted(signed.cora, "coverage", lambda body: body | {"hnw": [1, 2, 3, 4]})
    page = page_of(signed.cora).get(reverse("rulebook:version", args=[draft.pk])).content.decode()
    assert "There is no dry run." in page
    for name in ("compliance:trial", "compliance:trial_sheet"):
        assert page_of(signed.cora).get(reverse(name, args=[draft.pk])).status_code == 404
    assert pack("coverage", TODAY())["hnw"] != [1, 2, 3, 4]


# --- whom it moves, and that it does ---------------------------------------------------------------------


@pytest.fixture
def second(cast):
    return make_person("cleo", Role.COMPLIANCE)


def open_alerts(name):
    look_at_everything(TODAY())
    return set(
        Alert.objects.filter(rule=f"retention.{name}", closed_at__isnull=True).values_list(
            "client", flat=True
        )
    )


@pytest.fixture
def quiet(cast):
    """Clients whose last contact was so many days ago, of two books, and one who is no client any more."""
    days = {"Ten": 10, "Twenty": 20, "Forty": 40, "Hundred": 100, "Year": 400}
    made = {}
    for name, ago in days.items():
        book = cast.otto_book if name == "Forty" else cast.rita_book
        made[name] = make_client(f"Quiet {name}", book, last_contact_on=TODAY() - timedelta(days=ago))
    make_client(
        "Gone Gustav", cast.rita_book, state="closed", last_contact_on=TODAY() - timedelta(days=400),
        closed_on=TODAY(),
    )  # fmt: skip
    QuarterValue.objects.create(client=made["Ten"], on=compared_on(TODAY()), value=1000)
    Client.objects.filter(pk=made["Ten"].pk).update(value=700)
    Client.objects.filter(pk=made["Year"].pk).update(state="dormant")
    Account.objects.create(
        client=made["Hundred"], number="A-1", kind="current", currency="EUR", opened_on=date(2020, 1, 1),
        closed_on=TODAY() - timedelta(days=5),
    )  # fmt: skip
    model = ModelPortfolio.objects.get_or_create(band=3, defaults={"name": "Balanced"})[0]
    for name, months in (("Ten", 2), ("Forty", 8), ("Hundred", 20)):
        Mandate.objects.create(
            client=made[name], kind="advisory", model=model, since_on=date(2019, 1, 1),
            last_review_on=TODAY() - timedelta(days=30 * months),
        )  # fmt: skip
    return made


@pytest.mark.parametrize(
    ("name", "rule", "ways", "figures"),
    [
        ("contact", "contact_overdue", ("overdue", "in_time"), {"days__affluent": 15}),
        ("contact", "contact_overdue", ("overdue", "in_time"), {"days__affluent": 365}),
        ("contact", "at_risk", ("at_risk", "safe"), {"days__affluent": 45}),
        ("retention", "at_risk", ("at_risk", "safe"), {"at_risk": 1}),
        ("retention", "at_risk", ("at_risk", "safe"), {"points__money_left": 30}),
        ("retention", "at_risk", ("at_risk", "safe"), {"fall_percent": 40, "points__dormant": 30}),
        ("portfolio", "review_due", ("review", "no_review"), {"review_months__affluent": 1}),
        ("portfolio", "review_due", ("review", "no_review"), {"review_months__affluent": 60}),
    ],
    ids=str,
)  # fmt: skip
def test_what_the_dry_run_shows_is_what_happens(cast, quiet, second, name, rule, ways, figures):
    before = open_alerts(rule)
    draft = drafted(cast.cora, name, changed(**figures))
    page, told = tried(draft, cast.cora)
    assert open_alerts(rule) == before, "looking changes nothing"
    activated(draft, second)
    after = open_alerts(rule)
    assert before != after
    shown = moved(draft)
    assert [shown.get(way, set()) for way in ways] == [after - before, before - after]
    assert (len(before), len(after)) in told.values()
    assert page.judged == Client.objects.served().count()


def test_each_client_says_what_it_is_now_what_it_would_be_and_why(cast, quiet):
    draft = drafted(cast.cora, "contact", changed(days__affluent=15))
    every = pack("contact", TODAY())["days"]["affluent"]
    tried(draft, cast.cora)
    row = TrialRow.objects.get(pack_id=draft.pk, client=quiet["Twenty"])
    assert row.now == "Not overdue"
    assert row.then.startswith("No contact since ")
    assert row.then.endswith("agreed is one every 15 days.")
    assert row.why == [f"Days between contacts: 15, now {every}"]
    draft = drafted(cast.cora, "retention", changed(at_risk=10, points__account_closed=20))
    least = pack("retention", TODAY())["at_risk"]
    tried(draft, cast.cora)
    row = TrialRow.objects.get(pack_id=draft.pk, client=quiet["Hundred"])
    assert (row.way, row.now, row.then) == (
        "at_risk", "30 points: closed an account lately", "20 points: closed an account lately",
    )  # fmt: skip
    assert row.why == [
        "Closed an account lately: 20 points, now 30",
        f"At risk from 10 points on, now from {least}",
    ]
    draft = drafted(cast.cora, "portfolio", changed(review_months__affluent=1))
    months = pack("portfolio", TODAY())["review_months"]["affluent"]
    tried(draft, cast.cora)
    row = TrialRow.objects.get(pack_id=draft.pk, client=quiet["Ten"])
    assert row.then.startswith("Portfolio last reviewed on ")
    assert row.why == [f"A review every month, now every {months} months"]


@pytest.fixture
def waiting(cast):
    """A hit and an approval wait for two working days, another of each for a month."""
    after = working_days(pack("desk", TODAY())["calendar"]).after
    lately = next(ago for ago in range(1, 30) if after(TODAY() - timedelta(days=ago), 1) < TODAY())
    bring(KONY, SHIP, day="01/01/2024")
    for born_on, country in (("1990-01-01", "DE"), ("1964-09-18", "UG")):
        screen_client(make_lookalike(cast, "Joseph Kony", born_on, country), by=night_shift())
    low, high = ScreeningHit.objects.order_by("score")
    ScreeningHit.objects.filter(pk=low.pk).update(opened_at=timezone.now() - timedelta(days=lately))
    ScreeningHit.objects.filter(pk=high.pk).update(opened_at=timezone.now() - timedelta(days=40))
    for client, days in ((cast.anna, lately), (cast.omar, 30)):
        asked = Approval.objects.create(
            kind="onboarding", client=client, subject_id=client.pk, asked_by=cast.rita,
        )  # fmt: skip
        Approval.objects.filter(pk=asked.pk).update(asked_at=timezone.now() - timedelta(days=days))
    return low, high


@pytest.mark.parametrize(
    "figures",
    [{"hit_days": 1}, {"hit_days": 60}, {"approval_days": 1}, {"approval_days": 60}, {"calendar": "US"}],
    ids=str,
)
def test_what_turns_late_on_the_desk_is_what_was_shown(cast, waiting, second, figures):
    queues = {"hit_days": ("hits_first", "hits_second"), "approval_days": ("approvals",)}

    def late(figure):
        rows = [chosen(cast.cora, name, {"clock": "overdue"}, TODAY()) for name in queues[figure]]
        return {pk for each in rows for pk in each.values_list("client", flat=True)}

    before = {figure: late(figure) for figure in queues}
    draft = drafted(cast.cora, "desk", lambda body: body | figures)
    page, told = tried(draft, cast.cora)
    activated(draft, second)
    shown = moved(draft)
    for figure, was in before.items():
        turned = [shown.get(f"{figure}_late", set()), shown.get(f"{figure}_timely", set())]
        assert turned == [late(figure) - was, was - late(figure)]
        if figure in figures:
            assert any(turned)
    assert page.judged == 4
    assert told["Overrides that are late"] == (0, 0)


def test_more_hits_by_the_dozen_are_the_list_of_what_is_obvious(cast, waiting, second):
    low, _high = waiting
    before = pack("hits", TODAY()).body
    assert not ScreeningHit.objects.obvious(before | {"batch_birth_years": 99})
    activated_by = make_person("carl", Role.COMPLIANCE)
    strict = drafted(cast.cora, "hits", lambda body: body | {"batch_birth_years": 99})
    tried(strict, cast.cora)
    assert moved(strict) == {"fewer": {low.client_id}}
    activated(strict, activated_by)
    assert not ScreeningHit.objects.obvious(pack("hits", TODAY()).body)
    draft = drafted(cast.cora, "hits", lambda body: body | {"batch_birth_years": 5})
    _page, told = tried(draft, cast.cora)
    assert told == {"Undecided hits that may be decided by the dozen": (0, 1)}
    row = TrialRow.objects.get(pack_id=draft.pk)
    assert (row.way, row.now, row.then) == ("more", "By the dozen: 0", "By the dozen: 1")
    assert row.why == [f"Also: a hit of {low.score} points"]
    activated(draft, second)
    obvious = ScreeningHit.objects.obvious(pack("hits", TODAY()).body)
    assert set(obvious.values_list("client", flat=True)) == {row.client_id}


def test_a_band_that_allows_less_lists_who_holds_more(signed, second):
    product = make.product("F", risk_class=6)
    make.holding(make.account(signed.anna), product)
    band = Assessment.objects.get(client=signed.anna).band
    allowed = pack("suitability", TODAY())["max_risk_class"][str(band)]
    figures = {f"max_risk_class__{each}": 1 if each <= band else 7 for each in range(1, 6)}
    draft = drafted(signed.cora, "suitability", changed(**figures))
    _page, told = tried(draft, signed.cora)
    was = int(allowed < 6)
    assert told["Clients who hold what does not suit the band"] == (was, 1)
    assert moved(draft) == ({} if was else {"unsuitable": {signed.anna.pk}})


def test_who_would_be_warned_of_a_product_is_listed(signed):
    least = dict.fromkeys(pack("appropriateness", TODAY())["least"], "experienced")
    draft = drafted(signed.cora, "appropriateness", lambda body: body | {"least": least})
    tried(draft, signed.cora)
    rows = TrialRow.objects.filter(pack_id=draft.pk)
    assert {row.client_id for row in rows} == {signed.anna.pk, signed.omar.pk}
    assert all(row.way == "more" and all(why.startswith("Also: ") for why in row.why) for row in rows)


def test_the_same_answers_in_other_points_are_another_band(signed):
    figures = {"capacity__horizon__points__5_to_10": 0, "capacity__liquidity__points__tenth": 0}
    draft = drafted(signed.cora, "needs", changed(**figures))
    tried(draft, signed.cora)
    row = TrialRow.objects.get(pack_id=draft.pk, client=signed.anna)
    assert row.way == "lower"
    assert row.now > row.then
    (why,) = row.why
    assert why.startswith("Risk capacity: ")


@pytest.mark.parametrize(
    ("figures", "ways"),
    [
        ({"event_days": 5}, {"fewer": "anna"}),
        ({"event_days": 60}, {"more": "leo"}),
        ({"stage_days": 10}, {"stale": "anna"}),
        ({"stage_days": 365}, {"not_stale": "leo"}),
    ],
    ids=str,
)
def test_what_is_suggested_then_and_which_cards_are_stale_is_what_was_shown(cast, second, figures, ways):
    pipeline.stock_the_shelf()
    leo = make_client("Leo Lind", cast.rita_book)
    for client, ago, waits in ((cast.anna, 10, 20), (leo, 40, 200)):
        pipeline.allow_offers(client)
        pipeline.assess(client, cast.rita)
        pipeline.want(client)
        pipeline.have_event(client, days_ago=ago)
        pipeline.make_card(client, cast.rita, kind="card", days_ago=waits)

    def suggested():
        found = suggestions(cast.cora, TODAY())
        return {(one.client.pk, one.suggestion.product_kind, one.suggestion.reason) for one in found}

    def stale():
        look_at_everything(TODAY())
        found = Alert.objects.filter(rule="opportunities.stale", closed_at__isnull=True)
        return set(found.values_list("client", "subject_id"))

    def then():
        return suggested(), stale()

    first = {"event_days": 30, "stage_days": 100}
    activated_first = drafted(cast.cora, "opportunities", lambda body: body | first)
    tried(activated_first, cast.cora)
    activated(activated_first, make_person("carl", Role.COMPLIANCE))
    before = then()
    draft = drafted(cast.cora, "opportunities", lambda body: body | figures)
    page, told = tried(draft, cast.cora)
    clients = {"anna": cast.anna.pk, "leo": leo.pk}
    assert moved(draft) == {way: {clients[name]} for way, name in ways.items()}
    assert then() == before, "looking changes nothing"
    activated(draft, second)
    after = then()
    assert told["Suggestions"] == (len(before[0]), len(after[0]))
    assert told["Cards that are stale"] == (len(before[1]), len(after[1]))
    assert {each[0] for one, other in zip(before, after, strict=True) for each in one ^ other} == {
        pk for ids in moved(draft).values() for pk in ids
    }
    assert page.judged == 2


# --- who reads it ----------------------------------------------------------------------------------------


@pytest.fixture
def shown(cast, quiet):
    """A tried draft of "contact" by which clients of both become overdue."""
    draft = drafted(cast.cora, "contact", changed(days__affluent=15))
    tried(draft, cast.cora)
    return draft


def url_of(draft, name="trial"):
    return reverse(f"compliance:{name}", args=[draft.pk])


def test_the_page_shows_it_by_rm_and_by_client(page_of, cast, quiet, shown, django_assert_num_queries):
    browser, url = page_of(cast.cora), url_of(shown)
    browser.get(url)
    with django_assert_num_queries(13):
        answer = browser.get(url)
    found = answer.context["found"]
    rita, otto = cast.rita_book.pk, cast.otto_book.pk
    listed = moved(shown)
    of = {each.pk: each.book_id for each in Client.objects.all()}
    for line in found.books:
        for way, count in line.counts:
            assert count == sum(of[pk] == line.book_id for pk in listed[way.code])
    assert {line.book_id: line.owner for line in found.books}[rita] == "Rita Muster"
    assert {row.client_id for row in found.rows} == {pk for ids in listed.values() for pk in ids}
    assert "Quiet Twenty" in answer.content.decode()
    only = browser.get(f"{url}?book={otto}").context["found"]
    assert {row.client.book_id for row in only.rows} <= {otto}
    by_way = browser.get(f"{url}?way=overdue&book={rita}").context["found"]
    assert {row.client_id for row in by_way.rows} == {pk for pk in listed["overdue"] if of[pk] == rita}
    assert by_way.way_words == "Contact becomes overdue"
    assert len(browser.get(f"{url}?way=nonsense").context["found"].rows) == len(found.rows)
    event = AuditEvent.objects.filter(verb="list shown").latest("pk").payload
    assert event["list"] == "dry run"
    assert event["filters"] == ["way"]


def test_who_writes_the_pack_and_sees_no_client_reads_totals_alone(page_of, shown):
    pia = page_of(make_person("pia", Role.PRODUCT))
    answer = pia.get(url_of(shown))
    found, html = answer.context["found"], answer.content.decode()
    assert found.trial.lines
    assert (found.ways, found.books, found.rows) == ([], [], None)
    assert "a small number would tell of one" in html
    assert "Quiet" not in html
    assert "Rita" not in html
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(pia.get(url_of(shown, "trial_sheet")).content))
    assert sheet.sheet_names == ["In totals"]


def test_an_rm_and_a_lead_read_neither_page_nor_sheet_nor_the_rows_of_others(page_of, cast, shown):
    for person in (cast.rita, cast.theo, cast.ada):
        for name in ("trial", "trial_sheet"):
            assert page_of(person).get(url_of(shown, name)).status_code == 403
    of_otto = TrialRow.objects.visible_to(cast.otto)
    assert {row.client.book_id for row in of_otto} <= {cast.otto_book.pk}
    with transaction.atomic():  # and PostgreSQL says so by itself
        carry_person(cast.otto.pk)
        books = {row.client.book_id for row in TrialRow.objects.select_related("client")}
        assert books <= {cast.otto_book.pk}
        transaction.set_rollback(True)


def test_what_stands_behind_a_barrier_is_neither_listed_nor_counted(page_of, cast, quiet, second):
    raise_barrier([quiet["Twenty"]], [cast.rita, second])
    draft = drafted(cast.cora, "contact", changed(days__affluent=15))
    page, _told = tried(draft, cast.cora)
    assert quiet["Twenty"].pk not in moved(draft).get("overdue", set())
    assert page.judged == Client.objects.served().count() - 1
    for person in (cast.cora, second):
        answer = page_of(person).get(url_of(draft))
        assert "Quiet Twenty" not in answer.content.decode()
        assert "behind an information barrier is left out" in answer.content.decode()


def test_a_barrier_raised_after_the_run_hides_the_client(page_of, cast, quiet, shown):
    assert "Quiet Twenty" in page_of(cast.cora).get(url_of(shown)).content.decode()
    raise_barrier([quiet["Twenty"]], [cast.rita])
    assert "Quiet Twenty" not in page_of(cast.cora).get(url_of(shown)).content.decode()
    assert "Quiet Twenty" not in str(clients_of(page_of(cast.cora).get(url_of(shown, "trial_sheet"))))


def test_that_there_is_a_hit_only_who_may_know_of_it_reads(page_of, cast, waiting):
    draft = drafted(cast.cora, "desk", lambda body: body | {"hit_days": 1, "approval_days": 1})
    tried(draft, cast.cora)
    officer = page_of(cast.cora).get(url_of(draft)).context["found"]
    assert {way.code for way in officer.ways} == {"hit_days_late", "approval_days_late"}
    udo = page_of(make_person("udo", Role.AUDITOR))
    answer = udo.get(url_of(draft))
    auditor = answer.context["found"]
    assert {way.code for way in auditor.ways} == {"approval_days_late"}
    assert {row.client.name for row in auditor.rows} == {"Anna Keller"}
    assert [[count for _way, count in line.counts] for line in auditor.books] == [[1]]
    assert "Kony" not in answer.content.decode()
    assert "Kony" not in udo.get(f"{url_of(draft)}?way=hit_days_late").content.decode()
    assert "Kony" not in str(clients_of(udo.get(f"{url_of(draft, 'trial_sheet')}?way=hit_days_late")))


def clients_of(answer):
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    assert book.sheet_names == ["In totals", "By relationship manager", "By client"]
    return book.get_sheet_by_name("By client").to_python()


def test_the_spreadsheet_is_the_page_by_its_filter(page_of, cast, quiet, shown):
    Client.objects.filter(pk=quiet["Twenty"].pk).update(name="=HYPERLINK(1)")
    browser, query = page_of(cast.cora), f"way=overdue&book={cast.rita_book.pk}"
    page = browser.get(f"{url_of(shown)}?{query}")
    sheet = url_of(shown, "trial_sheet")
    assert f'href="{sheet}?{query.replace("&", "&amp;")}"' in page.content.decode()
    answer = browser.get(f"{sheet}?{query}")
    assert answer["Content-Disposition"].startswith("attachment")
    lines = clients_of(answer)
    at = next(place for place, line in enumerate(lines) if line[0] == "Client")
    told = [line for line in lines[at + 1 :] if line[1]]
    rows = list(page.context["found"].rows)
    assert [(line[0], line[2], line[3], line[4], line[5], line[6]) for line in told] == [
        (row.client.number, row.owner, row.way_words, row.now, row.then, "; ".join(row.why)) for row in rows
    ]
    assert not any(str(cell).startswith("=") for line in lines for cell in line)
    event = AuditEvent.objects.filter(verb="list shown").latest("pk").payload
    assert (event["list"], event["clients"]) == (
        "spreadsheet of a dry run",
        sorted(row.client_id for row in rows),
    )


def test_more_clients_than_one_person_takes_out_are_not_in_the_file(page_of, cast, shown, monkeypatch):
    figures = pack("access", TODAY())
    fewer = replace(figures, body=figures.body | {"export_clients": 1})
    monkeypatch.setattr("compliance.selectors.figures.pack", lambda name, on: fewer)
    told = str(clients_of(page_of(cast.cora).get(url_of(shown, "trial_sheet"))))
    assert "More than 1 clients fit" in told
    assert "Quiet" not in told


def test_a_sheet_of_what_was_never_tried_is_not_there(page_of, cast):
    draft = drafted(cast.cora, "contact", changed(days__affluent=15))
    assert page_of(cast.cora).get(url_of(draft, "trial_sheet")).status_code == 404
    assert "never tried" in page_of(cast.cora).get(url_of(draft)).content.decode()


def test_more_than_are_listed_are_counted_and_the_page_says_so(page_of, cast, quiet, monkeypatch):
    for room in ("rules", "selectors"):
        monkeypatch.setattr(f"compliance.{room}.trials.LISTED", 1)
    draft = drafted(cast.cora, "contact", changed(days__affluent=5))
    tried(draft, cast.cora)
    assert all(len(clients) == 1 for clients in moved(draft).values())
    answer = page_of(cast.cora).get(url_of(draft))
    found = answer.context["found"]
    overdue = next(way for way in found.ways if way.code == "overdue")
    assert overdue.clients > 1
    assert overdue.clients == sum(
        count for line in found.books for way, count in line.counts if way is overdue
    )
    assert "Counted are all; listed are the first" in answer.content.decode()


def test_a_run_from_before_they_told_of_clients_does_not_say_that_nobody_moves(page_of, cast, shown):
    job = Job.objects.get(key__startswith=f"trial {shown.pk} ")
    Job.objects.filter(pk=job.pk).update(
        result={key: value for key, value in job.result.items() if key not in ("ways", "books")}
    )
    html = page_of(cast.cora).get(url_of(shown)).content.decode()
    assert "This run told totals alone" in html
    assert "Nothing changes in any book" not in html


def test_the_next_run_of_a_draft_takes_the_rows_of_the_last(page_of, cast, quiet, shown):
    first = set(TrialRow.objects.values_list("pk", flat=True))
    assert first
    body = rules.with_values(shown.body, {"days.affluent": 19})
    change_draft(None, by=cast.cora, pack_id=shown.pk, body=body, valid_from=TODAY(), reason="Later thought")
    stale = page_of(cast.cora).get(url_of(shown)).content.decode()
    assert "The figures have changed since this dry run" in stale
    tried(shown, cast.cora)
    assert not first & set(TrialRow.objects.values_list("pk", flat=True))
    assert moved(shown)["overdue"] == {quiet["Twenty"].pk, quiet["Forty"].pk}
    with pytest.raises(IntegrityError), transaction.atomic():
        TrialRow.objects.create(pack_id=shown.pk, client=quiet["Twenty"], way="overdue")


def test_a_run_that_found_other_figures_shows_nothing_of_the_one_before(page_of, cast, quiet, shown):
    ask_trial(None, by=cast.cora, pack_id=shown.pk)
    assert page_of(cast.cora).get(url_of(shown)).context["found"].rows is None  # under way
    body = rules.with_values(shown.body, {"days.affluent": 19})
    change_draft(None, by=cast.cora, pack_id=shown.pk, body=body, valid_from=TODAY(), reason="Later thought")
    run_due()
    answer = page_of(cast.cora).get(url_of(shown))
    assert "The draft has changed since" in answer.content.decode()
    assert (answer.context["found"].rows, answer.context["found"].books) == (None, [])
    assert page_of(cast.cora).get(url_of(shown, "trial_sheet")).status_code == 404
