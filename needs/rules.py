"""How much risk a client wants, can bear and understands: three scores that are never averaged. Pure.

`figures` is the rule pack "needs": what each answer weighs. MiFID II 2017/565 Art. 54 and 55.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from rulebook.days import add_months

Answers = Mapping[str, Any]
Figures = Mapping[str, Any]


@dataclass(frozen=True)
class Part:
    """What one answer did to a score: `gained` of the `most` points it could have given."""

    question: str
    answer: str
    gained: Decimal
    most: Decimal

    @property
    def lost(self) -> Decimal:
        return self.most - self.gained


@dataclass(frozen=True)
class Score:
    """0 to 100, None while an answer is missing."""

    value: int | None
    parts: list[Part] = field(default_factory=list)


@dataclass(frozen=True)
class Result:
    """An assessment judged: three scores, the band of the lower of the first two, what contradicts what."""

    tolerance: Score
    capacity: Score
    knowledge: dict[str, str]  # asset class -> none, basic, experienced
    knowledge_score: int | None
    band: int | None
    contradictions: list[str]


def judge(
    answers: Answers, figures: Figures, band_from_score: Sequence[int], knowledge_of: Mapping[str, str]
) -> Result:
    """`knowledge_of`: question code -> asset class."""
    tolerance = score({code: answers.get(code) for code in figures["tolerance"]}, figures["tolerance"])
    capacity = score(capacity_answers(answers, figures), figures["capacity"])
    levels = {klass: str(answers[code]) for code, klass in knowledge_of.items() if answers.get(code)}
    known = [Decimal(figures["knowledge"][level]) for level in levels.values()]
    return Result(
        tolerance=tolerance,
        capacity=capacity,
        knowledge=levels,
        knowledge_score=_whole(sum(known, Decimal(0)) / len(known))
        if len(levels) == len(knowledge_of)
        else None,
        band=band(tolerance.value, capacity.value, band_from_score),
        contradictions=contradictions(answers, levels, tolerance.value, capacity.value, figures),
    )


def score(answers: Answers, weights: Mapping[str, Mapping[str, Any]]) -> Score:
    """The weighted mean of the points of each answer, and what each contributed."""
    total = sum((Decimal(each["weight"]) for each in weights.values()), Decimal(0))
    parts: list[Part] = []
    for code, each in weights.items():
        answer = answers.get(code)
        points = _points(answer, each)
        if points is None:
            continue
        share = Decimal(each["weight"]) / total
        parts.append(Part(code, str(answer), share * points, share * 100))
    whole = len(parts) == len(weights)
    return Score(_whole(sum((part.gained for part in parts), Decimal(0))) if whole else None, parts)


def _points(answer: Any, rule: Mapping[str, Any]) -> Decimal | None:
    """Points 0 to 100: by the answer's code, or by the last step that a figure reaches."""
    if answer is None or answer == "":
        return None
    if "points" in rule:
        points = rule["points"].get(answer)
        return None if points is None else Decimal(points)
    reached = Decimal(0)
    for least, points in rule["steps"]:
        if Decimal(answer) >= Decimal(str(least)):
            reached = Decimal(points)
    return reached


def _whole(value: Decimal) -> int:
    return int(value.quantize(Decimal(1), ROUND_HALF_UP))


def capacity_answers(answers: Answers, figures: Figures) -> dict[str, Any]:
    """The answers that capacity is made of; two of them are figures worked out from the amounts."""
    given = {code: answers.get(code) for code in figures["capacity"]}
    assets, debts, income = (amount(answers.get(code)) for code in ("assets", "debts", "income"))
    if assets is not None and debts is not None:
        own = max(assets - debts, Decimal(0))
        given["own_share"] = (own / assets * 100).quantize(Decimal("0.1")) if assets else Decimal(0)
        if income is not None:
            # Without an income the own means must last, at what a year costs.
            yearly = income if income > 0 else Decimal(figures["year_without_income"])
            given["reserve_years"] = (own / yearly).quantize(Decimal("0.1"))
    return given


def amount(value: Any) -> Decimal | None:
    if value is None or value == "":
        return None
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return None


def band(tolerance: int | None, capacity: int | None, band_from_score: Sequence[int]) -> int | None:
    """1 conservative to 5 aggressive, of the lower score: averaging would hide a low capacity."""
    if tolerance is None or capacity is None:
        return None
    lower = min(tolerance, capacity)
    return max(1, sum(1 for least in band_from_score if lower >= least))


def contradictions(
    answers: Answers, levels: Mapping[str, str], tolerance: int | None, capacity: int | None, figures: Figures
) -> list[str]:
    """Answers that cannot both be meant; they are talked about and mended, not averaged."""
    limits = figures["contradictions"]
    found = []
    if (
        answers.get("horizon") == "under_3"
        and tolerance is not None
        and tolerance >= limits["high_tolerance"]
    ):
        found.append(
            "The money is needed within 3 years, yet the answers ask for high risk: "
            "a fall could not be waited out."
        )
    if answers.get("goal") == "preserve" and answers.get("loss") in ("twenty", "forty"):
        found.append("The money should keep its value, yet a loss of 20 % or more would be borne.")
    if answers.get("goal") in ("growth", "most") and answers.get("loss") == "none":
        found.append("The money should grow, yet no loss at all would be borne.")
    if answers.get("goal") in ("growth", "most") and answers.get("liquidity") in ("half", "more"):
        found.append("The money should grow, yet half of it or more must be at hand within two years.")
    if answers.get("reaction") == "sell_all" and answers.get("loss") in ("twenty", "forty"):
        found.append("After a fall of a fifth everything would be sold, yet such a loss would be borne.")
    if answers.get("reaction") == "buy" and answers.get("loss") == "none":
        found.append("After a fall more would be bought, yet no loss at all would be borne.")
    if answers.get("goal") == "most" and levels and set(levels.values()) == {"none"}:
        found.append("The most growth is asked for without knowledge of any kind of investment.")
    if (
        tolerance is not None
        and capacity is not None
        and tolerance - capacity >= limits["tolerance_over_capacity"]
    ):
        found.append(
            f"The client wants far more risk ({tolerance}) than the means can bear ({capacity}): "
            "talk it through and note a smaller goal or a longer time."
        )
    return found


@dataclass(frozen=True)
class Appropriate:
    """Does the client know enough of a product to have it without advice? None: nobody has asked."""

    product: str
    enough: bool | None
    known: str  # the best level among the classes that count: none, basic, experienced
    classes: tuple[str, ...]  # of these one is enough
    least: str


LEVELS = ("none", "basic", "experienced")


def appropriateness(knowledge: Mapping[str, str] | None, figures: Figures) -> list[Appropriate]:
    """Of every product the figures name. `knowledge`: of an assessment that holds; None: there is none.

    Who knows too little, or was not asked, is warned and may still go on (MiFID II Art. 25(3)).
    """
    found = []
    for product, classes in sorted(figures["knowledge"].items()):
        least = str(figures["least"][product])
        known = max(
            ((knowledge or {}).get(each, "none") for each in classes), key=LEVELS.index, default="none"
        )
        enough = None if knowledge is None else LEVELS.index(known) >= LEVELS.index(least)
        found.append(Appropriate(product, enough, known, tuple(classes), least))
    return found


def refusals_to_sign(state: str, unanswered: int, found: Sequence[str]) -> list[str]:
    """A complete draft without contradictions. MiFID II 2017/565 Art. 54(7): answers must be consistent."""
    refusals = []
    if state != "draft":
        refusals.append("This assessment is signed already.")
    if unanswered:
        which = "questions are" if unanswered > 1 else "question is"
        refusals.append(f"{unanswered} {which} not answered: no score without them.")
    refusals.extend(f"Contradiction: {sentence}" for sentence in found)
    return refusals


def refusals_to_save_answers(client_state: str) -> list[str]:
    return ["The file is closed: nothing more can be asked."] if client_state == "closed" else []


def refusals_to_set_goal(by_on: date, today: date) -> list[str]:
    return [] if by_on > today else ["A goal lies ahead: give it a day after today."]


def valid_until(signed_on: date, months: int) -> date:
    """The last day on which an assessment holds. MiFID II 2017/565 Art. 54(13): at least yearly."""
    return add_months(signed_on, months)


def standing(until: date | None, today: date, warn_days: int) -> str:
    """missing, valid, expiring or expired."""
    if until is None:
        return "missing"
    if until < today:
        return "expired"
    return "expiring" if (until - today).days <= warn_days else "valid"
