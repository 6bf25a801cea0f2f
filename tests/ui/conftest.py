"""A page of every part, served under our Content-Security-Policy; no database and no login needed."""

import datetime as dt
import http.server
import os
import shutil
import threading
from decimal import Decimal as D
from pathlib import Path

import pytest
from allauth.account.forms import LoginForm
from csp.utils import build_policy
from django import forms
from django.conf import settings
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.contrib.staticfiles import finders
from django.template import engines
from django.test import RequestFactory

from ui.forms import Look

TODAY = dt.date(2026, 11, 21)
RESULTS = b"""<div role="listbox" aria-label="Clients"><a role="option" href="/found/1/">Dr Gregory Hope</a>
<a role="option" href="/found/2/">Hope Ltd</a></div>"""
REFUSED = b'<div class="alert alert-danger" role="alert"><strong>Not possible now</strong></div>'


class TaskForm(Look, forms.Form):
    title = forms.CharField(help_text="What it is about")
    due_on = forms.DateField()
    kind = forms.ChoiceField(choices=[("call", "Call"), ("mail", "Mail")])
    note = forms.CharField(widget=forms.Textarea(attrs={"rows": 2}), required=False)
    promise = forms.BooleanField(required=False, label="We promised something")


class Page:
    names = (
        "Dr Gregory Hope",
        "Zoë Müller-Nakamura",
        "Анна Петрова",
        "O'Connor-Gordon & Söhne Vermögensverwaltung GmbH",
    )
    rows = [
        {
            "name": name,
            "assets": D("108256480.12") / (at + 1) ** 2,
            "risk": ("Low", "High", "Medium", "New")[at],
            "tone": ("good", "late", "warn", "info")[at],
            "last": TODAY - dt.timedelta(days=3 + 40 * at),
            "late": at > 2,
        }
        for at, name in enumerate(names)
    ]
    after, before, count, capped = 5, 2, 1000, True


def shell() -> dict:
    """What rmcrm.context.shell gives, made up."""
    doors = [
        ("My day", "/", "sun", None),
        ("Clients", "/clients/", "users", None),
        ("Reviews", "/r/", "clipboard-check", 3),
    ]
    return {
        "person": {
            "name": "Rita Anselm",
            "login": "rita",
            "role_label": "Relationship manager",
            "initials": "RA",
        },
        "unread": 7,
        "demo": True,
        "nav": [{"label": w, "url": u, "icon": i, "active": u == "/", "count": c} for w, u, i, c in doors],
        "new_menu": [{"label": "Log a call", "url": "/new/", "icon": "phone"}],
        "messages": [
            Message(constants.SUCCESS, "Call logged."),
            Message(constants.ERROR, "A rate is missing."),
        ],
    }


def gallery() -> str:
    form = TaskForm({"title": "", "due_on": "", "kind": "call"})
    form.is_valid()
    cards = [
        {
            "id": at,
            "title": title,
            "url": "/o/",
            "client": "Williams-Hill AG",
            "value": D("1200000"),
            "currency": "EUR",
        }
        | {"meta": "Close by 12 Dec", "badge": "Suits", "tone": "good", "move_url": f"/posted/?card={at}"}
        for at, title in enumerate(("Mortgage", "FX hedging"))
    ]
    context = shell() | {
        "sort": "-aum",
        "page": Page,
        "today": TODAY,
        "now": dt.datetime(2026, 11, 21, 14, 5, tzinfo=dt.UTC),
        "assets": D("7412345678.9"),
        "history": [3, 4, D("3.5"), 5, 6],
        "refusals": ["The KYC review is overdue since 3 Nov 2026.", "Nobody has approved yet."],
        "none": [],
        "labels": ["Lead", "In talks"],
        "series": [
            {"name": "Now", "values": [D("6.2"), D("4.8")]},
            {"name": "Before", "values": [D("5.1"), None]},
        ],
        "urls": ["/p/?stage=lead", "/p/?stage=talk"],
        "tabs": [
            {"label": "Overview", "url": "?", "active": True},
            {"label": "Holdings", "url": "?t=h", "count": 12},
        ],
        "columns": [
            {"key": key, "label": label, "count": 2, "total": D("2400000"), "currency": "EUR"}
            for key, label in (("lead", "Lead"), ("talk", "In talks"))
        ],
        "cards": cards,
        "form": form,
    }
    source = (Path(__file__).parent / "gallery.html").read_text(encoding="utf-8")
    return (
        engines["django"]
        .from_string(source)
        .render(context, RequestFactory().get("/clients/?status=open&after=3"))
    )


def render(template: str, **context) -> str:
    return engines["django"].get_template(template).render(context, RequestFactory().get("/"))


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    chromium = os.environ.get("RMCRM_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    return browser_type_launch_args | (
        {"executable_path": chromium, "args": ["--no-sandbox"]} if chromium else {}
    )


class Pages(http.server.BaseHTTPRequestHandler):
    """Made-up answers, but the real policy and the real static files."""

    pages: dict[str, str] = {}
    posted: list[str] = []

    def answer(self, body: bytes, kind: str = "text/html; charset=utf-8", status: int = 200) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Security-Policy", build_policy())
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self) -> None:
        path = self.path.split("?")[0]
        if path.startswith("/static/"):
            found = finders.find(path.removeprefix("/static/"))
            kinds = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
            if not found:
                return self.answer(b"", status=404)
            return self.answer(Path(found).read_bytes(), kinds.get(path.rsplit(".", 1)[-1], "text/plain"))
        if path in self.pages:
            return self.answer(self.pages[path].encode())
        return self.answer(b"<!doctype html><title>x</title><p>elsewhere</p>")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        if "search" in self.path:
            return self.answer(RESULTS)
        self.posted.append(f"{self.path} {body}")
        if self.path == "/refused/":
            return self.answer(REFUSED, status=409)
        return self.answer(b"<!doctype html><title>x</title><p>posted</p>")

    def log_message(self, *args) -> None:
        pass


@pytest.fixture(scope="session")
def _server():
    if not (settings.BASE_DIR / "static" / "vendor" / "tabler.min.css").exists():
        pytest.fail("static/vendor is empty: run `npm ci` and `bin/manage vendor_assets` (bin/test does).")
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.fixture
def site(_server):
    """The address of a site with one page of everything, the login page and the error pages."""
    Pages.posted.clear()
    Pages.pages = {
        "/gallery/": gallery(),
        "/login/": render("account/login.html", form=LoginForm(), demo=True),
        "/later/": '<section class="card" id="later_part"><div class="card-body">Fetched.</div></section>',
        "/404/": render("404.html", **shell()),
        "/404-outside/": render("404.html"),
        "/500/": render("500.html"),
    }
    return _server
