"""A second connection beside Django's own, for what reads two streams of one instant."""

from typing import Any

import psycopg2
from django.db.backends.base.base import BaseDatabaseWrapper


def apart(connection: BaseDatabaseWrapper) -> Any:
    """A plain psycopg2 connection to the same place as the same role, by the same TLS."""
    parameters = connection.get_connection_params()
    del parameters["cursor_factory"]  # Django's own, which is what is not wanted here
    made = psycopg2.connect(**parameters)
    made.autocommit = True
    return made
