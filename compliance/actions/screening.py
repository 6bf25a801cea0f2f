"""Compare clients with the active lists, and decide what was found, by two people."""

import json
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.utils import timezone
from psycopg2.extras import execute_values

from clients.models import Client
from compliance import selectors
from compliance.models import KycFile, ScreeningHit, ScreeningRun
from compliance.rules import screening as rules
from rulebook.selectors import Pack, pack
from staff.lock import action
from staff.models import User
from staff.night import NightShift
from staff.roles import May
from ui.refusals import refuse_if

CHUNK = 1000  # parties a transaction: the audit's sealer must not wait long for one of ours

# A decision stays: only a hit that nobody has touched takes the newer score and sentence.
_STORE = """
INSERT INTO compliance_screeninghit AS hit
    (client_id, party_id, entity_id, score, sentence, details, scorer, state, found_at, verdict, reason)
VALUES %s
ON CONFLICT (party_id, entity_id) DO UPDATE
    SET score = EXCLUDED.score, sentence = EXCLUDED.sentence, details = EXCLUDED.details,
        scorer = EXCLUDED.scorer
    WHERE hit.state = 'open'
        AND (hit.score, hit.sentence) IS DISTINCT FROM (EXCLUDED.score, EXCLUDED.sentence)
RETURNING (xmax = 0) AS is_new
"""


@action(May.SCREENING_RUN, "client screened", on="clients.Client")
def screen_client(client: Client, *, by: User | NightShift) -> int:
    """All parties of one file against the active lists, at once; the number of new hits."""
    parties = selectors.parties_to_screen(client_ids=[client.pk])
    new = _store(selectors.hits_among(parties, _figures()))
    now = timezone.now()
    KycFile.objects.update_or_create(
        client=client,
        defaults={"screened_at": now},
        create_defaults={"screened_at": now, "next_review_on": client.kyc_due_on},
    )
    return new


def screen_all(
    *, by: User | NightShift, progress: Callable[[int], None] = lambda parties: None
) -> ScreeningRun:
    """The whole bank against the active lists, in chunks that commit one by one. Safe to run twice."""
    run = begin_screening(None, by=by)
    after = 0
    while chunk := screen_chunk(run.pk, by=by, after=after):
        after = chunk
        progress(after)
    return finish_screening(None, by=by, run_id=run.pk)


@action(May.SCREENING_RUN, "screening begun")
def begin_screening(_: None, *, by: User | NightShift) -> ScreeningRun:
    figures = _figures()
    index = selectors.active_index()
    return ScreeningRun.objects.create(
        versions=list(index.versions),
        scorer=rules.SCORER,
        threshold=figures["screening_threshold"],
        pack_version=figures.version,
        names=len(index.names),
    )


@action(May.SCREENING_RUN, "parties screened", remember=("run_id", "after"))
def _screen_chunk(_: None, *, by: User | NightShift, run_id: int, after: int) -> int | None:
    parties = selectors.parties_to_screen(after=after, size=CHUNK)
    if not parties:
        return None
    run = ScreeningRun.objects.select_for_update().get(pk=run_id)
    run.new_hits += _store(selectors.hits_among(parties, _figures()))
    run.parties += len(parties)
    run.save(update_fields=["new_hits", "parties"])
    return parties[-1].pk


def screen_chunk(run_id: int, *, by: User | NightShift, after: int) -> int | None:
    """The next parties by id; the last one's id, or None when there is none left."""
    return _screen_chunk(None, by=by, run_id=run_id, after=after)


@action(May.SCREENING_RUN, "screening finished", remember=("run_id",))
def finish_screening(_: None, *, by: User | NightShift, run_id: int) -> ScreeningRun:
    run = ScreeningRun.objects.select_for_update().get(pk=run_id)
    run.finished_at = timezone.now()
    run.save(update_fields=["finished_at"])
    return run


def _figures() -> Pack:
    return pack("kyc", timezone.localdate())


def _store(found: list[Any]) -> int:
    if not found:
        return 0
    now = timezone.now()
    rows = [
        (
            hit.client_id,
            hit.party_id,
            hit.entity_id,
            hit.likeness.score,
            hit.likeness.sentence,
            json.dumps(hit.likeness.as_details()),
            rules.SCORER,
            ScreeningHit.State.OPEN,
            now,
            "",
            "",
        )
        for hit in found
    ]
    with connection.cursor() as cursor:
        told = execute_values(cursor.cursor, _STORE, rows, fetch=True)
    return sum(is_new for (is_new,) in told)


# --- two people decide -----------------------------------------------------------------------------------


@action(
    May.SCREENING_DECIDE,
    "screening hit proposed",
    on="compliance.ScreeningHit",
    remember=("verdict", "reason"),
)
def propose_hit(hit: ScreeningHit, *, by: User, verdict: str, reason: str) -> ScreeningHit:
    """The first of two: match or no match, with a reason from the list."""
    refuse_if(rules.refusals_to_propose(hit.state, verdict, reason))
    hit.state = ScreeningHit.State.PROPOSED
    hit.verdict, hit.reason, hit.proposed_by = verdict, reason, by
    hit.save(update_fields=["state", "verdict", "reason", "proposed_by"])
    return hit


@action(May.SCREENING_DECIDE, "screening hit decided", on="compliance.ScreeningHit")
def confirm_hit(hit: ScreeningHit, *, by: User) -> ScreeningHit:
    """The second of two agrees: now it is decided."""
    refuse_if(rules.refusals_to_confirm(hit.state, hit.proposed_by_id, by.pk))
    hit.state = ScreeningHit.State.CONFIRMED if hit.verdict == "match" else ScreeningHit.State.CLEARED
    hit.decided_by, hit.decided_at = by, timezone.now()
    hit.save(update_fields=["state", "decided_by", "decided_at"])
    return hit


@action(May.SCREENING_DECIDE, "screening hit returned", on="compliance.ScreeningHit")
def return_hit(hit: ScreeningHit, *, by: User) -> ScreeningHit:
    """The second of two does not agree: it is open again."""
    refuse_if(rules.refusals_to_confirm(hit.state, hit.proposed_by_id, by.pk))
    hit.state, hit.verdict, hit.reason, hit.proposed_by = ScreeningHit.State.OPEN, "", "", None
    hit.save(update_fields=["state", "verdict", "reason", "proposed_by"])
    return hit
