"""The rows that the whole bank shares: staff, products, prices, rates, models."""

import json
from collections.abc import Iterable

from rmcrm.synthetic.products import CLASSES, INSTRUMENTS, MODELS, SERVICES, TOLERANCE, Market, isin
from rmcrm.synthetic.staff import Plan, unusable_password

NULL = r"\N"
SOURCE = "synthetic"


def rows(table: str, plan: Plan, market: Market) -> Iterable[str]:
    """The lines of one shared table."""
    return _WRITERS[table](plan, market)


def _teams(plan: Plan, market: Market) -> Iterable[str]:
    for team in plan.teams:
        yield f"{team.id}\t{team.name}\t{team.parent or NULL}\t{team.zone}\t{team.calendar}\n"


def _users(plan: Plan, market: Market) -> Iterable[str]:
    iso = plan.days.iso
    for user in plan.users:
        active = "t" if user.active else "f"
        yield (
            f"{user.id}\t{user.login}\t{user.name}\t{user.login}@bank.example\t{user.role}\t"
            f"{user.team or NULL}\ten\t{active}\t{iso(user.joined)}\t{unusable_password(user.login)}\n"
        )


def _books(plan: Plan, market: Market) -> Iterable[str]:
    for book in plan.books:
        yield f"{book.id}\t{book.name}\t{book.team}\t{'t' if book.is_pool else 'f'}\n"


def _members(plan: Plan, market: Market) -> Iterable[str]:
    midnight = plan.days.midnight
    for number, member in enumerate(plan.members, start=1):
        end = f'"{midnight(member.end)}"' if member.end is not None else ""
        during = f'["{midnight(member.start)}",{end})'
        yield f"{number}\t{member.book}\t{member.user}\t{member.role}\t{during}\n"


def _products(plan: Plan, market: Market) -> Iterable[str]:
    for one in INSTRUMENTS:
        target = json.dumps(["affluent", "hnw", "corporate"] if one.risk_class > 5 else [])
        code = isin(one.id)
        yield (
            f"{one.id}\t{code}\t{one.name}\t{one.kind}\t{one.asset_class}\t{one.currency}\t{one.risk_class}\t{code}\t"
            f"{target}\n"
        )
    for number, (code, name, kind, currency, risk, segments) in enumerate(
        SERVICES, start=len(INSTRUMENTS) + 1
    ):
        yield f"{number}\t{code}\t{name}\t{kind}\t\t{currency}\t{risk}\t\t{json.dumps(segments)}\n"


def _prices(plan: Plan, market: Market) -> Iterable[str]:
    number = 0
    days = [plan.days.iso(day) for day in market.days]
    for product, series in market.prices.items():
        for day, price in zip(days, series, strict=True):
            number += 1
            yield f"{number}\t{product}\t{day}\t{price}\t{SOURCE}\n"


def _rates(plan: Plan, market: Market) -> Iterable[str]:
    number = 0
    days = [plan.days.iso(day) for day in market.days]
    for currency, series in market.rates.items():
        for day, rate in zip(days, series, strict=True):
            number += 1
            yield f"{number}\t{currency}\t{day}\t{rate}\t{SOURCE}\n"


def _models(plan: Plan, market: Market) -> Iterable[str]:
    for band, (name, _) in MODELS.items():
        yield f"{band}\t{name}\t{band}\n"


def _weights(plan: Plan, market: Market) -> Iterable[str]:
    number = 0
    for band, (_, targets) in MODELS.items():
        for asset_class, target in zip(CLASSES, targets, strict=True):
            number += 1
            yield f"{number}\t{band}\t{asset_class}\t{target}\t{TOLERANCE}\n"


_WRITERS = {
    "staff_team": _teams,
    "staff_user": _users,
    "staff_book": _books,
    "staff_bookmember": _members,
    "portfolios_product": _products,
    "portfolios_price": _prices,
    "portfolios_fxrate": _rates,
    "portfolios_modelportfolio": _models,
    "portfolios_modelweight": _weights,
}
