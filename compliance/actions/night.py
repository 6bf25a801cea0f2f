"""What the night shift looks for: each find is a guarded verb of its own."""

from django.utils import timezone

from compliance.actions.exposure import let_pep_role_lapse, let_pep_role_return
from compliance.actions.figures import react
from compliance.actions.rating import let_override_fall
from compliance.selectors import night as selectors
from jobs.actions import ask
from jobs.models import Job
from rulebook.selectors import pack
from staff.night import NightShift


def ask_rerating() -> Job | None:
    """One job for each version that came into force; None when it was asked for already."""
    version = pack("kyc", timezone.localdate()).version
    key = selectors.rerating_key(version)
    return None if Job.objects.filter(key=key).exists() else ask("compliance.rerate", key)


def look(by: NightShift) -> int:
    """How many things were found and done."""
    today = timezone.localdate()
    overrides, roles = selectors.stale_overrides(today), selectors.lapsed_roles(today)
    returned = selectors.returned_roles(today)
    for override_id in overrides:
        let_override_fall(override_id, by=by)
    for role_id in roles:
        let_pep_role_lapse(role_id, by=by)
    for role_id in returned:
        let_pep_role_return(role_id, by=by)
    happened = selectors.unanswered(today)
    for client_id, code, occurrence in happened:
        react(client_id, by=by, code=code, occurrence=occurrence)
    return len(overrides) + len(roles) + len(returned) + len(happened)
