"""The history of contacts: as many as the segment asks for, in season, in the hours of the team's clock."""

from rmcrm.synthetic import interactions
from rmcrm.synthetic.client import INTERACTION, JOINING, SERVED, ClientFile
from rmcrm.synthetic.days import HISTORY
from rmcrm.synthetic.interactions import Line

_QUIET = -140  # complaints younger than this are left to those who are planted as leaving
_FORMATS = 4096


class Formats:
    """Rows of contacts, all but who, when and by whom: laid out once for each zone and segment.

    Times are told in UTC. Local working hours are 8 to 17 in winter and 9 to 18 in summer, so no day is left.
    """

    def __init__(self, hours_ahead: float, lines: list[Line]):
        self.rows, self.complaints = [], []
        for place in range(_FORMATS):
            line = lines[place % len(lines)]
            minute = place * 7919 % 540  # of the nine hours
            self.rows.append(_format(line, 480 + minute - round(hours_ahead * 60)))
            self.complaints.append(line.complaint)
        morning = 510 - round(hours_ahead * 60)
        self.hello = _format(interactions.HELLO, morning)
        self.thanks = _format(interactions.THANKS, morning + 97)
        self.leaving = _format(interactions.LEAVING, morning + 211)


def _format(line: Line, minute: int) -> str:
    """For % with the ids of contact and client, the day, the client's name, who, and the day again."""
    who = "%s" if line.personal else "%.0s"  # who was there is told where someone sat opposite
    before, middle, after = (text.replace("%", "%%") for text in (line.before, line.middle, line.after))
    return f"%d\t%d\t{before}%s{_time(minute)}{middle}{who}{after}%d\t%s{_time(minute + 25)}\n"


def _time(minute: int) -> str:
    return f" {minute // 60:02d}:{minute % 60:02d}:00+00"


def write(file: ClientFile, formats: Formats, three_years: int) -> None:
    """All contacts of a client."""
    chance, days, book, last = file.chance, file.days, file.book, file.last
    fewest, most = interactions.CONTACTS[file.segment]
    count = fewest + int(chance() * (most - fewest))
    if file.state in JOINING:
        count = 10 + int(chance() * 3)
    seasonal, low = days.seasonal, three_years
    if file.planted == "neglected" or file.closed:
        low = 0
    if file.since > -HISTORY:
        low = max(low, days.season_place(file.since))
    width = days.season_place(last + 1) - low
    when = [seasonal[low + int(chance() * width)] for _ in range(count - 1)]
    when.sort()
    name, client, number = file.name, file.id, file.id * INTERACTION
    keeper, since, before = book.keeper, book.since, book.before or book.keeper
    iso, rows, complaints = days.iso, formats.rows, formats.complaints
    out = []
    for day in when:
        draw = int(chance() * _FORMATS)
        row = rows[draw]
        if complaints[draw] and day > _QUIET:
            row = formats.thanks
        text = iso(day)
        out.append(row % (number, client, text, name, keeper if day >= since else before, text))
        number += 1
    if file.since > -1096:
        text = iso(when[0])
        out[0] = formats.hello % (client * INTERACTION, client, text, name, book.keeper_on(when[0]), text)
    leaving = file.planted == "churners"
    text = iso(last)
    draw = int(chance() * _FORMATS)
    row = formats.leaving if leaving else formats.thanks if complaints[draw] else rows[draw]
    out.append(row % (number, client, text, name, keeper if last >= since else before, text))
    file.out["clients_interaction"]("".join(out))
    if file.state in SERVED and -last > interactions.CADENCE[file.segment]:
        file.truth("neglected", days=-last, last_contact_on=text)
    if leaving:
        file.truth("churners", last_contact_on=text)
