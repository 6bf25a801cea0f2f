"""The cast of every test: four colleagues, an administrator, two books, two clients."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.test import Client as Browser
from django.utils import timezone
from psycopg2.extras import DateTimeTZRange

from clients.models import Barrier, BarrierFile, BarrierInsider, Client, ClientGrant, Party
from staff.login.confirmation import confirm
from staff.models import Book, BookMember, Team, User
from staff.roles import Role

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@dataclass
class Cast:
    rita: User
    theo: User
    cora: User
    otto: User
    ada: User  # the administrator: sees no client
    rita_book: Book
    otto_book: Book
    anna: Client  # Rita's client
    omar: Client  # Otto's client


def make_cast() -> Cast:
    bank = Team.objects.create(name="Bank", time_zone="UTC")
    private = Team.objects.create(name="Private clients", parent=bank, time_zone="UTC")
    business = Team.objects.create(name="Business clients", parent=bank, time_zone="UTC")
    rita = make_person("rita", Role.RM, private)
    theo = make_person("theo", Role.TEAM_LEAD, private)
    cora = make_person("cora", Role.COMPLIANCE)
    otto = make_person("otto", Role.RM, business)
    ada = make_person("ada", Role.ADMINISTRATOR)
    rita_book, otto_book = make_book(rita), make_book(otto)
    return Cast(
        rita, theo, cora, otto, ada, rita_book, otto_book,
        anna=make_client("Anna Keller", rita_book),
        omar=make_client("Omar Trading Ltd", otto_book, kind="organisation", segment="sme", stage="growth"),
    )  # fmt: skip


def make_person(login: str, role: str, team: Team | None = None, **fields) -> User:
    return User.objects.create_user(
        login=login,
        password=None,
        name=f"{login.title()} Muster",
        email=f"{login}@bank.example",
        role=role,
        team=team,
        **fields,
    )


def browser_of(person: User, **how) -> Browser:
    """Django's test client, in a session as the login makes it: it has just been shown who it is."""
    browser = Browser(**how)
    browser.force_login(person)
    session = browser.session
    confirm(session)
    session.save()
    return browser


def make_book(owner: User, team: Team | None = None) -> Book:
    book = Book.objects.create(name=f"Book of {owner.login}", team=team or owner.team)
    BookMember.objects.create(book=book, user=owner, role="owner", during=(LONG_AGO, None))
    return book


def make_client(name: str, book: Book, **fields) -> Client:
    """A client file with its main party; any field may be given."""
    today = timezone.localdate()
    defaults = {
        "number": f"C-{Client.objects.count() + 1:07}",
        "kind": "person", "segment": "affluent", "stage": "family", "state": "active", "domicile": "CH",
        "since_on": date(2021, 3, 1), "kyc_due_on": today + timedelta(days=200),
        "last_contact_on": today - timedelta(days=10),
    }  # fmt: skip
    client = Client.objects.create(name=name, book=book, **(defaults | fields))
    Party.objects.create(
        client=client, kind=client.kind, is_client=True, name=name, nationality="CH", residence="CH"
    )
    return client


def raise_barrier(clients, insiders, *, name="Falcon", since=None) -> Barrier:
    """A barrier as two officers' word makes one, without their pages."""
    during = DateTimeTZRange(since or timezone.now(), None)
    barrier = Barrier.objects.create(name=name, reason="A deal that is not public")
    for person in insiders:
        BarrierInsider.objects.create(barrier=barrier, user=person, during=during)
    for client in clients:
        BarrierFile.objects.create(barrier=barrier, client=client, number=client.number, during=during)
    return barrier


def lend(
    client: Client,
    to: User,
    by: User,
    *,
    starts_at=None,
    ends_at=None,
    reason="Advice on a mortgage",
    **fields,
) -> ClientGrant:
    from django.contrib.auth.models import Permission

    return ClientGrant.objects.create(
        user=to, content_object=client, granted_by=by, reason=reason, starts_at=starts_at or timezone.now(),
        ends_at=ends_at,
        **fields,
        permission=Permission.objects.filter(
            content_type__app_label="clients", content_type__model="client"
        ).first(),
    )  # fmt: skip
