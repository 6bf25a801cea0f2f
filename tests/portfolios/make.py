"""Products, prices and portfolios for tests."""

from datetime import date
from decimal import Decimal

from portfolios.models import (
    Account,
    FxRate,
    Holding,
    Mandate,
    ModelPortfolio,
    ModelWeight,
    Price,
    Product,
)

FRIDAY = date(2026, 3, 6)


def product(code, kind="share", asset_class="equity", currency="USD", risk_class=4, **prices):
    """`product("ACME", on_2026_03_06="10")`: an instrument and its closes."""
    made = Product.objects.create(
        code=code,
        name=f"{code} Inc",
        kind=kind,
        asset_class=asset_class,
        currency=currency,
        risk_class=risk_class,
    )
    for name, close in prices.items():
        price(made, date.fromisoformat(name.removeprefix("on_").replace("_", "-")), close)
    return made


def price(product, on, close, source="Exchange"):
    return Price.objects.create(product=product, on=on, close=Decimal(close), source=source)


def rate(currency, per_euro, on=FRIDAY):
    return FxRate.objects.create(currency=currency, on=on, per_euro=Decimal(per_euro), source="ECB")


def account(client, kind="custody", currency="EUR", balance="0", balance_on=None):
    return Account.objects.create(
        client=client,
        number=f"{kind}-{client.pk}-{Account.objects.count()}",
        kind=kind,
        currency=currency,
        opened_on=date(2020, 1, 1),
        balance=Decimal(balance),
        balance_on=balance_on,
    )


def holding(account, product, quantity="10", cost="100"):
    return Holding.objects.create(
        client_id=account.client_id,
        account=account,
        product=product,
        quantity=Decimal(quantity),
        cost=None if cost is None else Decimal(cost),
    )


def mandate(client, band=3, weights=(("equity", "60", "10"), ("bonds", "35", "10"), ("cash", "5", "5"))):
    model, made = ModelPortfolio.objects.get_or_create(band=band, defaults={"name": f"Model {band}"})
    if made:
        for asset_class, target, tolerance in weights:
            ModelWeight.objects.create(
                portfolio=model, asset_class=asset_class, target=Decimal(target), tolerance=Decimal(tolerance)
            )
    return Mandate.objects.create(client=client, kind="advisory", model=model, since_on=date(2021, 1, 1))
