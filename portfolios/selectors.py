"""What the pages about portfolios show."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import CharField, DateField, F, Max, Min, OuterRef, Subquery, Value
from django.db.models.functions import Cast, JSONObject

from clients.models import Client
from portfolios import rules
from portfolios.models import (
    Account,
    AccountKind,
    AssetClass,
    Card,
    FxRate,
    Holding,
    Mandate,
    ModelWeight,
    Price,
    ProductKind,
)
from rulebook.days import quarter_end_before
from rulebook.selectors import pack


def products_held(client_ids: Iterable[int]) -> dict[int, dict[str, date | None]]:
    """Client -> kind of product (ProductKind) -> since when, where that is known. 1 query.

    A custody account is none by itself: what lies in it is. Services without an account are not told here.
    """
    ids = list(client_ids)
    unknown, card, mandate = Value(None, DateField()), Value(ProductKind.CARD), Value(ProductKind.MANDATE)
    accounts = Account.objects.filter(client__in=ids, closed_on__isnull=True).exclude(
        kind=AccountKind.CUSTODY
    )
    discretionary = Mandate.objects.filter(client__in=ids, kind=Mandate.Kind.DISCRETIONARY)
    rows = accounts.values_list("client_id", "kind", Min("opened_on")).union(
        Holding.objects.filter(client__in=ids).values_list("client_id", "product__kind", unknown),
        Card.objects.filter(client__in=ids).values_list("client_id", card, Min("issued_on")),
        discretionary.values_list("client_id", mandate, "since_on"),
    )
    held: dict[int, dict[str, date | None]] = {}
    for client_id, kind, since in rows:
        held.setdefault(client_id, {})[kind] = since
    return held


def valued_holdings(
    client: Client, on: date, currency: str = "", *, band: int | None = None
) -> rules.Valuation:
    """What an opened client has with us on that day, in `currency` (the client's own). 6 queries.

    `band` is that of the signed assessment, where the caller knows it (needs lies above this room).
    """
    currency = currency or client.currency
    policy, suitability = pack("portfolio", on), pack("suitability", on)
    items = _items(client, on)
    moneys = _moneys(client, on)
    rates = rates_on(
        {currency, *(row.currency for row in items), *(row.currency for row in moneys)},
        on,
        int(policy["stale_price_days"]),
    )
    weights = list(
        ModelWeight.objects.filter(portfolio__mandates__client=client)
        .select_related("portfolio")
        .annotate(served=F("portfolio__mandates__kind"))
        .order_by("-target", "asset_class")
    )
    first = weights[0] if weights else None
    return rules.value_portfolio(
        items,
        moneys,
        on=on,
        currency=currency,
        rates=rates,
        targets=[rules.Target(row.asset_class, row.target, row.tolerance) for row in weights],
        model=first.portfolio.name if first else "",
        model_band=first.portfolio.band if first else None,
        mandate=first.served if first else "",
        band=band,
        policy=policy.body,
        max_risk_class=suitability["max_risk_class"],
        policy_version=policy.version,
    )


def _items(client: Client, on: date) -> list[rules.Item]:
    """Every holding with the latest price of that day or before. 1 query."""
    latest = Price.objects.filter(product=OuterRef("product"), on__lte=on).order_by("-on")
    # As text inside JSON: a JSON number would come back as a float.
    quote = latest.values(quote=JSONObject(close=Cast("close", CharField()), on="on", source="source"))[:1]
    holdings = Holding.objects.filter(client=client).select_related("product", "account")
    return [
        rules.Item(
            holding_id=row.pk,
            account=row.account.number,
            product_id=row.product_id,
            code=row.product.code,
            name=row.product.name,
            kind=row.product.kind,
            asset_class=row.product.asset_class or "unclassified",
            currency=row.product.currency,
            risk_class=row.product.risk_class,
            quantity=row.quantity,
            cost=row.cost,
            quote=_quote(row.quote),
        )
        for row in holdings.annotate(quote=Subquery(quote)).order_by("product__name", "id")
    ]


def _quote(row: dict[str, Any] | None) -> rules.Quote | None:
    return rules.Quote(Decimal(row["close"]), date.fromisoformat(row["on"]), row["source"]) if row else None


def _moneys(client: Client, on: date) -> list[rules.Money]:
    """The open accounts that hold money (a custody account holds instruments). 1 query."""
    accounts = Account.objects.filter(client=client, closed_on__isnull=True).exclude(kind="custody")
    moneys = [
        rules.Money(
            row.pk, row.number, row.kind, row.currency, row.balance, row.balance_on, row.get_kind_display()
        )
        for row in accounts
    ]
    return sorted(moneys, key=lambda money: (money.kind, money.number))


def rates_on(currencies: Iterable[str], on: date, max_days: int) -> dict[str, rules.Rate]:
    """Each currency's rate of that day, or of the latest one up to `max_days` before (weekends have none)."""
    rows = (
        FxRate.objects.filter(
            currency__in=sorted(set(currencies) - {"EUR"}), on__lte=on, on__gte=on - timedelta(days=max_days)
        )
        .order_by("currency", "-on")
        .distinct("currency")
    )
    return {row.currency: rules.Rate(row.per_euro, row.on, row.source) for row in rows}


def change_since(valuation: rules.Valuation, since: date, max_days: int) -> rules.Change | None:
    """Today's positions valued on an earlier day; None when a price or rate of then is missing. 2 queries."""
    if not valuation.positions or valuation.invested is None:
        return None
    latest = Price.objects.filter(product=OuterRef("product"), on__lte=since).order_by("-on")
    held = Holding.objects.filter(pk__in=[position.item.holding_id for position in valuation.positions])
    recent = latest.filter(on__gte=since - timedelta(days=max_days)).values("close")[:1]
    then = dict(held.annotate(close=Subquery(recent)).values_list("pk", "close"))
    rates = rates_on(
        {valuation.currency, *(position.item.currency for position in valuation.positions)}, since, max_days
    )
    worth = Decimal(0)
    for position in valuation.positions:
        close = then.get(position.item.holding_id)
        by, _missing = rules.cross(position.item.currency, valuation.currency, since, rates, max_days)
        if close is None or by is None:
            return None
        worth += rules.converted(position.item.quantity * close, by)
    return rules.Change(since, worth, valuation.invested)


# What a client is worth in one currency, as rules.value_portfolio says it, for many clients at once. A client
# with a part that has no price, rate or balance of that day has no row. `day` is that of the newest figure.
VALUED = """
WITH rate AS (
    SELECT 'EUR' AS currency, 1::numeric AS per_euro, NULL::date AS day
    UNION ALL (
        SELECT DISTINCT ON (currency) currency, per_euro, "on" FROM portfolios_fxrate
        WHERE "on" BETWEEN %(on)s::date - %(max_days)s AND %(on)s ORDER BY currency, "on" DESC
    )
), wanted AS (SELECT per_euro, day FROM rate WHERE currency = %(currency)s
), part AS (
    SELECT holding.client_id, product.currency, holding.quantity * price.close AS worth, price."on" AS day
    FROM portfolios_holding holding JOIN portfolios_product product ON product.id = holding.product_id
    LEFT JOIN LATERAL (
        SELECT close, "on" FROM portfolios_price WHERE product_id = product.id AND "on" <= %(on)s
        ORDER BY "on" DESC LIMIT 1
    ) price ON true
    WHERE holding.client_id = ANY(%(clients)s)
    UNION ALL
    SELECT client_id, CASE WHEN balance = 0 THEN %(currency)s ELSE currency END,
           CASE WHEN balance_on > %(on)s THEN NULL ELSE balance END, balance_on
    FROM portfolios_account WHERE client_id = ANY(%(clients)s) AND closed_on IS NULL AND kind <> 'custody'
), valued AS (
    SELECT part.client_id,
           CASE WHEN part.currency = %(currency)s THEN round(part.worth, 2)
                ELSE round(part.worth * wanted.per_euro / rate.per_euro, 2) END AS value,
           CASE WHEN part.currency = %(currency)s THEN part.day
                ELSE greatest(part.day, rate.day, wanted.day) END AS day
    FROM part LEFT JOIN rate ON rate.currency = part.currency LEFT JOIN wanted ON true
)
SELECT client_id, sum(greatest(value, 0)) AS value, coalesce(max(day), %(on)s) AS day
FROM valued GROUP BY client_id HAVING bool_and(value IS NOT NULL)
"""


def unvalued_clients(on: date, currency: str, max_days: int, size: int = 1000) -> Iterable[list[int]]:
    """For the night: client ids whose figures are newer than their value, a window of clients at a time."""
    last = 0
    while True:
        window = list(Client.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:size])
        if not window:
            return
        last = window[-1]
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT client.id FROM clients_client client JOIN ({VALUED}) fresh "  # noqa: S608
                "ON fresh.client_id = client.id "
                "WHERE client.value_on IS NULL OR fresh.day > client.value_on ORDER BY client.id",
                {"on": on, "currency": currency, "max_days": max_days, "clients": window},
            )
            if newer := [row[0] for row in cursor.fetchall()]:
                yield newer


@dataclass(frozen=True)
class Portfolio:
    """All that the page about a client's portfolio shows."""

    valued: rules.Valuation
    change: rules.Change | None  # since the quarter began
    loss_step: int  # percent
    bars: list[dict[str, Any]]
    latest: date | None  # the last day on which all that is held has a price

    @property
    def loss_steps(self) -> int:
        return rules.loss_steps(self.change, self.loss_step) if self.change else 0


def portfolio(client: Client, on: date) -> Portfolio:
    """The page /portfolios/<client>/ of an opened client. 9 queries at most."""
    valued = valued_holdings(client, on)
    policy = pack("portfolio", on)
    # The quarter is the period of MiFID II 2017/565 Art. 60 and 62.
    change = change_since(valued, quarter_end_before(on), int(policy["stale_price_days"]))
    latest = _latest_whole_day(client, on) if valued.missing else None
    return Portfolio(valued, change, int(policy["loss_step"]), allocation_bars(valued), latest)


def _latest_whole_day(client: Client, on: date) -> date | None:
    """The earliest of the latest price days of what is held: then a valuation had all prices. 1 query."""
    days = (
        Price.objects.filter(product__holdings__client=client, on__lte=on)
        .values("product")
        .annotate(last=Max("on"))
        .values_list("last", flat=True)
    )
    return min(days, default=None)


def allocation_bars(valued: rules.Valuation) -> list[dict[str, Any]]:
    """The allocation as a picture: per asset class a bar, the model's band and its target, in percent."""
    labels = dict(AssetClass.choices)
    longest = max(
        [max(share.weight, share.target.high if share.target else Decimal(0)) for share in valued.allocation],
        default=Decimal(0),
    )
    width = int(longest // 10 + 1) * 10  # the picture ends at the next ten after the longest bar
    return [
        {
            "share": share,
            "width": width,
            "label": labels.get(share.asset_class, share.asset_class),
            "weight": f"{share.weight:.2f}",
            "low": f"{share.target.low:.2f}" if share.target else "",
            "band": f"{share.target.high - share.target.low:.2f}" if share.target else "",
            "target": f"{share.target.target:.2f}" if share.target else "",
        }
        for share in valued.allocation
    ]
