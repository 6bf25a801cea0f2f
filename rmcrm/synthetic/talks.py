"""The history of contacts: as many as the segment asks for, in season, in the hours of the team's clock."""

from rmcrm.synthetic import interactions
from rmcrm.synthetic.client import INTERACTION, JOINING, SERVED, ClientFile
from rmcrm.synthetic.days import HISTORY, Days

_TIMES = [f" {8 + m // 60:02d}:{m % 60:02d}:00" for m in range(700)]
_QUIET = -140  # complaints younger than this are left to those who are planted as leaving


def months(days: Days) -> list[int]:
    """For each day of the history: in which of the 24 months of the book figures it lies, 24 for none."""
    ends = days.month_ends
    found, month = [], 0
    for n in range(-HISTORY, 1):
        while month < 24 and n > ends[month]:
            month += 1
        found.append(month if n > ends[0] - 31 else 24)
    return found


def write(file: ClientFile, of_month: list[int], three_years: int, contacts: list[int]) -> None:
    """All contacts of a client; `contacts` counts them by month."""
    chance, days, book = file.chance, file.days, file.book
    fewest, most = interactions.CONTACTS[file.segment]
    count = fewest + int(chance() * (most - fewest))
    if file.state in JOINING:
        count = 10 + int(chance() * 3)
    seasonal, low = days.seasonal, three_years
    if file.planted == "neglected" or file.closed:
        low = 0
    if file.since > -HISTORY:
        low = max(low, days.season_place(file.since))
    width = days.season_place(file.last + 1) - low
    when = [seasonal[low + int(chance() * width)] for _ in range(count - 1)]
    when.sort()
    when.append(file.last)
    lines = interactions.LINES[file.segment]
    zone, name, client, number = file.zone, file.name, file.id, file.id * INTERACTION
    keeper, since, before = book.keeper, book.since, book.before or book.keeper
    iso, leaving = days.iso, file.planted == "churners"
    hello = file.since > -1096
    rows = []
    for day in when:
        draw = int(chance() * 614_400)  # one draw for the template and the minute of the day
        line, minute = lines[draw & 1023], draw >> 10
        if line.complaint and day > _QUIET and not leaving:
            line = interactions.THANKS
        if hello:
            line, hello = interactions.HELLO, False
        text = iso(day)
        shift = zone[day + HISTORY]
        rows.append(
            f"{number}\t{client}\t{line.before}{text}{_TIMES[minute]}{shift}{line.middle}"
            f"{name if line.personal else ''}{line.after}{keeper if day >= since else before}\t"
            f"{text}{_TIMES[minute + 95]}{shift}\n"
        )
        number += 1
        contacts[of_month[day + HISTORY]] += 1
    if leaving:
        rows[-1] = _leaving(file, number - 1)
    file.out["clients_interaction"]("".join(rows))
    if file.state in SERVED and -file.last > interactions.CADENCE[file.segment]:
        file.truth("neglected", days=-file.last, last_contact_on=iso(file.last))
    if leaving:
        file.truth("churners", last_contact_on=iso(file.last))


def _leaving(file: ClientFile, number: int) -> str:
    line, text, shift = interactions.LEAVING, file.days.iso(file.last), file.zone[file.last + HISTORY]
    return (
        f"{number}\t{file.id}\t{line.before}{text}{_TIMES[137]}{shift}{line.middle}{line.after}"
        f"{file.book.keeper_on(file.last)}\t{text}{_TIMES[170]}{shift}\n"
    )
