"""A file is lent to a colleague, a book is covered by one, both for days; and taken back."""

from datetime import date

from django.contrib.auth.models import Permission
from django.utils import timezone

from clients import rules
from clients.access import reach
from clients.models import Client, ClientGrant
from clients.selectors import lending as found
from staff.lock import action
from staff.models import Book, BookMember, BookRole, User
from staff.roles import May
from ui.refusals import NotVisible, refuse_if


@action(
    May.CLIENTS_LEND,
    "file lent",
    on="clients.Client",
    hold="move",
    remember=("to", "purpose", "first_on", "last_on"),
    step_up=True,
)
def lend_client(
    client: Client, *, by: User, to: int, purpose: str, reason: str, first_on: date, last_on: date
) -> ClientGrant:
    """To one colleague, for a purpose, until a day; it ends by itself."""
    now = timezone.now()
    today = timezone.localdate(now)
    refuse_if(
        rules.refusals_to_lend(reach(by).lends(client.book_id), client.state)
        or rules.refusals_to_span(first_on, last_on, today, found.figures(today)["grant_days"])
    )
    begins, ends = found.span(first_on, last_on, now)
    colleague = found.colleague_who_works(to)
    others = ClientGrant.objects.filter(content_object=client, user=to, starts_at__lt=ends)
    refuse_if(
        rules.refusals_to_receive(
            itself=to == by.pk,
            serves=colleague is not None,
            sees_anyway=colleague is not None and bool(reach(colleague).books.get(client.book_id)),
            has_another=others.exclude(ends_at__lte=begins).exists(),
        )
    )
    made: ClientGrant = ClientGrant.objects.create(
        user_id=to,
        permission=Permission.objects.get(content_type__app_label="clients", codename="view_client"),
        content_object=client,
        granted_by=by,
        purpose=purpose,
        reason=reason.strip(),
        starts_at=begins,
        ends_at=ends,
    )
    return made


@action(May.CLIENTS_LEND, "loan taken back", on="clients.ClientGrant", hold="move")
def take_back(grant: ClientGrant, *, by: User) -> Client:
    """By a lender, or by the colleague who needs it no longer. What has not begun never was."""
    now = timezone.now()
    client: Client = grant.content_object
    over = grant.ends_at is not None and grant.ends_at <= now
    refuse_if(rules.refusals_to_take_back(reach(by).lends(client.book_id), grant.user_id == by.pk, over))
    if grant.starts_at >= now:
        grant.delete()
    else:
        grant.ends_at, grant.ended_by = now, by
        grant.save(update_fields=["ends_at", "ended_by"])
    return client


@action(
    May.CLIENTS_LEND,
    "book covered",
    remember=("book_id", "to", "first_on", "last_on", "reason"),
    step_up=True,
)
def cover_book(
    _nothing: None, *, by: User, book_id: int, to: int, reason: str, first_on: date, last_on: date
) -> BookMember:
    """A deputy works the book for some days, and then no more. `reason` is a code: an absence, no client."""
    now = timezone.now()
    today = timezone.localdate(now)
    book = _held(book_id, by)
    refuse_if(rules.refusals_to_span(first_on, last_on, today, found.figures(today)["cover_days"]))
    begins, ends = found.span(first_on, last_on, now)
    colleague = found.colleague_who_works(to)
    others = BookMember.objects.filter(book=book, user=to, during__overlap=(begins, ends))
    refuse_if(
        rules.refusals_to_receive(
            itself=to == by.pk,
            serves=colleague is not None,
            sees_anyway=colleague is not None and book_id in reach(colleague).led,
            has_another=others.exists(),
        )
    )
    made: BookMember = BookMember.objects.create(
        book=book, user_id=to, role=BookRole.DEPUTY, during=(begins, ends)
    )
    return made


@action(May.CLIENTS_LEND, "cover ended", remember=("member_id",))
def end_cover(_nothing: None, *, by: User, member_id: int) -> Book:
    """Sooner than agreed: by who may cover the book, or by the deputy."""
    now = timezone.now()
    member: BookMember | None = BookMember.objects.filter(pk=member_id, role=BookRole.DEPUTY).first()
    if member is None:
        raise NotVisible(f"staff.BookMember {member_id}")
    book = _held(member.book_id, by, deputy=member.user_id)
    member = BookMember.objects.select_for_update().filter(pk=member_id).first()
    over = member is None or (member.during.upper is not None and member.during.upper <= now)
    refuse_if(rules.refusals_to_take_back(True, True, over))
    assert member is not None
    begins = member.during.lower
    if begins is not None and begins >= now:
        member.delete()
    else:
        member.during = (begins, now)
        member.save(update_fields=["during"])
    return book


def _held(book_id: int, by: User, deputy: int | None = None) -> Book:
    """The book, locked as a handover locks it, for its owner, its leads or the deputy in question."""
    book: Book | None = Book.objects.select_for_update().filter(pk=book_id).first()
    reached = reach(by, fresh=True)
    if book is None or not (reached.lends(book_id) or deputy == by.pk or book_id in reached.books):
        raise NotVisible(f"staff.Book {book_id}")
    refuse_if(rules.refusals_to_cover(reached.lends(book_id) or deputy == by.pk))
    return book
