"""What can be done with a suspicion: hand it over, work it, decide, report it, answer the FIU.

Each verb goes through the one lock, and is recorded in the compartment's own journal.
"""

from datetime import date
from functools import partial
from typing import Any

from django.db import connection
from django.utils import timezone

from clients.models import Client
from rulebook.selectors import Pack, pack
from staff.lock import action
from staff.models import User
from staff.roles import May
from suspicion import rules, selectors
from suspicion.journal import record
from suspicion.models import Case, Entry, Filing, FiuRequest
from ui.refusals import refuse_if

verb = partial(action, May.SUSPICION_WORK, journal=record)


def figures_on(day: date) -> Pack:
    return pack("suspicion", day)


@action(May.SUSPICION_REPORT, "suspicion handed over", journal=record, remember=("key",))
def hand_over(
    nothing: None,
    *,
    by: User,
    key: str,
    client: Client | None,
    about: str,
    ground: str,
    what: str,
    noticed_on: date | None,
    amount: str,
    knows: str,
) -> None:
    """Anyone to the MLRO (AMLR Art. 69). Nothing comes back, not even an id: who wrote it cannot read it."""
    today = timezone.localdate()
    figures = figures_on(today)
    case = Case(
        key=key,
        by_id=by.pk,
        by_name=by.name,
        by_role=by.role,
        reported_client_id=client.pk if client else None,
        client_id=client.pk if client else None,
        subject=f"{client.name} ({client.number})"[:300] if client else about,
        ground=ground,
        what=what,
        noticed_on=noticed_on,
        amount=amount,
        knows=knows,
        due_on=rules.due_on(rules.State.RECEIVED, today, figures.body),
        pack_version=figures.version,
    )
    # Without RETURNING, which row-level security allows only to who may read the row.
    Case.objects.bulk_create([case], ignore_conflicts=True)


@verb("case taken up", on="suspicion.Case")
def take_up(case: Case, *, by: User) -> Case:
    """Somebody of the team assesses it from now on."""
    refuse_if(rules.refusals_to_take_up(case.state))
    case.taken_by_id, case.taken_by_name, case.taken_at = by.pk, by.name, timezone.now()
    case.save(update_fields=["taken_by_id", "taken_by_name", "taken_at"])
    figures = _move(case, rules.State.ASSESSING, timezone.localdate(case.made_at))
    _enter(case, by, Entry.Kind.TAKEN, figures)
    return case


@verb("case noted", on="suspicion.Case")
def add_note(case: Case, *, by: User, text: str) -> Case:
    """Analysis, a talk, what was found."""
    refuse_if(rules.refusals_to_note(case.state))
    _enter(case, by, Entry.Kind.NOTE, text=text)
    return case


@verb("case's client found", on="suspicion.Case")
def find_client(case: Case, *, by: User, client: Client) -> Case:
    """Which file it is about, where the reporter could not say; what was handed over stays as it was."""
    refuse_if(rules.refusals_to_note(case.state))
    case.client_id = client.pk
    case.save(update_fields=["client_id"])
    _enter(case, by, Entry.Kind.CLIENT, text=f"{client.name} ({client.number})")
    return case


@verb("case decided", on="suspicion.Case", remember=("decision",))
def decide(case: Case, *, by: User, decision: str, reason: str) -> Case:
    """Report, do not report, look further, close, open again: each with its reasons."""
    refuse_if(rules.refusals_to_decide(case.state, decision, reason, _unanswered(case)))
    after = rules.DECISIONS[rules.State(case.state)][rules.Decision(decision)]
    today = timezone.localdate()
    figures = _move(case, after, today)
    if after == rules.State.REPORTING:
        begun = {"by_name": by.name, "pack_version": figures.version}
        Filing.objects.get_or_create(case=case, filed_on=None, defaults=begun)
    _enter(case, by, Entry.Kind.DECISION, figures, value=decision, text=reason)
    return case


@verb("report drafted", on="suspicion.Case")
def draft_report(case: Case, *, by: User, grounds: str, wanted: str) -> Case:
    """What the FIU will read; nobody else ever saw a draft."""
    refuse_if(rules.refusals_to_draft(case.state))
    draft = _draft(case)
    draft.grounds, draft.wanted, draft.by_name = grounds, wanted, by.name
    draft.save(update_fields=["grounds", "wanted", "by_name"])
    return case


@verb("report filed", on="suspicion.Case", remember=("filed_on",))
def file_report(case: Case, *, by: User, reference: str, filed_on: date) -> Case:
    """It went to the FIU: fixed from now on, and what it asks about waits (AMLR Art. 71)."""
    refuse_if(rules.refusals_to_draft(case.state))
    draft, today = _draft(case), timezone.localdate()
    refuse_if(
        rules.refusals_to_file(
            case.state, draft.grounds, reference, filed_on, timezone.localdate(draft.made_at), today
        )
    )
    figures = _move(case, rules.State.REPORTED, filed_on)
    draft.reference, draft.filed_on, draft.waiting_until = reference, filed_on, case.due_on
    draft.by_name, draft.pack_version = by.name, figures.version
    fields = ["reference", "filed_on", "waiting_until", "by_name", "pack_version"]
    draft.save(update_fields=fields)
    _enter(case, by, Entry.Kind.FILED, figures, value=reference)
    return case


@verb("FIU heard", on="suspicion.Case", remember=("answer",))
def hear_fiu(case: Case, *, by: User, answer: str, answered_on: date) -> Case:
    """What the FIU said to the last report, or that it said nothing while one had to wait."""
    filing = case.filings.filter(filed_on__isnull=False).order_by("-pk").first()
    filed_on = filing.filed_on if filing else None
    answered = filing is not None and filing.answered_on is not None
    refuse_if(rules.refusals_to_hear(filed_on, answered, answered_on, timezone.localdate()))
    assert filing is not None
    filing.answer, filing.answered_on = answer, answered_on
    filing.save(update_fields=["answer", "answered_on"])
    _enter(case, by, Entry.Kind.HEARD, value=answer, text=str(filing.get_answer_display()))
    return case


@verb("legal hold set", on="suspicion.Case", remember=("hold",))
def set_hold(case: Case, *, by: User, hold: bool, reason: str) -> Case:
    """Nothing of a case under legal hold is deleted when its five years are over (AMLR Art. 77)."""
    refuse_if(rules.refusals_to_rule(reason))
    case.legal_hold = hold
    case.save(update_fields=["legal_hold"])
    _enter(case, by, Entry.Kind.HOLD, value="on" if hold else "off", text=reason)
    return case


@verb("access request decided", on="suspicion.Case", remember=("access",))
def decide_access(case: Case, *, by: User, access: str, reason: str) -> Case:
    """May the client's request for its data be shown this case? Decided case by case: Lonsdale v NatWest."""
    refuse_if(rules.refusals_to_rule(reason))
    case.access = access
    case.save(update_fields=["access"])
    _enter(case, by, Entry.Kind.ACCESS, value=access, text=reason)
    return case


@verb("FIU request received")
def receive_request(
    nothing: None,
    *,
    by: User,
    case: Case | None,
    reference: str,
    about: str,
    asked: str,
    received_on: date,
    urgent: bool,
) -> FiuRequest:
    """A question of the FIU starts its clock of five working days (AMLR Art. 69)."""
    figures = figures_on(received_on)
    return FiuRequest.objects.create(
        case=case,
        reference=reference,
        subject=about,
        asked=asked,
        received_on=received_on,
        urgent=urgent,
        due_on=rules.answer_due_on(received_on, urgent, figures.body),
        by_name=by.name,
        pack_version=figures.version,
    )


@verb("FIU request answered", on="suspicion.FiuRequest")
def answer_request(request: FiuRequest, *, by: User, answer: str) -> FiuRequest:
    """The answer as it went out; it cannot be changed afterwards."""
    refuse_if(rules.refusals_to_answer(request.answered_at is not None, answer))
    request.answer, request.answered_at, request.answered_by_name = answer, timezone.now(), by.name
    request.save(update_fields=["answer", "answered_at", "answered_by_name"])
    return request


@verb("case deleted", on="suspicion.Case")
def purge(case: Case, *, by: User) -> Case:
    """Kept long enough: deleted for good. The journal alone says that there was one, and who deleted it."""
    refuse_if(selectors.refusals_to_purge(case, timezone.localdate()))
    with connection.cursor() as cursor:  # the application itself may delete nothing here
        cursor.execute("SELECT suspicion_purge(%s)", [case.pk])
        (gone,) = cursor.fetchone()
    refuse_if(
        []
        if gone
        else ["It is kept: its record, or the end of the relationship, is younger than five years."]
    )
    return case


def _unanswered(case: Case) -> int:
    return case.requests.filter(answered_at__isnull=True).count()


def _draft(case: Case) -> Filing:
    """The one draft of a case that is to be reported."""
    draft: Filing = case.filings.select_for_update().get(filed_on__isnull=True)
    return draft


def _move(case: Case, state: rules.State, since: date) -> Pack:
    """To `state`, with the clock that runs there; returns the figures of today.

    A case that stays where it is keeps its clock: to look further gives nobody more time.
    """
    figures = figures_on(timezone.localdate())
    if state == case.state:
        return figures
    case.state, case.pack_version = state, figures.version
    if state in rules.CLOCK_OF:
        case.due_on = rules.due_on(state, since, figures.body)
    case.save(update_fields=["state", "due_on", "pack_version"])
    return figures


def _enter(case: Case, by: User, kind: str, figures: Pack | None = None, **words: Any) -> None:
    """A line in the record of the case."""
    version = (figures or figures_on(timezone.localdate())).version
    Entry.objects.create(case=case, kind=kind, by_id=by.pk, by_name=by.name, pack_version=version, **words)
