"""Work by the dozen: frozen rows, each with its verb and audit row; refused ones named; taken back."""

from datetime import date, timedelta

import pytest
import time_machine
from django.utils import timezone

from audit.models import AuditEvent
from clients.models import Task
from compliance.actions import (
    ask_review,
    bulk,
    remind,
    review_kyc,
    sweep,
    withdraw_reminder,
    withdraw_review_request,
)
from compliance.models import FileGap, KycFile, Reminder, ReviewTrigger
from compliance.rules import desk
from compliance.rules.reviews import trigger_due
from compliance.selectors import many_of
from jobs.actions import LostLease, run_due
from jobs.models import Job
from rulebook.selectors import pack
from staff.models import Book
from staff.roles import Role
from tests.cast import make_client, make_person
from ui.refusals import NotPermitted, NotVisible, Refused

TODAY = timezone.localdate
LISTS = {"kyc": "/compliance/kyc/", "gaps": "/compliance/gaps/"}


def reviewed(client, officer, days=200):
    client.kyc_due_on = TODAY() + timedelta(days=days)
    client.save()
    return KycFile.objects.create(
        client=client, rating="low", source_of_funds="salary", purpose="wealth", facts_at=timezone.now(),
        reviewed_on=TODAY() - timedelta(days=100), reviewed_by=officer, next_review_on=client.kyc_due_on,
    )  # fmt: skip


@pytest.fixture
def several(cast):
    """Five reviewed clients of Rita's, one that never was."""
    clients = [make_client(f"Client {n}", cast.rita_book) for n in range(5)]
    for client in clients:
        reviewed(client, cast.cora)
    return clients


def send(browser, of, query="", **data):
    """As the list's own form does: to its address, with its filter."""
    return browser.post(f"{LISTS[of]}?{query}", {"form_key": "k1", **data})


# --- asking for reviews ----------------------------------------------------------------------------------


def test_ticked_rows_are_asked_for_one_by_one_and_the_refused_one_says_why(page_of, cast, several):
    browser = page_of(cast.cora)
    rows = [client.pk for client in several] + [cast.anna.pk]
    answer = send(browser, act="review", of="kyc", rows=rows)
    assert answer.status_code == 303
    assert Job.objects.get().args["rows"] == sorted([pk, pk] for pk in rows)
    run_due()
    page = browser.get(answer.url)
    told = page.content.decode()
    assert page.context["found"].done == 5
    assert "This file was never reviewed: its review is due already." in told
    assert ReviewTrigger.objects.filter(code="officer").count() == 5
    assert AuditEvent.objects.filter(verb="review asked for outside the cycle").count() == 5
    for client in several:
        client.refresh_from_db()
        assert client.kyc_due_on == trigger_due("officer", TODAY(), pack("kyc", TODAY()).body)


def test_all_of_the_filter_is_all_of_it_as_it_was_seen(page_of, cast, several):
    browser = page_of(cast.cora)
    type(cast.anna).objects.filter(pk=several[0].pk).update(risk="high")
    send(browser, act="review", of="kyc", everything="on", query="risk=high&after=1", rows=[several[1].pk])
    make_client("Later", cast.rita_book, risk="high")
    run_due()
    assert set(ReviewTrigger.objects.values_list("client_id", flat=True)) == {several[0].pk}


def test_a_second_click_does_it_once(page_of, cast, several):
    browser = page_of(cast.cora)
    first = send(browser, act="review", of="kyc", rows=[several[0].pk])
    again = send(browser, act="review", of="kyc", rows=[several[0].pk])
    assert first.url == again.url
    assert Job.objects.count() == 1


def test_whoever_lost_the_right_meanwhile_does_nothing(page_of, cast, several):
    send(page_of(cast.cora), act="review", of="kyc", rows=[several[0].pk])
    type(cast.cora).objects.filter(pk=cast.cora.pk).update(role="auditor")
    run_due()
    assert not ReviewTrigger.objects.exists()
    ((_pk, row),) = Job.objects.get().result["told"].items()
    assert "not yours to do" in row[1]


def test_a_worker_that_dies_between_chunks_does_nothing_twice(cast, several, monkeypatch):
    monkeypatch.setattr(desk, "CHUNK", 2)
    rows = [[client.pk, client.pk] for client in several]
    job = bulk.ask_for_many(None, by=cast.cora, act="review", rows=rows, key="k")
    Job.objects.filter(pk=job.pk).update(state="claimed")
    calls = []

    def dies(done, whole):
        calls.append((done, whole))
        raise RuntimeError

    with pytest.raises(RuntimeError):
        bulk.work_through(job, dies)
    assert calls == [(2, 5)]
    job.refresh_from_db()
    assert len(job.result["told"]) == 2
    lost = Job.objects.get(pk=job.pk)
    Job.objects.filter(pk=job.pk).update(attempts=job.attempts + 1)  # somebody else has claimed it
    with pytest.raises(LostLease):
        bulk.work_through(lost, lambda done, whole: None)
    assert ReviewTrigger.objects.count() == 2  # what the one who lost it did is undone
    job.refresh_from_db()
    told = bulk.work_through(job, lambda done, whole: None)["told"]
    assert [row[1] for row in told.values()] == [""] * 5  # the first two were not asked for again


def dead_half_way(job):
    """The worker of this job dies after its first chunk, and nobody tries it again."""
    Job.objects.filter(pk=job.pk).update(state="claimed")
    job.refresh_from_db()

    def dies(done, whole):
        raise RuntimeError

    with pytest.raises(RuntimeError):
        bulk.work_through(job, dies)
    Job.objects.filter(pk=job.pk).update(state="dead")


def test_taking_back_that_died_is_asked_for_again_for_what_it_left(page_of, cast, several, monkeypatch):
    monkeypatch.setattr(desk, "CHUNK", 2)
    browser = page_of(cast.cora)
    url = send(browser, act="review", of="kyc", rows=[client.pk for client in several]).url
    run_due()
    job = Job.objects.get()
    undo = bulk.undo_many(None, by=cast.cora, job_id=job.pk)
    with pytest.raises(Refused, match="being taken back now"):
        bulk.undo_many(None, by=cast.cora, job_id=job.pk)
    dead_half_way(undo)
    assert ReviewTrigger.objects.filter(settled_at__isnull=True).count() == 3
    assert browser.get(url).context["found"].undo_refusals == []
    withdrawn = ReviewTrigger.objects.filter(settled_at__isnull=False).values_list("client_id", flat=True)[0]
    ask_review(withdrawn, by=cast.cora)  # asked for anew meanwhile: this one was not of that work
    again = bulk.undo_many(None, by=cast.cora, job_id=job.pk)
    assert again.pk != undo.pk
    run_due()
    left = ReviewTrigger.objects.filter(settled_at__isnull=True)
    assert list(left.values_list("client_id", flat=True)) == [withdrawn]
    with pytest.raises(Refused, match="taken back already"):
        bulk.undo_many(None, by=cast.cora, job_id=job.pk)
    assert browser.get(url).context["found"].undo_refusals == ["It was taken back already."]


@pytest.mark.parametrize("state", ["due", "claimed", "failed", "done", "dead", "uncertain"])
def test_button_and_guard_say_the_same_of_every_state(cast, several, state):
    job = bulk.ask_for_many(None, by=cast.cora, act="review", rows=[[several[0].pk] * 2], key="k")
    told = {str(several[0].pk): [several[0].pk, "", None]}
    Job.objects.filter(pk=job.pk).update(state=state, result={"told": told})
    shown = many_of(cast.cora, job.pk).undo_refusals
    try:
        bulk.undo_many(None, by=cast.cora, job_id=job.pk)
        guarded = []
    except Refused as refused:
        guarded = refused.sentences
    assert shown == guarded == ([] if state in ("done", "dead", "uncertain") else shown)


def test_the_audit_keeps_the_filter_and_how_many_it_found(page_of, cast, several):
    type(cast.anna).objects.filter(pk__in=[several[0].pk, several[1].pk]).update(risk="high")
    send(page_of(cast.cora), act="review", of="kyc", everything="on", query="risk=high&after=1")
    asked = AuditEvent.objects.get(verb="work by the dozen asked for")
    assert asked.payload == {"act": "review", "asked": ["risk=high"], "count": 2}


def test_more_ticks_than_a_page_has_are_told_so(page_of, cast, several):
    answer = send(page_of(cast.cora), act="review", of="kyc", rows=list(range(1, 202)))
    assert answer.status_code == 422
    assert b"At most 200 rows are ticked at once: choose all of this filter." in answer.content


def test_taking_back_leaves_what_a_colleague_asked_for_since(cast, several):
    cleo, client = make_person("cleo", Role.COMPLIANCE), several[0]
    ask_review(client.pk, by=cast.cora)
    withdraw_review_request(client.pk, by=cleo)
    ask_review(client.pk, by=cleo)
    with pytest.raises(Refused):
        bulk.ACTS["undo review"](client.pk, by=cast.cora)
    assert ReviewTrigger.objects.filter(client=client, settled_at__isnull=True).count() == 1


def test_nothing_ticked_and_too_much_are_refused_with_the_rule(page_of, cast, several, monkeypatch):
    browser = page_of(cast.cora)
    for of, heading in (("kyc", b"KYC"), ("gaps", b"What files lack")):
        answer = send(browser, act="review", of=of, query="risk=low")
        assert (answer.status_code, b"Tick at least one row" in answer.content) == (422, True)
        assert heading in answer.content, "it is told at the list"
        assert answer.context["form"].asked == {"risk": "low"}, "which stays as it was"
    assert b'<option value="review" selected>' in send(browser, act="review", of="kyc").content
    monkeypatch.setattr(desk, "AT_ONCE", 2)
    answer = send(browser, act="review", of="kyc", everything="on")
    assert answer.status_code == 422
    assert b"At most 2 rows at once: narrow the filter." in answer.content
    row = several[0].pk
    answer = send(browser, act="explode", of="kyc", rows=[row])
    assert (answer.status_code, f'id="tick-{row}" checked'.encode() in answer.content) == (422, True)


def test_nobody_but_officers_does_anything_by_the_dozen(page_of, cast, several):
    for person in (cast.rita, cast.theo, make_person("udo", Role.AUDITOR)):
        assert send(page_of(person), act="review", of="kyc", rows=[several[0].pk]).status_code == 403
    assert not Job.objects.exists()


def test_a_job_is_its_asker_s_own(page_of, cast, several):
    url = send(page_of(cast.cora), act="review", of="kyc", rows=[several[0].pk]).url
    second = make_person("carl", Role.COMPLIANCE)
    assert page_of(second).get(url).status_code == 404
    assert page_of(second).post(f"{url}undo/").status_code == 404


def test_it_is_taken_back_row_by_row_and_only_once(page_of, cast, several):
    browser = page_of(cast.cora)
    due = {client.pk: client.kyc_due_on for client in several}
    url = send(browser, act="review", of="kyc", rows=[client.pk for client in several]).url
    assert b"still under way" in browser.post(f"{url}undo/").content
    run_due()
    review_kyc_of = several[4]
    KycFile.objects.filter(client=review_kyc_of).update(facts_by=cast.rita)
    review_kyc(review_kyc_of, by=cast.cora)  # which settles it
    undone = browser.post(f"{url}undo/")
    run_due()
    page = browser.get(undone.url)
    assert (page.context["found"].done, page.context["found"].refused_rows) == (4, 1)
    assert "or it was done" in page.content.decode()
    for client in several[:4]:
        client.refresh_from_db()
        assert client.kyc_due_on == due[client.pk] == client.kyc.next_review_on
    assert not ReviewTrigger.objects.filter(settled_at__isnull=True).exists()
    assert browser.post(f"{url}undo/").status_code == 409


def test_the_progress_page_costs_the_same_however_many_rows(
    page_of, cast, several, django_assert_max_num_queries
):
    browser = page_of(cast.cora)
    url = send(browser, act="review", of="kyc", rows=[client.pk for client in several]).url
    browser.get(url)
    for _round in range(2):
        with django_assert_max_num_queries(10):
            browser.get(url)
        run_due()


# --- a request for a review, one by one ------------------------------------------------------------------


def test_a_request_is_made_once_and_withdrawn_to_where_the_file_was(cast, several):
    client = several[0]
    before = client.kyc_due_on
    ask_review(client, by=cast.cora)
    with pytest.raises(Refused, match="asked for this review already"):
        ask_review(client, by=cast.cora)
    withdraw_review_request(client, by=cast.cora)
    client.refresh_from_db()
    assert client.kyc_due_on == before
    with pytest.raises(Refused, match="No review outside the cycle"):
        withdraw_review_request(client, by=cast.cora)
    with pytest.raises(NotPermitted):
        withdraw_review_request(client, by=cast.rita)
    with pytest.raises(NotVisible):
        withdraw_review_request(client, by=cast.otto)


def test_what_else_was_set_off_meanwhile_keeps_the_file_early(cast, several):
    client = several[0]
    ask_review(client, by=cast.cora)
    due = TODAY() + timedelta(days=60)
    ReviewTrigger.objects.create(client=client, code="facts_changed", occurrence="1", due_on=due)
    withdraw_review_request(client, by=cast.cora)
    client.refresh_from_db()
    assert client.kyc_due_on == due


# --- reminders -------------------------------------------------------------------------------------------


@pytest.fixture
def gap(cast):
    sweep(TODAY())
    return FileGap.objects.get(client=cast.anna, kind="born")


def test_a_reminder_is_a_task_on_the_desk_of_who_serves_the_client(page_of, cast, gap):
    assert pack("desk", TODAY())["remind_days"] == 10
    with time_machine.travel("2026-12-13T10:00:00Z", tick=False):  # a Sunday
        made = remind(gap, by=cast.cora)
    task = Task.objects.get()
    assert (task.assigned_to, task.made_by, task.due_on) == (cast.rita, cast.cora, date(2026, 12, 28))
    assert task.title == "Ask for the date of birth"
    assert made.kind == "born"
    assert "Rita Muster" in page_of(cast.cora).get("/compliance/gaps/?kind=born").content.decode()


def test_nobody_is_reminded_twice_nor_of_what_is_there(cast, gap):
    made = remind(gap, by=cast.cora)
    with pytest.raises(Refused, match="the task is still open"):
        remind(gap, by=cast.cora)
    Task.objects.filter(pk=made.task_id).update(done_at=timezone.now())
    remind(gap, by=cast.cora)  # it was said to be done, and is still missing
    other = FileGap.objects.get(client=cast.anna, kind="tax_residence")
    cast.anna.tax_residences.create(party=cast.anna.parties.get(is_client=True), country="CH", number="1")
    with pytest.raises(Refused, match="lacks this no more"):
        remind(other, by=cast.cora)


def test_what_is_asked_for_no_more_is_refused_and_breaks_no_page(page_of, cast, gap):
    old = FileGap.objects.create(client=cast.anna, kind="bygone", risk="low")
    with pytest.raises(Refused, match="asked for no more"):
        remind(old, by=cast.cora)
    assert page_of(cast.cora).get("/compliance/gaps/").status_code == 200
    sweep(TODAY())
    assert not FileGap.objects.filter(kind="bygone").exists()


def test_a_pool_and_what_no_manager_mends_are_refused(cast, gap):
    with pytest.raises(Refused, match="night shift or compliance"):
        remind(FileGap.objects.get(client=cast.anna, kind="screening"), by=cast.cora)
    pool = Book.objects.create(name="Pool", team=cast.rita_book.team, is_pool=True)
    type(cast.anna).objects.filter(pk=cast.anna.pk).update(book=pool)
    with pytest.raises(Refused, match="in a pool"):
        remind(gap, by=cast.cora)
    with pytest.raises(NotPermitted):
        remind(FileGap.objects.get(client=cast.omar, kind="born"), by=cast.otto)


def test_a_reminder_is_withdrawn_while_its_task_is_open(cast, gap):
    made = remind(gap, by=cast.cora)
    withdraw_reminder(made, by=cast.cora)
    assert not Task.objects.exists()
    with pytest.raises(Refused, match="withdrawn already"):
        withdraw_reminder(made, by=cast.cora)
    made = remind(gap, by=cast.cora)
    Task.objects.update(done_at=timezone.now())
    with pytest.raises(Refused, match="done already"):
        withdraw_reminder(made, by=cast.cora)


def test_all_of_a_filter_is_reminded_and_taken_back(page_of, cast, gap):
    browser = page_of(cast.cora)
    page = browser.get("/compliance/gaps/?kind=born")
    assert page.context["page"].count == 2
    answer = send(browser, of="gaps", query="kind=born", act="remind", everything="on")
    run_due()
    assert {task.assigned_to for task in Task.objects.all()} == {cast.rita, cast.otto}
    browser.post(f"{answer.url}undo/")
    run_due()
    assert not Task.objects.exists()
    assert Reminder.objects.filter(withdrawn_by=cast.cora).count() == 2
    said = ["relationship manager reminded", "reminder withdrawn"]
    assert AuditEvent.objects.filter(verb__in=said).count() == 4


def test_the_queue_of_gaps_offers_both_acts_to_officers(page_of, cast, gap):
    page = page_of(cast.cora).get("/compliance/gaps/?kind=born").content.decode()
    assert "Remind the relationship manager" in page
    assert "Ask for a review sooner" in page
    assert 'action="?kind=born"' in page


# --- reminders of a review -------------------------------------------------------------------------------


def test_a_review_that_is_due_is_prepared_and_one_that_is_not_is_left_alone(page_of, cast, several):
    late, calm = several[:2]
    type(late).objects.filter(pk=late.pk).update(kyc_due_on=TODAY() - timedelta(days=3))
    answer = send(page_of(cast.cora), act="remind", of="kyc", rows=[late.pk, calm.pk])
    run_due()
    task = Task.objects.get()
    assert (task.client, task.kind, task.assigned_to) == (late, "review", cast.rita)
    page = page_of(cast.cora).get(answer.url).content.decode()
    assert "No review is due soon." in page
    page_of(cast.cora).post(f"{answer.url}undo/")
    run_due()
    assert not Task.objects.exists()


def test_a_review_due_anyway_is_not_asked_for_sooner(cast, several):
    client = several[0]
    type(client).objects.filter(pk=client.pk).update(kyc_due_on=TODAY() - timedelta(days=3))
    with pytest.raises(Refused, match="would not bring it sooner"):
        ask_review(client, by=cast.cora)
    assert not ReviewTrigger.objects.exists()
