"""What whoever manages information barriers is shown: people and client numbers, never a client's name."""

import hashlib
import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone

from clients.access import Person
from clients.models import Barrier, BarrierFile, BarrierInsider, BarrierProposal, Client
from compliance.rules import barriers as rules
from compliance.rules.barriers import Wanted
from staff.models import BookMember, User
from staff.roles import May
from ui.paging import Page, keyset
from ui.refusals import NotPermitted

NOW = Q(during__endswith=None)  # no row begins in time to come


def may_manage(person: Person) -> None:
    """Asked by every page of barriers before it looks: who may not, learns of none."""
    if not person.may(May.BARRIERS_MANAGE):
        raise NotPermitted(May.BARRIERS_MANAGE)


@dataclass(frozen=True)
class Told:
    """A proposal in words: who and which numbers, whether it can be confirmed, and what it would do."""

    proposal: BarrierProposal
    people_in: list[str]
    people_out: list[str]
    files_in: list[str]
    files_out: list[str]
    lose: list[str]  # "C-0000007: Rita Muster": who owns the book and would lose the file
    refusals: list[str]
    mine: bool


@dataclass(frozen=True)
class Barriers:
    standing: list[Barrier]  # with .people and .behind
    lifted: list[Barrier]
    waiting: list[Told]
    ended: list[Told]  # new ones that never came to be


ENDED_SHOWN = timedelta(days=30)


def barrier_list(person: User) -> Barriers:
    """Every barrier that stands, what waits for a second person, what came to nothing, and what was lifted.

    10 queries at most, 6 more for each that waits.
    """
    may_manage(person)
    counted = Barrier.objects.annotate(
        people=Count("insiders", filter=Q(insiders__during__endswith=None), distinct=True),
        behind=Count("files", filter=Q(files__during__endswith=None), distinct=True),
    )
    is_waiting, since = Q(state=BarrierProposal.State.WAITING), timezone.now() - ENDED_SHOWN
    never = Q(barrier=None, decided_at__gte=since)
    told = _told(BarrierProposal.objects.filter(is_waiting | never).order_by("asked_at", "pk"), person)
    return Barriers(
        standing=list(counted.filter(lifted_at=None).order_by("name", "pk")),
        lifted=list(Barrier.objects.exclude(lifted_at=None).order_by("-lifted_at")[:50]),
        waiting=[each for each in told if each.proposal.state == BarrierProposal.State.WAITING],
        ended=[each for each in told if each.proposal.state != BarrierProposal.State.WAITING],
    )


@dataclass(frozen=True)
class BarrierPage:
    barrier: Barrier
    insiders: list[BarrierInsider]
    files: Page[BarrierFile]
    waiting: list[Told]
    history: list[Told]  # what was decided, the latest first
    is_lifted: bool


def barrier_page(person: User, barrier_id: int, asked: dict[str, Any]) -> BarrierPage | None:
    """One barrier with who is inside, what stands behind it, and how it came to be so.

    15 queries at most, 7 more for each change that waits.
    """
    may_manage(person)
    barrier = Barrier.objects.filter(pk=barrier_id).first()
    if barrier is None:
        return None
    proposals = BarrierProposal.objects.filter(barrier=barrier)
    is_waiting = Q(state=BarrierProposal.State.WAITING)
    return BarrierPage(
        barrier=barrier,
        insiders=list(barrier.insiders.filter(NOW).select_related("user").order_by("user__name")),
        files=keyset(barrier.files.filter(NOW), "id", after=asked.get("after"), before=asked.get("before")),
        waiting=_told(proposals.filter(is_waiting).order_by("asked_at"), person),
        history=_told(proposals.exclude(is_waiting).order_by("-decided_at")[:50], person),
        is_lifted=barrier.lifted_at is not None,
    )


def _told(found: Iterable[BarrierProposal], person: User) -> list[Told]:
    """5 queries, 6 more for each that waits, 7 where it is of a barrier."""
    proposals = list(found.select_related("asked_by", "decided_by", "barrier"))  # type: ignore[attr-defined]
    people = {pk for each in proposals for pk in (*each.people_in, *each.people_out)}
    names = dict(User.objects.filter(pk__in=people).values_list("pk", "name"))
    files = {pk for each in proposals for pk in (*each.files_in, *each.files_out)}
    numbers = numbers_of(files)
    owners = _owners(each for one in proposals if one.state == "waiting" for each in one.files_in)

    def told(proposal: BarrierProposal) -> Told:
        inside = set(proposal.people_in)
        if proposal.barrier is not None:
            inside |= insiders_of(proposal.barrier) - set(proposal.people_out)
        return Told(
            proposal=proposal,
            people_in=[names.get(pk, "") for pk in proposal.people_in],
            people_out=[names.get(pk, "") for pk in proposal.people_out],
            files_in=[numbers.get(pk, "") for pk in proposal.files_in],
            files_out=[numbers.get(pk, "") for pk in proposal.files_out],
            lose=sorted(
                f"{numbers.get(pk, '')}: {owner.name}"
                for pk, owner in owners.items()
                if pk in proposal.files_in and owner.pk not in inside
            ),
            refusals=refusals_to_confirm(proposal, person),
            mine=proposal.asked_by_id == person.pk,
        )

    return [told(proposal) for proposal in proposals]


def _owners(files: Iterable[int]) -> dict[int, User]:
    """Client -> who owns its book now, of files that do not stand behind a barrier. 2 queries."""
    books = dict(Client.objects.filter(pk__in=set(files)).values_list("pk", "book_id"))
    members = BookMember.objects.owners().at(timezone.now()).filter(book__in=set(books.values()))
    owner_of = {member.book_id: member.user for member in members.select_related("user")}
    return {pk: owner_of[book] for pk, book in books.items() if book in owner_of}


def numbers_of(files: Collection[int]) -> dict[int, str]:
    """Client -> its number, told by the barrier where one stands before the file itself. 2 queries."""
    told = BarrierFile.objects.filter(client__in=files).values_list("client_id", "number")
    return dict(Client.objects.filter(pk__in=files).values_list("pk", "number")) | dict(told)


def refusals_to_confirm(proposal: BarrierProposal, by: User) -> list[str]:
    """One answer for the button and for the guard."""
    return rules.refusals_to_confirm(
        proposal.stands,
        own=by.is_same_person(proposal.asked_by_id),
        insider=by.is_same_person(*proposal.people_in),
        stale=proposal.stands == BarrierProposal.State.WAITING and _is_stale(proposal),
    )


def _is_stale(proposal: BarrierProposal) -> bool:
    return proposal.fingerprint != fingerprint(proposal.barrier, wanted_of(proposal)) or bool(
        behind_one(proposal.files_in)
    )


def wanted_of(proposal: BarrierProposal) -> Wanted:
    return Wanted(
        frozenset(proposal.people_in),
        frozenset(proposal.people_out),
        frozenset(proposal.files_in),
        frozenset(proposal.files_out),
    )


def insiders_of(barrier: Barrier) -> set[int]:
    return set(barrier.insiders.filter(NOW).values_list("user_id", flat=True))


def files_of(barrier: Barrier) -> set[int]:
    return set(barrier.files.filter(NOW).values_list("client_id", flat=True))


def fingerprint(barrier: Barrier | None, wanted: Wanted) -> str:
    """Of all that a proposal is about: the barrier, where its clients stand and who serves them, its people.

    The same for everybody who manages barriers, whatever else they see. 4 queries.
    """
    files = wanted.files_in | wanted.files_out
    behind = BarrierFile.objects.filter(NOW, client__in=files).values_list("client_id", "barrier_id")
    walled = dict(behind)
    books = Client.objects.filter(pk__in=wanted.files_in - walled.keys()).values_list("pk", "book_id")
    owned = BookMember.objects.owners().at(timezone.now()).filter(book__in=[book for _pk, book in books])
    people = User.objects.filter(pk__in=wanted.people_in).values_list("pk", "role", "is_active")
    told = [
        None if barrier is None else [barrier.pk, barrier.version],
        *(sorted(map(list, rows)) for rows in (walled.items(), books, people)),
        sorted(owned.values_list("book_id", "user_id")),
    ]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


# --- what was typed --------------------------------------------------------------------------------------


def people_by_login(logins: Collection[str]) -> dict[str, int]:
    """Who works here and may see clients at all. 1 query."""
    people = User.objects.filter(login__in=logins, is_active=True)
    return {person.login: person.pk for person in people if person.may(May.CLIENTS_SEE)}


def logins_of_anybody(logins: Collection[str]) -> dict[str, int]:
    """Also who has left: an insider who did is taken out. 1 query."""
    return dict(User.objects.filter(login__in=logins).values_list("login", "pk"))


def clients_by_number(numbers: Collection[str]) -> dict[str, int]:
    """Also of files that stand behind a barrier: by number alone. 2 queries."""
    told = BarrierFile.objects.filter(NOW, number__in=numbers).values_list("number", "client_id")
    return dict(Client.objects.filter(number__in=numbers).values_list("number", "pk")) | dict(told)


def behind_one(files: Collection[int]) -> set[str]:
    """Of these clients, the numbers of those who stand behind a barrier. 1 query."""
    told = BarrierFile.objects.filter(NOW, client__in=files)
    return set(told.values_list("number", flat=True))
