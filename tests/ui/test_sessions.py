"""Two answers of one session at once: what each changed is kept."""

import pytest
from django.contrib.sessions.backends.base import UpdateError

from ui.sessions import SessionStore


@pytest.fixture
def key(db):
    made = SessionStore()
    made["screen"], made["old"] = {"mode": "shown"}, 1
    made.save()
    return made.session_key


def read(key):
    store = SessionStore(key)
    assert store["screen"]
    return store


def test_a_page_that_took_long_does_not_show_a_screen_that_was_hidden_meanwhile(key):
    slow, quick = read(key), read(key)
    quick["screen"] = {"mode": "hidden"}
    quick.save()
    slow["said"] = "Saved."
    del slow["old"]
    slow.save()
    assert {name: SessionStore(key).get(name) for name in ("screen", "said", "old")} == {
        "screen": {"mode": "hidden"}, "said": "Saved.", "old": None,
    }  # fmt: skip
    assert slow["screen"] == {"mode": "hidden"}
    slow["more"] = 1
    slow.save()
    assert SessionStore(key)["more"] == 1


def test_who_writes_last_wins_where_both_changed_the_same(key):
    first, second = read(key), read(key)
    first["screen"] = {"mode": "hidden"}
    first.save()
    second["screen"] = {"mode": "presenting"}
    second.save()
    assert SessionStore(key)["screen"] == {"mode": "presenting"}


def test_a_session_that_was_ended_is_not_written_anew(key):
    late = read(key)
    SessionStore(key).delete()
    late["said"] = "Saved."
    with pytest.raises(UpdateError):
        late.save()
    assert not SessionStore().exists(key)


def test_alone_it_costs_one_statement(key, django_assert_num_queries):
    alone = read(key)
    alone["said"] = "Saved."
    with django_assert_num_queries(1):
        alone.save()
