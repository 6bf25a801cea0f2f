"""The accounts an opening plans."""

from decimal import Decimal

from clients.rules.numbers import tidy_number
from onboarding import rules
from onboarding.actions.steps import fall, remember_step
from onboarding.models import Onboarding, PlannedAccount
from onboarding.rules import accounts as account_rules
from staff.lock import action
from staff.models import User
from staff.roles import May
from ui.refusals import NotVisible, refuse_if


@action(May.ONBOARDING_WORK, "account planned", on="onboarding.Onboarding", remember=("kind", "currency"))
def plan_account(
    onboarding: Onboarding,
    *,
    by: User,
    kind: str,
    currency: str,
    card: str = "",
    card_limit: Decimal | None = None,
    overdraft: Decimal | None = None,
    online: bool = True,
    statements: str = "monthly",
    funded_from: str = "",
) -> PlannedAccount:
    """One account as the client needs it; it is part of what a second person approves."""
    refuse_if(rules.refusals_to_change(onboarding.state))
    refuse_if(account_rules.refusals_to_plan_account(kind, card, card_limit, overdraft, funded_from))
    planned: PlannedAccount = PlannedAccount.objects.create(
        client_id=onboarding.client_id,
        onboarding=onboarding,
        kind=kind,
        currency=currency,
        card=card,
        card_limit=card_limit if card else None,
        overdraft=overdraft,
        online=online,
        statements=statements,
        funded_from=tidy_number(funded_from),
    )
    remember_step(onboarding, "accounts", by)
    fall(onboarding)
    return planned


@action(May.ONBOARDING_WORK, "planned account removed", on="onboarding.Onboarding", remember=("account_id",))
def drop_account(onboarding: Onboarding, *, by: User, account_id: int) -> Onboarding:
    refuse_if(rules.refusals_to_change(onboarding.state))
    dropped, _of = PlannedAccount.objects.filter(onboarding=onboarding, pk=account_id).delete()
    if not dropped:
        raise NotVisible(f"onboarding.PlannedAccount {account_id}")
    remember_step(onboarding, "accounts", by)
    fall(onboarding)
    return onboarding
