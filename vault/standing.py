"""Are the keys of this process those that the values in this database hang on?"""

from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from vault.keys import read_ring

_KNOWN = "SELECT name, fingerprint FROM vault_fieldkey"
_REMEMBER = """
INSERT INTO vault_fieldkey (name, fingerprint, known_since)
SELECT name, fingerprint, now() FROM unnest(%s::text[], %s::text[]) AS new (name, fingerprint)
ON CONFLICT DO NOTHING
"""
WHAT_TO_DO = "Give RMCRM_FIELD_KEYS_FILE the file that belongs to this database (docs/deployment.md, Keys)."


class OtherKeys(ImproperlyConfigured):
    """The field keys are not those of this database."""


def refuse_other_keys(connection: Any) -> None:
    """Raise OtherKeys when a key is missing or another one; remember those that are new. 3 queries."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('vault_fieldkey') IS NOT NULL")
        if not cursor.fetchone()[0]:
            return  # not migrated yet: nothing stands there encrypted
        cursor.execute(_KNOWN)
        known = dict(cursor.fetchall())
        if not settings.FIELD_KEYS:
            if known:
                raise OtherKeys(f"RM CRM does not start: it has no field keys. {WHAT_TO_DO}")
            return
        ours = read_ring(settings.FIELD_KEYS).fingerprints()
        missing = sorted(known.keys() - ours.keys())
        others = sorted(name for name in known.keys() & ours.keys() if known[name] != ours[name])
        if missing or others:
            why = f"lack the key {', '.join(missing)}" if missing else f"have another key {', '.join(others)}"
            raise OtherKeys(f"RM CRM does not start: the field keys {why}. {WHAT_TO_DO}")
        if fresh := sorted(ours.keys() - known.keys()):
            cursor.execute(_REMEMBER, [fresh, [ours[name] for name in fresh]])
