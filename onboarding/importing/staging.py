"""Lines into the staging table by COPY, their ids drawn ahead."""

import io
from collections.abc import Sequence
from datetime import date
from typing import Any

from onboarding.rules.imports.rows import Told

_NULL = "\x02"  # in no value: what a cell holds can be printed
TEXTS = (
    "number", "kind", "name", "given_names", "family_name", "native_name", "sex", "nationality", "residence",
    "domicile", "occupation", "legal_form", "segment", "stage", "state", "branch", "language", "currency",
    "preferred_channel", "preferences", "phone", "second_phone", "email", "address", "passport",
    "passport_country", "id_card", "id_card_country", "register", "register_country", "lei", "tax_country",
    "tax_number", "tax_missing_reason",
)  # fmt: skip
DAYS = ("born_on", "passport_expires_on", "id_card_expires_on", "since_on", "last_contact_on")
COLUMNS = ("of_id", "line", "client_id", "party_id", "known", "book_id", *TEXTS, *DAYS, "words", "keys")
_COPY = f"COPY onboarding_stagedclient ({', '.join(COLUMNS)}) FROM STDIN WITH (FORMAT text, NULL E'\\x02')"
_DRAW = "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)"


class StagingCopy:
    """Puts lines of one import into onboarding_stagedclient, through a cursor of Django."""

    def __init__(self, cursor: Any, import_id: int) -> None:
        self.cursor, self.import_id = cursor, import_id

    def put(self, lines: Sequence[Told]) -> None:
        if not lines:
            return
        clients, parties = self._draw("clients_client", len(lines)), self._draw("clients_party", len(lines))
        head = f"{self.import_id}\t"
        rows = [
            f"{head}{told.line}\t{client}\t{party}\tf\t{_row(told.told)}"
            for told, client, party in zip(lines, clients, parties, strict=True)
        ]
        self.cursor.copy_expert(_COPY, io.StringIO("\n".join(rows) + "\n"))

    def _draw(self, table: str, count: int) -> list[int]:
        self.cursor.execute(_DRAW, [table, count])
        return [drawn for (drawn,) in self.cursor.fetchall()]


def _row(told: dict[str, Any]) -> str:
    """Tabs and line breaks cannot occur (what is told can be printed): only the backslash must be doubled."""
    get = told.get
    texts = [get(code, "") for code in TEXTS]
    days = [_day(get(code)) for code in DAYS]
    row = "\t".join([str(told["book"]), *texts, *days, _array(told["words"]), _array(told["keys"])])
    return row.replace("\\", "\\\\") if "\\" in row else row


def _day(day: date | None) -> str:
    return _NULL if day is None else day.isoformat()


def _array(texts: Sequence[str]) -> str:
    """Folded words are letters and digits; only an address of a mail may need its quotes."""
    joined = ",".join(texts)
    if joined.replace(",", "").isalnum():
        return "{" + joined + "}"
    quoted = (text.replace("\\", "\\\\").replace('"', '\\"') for text in texts)
    return "{" + ",".join(f'"{text}"' for text in quoted) + "}"
