"""Information barriers: one person of compliance asks, a second one confirms, and only then it is so."""

from datetime import datetime

from django.db import connection
from django.db.models import Q
from django.utils import timezone
from psycopg2.extras import DateTimeTZRange

from clients.models import Barrier, BarrierFile, BarrierInsider, BarrierProposal
from compliance.rules import barriers as rules
from compliance.rules.barriers import Wanted
from compliance.selectors import barriers as selectors
from staff.lock import action
from staff.models import User
from staff.roles import May
from staff.rules import refusals_to_end
from ui.refusals import NotVisible, refuse_if

State = BarrierProposal.State
ASKED = ("kind", "barrier_id", "people_in", "people_out", "files_in", "files_out")


@action(May.BARRIERS_MANAGE, "barrier asked for", remember=ASKED)
def propose_barrier(
    _: None,
    *,
    by: User,
    kind: str,
    reason: str,
    barrier_id: int | None = None,
    name: str = "",
    people_in: frozenset[int] = frozenset(),
    people_out: frozenset[int] = frozenset(),
    files_in: frozenset[int] = frozenset(),
    files_out: frozenset[int] = frozenset(),
) -> BarrierProposal:
    """A barrier is to be raised, changed or lifted; nothing happens before somebody else confirms it."""
    barrier = None if kind == rules.RAISE else _held(barrier_id)
    wanted = Wanted(people_in, people_out, files_in, files_out)
    refuse_if(
        rules.refusals_to_ask(
            kind,
            wanted,
            reason=reason,
            lifted=barrier is not None and barrier.lifted_at is not None,
            insiders=selectors.insiders_of(barrier) if barrier else (),
            files=selectors.files_of(barrier) if barrier else (),
            elsewhere=selectors.behind_one(files_in),
        )
    )
    proposal: BarrierProposal = BarrierProposal.objects.create(
        kind=kind,
        barrier=barrier,
        name=name,
        people_in=sorted(people_in),
        people_out=sorted(people_out),
        files_in=sorted(files_in),
        files_out=sorted(files_out),
        reason=reason,
        fingerprint=selectors.fingerprint(barrier, wanted),
        asked_by=by,
    )
    return proposal


@action(May.BARRIERS_MANAGE, "barrier confirmed", remember=("proposal_id",), step_up=True)
def confirm_barrier(_: None, *, by: User, proposal_id: int) -> Barrier:
    """The second person's word: from this moment on it is so, also for who is at work on such a file."""
    with connection.cursor() as cursor:  # one after the other: two may be about the same file
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('information barriers'))")
    proposal = _held_proposal(proposal_id)
    refuse_if(selectors.refusals_to_confirm(proposal, by))
    now, barrier = timezone.now(), proposal.barrier
    if barrier is None:
        barrier = Barrier.objects.create(name=proposal.name, reason=proposal.reason, made_at=now)
        proposal.barrier = barrier
    else:
        barrier.version += 1
    if proposal.kind == rules.LIFT:
        barrier.lifted_at = now
        _end(barrier, Q(), Q(), now)
    else:
        _end(barrier, Q(user__in=proposal.people_out), Q(client__in=proposal.files_out), now)
        _begin(barrier, proposal, now)
    barrier.save()
    _decide(proposal, State.CONFIRMED, by)
    # What else was asked of this barrier was asked of another state of it.
    barrier.proposals.filter(state=State.WAITING).update(state=State.FALLEN, decided_at=now)
    return barrier


@action(May.BARRIERS_MANAGE, "barrier refused", remember=("proposal_id",))
def end_barrier_proposal(_: None, *, by: User, proposal_id: int) -> BarrierProposal:
    """Refused by a second person, or taken back by who asked."""
    proposal = _held_proposal(proposal_id)
    refuse_if(refusals_to_end(proposal.stands))
    _decide(proposal, State.WITHDRAWN if proposal.asked_by_id == by.pk else State.REFUSED, by)
    return proposal


def _held(barrier_id: int | None) -> Barrier:
    held: Barrier | None = Barrier.objects.select_for_update().filter(pk=barrier_id or 0).first()
    if held is None:
        raise NotVisible(f"clients.Barrier {barrier_id}")
    return held


def _held_proposal(proposal_id: int) -> BarrierProposal:
    """The barrier first: whoever changes it waits here, and then finds it changed."""
    of = BarrierProposal.objects.filter(pk=proposal_id).values_list("barrier_id", flat=True).first()
    if of is not None:
        _held(of)
    held: BarrierProposal | None = (
        BarrierProposal.objects.select_for_update(of=("self",))
        .select_related("barrier", "asked_by")
        .filter(pk=proposal_id)
        .first()
    )
    if held is None:
        raise NotVisible(f"clients.BarrierProposal {proposal_id}")
    return held


def _decide(proposal: BarrierProposal, state: str, by: User) -> None:
    proposal.decide(state, by)
    proposal.save(update_fields=["state", "decided_by", "decided_at", "barrier"])


def _begin(barrier: Barrier, proposal: BarrierProposal, now: datetime) -> None:
    since = DateTimeTZRange(now, None)
    numbers = selectors.numbers_of(proposal.files_in)
    BarrierInsider.objects.bulk_create(
        BarrierInsider(barrier=barrier, user_id=pk, during=since) for pk in proposal.people_in
    )
    BarrierFile.objects.bulk_create(
        BarrierFile(barrier=barrier, client_id=pk, number=numbers[pk], during=since)
        for pk in sorted(proposal.files_in)
    )


def _end(barrier: Barrier, people: Q, files: Q, now: datetime) -> None:
    """Files in the order of their clients, as they came in: two who change barriers wait for each other."""
    rows: list[BarrierInsider | BarrierFile] = list(barrier.insiders.filter(selectors.NOW & people))
    rows += barrier.files.filter(selectors.NOW & files).order_by("client_id")
    for row in rows:
        row.during = DateTimeTZRange(row.during.lower, now)
        row.save(update_fields=["during"])
