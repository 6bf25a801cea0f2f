"""A bank of the asked size beside the demo, and the people who ask for its pages."""

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg2

ROOT = Path(__file__).resolve().parent.parent
AS_OF = "2026-11-21"
FILES = 20  # different ones that a person opens: the brake of pack "access" lets them pass in every book


def at_database(url: str, name: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def environment(clients: int) -> dict[str, str]:
    """The same services, another database."""
    name = f"rmcrm_bench_{clients}"
    urls = {
        key: at_database(os.environ[key], name)
        for key in ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_LOADER_URL", "DATABASE_SEALER_URL")
    }
    return os.environ | urls | {"RMCRM_URLCONF": "bench.urls", "RMCRM_MODE": "demo"}


def make(clients: int) -> float | None:
    """Make and load the bank; the seconds of the load, or None when it was there already."""
    env = environment(clients)
    name = f"rmcrm_bench_{clients}"
    link = psycopg2.connect(os.environ["DATABASE_OWNER_URL"])
    link.autocommit = True
    with link.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if cursor.fetchone() is None:
            cursor.execute(f'CREATE DATABASE "{name}"')
    link.close()
    manage(env, "migrate", "--verbosity", "0")
    command = ["make_bank", "--clients", str(clients), "--seed", "1", "--as-of", AS_OF, "--if-empty"]
    begun = time.perf_counter()
    manage(env, *command)
    taken = time.perf_counter() - begun
    make_floor(env["DATABASE_OWNER_URL"])
    return taken if taken > 5 else None


_FLOOR = """
CREATE TABLE bench_floor AS SELECT id, book_id, name, segment, stage, risk, value, kyc_due_on, last_contact_on
FROM clients_client;
CREATE INDEX bench_floor_rows ON bench_floor (book_id, name, id);
ANALYZE bench_floor;
"""


def make_floor(owner_url: str) -> None:
    """The rows of the floor page, once."""
    link = psycopg2.connect(owner_url)
    with link, link.cursor() as cursor:
        cursor.execute("SELECT to_regclass('bench_floor')")
        if cursor.fetchone()[0] is None:
            cursor.execute(_FLOOR)
    link.close()


def manage(env: dict[str, str], *arguments: str) -> None:
    clean = {key: value for key, value in env.items() if key != "RMCRM_DATABASE_ROLE"}
    subprocess.run([sys.executable, "manage.py", *arguments], cwd=ROOT, env=clean, check=True)


@dataclass(frozen=True)
class People:
    """Who asks, and for what: ids only."""

    rm: int
    lead: int
    officer: int
    book: int
    clients_of_rm: list[int]
    after_page_199: int | None
    name: str  # of a client in the RM's book, to search for
    cookies: dict[int, str]
    sessions_of_rm: list[str]  # more of them: a session that logs and shows no page keeps every message


def cast() -> People:
    """An RM whose book is the median of its kind, a lead with up to 12 RMs, an officer; each logged in."""
    from ui.carrying import NIGHT_SHIFT, carrying

    with carrying(None, NIGHT_SHIFT):
        return _cast()


def _cast() -> People:
    from django.db.models import Count

    from clients.models import Client, State
    from staff.models import Book, BookMember, User
    from staff.roles import Role
    from ui.paging import SIZE

    books = list(
        Book.objects.filter(is_pool=False)
        .annotate(n=Count("clients"))
        .filter(n__gte=SIZE)
        .order_by("n", "id")
    )
    book = books[len(books) // 2]
    rm = BookMember.objects.owners().filter(book=book).values_list("user", flat=True).latest("id")
    teams = (
        User.objects.filter(role=Role.RM)
        .values("team")
        .annotate(n=Count("id"))
        .filter(n__lte=12)
        .order_by("-n", "team")
    )
    lead = User.objects.filter(role=Role.TEAM_LEAD, team__in=[team["team"] for team in teams[:1]]).first()
    officer = User.objects.filter(role=Role.COMPLIANCE).first()
    of_rm = list(
        Client.objects.filter(book=book, state=State.ACTIVE)
        .order_by("name", "id")
        .values_list("id", flat=True)[:200]
    )
    deep = Client.objects.order_by("name", "id").values_list("id", flat=True)[199 * SIZE - 1 : 199 * SIZE]
    name = Client.objects.filter(pk=of_rm[len(of_rm) // 2]).values_list("name", flat=True)[0]
    people = (rm, lead.pk, officer.pk)
    cookies = {pk: logged_in(pk) for pk in people}
    sessions = [logged_in(rm) for _ in of_rm[:FILES]]
    return People(*people, book.pk, of_rm, next(iter(deep), None), name, cookies, sessions)


def logged_in(user_id: int) -> str:
    """A session as the login page makes it, as a Cookie header; with the CSRF secret that POSTs need."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    from staff.models import User
    from ui.sessions import SessionStore

    user = User.objects.get(pk=user_id)
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}; {settings.CSRF_COOKIE_NAME}={CSRF}"


CSRF = "b" * 32
