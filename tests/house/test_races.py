"""T24. A right ends between the look and the write: whoever looked before has written before, or writes
nothing. Three colleagues' windows against one who ends the right, again and again; 10,000 tries in the drill.

What was written is told by the audit, which is written in the same transaction as the row.
"""

import random
import threading
import time
from datetime import timedelta

import pytest
from django.db import connections, transaction
from django.db.models import Max
from django.utils import timezone
from psycopg2.extras import DateTimeTZRange

from audit.models import AuditEvent
from clients import access
from clients.actions import add_task, change_preferences, end_cover, log_interaction, open_lead, take_back
from clients.models import BarrierFile, Client
from compliance.actions.glass import give_back
from staff import lock
from staff.models import BookMember, User
from staff.roles import Role
from tests.cast import lend, make_cast, raise_barrier
from tests.drills import DRILL, tell
from tests.house.stage import break_glass
from ui.carrying import transaction_for
from ui.refusals import NotPermitted, NotVisible

TRIES = 10_000 if DRILL else 90


# --- what is written: below the file, on the file, and where no file stands yet ---------------------------


def log_a_call(cast, by):
    log_interaction(
        cast.anna, by=by, channel="call", purpose="service", at=timezone.now(), summary="Called back"
    )


def plan_a_task(cast, by):
    add_task(cast.anna, by=by, kind="call", title="Call", due_on=timezone.localdate())


def note_a_wish(cast, by):
    change_preferences(cast.anna, by=by, fields=["preferences"], preferences=f"Wish {random.random()}")


def open_a_lead(cast, by):
    open_lead(
        None, by=by, book_id=cast.rita_book.pk, kind="person", name="Nora Lind", segment="affluent",
        stage="family", domicile="CH", language="en",
    )  # fmt: skip


ON_FILE = (log_a_call, plan_a_task, note_a_wish)
SAID = ("interaction logged", "task added", "preferences changed", "lead opened")


# --- how a right ends: each is given, and is a function that ends it --------------------------------------


def as_(person, verb, *subject, **how):
    with transaction_for(person.pk):
        verb(*subject, by=User.objects.get(pk=person.pk), **how)


def a_loan(cast):
    grant = lend(cast.anna, cast.otto, cast.theo, ends_at=timezone.now() + timedelta(days=1))
    return lambda: as_(cast.theo, take_back, grant)


def a_loan_that_runs_out(cast):
    """While somebody else holds the file: whoever waits for it finds the loan over."""
    grant = lend(cast.anna, cast.otto, cast.theo, ends_at=timezone.now() + timedelta(milliseconds=8))

    def wait():
        with transaction.atomic():
            Client.objects.select_for_update().get(pk=cast.anna.pk)
            while timezone.now() < grant.ends_at:
                time.sleep(0.001)

    return wait


def an_hour_of_break_glass(cast):
    break_glass(cast.anna, cast.otto)
    return lambda: as_(cast.otto, give_back, cast.anna)


def a_cover(cast):
    now = timezone.now()
    during = (now, now + timedelta(days=1))
    member = BookMember.objects.create(book=cast.rita_book, user=cast.otto, role="deputy", during=during)
    return lambda: as_(cast.rita, end_cover, None, member_id=member.pk)


def a_client_of_hers(cast):
    """Moved to another book, as whatever changes who sees a file holds it (staff/lock.py)."""
    Client.objects.filter(pk=cast.anna.pk).update(book=cast.rita_book)

    def move():
        with transaction.atomic():
            assert Client.objects.hold(cast.anna.pk, cast.theo, "move")
            Client.objects.filter(pk=cast.anna.pk).update(book=cast.otto_book)

    return move


def a_file_without_a_barrier(cast):
    now = timezone.now()
    for row in BarrierFile.objects.filter(during__endswith__isnull=True):
        row.during = DateTimeTZRange(row.during.lower, now)
        row.save()

    def raise_one():
        with transaction.atomic():
            raise_barrier([cast.anna], [cast.theo])

    return raise_one


def an_account(cast):
    User.objects.filter(pk=cast.rita.pk).update(is_active=True)
    return lambda: User.objects.filter(pk=cast.rita.pk).update(is_active=False)


def a_role(cast):
    User.objects.filter(pk=cast.rita.pk).update(role=Role.RM)
    return lambda: User.objects.filter(pk=cast.rita.pk).update(role=Role.AUDITOR)


RIGHTS = {  # whose it is, and what they try to write meanwhile
    a_loan: ("otto", ON_FILE),
    a_loan_that_runs_out: ("otto", ON_FILE),
    an_hour_of_break_glass: ("otto", ON_FILE),
    a_cover: ("otto", (*ON_FILE[:2], open_a_lead)),
    a_client_of_hers: ("rita", ON_FILE),
    a_file_without_a_barrier: ("rita", ON_FILE),
    an_account: ("rita", (*ON_FILE[:2], open_a_lead)),
    a_role: ("rita", (*ON_FILE[:2], open_a_lead)),
}


class Windows:
    """Three windows of one person, each a thread with its own connection, as a process of the web has."""

    def __init__(self, chance: random.Random, slowly: float, ending) -> None:
        self.chance, self.slowly, self.ending = chance, slowly, ending
        self.begin, self.done = threading.Barrier(4), threading.Barrier(4)
        self.task, self.broke, self.refused = None, [], 0
        self.threads = [threading.Thread(target=self.work, args=[at]) for at in range(3)]
        for thread in self.threads:
            thread.start()

    def work(self, at: int) -> None:
        try:
            while True:
                self.begin.wait(30)
                if self.task is None:
                    return
                self.try_once(at, *self.task)
                self.done.wait(30)
        finally:
            connections.close_all()

    def try_once(self, at, cast, login, verbs) -> None:
        try:
            person = User.objects.get(login=login)  # as the session loads who asks, before the page begins
            time.sleep(self.chance.random() * self.slowly)
            with transaction_for(person.pk):
                verbs[at](cast, person)
        except (NotVisible, NotPermitted):
            self.refused += 1
        except Exception as broken:
            self.broke.append(repr(broken))

    def against(self, cast, login, verbs, end) -> set[int]:
        """The events that were committed after `end` was."""
        self.task = (cast, login, verbs)
        self.begin.wait(30)
        time.sleep(self.chance.random() * self.slowly)
        let_go = self.ending(end)
        before = written()
        if let_go:
            let_go()
        self.done.wait(30)
        return written() - before

    def close(self) -> None:
        self.task = None
        self.begin.wait(30)
        for thread in self.threads:
            thread.join(30)


LAST = [0]


def written() -> set[int]:
    return set(AuditEvent.objects.filter(id__gt=LAST[0], verb__in=SAID).values_list("id", flat=True))


def at_once(end) -> None:
    end()


def race(rights, tries: int, seed: int, slowly: float, ending=at_once):
    """(right -> how often it was written after its end, what broke, how often it was refused)"""
    cast, chance = make_cast(), random.Random(seed)
    windows = Windows(chance, slowly, ending)
    late = dict.fromkeys([right.__name__ for right in rights], 0)
    wrote = done = 0
    try:
        while done < tries:
            for right in rights:
                login, verbs = RIGHTS[right]
                LAST[0] = AuditEvent.objects.aggregate(last=Max("id"))["last"] or 0
                late[right.__name__] += len(windows.against(cast, login, verbs, right(cast)))
                wrote += len(written())
                done += 3
            for reset in (a_client_of_hers, a_file_without_a_barrier, an_account, a_role):
                reset(cast)
    finally:
        windows.close()
    tell(
        "T24", seed=seed, tries=done, written_before=wrote, refused=windows.refused, after=sum(late.values())
    )
    assert wrote > done / 20, "the right was never there"
    return late, windows.broke, windows.refused


def writing_takes(monkeypatch, seconds) -> None:
    """So long after the look, in the windows: whoever ends the right is not kept."""
    check = lock._check

    def check_slowly(*what):
        check(*what)
        if threading.current_thread() is not threading.main_thread():
            time.sleep(seconds())

    monkeypatch.setattr(lock, "_check", check_slowly)


@pytest.mark.django_db(transaction=True)
def test_nothing_is_written_after_the_right_to_it_has_ended(monkeypatch):
    seed = random.SystemRandom().randrange(10**6)
    chance = random.Random(seed)
    writing_takes(monkeypatch, lambda: chance.random() * 0.003)
    late, broke, refused = race(list(RIGHTS), TRIES, seed, 0.012)
    assert late == dict.fromkeys(late, 0)
    assert broke == []
    assert refused > TRIES / 20, "the right never ended"


@pytest.mark.django_db(transaction=True)
def test_the_race_is_lost_where_nothing_is_held(monkeypatch):
    """Else the test above would pass for a lock that holds nothing."""
    nothing_held = access._PLACE_AND_RIGHTS
    for held in (
        "FOR {strength} OF c FOR SHARE OF b",
        *(f"FOR SHARE OF {each}" for each in "mgi"),
        "FOR SHARE",
    ):
        assert held in nothing_held
        nothing_held = nothing_held.replace(held, "")
    monkeypatch.setattr(access, "_PLACE_AND_RIGHTS", nothing_held)
    looked, ended = threading.Semaphore(0), threading.Semaphore(0)

    def writes_when_it_has_ended():
        looked.release()
        ended.acquire(timeout=10)
        return 0

    def ends_when_all_have_looked(end):
        for _ in range(3):
            looked.acquire(timeout=10)
        end()
        return lambda: ended.release(3)

    writing_takes(monkeypatch, writes_when_it_has_ended)
    late, *_ = race([a_loan, an_hour_of_break_glass], 6, 1, 0, ends_when_all_have_looked)
    assert late == {"a_loan": 3, "an_hour_of_break_glass": 3}
