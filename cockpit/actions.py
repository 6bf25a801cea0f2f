"""Clients go from one book to another: asked for by one person, confirmed by a second, done on its day."""

from collections.abc import Collection
from datetime import date

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext, ngettext, override

from alerts.actions import write_mail
from audit.record import record
from clients.access import Person, reach
from clients.models import Client, Task
from cockpit import rules, selectors
from cockpit.models import Handover, HandoverClient
from opportunities.models import Opportunity
from staff.lock import action
from staff.models import Book, BookMember, BookRole, User
from staff.night import NightShift
from staff.roles import May, Role
from ui.carrying import NIGHT_SHIFT, transaction_for
from ui.refusals import NotVisible, refuse_if

State = Handover.State
ASKED = ("clients", "to", "cause", "effective_on")


@action(May.CLIENTS_HAND_OVER, "handover asked for", remember=ASKED)
def propose_handover(
    _: None,
    *,
    by: User,
    clients: Collection[int],
    to: str,
    effective_on: date,
    cause: str,
    reason: str,
    undoes: Handover | None = None,
) -> Handover:
    """These clients are to go to another book; nothing moves before somebody else confirms it."""
    today = timezone.localdate()
    reached = reach(by, fresh=True)
    found = list(Client.objects.visible_to(by).filter(pk__in=clients).order_by("pk"))
    if len(found) < len(set(clients)):
        raise NotVisible(f"clients.Client {sorted(set(clients) - {each.pk for each in found})[:5]}")
    books = {each.book_id for each in found}
    ids = [each.pk for each in found]
    receiver, book_id = _receiver(to)
    owners = {selectors.owner_of(book) for book in books} if receiver and len(books) == 1 else set()
    refuse_if(
        rules.refusals_to_ask(
            clients=len(ids),
            books=len(books),
            leads=reached.everything or books <= reached.led,
            receives=receiver is not None,
            owns_it=book_id in books or receiver in owners,
            kept_out=receiver is not None and selectors.walled_from(receiver, ids) > 0,
            waits=selectors.waits_elsewhere(ids),
            effective_on=effective_on,
            today=today,
        )
    )
    assert receiver is not None
    from_book, to_book = books.pop(), book_id or _new_book(receiver, by).pk
    with transaction_for(None, NIGHT_SHIFT):
        fingerprint = selectors.fingerprint(ids, from_book, to_book, receiver.pk)
    made: Handover = Handover.objects.create(
        from_book_id=from_book,
        to_book_id=to_book,
        owner=owners.pop(),
        receiver=receiver,
        cause=cause,
        reason=reason.strip(),
        effective_on=effective_on,
        told=selectors.owed_by(by, ids, today).as_told(),
        fingerprint=fingerprint,
        asked_by=by,
        undoes=undoes,
    )
    HandoverClient.objects.bulk_create(HandoverClient(handover=made, client_id=pk) for pk in ids)
    return made


@action(
    May.CLIENTS_HAND_OVER,
    "handover confirmed",
    remember=("handover_id",),
    then="alerts.tasks.look",
    step_up=True,
)
def confirm_handover(_: None, *, by: User, handover_id: int) -> Handover:
    """The second person's word; today's clients move with it, those of a later day when it comes."""
    handover = _held(handover_id, by)
    _lock_what_moves(handover)
    refuse_if(selectors.refusals_to_confirm(handover, by))
    handover.decide(State.CONFIRMED, by)
    handover.save(update_fields=["state", "decided_by", "decided_at"])
    if selectors.is_due(handover, timezone.localdate()):
        _carry_out(handover, by)
    return handover


@action(May.CLIENTS_HAND_OVER, "handover ended", remember=("handover_id",))
def end_handover(_: None, *, by: User, handover_id: int) -> Handover:
    """Refused by a second person, taken back by who asked, or called off before its day by either."""
    handover = _held(handover_id, by)
    own = handover.asked_by_id == by.pk
    decides = selectors.decides(by, handover)
    refuse_if(rules.refusals_to_end(handover.stands, handover.done_at is not None, decides=decides, own=own))
    handover.decide(State.WITHDRAWN if own else State.REFUSED, by)
    handover.save(update_fields=["state", "decided_by", "decided_at"])
    return handover


@action(May.HANDOVERS_SETTLE, "handover settled", remember=("handover_id",))
def settle_handover(_: None, *, by: NightShift, handover_id: int) -> Handover | None:
    """What waits and is no longer so, falls; what was confirmed is done on its day."""
    handover = Handover.objects.select_for_update().filter(pk=handover_id, done_at__isnull=True).first()
    if handover is None or handover.state not in (State.WAITING, State.CONFIRMED):
        return None
    _lock_what_moves(handover)
    if selectors.is_stale(handover):
        _fall(handover)
    elif selectors.is_due(handover, timezone.localdate()):
        _carry_out(handover, by)
    return handover


def _receiver(to: str) -> tuple[User | None, int]:
    """(who is to have them, the id of the book) by "book-7" or "person-3"; the person held as it is now."""
    kind, _sep, pk = to.partition("-")
    number = int(pk) if pk.isdecimal() and len(pk) < 19 else 0
    person: User | None = selectors.owner_of(number) if kind == "book" else User(pk=number)
    if person is None:
        return None, 0
    held = User.objects.select_for_update(no_key=True, of=("self",)).filter(pk=person.pk, is_active=True)
    found: User | None = held.filter(role=Role.RM, team__isnull=False).first()
    if kind == "book":
        return found, number
    owned = BookMember.objects.owners().at(timezone.now()).filter(user=person.pk).order_by("book_id")
    return found, owned.values_list("book_id", flat=True).first() or 0


def _new_book(receiver: User, by: User) -> Book:
    """For who has none yet. Empty, it opens nothing to anybody."""
    assert receiver.team_id is not None
    made: Book = Book.objects.create(name=receiver.name, team_id=receiver.team_id)
    BookMember.objects.create(book=made, user=receiver, role=BookRole.OWNER, during=(timezone.now(), None))
    record("book opened", by=by, subject=made, payload={"owner": receiver.pk})
    return made


def _held(handover_id: int, by: User) -> Handover:
    """Locked: of two who decide at once one waits, and then finds it decided."""
    reach(by, fresh=True)
    known = selectors.visible_handovers(by).filter(pk=handover_id)
    held: Handover | None = known.select_for_update(of=("self",)).first()
    if held is None:
        raise NotVisible(f"cockpit.Handover {handover_id}")
    return held


def _lock_what_moves(handover: Handover) -> None:
    """The files, then who receives them: whoever is at work on one finishes first, and nobody begins.

    As the night shift, for the second person may not see them yet.
    """
    with transaction_for(None, NIGHT_SHIFT):
        files = Client.objects.filter(pk__in=selectors.ids_of(handover)).order_by("pk")
        list(files.select_for_update(of=("self",)).values_list("pk", flat=True))
        list(User.objects.select_for_update(no_key=True).filter(pk=handover.receiver_id))
        books = BookMember.objects.filter(book__in=[handover.from_book_id, handover.to_book_id])
        list(books.select_for_update(no_key=True, of=("self",)).order_by("pk"))


def _carry_out(handover: Handover, by: Person) -> None:
    """The clients move, and from this instant who sees them is another one; an event a client says so."""
    now = timezone.now()
    with connection.cursor() as cursor:  # of the owner: what moves is in nobody's reach before and after
        cursor.execute("SELECT hand_over(%s, %s)", [handover.pk, now])
    handover.done_at = now
    books = reach(by, fresh=True).books
    path = books.get(handover.from_book_id) or books.get(handover.to_book_id) or "sees all books"
    with transaction_for(None, NIGHT_SHIFT):
        ids = selectors.ids_of(handover)
        _pass_on_work(handover, ids)
        others = HandoverClient.objects.filter(client__in=ids).exclude(handover=handover.pk)
        still = Handover.objects.filter(state__in=[State.WAITING, State.CONFIRMED], done_at__isnull=True)
        for other in still.filter(pk__in=others.values("handover")).select_related("asked_by"):
            _fall(other)
        told = {
            "handover": handover.pk,
            "from_book": handover.from_book_id,
            "to_book": handover.to_book_id,
            "cause": handover.cause,
            "asked_by": handover.asked_by_id,
            "confirmed_by": handover.decided_by_id,
        }
        for pk in ids:
            record(
                "client handed over",
                by=by,
                subject=("clients.Client", pk),
                client_id=pk,
                path=path,
                why=f"handover {handover.pk}: {handover.cause}",
                payload=told,
            )
    _tell(handover, ids)


def _pass_on_work(handover: Handover, ids: list[int]) -> None:
    """Open tasks and opportunities of whoever no longer sees the client are the receiver's from now on."""
    tasks = Task.objects.open().filter(client__in=ids)
    deals = Opportunity.objects.open().filter(client__in=ids)
    holders = {*tasks.values_list("assigned_to", flat=True), *deals.values_list("owner", flat=True)}
    for person in User.objects.filter(pk__in=holders).exclude(pk=handover.receiver_id):
        reached = reach(person)
        if reached.everything or handover.to_book_id in reached.books:
            continue
        lent = list(reached.clients)
        tasks.filter(assigned_to=person).exclude(client__in=lent).update(assigned_to=handover.receiver_id)
        deals.filter(owner=person).exclude(client__in=lent).update(owner=handover.receiver_id)


def _fall(handover: Handover) -> None:
    """What it was about has changed; who asked for it hears so."""
    handover.decide(State.FALLEN, None)
    handover.save(update_fields=["state", "decided_by", "decided_at"])
    record("handover fell", by=None, subject=handover)
    with override(handover.asked_by.language):
        subject = gettext("A handover has fallen")
        sentence = gettext("Something it was about has changed. Look at it, and ask anew.")
    write_mail(handover.asked_by, subject=subject, sentence=sentence, url="cockpit:handovers")


def _tell(handover: Handover, ids: list[int]) -> None:
    """Both colleagues, by counts: mails leave the house. The new owner has each client in the inbox too.

    Who had them may stand before a barrier: a file that this colleague does not know of is not counted.
    """
    for person, gone in ((handover.owner, True), (handover.receiver, False)):
        if person is None or not person.is_active:
            continue
        clients = len(ids) - selectors.walled_from(person, ids)
        if not clients:
            continue
        with override(person.language):
            if gone:
                subject = gettext("Clients of yours were handed over")
                words = ngettext(
                    "%(n)d client of yours is a colleague's from now on.",
                    "%(n)d clients of yours are a colleague's from now on.",
                    clients,
                )
            else:
                subject = gettext("Clients were handed over to you")
                words = ngettext(
                    "%(n)d client is yours from now on.", "%(n)d clients are yours from now on.", clients
                )
        write_mail(person, subject=subject, sentence=words % {"n": clients}, url="cockpit:handovers")
