"""The audit of interactions: drawn so that anybody can draw it again, reviewed by who had no part in it."""

import io
import json
import re
from datetime import date, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from alerts.actions import look_at_everything
from alerts.models import Alert, Mail
from audit.models import AuditEvent
from clients.actions import correct_interaction, finish_task, log_interaction
from clients.models import Addendum, Client, Interaction, Task
from clients.rules.record import has_advice_gaps
from compliance.actions import (
    answer_query,
    attest,
    capture_use,
    close_sample,
    draw_sample,
    fail_sample,
    open_attestations,
    pass_sample,
    plan_sample,
    query_sample,
    reject_sample,
    remind_to_attest,
)
from compliance.models import Attestation, OffChannelUse, SampleItem, SamplePlan, SampleStep
from compliance.rules import sampling as rules
from compliance.selectors.sampling import POPULATION, judge_refusals, period_of, redrawn
from jobs.actions import run_due
from jobs.models import Job
from rulebook.calendars import working_days
from staff.models import BookMember, User
from staff.roles import Role
from tests.cast import make_client, make_person
from tests.clients.test_record import A_TALK
from tests.compliance.stage import contact
from ui.refusals import NotPermitted, NotVisible, Refused

FIRST, LAST = date(2026, 10, 1), date(2026, 10, 31)


@pytest.fixture
def bank(cast):
    """Twenty calls with Anna, one with a client of high risk, and one of each kind that is always drawn."""
    cast.calls = [contact(cast.anna, cast.rita) for _ in range(20)]
    cast.hans = make_client("Hans Hoch", cast.rita_book, risk="high")
    cast.with_hans = contact(cast.hans, cast.rita)
    cast.late = contact(cast.anna, cast.rita, late_reason="Ill")
    cast.off = contact(cast.anna, cast.rita, off_channel=True)
    cast.gaps = contact(cast.anna, cast.rita, advice_given=True)
    contact(cast.anna, cast.rita, on=date(2026, 9, 30))  # of the month before
    return cast


def drawn(by, first=FIRST, last=LAST):
    plan = plan_sample(None, by=by, first_on=first, last_on=last)
    run_due()
    plan.refresh_from_db()
    return plan


def item_of(interaction):
    return SampleItem.objects.get(interaction=interaction)


ALL = [
    "time", "channel", "purpose", "bank", "late", "jurisdiction", "products", "inducement", "follow_up",
    "recording", "place", "attendees", "order",
]  # fmt: skip


# --- the draw --------------------------------------------------------------------------------------------


def test_all_of_high_risk_and_of_the_named_kinds_are_drawn_and_a_share_of_the_rest(bank):
    plan = drawn(bank.cora)
    whys = {item.interaction_id: item.why for item in SampleItem.objects.filter(plan=plan)}
    assert whys[bank.with_hans.pk] == "risk"
    assert whys[bank.late.pk] == "late"
    assert whys[bank.off.pk] == "off_channel"
    assert whys[bank.gaps.pk] == "advice_gaps"
    assert sorted(whys.values()).count("random") == 1  # 5 percent of 20
    assert (plan.population, plan.always, plan.random, len(whys)) == (24, 4, 1, 5)
    assert AuditEvent.objects.filter(verb="sample drawn", by_login="cora").count() == 1


def test_the_same_seed_draws_the_same_again(bank):
    plan = drawn(bank.cora)
    expected = rules.drawn_of(plan.seed, [each.pk for each in bank.calls], 5)
    assert (
        list(SampleItem.objects.filter(plan=plan, why="random").values_list("interaction", flat=True))
        == expected
    )
    again = redrawn(plan)
    assert again.agrees
    assert {each["interaction"] for each in again.drawn} == set(
        SampleItem.objects.filter(plan=plan).values_list("interaction", flat=True)
    )


def test_it_still_does_when_the_client_is_rated_otherwise(bank):
    plan = drawn(bank.cora)
    Client.objects.filter(pk__in=[bank.hans.pk]).update(risk="low")
    Client.objects.filter(pk__in=[bank.anna.pk]).update(risk="high")
    assert redrawn(plan).agrees


@pytest.mark.parametrize("why", ["risk", "random", "late"])
def test_a_sample_that_was_taken_out_is_named(bank, why):
    plan = drawn(bank.cora)
    SampleItem.objects.filter(plan=plan, why=why).delete()
    found = redrawn(plan)
    assert not found.agrees
    if why != "random":
        assert any("digest" in sentence for sentence in found.differences)


def test_the_command_prints_the_draw_and_says_when_it_differs(bank):
    plan = drawn(bank.cora)
    told = io.StringIO()
    call_command("draw_sample", plan=plan.pk, json=True, stdout=told)
    read = json.loads(told.getvalue())
    assert (read["agrees"], read["population"], read["always"], read["random"]) == (True, 24, 4, 1)
    assert read["digest"] == plan.digest
    assert {each["why"] for each in read["drawn"]} == {"risk", "late", "off_channel", "advice_gaps", "random"}
    SampleItem.objects.filter(plan=plan, why="random").delete()
    told = io.StringIO()
    with pytest.raises(SystemExit):
        call_command("draw_sample", plan=plan.pk, stdout=told)
    assert "is drawn (not), and should be random" in told.getvalue()
    with pytest.raises(CommandError, match="no plan"):
        call_command("draw_sample", plan=999)


@given(st.text("0123456789abcdef", min_size=1, max_size=32), st.sets(st.integers(1, 10**12), max_size=40),
       st.integers(0, 100))  # fmt: skip
def test_a_draw_depends_on_seed_and_records_alone(seed, ids, percent):
    one = rules.drawn_of(seed, sorted(ids), percent)
    assert one == rules.drawn_of(seed, sorted(ids, reverse=True), percent)
    assert set(one) <= ids
    assert len(one) == rules.share_of(len(ids), percent)
    assert bool(one) == bool(ids and percent)


def test_the_database_orders_as_the_rule_does(db):
    ids = [1, 2, 10, 99, 12345678901]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM unnest(%s::bigint[]) id"
            " ORDER BY sha256(convert_to(%s || ':' || id::text, 'UTF8'))",
            [ids, "abc"],
        )
        assert [pk for (pk,) in cursor.fetchall()] == sorted(ids, key=lambda pk: rules.place_of("abc", pk))


@pytest.mark.parametrize("channel", ["call", "meeting", "email"])
@pytest.mark.parametrize(
    "empty", ["", "place", "attendees", "jurisdiction", "products", "inducement", "recording"]
)
@pytest.mark.parametrize(
    "counts", [{}, {"advice_given": False}, {"advice_given": False, "order_details": "10"}]
)
def test_the_population_judges_gaps_as_the_record_does(rita, anna, channel, empty, counts):
    told = A_TALK | {"recording": "R-1", "channel": channel} | counts | ({empty: ""} if empty else {})
    names = ("channel", "place", "attendees", "jurisdiction", "products", "advice_given", "order_details",
             "inducement", "recording", "follow_up", "summary")  # fmt: skip
    made = Interaction.objects.create(
        client=anna, by=rita, at=timezone.now(), purpose="advice", **{name: told[name] for name in names}
    )
    today = timezone.localdate()
    with connection.cursor() as cursor:
        cursor.execute(
            POPULATION,
            {"always_risk": [], "always_kinds": ["advice_gaps"], **period_of(today, today)},
        )
        found = {row[0]: row[-1] for row in cursor.fetchall()}
    expected = rules.why_always(
        {"risk": "low", "off_channel": False, "late": False, "gaps": has_advice_gaps(told)},
        {"always_risk": [], "always_kinds": ["advice_gaps"]},
    )
    assert found[made.pk] == expected


def test_a_plan_needs_a_period_that_is_over_locked_and_covered_by_no_other(bank):
    today = timezone.localdate()
    for first, last, sentence in (
        (LAST, FIRST, "ends before it begins"),
        (FIRST, today, "not over"),
        (date(2024, 1, 1), date(2025, 6, 1), "a year at most"),
    ):
        with pytest.raises(Refused, match=sentence):
            plan_sample(None, by=bank.cora, first_on=first, last_on=last)
    drawn(bank.cora)
    with pytest.raises(Refused, match="Another plan"):
        plan_sample(None, by=bank.cora, first_on=LAST, last_on=date(2026, 11, 2))
    yesterday = today - timedelta(days=1)
    contact(bank.anna, bank.rita, logged_at=timezone.now() - timedelta(hours=5), on=yesterday)
    contact(bank.anna, bank.rita, logged_at=timezone.make_aware(
        datetime.combine(yesterday, datetime.max.time())), on=yesterday)  # fmt: skip
    with pytest.raises(Refused, match="not locked yet"):
        plan_sample(None, by=bank.cora, first_on=yesterday, last_on=yesterday)


def test_the_database_too_lets_no_plan_cover_a_day_twice(bank):
    plan = drawn(bank.cora)
    with pytest.raises(IntegrityError), transaction.atomic():
        SamplePlan.objects.create(first_on=LAST, last_on=LAST, seed="x", pack_version=1, figures=plan.figures)


def test_a_job_that_runs_twice_draws_once(bank):
    plan = drawn(bank.cora)
    draw_sample(None, by=bank.cora, plan_id=plan.pk)
    assert SampleItem.objects.filter(plan=plan).count() == 5


def test_a_draw_that_died_is_asked_for_again_and_blocks_no_day(bank, page_of):
    window, days = page_of(bank.cora), {"first_on": FIRST.isoformat(), "last_on": LAST.isoformat()}
    plan = plan_sample(None, by=bank.cora, first_on=FIRST, last_on=LAST)
    address = reverse("compliance:sample_plan", args=[plan.pk])
    assert "Draw it again" not in window.get(address).content.decode()
    Job.objects.filter(pk=plan.job_id).update(state="dead")
    page = window.get(address).content.decode()
    assert "Could not be drawn." in page
    assert "Draw it again" in page
    answer = window.post(reverse("compliance:sample_plans"), days)
    assert (answer.status_code, answer.headers["Location"]) == (303, address)
    run_due()
    again = SamplePlan.objects.get()
    assert (again.pk, again.seed, again.drawn) == (plan.pk, plan.seed, 5)
    with pytest.raises(Refused):  # what was drawn is drawn
        plan_sample(None, by=bank.cora, first_on=FIRST, last_on=LAST)


def test_nobody_but_an_officer_draws_or_reviews(bank):
    plan = drawn(bank.cora)
    item = item_of(bank.with_hans)
    udo = make_person("udo", Role.AUDITOR)
    for person in (bank.rita, bank.theo, udo):
        with pytest.raises(NotPermitted):
            plan_sample(None, by=person, first_on=FIRST, last_on=FIRST)
        with pytest.raises(NotPermitted):
            pass_sample(item, by=person, met=ALL)
    with pytest.raises(NotVisible):
        pass_sample(item, by=bank.otto, met=ALL)
    assert plan.drawn == 5


# --- the review ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("own", "attended", "above", "refused"),
    [
        (False, False, False, ""),
        (True, False, False, "logged it yourself"),
        (False, True, False, "attended"),
        (False, False, True, "works in your team or below"),
    ],
)
def test_nobody_judges_the_own_work_or_that_of_the_own_people(own, attended, above, refused):
    sentences = rules.refusals_to_judge(own=own, attended=attended, reviewer_above=above)
    assert bool(sentences) == bool(refused)
    assert refused in " ".join(sentences)


def test_the_page_and_the_verb_refuse_by_the_same_sentence(bank, page_of):
    drawn(bank.cora)
    item = item_of(bank.with_hans)
    nina = make_person("nina", Role.COMPLIANCE, bank.theo.team.parent)  # above the author's team
    assert judge_refusals(nina, item) == [
        "The author works in your team or below it: a colleague reviews it."
    ]
    for verb in (pass_sample, query_sample, fail_sample):
        with pytest.raises(Refused, match="in your team or below"):
            verb(item, by=nina, met=ALL, note="Why?")
    page = page_of(nina).get(reverse("compliance:sample", args=[item.pk])).content.decode()
    assert "The author works in your team or below it" in page
    assert 'value="pass"' not in page


def test_who_was_an_rm_and_is_an_officer_now_reviews_nothing_of_her_own(bank):
    drawn(bank.cora)
    User.objects.filter(pk=bank.rita.pk).update(role=Role.COMPLIANCE, team=None)
    with pytest.raises(Refused, match="logged it yourself"):
        pass_sample(item_of(bank.with_hans), by=User.objects.get(pk=bank.rita.pk), met=ALL)


def test_nor_does_the_database_take_it(bank):
    drawn(bank.cora)
    with pytest.raises(IntegrityError, match="nobody_reviews_what_they_logged"), transaction.atomic():
        SampleItem.objects.filter(interaction=bank.with_hans).update(reviewed_by=bank.rita)


def test_cora_passes_a_record_whose_lines_she_finds_met(bank):
    drawn(bank.cora)
    item = item_of(bank.with_hans)
    with pytest.raises(Refused, match="marked as not met: Purpose"):
        pass_sample(item, by=bank.cora, met=["time", "channel", "bank"])
    pass_sample(item, by=bank.cora, met=ALL, note="Fine")
    item.refresh_from_db()
    assert (item.state, item.reviewed_by) == ("passed", bank.cora)
    step = SampleStep.objects.get(item=item)
    assert step.pack_version == 1
    assert [line["code"] for line in step.lines] == ["time", "channel", "purpose", "bank"]
    with pytest.raises(Refused, match="passed already"):
        fail_sample(item, by=bank.cora, met=ALL, note="No")


def test_a_question_goes_to_rita_and_comes_back_as_an_addendum(bank):
    drawn(bank.cora)
    item = item_of(bank.gaps)
    with pytest.raises(Refused, match="Say what you ask"):
        query_sample(item, by=bank.cora, met=ALL, note=" ")
    query_sample(item, by=bank.cora, met=ALL, note="Which product?")
    item.refresh_from_db()
    assert (item.state, item.asked_of) == ("queried", bank.rita)
    assert item.due_on == working_days("CH").after(timezone.localdate(), 5)
    with pytest.raises(Refused, match="question is open"):
        pass_sample(item, by=bank.cora, met=ALL)
    look_at_everything(timezone.localdate())
    alert = Alert.objects.get(rule="compliance.sample_queried")
    assert (alert.subject_id, alert.client) == (item.pk, bank.anna)
    with pytest.raises(Refused, match="went to a colleague"):
        answer_query(item, by=bank.theo, text="A fund")
    answer_query(item, by=bank.rita, text="The Global Bond fund.")
    item.refresh_from_db()
    assert item.state == "answered"
    assert Addendum.objects.get(interaction=bank.gaps).text == "The Global Bond fund."
    look_at_everything(timezone.localdate())
    alert.refresh_from_db()
    assert alert.closed_at is not None
    pass_sample(item, by=bank.cora, met=ALL)
    with pytest.raises(Refused, match="No question is open"):
        answer_query(item, by=bank.rita, text="Again")


def test_when_the_author_no_longer_serves_the_client_the_owner_of_the_book_is_asked(bank):
    drawn(bank.cora)
    now = timezone.now()
    BookMember.objects.filter(book=bank.rita_book, user=bank.rita).update(
        during=(now - timedelta(days=9), now)
    )
    BookMember.objects.create(book=bank.rita_book, user=bank.otto, role="owner", during=(now, None))
    item = query_sample(item_of(bank.gaps), by=bank.cora, met=ALL, note="Which product?")
    assert item.asked_of == bank.otto
    answer_query(item, by=bank.otto, text="I asked Rita: a fund.")
    assert Addendum.objects.get().by == bank.otto


def test_nobody_to_ask_is_said(bank):
    drawn(bank.cora)
    User.objects.filter(pk=bank.rita.pk).update(is_active=False)
    with pytest.raises(Refused, match="Nobody serves this client"):
        query_sample(item_of(bank.gaps), by=bank.cora, met=ALL, note="Which product?")


def test_what_fails_is_mended_and_an_officer_checks_it(bank):
    drawn(bank.cora)
    item = fail_sample(item_of(bank.gaps), by=bank.cora, met=ALL, note="Get the recording.")
    assert item.state == "failed"
    assert (item.task.assigned_to, item.task.due_on) == (
        bank.rita,
        working_days("CH").after(timezone.localdate(), 10),
    )
    assert "Get the recording." in item.task.title
    with pytest.raises(Refused, match="not done yet"):
        close_sample(item, by=bank.cora)
    finish_task(item.task, by=bank.rita)
    with pytest.raises(Refused, match="still missing"):
        reject_sample(item, by=bank.cora, note="")
    reject_sample(item, by=bank.cora, note="It is another recording.")
    task = Task.objects.get(pk=item.task_id)
    assert task.done_at is None
    assert "another recording" in task.title
    finish_task(task, by=bank.rita)
    close_sample(item, by=bank.cora)
    item.refresh_from_db()
    assert item.state == "remediated"
    assert [step.said for step in SampleStep.objects.filter(item=item).order_by("pk")] == [
        "failed", "rejected", "remediated",
    ]  # fmt: skip


def test_a_step_stays_as_it_was_said(bank):
    drawn(bank.cora)
    pass_sample(item_of(bank.with_hans), by=bank.cora, met=ALL)
    with pytest.raises(DatabaseError, match="neither changed nor removed"), transaction.atomic():
        SampleStep.objects.update(note="Otherwise")


# --- the pages -------------------------------------------------------------------------------------------


def test_the_plan_says_what_was_drawn_why_and_how(bank, page_of):
    plan = drawn(bank.cora)
    browser = page_of(bank.cora)
    page = browser.get(reverse("compliance:sample_plan", args=[plan.pk])).content.decode()
    for words in (
        plan.seed,
        plan.digest,
        f"draw_sample --plan {plan.pk} --json",
        "SHA-256",
        "0 of 5",
        "Review the next",
    ):
        assert words in page
    for code, _label in SampleItem.Why.choices:
        listed = browser.get(reverse("compliance:samples"), {"plan": plan.pk, "why": code})
        assert listed.context["page"].count == 1


def test_a_decision_in_the_browser_goes_on_to_the_next(bank, page_of):
    drawn(bank.cora)
    item = item_of(bank.with_hans)
    browser = page_of(bank.cora)
    url = reverse("compliance:sample_decision", args=[item.pk])
    answer = browser.post(url, {"decision": "pass", "met": ["time", "channel", "purpose", "bank"]})
    assert answer.status_code == 303
    assert answer["Location"] != reverse("compliance:sample", args=[item.pk])
    assert item_of(bank.with_hans).state == "passed"
    late = item_of(bank.late)
    kept = browser.post(
        reverse("compliance:sample_decision", args=[late.pk]),
        {"decision": "fail", "note": "Why so late?", "until_on": "2020-01-01"},
    )
    assert kept.status_code == 422
    assert "Why so late?" in kept.content.decode()


def test_what_a_decision_lacks_stands_on_its_page_with_what_was_ticked_and_typed(bank, page_of):
    drawn(bank.cora)
    item, browser = item_of(bank.with_hans), page_of(bank.cora)
    url = reverse("compliance:sample_decision", args=[item.pk])
    sent = {"decision": "pass", "met": ["time", "channel"], "note": "Two are not there."}
    answer = browser.post(url, sent)
    assert (answer.status_code, [*answer.context["form"].errors]) == (422, ["met"])
    page = answer.content.decode()
    assert "You marked as not met:" in page
    assert "Two are not there." in page
    assert set(re.findall(r'name="met" value="(\w+)"[^>]* checked>', page)) == {"time", "channel"}
    for decision in ("query", "fail"):
        answer = browser.post(url, sent | {"decision": decision, "note": " "})
        assert (answer.status_code, [*answer.context["form"].errors]) == (422, ["note"])
    assert item_of(bank.with_hans).state == "drawn"
    fail_sample(item, by=bank.cora, met=ALL, note="The purpose is missing.")
    Task.objects.update(done_at=timezone.now())
    url = reverse("compliance:sample_closure", args=[item.pk])
    answer = browser.post(url, {"mended": "no", "note": ""})
    assert (answer.status_code, [*answer.context["close_form"].errors]) == (422, ["note"])
    assert browser.post(url, {"mended": "no", "note": "Still no purpose."}).status_code == 303
    assert browser.post(url, {"mended": "no", "note": ""}).status_code == 409, "the task is open again"


def test_rita_sees_what_is_asked_of_her_and_answers_on_the_page(bank, page_of):
    drawn(bank.cora)
    url = reverse("compliance:sample_answer", args=[item_of(bank.gaps).pk])
    assert page_of(bank.rita).get(url).status_code == 404  # that it was drawn is no business of hers
    query_sample(item_of(bank.gaps), by=bank.cora, met=ALL, note="Which product?")
    browser = page_of(bank.rita)
    assert "Which product?" in browser.get(reverse("compliance:mine")).content.decode()
    assert "Which product?" in browser.get(url).content.decode()
    assert browser.post(url, {"text": "A fund"})["Location"] == reverse("compliance:mine")
    assert page_of(bank.otto).get(url).status_code == 404
    assert page_of(bank.theo).get(url).status_code == 404  # he sees the client, and was not asked


@pytest.mark.parametrize(
    ("state", "queue"),
    [
        ("drawn", "samples"),
        ("queried", "sample_queries"),
        ("answered", "sample_answers"),
        ("failed", "sample_remedies"),
    ],
)
def test_each_queue_of_the_desk_opens_as_many_as_it_counts(bank, page_of, state, queue):
    drawn(bank.cora)
    SampleItem.objects.filter(interaction__in=[bank.late, bank.off]).update(
        state=state, due_on=timezone.localdate() - timedelta(days=2),
        **({"reviewed_by": bank.cora, "decided_at": timezone.now()} if state == "failed" else {}),
    )  # fmt: skip
    browser = page_of(bank.cora)
    row = browser.get(reverse("compliance")).context["console"].row(queue)
    for cell in row.cells:
        assert browser.get(cell.url).context["page"].count == cell.figure.count
    assert row.cells[0].figure.count == 2


def test_the_statistics_open_their_lists_and_a_leader_sees_the_own_team_only(bank, page_of):
    contact(bank.omar, bank.otto, late_reason="Ill")
    drawn(bank.cora)
    pass_sample(item_of(bank.with_hans), by=bank.cora, met=ALL)
    fail_sample(item_of(bank.late), by=bank.cora, met=ALL, note="Ill?")
    browser, opened = page_of(bank.cora), 0
    report = browser.get(reverse("compliance:report_interactions")).context["report"]
    for table in report.tables[1:]:
        for row in table.rows:
            for cell in row:
                if cell.url:
                    assert browser.get(cell.url).context["page"].count == cell.value
                    opened += 1
    assert opened >= 9
    authors = next(table for table in report.tables if table.title == "By author")
    assert [row[0].value for row in authors.rows] == ["Otto Muster", "Rita Muster"]
    assert authors.rows[1][5].value == 50
    answer = page_of(bank.theo).get(reverse("compliance:report_interactions"))
    theirs = next(table for table in answer.context["report"].tables if table.title == "By author")
    assert [row[0].value for row in theirs.rows] == ["Rita Muster"]
    assert not any(cell.url for row in theirs.rows for cell in row)
    assert "Hans Hoch" not in answer.content.decode()
    for form in ("_sheet", "_paper"):
        assert browser.get(reverse(f"compliance:report_interactions{form}")).status_code == 200


def test_pages_cost_the_same_however_much_was_drawn(bank, page_of):
    plan = drawn(bank.cora)
    browser = page_of(bank.cora)
    urls = {
        "plans": reverse("compliance:sample_plans"),
        "plan": reverse("compliance:sample_plan", args=[plan.pk]),
        "samples": reverse("compliance:samples"),
        "sample": reverse("compliance:sample", args=[item_of(bank.with_hans).pk]),
        "attestations": reverse("compliance:attestations"),
        "report": reverse("compliance:report_interactions"),
    }
    costs = {}
    for name, url in urls.items():
        browser.get(url)
        with CaptureQueriesContext(connection) as asked:
            browser.get(url)
        costs[name] = len(asked)
    assert costs == {"plans": 10, "plan": 12, "samples": 9, "sample": 15, "attestations": 8, "report": 13}


# --- attestation of channels -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("today", "months", "period"),
    [
        (date(2026, 11, 29), 3, (date(2026, 7, 1), date(2026, 9, 30))),
        (date(2026, 1, 1), 3, (date(2025, 10, 1), date(2025, 12, 31))),
        (date(2026, 3, 1), 1, (date(2026, 2, 1), date(2026, 2, 28))),
        (date(2026, 6, 30), 6, (date(2025, 7, 1), date(2025, 12, 31))),
        (date(2026, 12, 31), 5, (date(2026, 6, 1), date(2026, 10, 31))),
    ],
)
def test_the_period_to_attest_is_the_last_whole_one(today, months, period):
    assert rules.period_before(today, months) == period


@pytest.fixture
def due(cast):
    open_attestations(timezone.localdate())
    return Attestation.objects.get(person=cast.rita)


def test_who_serves_clients_is_asked_once_a_period(cast, due):
    assert {each.person.login for each in Attestation.objects.select_related("person")} == {
        "rita",
        "theo",
        "otto",
    }
    assert open_attestations(timezone.localdate()) == 0
    assert due.due_on == working_days("CH").after(due.last_on, 10)


def test_rita_attests_that_she_used_none(cast, due):
    attest(None, by=cast.rita, attestation_id=due.pk, uses=[])
    due.refresh_from_db()
    assert due.used is False
    with pytest.raises(Refused, match="already"):
        attest(None, by=cast.rita, attestation_id=due.pk, uses=[])
    with pytest.raises(NotVisible):
        attest(None, by=cast.otto, attestation_id=due.pk, uses=[])
    with pytest.raises(NotPermitted):
        attest(None, by=cast.cora, attestation_id=due.pk, uses=[])


def test_a_declared_use_becomes_an_interaction(cast, due, page_of):
    browser, url = page_of(cast.rita), reverse("compliance:attestation")
    day = due.first_on + timedelta(days=3)
    wrong = {"used": "yes", "number1": cast.omar.number, "on1": day.isoformat(), "what1": "A messenger"}
    answer = browser.post(url, wrong)
    assert answer.context["form"].errors["number1"] == ["You serve no client with this number."]
    assert "used" in browser.post(url, {"used": "yes"}).context["form"].errors
    right = wrong | {"number1": cast.anna.number}
    assert "used" in browser.post(url, right | {"used": "no"}).context["form"].errors
    assert browser.post(url, right).status_code == 303
    use = OffChannelUse.objects.get()
    assert (use.client, use.on, use.task.assigned_to) == (cast.anna, day, cast.rita)
    with pytest.raises(Refused, match="Who used the channel"):
        capture_use(use, by=cast.theo, at=timezone.now(), channel="message", purpose="service", summary="x")
    sent = {"channel": "message", "purpose": "service", "summary": "Sent a photo of her card",
            "at": f"{day}T10:00", "late_reason": "Declared in an attestation."}  # fmt: skip
    assert browser.post(reverse("compliance:use_capture", args=[use.pk]), sent).status_code == 303
    use.refresh_from_db()
    assert use.interaction.off_channel
    assert Task.objects.get(pk=use.task_id).done_at is not None
    with pytest.raises(Refused, match="stays marked"):
        correct_interaction(use.interaction, by=cast.rita, off_channel=False)
    correct_interaction(use.interaction, by=cast.rita, at=timezone.now(), late_reason="")
    use.interaction.refresh_from_db()
    assert use.interaction.late_reason == "Declared in an attestation."
    today = timezone.localdate()
    Interaction.objects.filter(pk=use.interaction_id).update(off_channel=False, late_reason="")
    with connection.cursor() as cursor:  # and whatever the record says, what was declared is drawn
        figures = {"always_risk": [], "always_kinds": ["off_channel"], **period_of(today, today)}
        cursor.execute(POPULATION, figures)
        assert {row[0]: row[-1] for row in cursor.fetchall()}[use.interaction_id] == "off_channel"
    with pytest.raises(Refused, match="logged already"):
        capture_use(use, by=cast.rita, at=timezone.now(), channel="message", purpose="service", summary="x")


def test_who_is_missing_is_seen_and_reminded_once_a_day(cast, due, page_of):
    browser = page_of(cast.cora)
    listed = browser.get(reverse("compliance:attestations"))
    assert listed.context["page"].count == 3
    remind_to_attest(None, by=cast.cora, attestation_id=due.pk)
    assert Mail.objects.get().to == cast.rita
    assert "Keller" not in Mail.objects.get().body
    with pytest.raises(Refused, match="went out today"):
        remind_to_attest(None, by=cast.cora, attestation_id=due.pk)
    with pytest.raises(NotPermitted):
        remind_to_attest(None, by=cast.theo, attestation_id=due.pk)
    assert "Your attestation of channels is due" in page_of(cast.rita).get(reverse("my_day")).content.decode()
    row = browser.get(reverse("compliance")).context["console"].row("attestations")
    for cell in row.cells:
        assert browser.get(cell.url).context["page"].count == cell.figure.count


def test_an_open_record_of_an_officer_is_no_way_around(cast):
    """log_interaction stays with who serves clients: an officer writes nothing into what is reviewed."""
    with pytest.raises(NotPermitted):
        log_interaction(
            cast.anna, by=cast.cora, channel="call", purpose="service", at=timezone.now(), summary="x"
        )
