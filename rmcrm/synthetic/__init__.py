"""A synthetic bank: the same clients for the same number, seed and date, made by COPY."""

from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rmcrm.synthetic.copying import Made


def make(clients: int, seed: int, as_of: date, connection: Any, rms: int | None = None) -> "Made":
    """Fill an empty bank over a Django connection, in the transaction it is in; ANALYZE is the caller's."""
    from rmcrm.synthetic.copying import pour, set_sequences, sink_of

    with connection.cursor() as cursor:
        made = pour(clients, seed, as_of, sink_of(cursor.cursor), rms)
        set_sequences(cursor)
    return made
