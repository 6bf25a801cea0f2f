"""Papers by themselves: approved ones expire, and who has come to own or sign is asked for theirs."""

from datetime import date

from onboarding.actions.steps import fall, hold_client, require_documents
from onboarding.models import Onboarding, RequiredDocument
from onboarding.selectors import papers_to_ask
from staff.lock import action
from staff.night import NightShift
from staff.roles import May


@action(May.ONBOARDING_WATCH, "required document expired", on="onboarding.Onboarding", remember=("on",))
def expire_documents(onboarding: Onboarding, *, by: NightShift, on: date) -> int:
    """Approved papers of this file whose last day has passed; a request to a second person falls too."""
    approved = RequiredDocument.objects.filter(onboarding=onboarding, state=RequiredDocument.State.APPROVED)
    ended: int = approved.filter(valid_until__lt=on).update(state=RequiredDocument.State.EXPIRED)
    if ended:
        fall(onboarding)
    return ended


def expire_all(*, by: NightShift, on: date) -> int:
    """The whole bank, file by file; run twice it finds nothing the second time."""
    ended = RequiredDocument.objects.visible_to(by).filter(
        state=RequiredDocument.State.APPROVED, valid_until__lt=on
    )
    ended = ended.exclude(client__state="closed")
    return sum(
        expire_documents(pk, by=by, on=on)
        for pk in ended.order_by("onboarding_id").values_list("onboarding_id", flat=True).distinct()
    )


@action(May.ONBOARDING_WATCH, "required documents asked for anew", on="onboarding.Onboarding")
def ask_papers(onboarding: Onboarding, *, by: NightShift) -> Onboarding:
    """Owners are also written on other pages: papers follow who owns and signs now."""
    require_documents(onboarding, hold_client(onboarding))
    return onboarding


def ask_all_papers(*, by: NightShift) -> int:
    """Openings whose papers are not those of the people on the file today; how many."""
    found = papers_to_ask(by)
    for pk in found:
        ask_papers(pk, by=by)
    return len(found)
