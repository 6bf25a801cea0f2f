"""What can be done with an opportunity."""

from django.conf import settings
from django.utils import timezone

from clients.models import Client
from compliance.selectors import refusals_to_go_on
from opportunities import rules, selectors
from opportunities.models import Opportunity, Stage
from staff.lock import action
from staff.models import User
from staff.roles import May
from ui.refusals import refuse_if


# Holds the client "for change": two colleagues cannot take up the same need at once.
@action(May.OPPORTUNITIES_WORK, "opportunity taken up", on="clients.Client", remember=("product_kind",))
def take_up_suggestion(client: Client, *, by: User, product_kind: str) -> Opportunity:
    """A need becomes a card on the pipeline, with the reason and the facts that made it."""
    refuse_if(refusals_to_go_on(client.pk))
    today = timezone.localdate()
    packs = selectors.packs(today)
    facts = selectors.facts_of([client], today, packs.opportunities)[client.pk]
    found = {need.product_kind: need for need in rules.needs(facts, today, packs.opportunities.body)}
    need = found.get(product_kind)
    refuse_if(rules.refusals_to_take_up(facts.in_pipeline, product_kind, need is not None))
    assert need is not None
    refuse_if(rules.refusals_to_propose(facts, product_kind, today, packs.opportunities.body, packs.max_risk))
    return Opportunity.objects.create(
        client=client,
        product_kind=product_kind,
        reason=need.reason,
        facts=need.facts | {"pack_version": packs.opportunities.version},
        value=need.value,
        currency=need.currency or settings.REPORTING_CURRENCY,
        owner=by,
    )


@action(
    May.OPPORTUNITIES_WORK, "opportunity moved", on="opportunities.Opportunity", remember=("to", "expected")
)
def move_opportunity(opportunity: Opportunity, *, by: User, to: str, expected: str) -> Opportunity:
    """To another stage; nothing is proposed that consent, KYC, target market or suitability forbid by now."""
    refuse_if(refusals_to_go_on(opportunity.client_id))
    refuse_if(rules.refusals_to_move(opportunity.stage, to, expected))
    if to == Stage.PROPOSED:
        refuse_if(selectors.refusals_to_propose(opportunity, timezone.localdate()))
    opportunity.stage, opportunity.moved_at = to, timezone.now()
    opportunity.save(update_fields=["stage", "moved_at"])
    return opportunity


@action(May.OPPORTUNITIES_WORK, "opportunity declined", on="opportunities.Opportunity", remember=("reason",))
def decline_opportunity(opportunity: Opportunity, *, by: User, reason: str, note: str = "") -> Opportunity:
    """The client said no, or we do: with one reason of a fixed list, and words where it knows none."""
    refuse_if(rules.refusals_to_decline(opportunity.stage, reason, note))
    opportunity.stage, opportunity.closed_reason, opportunity.closed_note = Stage.DECLINED, reason, note
    opportunity.moved_at = timezone.now()
    opportunity.save(update_fields=["stage", "closed_reason", "closed_note", "moved_at"])
    return opportunity
