"""From the staging table into the client files: stretch by stretch, all in the caller's transaction.

Numbers are moved as they are, encrypted: they were bound to this client and party when they were staged.
"""

from collections.abc import Iterator
from typing import Any

from django.db import connection, models
from django.utils import timezone

from clients.models import (
    Client,
    ContactPoint,
    Identifier,
    Party,
    SearchKey,
    SearchName,
    TaxResidence,
)
from compliance.models import KycFile
from onboarding.models import ImportedClient

STRETCH = 5_000  # lines: as often a bar moves
# The lines of a stretch, beside: read eleven times, they pass the wall once. In the order in which they were
# staged, that of the file: rows that are read together lie together.
_BESIDE = (
    "CREATE TEMP TABLE lines_at_hand ON COMMIT DROP AS SELECT * FROM onboarding_stagedclient WITH NO DATA"
)
_TAKE = """
TRUNCATE lines_at_hand;
INSERT INTO lines_at_hand SELECT * FROM onboarding_stagedclient
WHERE of_id = %s AND NOT known AND id BETWEEN %s AND %s ORDER BY id
"""
_FRESH = "lines_at_hand staged"
_CLIENT = (
    "number", "kind", "name", "book_id", "state", "segment", "stage", "domicile", "language", "currency",
    "preferred_channel", "preferences", "branch", "since_on", "last_contact_on",
    "kyc_due_on",
)  # fmt: skip
_PARTY = (
    "client_id", "kind", "name", "given_names", "family_name", "native_name", "born_on", "sex", "nationality",
    "residence", "occupation", "legal_form",
)  # fmt: skip
_CONTACTS = """
lines_at_hand staged CROSS JOIN LATERAL (VALUES
    ('phone', phone, true), ('phone', second_phone, phone = ''), ('email', email, true),
    ('address', address, true)
) AS point (kind, value, preferred)
WHERE point.value <> ''
"""
_PAPERS = """
lines_at_hand staged CROSS JOIN LATERAL (VALUES
    ('passport', passport_country, passport, passport_expires_on),
    ('id_card', id_card_country, id_card, id_card_expires_on),
    ('register', register_country, register, NULL::date), ('lei', domicile, lei, NULL)
) AS paper (kind, country, number, expires_on)
WHERE paper.number <> ''
"""
_KEYS = "lines_at_hand staged CROSS JOIN LATERAL unnest(keys) AS each"
_WORDS = """
INSERT INTO clients_searchword (word) SELECT DISTINCT unnest(words) FROM lines_at_hand ON CONFLICT DO NOTHING
"""
_STRETCHES = "SELECT min(id), max(id) FROM onboarding_stagedclient WHERE of_id = %s AND NOT known"


def swap(cursor: Any, import_id: int) -> Iterator[list[int]]:
    """Every staged line that is not here yet becomes a client file: the ids of the clients, by stretch."""
    cursor.execute("SET LOCAL jit = off")  # compiling costs more than it saves here
    # Else all keys are looked up at the end, when the bar says that nearly nothing is left to do.
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    cursor.execute(_STRETCHES, [import_id])
    first, last = cursor.fetchone()
    cursor.execute(_BESIDE)
    for begin in range(first, last + 1, STRETCH) if first is not None else ():
        if client_ids := _stretch(cursor, [import_id, begin, min(begin + STRETCH - 1, last)]):
            yield client_ids
    cursor.execute("DROP TABLE lines_at_hand")


def _stretch(cursor: Any, which: list[int]) -> list[int]:
    """One INSERT a table; parents first."""
    cursor.execute(_TAKE, which)
    client = {name: f"staged.{name}" for name in _CLIENT}
    _insert(cursor, Client, client | {"id": "client_id"}, _FRESH)
    party = {name: f"staged.{name}" for name in _PARTY} | {"id": "party_id", "is_client": "true"}
    _insert(cursor, Party, party, _FRESH)
    whose = {"client_id": "client_id", "party_id": "party_id"}
    point = {"kind": "point.kind", "value": "point.value", "preferred": "point.preferred"}
    _insert(cursor, ContactPoint, whose | point, _CONTACTS)
    paper = {name: f"paper.{name}" for name in ("kind", "country", "number", "expires_on")}
    _insert(cursor, Identifier, whose | paper, _PAPERS)
    tax = {"country": "tax_country", "number": "tax_number", "missing_reason": "tax_missing_reason"}
    _insert(cursor, TaxResidence, whose | tax, f"{_FRESH} WHERE tax_country <> ''")
    _insert(cursor, SearchName, {"client_id": "client_id", "words": "words"}, _FRESH)
    cursor.execute(_WORDS)
    _insert(cursor, SearchKey, {"client_id": "client_id", "key": "each"}, _KEYS)
    _insert(cursor, KycFile, {"client_id": "client_id", "next_review_on": "kyc_due_on"}, _FRESH)
    imported = {name: name for name in ("client_id", "of_id", "line")}
    _insert(cursor, ImportedClient, imported, _FRESH)
    cursor.execute("SELECT client_id FROM lines_at_hand ORDER BY line")
    return [client_id for (client_id,) in cursor.fetchall()]


def _insert(cursor: Any, model: type[models.Model], given: dict[str, str], source: str) -> None:
    """INSERT … SELECT: what is not given takes the model's default, as if it were saved one by one."""
    columns: list[str] = []
    values: list[str] = []
    defaults: list[Any] = []
    fields: Any = model._meta.concrete_fields
    for field in fields:
        if field.column in given:
            columns.append(field.column)
            values.append(given[field.column])
        elif not field.primary_key and not field.generated:
            columns.append(field.column)
            values.append("%s")
            defaults.append(_default(field))
    listed = ", ".join(f'"{column}"' for column in columns)
    cursor.execute(
        f"INSERT INTO {model._meta.db_table} ({listed}) SELECT {', '.join(values)} FROM {source}",  # noqa: S608
        defaults,
    )


def _default(field: Any) -> Any:
    if getattr(field, "auto_now_add", False) or getattr(field, "auto_now", False):
        return timezone.now()
    return field.get_db_prep_save(field.get_default(), connection)
