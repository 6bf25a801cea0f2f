"""A value is readable by its key, in its place, and nowhere else; an index finds it and tells nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vault.cipher import BEGIN, Box, Unreadable, folded, key_id
from vault.keys import INDEX, BadRing, new_key, read_ring

PLACE = "clients_identifier.number"


def new_ring():
    return new_key(INDEX) + new_key()


RING = new_ring()
BOX = Box(read_ring(RING))


@given(
    st.text(min_size=1, max_size=60), st.lists(st.integers(1, 2**62), min_size=1, max_size=3), st.booleans()
)
def test_what_was_encrypted_is_read_again_and_never_looks_twice_alike(text, bound, indexed):
    stored = BOX.encrypt(PLACE, bound, text, indexed=indexed)
    assert BOX.decrypt(PLACE, bound, stored) == text
    assert stored != BOX.encrypt(PLACE, bound, text, indexed=indexed)
    assert stored.isascii()
    assert stored.startswith(BEGIN)


def test_a_value_moved_to_another_place_or_row_is_refused():
    stored = BOX.encrypt(PLACE, (7, 70), "X7788123", indexed=True)
    for place, bound in ((PLACE, (8, 80)), (PLACE, (7, 71)), ("clients_taxresidence.number", (7, 70))):
        with pytest.raises(Unreadable) as refused:
            BOX.decrypt(place, bound, stored)
        assert "X7788123" not in str(refused.value)
    other = BOX.encrypt(PLACE, (7, 70), "Y1", indexed=True)
    forged = stored.replace(stored.split(".")[1], other.split(".")[1])  # found by another's number
    with pytest.raises(Unreadable):
        BOX.decrypt(PLACE, (7, 70), forged)


@given(st.integers(0, 120))
def test_a_changed_sign_is_refused(at):
    stored = BOX.encrypt(PLACE, (7,), "756.9217.0769.85", indexed=True)
    at %= len(stored)
    changed = stored[:at] + ("A" if stored[at] != "A" else "B") + stored[at + 1 :]
    with pytest.raises(Unreadable):
        BOX.decrypt(PLACE, (7,), changed)


def test_a_number_is_the_same_however_it_is_written_and_no_two_places_share_an_index():
    index = BOX.index_of(PLACE, "CH9300762011623852957")
    assert len(index) == 22
    for written in (
        "CH93 0076 2011 6238 5295 7",
        "ch9300762011623852957",
        "CH93-0076.2011/6238 52957",
        "ＣＨ9300762011623852957",
    ):
        assert BOX.index_of(PLACE, written) == index
    assert BOX.index_of(PLACE, "CH9300762011623852958") != index
    assert BOX.index_of("portfolios_account.number", "CH9300762011623852957") != index
    assert Box(read_ring(new_ring())).index_of(PLACE, "CH9300762011623852957") != index
    assert BOX.index_of(PLACE, " - ") == ""
    assert folded("AB 12-Й") == "ab12й"


def test_an_older_key_still_reads_and_the_last_one_writes():
    newer = Box(read_ring(RING + new_key("newer")))
    stored = BOX.encrypt(PLACE, (7,), "X7788123")
    assert newer.decrypt(PLACE, (7,), stored) == "X7788123"
    again = newer.encrypt(PLACE, (7,), "X7788123")
    assert (key_id(again), key_id(stored)) == ("newer", BOX.writes)
    with pytest.raises(Unreadable, match="the key newer is not among the field keys"):
        BOX.decrypt(PLACE, (7,), again)


def test_another_key_of_the_same_name_is_refused():
    ring = read_ring(RING)
    other = Box(read_ring(f"index {'ab' * 32}\n{ring.writes} {'cd' * 32}"))
    with pytest.raises(Unreadable, match="not what was encrypted there"):
        other.decrypt(PLACE, (7,), BOX.encrypt(PLACE, (7,), "X7788123"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "need a line “index”"),
        ("index " + "ab" * 32, "at least one key beside it"),
        ("a1 " + "ab" * 32, "need a line “index”"),
        ("index " + "ab" * 32 + "\na1 abcd", "Line 2"),
        ("index " + "ab" * 32 + "\na1 " + "cd" * 32 + "\na1 " + "ef" * 32, "stands above already"),
        ("index " + "ab" * 32 + "\na1 " + "ab" * 32, "repeats a key"),
    ],
)
def test_what_is_no_ring_is_refused_without_a_word_of_it(text, said):
    with pytest.raises(BadRing, match=said) as refused:
        read_ring(text)
    assert "abab" not in str(refused.value)


def test_a_ring_shows_no_key():
    ring = read_ring("# of the bank\n\n" + RING)
    for line in RING.split():
        assert len(line) < 64 or (
            line not in repr(ring) and bytes.fromhex(line).hex() not in str(ring.fingerprints())
        )
