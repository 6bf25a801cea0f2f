"""What the lists about clients show."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, QuerySet, prefetch_related_objects

from clients import rules
from clients.access import Person, braked, reach
from clients.models import (
    Addendum,
    Client,
    ContactPoint,
    Interaction,
    Party,
    Risk,
    SearchWord,
    Segment,
    Stage,
    State,
    Task,
)
from clients.selectors.search import files_with
from clients.words import fold
from rulebook.days import due_before
from rulebook.selectors import pack
from staff.models import Book, SavedView
from ui.paging import COUNT_CAP, Page, keyset
from ui.refusals import NotVisible

LIST_FIELDS = [
    "number",
    "name",
    "kind",
    "segment",
    "stage",
    "state",
    "domicile",
    "risk",
    "value",
    "kyc_due_on",
    "last_contact_on",
    "book_id",
]
RISK_TONES = {"high": "late", "medium": "warn", "low": "good"}
PREFIX_WORDS = (
    2000  # a beginning that stands for more words than this is common: no index is needed to find it
)
BOOKS_TO_CHOOSE = 60  # a longer list is no choice: there the team board leads to a book


def client_list(person: Person, asked: dict[str, Any], today: date) -> Page[Client]:
    """One page of the clients `person` may see, late ones marked. 3 queries, 4 beyond the first page.

    `asked` is forms.ClientFilter.asked; each word of a name filter costs one more.
    """
    page = client_page(person, asked, today)
    cadence = pack("contact", today)["days"]
    labels = [
        (field, {str(value): str(label) for value, label in choices.choices})
        for field, choices in (("segment", Segment), ("stage", Stage), ("state", State), ("risk", Risk))
    ]
    for client in page.rows:
        mark_late(client, today, cadence)
        # Django's get_…_display translates every choice for every row: a third of the page's time.
        for field, words in labels:
            setattr(client, f"{field}_label", words.get(getattr(client, field), ""))
    return page


def client_page(person: Person, asked: dict[str, Any], today: date) -> Page[Client]:
    """The same page bare, for the API. 2 queries, 3 beyond the first page."""
    clients = filtered(Client.objects.visible_to(person), asked, today)
    return keyset(
        clients.only(*LIST_FIELDS),
        asked.get("sort", "name"),
        after=asked.get("after"),
        before=asked.get("before"),
    )


def mark_late(client: Client, today: date, cadence: dict[str, Any]) -> None:
    """Say on the row what its page shows in colour and words."""
    served = client.state in {"active", "dormant"}
    client.kyc_late = served and client.kyc_due_on < today  # type: ignore[attr-defined]
    client.contact_late = served and rules.is_contact_overdue(  # type: ignore[attr-defined]
        client.segment, client.last_contact_on, today, cadence
    )
    client.risk_tone = RISK_TONES.get(client.risk, "neutral")  # type: ignore[attr-defined]


def filtered(clients: QuerySet[Client], asked: dict[str, Any], today: date) -> QuerySet[Client]:
    """`clients` narrowed to what was asked; every filter has an index or narrows a book."""
    for field in ("segment", "state", "risk", "book", "domicile", "stage"):
        if value := asked.get(field):
            clients = clients.filter(**{field: value})
    if days := asked.get("silent"):
        clients = clients.filter(last_contact_on__lt=today - timedelta(days=int(days)))
    if kyc := asked.get("kyc"):
        days_ahead = -1 if kyc == "overdue" else int(kyc)
        clients = clients.filter(kyc_due_on__lt=due_before(today, days_ahead))
        clients = clients.filter(state__in=[State.ACTIVE, State.DORMANT])  # only who is served owes a review
    if band := asked.get("assets"):
        low, _, high = band.partition("-")
        clients = clients.filter(value__gte=Decimal(low))
        if high:
            clients = clients.filter(value__lt=Decimal(high))
    words = fold(asked.get("name", "")).split()
    return _named(clients, words) if words else clients


def _named(clients: QuerySet[Client], words: list[str]) -> QuerySet[Client]:
    """Those on whose file every word begins a word of a name: 1 query, and 1 a word for the dictionary.

    They are found before they are ordered, and no more than a list ever counts. All who are called Maria
    stand together in the order of names, and a plan that walks it in hope of an early end reads half a bank
    (measured: 8 s at a million). Beyond the cap the list says 1,000+ and asks for another letter.
    """
    meant = [_begun(word) for word in words]
    if rare := [begun for begun in meant if len(begun) <= PREFIX_WORDS]:
        clients = clients.filter(pk__in=files_with(rare))
    for word, begun in zip(words, meant, strict=True):
        if len(begun) > PREFIX_WORDS:
            clients = _with_common_word(clients, word)
    found = clients.order_by("pk").values_list("pk", flat=True)[: COUNT_CAP + 1]
    return Client.objects.filter(pk__in=list(found))


def _begun(word: str) -> list[str]:
    """The words of names that begin so, by the dictionary, whatever the collation; one more than are used."""
    begun = SearchWord.objects.filter(word__startswith=word).values_list("word", flat=True)
    return list(begun[: PREFIX_WORDS + 1])


def _with_common_word(clients: QuerySet[Client], word: str) -> QuerySet[Client]:
    """Files on which some name has a word that begins so, and so many have that a walk soon meets enough."""
    return clients.extra(
        tables=["clients_searchname"],
        where=[
            "clients_searchname.client_id = clients_client.id AND EXISTS "
            "(SELECT FROM unnest(clients_searchname.words) AS word WHERE word LIKE %s)"
        ],
        params=[word + "%"],
    )


def brake_page(person: Person) -> dict[str, Any]:
    """How many files were opened within the hour, of how many, and why it is not released. 2 queries."""
    opened, own, figures, releases = braked(reach(person))
    return {
        "opened": opened,
        "most": rules.allowed(own, figures, releases),
        "refusals": rules.refusals_to_release(opened, own, figures, releases),
    }


def saved_views(person: Person, page: str) -> list[SavedView]:
    return list(SavedView.objects.filter(user_id=person.pk or 0, page=page).order_by("name"))


def books_to_choose(person: Person) -> list[Book]:
    """The books a person may filter by, [] when there is nothing to choose or too much. At most 1 query."""
    reached = reach(person)
    if not reached.everything and not 1 < len(reached.books) <= BOOKS_TO_CHOOSE:
        return []
    books = Book.objects.order_by("name")
    if not reached.everything:
        books = books.filter(pk__in=list(reached.books))
    chosen = list(books[: BOOKS_TO_CHOOSE + 1])
    return chosen if len(chosen) <= BOOKS_TO_CHOOSE else []


def own_books(person: Person) -> list[Book]:
    """The books in which `person` may open a file. 1 query."""
    return list(Book.objects.filter(pk__in=list(reach(person).books)).order_by("name")[:200])


def _contacts(client: Client) -> Any:
    """With who logged each, and whether something was added to it later."""
    added = Exists(Addendum.objects.filter(interaction=OuterRef("pk")))
    return Interaction.objects.filter(client=client).select_related("by").annotate(added=added)


def timeline(client: Client, *, size: int = 20, after: int | None = None) -> Page[Interaction]:
    """The latest contacts of a file that was opened. 1 query, 2 beyond the first page."""
    contacts = _contacts(client)
    return keyset(contacts, "-at", after=after, size=size, counted=False)


def interaction_list(
    client: Client, *, after: int | None = None, before: int | None = None
) -> Page[Interaction]:
    """All contacts of a file that was opened, page by page. 2 queries, 3 beyond the first page."""
    contacts = _contacts(client)
    return keyset(contacts, "-at", after=after, before=before)


def open_tasks(person: Person, until: date) -> list[Task]:
    """What `person` has to do until that day, earliest first. 1 query."""
    tasks = Task.objects.visible_to(person).open().filter(assigned_to_id=person.pk, due_on__lte=until)
    return list(tasks.select_related("client").order_by("due_on", "starts_at", "id")[:200])


def task_list(person: Person, *, after: int | None = None, before: int | None = None) -> Page[Task]:
    """All open tasks of `person`, the earliest due first. 2 queries, 3 beyond the first page."""
    tasks = Task.objects.visible_to(person).open().filter(assigned_to_id=person.pk).select_related("client")
    return keyset(tasks, "due_on", after=after, before=before)


def parties(client: Client) -> list[Party]:
    """Everyone on a file that was opened, the client first. 1 query."""
    return list(Party.objects.filter(client=client).order_by("-is_client", "id"))


def client_of_contact_point(person: Person, point_id: int) -> int:
    """Whose file a contact point is on; NotVisible for a missing or foreign one. 1 query."""
    point = ContactPoint.objects.visible_to(person).filter(pk=point_id).only("client_id").first()
    if point is None:
        raise NotVisible(f"clients.ContactPoint {point_id}")
    return int(point.client_id)


def with_parties(client: Client) -> Client:
    """The same file with its parties and how they are reached, in a fixed order. 2 queries."""
    people = Party.objects.order_by("-is_client", "id")
    prefetch_related_objects(
        [client],
        Prefetch("parties", people),
        Prefetch("parties__contact_points", ContactPoint.objects.order_by("id")),
    )
    return client
