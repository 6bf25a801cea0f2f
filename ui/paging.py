"""Keyset pages and capped counts: no OFFSET, no exact count over a bank. One paginator for pages and API."""

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Model, Q, QuerySet

Row = TypeVar("Row", bound=Model)
SIZE = 50
COUNT_CAP = 1000


@dataclass(frozen=True)
class Page(Generic[Row]):
    """`rows` in the asked order; `after` and `before` are row ids for the links, None at the ends.

    The link carries an id and not the sort value: a name must not stand in a URL.
    """

    rows: list[Row]
    after: int | None
    before: int | None
    count: int | None
    capped: bool

    def __iter__(self):
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)


def keyset(
    queryset: QuerySet[Row],
    sort: str,
    *,
    after: int | None = None,
    before: int | None = None,
    size: int = SIZE,
    counted: bool = True,
) -> Page[Row]:
    """One page of `queryset` by `sort` ("name", "-value"; the column must be NOT NULL), ties by id.

    Queries: the page, the capped count if `counted`, and one more for the edge on any but the first page.
    An edge that is no longer on the list starts at the first page.
    """
    count = _count_to(queryset, COUNT_CAP + 1) if counted else None
    column, descending = sort.lstrip("-"), sort.startswith("-")
    backwards = after is None and before is not None
    edge = _edge(queryset, column, before if backwards else after)
    forward = descending == backwards  # towards larger values
    rows_left = queryset
    if edge is not None:
        rows_left = queryset.filter(_beyond(column, edge, forward))
    sign = "" if forward else "-"
    # Ties run in the column's direction too, so that one index (column, id) serves both directions.
    ordering = [f"{sign}{column}"] if column == "id" else [f"{sign}{column}", f"{sign}id"]
    rows = list(rows_left.order_by(*ordering)[: size + 1])
    more, rows = len(rows) > size, rows[:size]
    if backwards:
        rows.reverse()
    has_after = bool(rows) and (more if not backwards else edge is not None)
    has_before = bool(rows) and (more if backwards else edge is not None)
    return Page(
        rows=rows,
        after=rows[-1].pk if has_after else None,
        before=rows[0].pk if has_before else None,
        count=None if count is None else min(count, COUNT_CAP),
        capped=count is not None and count > COUNT_CAP,
    )


def _count_to(queryset: QuerySet[Any], cap: int) -> int:
    """Like `queryset[:cap].count()`, whose second query around the query costs more to make than to run."""
    try:
        sql, parameters = queryset.order_by().values("pk")[:cap].query.sql_with_params()
    except EmptyResultSet:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM ({sql}) capped", parameters)  # noqa: S608  # Django made the SQL
        count: int = cursor.fetchone()[0]
    return count


def _edge(queryset: QuerySet[Row], column: str, pk: int | None) -> tuple[Any, int] | None:
    """Only a row of this very list: the place of a foreign one would tell its name or its wealth."""
    if pk is None:
        return None
    return queryset.order_by().filter(pk=pk).values_list(column, "pk").first()


def _beyond(column: str, edge: tuple[Any, int], forward: bool) -> Q:
    """Rows past the edge. The first bound looks redundant: it lets PostgreSQL enter the index there."""
    value, pk = edge
    word = "gt" if forward else "lt"
    if column == "id":
        return Q(**{f"id__{word}": pk})
    return Q(**{f"{column}__{word}e": value}) & (Q(**{f"{column}__{word}": value}) | Q(**{f"id__{word}": pk}))
