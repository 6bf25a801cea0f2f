"""Who sees which client: the lock for reading."""

from datetime import timedelta

import pytest
from django.utils import timezone

from clients.access import open_file, reach
from clients.models import Client
from staff.models import BookMember, Team
from staff.roles import Role
from tests.cast import lend, make_book, make_client, make_person
from ui.refusals import NotVisible


def names_seen_by(person, at=None):
    return set(Client.objects.visible_to(person, at).values_list("name", flat=True))


def test_an_rm_sees_the_clients_of_the_own_books_and_no_others(rita, anna, omar):
    assert names_seen_by(rita) == {"Anna Keller"}


def test_a_lead_sees_the_books_of_the_team_and_of_the_teams_below(cast):
    below = Team.objects.create(name="Desk Romandie", parent=cast.theo.team)
    make_client("Luc Favre", make_book(make_person("lea", Role.RM, below)))
    assert names_seen_by(cast.theo) == {"Anna Keller", "Luc Favre"}


def test_a_lead_without_a_team_sees_nothing_although_the_root_has_no_parent(cast):
    lost = make_person("lost", Role.TEAM_LEAD, team=None)
    assert names_seen_by(lost) == set()


def test_compliance_sees_everyone_and_the_administrator_nobody(cora, ada, anna, omar):
    assert names_seen_by(cora) == {"Anna Keller", "Omar Trading Ltd"}
    assert names_seen_by(ada) == set()


def test_a_disabled_person_sees_nothing(rita, anna):
    rita.is_active = False
    assert names_seen_by(rita) == set()


def test_otto_sees_the_client_only_while_it_is_lent_to_him(cast):
    now = timezone.now()
    day = timedelta(days=1)
    lend(cast.anna, cast.otto, by=cast.theo, starts_at=now - 2 * day, ends_at=now - day)
    lend(cast.anna, cast.otto, by=cast.theo, starts_at=now + day, ends_at=now + 3 * day)
    seen = ["Anna Keller" in names_seen_by(cast.otto, at) for at in (None, now + 2 * day, now + 4 * day)]
    assert seen == [False, True, False]


def test_a_deputy_sees_the_book_from_the_first_to_the_last_instant_of_the_cover(cast):
    start = timezone.now() + timedelta(days=1)
    end = start + timedelta(days=14)
    BookMember.objects.create(book=cast.rita_book, user=cast.otto, role="deputy", during=(start, end))
    second = timedelta(seconds=1)
    assert [
        "Anna Keller" in names_seen_by(cast.otto, at) for at in (start - second, start, end - second, end)
    ] == [False, True, True, False]


def test_opening_a_file_says_by_which_right(cast, django_assert_num_queries):
    assert reach(cast.rita).right_to(cast.anna.pk, cast.anna.book_id).startswith("owner of book")
    assert reach(cast.theo).right_to(cast.anna.pk, cast.anna.book_id).startswith("leads team")
    assert reach(cast.cora).right_to(cast.anna.pk, cast.anna.book_id) == "sees all books"


def test_a_missing_and_a_foreign_file_are_the_same(cast):
    for client_id in (cast.omar.pk, 999_999):
        with pytest.raises(NotVisible):
            open_file(cast.rita, client_id)
