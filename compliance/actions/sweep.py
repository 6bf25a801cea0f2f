"""Look through the whole bank for what files lack, and make the figures of the desk anew."""

from collections.abc import Callable
from datetime import date

from django.db import connection, transaction
from django.utils import timezone

from clients.models import SERVED, Client
from compliance import selectors
from compliance.models import DeskSweep
from compliance.rules import desk as rules
from compliance.selectors.gaps import Gap
from jobs.actions import ask
from jobs.models import Job
from jobs.models import State as JobState
from staff.lock import action
from staff.models import User
from staff.roles import May
from ui.refusals import refuse_if

STEP = 2000
# Only what changed is written, so that looking twice writes nothing.
_MARK = """
WITH found (client_id, kind, ends_on, place_id) AS MATERIALIZED (
    SELECT * FROM unnest(%(clients)s::bigint[], %(kinds)s::text[], %(ends)s::date[], %(places)s::bigint[])
), gone AS (
    DELETE FROM compliance_filegap gap
    WHERE gap.client_id > %(first)s AND gap.client_id <= %(last)s AND NOT EXISTS (
        SELECT FROM found WHERE found.client_id = gap.client_id AND found.kind = gap.kind)
)
INSERT INTO compliance_filegap (client_id, kind, ends_on, risk, place_id, found_at)
SELECT found.client_id, found.kind, found.ends_on, client.risk, found.place_id, %(now)s
FROM found JOIN clients_client client ON client.id = found.client_id
WHERE client.id > %(first)s AND client.id <= %(last)s AND NOT EXISTS (
    SELECT FROM compliance_filegap known WHERE known.client_id > %(first)s AND known.client_id <= %(last)s
    AND known.client_id = found.client_id AND known.kind = found.kind
    AND (known.ends_on, known.risk, known.place_id)
        IS NOT DISTINCT FROM (found.ends_on, client.risk, found.place_id))
ORDER BY found.client_id, found.kind
ON CONFLICT (client_id, kind) DO UPDATE
SET ends_on = excluded.ends_on, risk = excluded.risk, place_id = excluded.place_id
"""
# Totals that everybody reads leave out what stands behind a barrier: a number would tell that it is there.
_COUNT = """
SELECT kind, count(*) FILTER (WHERE ends_on IS NULL), count(*) FILTER (WHERE ends_on < %(on)s),
       count(*) FILTER (WHERE ends_on >= %(on)s)
FROM compliance_filegap WHERE client_id NOT IN (SELECT id FROM clients_client WHERE barrier_id IS NOT NULL)
GROUP BY kind ORDER BY kind
"""
_RISK = """
INSERT INTO compliance_riskfigure (team_id, country, segment, risk, clients, value, pep, edd)
SELECT book.team_id, client.domicile, client.segment, client.risk, count(*), sum(client.value),
       count(*) FILTER (WHERE kyc.rating_reasons @> '["pep"]'),
       count(*) FILTER (WHERE client.risk = 'high' OR kyc.rating_reasons @> '["pep"]')
FROM clients_client client JOIN staff_book book ON book.id = client.book_id
LEFT JOIN compliance_kycfile kyc ON kyc.client_id = client.id
WHERE client.state IN ('active', 'dormant') AND client.barrier_id IS NULL
GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
"""
_REVIEWS = """
INSERT INTO compliance_reviewfigure (month, team_id, days_late, reviews)
SELECT date_trunc('month', reviewed_on)::date, team_id, days_late, count(*)
FROM compliance_kycreview WHERE reviewed_on > %(on)s::date - 800
  AND client_id NOT IN (SELECT id FROM clients_client WHERE barrier_id IS NOT NULL)
GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
"""


@action(May.KYC_REVIEW, "looked through the files")
def ask_for_sweep(_: None, *, by: User) -> Job:
    """An officer wants the figures of now."""
    refuse_if(rules.refusals_to_sweep(selectors.is_sweeping()))
    return ask("compliance.sweep", f"sweep {by.pk} {timezone.now():%Y-%m-%dT%H:%M}", person_id=by.pk)


def sweep_hourly() -> Job | None:
    """One look an hour, and one more once the whole bank was screened; None when it was asked for already."""
    run, last = selectors.last_run(), selectors.last_sweep()
    keys = [f"sweep {timezone.now():%Y-%m-%dT%H}"]
    ended, looked = run and run.finished_at, last and last.finished_at
    if run and ended and looked and ended > looked:
        keys.insert(0, f"sweep after run {run.pk}")
    known = {job.key: job.state for job in Job.objects.filter(key__in=keys)}
    for key in keys:
        if key not in known:
            return ask("compliance.sweep", key)
        if known[key] != JobState.DEAD:  # what died holds up no later look
            return None
    return None


def sweep(on: date, progress: Callable[[int, int], None] = lambda done, whole: None) -> DeskSweep:
    """Every served file, chunk by chunk, then the figures in one swap. Safe to run twice or to break off."""
    made: DeskSweep = DeskSweep.objects.create(on=on)
    judge = selectors.finding(on)
    first, served, whole = 0, 0, Client.objects.filter(barrier=None).count()
    done = 0
    clients = Client.objects.order_by("pk").values_list("pk", "state", "barrier_id")
    while chunk := list(clients.filter(pk__gt=first)[:STEP]):
        last = chunk[-1][0]
        with transaction.atomic():
            _mark(judge.found([pk for pk, state, _barrier in chunk if state in SERVED]), first, last)
        counted = [state for _pk, state, barrier in chunk if barrier is None]
        first, done = last, done + len(counted)
        served += sum(state in SERVED for state in counted)
        progress(done, whole)
    _make_figures(made, on, served)
    return made


def _mark(found: list[Gap], first: int, last: int) -> None:
    """Of the clients after `first` up to `last`: what was found stands there, all else is gone."""
    columns = zip(*found, strict=True) if found else ((), (), (), ())
    clients, kinds, ends, places = (list(column) for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            _MARK,
            {
                "first": first,
                "last": last,
                "now": timezone.now(),
                "clients": clients,
                "kinds": kinds,
                "ends": ends,
                "places": places,
            },
        )


def _make_figures(made: DeskSweep, on: date, served: int) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtext('desk figures'))"
        )  # two looks at once swap in turn
        cursor.execute("DELETE FROM compliance_riskfigure")
        cursor.execute(_RISK)
        cursor.execute("DELETE FROM compliance_reviewfigure")
        cursor.execute(_REVIEWS, {"on": on})
        cursor.execute(_COUNT, {"on": on})
        made.counts = {
            kind: {"missing": missing, "ended": ended, "ending": ending}
            for kind, missing, ended, ending in cursor.fetchall()
        }
        made.clients, made.finished_at = served, timezone.now()
        made.save()
        DeskSweep.objects.filter(pk__lt=made.pk - 500).delete()
