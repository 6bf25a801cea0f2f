"""The first floor: the statements of a page, sent by bare psycopg2."""

import statistics
import time

from django.contrib.auth import get_user_model
from django.db import connection, transaction
from django.test import Client as Browser

from bench.load import Request


def statements(request: Request, user_id: int) -> list[tuple[str, object]]:
    """What the page asks the database, in order, with the session's own queries."""
    browser = Browser(headers={"host": "localhost"})
    user = get_user_model().objects.get(pk=user_id)
    browser.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    if request.method == "GET":
        browser.get(request.path)  # what is cached by the first request is not the page's cost
    seen: list[tuple[str, object]] = []

    def note(execute, sql, params, many, context):
        seen.append((sql, params))
        return execute(sql, params, many, context)

    with transaction.atomic():
        with connection.execute_wrapper(note):
            if request.method == "GET":
                browser.get(request.path)
            else:
                browser.generic(request.method, request.path, request.body(), **_as_wsgi(request))
        transaction.set_rollback(True)
    return [(sql, params) for sql, params in seen if "SAVEPOINT" not in sql]


def _as_wsgi(request: Request) -> dict[str, str]:
    headers = {name: value for name, value in request.headers.items() if name != "Content-Type"}
    return {"content_type": request.headers.get("Content-Type", ""), "headers": headers}


def bare_milliseconds(seen: list[tuple[str, object]], rounds: int = 30) -> float:
    """Median time of sending them on a kept connection in one transaction and fetching every row."""
    connection.ensure_connection()
    raw = connection.connection
    raw.rollback()
    raw.autocommit = False
    times = []
    try:
        for _ in range(rounds):
            begun = time.perf_counter()
            with raw.cursor() as cursor:
                for sql, params in seen:
                    cursor.execute(sql, params)
                    if cursor.description:
                        cursor.fetchall()
            raw.rollback()
            times.append((time.perf_counter() - begun) * 1000)
    finally:
        raw.autocommit = True
    return statistics.median(times)
