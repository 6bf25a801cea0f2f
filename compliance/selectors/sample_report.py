"""The report on the audit of interactions: what was covered, what passed, which questions are overdue."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from clients.access import Person, reach
from clients.models import Channel
from compliance.models import SampleItem, SamplePlan
from compliance.rules import sampling as rules
from compliance.rules.reports import first_month
from compliance.selectors.reports import MONTHS, team_names
from ui import formats
from ui.reports import Cell, Chart, Column, Report, Table, Tile, percent

FAILURES = (rules.FAILED, rules.REMEDIATED)
COUNTS = {
    "drawn": Count("pk"),
    "passed": Count("pk", filter=Q(state=rules.PASSED)),
    "failed": Count("pk", filter=Q(state__in=FAILURES)),
    "asked": Count("pk", filter=Q(state__in=(rules.QUERIED, rules.ANSWERED))),
}


def interaction_report(person: Person, asked: Mapping[str, Any], today: date) -> Report:
    """Of the whole bank for an officer, of the own teams' files for who leads them. 5 queries, or 6.

    A leader reads figures of the own people and no list: what was asked stays with who was asked.
    """
    whole = reach(person).everything
    months, team = int(asked.get("months") or MONTHS), asked.get("team")
    first, teams = first_month(today, months), team_names()
    items = SampleItem.objects.visible_to(person).filter(plan__last_on__gte=first).order_by()
    if team:
        items = items.filter(team=team)

    def opens(**query: Any) -> str:
        if not whole:
            return ""
        told = {"since": first.isoformat(), "team": team} | query
        filled = {key: value for key, value in told.items() if value not in ("", None)}
        return f"{reverse('compliance:samples')}?{urlencode(filled)}"

    counts = items.aggregate(**COUNTS, overdue=Count("pk", filter=Q(state=rules.QUERIED, due_on__lt=today)))
    decided = counts["passed"] + counts["failed"]
    by_author = items.values_list("author", "author__name").annotate(**COUNTS).order_by("author__name")
    by_team = items.filter(team__isnull=False).values_list("team", "team__name").annotate(**COUNTS)
    by_channel = items.values_list("channel").annotate(**COUNTS).order_by("channel")
    labels = {str(code): str(label) for code, label in Channel.choices}
    by_month = _plans(first, whole and not team)
    return Report(
        code="interactions",
        title=_("Audit of interactions"),
        sentence=_("Records of contacts that were sampled and reviewed (MiFID II 2017/565 Art. 76)."),
        as_of=today,
        filters=[
            (_("Period"), _("{count} months").format(count=months)),
            (_("Team"), teams.get(team, _("All")) if team else (_("All") if whole else _("Own teams"))),
        ],
        tiles=[
            Tile(
                _("Drawn"),
                formats.figure_text(counts["drawn"]),
                _("In plans of {count} months").format(count=months),
                opens(),
                "clipboard-list",
            ),
            Tile(
                _("Reviewed"),
                _share(decided, counts["drawn"]),
                _("{done} of {drawn}").format(done=decided, drawn=counts["drawn"]),
                opens(state="decided"),
                "clipboard-check",
            ),
            Tile(
                _("Passed"),
                _share(counts["passed"], decided),
                _("{failed} failed").format(failed=counts["failed"]),
                opens(state="failures"),
                "badge-check",
            ),
            Tile(
                _("Questions overdue"),
                formats.figure_text(counts["overdue"]),
                _("Of {count} that are open or answered").format(count=counts["asked"]),
                opens(state=rules.QUERIED, late="1"),
                "clock-alert",
            ),
        ],
        tables=[
            *([by_month] if by_month else []),
            _table(
                _("By author"),
                _("Author"),
                [
                    (name, each, lambda pk=pk, **query: opens(author=pk, **query))
                    for pk, name, *each in by_author
                ],
                chart=True,
            ),
            _table(
                _("By team"),
                _("Team"),
                [
                    (name, each, lambda pk=pk, **query: opens(**({"team": pk} | query)))
                    for pk, name, *each in by_team.order_by("team__name")
                ],
            ),
            _table(
                _("By channel"),
                _("Channel"),
                [
                    (labels.get(code, code), each, lambda code=code, **query: opens(channel=code, **query))
                    for code, *each in by_channel
                ],
                chart=True,
            ),
        ],
        sources=[
            _("A plan draws from the records logged in its days; it counts by its last day."),
            _("Passed: of those decided. Failed ones stay failed here when they were mended."),
        ],
    )


def _share(part: int, whole: int) -> str:
    value = percent(part, whole)
    return formats.NO_FIGURE if value is None else formats.figure_text(value, places=0, unit="%")


def _plans(first: date, shown: bool) -> Table | None:
    """How much of all records each plan covers; of the whole bank only. 1 query."""
    if not shown:
        return None
    plans = (
        SamplePlan.objects.filter(last_on__gte=first, drawn_at__isnull=False)
        .annotate(done=Count("items", filter=Q(items__decided_at__isnull=False)))
        .order_by("first_on")
    )
    language = formats.language()
    rows = [
        [
            Cell(
                f"{formats.day_text(plan.first_on, language)} – {formats.day_text(plan.last_on, language)}",
                reverse("compliance:sample_plan", args=[plan.pk]),
            ),
            Cell(plan.population),
            Cell(plan.always),
            Cell(plan.random),
            Cell(percent(plan.drawn, plan.population)),
            Cell(percent(plan.done, plan.drawn)),
        ]
        for plan in plans
    ]
    return Table(
        _("Coverage"),
        [
            Column(_("Plan")),
            Column(_("Records"), "count"),
            Column(_("By rule"), "count"),
            Column(_("By chance"), "count"),
            Column(_("Drawn of all"), "percent"),
            Column(_("Decided of drawn"), "percent"),
        ],
        rows,
    )


def _table(
    title: str, of: str, rows: list[tuple[str, list[int], Callable[..., str]]], chart: bool = False
) -> Table:
    cells = []
    for name, (drawn, passed, failed, asked), opens in rows:
        cells.append(
            [
                Cell(name),
                Cell(drawn, opens()),
                Cell(passed, opens(state=rules.PASSED)),
                Cell(failed, opens(state="failures")),
                Cell(asked, opens(state="asked")),
                Cell(percent(passed, passed + failed)),
            ]
        )
    return Table(
        title,
        [
            Column(of),
            Column(_("Drawn"), "count"),
            Column(_("Passed"), "count"),
            Column(_("Failed"), "count"),
            Column(_("Asked"), "count"),
            Column(_("Pass rate"), "percent"),
        ],
        cells,
        chart=Chart(
            [row[0].value for row in cells],
            [
                {"name": _("Passed"), "values": [row[2].value for row in cells]},
                {"name": _("Failed"), "values": [row[3].value for row in cells]},
                {"name": _("Asked"), "values": [row[4].value for row in cells]},
            ],
            of,
            urls=[row[1].url for row in cells] if cells and cells[0][1].url else [],
            stacked=True,
        )
        if chart and cells
        else None,
    )
