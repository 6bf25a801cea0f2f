"""Mira works a case: takes it up, decides, reports, hears and answers the FIU. Nobody else can."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from audit.models import AuditEvent
from suspicion import actions
from suspicion.models import Case, Event, FiuRequest
from tests.suspicion.stage import as_, hand_over, mira, the_case
from ui.refusals import NotVisible, Refused

MONDAY = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)


@pytest.fixture
def monday():
    with time_machine.travel(MONDAY, tick=False) as clock:
        yield clock


@pytest.fixture
def mlro(cast):
    return mira()


@pytest.fixture
def case(monday, cast, mlro, page_of):
    hand_over(page_of(cast.rita), cast.anna)
    return the_case(mlro)


def press(window, name, case, **data):
    return window.post(reverse(f"suspicion:{name}", args=[case.pk]), data)


def test_from_the_first_look_to_the_answer_of_the_fiu(cast, mlro, case, page_of):
    told = set(AuditEvent.objects.values_list("pk"))
    window = page_of(mlro)
    desk = window.get(reverse("suspicion:desk")).content.decode()
    assert "Anna Keller" in desk
    assert case.due_on == date(2027, 3, 2)  # to be taken up within a working day
    press(window, "assessment", case)
    assert the_case(mlro).due_on == date(2027, 3, 15)  # decided within ten
    press(window, "note_new", case, text="He owns no shop")
    press(window, "decision", case, decision="report", reason="Cash without a source")
    press(window, "draft", case, grounds="Every Friday 9,900 in cash", wanted="A transfer to abroad")
    assert press(window, "filing", case, reference="FIU-7", filed_on="2027-03-01").status_code == 303
    done = the_case(mlro)
    assert (done.state, done.due_on) == ("reported", date(2027, 3, 4))  # three working days of silence
    press(window, "fiu_answer", case, answer="consent", answered_on="2027-03-01")
    press(window, "decision", case, decision="close", reason="The FIU has it")
    assert the_case(mlro).state == "closed"
    record = [(entry.kind, entry.value) for entry in done.entries.order_by("pk")]
    assert record == [
        ("taken", ""), ("note", ""), ("decision", "report"), ("filed", "FIU-7"), ("heard", "consent"),
        ("decision", "close"),
    ]  # fmt: skip
    page = window.get(reverse("suspicion:case", args=[case.pk])).content.decode()
    assert "He owns no shop" in page
    paper = window.get(reverse("suspicion:paper", args=[case.pk]))
    assert paper.content.startswith(b"%PDF")
    assert set(AuditEvent.objects.values_list("pk")) == told


def test_to_look_further_gives_no_more_time(mlro, case, page_of, monday):
    actions.take_up(case.pk, by=mlro)
    for day in (date(2027, 3, 9), date(2027, 3, 16)):
        monday.move_to(datetime(day.year, day.month, day.day, 9, tzinfo=UTC))
        actions.decide(case.pk, by=mlro, decision="more", reason="The shop is being asked")
        looked = the_case(mlro)
        assert (looked.state, looked.due_on) == ("assessing", date(2027, 3, 15))
    page = page_of(mlro).get(reverse("suspicion:case", args=[case.pk]))
    assert page.context["found"].clock.tone == "late"
    as_(mlro)
    for decision in ("no_report", "reopen", "more"):
        actions.decide(case.pk, by=mlro, decision=decision, reason="Because")
    assert the_case(mlro).due_on == date(2027, 4, 1)  # ten days from when it was opened again, over Easter


def test_what_may_not_be_is_refused_with_its_reasons(mlro, case):
    with pytest.raises(Refused, match="Take the case up first"):
        actions.decide(case.pk, by=mlro, decision="report", reason="Because")
    actions.take_up(case.pk, by=mlro)
    with pytest.raises(Refused, match="taken up already"):
        actions.take_up(case.pk, by=mlro)
    with pytest.raises(Refused, match="Write down the reasons"):
        actions.decide(case.pk, by=mlro, decision="no_report", reason=" ")
    with pytest.raises(Refused, match="cannot be decided"):
        actions.decide(case.pk, by=mlro, decision="close", reason="Because")
    actions.decide(case.pk, by=mlro, decision="report", reason="Because")
    with pytest.raises(Refused, match="Write the report first"):
        actions.file_report(case.pk, by=mlro, reference="F", filed_on=timezone.localdate())
    with pytest.raises(Refused, match="Only to a filed report"):
        actions.hear_fiu(case.pk, by=mlro, answer="consent", answered_on=timezone.localdate())


def test_a_case_is_not_closed_while_the_fiu_waits(mlro, case):
    actions.take_up(case.pk, by=mlro)
    asked = actions.receive_request(
        None, by=mlro, case=the_case(mlro), reference="F1", about="Anna", asked="Statements",
        received_on=date(2027, 3, 1), urgent=False,
    )  # fmt: skip
    assert asked.due_on == date(2027, 3, 8)  # five working days
    with pytest.raises(Refused, match="waits for an answer"):
        actions.decide(case.pk, by=mlro, decision="no_report", reason="A wedding")
    actions.answer_request(asked.pk, by=mlro, answer="Sent by courier")
    with pytest.raises(Refused, match="answered already"):
        actions.answer_request(asked.pk, by=mlro, answer="Once more")
    actions.decide(case.pk, by=mlro, decision="no_report", reason="A wedding")
    assert the_case(mlro).state == "closed"


def test_a_report_given_up_and_begun_again_has_one_draft(mlro, case):
    actions.take_up(case.pk, by=mlro)
    for decision in ("report", "no_report", "reopen", "report"):
        actions.decide(case.pk, by=mlro, decision=decision, reason="Because")
    assert the_case(mlro).filings.count() == 1


def test_legal_hold_and_access_requests_are_decided_with_reasons(mlro, case):
    with pytest.raises(Refused):
        actions.set_hold(case.pk, by=mlro, hold=False, reason="")
    actions.set_hold(case.pk, by=mlro, hold=False, reason="Five years are over")
    actions.decide_access(case.pk, by=mlro, access="withhold", reason="It would tip off")
    done = the_case(mlro)
    assert (done.legal_hold, done.access) == (False, "withhold")


@pytest.mark.parametrize("who", ["rita", "theo", "cora", "otto", "ada"])
def test_for_everyone_else_there_is_no_case(cast, case, who, page_of):
    person = getattr(cast, who)
    as_(person)
    with pytest.raises(NotVisible):
        actions.take_up(case.pk, by=person)
    for pk in (case.pk, 999_999):
        assert page_of(person).get(reverse("suspicion:case", args=[pk])).status_code == 404


def test_who_is_mlro_no_longer_sees_no_case(mlro, case, page_of):
    window = page_of(mlro)
    mlro.role = "compliance"
    mlro.save()
    assert (
        window.get(reverse("suspicion:case", args=[case.pk])).status_code == 302
    )  # another role logs in anew
    assert page_of(mlro).get(reverse("suspicion:case", args=[case.pk])).status_code == 404
    as_(mlro)
    assert not Case.objects.exists()


def test_the_client_is_found_by_number_where_the_reporter_could_not_say(cast, mlro, monday, page_of):
    hand_over(page_of(cast.ada))
    case, window = the_case(mlro), page_of(mlro)
    press(window, "assessment", case)
    assert press(window, "client_found", case, number="C-9999999").status_code == 422
    assert press(window, "client_found", case, number=cast.anna.number).status_code == 303
    found = the_case(mlro)
    assert (found.client_id, found.reported_client_id) == (cast.anna.pk, None)
    assert "Anna Keller" in window.get(reverse("suspicion:case", args=[case.pk])).content.decode()


def test_a_form_sent_twice_is_done_once_and_remembered_in_the_compartment(mlro, case, page_of):
    window = page_of(mlro)
    press(window, "assessment", case, form_key="a")
    for _twice in range(2):
        assert press(window, "note_new", case, text="Once", form_key="b").status_code == 303
    as_(mlro)
    assert case.entries.filter(text="Once").count() == 1


def test_the_bell_counts_for_mira_alone(cast, mlro, case, page_of):
    def nav(person):
        return page_of(person).get("/clients/").content.decode().split("<nav")[1].split("</nav>")[0]

    assert '<span class="count">1</span>' in nav(mlro)
    assert "Suspicions" not in nav(cast.cora)


def test_the_desk_and_the_case_cost_what_they_say(mlro, case, page_of, django_assert_num_queries):
    window = page_of(mlro)
    for name, about, queries in (("desk", [], 14), ("case", [case.pk], 24), ("journal", [], 11)):
        url = reverse(f"suspicion:{name}", args=about)
        window.get(url)
        with django_assert_num_queries(queries):
            window.get(url)


def test_the_journal_says_who_saw_and_did_what(mlro, case, page_of):
    window = page_of(mlro)
    window.get(reverse("suspicion:case", args=[case.pk]))
    press(window, "assessment", case)
    page = window.get(reverse("suspicion:journal")).content.decode()
    for verb in ("suspicion handed over", "case opened", "case taken up"):
        assert verb in page
    assert f'data-label="Who">{mlro.name}<' in page
    as_(mlro)
    assert all(len(bytes(event.row_hash)) == 32 for event in Event.objects.all())


def test_a_question_about_nobody_known_has_its_clock_too(mlro, monday, page_of):
    window = page_of(mlro)
    sent = {
        "reference": "F2",
        "received_on": "2027-03-01",
        "urgent": "on",
        "about": "M. X",
        "asked": "Any?",
    }
    slipped = window.post(reverse("suspicion:request_new"), sent | {"received_on": "0027-03-01"})
    assert slipped.status_code == 422
    made = window.post(reverse("suspicion:request_new"), sent)
    assert made.status_code == 303
    as_(mlro)
    asked = FiuRequest.objects.get()
    assert asked.due_on == date(2027, 3, 2)
    page = window.get(reverse("suspicion:desk")).content.decode()
    assert "M. X" in page
    assert "urgent" in page
    assert window.post(made.headers["Location"], {"answer": "Nobody of that name"}).status_code == 303
    assert "Nobody of that name" in window.get(made.headers["Location"]).content.decode()


def test_a_wrong_number_typed_by_the_team_is_in_its_journal_and_nowhere_else(cast, mlro, page_of):
    denied = AuditEvent.objects.filter(verb="denied")
    before = set(denied.values_list("pk", flat=True))
    assert page_of(mlro).get(reverse("suspicion:case", args=[987654])).status_code == 404
    assert page_of(cast.rita).get(reverse("suspicion:case", args=[987654])).status_code == 404
    as_(mlro)
    assert list(Event.objects.filter(verb="denied").values_list("by_id", "why")) == [(mlro.pk, "not found")]
    assert set(denied.exclude(pk__in=before).values_list("by_id", flat=True)) == {cast.rita.pk}
