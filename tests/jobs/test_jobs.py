"""Durable work: rows decide. Real PostgreSQL, real threads with connections of their own, real commits."""

import threading
import time
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from jobs import actions, registry
from jobs.actions import ask, run_due
from jobs.models import Job, State
from jobs.registry import After, Kind, Uncertain

DONE: list[int] = []


def _note(job):
    """Do one unit of work, slowly enough for others to want it too."""
    time.sleep(0.005)
    DONE.append(job.args["n"])
    return {"n": job.args["n"]}


def _fail(job):
    raise ConnectionError("the other side is away")


def _doubt(job):
    raise Uncertain("no answer")


@pytest.fixture(autouse=True)
def _kinds(monkeypatch):
    """Kinds of work that leave a trace here; registered as rooms do, gone after the test."""
    registry.kinds()
    DONE.clear()
    short = timedelta(seconds=1)
    for name, kind in {
        "tests.note": Kind(_note, lease=short),
        "tests.ask": Kind(_note, after_death=After.ASK, lease=short),
        "tests.fail": Kind(_fail, attempts=3),
        "tests.doubt": Kind(_doubt, after_death=After.ASK),
    }.items():
        monkeypatch.setitem(registry._KINDS, name, kind)


def a_minute_passes():
    """Every lease and every wait is over."""
    Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    Job.objects.filter(state=State.FAILED).update(due_at=timezone.now())


@pytest.mark.django_db(transaction=True)
def test_many_workers_at_once_do_every_job_once():
    for n in range(100):
        ask("tests.note", f"note:{n}", n=n)

    def work():
        run_due()
        connection.close()

    workers = [threading.Thread(target=work) for _ in range(6)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(DONE) == list(range(100))
    assert Job.objects.filter(state=State.DONE).count() == 100
    assert Job.objects.order_by("pk").first().result == {"n": 0}


@pytest.mark.django_db
def test_the_same_key_again_is_the_same_job():
    first, again = ask("tests.note", "once", n=1), ask("tests.note", "once", n=2)
    assert (first.pk, first.args) == (again.pk, again.args)
    assert run_due() == 1


@pytest.mark.django_db
def test_a_job_that_is_not_due_yet_waits():
    ask("tests.note", "later", n=1, due_at=timezone.now() + timedelta(hours=1))
    assert run_due() == 0
    Job.objects.update(due_at=timezone.now())
    assert run_due() == 1


@pytest.mark.django_db
def test_what_a_dead_worker_left_is_done_by_the_next_one_after_its_lease():
    ask("tests.note", "left", n=1)
    assert actions._claim() is not None  # and the worker dies
    assert run_due() == 0
    a_minute_passes()
    assert run_due() == 1
    job = Job.objects.get()
    assert (job.state, job.attempts, DONE) == (State.DONE, 2, [1])


@pytest.mark.django_db
def test_a_death_in_the_middle_of_what_the_outside_world_may_have_seen_is_uncertain_and_not_repeated():
    ask("tests.ask", "mail", n=1)
    actions._claim()
    a_minute_passes()
    assert run_due() == 0
    assert (Job.objects.get().state, DONE) == (State.UNCERTAIN, [])


@pytest.mark.django_db
def test_a_death_before_the_work_began_raises_no_doubt_about_the_jobs_behind_it():
    for n in range(3):
        ask("tests.ask", f"mail:{n}", n=n)
    actions._claim()
    a_minute_passes()
    run_due()
    assert sorted(Job.objects.values_list("state", flat=True)) == [State.DONE, State.DONE, State.UNCERTAIN]


@pytest.mark.django_db
def test_a_job_may_say_itself_that_it_does_not_know():
    ask("tests.doubt", "doubt")
    run_due()
    job = Job.objects.get()
    assert (job.state, job.error) == (State.UNCERTAIN, "no answer")


@pytest.mark.django_db
def test_a_worker_that_lost_its_lease_leaves_no_trace():
    """It wakes up, finishes its work, and everything it did is undone: another one has the job."""
    ask("tests.note", "slow", n=1)
    slow = actions._claim()
    a_minute_passes()
    quick = actions._claim()
    actions._do(slow, registry.kinds()["tests.note"])
    assert Job.objects.get().state == State.CLAIMED  # the slow one's word did not count
    with pytest.raises(actions.LostLease):
        actions.progress(slow, 1, 2)
    actions._do(quick, registry.kinds()["tests.note"])
    assert Job.objects.get().state == State.DONE


@pytest.mark.django_db
def test_a_failing_job_is_tried_again_ever_later_and_given_up_in_the_end():
    ask("tests.fail", "fail")
    waits = []
    for _ in range(3):
        run_due()
        job = Job.objects.get()
        waits.append((job.due_at - timezone.now()).total_seconds())
        a_minute_passes()
    assert (job.state, job.attempts, job.error) == (State.DEAD, 3, "ConnectionError")
    assert waits == sorted(waits)
    assert run_due() == 0


@pytest.mark.django_db
def test_a_job_that_kills_its_worker_each_time_is_given_up():
    ask("tests.note", "poison", n=1)
    for _ in range(5):
        assert actions._claim() is not None
        a_minute_passes()
    assert actions._claim() is None
    assert Job.objects.get().state == State.DEAD


@pytest.mark.django_db
def test_an_old_worker_leaves_kinds_it_does_not_know_to_the_new_ones():
    ask("tests.from_the_next_release", "new")
    assert run_due() == 0
    assert Job.objects.get().state == State.DUE


@pytest.mark.django_db(transaction=True)
def test_work_and_the_word_that_it_is_done_commit_together(monkeypatch):
    def write_and_fail(job):
        ask("tests.note", "child", n=7)
        raise ValueError

    monkeypatch.setitem(registry._KINDS, "tests.note", Kind(write_and_fail))
    ask("tests.note", "parent", n=1)
    run_due()
    assert list(Job.objects.values_list("key", "state")) == [("parent", State.FAILED)]


@pytest.fixture
def redis_is_away(monkeypatch):
    """Celery keeps its broker connections in pools: new ones for an address where nobody answers."""
    from rmcrm.celery import app

    for name in ("broker_url", "broker_read_url", "broker_write_url"):
        monkeypatch.setattr(app.conf, name, "redis://127.0.0.1:1/0")
    monkeypatch.setattr(app, "_pool", None)
    monkeypatch.setattr(app.amqp, "_producer_pool", None)


@pytest.mark.django_db(transaction=True)
def test_while_redis_is_away_asking_is_quick_and_drain_does_the_work(redis_is_away, capsys):
    """The wake-up is lost, the row is not."""
    began = time.monotonic()
    ask("tests.note", "without redis", n=1)
    assert time.monotonic() - began < 1.5
    call_command("drain")
    assert DONE == [1]
    assert "1 jobs done" in capsys.readouterr().out


@pytest.mark.django_db
def test_the_kinds_of_every_room_are_known_without_celery_s_discovery():
    assert "alerts.mail" in registry.kinds()


@pytest.mark.django_db(transaction=True)
def test_how_far_a_job_is_shows_from_the_middle_of_its_one_transaction():
    ask("tests.note", "long", n=1)
    job = actions._claim()
    before = job.lease_until
    with transaction.atomic(), actions.heartbeat(job) as tell:
        tell(3, 10)
        transaction.set_rollback(True)  # all it did is undone; what was told stays
    job.refresh_from_db()
    assert (job.done_units, job.all_units) == (3, 10)
    assert job.lease_until > before


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_lost_its_lease_moves_nobodys_bar():
    ask("tests.note", "lost", n=1)
    slow = actions._claim()
    a_minute_passes()
    actions._claim()
    with actions.heartbeat(slow) as tell:
        tell(9, 10)
    assert Job.objects.get().done_units == 0
