"""What was said to a client, and what is to be done for one."""

from datetime import date, datetime
from typing import Any

from django.utils import timezone

from clients import rules
from clients.models import Client, Interaction, Task
from staff.lock import action
from staff.models import User
from staff.roles import May
from ui.refusals import refuse_if


@action(
    May.INTERACTIONS_LOG,
    "interaction logged",
    on="clients.Client",
    hold="parent",
    remember=("channel", "purpose"),
)
def log_interaction(
    client: Client, *, by: User, channel: str, purpose: str, at: datetime, **record: Any
) -> Interaction:
    """Add a contact to the file and move its contact clock forward, never back."""
    refuse_if(rules.refusals_to_log_interaction(client.state, at, timezone.now()))
    interaction: Interaction = Interaction.objects.create(
        client=client, by=by, channel=channel, purpose=purpose, at=at, **record
    )
    day = timezone.localdate(at)
    if client.last_contact_on < day:
        Client.objects.filter(pk=client.pk, last_contact_on__lt=day).update(last_contact_on=day)
    return interaction


@action(May.TASKS_WORK, "task added", on="clients.Client", hold="parent", remember=("kind", "due_on"))
def add_task(
    client: Client,
    *,
    by: User,
    kind: str,
    title: str,
    due_on: date,
    starts_at: datetime | None = None,
    promise: bool = False,
) -> Task:
    """Something to do for this client, by whoever adds it."""
    return Task.objects.create(
        client=client,
        kind=kind,
        title=title,
        due_on=due_on,
        starts_at=starts_at,
        promise=promise,
        assigned_to=by,
        made_by=by,
    )


@action(May.TASKS_WORK, "task done", on="clients.Task")
def finish_task(task: Task, *, by: User) -> Task:
    refuse_if(rules.refusals_to_finish_task(task.done_at))
    task.done_at = timezone.now()
    task.save(update_fields=["done_at"])
    return task


@action(May.TASKS_WORK, "task reopened", on="clients.Task")
def reopen_task(task: Task, *, by: User) -> Task:
    """Undo of finishing."""
    task.done_at = None
    task.save(update_fields=["done_at"])
    return task
