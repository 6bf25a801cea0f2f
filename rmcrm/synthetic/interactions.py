"""What was said with clients: templates by segment, laid out in tables so that a contact is a look-up."""

from collections.abc import Callable
from typing import NamedTuple

from rmcrm.synthetic.dice import Weighted, dice
from rmcrm.synthetic.texts import DATA

TABLE = 1024


class Line(NamedTuple):
    """The columns of an interaction around its time, tabs included; and what the truths need."""

    before: str  # channel, outbound, purpose
    middle: str  # minutes, place
    after: str  # summary, notes, advice, and what the record of advice must hold
    personal: bool  # someone sat opposite: attendees are named
    complaint: bool = False


def _templates() -> dict[str, list[str]]:
    """The sections of data/contacts.txt, line by line."""
    sections: dict[str, list[str]] = {}
    for line in (DATA / "contacts.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            section = sections.setdefault(line.strip("[]"), [])
        elif line:
            section.append(line)
    return sections


_TEMPLATES = _templates()
_NOTES = [""] * 14 + _TEMPLATES["notes"]  # most contacts need none


def _table(section: str, number: int) -> list[Line]:
    """share | channel | who began | purpose | minutes | place | advice; below each, what was said."""
    rows: list[tuple[tuple[str, ...], float]] = []
    share = 0.0
    shape: tuple[str, ...] = ()
    for line in _TEMPLATES[section]:
        if line.startswith(" "):
            rows.append(((*shape, line.strip()), share))
            continue
        first, *rest = (part.strip() for part in line.split("|"))
        share, shape = float(first), tuple(rest)
    pick = Weighted(rows)
    chance = dice(0, "staff", 900_000 + number).random
    table = []
    for place_in_table in range(TABLE):
        channel, begun, purpose, minutes, place, advice, summary = pick.pick((place_in_table + 0.5) / TABLE)
        note = _NOTES[int(chance() * len(_NOTES))]
        length = str(max(3, round(int(minutes) * (0.6 + chance() * 0.9)))) if minutes else r"\N"
        record = _advice(section, channel, place_in_table, chance) if advice else NONE
        table.append(
            Line(
                f"{channel}\t{'t' if begun == 'we' else 'f'}\t{purpose}\t",
                f"\t{length}\t{place}\t",
                f"\t{summary}\t{note}\t{'t' if advice else 'f'}\t{record}",
                channel in {"meeting", "visit", "video"},
                purpose == "complaint",
            )
        )
    return table


def _advice(section: str, channel: str, number: int, chance: Callable[[], float]) -> str:
    """Country, products, inducement, recording, follow-up: whole, but for one contact in thirty."""
    recording = f"REC-{number:06}" if channel in {"call", "video"} else ""
    products = "" if chance() < 1 / 30 else PRODUCTS[section]
    return f"CH\t{products}\tnone\t{recording}\tWill think about it\t"


PRODUCTS = {
    "mass": "Savings account, term deposit",
    "wealth": "Investment funds, bonds",
    "business": "Credit line, payments",
}
NONE = "\t" * 5
_RICH, _FIRMS = _table("wealth", 2), _table("business", 4)
LINES = {"mass": _table("mass", 1), "affluent": _RICH, "hnw": _RICH, "sme": _FIRMS, "corporate": _FIRMS}
LEAVING = Line(
    "call\tf\tcomplaint\t",
    "\t15\t\t",
    "\tComplained and asked how to close the accounts\tNamed another bank's offer. Money is leaving.\tf\t"
    + NONE,
    False,
    True,
)
HELLO = Line(
    "meeting\tt\tservice\t", "\t30\tBranch\t", "\tFirst meeting and opening of the file\t\tf\t" + NONE, True
)
THANKS = Line(
    "call\tt\tservice\t", "\t6\t\t", "\tCalled back about a question, all settled\t\tf\t" + NONE, False
)

# How many contacts in three years, and within how many days an active client is to hear from the bank.
CONTACTS = {"mass": (10, 13), "affluent": (12, 26), "hnw": (20, 41), "sme": (12, 28), "corporate": (18, 41)}
CADENCE = {"mass": 365, "affluent": 60, "hnw": 30, "sme": 60, "corporate": 30}
