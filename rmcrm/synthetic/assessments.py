"""Answered questionnaires of investors: answers whose scores are those that the rules give."""

from typing import NamedTuple

from rmcrm.synthetic.client import ClientFile


class Answered(NamedTuple):
    """One way to answer, and the tolerance and capacity it leads to by the first rule pack "needs"."""

    goal: str
    reaction: str
    loss: str
    horizon: str
    liquidity: str
    security: str
    debts: int  # percent of the assets
    years: float  # of income, that the own means would last
    tolerance: int
    capacity: int


# By band; a test asks needs.rules whether they still score so.
_ANSWERS = {
    1: [
        ("preserve", "sell_some", "none", "3_to_5", "half", "mixed", 40, 8, 12, 42),
        ("preserve", "sell_all", "five", "3_to_5", "half", "mixed", 40, 8, 8, 42),
        ("balanced", "sell_some", "twenty", "under_3", "half", "unsure", 5, 2, 50, 19),
        ("preserve", "sell_all", "none", "under_3", "quarter", "unsure", 40, 4.5, 0, 27),
        ("income", "sell_all", "five", "3_to_5", "more", "sure", 20, 14, 15, 50),
        ("preserve", "sell_all", "none", "under_3", "half", "unsure", 40, 14, 0, 22),
        ("income", "sell_all", "none", "under_3", "more", "unsure", 20, 8, 8, 16),
        ("income", "sell_all", "five", "under_3", "more", "sure", 20, 8, 15, 36),
        ("income", "sell_all", "five", "under_3", "half", "unsure", 5, 14, 15, 26),
        ("balanced", "hold", "five", "under_3", "more", "mixed", 40, 2, 49, 19),
    ],
    2: [
        ("income", "hold", "ten", "under_3", "half", "mixed", 20, 14, 47, 34),
        ("balanced", "sell_some", "five", "under_3", "quarter", "mixed", 40, 8, 35, 39),
        ("balanced", "hold", "five", "under_3", "half", "sure", 20, 2, 49, 37),
        ("balanced", "sell_all", "five", "3_to_5", "half", "mixed", 5, 8, 23, 46),
        ("income", "sell_some", "ten", "over_10", "more", "mixed", 5, 8, 33, 58),
        ("preserve", "hold", "none", "3_to_5", "half", "unsure", 20, 4.5, 26, 32),
        ("preserve", "sell_some", "five", "3_to_5", "more", "sure", 20, 2, 20, 43),
        ("income", "sell_some", "ten", "3_to_5", "quarter", "unsure", 20, 4.5, 33, 41),
        ("income", "sell_some", "none", "under_3", "quarter", "sure", 40, 14, 20, 51),
        ("preserve", "hold", "five", "under_3", "none", "unsure", 40, 14, 34, 46),
    ],
    3: [
        ("balanced", "sell_some", "ten", "3_to_5", "tenth", "sure", 40, 14, 41, 72),
        ("income", "buy", "five", "over_10", "tenth", "mixed", 40, 4.5, 55, 76),
        ("balanced", "sell_some", "twenty", "3_to_5", "half", "sure", 5, 8, 50, 56),
        ("income", "hold", "ten", "3_to_5", "tenth", "mixed", 40, 8, 47, 60),
        ("balanced", "sell_some", "twenty", "over_10", "tenth", "unsure", 5, 14, 50, 74),
        ("balanced", "buy", "ten", "3_to_5", "tenth", "unsure", 5, 8, 69, 54),
        ("growth", "hold", "forty", "3_to_5", "tenth", "unsure", 20, 14, 79, 54),
        ("income", "buy", "five", "over_10", "quarter", "unsure", 40, 4.5, 55, 57),
        ("most", "hold", "twenty", "3_to_5", "tenth", "unsure", 5, 8, 79, 54),
        ("income", "hold", "ten", "5_to_10", "tenth", "mixed", 40, 14, 47, 73),
    ],
    4: [
        ("most", "sell_some", "twenty", "over_10", "tenth", "mixed", 40, 4.5, 65, 76),
        ("growth", "hold", "ten", "3_to_5", "quarter", "sure", 5, 8, 62, 65),
        ("most", "sell_some", "forty", "over_10", "tenth", "mixed", 40, 4.5, 72, 76),
        ("growth", "buy", "ten", "over_10", "tenth", "mixed", 20, 14, 76, 82),
        ("balanced", "hold", "twenty", "over_10", "half", "mixed", 40, 8, 64, 60),
        ("growth", "hold", "ten", "5_to_10", "none", "sure", 5, 2, 62, 86),
        ("growth", "buy", "forty", "3_to_5", "tenth", "sure", 40, 14, 93, 72),
        ("most", "sell_some", "forty", "5_to_10", "none", "mixed", 20, 8, 72, 79),
        ("balanced", "buy", "ten", "3_to_5", "tenth", "sure", 20, 2, 69, 67),
        ("balanced", "buy", "five", "5_to_10", "none", "mixed", 5, 4.5, 63, 79),
    ],
    5: [
        ("growth", "buy", "forty", "5_to_10", "none", "sure", 40, 4.5, 93, 85),
        ("growth", "buy", "twenty", "over_10", "quarter", "sure", 20, 14, 85, 83),
        ("most", "hold", "forty", "5_to_10", "none", "sure", 40, 14, 86, 89),
        ("most", "hold", "forty", "over_10", "quarter", "sure", 20, 8, 86, 81),
        ("growth", "buy", "forty", "over_10", "quarter", "sure", 5, 8, 93, 83),
        ("most", "buy", "twenty", "over_10", "none", "mixed", 40, 8, 93, 84),
        ("most", "hold", "forty", "over_10", "none", "mixed", 20, 8, 86, 86),
        ("growth", "buy", "twenty", "over_10", "none", "sure", 40, 2, 85, 89),
    ],
}
ANSWERS = {band: [Answered(*row) for row in rows] for band, rows in _ANSWERS.items()}
CLASSES = ["bonds", "equity", "real_estate", "commodities", "alternatives"]
_KNOWS = {
    "little": ["basic", "basic", "basic", "none", "none"],
    "some": ["experienced", "basic", "basic", "basic", "none"],
    "much": ["experienced", "experienced", "experienced", "basic", "basic"],
}
_SUSTAINABLE = [
    '"none"',
    '"none"',
    '"some", "sustainability_how": "exclude"',
    '"strict", "sustainability_how": "impact"',
]


def answers(given: Answered, knows: str, assets: int, sustainable: int) -> str:
    """The answers as JSON; debts and income in the proportions that the scores rest on."""
    debts = assets * given.debts // 100
    income = round((assets - debts) / given.years)
    known = ", ".join(f'"know_{name}": "{level}"' for name, level in zip(CLASSES, _KNOWS[knows], strict=True))
    return (
        f'{{"goal": "{given.goal}", "horizon": "{given.horizon}", "liquidity": "{given.liquidity}", '
        f'"income": "{income}", "security": "{given.security}", "assets": "{assets}", "debts": "{debts}", '
        f'"reaction": "{given.reaction}", "loss": "{given.loss}", {known}, '
        f'"sustainability": {_SUSTAINABLE[sustainable]}}}'
    )


def knowledge(knows: str) -> str:
    levels = ", ".join(f'"{name}": "{level}"' for name, level in zip(CLASSES, _KNOWS[knows], strict=True))
    return f"{{{levels}}}"


_KNOWLEDGE = {knows: knowledge(knows) for knows in _KNOWS}


def write(file: ClientFile, opened: int) -> None:
    """The signed assessment of an investor; it holds for a year, and some have run out."""
    chance, days = file.chance, file.days
    choice = ANSWERS[file.band]
    given = choice[int(chance() * len(choice))]
    knows = "much" if file.segment == "hnw" or chance() < 0.2 else "some" if file.band > 2 else "little"
    signed = max(-int(chance() * 355) - 8, opened)
    if chance() < 0.05:
        signed = max(-370 - int(chance() * 60), opened)
    day = days.iso(signed)
    until = f"{int(day[:4]) + 1}{day[4:]}" if not day.endswith("02-29") else f"{int(day[:4]) + 1}-02-28"
    assets = max(round(file.invested_cents / 100 * 1.6 / 1000), 10) * 1000
    told = answers(given, knows, assets, int(chance() * 4))
    keeper = file.book.keeper_on(signed)
    file.out["needs_assessment"](
        f"{file.id}\t{file.id}\tsigned\t{told}\t{given.tolerance}\t{given.capacity}\t{_KNOWLEDGE[knows]}\t{file.band}\t"
        f"{keeper}\t{day} 10:30:00+00\t{day} 11:05:00+00\t{until}\t1\n"
    )
    if until < days.iso(0) and file.state != "closed":
        file.truth("assessment_expired", valid_until=until)
