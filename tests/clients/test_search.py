"""One search over everything a person may see: typos, scripts, companies, phones, accounts, addresses."""

import json

import pytest
from django.db.models.expressions import RawSQL
from django.urls import reverse

from audit.models import AuditEvent
from clients.actions import (
    add_account_key,
    add_contact_point,
    add_related_party,
    add_search_key,
    index_file,
)
from clients.models import Party, SearchKey
from clients.rules import search as rules
from clients.selectors import search
from tests.cast import make_client
from ui.carrying import transaction_for

NAMES = {
    "maria": ("Maria Keller", ""),
    "mariya": ("Mariya Petrova", "Мария Петрова"),
    "mueller": ("Hans Müller", ""),
    "jose": ("José García", ""),
    "wang": ("Wang Wei", "王伟"),
    "muhammad": ("Muhammad Al-Rashid", "محمد الرشيد"),
    "kowalski": ("Jan Kowalski", ""),
    "obrien": ("Sean O'Brien", ""),
    "firm": ("Alpine Precision Tools AG", ""),
}


@pytest.fixture
def bank(cast):
    """Rita's clients of many names, all findable; and a namesake in Otto's book."""
    files = {}
    for key, (name, native) in NAMES.items():
        kind = {"kind": "organisation", "segment": "sme", "stage": "mature"} if key == "firm" else {}
        files[key] = make_client(name, cast.rita_book, **kind)
        Party.objects.filter(client=files[key]).update(native_name=native)
        index_file(files[key])
    index_file(cast.anna)
    files["foreign"] = make_client("Maria Kowalski", cast.otto_book)
    index_file(files["foreign"])
    return files


def names(person, text):
    return [found.client.name for found in search(person, text)]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("maria keller", "Maria Keller"),
        ("Keller Maria", "Maria Keller"),  # in any order
        ("MARIA KEL", "Maria Keller"),  # the last word half typed
        ("maria kellr", "Maria Keller"),  # a letter missing
        ("maria keleler", "Maria Keller"),  # one too many
        ("kowlaski", "Jan Kowalski"),  # two swapped
        ("covalski", "Jan Kowalski"),  # two wrong
        ("muller", "Hans Müller"),
        ("Müller", "Hans Müller"),
        ("mueller", "Hans Müller"),
        ("Jose Garcia", "José García"),
        ("José", "José García"),
        ("Мария Петрова", "Mariya Petrova"),
        ("Петрова", "Mariya Petrova"),
        ("petrova", "Mariya Petrova"),
        ("王伟", "Wang Wei"),
        ("wang wei", "Wang Wei"),
        ("محمد", "Muhammad Al-Rashid"),
        ("al rashid", "Muhammad Al-Rashid"),
        ("O'Brien", "Sean O'Brien"),
        ("obrien", "Sean O'Brien"),
        ("alpine prec", "Alpine Precision Tools AG"),
        ("precison tools", "Alpine Precision Tools AG"),
    ],
)
def test_a_name_is_found_as_people_type_it(bank, rita, typed, first):
    assert names(rita, typed)[0] == first


def test_the_same_word_comes_before_its_beginning_before_a_typo(cast):
    for name in ("Marian Roth", "Maris Roth", "Maria Roth"):
        index_file(make_client(name, cast.rita_book))
    assert names(cast.rita, "maria") == ["Maria Roth", "Marian Roth", "Maris Roth"]


def test_nothing_is_found_for_another_name(bank, rita):
    assert names(rita, "Xanthippe") == []
    assert names(rita, "maria schwarzenbach") == []
    assert names(rita, "") == []


def test_otto_and_ada_find_nothing_of_ritas(bank, cast):
    for typed in ("Maria Keller", "Keller", cast.anna.number, "alpine"):
        assert names(cast.otto, typed) == []
        assert names(cast.ada, typed) == []
    assert names(cast.otto, "Maria") == ["Maria Kowalski"]
    assert "Maria Kowalski" not in names(cast.rita, "Maria Kowalski")
    assert set(names(cast.cora, "Maria")) >= {"Maria Keller", "Maria Kowalski"}


@pytest.mark.parametrize(
    ("typed", "how"),
    [
        ("+41 44 123 45 67", "phone"),
        ("0041 44 123", "phone"),
        ("044 123 45", "phone"),  # as dialled at home
        ("4144123", "phone"),
        ("anna.keller@exa", "email"),
        ("ANNA.KELLER@example.com", "email"),
        ("CH93 0076 2011 6238 5295 7", "account"),  # the whole of it: it is encrypted (ADR 20)
        ("ch9300762011623852957", "account"),
    ],
)
def test_a_number_or_address_finds_its_file_and_says_why(cast, typed, how):
    party = Party.objects.get(client=cast.anna)
    add_contact_point(cast.anna, by=cast.rita, party_id=party.pk, kind="phone", value="+41 44 123 45 67")
    add_contact_point(
        cast.anna, by=cast.rita, party_id=party.pk, kind="email", value="anna.keller@example.com"
    )
    add_account_key(cast.anna, "CH93 0076 2011 6238 5295 7")
    (found,) = search(cast.rita, typed)
    assert (found.client, found.how) == (cast.anna, how)
    assert search(cast.otto, typed) == []


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("anna_k", ["anna_keller@example.com"]),
        ("anna_keller@example.com", ["anna_keller@example.com"]),
        ("10%@example.com", ["10%@example.com"]),
        ("a\\b@example.com", ["a\\b@example.com"]),
        ("a_b@example.com", []),
        ("1%@example.com", []),
    ],
)
def test_an_address_is_found_by_what_was_typed_letter_for_letter(cast, typed, found):
    for key in ("anna_keller@example.com", "10%@example.com", "a\\b@example.com", "axb@example.com"):
        add_search_key(cast.anna, key)
    begun = RawSQL("SELECT search_keys_begun(%s::text[], %s)", [[typed], 10])
    keys = SearchKey.objects.visible_to(cast.rita).filter(pk__in=begun)
    with transaction_for(cast.rita.pk):
        assert list(keys.values_list("key", flat=True)) == found
    if "@" in typed:
        assert [hit.client for hit in search(cast.rita, typed)] == [cast.anna] * bool(found)


def test_a_client_number_finds_its_file(bank, cast):
    (found,) = search(cast.rita, cast.anna.number.lower())
    assert (found.client, found.how) == (cast.anna, "number")


def test_another_party_of_the_file_is_named(cast):
    add_related_party(cast.anna, by=cast.rita, relation="spouse", name="Beat Zurbriggen")
    (found,) = search(cast.rita, "zurbrigen")
    assert (found.client, found.how, found.text, found.relation) == (
        cast.anna, "party", "Beat Zurbriggen", "Spouse",
    )  # fmt: skip


def test_a_misspelt_name_is_said_to_be_similar(bank, rita):
    assert [found.how for found in search(rita, "kowalsky")] == ["similar"]


def test_a_removed_phone_finds_nothing_any_more(cast):
    from clients.actions import remove_contact_point

    party = Party.objects.get(client=cast.anna)
    point = add_contact_point(
        cast.anna, by=cast.rita, party_id=party.pk, kind="phone", value="+41 44 123 45 67"
    )
    remove_contact_point(point, by=cast.rita)
    assert search(cast.rita, "+41 44 123 45 67") == []


def test_a_search_is_one_event_with_what_was_shown_and_without_what_was_typed(page_of, bank, cast):
    page_of(cast.rita).get(reverse("search"), {"q": "Maria Keller"})
    event = AuditEvent.objects.get(verb="list shown")
    assert event.payload == {"list": "search", "filters": [], "clients": [bank["maria"].pk]}
    assert "keller" not in json.dumps([event.payload, event.source, event.why]).lower()


def test_the_palette_gets_options_and_the_browser_a_page(page_of, bank, rita):
    browser = page_of(rita)
    headers = {"HX-Request": "true", "HX-Target": "div#search-results"}
    options = browser.get(reverse("search"), {"q": "maria"}, headers=headers).content.decode()
    assert 'role="option"' in options
    assert "<html" not in options
    page = browser.get(reverse("search"), {"q": "maria"}).content.decode()
    assert "<html" in page
    assert reverse("client", args=[bank["maria"].pk]) in page
    assert "Nothing that you may see" in browser.get(reverse("search"), {"q": "Xanthippe"}).content.decode()


def test_a_search_takes_few_queries(bank, rita, django_assert_max_num_queries):
    from clients.access import reach

    reach(rita)
    with django_assert_max_num_queries(11):
        search(rita, "marya kelr")


@pytest.mark.parametrize(
    ("word", "typos"), [("wei", 0), ("1234567", 0), ("anna", 1), ("maria", 1), ("keller", 2)]
)
def test_short_words_and_numbers_must_be_right(word, typos):
    assert rules.typos_allowed(word) == typos


@pytest.mark.parametrize(
    ("typed", "keys"),
    [
        ("Anna Keller", []),
        ("12", []),
        ("+41 44 123", ["4144123"]),
        ("0041 44 123", ["4144123"]),
        ("C-0000007", ["c0000007"]),
        ("Anna.Keller@", ["anna.keller@"]),
        ("Fund 3000", ["fund3000"]),
    ],
)
def test_what_looks_like_a_number(typed, keys):
    assert rules.asked_keys(typed) == keys


@pytest.mark.parametrize(
    ("sql", "index"),
    [
        ("SELECT client_id FROM clients_searchname WHERE words && ARRAY['maria']", "searchname_words_idx"),
        ("SELECT word FROM clients_searchword WHERE word LIKE 'mar%'", "searchword_word_idx"),
        ("SELECT word FROM clients_searchword WHERE word % 'c4ca4238a0b923820dcc5'", "searchword_word_idx"),
        ("SELECT client_id FROM clients_searchkey WHERE key LIKE '4179%'", "searchkey_key_idx"),
    ],
)
def test_every_step_of_a_search_has_its_index(plan_of, sql, index):
    plan = plan_of(sql, None)
    assert index in plan
    assert "Seq Scan" not in plan
