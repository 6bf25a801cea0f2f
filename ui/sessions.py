"""Sessions in PostgreSQL, of which two answers at once lose nothing.

Django writes a session whole, as the request found it: a page that took long would undo what another one did
meanwhile, such as hiding the screen. Here each request writes what it changed itself.
"""

from typing import Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.models import Session
from django.db import transaction

_NOTHING = object()


class SessionStore(db.SessionStore):
    """`found`: the row as this request read it."""

    found = ""

    def load(self) -> dict[str, Any]:
        row = self._get_session_from_db()  # type: ignore[attr-defined]  # the stubs leave it out
        self.found = row.session_data if row else ""
        return self.decode(self.found) if row else {}

    def save(self, must_create: bool = False) -> None:
        """1 query; 2 more when another request has written meanwhile."""
        if must_create or self.session_key is None or not self.found:
            super().save(must_create)
            return
        rows = Session.objects.filter(pk=self.session_key)
        row = self.create_model_instance(self._session)  # type: ignore[attr-defined]
        told = {"session_data": row.session_data, "expire_date": row.expire_date}
        if not rows.filter(session_data=self.found).update(**told):
            with transaction.atomic():
                other = rows.select_for_update().first()
                if other is None:
                    raise UpdateError  # ended meanwhile
                row = self.create_model_instance(self._with_mine(self.decode(other.session_data)))
                rows.update(session_data=row.session_data, expire_date=row.expire_date)
            self._session_cache = self.decode(row.session_data)
        self.found = row.session_data

    def _with_mine(self, theirs: dict[str, Any]) -> dict[str, Any]:
        """What this request changed, put upon what another one has written."""
        before, mine = self.decode(self.found), self._session  # type: ignore[attr-defined]
        for key in before.keys() | mine.keys():
            if before.get(key, _NOTHING) == mine.get(key, _NOTHING):
                continue
            if key in mine:
                theirs[key] = mine[key]
            else:
                theirs.pop(key, None)
        return theirs
