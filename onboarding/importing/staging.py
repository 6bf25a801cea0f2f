"""Lines into the staging table by COPY; the ids of their clients are drawn ahead.

Numbers are encrypted here, bound to these ids, as they will stand on the file. PostgreSQL takes no COPY into
a table behind the second wall: it goes to a temporary one first.
"""

import io
from collections.abc import Sequence
from operator import itemgetter
from typing import Any

from django.db.transaction import atomic

from clients.words import account_key
from onboarding.models import StagedClient
from onboarding.rules.imports.rows import ENCRYPTED, Told
from vault.cipher import Box, box

_NULL = "\x02"  # in no value: what a cell holds can be printed
TEXTS = (
    "number", "kind", "name", "given_names", "family_name", "native_name", "sex", "nationality", "residence",
    "domicile", "occupation", "legal_form", "segment", "stage", "state", "branch", "language", "currency",
    "preferred_channel", "preferences", "phone", "second_phone", "email", "address", "passport",
    "passport_country", "id_card", "id_card_country", "register", "register_country", "lei", "tax_country",
    "tax_number", "tax_missing_reason",
)  # fmt: skip
DAYS = ("born_on", "passport_expires_on", "id_card_expires_on", "since_on", "last_contact_on", "kyc_due_on")
COLUMNS = ("of_id", "line", "known", "client_id", "party_id", "book_id", *TEXTS, *DAYS, "words", "keys")
NUMBERS = {name: StagedClient._meta.get_field(name).place for name in TEXTS if name in ENCRYPTED}  # type: ignore[union-attr]
_NONE, _texts = dict.fromkeys(TEXTS, ""), itemgetter(*TEXTS)
_LISTED = ", ".join(COLUMNS)
_BESIDE = f"""
CREATE TEMP TABLE lines_beside ON COMMIT DROP AS SELECT {_LISTED} FROM onboarding_stagedclient WITH NO DATA
"""  # noqa: S608
_COPY = f"COPY lines_beside ({_LISTED}) FROM STDIN WITH (FORMAT text, NULL E'\\x02')"
_DRAWN = """
SELECT nextval('clients_client_id_seq'), nextval('clients_party_id_seq') FROM generate_series(1, %s)
"""
_MOVE = f"""
INSERT INTO onboarding_stagedclient ({_LISTED}) SELECT {_LISTED} FROM lines_beside;
DROP TABLE lines_beside
"""  # noqa: S608


class StagingCopy:
    """Puts lines of one import into onboarding_stagedclient, through a cursor of Django."""

    def __init__(self, cursor: Any, import_id: int) -> None:
        self.cursor, self.import_id = cursor, import_id

    def put(self, lines: Sequence[Told]) -> None:
        if not lines:
            return
        with atomic():
            self.cursor.execute(_DRAWN, [len(lines)])
            drawn, under = self.cursor.fetchall(), box()
            rows = [
                f"{self.import_id}\t{told.line}\tf\t{_row(told.told, ids, under)}"
                for told, ids in zip(lines, drawn, strict=True)
            ]
            self.cursor.execute(_BESIDE)
            self.cursor.copy_expert(_COPY, io.StringIO("\n".join(rows) + "\n"))
            self.cursor.execute(_MOVE)


def _row(told: dict[str, Any], ids: tuple[int, int], under: Box) -> str:
    """Tabs and line breaks cannot occur (what is told can be printed): only the backslash must be doubled."""
    days = [day.isoformat() if (day := told.get(code)) else _NULL for code in DAYS]
    values = _NONE | told
    for name, place in NUMBERS.items():
        if name in told:
            values[name] = under.encrypt(place, ids, told[name], indexed=True)
    keys = [*told["keys"], account_key(told["iban"])] if "iban" in told else told["keys"]
    head = f"{ids[0]}\t{ids[1]}\t{told['book']}"
    row = "\t".join([head, *_texts(values), *days, _array(told["words"]), _array(keys)])
    return row.replace("\\", "\\\\") if "\\" in row else row


def _array(texts: Sequence[str]) -> str:
    """Folded words are letters and digits; only an address of a mail may hold what parts them or a quote."""
    if not texts:
        return "{}"
    joined = '","'.join(texts)
    if "\\" in joined or joined.count('"') > 2 * len(texts) - 2:
        joined = '","'.join(text.replace("\\", "\\\\").replace('"', '\\"') for text in texts)
    return f'{{"{joined}"}}'
