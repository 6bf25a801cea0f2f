"""What the audit does by itself."""

from celery import shared_task
from django.db import connection


@shared_task(ignore_result=True)
def make_partitions() -> None:
    """This month's partition and the next three; making what is there does nothing."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT audit_make_partition((now() + make_interval(months => n))::date) "
            "FROM generate_series(0, 3) AS n"
        )
