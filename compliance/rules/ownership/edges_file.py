"""A file of edges, read without guessing: every problem is named by line, column, value and reason."""

import csv
import io
import re
from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction

from compliance.rules.ownership.graph import COMPANY, PERSON, TRUST, Edge, Graph, Node, over_whole, percent

COLUMNS = ("owner", "owned", "share", "owner_kind", "blocked")
KINDS = {
    "person": PERSON,
    "company": COMPANY,
    "organisation": COMPANY,
    "trust": TRUST,
    "foundation": TRUST,
}
SAID = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False, "": None}
MOST_LINES = 200_000
_NUMBER = re.compile(r"[+-]?\d{1,30}(\.\d{1,30})?\s*%?")


@dataclass(frozen=True)
class Problem:
    line: int  # of the file, the heading is line 1; 0: the file as a whole
    column: str
    value: str
    reason: str

    def __str__(self) -> str:
        where = f"line {self.line}" if self.line else "file"
        what = f", {self.column} {self.value!r}" if self.column else ""
        return f"{where}{what}: {self.reason}"


def read_edges(content: bytes) -> tuple[Graph | None, list[Problem]]:
    """The graph, or None and why not: a file with one wrong line is not half read."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        return None, [Problem(line, "", "", "The file is not UTF-8 text.")]
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    problems: list[Problem] = []
    reading = _Reading()
    try:
        heading = [cell.strip().lower() for cell in next(reader, [])]
        if problems := _problems_of_heading(heading):
            return None, problems
        for cells in reader:
            line = reader.line_num
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(heading):
                problems.append(Problem(line, "", "", f"{len(cells)} cells, the heading has {len(heading)}."))
            else:
                problems += reading.take(
                    line, dict(zip(heading, (cell.strip() for cell in cells), strict=True))
                )
            if reading.lines > MOST_LINES:
                return None, [Problem(line, "", "", f"More than {MOST_LINES:,} lines.")]
    except csv.Error as error:
        problems.append(Problem(reader.line_num, "", "", f"This is not CSV: {error}."))
    if not problems:
        problems = reading.problems_of_the_whole()
    if not problems and not reading.lines:
        problems = [Problem(0, "", "", "The file names nobody.")]
    return (None, problems) if problems else (reading.graph(), [])


def _problems_of_heading(heading: list[str]) -> list[Problem]:
    missing = [name for name in COLUMNS if name not in heading]
    twice = sorted({name for name in heading if heading.count(name) > 1})
    if missing:
        hint = " Separate columns by commas." if ";" in "".join(heading) else ""
        return [Problem(1, "", "", f"These columns are missing: {', '.join(missing)}.{hint}")]
    return [Problem(1, "", "", f"These columns stand there twice: {', '.join(twice)}.")] if twice else []


class _Reading:
    """What the lines said so far."""

    def __init__(self) -> None:
        self.lines = 0
        self.edges: list[tuple[int, Edge]] = []
        self.kinds: dict[Node, str] = {}
        self.kind_lines: dict[Node, int] = {}
        self.blocked: dict[Node, tuple[bool, int]] = {}
        self.unshared: list[tuple[int, Edge]] = []

    def take(self, line: int, row: dict[str, str]) -> list[Problem]:
        self.lines += 1
        owner, owned, kind = row["owner"], row["owned"], KINDS.get(row["owner_kind"].lower())
        problems = [Problem(line, name, "", "It is empty.") for name in ("owner", "owned") if not row[name]]
        if owner and owner == owned:
            problems.append(Problem(line, "owned", owned, "Nobody owns itself."))
        if kind is None:
            problems.append(Problem(line, "owner_kind", row["owner_kind"], f"One of {', '.join(KINDS)}."))
        share, reason = _share_of(row["share"])
        if reason:
            problems.append(Problem(line, "share", row["share"], reason))
        if (said := SAID.get(row["blocked"].lower(), "?")) == "?":
            problems.append(Problem(line, "blocked", row["blocked"], "true or false."))
        if problems or kind is None:
            return problems
        return self._remember(line, Edge(owner, owned, share), kind, said is True, said is not None)

    def _remember(self, line: int, edge: Edge, kind: str, is_blocked: bool, is_said: bool) -> list[Problem]:
        problems = []
        if self.kinds.setdefault(edge.owner, kind) != kind:
            first = self.kind_lines[edge.owner]
            problems.append(
                Problem(line, "owner_kind", kind, f"Line {first} calls it a {self.kinds[edge.owner]}.")
            )
        self.kind_lines.setdefault(edge.owner, line)
        if is_said:
            before, first = self.blocked.setdefault(edge.owner, (is_blocked, line))
            if before != is_blocked:
                reason = f"Line {first} says that it is {'' if before else 'not '}blocked."
                problems.append(Problem(line, "blocked", str(is_blocked).lower(), reason))
        self.edges.append((line, edge))
        return problems

    def problems_of_the_whole(self) -> list[Problem]:
        lines: dict[Node, list[int]] = defaultdict(list)
        problems = []
        for line, edge in self.edges:
            lines[edge.owned].append(line)
            if self.kinds.get(edge.owned) == PERSON:
                first = self.kind_lines[edge.owned]
                reason = f"A person is not owned, and line {first} says that this is one."
                problems.append(Problem(line, "owned", str(edge.owned), reason))
            if not edge.share and self.kinds.get(edge.owned) != TRUST:
                problems.append(
                    Problem(line, "share", "", "It is empty: only who has a role in a trust has no share.")
                )
        for owned, total in over_whole(edge for _, edge in self.edges).items():
            where = ", ".join(str(line) for line in lines[owned][:20])
            reason = f"Its owners hold {percent(total)} together (lines {where}): at most 100 can be."
            problems.append(Problem(lines[owned][-1], "owned", str(owned), reason))
        return problems

    def graph(self) -> Graph:
        blocked = frozenset(owner for owner, (is_blocked, _) in self.blocked.items() if is_blocked)
        return Graph(tuple(edge for _, edge in self.edges), self.kinds, blocked)


def _share_of(text: str) -> tuple[Fraction, str]:
    """Percent: "25", "25 %", "33.3333". 0.25 is a quarter of a percent and never a quarter."""
    if not text:
        return Fraction(0), ""  # judged when it is known what is owned
    if not _NUMBER.fullmatch(text):
        comma = " Write the decimals with a point." if "," in text else ""
        return Fraction(0), f"Not a number.{comma}"
    share = Fraction(text.rstrip("% ")) / 100
    if share < 0:
        return share, "It is negative."
    if share == 0:
        return share, "Nothing is held: leave the line out."
    return share, "More than 100 percent." if share > 1 else ""
