"""Ask a second person, and let that person decide. The rooms above call these inside their own verbs."""

from django.utils import timezone

from clients.models import Client
from compliance.models import Approval
from compliance.rules import approvals as rules
from staff.models import User
from staff.roles import May
from ui.refusals import refuse_if


def ask_approval(
    client: Client, *, by: User, kind: str, subject_id: int, fingerprint: str, senior: bool
) -> Approval:
    """Inside an action: put the question. `fingerprint` is of all that is to be approved."""
    return Approval.objects.create(
        client=client, kind=kind, subject_id=subject_id, asked_by=by, fingerprint=fingerprint, senior=senior
    )


def decide_approval(
    approval: Approval, *, by: User, approved: bool, makers: frozenset[int], reason: str = ""
) -> Approval:
    """Inside an action: the second person's word. Refused to whoever asked or worked on it."""
    refuse_if(
        rules.refusals_to_decide(
            approval.decision,
            own=by.is_same_person(approval.asked_by_id),
            made=by.is_same_person(*makers),
            senior=approval.senior,
            by_is_officer=by.may(May.APPROVALS_DECIDE),
        )
    )
    approval.decision = Approval.Decision.APPROVED if approved else Approval.Decision.REFUSED
    approval.decided_by, approval.decided_at, approval.reason = by, timezone.now(), reason
    approval.save(update_fields=["decision", "decided_by", "decided_at", "reason"])
    return approval


def withdraw_approval(kind: str, subject_id: int, reason: str) -> bool:
    """Inside an action that changed what was to be approved: the question falls. Was there one?"""
    return bool(
        Approval.objects.waiting()
        .filter(kind=kind, subject_id=subject_id)
        .update(decision=Approval.Decision.WITHDRAWN, decided_at=timezone.now(), reason=reason)
    )
