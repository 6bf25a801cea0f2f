"""Columns whose values only the application reads: plain in Python, encrypted from here to the disk.

    number = EncryptedTextField(max_length=50, bound_to=("client_id", "party_id"), indexed=True)
    number_index = index_of("number")

A value is encrypted when its row is saved and decrypted when it is looked at, not when it is fetched. What
goes past the row is refused (`update(number=…)`, `bulk_update`) or gets the ciphertext (`values()`).
`filter(number="ch93 0076 …")` asks the index: for the whole value, however it is written.
"""

import json
from collections.abc import Callable, Iterable
from typing import Any

from django.core.exceptions import FieldError
from django.db import models
from django.db.models import F, Func, Value, lookups
from django.db.models.expressions import Col, DatabaseDefault
from django.db.models.query_utils import DeferredAttribute

from vault.cipher import BEGIN, INDEX_LENGTH, box


class Encrypted:
    """A value as it stands in the database."""

    __slots__ = ("stored",)

    def __init__(self, stored: str) -> None:
        self.stored = stored

    def __repr__(self) -> str:
        return "<encrypted>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Encrypted) and other.stored == self.stored

    def __hash__(self) -> int:
        return hash(self.stored)


class _Attribute(DeferredAttribute):
    """Reads the value when somebody asks for it, so that a page pays for what it shows."""

    field: "EncryptedTextField"

    def __get__(self, instance: Any, cls: Any = None) -> Any:
        if instance is None:
            return self
        held = instance.__dict__.get(self.field.attname, self)
        if held is self:
            super().__get__(instance, cls)  # deferred: fetched by this
            held = instance.__dict__[self.field.attname]
        return self.field.opened(held, instance) if isinstance(held, Encrypted) else held

    def __set__(self, instance: Any, value: Any) -> None:
        instance.__dict__[self.field.attname] = value


class EncryptedTextField(models.CharField):
    """A short text. `max_length` is that of the value, for forms; the column holds more.

    bound_to    names of ids of the row: a ciphertext is readable only on a row with the same ones
    indexed     can be looked for by its whole value; goes with an `index_of` column
    stands_for  "table.column" for which a row here is prepared, to be moved there by SQL as it is
    """

    descriptor_class = _Attribute
    empty: Any = ""  # stands as it is: nothing to hide

    def __init__(
        self,
        *args: Any,
        bound_to: Iterable[str] = (),
        indexed: bool = False,
        stands_for: str = "",
        **kwargs: Any,
    ) -> None:
        self.bound_to, self.indexed, self.stands_for = tuple(bound_to), indexed, stands_for
        self.when_read: list[Callable[[Any], None]] = []
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs["bound_to"] = self.bound_to
        if self.indexed:
            kwargs["indexed"] = True
        if self.stands_for:
            kwargs["stands_for"] = self.stands_for
        return name, path, args, kwargs

    def db_type(self, connection: Any) -> str:
        return "text"

    def cast_db_type(self, connection: Any) -> str:
        return "text"

    @property
    def place(self) -> str:
        return self.stands_for or f"{self.model._meta.db_table}.{self.column}"

    def _bound(self, instance: Any) -> list[int]:
        return [getattr(instance, name) for name in self.bound_to]

    # --- out of the database -----------------------------------------------------------------------------
    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return Encrypted(value) if value else value

    def opened(self, held: Encrypted, instance: Any) -> Any:
        value = self.loaded(box().decrypt(self.place, self._bound(instance), held.stored))
        for tell in self.when_read:
            tell(value)
        return value

    def loaded(self, text: str) -> Any:
        return text

    def dumped(self, value: Any) -> str:
        return str(value)

    # --- into the database -------------------------------------------------------------------------------
    def pre_save(self, instance: Any, add: bool) -> Any:
        held = instance.__dict__.get(self.attname)
        if isinstance(held, Encrypted | DatabaseDefault) or held is None or held == self.empty:
            return held  # the default that the database has itself is no value: nothing of it is encrypted
        text = self.dumped(held)
        return Encrypted(box().encrypt(self.place, self._bound(instance), text, indexed=self.indexed))

    def get_prep_value(self, value: Any) -> Any:
        if isinstance(value, Encrypted):
            return value.stored
        if value is None or value == self.empty:
            return value
        raise TypeError(f"{self.name} is encrypted: it is written by saving its row, not by an update.")

    def to_python(self, value: Any) -> Any:
        return value if isinstance(value, Encrypted) else super().to_python(value)

    # --- looked for --------------------------------------------------------------------------------------
    def get_lookup(self, lookup_name: str) -> Any:
        known = {"exact": _Same, "in": _OneOf, "isnull": lookups.IsNull, "encrypted": _IsEncrypted}
        return known.get(lookup_name)


class EncryptedJSONField(EncryptedTextField):
    """A record of several values, encrypted as a whole. Nothing in it can be looked for.

    Once looked at it stays on the row, so that what is changed in it is saved, as of a JSONField.
    """

    empty = None
    _pyi_private_set_type: Any  # what mypy's plugin reads: as of a JSONField
    _pyi_private_get_type: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", None)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("max_length", None)
        return name, path, args, kwargs

    def check(self, **kwargs: Any) -> list[Any]:
        return [problem for problem in super().check(**kwargs) if problem.id != "fields.E120"]

    def opened(self, held: Encrypted, instance: Any) -> Any:
        instance.__dict__[self.attname] = value = super().opened(held, instance)
        return value

    def loaded(self, text: str) -> Any:
        return json.loads(text)

    def dumped(self, value: Any) -> str:
        return json.dumps(value, ensure_ascii=False)

    def to_python(self, value: Any) -> Any:
        return value


def index_of(column: str) -> models.GeneratedField:
    """The blind index of an encrypted column, which PostgreSQL itself takes out of it: never a stale one."""
    part = Func(F(column), Value("."), Value(2), function="split_part", output_field=models.TextField())
    return models.GeneratedField(
        expression=part, output_field=models.CharField(max_length=INDEX_LENGTH), db_persist=True
    )


class IsEncrypted(models.CheckConstraint):
    """For the database alone: what a form holds is plain, and is encrypted when it is saved."""

    def validate(self, *args: Any, **kwargs: Any) -> None:
        pass


def is_encrypted(column: str, name: str) -> IsEncrypted:
    """Whoever writes, by whatever way: the database takes no plain value."""
    return IsEncrypted(condition=models.Q(**{f"{column}__encrypted": True}), name=name)


def _by_index(lhs: Any, values: Iterable[Any]) -> tuple[Col, list[str]]:
    field = lhs.target
    if not field.indexed:
        raise FieldError(f"{field.name} is encrypted and has no index: nothing is found by it.")
    values = list(values)
    if not all(isinstance(value, str) for value in values):
        raise FieldError(f"{field.name} is encrypted: it is compared with whole texts alone.")
    index = field.model._meta.get_field(f"{field.name}_index")
    # What folds to nothing is found nowhere: "-" is no index.
    return Col(lhs.alias, index), [box().index_of(field.place, value) or "-" for value in values]


class _Same(lookups.Exact):
    def __init__(self, lhs: Any, rhs: Any) -> None:
        if rhs != "":
            lhs, (rhs,) = _by_index(lhs, [rhs])
        super().__init__(lhs, rhs)


class _OneOf(lookups.In):
    def __init__(self, lhs: Any, rhs: Any) -> None:
        lhs, rhs = _by_index(lhs, rhs)
        super().__init__(lhs, rhs)


class _IsEncrypted(lookups.Lookup):
    lookup_name = "encrypted"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        sql, params = self.process_lhs(compiler, connection)
        return f"({sql} = '' OR {sql} LIKE %s)", [*params, *params, f"{BEGIN}%"]
