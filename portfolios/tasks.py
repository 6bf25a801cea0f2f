"""What happens to portfolios by itself. Safe to run twice."""

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from jobs.tasks import Sweep
from portfolios import actions, selectors
from rulebook.selectors import pack
from staff.night import night_shift


@shared_task(base=Sweep, ignore_result=True)
def revalue() -> None:
    """Value the clients whose prices, rates or balances are newer than their value, a thousand at a time."""
    on, currency = timezone.localdate(), settings.REPORTING_CURRENCY
    max_days = int(pack("portfolio", on)["stale_price_days"])
    for client_ids in selectors.unvalued_clients(on, currency, max_days):
        actions.revalue_clients(
            None, by=night_shift(), client_ids=client_ids, on=on, currency=currency, max_days=max_days
        )
