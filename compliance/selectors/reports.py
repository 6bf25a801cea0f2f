"""The reports of the desk: the portfolio by risk, the punctuality of reviews, how screening goes."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from itertools import product
from typing import Any, cast
from urllib.parse import urlencode

from babel.dates import format_date
from django.conf import settings
from django.db.models import Aggregate, Count, DurationField, ExpressionWrapper, F, FloatField, Q, Sum
from django.db.models.functions import Extract, TruncMonth
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clients.access import Person, reach
from clients.models import Risk, Segment
from clients.selectors.lists import RISK_TONES
from compliance.models import HitStep, KycReview, ReviewFigure, RiskFigure, ScreeningHit, ScreeningRun
from compliance.rules.lists import title_of
from compliance.rules.reports import first_month, median_of, months_between
from compliance.selectors.gaps import last_sweep
from compliance.selectors.screening import active_lists
from compliance.selectors.statistics import screening_statistics
from staff.models import BookMember, Team
from ui import formats
from ui.formats import midnight
from ui.reports import Cell, Chart, Column, Report, Table, Tile, percent

RISKS = [Risk.HIGH, Risk.MEDIUM, Risk.LOW, Risk.UNRATED]
MONTHS = 12


def _url(name: str, **query: Any) -> str:
    told = {key: value for key, value in query.items() if value not in ("", None)}
    return f"{reverse(name)}?{urlencode(told)}" if told else reverse(name)


def _month(month: date) -> str:
    """ "Nov 2026" in the reader's language."""
    return format_date(month, "MMM y", locale=formats.locale_of(formats.language()))


def _count(value: int) -> str:
    return formats.figure_text(value)


def team_names() -> dict[int, str]:
    """Teams that serve clients. 1 query."""
    serving = Team.objects.filter(books__isnull=False).distinct().order_by("name")
    return dict(serving.values_list("pk", "name"))


# --- the portfolio by risk -------------------------------------------------------------------------------


def risk_report(person: Person, asked: Mapping[str, Any], today: date) -> Report:
    """Served clients and what they are worth by risk, as of the last look. 3 queries, never more."""
    sweep, teams = last_sweep(), team_names()
    by = asked.get("by", "team")
    figures = RiskFigure.objects.all() if _sees_all(person) else RiskFigure.objects.none()
    chosen = {name: asked[name] for name in ("segment", "team", "country") if asked.get(name)}
    outer = "team_id" if by == "team" else "country"
    rows = list(
        figures.filter(**chosen)
        .values_list("segment", outer, "risk")
        .annotate(clients_=Sum("clients"), value_=Sum("value"), pep_=Sum("pep"), edd_=Sum("edd"))
        .order_by()
    )
    sums = _Sums(rows)
    places = sorted(sums.keys(1), key=lambda key: -sums.get("clients", place=key))
    total, high = sums.get("clients"), sums.get("clients", risk=Risk.HIGH)
    worth = sums.get("value")
    worth_high = sums.get("value", risk=Risk.HIGH)
    return Report(
        code="risk",
        title=_("Portfolio by risk"),
        sentence=_("Served clients and their assets by risk class, segment, team and country."),
        as_of=sweep.finished_at if sweep else None,
        filters=_filter_words(asked, teams),
        tiles=[
            Tile(
                _("Clients"),
                _count(total),
                _("Active and dormant"),
                _url("compliance:kyc", **chosen),
                "users",
            ),
            Tile(
                _("High risk"),
                _count(high),
                _("{share} of the clients").format(share=_share(high, total)),
                _url("compliance:kyc", risk="high", **chosen),
                "triangle-alert",
            ),
            Tile(
                _("Assets at high risk"),
                f"{formats.figure_text(worth_high, compact=True)} {settings.REPORTING_CURRENCY}",
                _("{share} of all assets").format(share=_share(worth_high, worth)),
                icon="wallet",
            ),
            Tile(
                _("Politically exposed"),
                _count(sums.get("pep")),
                _("{count} need enhanced measures").format(count=_count(sums.get("edd"))),
                icon="landmark",
            ),
        ],
        tables=[
            _risk_table(
                _("Clients by segment"),
                _("Segment"),
                "clients",
                sums,
                0,
                dict(Segment.choices),
                "segment",
                chosen,
            ),
            _risk_table(
                _("Assets by segment"),
                _("Segment"),
                "value",
                sums,
                0,
                dict(Segment.choices),
                "segment",
                chosen,
            ),
            _risk_table(
                _("Clients by team") if by == "team" else _("Clients by country"),
                _("Team") if by == "team" else _("Country"),
                "clients",
                sums,
                1,
                {key: teams.get(key, "") if by == "team" else formats.country_name(key) for key in places},
                by,
                chosen,
            ),
        ],
        sources=[
            _("Counted are active and dormant clients, by the rating that holds."),
            _("Politically exposed: the rating says so. Enhanced measures: high risk, or exposed."),
            _("Assets in {currency}, as each client was valued last.").format(
                currency=settings.REPORTING_CURRENCY
            ),
        ],
    )


def _share(part: Any, whole: Any) -> str:
    return (
        formats.figure_text(Decimal(100) * part / whole, places=1, unit="%") if whole else formats.NO_FIGURE
    )


def _sees_all(person: Person) -> bool:
    """The figures are of the whole bank: who sees only some books sees none of them."""
    return reach(person).everything


class _Sums:
    """Figures by segment, place (team or country) and risk, and summed over whatever is not named."""

    NAMES = ("clients", "value", "pep", "edd")

    def __init__(self, rows: Iterable[tuple[Any, ...]]) -> None:
        self.sums: dict[tuple[Any, Any, Any], list[Any]] = {}
        for row in rows:
            for kept in product((True, False), repeat=3):
                key = tuple(each if keep else None for each, keep in zip(row[:3], kept, strict=True))
                line = self.sums.setdefault(cast(tuple[Any, Any, Any], key), [0, 0, 0, 0])
                for at, figure in enumerate(row[3:]):
                    line[at] += figure

    def keys(self, at: int) -> list[Any]:
        return [key[at] for key in self.sums if key[at] is not None and key.count(None) == 2]

    def get(self, what: str, *, segment: Any = None, place: Any = None, risk: Any = None) -> Any:
        line = self.sums.get((segment, place, risk))
        return line[self.NAMES.index(what)] if line else 0


def _risk_table(
    title: str,
    of: str,
    what: str,
    sums: _Sums,
    at: int,
    words: Mapping[Any, Any],
    field: str,
    chosen: Mapping[str, Any],
) -> Table:
    kind = "money" if what == "value" else "count"
    unit = settings.REPORTING_CURRENCY if what == "value" else ""
    name = ("segment", "place")[at]
    keys = [key for key in words if key in set(sums.keys(at))]

    def url(**query: Any) -> str:
        return _url("compliance:kyc", **(dict(chosen) | query)) if what == "clients" else ""

    def line(label: str, **where: Any) -> list[Cell]:
        query = {field: where[name]} if name in where else {}
        cells = [
            Cell(sums.get(what, risk=risk, **where), url(risk=str(risk.value), **query)) for risk in RISKS
        ]
        whole = sums.get(what, **where)
        high = sums.get(what, risk=Risk.HIGH, **where)
        counts = [Cell(sums.get("pep", **where)), Cell(sums.get("edd", **where))] if what == "clients" else []
        share = Cell(Decimal(100) * high / whole if whole else None)
        return [Cell(label), *cells, Cell(whole, url(**query)), share, *counts]

    rows = [line(str(words[key]), **{name: key}) for key in keys]
    more = [Column(_("PEP")), Column(_("Enhanced measures"))] if what == "clients" else []
    return Table(
        title,
        [
            Column(of),
            *(Column(str(risk.label), kind, unit) for risk in RISKS),
            Column(_("All"), kind, unit),
            Column(_("High, share"), "percent"),
            *(Column(each.label, "count") for each in more),
        ],
        rows,
        total=line(_("All")) if rows else None,
        chart=Chart(
            [str(words[key]) for key in keys[:15]],
            [
                {
                    "name": str(risk.label),
                    "tone": RISK_TONES.get(risk, "quiet"),
                    "values": [sums.get(what, risk=risk, **{name: key}) for key in keys[:15]],
                }
                for risk in RISKS
            ],
            of,
            urls=[url(**{field: key}) for key in keys[:15]] if what == "clients" else [],
            stacked=True,
            unit=unit,
        )
        if rows
        else None,
    )


def _filter_words(asked: Mapping[str, Any], teams: Mapping[int, str]) -> list[tuple[str, str]]:
    words = []
    if segment := asked.get("segment"):
        words.append((_("Segment"), str(dict(Segment.choices)[segment])))
    if team := asked.get("team"):
        words.append((_("Team"), teams.get(team, str(team))))
    if country := asked.get("country"):
        words.append((_("Country"), formats.country_name(country)))
    if months := asked.get("months"):
        words.append((_("Period"), _("The last {count} months").format(count=months)))
    return words


# --- the punctuality of reviews ---------------------------------------------------------------------------


def review_report(person: Person, asked: Mapping[str, Any], today: date) -> Report:
    """KYC reviews done in time and late, as of the last look; of one team also by book. 3 or 5 queries."""
    sweep, teams = last_sweep(), team_names()
    months = int(asked.get("months") or MONTHS)
    first, team = first_month(today, months), asked.get("team")
    figures = ReviewFigure.objects.filter(month__gte=first)
    figures = figures if _sees_all(person) else figures.none()
    if team:
        figures = figures.filter(team=team)
    by_month: dict[Any, dict[int, int]] = {month: {} for month in months_between(first, today)}
    by_team: dict[Any, dict[int, int]] = defaultdict(dict)
    for month, team_id, days, count in figures.values_list("month", "team_id", "days_late", "reviews"):
        for bars, key in ((by_month, month), (by_team, team_id)):
            bars.setdefault(key, {})
            bars[key][days] = bars[key].get(days, 0) + count
    whole: dict[int, int] = {}
    for bar in by_month.values():
        for days, count in bar.items():
            whole[days] = whole.get(days, 0) + count
    done, late = sum(whole.values()), sum(count for days, count in whole.items() if days)
    median = median_of(whole)
    return Report(
        code="reviews",
        title=_("Punctuality of reviews"),
        sentence=_("KYC reviews that were done, in time or late (EU AMLR Art. 26)."),
        as_of=sweep.finished_at if sweep else None,
        filters=_filter_words(dict(asked) | {"months": months}, teams),
        tiles=[
            Tile(
                _("Reviews done"),
                _count(done),
                _("In {count} months").format(count=months),
                _url("compliance:reviews", since=first.isoformat(), team=team),
                "clipboard-check",
            ),
            Tile(_("In time"), _share(done - late, done), _("Not after the day they were due"), icon="timer"),
            Tile(
                _("Late"),
                _count(late),
                _("{share} of the reviews").format(share=_share(late, done)),
                _url("compliance:reviews", since=first.isoformat(), team=team, stand="late"),
                "clock-alert",
            ),
            Tile(
                _("Days late, median"),
                _count(median) if median is not None else formats.NO_FIGURE,
                _("Of the late ones; what is overdue today stands in the queue"),
                _url("compliance:kyc", clock="overdue", team=team),
                "calendar-x",
            ),
        ],
        tables=[
            _punctuality(
                _("By month"),
                _("Month"),
                [
                    (_month(month), bar, {"month": month.isoformat(), "team": team})
                    for month, bar in by_month.items()
                ],
                chart=True,
            ),
            *(
                [_by_book(person, team, first)]
                if team
                else [
                    _punctuality(
                        _("By team"),
                        _("Team"),
                        sorted(
                            (
                                (teams.get(key, str(key)), bar, {"since": first.isoformat(), "team": key})
                                for key, bar in by_team.items()
                            ),
                            key=lambda row: row[0],
                        ),
                        opens=lambda query: _url(
                            "compliance:report_reviews", team=query["team"], months=months
                        ),
                    )
                ]
            ),
        ],
        sources=[
            _("A review is late when it was done after the day it was due on."),
            _("The median is of the days of late reviews. Reviews count from when RM CRM keeps them."),
        ],
    )


def _punctuality(
    title: str,
    of: str,
    rows: list[tuple[str, dict[int, int], dict[str, Any]]],
    chart: bool = False,
    opens: Any = None,
) -> Table:
    def line(label: str, bar: Mapping[int, int], query: Mapping[str, Any] | None) -> list[Cell]:
        done, late = sum(bar.values()), sum(count for days, count in bar.items() if days)

        def url(stand: str = "") -> str:
            return _url("compliance:reviews", stand=stand, **query) if query is not None else ""

        return [
            Cell(label, opens(query) if opens and query else ""),
            Cell(done, url()),
            Cell(done - late, url("in_time")),
            Cell(late, url("late")),
            Cell(percent(done - late, done)),
            Cell(median_of(bar)),
        ]

    whole: dict[int, int] = {}
    for _label, bar, _query in rows:
        for days, count in bar.items():
            whole[days] = whole.get(days, 0) + count
    lines = [line(*row) for row in rows]
    return Table(
        title,
        [
            Column(of),
            Column(_("Done"), "count"),
            Column(_("In time"), "count"),
            Column(_("Late"), "count"),
            Column(_("In time, share"), "percent"),
            Column(_("Median days late"), "days"),
        ],
        lines,
        total=line(_("All"), whole, None) if lines else None,
        chart=Chart(
            [row[0] for row in rows],
            [
                {"name": _("In time"), "values": [each[2].value for each in lines], "tone": "good"},
                {"name": _("Late"), "values": [each[3].value for each in lines], "tone": "late"},
            ],
            of,
            urls=[each[1].url for each in lines],
            stacked=True,
        )
        if chart
        else None,
    )


def _by_book(person: Person, team: int, first: date) -> Table:
    """One team's own reviews by book, named by who owns it today. 2 queries over that team's rows alone."""
    reviews = KycReview.objects.visible_to(person).filter(team=team, reviewed_on__gte=first)
    bars: dict[int, dict[int, int]] = defaultdict(dict)
    for book, days, count in (
        reviews.values_list("book_id", "days_late").annotate(count=Count("pk")).order_by()
    ):
        bars[book][days] = count
    owners = dict(
        BookMember.objects.owners()
        .at(timezone.now())
        .filter(book__in=list(bars))
        .values_list("book_id", "user__name")
    )
    rows = [
        (
            owners.get(book, _("Pool, book {book}").format(book=book)),
            bar,
            {"since": first.isoformat(), "team": team, "book": book},
        )
        for book, bar in bars.items()
    ]
    return _punctuality(
        _("By relationship manager"), _("Relationship manager"), sorted(rows, key=lambda row: row[0])
    )


# --- how screening goes ----------------------------------------------------------------------------------


def screening_report(person: Person, asked: Mapping[str, Any], today: date) -> Report:
    """Alerts, decisions, false ones and how long they take, by month; lists, runs, scorer. 10 queries."""
    months = int(asked.get("months") or MONTHS)
    first = first_month(today, months)
    moment = midnight(first)
    hits = ScreeningHit.objects.visible_to(person)
    found = _found_by_month(hits, moment)
    decided = _decided_by_month(hits, moment)
    now = screening_statistics(person, timezone.now())
    steps = dict(
        HitStep.objects.visible_to(person)
        .filter(at__gte=moment)
        .order_by()
        .values_list("said")
        .annotate(count=Count("pk"))
    )
    rows = []
    for month in months_between(first, today):
        alerts, (done, matches, cleared, hours) = found.get(month, 0), decided.get(month, (0, 0, 0, None))
        rows.append(
            [
                Cell(_month(month)),
                Cell(alerts),
                Cell(done),
                Cell(matches),
                Cell(cleared),
                Cell(percent(cleared, done)),
                Cell(hours),
            ]
        )
    alerts, done = sum(row[1].value for row in rows), sum(row[2].value for row in rows)
    matches, cleared = sum(row[3].value for row in rows), sum(row[4].value for row in rows)
    waiting = sum(now.by_age.values())
    second = steps.get("decided", 0) + steps.get("returned", 0)
    runs = ScreeningRun.objects.filter(started_at__gte=moment, finished_at__isnull=False)
    return Report(
        code="screening",
        title=_("Screening statistics"),
        sentence=_("What screening found, what two officers decided, and how long it took (EBA/GL/2024/15)."),
        as_of=timezone.now(),
        filters=_filter_words({"months": months}, {}),
        tiles=[
            Tile(
                _("Alerts"), _count(alerts), _("In {count} months").format(count=months), icon="shield-alert"
            ),
            Tile(
                _("False positives"),
                _share(cleared, done),
                _("{cleared} of {done} decided").format(cleared=_count(cleared), done=_count(done)),
                icon="shield-check",
            ),
            Tile(
                _("Time to decide"),
                f"{formats.figure_text(now.median_hours, places=1)} h"
                if now.median_hours is not None
                else formats.NO_FIGURE,
                _("Median of a year, to the second officer's word"),
                icon="timer",
            ),
            Tile(
                _("Undecided"),
                _count(waiting),
                ngettext(
                    "{frozen} file frozen by a match", "{frozen} files frozen by a match", now.frozen
                ).format(frozen=_count(now.frozen)),
                _url("compliance:hits"),
                "inbox",
            ),
        ],
        tables=[
            Table(
                _("By month"),
                [
                    Column(_("Month")),
                    Column(_("Alerts"), "count"),
                    Column(_("Decided"), "count"),
                    Column(_("Matches"), "count"),
                    Column(_("No match"), "count"),
                    Column(_("False positives"), "percent"),
                    Column(_("Median hours"), "hours"),
                ],
                rows,
                total=[
                    Cell(_("All")),
                    Cell(alerts),
                    Cell(done),
                    Cell(matches, _url("compliance:hits", state="confirmed")),
                    Cell(cleared),
                    Cell(percent(cleared, done)),
                    Cell(None),
                ],
                chart=Chart(
                    [row[0].value for row in rows],
                    [
                        {"name": _("Alerts"), "values": [row[1].value for row in rows]},
                        {"name": _("Decided"), "values": [row[2].value for row in rows]},
                    ],
                    _("Month"),
                ),
            ),
            Table(
                _("Hits by state, today"),
                [Column(_("State")), Column(_("Hits"), "count")],
                [
                    [
                        Cell(str(state.label)),
                        Cell(now.by_state[state], _url("compliance:hits", state=str(state.value))),
                    ]
                    for state in ScreeningHit.State
                ],
            ),
            Table(
                _("The second officer"),
                [Column(_("What")), Column(_("Steps"), "count"), Column(_("Share"), "percent")],
                [
                    [
                        Cell(_("Agreed")),
                        Cell(steps.get("decided", 0)),
                        Cell(percent(steps.get("decided", 0), second)),
                    ],
                    [
                        Cell(_("Returned")),
                        Cell(steps.get("returned", 0)),
                        Cell(percent(steps.get("returned", 0), second)),
                    ],
                    [Cell(_("Escalated by the first")), Cell(steps.get("escalated", 0)), Cell(None)],
                    [Cell(_("Open again, for facts changed")), Cell(steps.get("reopened", 0)), Cell(None)],
                ],
            ),
            Table(
                _("Lists in force"),
                [
                    Column(_("List")),
                    Column(_("Published")),
                    Column(_("Entries"), "count"),
                    Column(_("Names"), "count"),
                    Column(_("Undecided hits"), "count"),
                ],
                [
                    [
                        Cell(title_of(each.source), reverse("compliance:list_version", args=[each.pk])),
                        Cell(formats.day_text(each.published_on, formats.language())),
                        Cell(each.entities),
                        Cell(each.names),
                        Cell(now.by_list.get(title_of(each.source), 0)),
                    ]
                    for each in active_lists()
                ],
            ),
            Table(
                _("Comparisons"),
                [
                    Column(_("Kind")),
                    Column(_("Scorer, version")),
                    Column(_("Threshold"), "count"),
                    Column(_("Runs"), "count"),
                    Column(_("Parties compared"), "count"),
                    Column(_("New hits"), "count"),
                ],
                [
                    [
                        Cell(str(dict(ScreeningRun.Kind.choices)[kind])),
                        Cell(str(scorer)),
                        Cell(threshold),
                        Cell(count, reverse("compliance:lists")),
                        Cell(parties),
                        Cell(new),
                    ]
                    for kind, scorer, threshold, count, parties, new in runs.order_by(
                        "kind", "scorer", "threshold"
                    )
                    .values_list("kind", "scorer", "threshold")
                    .annotate(count=Count("pk"), of=Sum("parties"), new=Sum("new_hits"))
                ],
            ),
        ],
        sources=[
            _("An alert counts when it was found. False positives: no match, of all decided by two."),
            _("Hours run from when a hit opened to the second officer's word, weekends included."),
        ],
    )


class _Median(Aggregate):
    template = "PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = FloatField()


def _found_by_month(hits: Any, moment: datetime) -> dict[date, int]:
    rows = hits.filter(found_at__gte=moment).order_by().annotate(month=TruncMonth("found_at"))
    return {month.date(): count for month, count in rows.values_list("month").annotate(count=Count("pk"))}


def _decided_by_month(hits: Any, moment: datetime) -> dict[date, tuple[int, int, int, float | None]]:
    """Month -> decided, matches, no match, median hours."""
    confirmed, cleared = ScreeningHit.State.CONFIRMED, ScreeningHit.State.CLEARED
    took = ExpressionWrapper(F("decided_at") - F("opened_at"), output_field=DurationField())
    rows = (
        hits.filter(decided_at__gte=moment, state__in=[confirmed, cleared])
        .order_by()
        .annotate(month=TruncMonth("decided_at"))
        .values_list("month")
        .annotate(
            decided=Count("pk"),
            matches=Count("pk", filter=Q(state=confirmed)),
            cleared=Count("pk", filter=Q(state=cleared)),
            seconds=_Median(Extract(took, "epoch")),
        )
    )
    return {
        month.date(): (done, matches, cleared, None if seconds is None else float(seconds) / 3600)
        for month, done, matches, cleared, seconds in rows
    }
