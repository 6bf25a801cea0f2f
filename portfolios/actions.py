"""What is done to portfolios: the night shift keeps each client's value. Prices and rates come by import."""

from datetime import date

from django.db import connection

from portfolios.selectors import VALUED
from staff.lock import action
from staff.models import User
from staff.night import NightShift
from staff.roles import May


@action(May.PORTFOLIOS_VALUE, "clients valued", remember=("on", "client_ids"))
def revalue_clients(
    _: None, *, by: User | NightShift, client_ids: list[int], on: date, currency: str, max_days: int
) -> int:
    """Write value and day of these clients; how many changed. Who lacks a figure keeps the old one."""
    with connection.cursor() as cursor:
        cursor.execute(
            _REVALUE,
            {"on": on, "currency": currency, "max_days": max_days, "clients": client_ids},
        )
        return int(cursor.rowcount)


_REVALUE = f"""
UPDATE clients_client client SET value = fresh.value, value_on = fresh.day FROM ({VALUED}) fresh
WHERE fresh.client_id = client.id
  AND (client.value, client.value_on) IS DISTINCT FROM (fresh.value, fresh.day)
"""  # noqa: S608 - VALUED is a text of ours
