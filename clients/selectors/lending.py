"""To whom files and books are open beside their own people, from when to when."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from clients import rules
from clients.access import reach
from clients.models import Client, ClientGrant, GrantPurpose
from rulebook.selectors import pack
from staff.models import Book, BookMember, BookRole, User
from staff.roles import ROLES, May, Reach, Role, may
from ui.formats import midnight

# Whoever sees the clients of some books, and not of all or of none.
WORKING = [
    role for role in Role if may(role, May.CLIENTS_SEE) and ROLES[role].reach in {Reach.BOOKS, Reach.TEAM}
]


def span(first: date, last: date, now: datetime) -> tuple[datetime, datetime]:
    """From the first instant of the one day, or from now, to the end of the other."""
    return max(midnight(first), now), midnight(last + timedelta(days=1))


def figures(on: date) -> dict[str, Any]:
    """Rule pack "access" of a day. 1 query."""
    return pack("access", on).body


def colleagues_to_choose(person: User) -> list[tuple[int, str]]:
    """Everybody who works with clients; a specialist may sit anywhere in the bank. 1 query."""
    found = User.objects.filter(is_active=True, role__in=WORKING).exclude(pk=person.pk)
    return [
        (each.pk, f"{each.name} ({each.team.name})" if each.team else each.name)
        for each in found.select_related("team").only("name", "team", "team__name").order_by("name", "pk")
    ]


def colleague_who_works(pk: int) -> User | None:
    return User.objects.filter(pk=pk, is_active=True, role__in=WORKING).first()


# --- files -----------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Loan:
    """One grant, and why it is not taken back by the reader."""

    grant: ClientGrant
    begun: bool
    refusals: list[str]


@dataclass(frozen=True)
class LendingPage:
    loans: list[Loan]
    refusals: list[str]
    most_days: int


def lending_page(person: User, client: Client) -> LendingPage:
    """To whom a file is open now, or will be. 2 queries."""
    now = timezone.now()
    lends = reach(person).lends(client.book_id)
    grants = open_grants(now).filter(content_object=client).order_by("starts_at", "pk")
    return LendingPage(
        [_loan(grant, person, lends, now) for grant in grants],
        rules.refusals_to_lend(lends, client.state),
        figures(timezone.localdate(now))["grant_days"],
    )


def _loan(grant: ClientGrant, person: User, lends: bool, now: datetime) -> Loan:
    refusals = rules.refusals_to_take_back(lends, grant.user_id == person.pk, over=False)
    return Loan(grant, grant.starts_at <= now, refusals)


def open_grants(now: datetime) -> QuerySet[ClientGrant]:
    """Those that are not over; who reads them must see the file."""
    open_still: QuerySet[ClientGrant] = ClientGrant.objects.filter(
        Q(ends_at__isnull=True) | Q(ends_at__gt=now)
    )
    return open_still.select_related("user", "granted_by")


def lent_page(person: User) -> tuple[list[ClientGrant], list[Loan]]:
    """(what is open to me now, what I lent and is not over). 2 queries."""
    now = timezone.now()
    seen = ClientGrant.objects.visible_to(person).filter(pk__in=open_grants(now).values("pk"))
    seen = seen.select_related("user", "granted_by", "content_object").order_by("ends_at", "pk")
    mine = seen.filter(user=person.pk, starts_at__lte=now)
    lent = seen.filter(granted_by=person.pk).exclude(purpose=GrantPurpose.BREAK_GLASS)
    reached = reach(person)
    return (
        list(mine[:200]),
        [_loan(grant, person, reached.lends(grant.content_object.book_id), now) for grant in lent[:200]],
    )


# --- books -----------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Cover:
    """One deputy of one book, for some days."""

    member: BookMember
    begun: bool


@dataclass(frozen=True)
class CoversPage:
    books: list[tuple[Book, list[Cover]]]
    mine: list[Cover]  # where the reader is the deputy
    most_days: int


def covers_page(person: User) -> CoversPage:
    """Books one owns or leads, with their deputies now and to come, and books one covers. 3 queries."""
    now = timezone.now()
    reached = reach(person)
    books = Book.objects.filter(pk__in=[pk for pk in {*reached.books} if reached.lends(pk)]).order_by(
        "name", "pk"
    )
    found = list(books[:500])
    members = open_covers(now).filter(Q(book__in=found) | Q(user=person.pk))
    covers = [Cover(each, each.during.lower is None or each.during.lower <= now) for each in members]
    return CoversPage(
        [(book, [each for each in covers if each.member.book_id == book.pk]) for book in found],
        [each for each in covers if each.member.user_id == person.pk],
        figures(timezone.localdate(now))["cover_days"],
    )


def open_covers(now: datetime) -> QuerySet[BookMember]:
    """Deputies whose time is not over."""
    return (
        BookMember.objects.filter(role=BookRole.DEPUTY)
        .exclude(during__fully_lt=(now, None))
        .select_related("user", "book")
        .order_by("during", "pk")
    )


def books_to_cover(person: User) -> list[tuple[int, str]]:
    """1 query."""
    ids: Collection[int] = [pk for pk in reach(person).books if reach(person).lends(pk)]
    return list(Book.objects.filter(pk__in=ids).order_by("name", "pk").values_list("pk", "name")[:500])
