"""A file is closed: its opening was refused, or the relationship has ended."""

from django.utils import timezone

from clients.models import Client, ClientGrant, GrantPurpose, State
from staff.models import User


def close_file(client: Client, *, by: User) -> None:
    """Inside a verb that has locked the client. PostgreSQL writes the day; from then on its years count.

    What was lent of it ends now: a closed file is lent to nobody (rules.lending). A glass that somebody broke
    is whole again by itself, and what has not begun never was.
    """
    client.state = State.CLOSED
    client.save(update_fields=["state"])
    now = timezone.now()
    lent = ClientGrant.objects.filter(content_object=client).exclude(purpose=GrantPurpose.BREAK_GLASS)
    lent.filter(starts_at__gte=now).delete()
    lent.filter(starts_at__lt=now).exclude(ends_at__lte=now).update(ends_at=now, ended_by=by)
