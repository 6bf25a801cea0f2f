"""T9 in full. 120 payloads in every text that people or files bring in: standing in every column, typed into
every form of every page, asked for in every filter, sent to the API; then every page that shows them. Nothing
runs, the policy has nothing to stop, and no page gets an element or an attribute that none has with harmless
words in the same places.

A column holds as many at a time as it has room for; turn by turn each begins with the next five. All turns
are read as they are served, and two of them, with every filter and every answer, by a real browser.

In every run tests/house/test_hygiene.py does the same with twelve of them, from the columns.
"""

import re
from html.parser import HTMLParser
from urllib.parse import urlencode

import pytest
from django.apps import apps
from django.db import transaction

from clients.models import Client
from staff.models import User
from tests.browser import DESK, arrived
from tests.cast import browser_of, make_cast
from tests.drills import drill, tell
from tests.house.doors import DOORS
from tests.house.private import make_private
from tests.house.test_doors import address_of, what_is_sent
from tests.house.test_every_page import PAGES
from tests.house.test_hygiene import CANARIES, LARGE, MACHINE, STRUCK, fill
from tests.rmcrm.test_api_schema import DESCRIPTION

STEP = 5  # so many fit into a column of 200 letters
# Not of a client's file, and yet words that people or files bring in.
OTHER_WORDS = {
    "staff.Team": ["name"],
    "staff.User": ["name"],
    "staff.Book": ["name"],
    "staff.SavedView": ["name"],
    "rulebook.RulePack": ["reason"],  # of drafts: what was activated never changes
    "compliance.ListedEntity": ["name", "born_on", "born_in", "countries", "programmes"],
    "compliance.ListedName": ["name"],
    "onboarding.ClientImport": ["title", "sentence"],
    "portfolios.Product": ["name"],
    "portfolios.ModelPortfolio": ["name"],
    "portfolios.Price": ["source"],
    "jobs.Job": ["error"],
    "alerts.Mail": ["subject", "body"],
}
TYPED = (
    "text",
    "search",
    "email",
    "tel",
    "url",
    "password",
    "number",
    "date",
    "datetime-local",
    "time",
    "month",
    "",
)
# What a page is made of: each kind of element with each of its attributes, and where it leads. The value of a
# field leads nowhere.
MADE_OF = """() => {
  const found = new Set();
  for (const each of document.querySelectorAll("*")) {
    found.add(each.localName);
    for (const { name, value } of each.attributes) {
      found.add(`${each.localName} ${name}`);
      if (name !== "value" && /^\\s*(javascript|data|vbscript):/i.test(value))
        found.add(`${each.localName} ${name} ${value}`);
    }
  }
  return [...found];
}"""


class Forms(HTMLParser):
    """The forms of a page: (method, action, {name: (kind of field, value)})."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.forms, self.open, self.select = [], None, ""
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        has = {name: value or "" for name, value in attributes}
        if tag == "form":
            self.open = (has.get("method", "get").lower(), has.get("action", ""), {})
            self.forms.append(self.open)
        elif self.open is None or ("name" not in has and tag != "option"):
            return
        elif tag == "select":
            self.select = has["name"]
            self.open[2][self.select] = ("select", "")
        elif tag == "option":
            if self.select and ("selected" in has or not self.open[2][self.select][1]):
                self.open[2][self.select] = ("select", has.get("value", ""))
        elif tag == "textarea":
            self.open[2][has["name"]] = ("text", "")
        elif tag in ("input", "button"):
            kind = has.get("type", "" if tag == "input" else "submit")
            if kind not in ("checkbox", "radio", "file") or "checked" in has:
                self.open[2][has["name"]] = (kind, has.get("value", ""))

    def handle_endtag(self, tag):
        if tag == "form":
            self.open = None
        elif tag == "select":
            self.select = ""


def fill_the_rest(words: list[str]) -> int:
    """Words that stand on no client's file."""
    filled = 0
    for label, names in OTHER_WORDS.items():
        model = apps.get_model(label)
        rows = model._base_manager.all()
        for row in rows.filter(activated_at=None) if label == "rulebook.RulePack" else rows:
            changed = {}
            for name in names:
                most = model._meta.get_field(name).max_length
                changed[name] = words[filled % len(words)][:most]
                filled += 1
            with transaction.atomic():
                model._base_manager.filter(pk=row.pk).update(**changed)
    return filled


def hand_over(stage, words: list[str]) -> None:
    """What is written once and never changed is written anew, through its own form."""
    for word in words:
        for who, name, sent in (
            ("rita", "suspicion:report", {"about": word, "ground": "payments", "what": word, "knows": "no"}),
            ("mira", "suspicion:note_new", {"text": word}),
            ("mira", "suspicion:request_new",
             {"reference": word[:60], "received_on": "2026-01-05", "about": word, "asked": word}),
            ("rita", "clients:addendum_new", {"text": word}),
        ):  # fmt: skip
            door = next(door for door in DOORS if door.name == name)
            browser_of(stage.people[who]).post(address_of(door, stage, False), sent)


DANGEROUS = re.compile(r"\s*(javascript|vbscript|data:text)", re.I)


class MadeOf(HTMLParser):
    """What a page as it was served is made of."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.found |= {tag, *(f"{tag} {name}" for name, _value in attributes)}
        self.found |= {
            f"{tag} {name} {value}"
            for name, value in attributes
            if name != "value" and DANGEROUS.match(value or "")
        }


class Walk:
    """Through all pages. With harmless words it learns what pages are made of."""

    def __init__(self, stage, visit) -> None:
        self.stage, self.visit = stage, visit
        self.windows, self.django, self.wrong = {}, {}, []
        self.known: set[str] = set()
        self.learning = True
        self.read = self.loads = self.shown = self.fields = 0

    def window(self, person):
        if person not in self.windows:
            self.windows[person] = self.visit(self.stage.people[person], "/accounts/inactive/", size=DESK)
            self.windows[person].on("dialog", self.struck)
        return self.windows[person]

    def browser(self, person):
        if person not in self.django:
            self.django[person] = browser_of(self.stage.people[person], raise_request_exception=False)
        return self.django[person]

    def struck(self, dialog):
        self.wrong.append("a dialog")
        dialog.dismiss()

    def compare(self, made_of: set[str], text: str, where: str) -> None:
        if self.learning:
            self.known |= made_of
        else:
            self.shown += "struck=1" in text
            self.wrong += [f"{where}: new {each}" for each in made_of - self.known]

    def look(self, page, where: str) -> None:
        """What the browser made of it, once all its parts are there."""
        self.loads += 1
        self.compare(set(page.evaluate(MADE_OF)), page.content(), where)
        self.wrong += [f"{where}: {each}" for each in page.evaluate(STRUCK)]

    def served(self, answer, where: str) -> str:
        """What it is made of as it was served; "" where it is no page."""
        if answer.status_code >= 500:
            self.wrong.append(f"{where}: {answer.status_code}")
        if answer.streaming or not answer.headers.get("Content-Type", "").startswith("text/html"):
            return ""
        text = answer.content.decode()
        self.read += 1
        self.compare(MadeOf(text).found, text, where)
        return text

    def forms(self, door, addresses):
        page = self.browser(door.get.split()[0]).get(addresses[door.name])
        return Forms(page.content.decode()).forms

    def pages(self, addresses, *, by_browser: bool) -> None:
        for door in PAGES:
            person = door.get.split()[0]
            self.served(self.browser(person).get(addresses[door.name]), door.name)
            if by_browser:
                page = self.window(person)
                page.goto(addresses[door.name])
                arrived(page)
                self.look(page, door.name)

    def filters(self, addresses, text: str) -> None:
        """Each page again with this text in every field of its forms that ask by the address."""
        for door in PAGES:
            person, path = door.get.split()[0], addresses[door.name].partition("?")[0]
            fields = {"q", "sort", "after", "why", "next", "back"}
            for method, action, found in self.forms(door, addresses):
                if method == "get" and action in ("", path):
                    fields |= {*found}
            self.fields += len(fields)
            url = f"{path}?{urlencode(dict.fromkeys(sorted(fields), text))}"
            self.served(self.browser(person).get(url), f"{door.name} asked")
            if not self.learning:
                page = self.window(person)
                page.goto(url)
                arrived(page)
                self.look(page, f"{door.name} asked")

    def answers(self, addresses, text: str) -> None:
        """What every form answers to this text in its fields: the form again, or the page it leads to."""
        asked = set()
        for door in PAGES:
            person = door.get.split()[0]
            for method, action, found in self.forms(door, addresses):
                url = action or addresses[door.name]
                typed = {name for name, (kind, _v) in found.items() if kind in TYPED} - MACHINE
                form = (url.partition("?")[0], *sorted(found))
                if method == "post" and typed and form not in asked and url not in NOT_SENT:
                    asked.add(form)
                    chosen = {name: value for name, (_kind, value) in found.items() if name not in MACHINE}
                    self.answer(person, url, chosen | dict.fromkeys(typed, text), f"{door.name} {url}")
        for door in DOORS:
            url = address_of(door, self.stage, False)
            if door.post and not door.is_api and url not in NOT_SENT:
                sent = what_is_sent(door, self.stage).get("data", {})
                typed = {name for name, value in sent.items() if isinstance(value, str)} - MACHINE
                self.answer(door.post.split()[0], url, sent | dict.fromkeys(typed, text), door.name)

    def answer(self, person, url, sent, where: str) -> None:
        """Sent and undone; what came back, or where it led to, is shown to the browser as it was served."""
        self.fields += len(sent)
        browser = self.browser(person)
        with transaction.atomic():
            answer = browser.post(url, sent)
            if answer.status_code in (302, 303):
                answer = browser.get(answer.headers["Location"])
            transaction.set_rollback(True)
        body = self.served(answer, where)
        if self.learning or not body:
            return
        page = self.window(person)
        headers = {name: value for name, value in answer.headers.items() if name != "Clear-Site-Data"}
        page.route(SHOWN, lambda route: route.fulfill(status=200, headers=headers, body=body))
        page.goto(SHOWN.removeprefix("**"))
        page.wait_for_load_state("load")
        self.look(page, where)
        page.unroute(SHOWN)


SHOWN = "**/shown-to-the-browser/"
NOT_SENT = ("/accounts/logout/", "/screen/", "/account/sessions/end/")  # they end what walks here


def texts_of_the_api() -> dict[str, list[str]]:
    """Address of a POST -> the fields of its body that take any text."""
    found = {}
    for path, verbs in DESCRIPTION["paths"].items():
        for operation in (how for verb, how in verbs.items() if verb in ("post", "put", "patch")):
            shape = operation["requestBody"]["content"]["application/json"]["schema"]
            shape = DESCRIPTION["components"]["schemas"][shape["$ref"].rpartition("/")[2]]
            found[path] = [
                name
                for name, how in shape["properties"].items()
                if how.get("type") == "string" and "format" not in how and not how.get("readOnly")
            ]
    return found


@drill
@pytest.mark.browser
@pytest.mark.slow
def test_whatever_is_typed_anywhere_is_text_on_every_page(visit, transactional_db, settings):
    assert len(set(LARGE)) >= 120
    settings.STEP_UP_SECONDS = 24 * 3600  # the walk takes longer than anybody is believed
    stage = make_private(make_cast()).whole()
    addresses = {door.name: address_of(door, stage, False) for door in PAGES}
    walk = Walk(stage, visit)
    fill(CANARIES), fill_the_rest(CANARIES), hand_over(stage, CANARIES[:1])
    walk.pages(addresses, by_browser=True)
    walk.filters(addresses, CANARIES[0])
    for harmless in (CANARIES[0], ""):
        walk.answers(addresses, harmless)
    walk.learning, walk.fields = False, 0
    rotated = ["".join(LARGE[at:] + LARGE[:at]) for at in range(len(LARGE))]
    for turn in range(0, len(LARGE), STEP):
        texts = rotated[turn:] + rotated[:turn]
        for pk in Client.objects.values_list("pk", flat=True):  # not even in passing twice
            Client.objects.filter(pk=pk).update(number=f"C-{pk}")
        assert fill(texts) + fill_the_rest(texts) > 60
        hand_over(stage, [texts[0][:200]])
        walk.pages(addresses, by_browser=turn in (0, len(LARGE) // 2))
    walk.filters(addresses, "".join(LARGE[::10]))
    walk.answers(addresses, "".join(LARGE))
    assert Client.objects.filter(name__contains="struck").exists()
    assert User.objects.filter(name__contains="struck").exists()
    tell(
        "T9", payloads=len(LARGE), pages_read=walk.read, shown_by_a_browser=walk.loads,
        with_a_payload=walk.shown, fields_typed_into=walk.fields, wrong=len(walk.wrong),
    )  # fmt: skip
    assert sorted(set(walk.wrong)) == [], "\n" + "\n".join(sorted(set(walk.wrong)))
    assert walk.shown > walk.read / 4


@drill
def test_the_api_gives_a_text_back_as_the_text_it_is(cast, page_of):
    fields = texts_of_the_api()
    assert sum(map(len, fields.values())) >= 8
    browser, sent, kept = page_of(cast.rita), 0, 0
    for path, names in fields.items():
        url = path.replace("{client_id}", str(cast.anna.pk))
        for name in names:
            for payload in LARGE:
                body = {"channel": "call", "purpose": "service", "summary": "x"} | {name: payload}
                with transaction.atomic():
                    answer = browser.post(url, body, content_type="application/json")
                    transaction.set_rollback(True)
                assert answer.headers["Content-Type"] == "application/json", (name, payload)
                assert answer.headers["X-Content-Type-Options"] == "nosniff"
                assert answer.status_code in (201, 400, 409), (name, payload, answer.status_code)
                sent += 1
                if answer.status_code == 201:
                    kept += 1
                    assert answer.json()[name] in (payload, "")  # a reason is kept of what is late
    tell("T9", fields_of_the_api=sum(map(len, fields.values())), sent=sent, kept=kept)
    assert kept > len(LARGE) * 5
