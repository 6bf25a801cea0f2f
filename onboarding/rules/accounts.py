"""Which accounts an opening proposes, and what one may look like. Pure."""

from collections.abc import Iterable
from decimal import Decimal

from clients.rules.numbers import refusals_to_iban

# Product wanted -> the account it needs (portfolios.AccountKind).
ACCOUNT_OF = {
    "current": "current", "savings": "savings", "deposit": "deposit", "fund": "custody", "share": "custody",
    "bond": "custody", "structured": "custody", "mandate": "custody", "loan": "loan", "mortgage": "loan",
    "payments": "current", "fx": "current", "trade_finance": "current", "card": "current",
}  # fmt: skip


def accounts_needed(products: Iterable[str]) -> list[str]:
    """The kinds of account the wanted products need, each once."""
    return list(dict.fromkeys(ACCOUNT_OF[product] for product in products if product in ACCOUNT_OF))


def refusals_to_plan_account(
    kind: str, card: str, card_limit: Decimal | None, overdraft: Decimal | None, funded_from: str
) -> list[str]:
    """What fits together: cards and overdrafts to current accounts, and money from a real account."""
    refusals = []
    if card and kind != "current":
        refusals.append("A card belongs to a current account.")
    if card_limit and not card:
        refusals.append("A card limit without a card: choose the card.")
    if card_limit is not None and card_limit < 0:
        refusals.append("A card limit is not below 0.")
    if overdraft is not None and overdraft < 0:
        refusals.append("An account is overdrawn by 0 or more.")
    if overdraft and kind != "current":
        refusals.append("Only a current account can be overdrawn.")
    if funded_from:
        refusals += refusals_to_iban(funded_from)
    return refusals
