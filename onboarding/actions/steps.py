"""What the verbs of an opening do inside: ask for papers, remember who saved a step, let a request fall."""

from typing import Any

from django.utils import timezone

from clients.models import Client
from compliance import actions as compliance
from compliance.models import KycFile
from onboarding import rules, selectors
from onboarding.models import Onboarding, RequiredDocument
from onboarding.selectors.openings import KIND
from rulebook.calendars import working_days
from rulebook.selectors import pack
from staff.models import User
from ui.refusals import refuse_if
from ui.rules.merging import clashes, refusals_to_overwrite


def require_documents(onboarding: Onboarding, client: Client) -> None:
    """Ask for what is needed by now; what is needed no longer and never came is asked no more."""
    today = timezone.localdate()
    figures = pack("onboarding", today)
    onboarding.papers_asked_to = selectors.last_role(client)
    onboarding.save(update_fields=["papers_asked_to"])
    needed = selectors.papers_needed(onboarding, client, figures.body)
    days = figures.body.get("due_days", {}).get("client_paper")
    due_on = working_days(client.book.team.calendar).after(today, days) if days else None
    RequiredDocument.objects.bulk_create(
        (
            RequiredDocument(
                client=client,
                onboarding=onboarding,
                kind=need.document,
                why=need.why,
                party_id=need.party_id,
                due_on=due_on,
            )
            for need in needed
        ),
        ignore_conflicts=True,
    )
    wanted = {(need.document, need.party_id) for need in needed}
    missing = RequiredDocument.objects.filter(onboarding=onboarding, state=RequiredDocument.State.MISSING)
    gone = [
        pk for pk, kind, party in missing.values_list("pk", "kind", "party_id") if (kind, party) not in wanted
    ]
    RequiredDocument.objects.filter(pk__in=gone).delete()


# --- saved at each step ----------------------------------------------------------------------------------


def remember_step(onboarding: Onboarding, step: str, by: User) -> None:
    """Who saved this step last, and when: the next one who writes here reads it. And who ever did."""
    ever = onboarding.saved.get(step, {}).get("ever", [])
    onboarding.saved = onboarding.saved | {
        step: {
            "by": by.name,
            "id": by.pk,
            "at": timezone.now().isoformat(timespec="seconds"),
            "ever": sorted({*ever, by.pk}),
        }
    }
    onboarding.save(update_fields=["saved"])


def refuse_lost_update(
    onboarding: Onboarding,
    step: str,
    seen: dict[str, str] | None,
    current: dict[str, Any],
    mine: dict[str, Any],
) -> None:
    """Nobody overwrites unseen what a colleague saved meanwhile. The page offers the choice beforehand."""
    found = clashes(seen or {}, current, mine)
    refuse_if(refusals_to_overwrite(found, onboarding.saved.get(step, {}).get("by", "")))


# --- states ----------------------------------------------------------------------------------------------


def hold_client(onboarding: Onboarding) -> Client:
    """Nobody changes who the client is while this verb runs: changes of a file lock its client too."""
    client: Client = Client.objects.select_for_update(no_key=True).get(pk=onboarding.client_id)
    onboarding.client = client
    return client


def fall(onboarding: Onboarding, why: str = "changed") -> None:
    """What was to be approved has changed: the request falls, and the onboarding is open for work again."""
    if onboarding.state != Onboarding.State.IN_REVIEW:
        return
    withdraw(onboarding, why)
    move(onboarding, Onboarding.State.COLLECTING)


def withdraw(onboarding: Onboarding, why: str) -> None:
    compliance.withdraw_approval(KIND, onboarding.pk, why)
    KycFile.objects.filter(client=onboarding.client_id).update(state=KycFile.State.MISSING)


def move(onboarding: Onboarding, to: str) -> None:
    assert to in rules.VALID_TRANSITIONS[onboarding.state], (onboarding.state, to)
    onboarding.state = to
    if not rules.VALID_TRANSITIONS[to]:
        onboarding.finished_at = timezone.now()
    onboarding.save(update_fields=["state", "finished_at"])
