"""kill -9 in the middle of a load: nothing is half there, and the next worker does all of it, once.

Real processes, and a lock that holds the load where it is killed.
"""

import os
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.utils import timezone

from audit.models import AuditEvent
from bench.bank import at_database
from clients.models import Client, ContactPoint, SearchKey
from jobs.actions import run_due
from jobs.models import Job
from onboarding.actions import imports as actions
from onboarding.importing.swap import STRETCH
from onboarding.models import ImportedClient
from tests.onboarding.imports import checked

ROOT = Path(__file__).resolve().parent.parent.parent
LINES = STRETCH + 500
PATIENCE = 60  # seconds


def until(what, wait=PATIENCE):
    end = time.monotonic() + wait
    while not (found := what()):
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.02)
    return found


def a_worker():
    env = os.environ | {
        "DATABASE_URL": at_database(os.environ["DATABASE_URL"], connection.settings_dict["NAME"])
    }
    return subprocess.Popen([sys.executable, "manage.py", "drain"], cwd=ROOT, env=env)


def waits_for_us():
    """Whether somebody's statement waits for a lock of this connection."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks"
            " WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
        )
        return cursor.fetchone()[0]


def others():
    """Other connections of the application to this database."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND usename = current_user AND pid <> pg_backend_pid()"
        )
        return cursor.fetchone()[0]


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_in_the_middle_of_a_load_leaves_nothing_and_the_next_one_does_it_once(cast):
    lines = [f"K-{at};P;Nora Lind {at};24.12.1980;CH;A;rita;01.02.2015;+4144{at:07};" for at in range(LINES)]
    found = checked(cast.cora, *lines)
    job = Job.objects.get(pk=actions.ask_load(None, by=cast.cora, import_id=found.pk).job_id)
    before, already = Client.objects.count(), others()
    with transaction.atomic():  # a colleague takes the number of the last line: there the load must wait
        Client.objects.filter(pk=cast.anna.pk).update(number=f"K-{LINES - 1}")
        worker = a_worker()
        try:
            until(waits_for_us)
            job.refresh_from_db()
            assert (job.state, job.done_units, job.all_units) == ("claimed", STRETCH, LINES)  # the bar moved
            assert Client.objects.count() == before  # and nobody sees half of a file
        finally:
            worker.kill()
            worker.wait()
        transaction.set_rollback(True)
    until(lambda: others() <= already)  # the dead worker's connection is closed by the database
    assert (Client.objects.count(), ImportedClient.objects.count()) == (before, 0)
    found.refresh_from_db()
    assert found.state == "loading"
    assert run_due() == 0  # the job is still the dead worker's, until its lease ends
    Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    again = a_worker()
    assert again.wait(PATIENCE) == 0
    found.refresh_from_db()
    job.refresh_from_db()
    assert (found.state, found.fresh, job.state, job.attempts) == ("loaded", LINES, "done", 2)
    assert Client.objects.filter(number__startswith="K-").count() == LINES
    assert ContactPoint.objects.filter(client__number__startswith="K-").count() == LINES
    assert SearchKey.objects.filter(client__number__startswith="K-").count() == 2 * LINES
    events = AuditEvent.objects.filter(verb="client imported", payload={"import": found.pk})
    assert events.values("client_id").distinct().count() == events.count() == LINES
