"""Before and after a file is opened: is this somebody the bank has already?"""

from datetime import date
from typing import Any

from django.utils import timezone

from clients import actions as client_actions
from clients.models import Client, Identifier, Party
from onboarding import selectors
from onboarding.actions.openings import start_onboarding
from onboarding.models import Onboarding, PossibleDuplicate
from onboarding.rules import duplicates as rules
from onboarding.rules import holders as holder_rules
from onboarding.rules.duplicates import Likeness
from onboarding.rules.requirements import wrongs_of_paper
from staff.lock import action
from staff.models import User
from staff.night import NightShift
from staff.roles import May
from ui.refusals import NotVisible, refuse_if


@action(May.ONBOARDING_WORK, "client opened", remember=("products",))
def open_client(
    _: None,
    *,
    by: User,
    products: list[str],
    born_on: date | None = None,
    identifier_kind: str = "",
    identifier_country: str = "",
    identifier_number: str = "",
    identifier_expires_on: date | None = None,
    **lead: Any,
) -> Onboarding:
    """A file and its onboarding in one: what was typed for the duplicate check is on the file already."""
    today = timezone.localdate()
    refuse_if(holder_rules.refusals_to_record_holder(born_on, today))
    shown = (identifier_kind, identifier_country, identifier_number, identifier_expires_on)
    refuse_if(wrong.sentence for wrong in wrongs_of_paper(*shown, today))
    client: Client = client_actions.open_lead(None, by=by, **lead)
    party = Party.objects.get(client=client, is_client=True)
    if born_on is not None:
        party.born_on = born_on
        party.save(update_fields=["born_on"])
    if identifier_number:
        Identifier.objects.create(
            client=client,
            party=party,
            kind=identifier_kind,
            country=identifier_country,
            number=identifier_number,
            expires_on=identifier_expires_on,
        )
    opened: Onboarding = start_onboarding(client.pk, by=by, products=products)
    return opened


@action(May.ONBOARDING_WATCH, "opening compared with the whole bank", on="onboarding.Onboarding")
def compare_opening(onboarding: Onboarding, *, by: User | NightShift) -> int:
    """Everyone on the opened file against every file, seen or unseen by its RM; the number of new pairs.

    It runs by itself, apart from the request that opened the file: neither its answer nor its time tells the
    RM whether there was an unseen one.
    """
    best: dict[int, Likeness] = {}
    for person in selectors.people_of(onboarding.client):
        for found in selectors.alike(by, person, but=onboarding.client_id):
            pk = found.client.pk
            if pk not in best or best[pk].score < found.likeness.score:
                best[pk] = found.likeness
    made = PossibleDuplicate.objects.bulk_create(
        (
            PossibleDuplicate(
                client_id=onboarding.client_id,
                other_id=other,
                score=likeness.score,
                reasons=list(likeness.reasons),
            )
            for other, likeness in best.items()
        ),
        ignore_conflicts=True,
    )
    onboarding.compared_at = timezone.now()
    onboarding.save(update_fields=["compared_at"])
    return len(made)


def compare_openings(*, by: NightShift, most: int = 200) -> int:
    """Openings that nobody has compared yet, the oldest first."""
    waiting = list(
        Onboarding.objects.visible_to(by).to_compare().order_by("pk").values_list("pk", flat=True)[:most]
    )
    for pk in waiting:
        compare_opening(pk, by=by)
    return len(waiting)


@action(
    May.DUPLICATES_DECIDE,
    "possible duplicate decided",
    on="onboarding.PossibleDuplicate",
    remember=("verdict",),
)
def decide_duplicate(pair: PossibleDuplicate, *, by: User, verdict: str) -> PossibleDuplicate:
    """The same or different, by who may see both files. A merge is done by hand."""
    if not Client.objects.visible_to(by).filter(pk=pair.other_id).exists():
        raise NotVisible(f"onboarding.PossibleDuplicate {pair.pk}")
    refuse_if(rules.refusals_to_decide_duplicate(pair.state, verdict))
    pair.state, pair.decided_by, pair.decided_at = verdict, by, timezone.now()
    pair.save(update_fields=["state", "decided_by", "decided_at"])
    return pair
