"""One search over everything a person may see: names with typos and in other scripts, numbers, addresses."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.models.expressions import RawSQL

from clients.access import Person
from clients.models import (
    Client,
    ContactPoint,
    Identifier,
    Party,
    Relationship,
    SearchKey,
    SearchName,
    SearchWord,
    TaxResidence,
)
from clients.rules import search as rules
from clients.rules.numbers import tidy_number
from clients.words import account_key, key_of, words_of

SHOWN = 20
LOOKED_AT = 200  # a common name has thousands of files: enough to rank, few enough to be quick
JUDGED = 60  # of these, whose single parties are looked at
WORDS_BEGUN = 300  # how many dictionary words a half-typed one may stand for
WORDS_NEAR = 60  # how many the trigrams may propose before the letters are counted


@dataclass(frozen=True)
class Found:
    """A file and why it was found. `how`: name, similar, party, phone, email, number, account, paper, tax."""

    client: Client
    how: str
    text: str = ""  # the phone number, the party's name: what matched, when it is not the client's own name
    relation: str = ""  # what the party is to the client


def search(person: Person, text: str) -> list[Found]:
    """The best 20 files for what was typed. At most 13 queries, whatever the size of the bank."""
    with connection.cursor() as cursor:
        # An index is as long as the answer, a sequential scan as the bank: never gamble on an early LIMIT.
        cursor.execute("SELECT set_config('enable_seqscan', 'off', true)")
    keys = rules.asked_keys(text)
    found = _by_key(person, keys, text) if keys else []
    if rules.may_be_a_whole_number(text):
        known = {each.client.pk for each in found}
        found += [each for each in _by_paper(person, text) if each.client.pk not in known]
    if "@" not in text and any(sign.isalpha() for sign in text):
        known = {each.client.pk for each in found}
        found += [each for each in _by_name(person, rules.asked_words(text)) if each.client.pk not in known]
    return found[:SHOWN]


_CLIENT = [f"client__{field}" for field in ("number", "name", "kind", "segment", "state", "book_id")]


# --- numbers and addresses -------------------------------------------------------------------------------
def _by_key(person: Person, keys: Sequence[str], text: str) -> list[Found]:
    """Phones, addresses and client numbers by their beginning, an account by its whole number."""
    keys = [*keys, account_key(text)] if rules.may_be_a_whole_number(text) else keys
    begun = RawSQL("SELECT search_keys_begun(%s::text[], %s)", [list(keys), LOOKED_AT])
    rows = SearchKey.objects.visible_to(person).filter(pk__in=begun)
    rows = rows.select_related("client").only("key", "client_id", *_CLIENT)
    nearest = sorted(rows, key=lambda row: (row.key not in keys, len(row.key), row.client.name))
    best: dict[int, SearchKey] = {}
    for row in nearest:
        best.setdefault(row.client_id, row)
    shown = list(best.values())[:SHOWN]
    points = {
        (point.client_id, key_of(point.value)): point
        for point in ContactPoint.objects.filter(client__in=[row.client_id for row in shown])
    }
    return [_key_reason(row, points.get((row.client_id, row.key)), text) for row in shown]


def _key_reason(row: SearchKey, point: ContactPoint | None, text: str) -> Found:
    if point is not None:
        return Found(row.client, point.kind, point.value)
    if row.key == key_of(row.client.number):
        return Found(row.client, "number", row.client.number)
    return Found(row.client, "account", tidy_number(text))  # it is this one, or it were not found


def _by_paper(person: Person, text: str) -> list[Found]:
    """By the whole number of a paper or of a tax residence, through their blind indexes. 2 queries."""
    found: dict[int, Found] = {}
    for model, how in ((Identifier, "paper"), (TaxResidence, "tax")):
        rows = model.objects.visible_to(person).filter(number=text).select_related("client")
        for row in rows.only("client_id", *_CLIENT)[:SHOWN]:
            found.setdefault(row.client_id, Found(row.client, how))
    return sorted(found.values(), key=lambda each: (each.client.name, each.client.pk))


# --- names -----------------------------------------------------------------------------------------------
def _by_name(person: Person, asked: Sequence[str]) -> list[Found]:
    """As typed; then with the last word half typed; then with typos: each only while there is room."""
    if not asked:
        return []
    meant = [{word} for word in asked]
    rows = _files(person, meant)
    if len(rows) < SHOWN and (begun := _begun(asked[-1])):
        meant[-1] |= begun
        rows |= _files(person, meant)
    if len(rows) < SHOWN and (near := _near(asked)):
        meant = [words | near.get(word, set()) for word, words in zip(asked, meant, strict=True)]
        rows |= _files(person, meant)
    ranked = sorted(rows.values(), key=lambda row: (-rules.name_score(asked, row.words), row.client.name))
    return _with_reasons(asked, ranked[:JUDGED])


def _files(person: Person, meant: Iterable[set[str]]) -> dict[int, SearchName]:
    """Some files on which every word, or one it stands for, occurs."""
    rows = SearchName.objects.visible_to(person).filter(pk__in=files_with(meant, LOOKED_AT))
    rows = rows.select_related("client").only("words", *_CLIENT)
    return {row.pk: row for row in rows}


def files_with(meant: Iterable[Iterable[str]], most: int | None = None) -> RawSQL:
    """For `pk__in`: ids of files on which each word, or one it stands for, occurs.

    A function of PostgreSQL's looks, within what the transaction carries: below a policy the index of words
    could not be entered, for only the plainest operators are trusted there (ADR 0012).
    """
    words = json.dumps([sorted(each) for each in meant])
    return RawSQL("SELECT files_with_words(%s::jsonb, %s)", [words, most])


def _begun(word: str) -> set[str]:
    words = SearchWord.objects.filter(word__startswith=word).values_list("word", flat=True)
    return set(words[:WORDS_BEGUN])


_NEAR = """
SELECT asked.word, near.word FROM unnest(%(asked)s) AS asked(word) CROSS JOIN LATERAL (
    SELECT word FROM clients_searchword
    WHERE word %% asked.word AND length(word) BETWEEN length(asked.word) - 2 AND length(asked.word) + 2
    ORDER BY similarity(word, asked.word) DESC LIMIT %(most)s
) near
"""


def _near(asked: Sequence[str]) -> dict[str, set[str]]:
    """For each word long enough to be misspelt, the dictionary's words within its typos. 1 query."""
    unsure = [word for word in asked if rules.typos_allowed(word)]
    if not unsure:
        return {}
    proposed: dict[str, list[str]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('pg_trgm.similarity_threshold', %s, true)",
            [str(rules.least_similarity(unsure))],
        )
        cursor.execute(_NEAR, {"asked": unsure, "most": WORDS_NEAR})
        for word, near in cursor.fetchall():
            proposed.setdefault(word, []).append(near)
    return {word: set(rules.near_words(word, words)) for word, words in proposed.items()}


def _with_reasons(asked: Sequence[str], rows: Sequence[SearchName]) -> list[Found]:
    """Rank by the single names of each file: two words should meet in one of them. 2 queries."""
    parties: dict[int, list[Party]] = {}
    for party in Party.objects.filter(client__in=[row.pk for row in rows]).only(
        "client_id", "is_client", "name", "native_name"
    ):
        parties.setdefault(party.client_id, []).append(party)
    judged = []
    for row in rows:
        score, party = _best_party(asked, parties.get(row.pk, []))
        # Words from two names of one file still find it, behind those that meet in one.
        judged.append((score or rules.name_score(asked, row.words) - 50, row, party))
    judged.sort(key=lambda each: (-each[0], each[1].client.name, each[1].pk))
    judged = judged[:SHOWN]
    relations = _relations([party.pk for _, _, party in judged if party and not party.is_client])
    return [_name_reason(asked, row, party, relations) for _, row, party in judged]


def _best_party(asked: Sequence[str], parties: Iterable[Party]) -> tuple[float, Party | None]:
    best: tuple[float, Party | None] = (0, None)
    for party in parties:
        score = rules.name_score(asked, words_of(party.name, party.native_name)) - (not party.is_client) * 5
        if score > best[0]:
            best = (score, party)
    return best


def _relations(party_ids: Sequence[int]) -> dict[int, str]:
    if not party_ids:
        return {}
    rows = Relationship.objects.filter(party__in=party_ids).order_by("-id")
    return {row.party_id: row.get_kind_display() for row in rows}


def _name_reason(
    asked: Sequence[str], row: SearchName, party: Party | None, relations: dict[int, str]
) -> Found:
    if party is not None and not party.is_client:
        return Found(row.client, "party", party.name, relations.get(party.pk, ""))
    return Found(row.client, "similar" if rules.is_misspelt(asked, row.words) else "name")
