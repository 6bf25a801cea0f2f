"""A file as it stood: each field of client, parties, KYC, suitability and mandate at any instant (ADR 21)."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from types import SimpleNamespace
from typing import Any

from django.db import connection, models
from django.db.models import Q
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from clients.models import Channel, Client, ContactPoint, Identifier, Party, Relationship, TaxResidence
from clients.rules.identifiers import masked
from compliance.forms import CONSENT_LABELS
from compliance.models import Consent, DeliveryChannel, KycFile, RelationPurpose, SourceOfFunds
from compliance.selectors.rating_page import words_of
from dashboards.rules import Change, Row, State, as_it_stood, made_of
from needs.models import Assessment, Goal
from needs.questions import answered
from portfolios.models import Mandate, ProductKind
from rulebook.models import RulePack
from rulebook.selectors import title_of
from staff.models import User
from ui.formats import NO_FIGURE, country_name, day_text, figure_text, language_name, moment_text
from vault.fields import Encrypted, EncryptedTextField

KINDS: dict[str, tuple[type[models.Model], Any]] = {
    model._meta.db_table: (model, title)
    for model, title in (
        (Client, gettext_lazy("Client")),
        (Party, gettext_lazy("Party")),
        (Relationship, gettext_lazy("Role")),
        (ContactPoint, gettext_lazy("Contact point")),
        (Identifier, gettext_lazy("Identifier")),
        (TaxResidence, gettext_lazy("Tax residence")),
        (KycFile, gettext_lazy("KYC")),
        (Consent, gettext_lazy("Consent")),
        (Assessment, gettext_lazy("Suitability")),
        (Goal, gettext_lazy("Goal")),
        (Mandate, gettext_lazy("Mandate")),
    )
}
# Not kept (clients/migrations/0015, 0023, compliance/migrations/0015): worked out, and changed by night;
# known only to who may see another file too; of rows and not of what they say.
WORKED_OUT: dict[str, set[str]] = {
    Client._meta.db_table: {"value", "value_on", "last_contact_on"},
    Party._meta.db_table: {"own_file"},
    Relationship._meta.db_table: {"instead_of_id"},
    KycFile._meta.db_table: {"screened_at"},
}
# Columns without choices of their own hold codes: what the forms call them.
CALLED: dict[tuple[type[models.Model], str], Any] = {
    (Client, "domicile"): country_name,
    (Client, "language"): language_name,
    (Party, "nationality"): country_name,
    (Party, "residence"): country_name,
    (Party, "sex"): {"f": gettext_lazy("Female"), "m": gettext_lazy("Male")}.get,
    (Identifier, "country"): country_name,
    (TaxResidence, "country"): country_name,
    (KycFile, "rating_reasons"): lambda code: ": ".join(words_of(code)),
    (KycFile, "channel"): dict(DeliveryChannel.choices).get,
    (KycFile, "source_of_funds"): dict(SourceOfFunds.choices).get,
    (KycFile, "purpose"): dict(RelationPurpose.choices).get,
    (KycFile, "products"): dict(ProductKind.choices).get,
    (Consent, "purpose"): CONSENT_LABELS.get,
    (Consent, "channel"): dict(Channel.choices).get,
    (Goal, "product_kind"): dict(ProductKind.choices).get,
}
SHORT = {"kyc", "pep"}  # words of column names that are short for something
MASKED = {(Identifier, "number"), (TaxResidence, "number"), (Party, "born_on")}

_NOW = " UNION ALL ".join(
    f"SELECT '{table}', id, to_jsonb(each) FROM {table} each"  # noqa: S608 - names of our models
    f" WHERE {'id' if model is Client else 'client_id'} = %(client)s"
    for table, (model, _title) in KINDS.items()
)
_CHANGES = """
SELECT kind, row_id, at, by_id, was FROM clients_filechange
WHERE client_id = %(client)s AND kind = ANY(%(kinds)s) ORDER BY id
"""
_BIRTHS = """
SELECT asked.kind, asked.row_id, birth.at, birth.by_id
FROM unnest(%(kinds)s::text[], %(ids)s::bigint[]) AS asked (kind, row_id)
JOIN clients_filebirth birth ON birth.ids @> asked.row_id AND birth.kind = asked.kind
"""


@dataclass(frozen=True)
class Line:
    """One field: as it stood, and how it is now where that differs."""

    label: str
    then: str
    now: str
    differs: bool


@dataclass(frozen=True)
class Record:
    """One row of the file as it stood."""

    title: str
    lines: list[Line]
    gone: bool  # it is no longer there now


@dataclass(frozen=True)
class Event:
    """What was changed since, when and by whom."""

    at: datetime
    by: str
    title: str
    what: str  # "added", "removed", or "" for changed
    lines: list[Line]  # before and after


@dataclass(frozen=True)
class FileThen:
    records: list[Record]
    added: int  # rows of today that were not there
    events: list[Event]
    packs: list[RulePack]

    @property
    def rules(self) -> list[tuple[str, RulePack]]:
        """The packs by the titles under which the rules are kept."""
        return [(title_of(pack.name), pack) for pack in self.packs]


def file_at(client: Client, at: datetime) -> FileThen:
    """The file as it stood at `at`, what changed since, and the rules in force then. 4 to 8 queries."""
    kept = _Kept(client.pk)
    then = as_it_stood(at, kept.now, kept.changes, kept.births)
    records = [
        Record(
            kept.title(row, state),
            kept.lines(row, state, kept.now.get(row)),
            gone=row not in kept.now,
        )
        for row, state in sorted(then.items(), key=_place)
    ]
    return FileThen(records, sum(row not in then for row in kept.now), kept.events(at), packs_at(at))


def packs_at(at: datetime) -> list[RulePack]:
    """Of each pack the version that was in force. 1 query."""
    day = timezone.localdate(at)
    there = Q(written_by_id__isnull=True) | Q(activated_at__lte=at)  # no author: it came with the product
    return list(RulePack.objects.in_force(day).filter(there).distinct("name"))


def _place(item: tuple[Row, State]) -> tuple[int, int]:
    (kind, pk), _state = item
    return list(KINDS).index(kind), pk


class _Kept:
    """All that is known of one file, and how it is said."""

    def __init__(self, client_id: int) -> None:
        asked: dict[str, Any] = {"client": client_id, "kinds": list(KINDS)}
        with connection.cursor() as cursor:
            cursor.execute(_NOW, asked)
            self.now: dict[Row, State] = {(kind, pk): state for kind, pk, state in _read(cursor, 2)}
            cursor.execute(_CHANGES, asked)
            self.changes = [Change((kind, pk), when, by, was) for kind, pk, when, by, was in _read(cursor, 4)]
            rows = list({*self.now, *(change.row for change in self.changes)})
            cursor.execute(_BIRTHS, {"kinds": [kind for kind, _ in rows], "ids": [pk for _, pk in rows]})
            born = {(kind, pk): (when, by) for kind, pk, when, by in cursor.fetchall()}
        self.births = {row: when for row, (when, _by) in born.items()}
        self.born_by = {row: by for row, (_when, by) in born.items()}

    def events(self, at: datetime) -> list[Event]:
        """What happened after `at`, the latest first."""
        found = []
        for change, after in made_of(self.now, self.changes):
            if change.at > at:
                lines = self.lines(change.row, change.was, after)
                found.append(
                    Event(
                        change.at,
                        self._person(change.by_id),
                        self.title(change.row, change.was),
                        _("removed") if after is None else "",
                        [line for line in lines if line.differs] if after is not None else [],
                    )
                )
        first = {change.row: change.was for change in reversed(self.changes)}
        for row, when in self.births.items():
            if when > at:
                title = self.title(row, first.get(row) or self.now[row])
                found.append(Event(when, self._person(self.born_by[row]), title, _("added"), []))
        return sorted(found, key=lambda event: event.at, reverse=True)

    def title(self, row: Row, state: State) -> str:
        model, title = KINDS[row[0]]
        said = str(state["name"]) if model is Party else ""
        return f"{title} {said}".strip()

    def lines(self, row: Row, before: State, after: State | None) -> list[Line]:
        return [
            Line(
                _label(field),
                self._said(field, before),
                self._said(field, after) if after is not None else "",
                after is not None and not _is_same(field, before, after),
            )
            for field in fields_of(KINDS[row[0]][0])
        ]

    def _said(self, field: Any, state: State) -> str:
        value = state.get(field.attname)
        if value in (None, "", [], {}):
            return NO_FIGURE
        if field.is_relation:
            return self._names.get((field.related_model._meta.db_table, value), f"#{value}")
        if field.choices:
            return str(dict(field.flatchoices).get(value, value))
        if isinstance(value, bool):
            return _("Yes") if value else _("No")
        if called := CALLED.get((field.model, field.name)):
            codes = value if isinstance(value, list) else [value]
            return "; ".join(str(called(code) or code) for code in codes)
        if (field.model, field.name) in MASKED and not (
            field.name == "born_on" and state.get("kind") != "person"
        ):
            return masked(str(_as_read(field, value, state)))
        if isinstance(field, models.DateTimeField):
            moment = timezone.localtime(field.to_python(value))
            return moment_text(moment.replace(tzinfo=None), get_language())
        if isinstance(field, models.DateField):
            return day_text(field.to_python(value), get_language())
        value = _as_read(field, value, state)
        if isinstance(value, Decimal):
            return figure_text(value)
        if field.model is Assessment and field.name == "answers":
            return "; ".join(answered(code, answer) for code, answer in value.items())
        if isinstance(value, dict):
            return "; ".join(f"{key.replace('_', ' ')}: {each}" for key, each in value.items())
        return "; ".join(map(str, value)) if isinstance(value, list) else str(value)

    def _person(self, pk: int | None) -> str:
        return self._names.get((User._meta.db_table, pk), _("Night shift")) if pk else _("Night shift")

    @cached_property
    def _names(self) -> dict[tuple[str, int | None], str]:
        """The names of all rows that any state points at. A query for each kind of them."""
        wanted: dict[type[models.Model], set[int]] = {
            User: {by for change in self.changes if (by := change.by_id)}
            | {by for by in self.born_by.values() if by}
        }
        states = [*self.now.items(), *((change.row, change.was) for change in self.changes)]
        for (kind, _pk), state in states:
            for field in fields_of(KINDS[kind][0]):
                if field.is_relation and (pk := state.get(field.attname)):
                    wanted.setdefault(field.related_model, set()).add(pk)
        parties = {row[1]: state for row, state in reversed(states) if row[0] == Party._meta.db_table}
        names: dict[tuple[str, int | None], str] = {
            (Party._meta.db_table, pk): str(state["name"]) for pk, state in parties.items()
        }
        for model, ids in wanted.items():
            if model is not Party and ids:
                rows = model._default_manager.filter(pk__in=ids).values_list("pk", "name")
                names |= {(model._meta.db_table, pk): name for pk, name in rows}
        return names


def _label(field: Any) -> str:
    """A column as a heading reads it: "KYC due on", "PEP"."""
    words = str(field.verbose_name).split(" ")
    return capfirst(" ".join(word.upper() if word in SHORT else word for word in words))


def _is_same(field: Any, before: State, after: State) -> bool:
    """An encrypted value stands there otherwise each time it is written."""
    old, new = before.get(field.attname), after.get(field.attname)
    if old == new or not (old and new and isinstance(field, EncryptedTextField)):
        return bool(old == new)
    return bool(_as_read(field, old, before) == _as_read(field, new, after))


def fields_of(model: type[models.Model]) -> list[Any]:
    """What is shown of a kind of row."""
    return [
        field
        for field in model._meta.concrete_fields
        if not field.primary_key
        and not field.generated
        and field.attname != "client_id"
        and field.attname not in WORKED_OUT.get(model._meta.db_table, ())
    ]


def _as_read(field: Any, value: Any, state: State) -> Any:
    """As the ORM reads the column, and opened: so a hidden screen learns of it too (ADR 19)."""
    if isinstance(field, EncryptedTextField):
        return field.opened(Encrypted(value), SimpleNamespace(**state))
    raw = json.dumps(value) if isinstance(field, models.JSONField) else value
    for converter in field.get_db_converters(connection):
        raw = converter(raw, None, connection)
    return raw


def _read(cursor: Any, column: int) -> Iterable[Sequence[Any]]:
    """The rows, what is JSON in this column read."""
    for row in cursor.fetchall():
        state: Mapping[str, Any] | str = row[column]
        yield [*row[:column], json.loads(state) if isinstance(state, str) else state, *row[column + 1 :]]
