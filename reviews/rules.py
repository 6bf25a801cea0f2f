"""When a review is due, when it may be held, and what is kept of a valuation. Pure: dates are arguments."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from portfolios.rules import Balance, Finding, Position, Share, Valuation
from rulebook.days import add_months


def reviewed_at_latest(due_until: date, months: int) -> date:
    """The twin of add_months for a database: last reviewed by this day means due by `due_until`."""
    latest = add_months(due_until, -months)
    while add_months(latest + timedelta(days=1), months) <= due_until:
        latest += timedelta(days=1)
    while add_months(latest, months) > due_until:
        latest -= timedelta(days=1)
    return latest


def refusals_to_prepare(state: str, has_mandate: bool, as_of: date, today: date) -> list[str]:
    refusals = []
    if state == "closed":
        refusals.append("The file is closed.")
    if not has_mandate:
        refusals.append("There is no mandate: nothing says which model the portfolio should follow.")
    if as_of > today:
        refusals.append("A portfolio is valued today or on a day of the past.")
    return refusals


def profile_findings(standing: str, mandate: str) -> list[Finding]:
    """An assessment that is missing or expired blocks the report. MiFID II 2017/565 Art. 54.

    Execution only means that we judge nothing, so nothing blocks there.
    """
    if standing in ("valid", "expiring") or mandate == "execution":
        return []
    what = "has expired" if standing == "expired" else "is missing"
    return [
        Finding(
            "profile",
            standing,
            f"The client's needs assessment {what}.",
            "No recommendation and no report without a valid assessment (MiFID II).",
            True,
        )
    ]


def blocks(findings: Sequence[Mapping[str, Any]]) -> list[str]:
    """What must be mended before a report can leave the house."""
    return [str(finding["sentence"]) for finding in findings if finding.get("blocks")]


def refusals_to_value_anew(state: str) -> list[str]:
    return ["A review that was held stays as it was."] if state == "held" else []


def refusals_to_hold(
    *,
    state: str,
    findings: Sequence[Mapping[str, Any]],
    held_on: date | None,
    as_of: date,
    today: date,
    talk: str,
    recommendation: str,
    decision: str,
) -> list[str]:
    """A record of the talk, a decision, and nothing that blocks the report."""
    if state == "held":
        return ["This review was held already."]
    refusals = [f"The report is blocked: {sentence}" for sentence in blocks(findings)]
    if not talk.strip():
        refusals.append("Write down what was said.")
    if not decision:
        refusals.append("Note what the client decided.")
    if decision in ("accepted", "declined", "later") and not recommendation.strip():
        refusals.append("The client decided on a recommendation: write it down.")
    if decision == "none" and recommendation.strip():
        refusals.append("There is a recommendation: note what the client decided on it.")
    if held_on is None:
        refusals.append("Say on which day the review was held.")
    elif held_on > today:
        refusals.append("A review in the future is a meeting to plan, not one that was held.")
    elif held_on < as_of:
        refusals.append("The portfolio was valued after the day of the talk.")
    return refusals


# --- what is kept of a valuation: text for every Decimal and day -------------------------------------------


def frozen(valued: Valuation) -> dict[str, Any]:
    """The valuation as JSON, so that the paper of that day can always be made again."""
    return {
        "on": valued.on.isoformat(),
        "currency": valued.currency,
        "total": _text(valued.total),
        "invested": _text(valued.invested),
        "cash": _text(valued.cash),
        "debts": _text(valued.debts),
        "model": valued.model,
        "mandate": valued.mandate,
        "policy_version": valued.policy_version,
        "positions": [_position(position) for position in valued.positions],
        "balances": [_balance(balance) for balance in valued.balances],
        "allocation": [_share(share) for share in valued.allocation],
    }


def frozen_findings(findings: Sequence[Finding]) -> list[dict[str, Any]]:
    return [
        {
            "code": finding.code,
            "subject": finding.subject,
            "sentence": finding.sentence,
            "rule": finding.rule,
            "blocks": finding.blocks,
        }
        for finding in findings
    ]


def _text(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:f}"


def _position(position: Position) -> dict[str, Any]:
    item, quote = position.item, position.item.quote
    return {
        "code": item.code,
        "name": item.name,
        "asset_class": item.asset_class,
        "currency": item.currency,
        "risk_class": item.risk_class,
        "quantity": _text(item.quantity),
        "cost": _text(item.cost),
        "close": _text(quote.close) if quote else None,
        "price_on": quote.on.isoformat() if quote else None,
        "source": quote.source if quote else "",
        "rate": f"{position.cross.rate:.8f}" if position.cross and position.cross.on else None,
        "rate_on": position.cross.on.isoformat() if position.cross and position.cross.on else None,
        "rate_source": position.cross.source if position.cross else "",
        "value": _text(position.value),
        "weight": f"{position.weight:.4f}" if position.weight is not None else None,
        "gain": f"{position.gain:.4f}" if position.gain is not None else None,
        "why": position.why,
    }


def _balance(balance: Balance) -> dict[str, Any]:
    money = balance.money
    return {
        "number": money.number,
        "kind": money.kind,
        "currency": money.currency,
        "balance": _text(money.balance),
        "balance_on": money.balance_on.isoformat() if money.balance_on else None,
        "value": _text(balance.value),
        "why": balance.why,
    }


def _share(share: Share) -> dict[str, Any]:
    target = share.target
    return {
        "asset_class": share.asset_class,
        "value": _text(share.value),
        "weight": f"{share.weight:.4f}",
        "target": _text(target.target) if target else None,
        "tolerance": _text(target.tolerance) if target else None,
        "low": _text(target.low) if target else None,
        "high": _text(target.high) if target else None,
        "outside": share.outside,
    }
