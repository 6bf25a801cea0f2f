"""A second connection beside Django's own, for what reads two streams of one instant."""

from typing import Any

import psycopg2
from django.db.backends.base.base import BaseDatabaseWrapper


def apart(connection: BaseDatabaseWrapper) -> Any:
    """A plain psycopg2 connection to the same place as the same role."""
    parameters = connection.get_connection_params()
    names = ("dbname", "user", "password", "host", "port")
    made = psycopg2.connect(**{name: parameters[name] for name in names if parameters.get(name)})
    made.autocommit = True
    return made
