"""What the pages about clients show."""

from datetime import date, timedelta
from typing import Any

from clients.access import Person
from clients.models import Client, Interaction, Task
from staff.models import SavedView
from ui.paging import Page, keyset


def client_list(person: Person, asked: dict[str, Any], today: date) -> Page[Client]:
    """One page of the clients `person` may see. 2 queries, 3 beyond the first page.

    `asked` is forms.ClientFilter.asked.
    """
    clients = filtered(Client.objects.visible_to(person), asked, today)
    return keyset(
        clients.only(*LIST_FIELDS),
        asked.get("sort", "name"),
        after=asked.get("after"),
        before=asked.get("before"),
    )


LIST_FIELDS = [
    "number", "name", "kind", "segment", "stage", "state", "domicile", "risk", "value", "kyc_due_on", "last_contact_on", "book_id",
]  # fmt: skip


def filtered(clients: Any, asked: dict[str, Any], today: date) -> Any:
    """`clients` narrowed to what was asked; every filter has an index or narrows a book."""
    for field in ("segment", "state", "risk", "book"):
        if value := asked.get(field):
            clients = clients.filter(**{field: value})
    if name := asked.get("name"):
        clients = clients.filter(name__istartswith=name)
    if days := asked.get("silent"):
        clients = clients.filter(last_contact_on__lt=today - timedelta(days=int(days)))
    if kyc := asked.get("kyc"):
        days_ahead = 0 if kyc == "overdue" else int(kyc)
        clients = clients.filter(kyc_due_on__lt=today + timedelta(days=days_ahead))
    return clients


def saved_views(person: Person, page: str) -> list[SavedView]:
    return list(SavedView.objects.filter(user_id=person.pk, page=page).order_by("name"))


def timeline(client: Client, *, size: int = 20, after: int | None = None) -> Page[Interaction]:
    """The latest contacts of a file that was opened. 1 query, 2 beyond the first page."""
    contacts = Interaction.objects.filter(client=client).select_related("by")
    return keyset(contacts, "-at", after=after, size=size, counted=False)


def open_tasks(person: Person, until: date) -> list[Task]:
    """What `person` has to do until that day, earliest first. 1 query."""
    tasks = Task.objects.visible_to(person).open().filter(assigned_to_id=person.pk, due_on__lte=until)
    return list(tasks.select_related("client").order_by("due_on", "starts_at", "id")[:200])
