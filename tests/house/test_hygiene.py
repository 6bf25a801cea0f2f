"""T25 and T9. Fifty canaries, put wherever a client's data can be typed, sing in no log, address, cache,
mail, error page or temporary file; and what looks like a script is shown as the text it is, on every page."""

import logging
import os
import re
import tempfile
from pathlib import Path

import pytest
from django.apps import apps
from django.core import mail
from django.core.cache import cache
from django.db import models
from django.urls import reverse
from django.utils import timezone

from alerts.actions import look_at_everything, write_mails
from alerts.models import Mail
from audit.models import AuditEvent
from clients.models import Addendum, Client, Interaction
from compliance.models import FileDeletion, SampleStep
from rmcrm.apps import ALSO, kind_of
from rmcrm.logs import NothingOfTheCompartment, WithoutValues
from tests.browser import DESK, arrived
from tests.cast import browser_of
from tests.house.doors import DOORS
from tests.house.private import make_private
from tests.house.test_doors import address_of, what_is_sent
from tests.house.test_every_page import PAGES
from vault.fields import EncryptedJSONField, EncryptedTextField

CANARIES = [f"Kanari{at:02}vogel" for at in range(50)]
SINGS = re.compile(r"kanari\d\dvogel", re.IGNORECASE)
MACHINE = frozenset(["csrfmiddlewaretoken", "form_key"])


@pytest.fixture
def lines():
    """Every line that any logger would write, as the log has it."""
    caught: list[str] = []

    class Catch(logging.Handler):
        def emit(self, record):
            if NothingOfTheCompartment().filter(record):
                caught.append(shape.format(record))

    shape = WithoutValues("%(asctime)s %(levelname)s %(name)s %(message)s")
    handler, root = Catch(logging.DEBUG), logging.getLogger()
    level, root_handlers = root.level, root.handlers[:]
    root.addHandler(handler)
    root.setLevel(logging.INFO)  # below it, Django writes down every statement for its makers
    yield caught
    root.removeHandler(handler)
    root.setLevel(level)
    assert root.handlers == root_handlers


def text_columns(model):
    """The columns of a client-bound model that people fill in words."""
    if not (hasattr(model, "client_path") or model._meta.label in ALSO):
        return []
    return [
        column
        for column in model._meta.local_fields
        if kind_of(model, column) and isinstance(column, models.CharField | models.TextField)
        and not isinstance(column, EncryptedJSONField) and not column.unique and not column.primary_key
    ]  # fmt: skip


def fill(words: list[str], of: Client | None = None) -> int:
    """Each text of the stage, or of one client's file, becomes one of these; what is empty stays empty, as
    PostgreSQL may want it."""
    filled = 0
    for model in apps.get_models():
        if model._meta.label.startswith("suspicion.") or model in (SampleStep, Addendum, FileDeletion):
            continue  # what was handed over or decided stays as it was: PostgreSQL sees to it
        columns = text_columns(model)
        rows = model._base_manager.all()
        if of is not None:
            path = getattr(model, "client_path", None)
            rows = rows.none() if path is None else rows.filter(**{path or "pk": of.pk})
        for row in rows if columns else []:
            if isinstance(row, Interaction) and row.locks_at <= timezone.now():
                continue  # likewise
            changed = {}
            for column in columns:
                if getattr(row, column.name):
                    word = words[filled % len(words)]
                    changed[column.name] = word[: column.max_length] if column.max_length else word
                    filled += 1
            encrypted = {each.name for each in columns if isinstance(each, EncryptedTextField)}
            for name in (hidden := encrypted & {*changed}):  # by saving its row alone
                setattr(row, name, changed.pop(name))
            if hidden:
                row.save(update_fields=hidden)
            if changed:
                model._base_manager.filter(pk=row.pk).update(**changed)
    return filled


# --- T25: log hygiene ------------------------------------------------------------------------------------


def canaries_in(value, at):
    """The same form with a canary in each text field, so that each is refused or kept."""
    return {
        name: CANARIES[(at + index) % 50] if isinstance(text, str) and text and name not in MACHINE else text
        for index, (name, text) in enumerate(value.items())
    }


def test_no_canary_sings_outside_the_database(cast, lines, settings, tmp_path):
    cache.clear()
    before = {path for path in Path(tempfile.gettempdir()).glob("*") if path.is_file()}
    stage = make_private(cast).whole()
    assert fill(CANARIES) > 30
    browsers, addresses, errors = {}, set(), 0
    for at, door in enumerate(DOORS):
        if door.name in ("account_logout", "screen"):
            continue
        person = (door.get or door.post).split()[0]
        if person not in browsers:
            browsers[person] = browser_of(stage.people[person], raise_request_exception=False)
        browser, url = browsers[person], address_of(door, stage, False)
        if door.get:
            page = browser.get(url)
            if not page.streaming and not door.is_api and b"<html" in page.content:
                body = page.content.decode()
                addresses |= set(re.findall(r'(?:href|action|src|hx-get|hx-post)="([^"]*)"', body))
        if door.post:
            sent = canaries_in(what_is_sent(door, stage).get("data", {}), at)
            kind = {"content_type": "application/json"} if door.is_api else {}
            answer = browser.post(url, sent, **kind)
            addresses.add(answer.headers.get("Location", ""))
            errors += answer.status_code >= 500
        missing = browser.get(f"{url.partition('?')[0]}nowhere/")
        assert not SINGS.search(missing.content.decode()), door.name
    look_at_everything(timezone.localdate())
    write_mails(timezone.now())
    assert errors == 0
    assert [line for line in lines if SINGS.search(line)] == []
    # A link that opens the telephone or the mail program is no address that a server or a history sees.
    asked = [address for address in addresses if not address.startswith(("tel:", "mailto:"))]
    assert [address for address in asked if SINGS.search(address)] == []
    assert [f"{key}" for key in keys_of(cache) if SINGS.search(key)] == []
    letters = [f"{letter.subject} {letter.body}" for letter in Mail.objects.all()]
    letters += [f"{letter.subject} {letter.body}" for letter in mail.outbox]
    assert [letter for letter in letters if SINGS.search(letter)] == []
    events = AuditEvent.objects.values_list("payload", "why", "path", "source")
    assert [event for event in events if SINGS.search(str(event))] == []
    fresh = {path for path in Path(tempfile.gettempdir()).glob("*") if path.is_file()} - before
    mine = [
        path for path in fresh if path.owner() == Path(os.getcwd()).owner() and path.stat().st_size < 2**20
    ]
    assert [path for path in mine if SINGS.search(path.read_bytes().decode(errors="ignore"))] == []


def keys_of(cache) -> list[str]:
    """Keys and values that Redis holds for us."""
    client = cache._cache.get_client()
    keys = [key.decode(errors="replace") for key in client.keys("*")]
    return keys + [str(client.get(key)) for key in client.keys("*") if client.type(key) == b"string"]


def test_an_error_tells_no_value(cast, lines, monkeypatch, page_of):
    """What breaks while it holds a canary is logged as a place, and answered without a word of it."""

    def broken(*_, **__):
        raise ValueError(f"cannot work with {CANARIES[7]}")

    monkeypatch.setattr("dashboards.selectors.client.client_page", broken)
    browser = page_of(cast.rita)
    browser.raise_request_exception = False
    answer = browser.get(reverse("client", args=[cast.anna.pk]))
    assert answer.status_code == 500
    assert not SINGS.search(answer.content.decode())
    assert any("ValueError" in line for line in lines)
    assert [line for line in lines if SINGS.search(line)] == []


# --- T9: what looks like a script is a text --------------------------------------------------------------

_RUNS = "struck=1"
SMALL = [
    f"<script>{_RUNS}</script>",
    f'"><img src=x onerror={_RUNS}>',
    f"'><svg/onload={_RUNS}>",
    f"</title><script>{_RUNS}</script>",
    f"</textarea><img src=x onerror={_RUNS}>",
    f"{{{{constructor.constructor('{_RUNS}')()}}}}",
    f"javascript:{_RUNS}",
    f"</script><script>{_RUNS}</script>",
    f"<x hx-on:load={_RUNS}>",
    f"<a href=javascript:{_RUNS}>x",
    f"&lt;script&gt;{_RUNS}&lt;/script&gt;",
    "<iframe srcdoc='<script>parent.struck=1</script>'>",
]
_TAGS = ["img src=x", "svg", "body", "video src=x", "audio src=x", "input autofocus", "details open", "math",
         "marquee", "object data=x", "embed src=x", "style"]  # fmt: skip
_EVENTS = ["onerror", "onload", "onfocus", "ontoggle", "onpointerover", "onanimationstart", "onbegin",
           "onstart", "hx-on:htmx:load"]  # fmt: skip
LARGE = SMALL + [f"\"'><{tag} {event}={_RUNS}>" for tag in _TAGS for event in _EVENTS]


# What ran, what the policy stopped, and elements that no page of ours has.
STRUCK = """() => {
  const alien = "[onerror], [onload], iframe, object, embed, marquee, math, x, a[href^='javascript:']";
  const found = [...document.querySelectorAll(alien)].map((each) => each.outerHTML.slice(0, 120));
  return [window.struck ? "it ran" : "", ...window.stopped, ...found].filter(Boolean);
}"""


@pytest.mark.browser
@pytest.mark.slow
def test_what_looks_like_a_script_is_shown_as_text_on_every_page(visit, transactional_db):
    """Twelve in every column; all 120, in every form too, are a drill: tests/house/test_scripts.py."""
    from tests.cast import make_cast

    stage = make_private(make_cast()).whole()
    addresses = {door.name: address_of(door, stage, False) for door in PAGES}
    windows, wrong, shown = {}, [], 0

    def struck(dialog):
        wrong.append("a dialog")
        dialog.dismiss()

    assert fill(SMALL) > 30
    for door in PAGES:
        person = door.get.split()[0]
        if person not in windows:
            windows[person] = visit(stage.people[person], "/accounts/inactive/", size=DESK)
            windows[person].on("dialog", struck)
        page = windows[person]
        page.goto(addresses[door.name])
        arrived(page)
        found = page.evaluate(STRUCK)
        shown += "struck=1" in page.content()
        wrong += [f"{door.name}: {one}" for one in found]
    assert wrong == [], "\n" + "\n".join(wrong)
    assert shown > 20, f"only {shown} pages showed one of them"
    assert Client.objects.filter(name__contains="struck").exists()
