"""Who is to be compared, what changed since the last comparison, and how the runs went."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Max
from django.utils import timezone

from clients.models import Party, State
from compliance.models import (
    ListedEntity,
    ListVersion,
    PartyToScreen,
    ScreeningHit,
    ScreeningRun,
)

FIELDS = ("client_id", "is_client", "kind", "name", "native_name", "born_on", "nationality", "residence")


def to_screen() -> Any:
    """Everyone on a file that is not closed."""
    return Party.objects.exclude(client__state=State.CLOSED)


def parties_to_screen(
    *,
    client_ids: Iterable[int] = (),
    party_ids: Iterable[int] = (),
    after: int = 0,
    until: int | None = None,
    size: int = 10_000,
) -> list[Party]:
    """Parties of these files, these parties, or of the whole bank by id. For the night."""
    parties = to_screen().filter(pk__gt=after)
    if until is not None:
        parties = parties.filter(pk__lte=until)
    if client_ids := list(client_ids):
        parties = parties.filter(client__in=client_ids)
    if party_ids := list(party_ids):
        parties = parties.filter(pk__in=party_ids)
    return list(parties.only(*FIELDS).order_by("pk")[:size])


def who_left(parties: Sequence[Party]) -> set[int]:
    """Of these, who stands on the file no more (ADR 21), by mistake or not. 1 query.

    Nobody compares them with the lists: AMLR Art. 20(1)(d) is of the client and of who owns or controls it.
    """
    others = [party.pk for party in parties if not party.is_client]
    if not others:
        return set()
    gone = Party.objects.filter(pk__in=others).gone(timezone.localdate())
    return set(gone.values_list("pk", flat=True))


def last_of_chunk(after: int, last: int, size: int) -> int:
    """The id with which the next `size` parties end, at most `last`. 1 query."""
    parties = Party.objects.filter(pk__gt=after, pk__lte=last).order_by("pk")
    ids = parties.values_list("pk", flat=True)[size - 1 : size]
    return next(iter(ids), last)


def is_something_to_screen() -> bool:
    """Did an entry or a party change since the last run? 4 queries at most, none reads the bank."""
    if not ListVersion.objects.filter(active=True).exists():
        return False
    return (
        ListedEntity.objects.listed().filter(screened=False).exists()
        or PartyToScreen.objects.exists()
        or ScreeningHit.objects.gone().exists()
    )


def changes_mark() -> str:
    """A mark of all that waits to be compared; another one when more comes. "" when nothing waits."""
    if not is_something_to_screen():
        return ""
    party = PartyToScreen.objects.aggregate(last=Max("change"))["last"] or 0
    entry = ListedEntity.objects.listed().filter(screened=False).aggregate(last=Max("pk"))["last"] or 0
    versions = ListVersion.objects.aggregate(last=Max("imported_at"))["last"]
    return f"{party} {entry} {versions:%Y%m%d%H%M%S%f}"


def was_screened_on(day: date) -> bool:
    """Did a whole run begin on this day, or is one under way?"""
    runs = ScreeningRun.objects.filter(kind=ScreeningRun.Kind.FULL)
    return bool(runs.filter(started_at__date=day).exists())


def refusals_to_screen() -> list[str]:
    """May the whole bank be screened now?"""
    if not ListVersion.objects.filter(active=True).exists():
        return ["No sanctions list is active: import one first."]
    running = ScreeningRun.objects.filter(
        kind=ScreeningRun.Kind.FULL, finished_at__isnull=True, started_at__date=timezone.localdate()
    )
    return ["The whole bank is being screened now."] if running.exists() else []


@dataclass(frozen=True)
class Reached:
    """How far the comparisons came."""

    any_run_at: datetime | None  # when the last run that came to its end began, whole or of changes
    whole_at: datetime | None  # the same of the last whole one
    party: int  # up to this id that one compared everybody; 0: there was none


def last_reached() -> Reached:
    """2 queries."""
    done = ScreeningRun.objects.filter(finished_at__isnull=False)
    whole = (
        done.filter(kind=ScreeningRun.Kind.FULL)
        .annotate(last=Max("lanes__last"))
        .order_by("-started_at")
        .values_list("started_at", "last")
        .first()
    )
    at, last = whole or (None, None)
    return Reached(done.aggregate(at=Max("started_at"))["at"], at, last or 0)


def last_run() -> ScreeningRun | None:
    """The last whole run that came to its end."""
    runs = ScreeningRun.objects.filter(kind=ScreeningRun.Kind.FULL, finished_at__isnull=False)
    return runs.order_by("-finished_at").first()


def runs(count: int = 10) -> list[ScreeningRun]:
    """The last runs, the newest first, each with how far it is. 2 queries."""
    found = ScreeningRun.objects.select_related("asked_by").prefetch_related("lanes").order_by("-pk")[:count]
    return list(found)
