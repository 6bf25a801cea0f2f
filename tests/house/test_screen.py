"""Screen privacy, page by page: with the screen hidden no page of the table carries a client's name, a text
of a file, an identifier or a balance in its bytes. What is private is read from the database itself, column
by column, so that a field that is added tomorrow is looked for too."""

import re
from html import unescape

import pytest
from django.apps import apps
from django.db import models

from audit.models import AuditEvent
from clients.actions import index_file
from rmcrm.apps import ALSO, kind_of
from tests.house.doors import DOORS
from tests.house.private import BALANCE, VALUE, make_private
from tests.house.test_doors import address_of
from tests.house.test_every_page import PAGES
from ui import screen
from ui.formats import figure_text
from vault.fields import EncryptedTextField

# Words of the stage that pages also say of themselves: the name of a choice, a heading.
COINCIDENCES = {"common_name", "Statements"}


@pytest.fixture
def stage(cast):
    return make_private(cast)


def private_words() -> set[str]:
    """Everything private that the database holds now: whole, and each word of a name."""
    names, texts = set(), set()
    for model in apps.get_models():
        if not (hasattr(model, "client_path") or model._meta.label in ALSO):
            continue
        for column in model._meta.local_fields:
            kind = kind_of(model, column)
            if kind and isinstance(column, models.CharField | models.TextField):
                values = set(model._base_manager.values_list(column.name, flat=True))
                if isinstance(column, EncryptedTextField):  # read from its row; a record as of a JSONField
                    read = [getattr(row, column.name) for row in model._base_manager.all()]
                    values = {value for value in read if isinstance(value, str)}
                (texts if kind == "text" else names).update(value for value in values if value)
    return {word for word in screen.words_of(names) | texts if len(word) > 2}


def figures() -> set[str]:
    return {
        figure_text(value, places=places, compact=compact)
        for value in (VALUE, BALANCE)
        for places in (0, 2)
        for compact in (False, True)
    }


def pattern_of(words: set[str]) -> re.Pattern:
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, sorted(words, key=len, reverse=True)))})(?!\w)")


def found_in(body: str, words: set[str] | re.Pattern) -> set[str]:
    pattern = words if isinstance(words, re.Pattern) else pattern_of(words)
    return set(pattern.findall(unescape(body)))


def browser_of(page_of, person, **kept):
    browser = page_of(person)
    if kept:
        session = browser.session
        session["screen"] = kept
        session.save()
    return browser


def test_no_page_tells_a_name_or_a_figure_while_the_screen_is_hidden(stage, page_of):
    addresses = {door.name: address_of(door, stage, False) for door in PAGES}
    words, told, leaks = private_words() - COINCIDENCES, 0, []
    assert {"Keller", "X7788123", "756.9217.0769.85", "Balthasar"} <= words
    private = pattern_of(words | figures())
    shown, hidden = {}, {}
    for door in PAGES:
        name = door.get.split()[0]
        if name not in shown:
            shown[name] = browser_of(page_of, stage.people[name])
            hidden[name] = browser_of(page_of, stage.people[name], mode="hidden")
        told += bool(found_in(shown[name].get(addresses[door.name]).content.decode(), private))
        answer = hidden[name].get(addresses[door.name])
        assert answer.status_code == 200, door.name
        leaks += [f"{door.name}: {word}" for word in found_in(answer.content.decode(), private)]
    assert leaks == [], "\n" + "\n".join(leaks)
    assert told > 30, f"the test looks for what only {told} pages print"


def test_no_address_that_the_browser_is_to_show_tells_what_was_looked_for(stage, page_of):
    index_file(stage.cast.anna)
    asked = {"headers": {"HX-Request": "true", "HX-Target": "section#clients"}}
    for mode in ("shown", "hidden"):  # it stands there sealed (staff/typed.py)
        browser = browser_of(page_of, stage.cast.rita, mode=mode)
        address = browser.get("/clients/?name=Keller", **asked).headers["HX-Push-Url"]
        assert address.startswith("/clients/?name=~"), mode
        assert "Keller" not in address, mode


@pytest.mark.parametrize(
    "name",
    [
        "clients:document",
        "compliance:report_risk_sheet",
        "compliance:report_risk_paper",
        "compliance:dry_run_sheet",
        "compliance:trial_sheet",
        "suspicion:paper",
    ],
)
def test_no_file_is_handed_out_while_the_screen_is_hidden(name, stage, page_of):
    door = next(door for door in DOORS if door.name == name)
    browser = browser_of(page_of, stage.people[door.get.split()[0]], mode="hidden")
    assert browser.get(address_of(door, stage, False)).status_code == 409


def test_the_api_shows_nothing_on_a_hidden_screen_and_all_to_a_machine(stage, page_of):
    url = f"/api/v1/clients/{stage.client.pk}/"
    answer = browser_of(page_of, stage.cast.rita, mode="hidden").get(url)
    assert (answer.status_code, b"Keller" in answer.content) == (409, False)
    assert browser_of(page_of, stage.cast.rita).get(url).status_code == 200


# --- a form of a hidden screen writes no dots ------------------------------------------------------------


def test_what_stands_in_a_field_is_dots_that_cannot_be_sent(stage, page_of):
    browser = browser_of(page_of, stage.cast.rita, mode="hidden")
    url = f"/clients/{stage.client.pk}/preferences/"
    page = browser.get(url).content.decode()
    assert f"readonly>{screen.DOTS}</textarea>" in page
    answer = browser.post(url, {"preferences": screen.DOTS, "preferred_channel": "call", "language": "en"})
    assert (answer.status_code, "hidden value" in answer.content.decode()) == (409, True)
    stage.client.refresh_from_db()
    assert "Ludmilla" in stage.client.preferences


# --- the switch ------------------------------------------------------------------------------------------


def said(verb):
    return AuditEvent.objects.filter(verb=verb).order_by("-id").first()


def test_hiding_and_showing_are_a_form_and_remembered(stage, page_of):
    browser, url = page_of(stage.cast.rita), f"/clients/{stage.client.pk}/"
    assert "Keller" in browser.get(url).content.decode()
    answer = browser.post("/screen/", {"to": "hidden", "next": url})
    assert (answer.status_code, answer.headers["Location"]) == (303, url)
    assert "Keller" not in browser.get(url).content.decode()
    browser.post("/screen/", {"to": "shown", "next": "/search/?q=keller", "why": "idle"})
    assert "Keller" in browser.get(url).content.decode()
    event = said("names shown")
    assert (event.by_login, event.payload) == ("rita", {"page": "/search/", "why": "idle"})


@pytest.mark.parametrize(
    "where", ["https://evil.example/", "//evil.example", "/nowhere/", "javascript:alert(1)"]
)
def test_the_switch_leads_only_to_a_page_of_ours(where, stage, page_of):
    answer = page_of(stage.cast.rita).post("/screen/", {"to": "hidden", "next": where})
    assert answer.headers["Location"] == "/"


@pytest.mark.parametrize("room", ["/suspicion/", "/suspicion/report/", "/suspicion/cases/3/?a=1"])
def test_in_the_room_of_suspicions_the_switch_tells_what_it_tells_on_the_first_page(room, stage, page_of):
    """tests/suspicion/test_identity.py compares the whole bank."""
    browser = page_of(stage.mira)
    assert browser.post("/screen/", {"to": "hidden", "next": room}).headers["Location"] == room
    assert said("names hidden").payload == {"page": "/", "why": "switch"}
    asked = {"to": "presenting", "client": stage.client.pk, "next": room}
    assert browser.post("/screen/", asked).status_code == 404
    assert browser.session["screen"]["mode"] == "hidden"
    assert said("presentation begun") is None
    assert said("file opened") is None


def test_a_switch_that_is_no_switch_changes_nothing(stage, page_of):
    browser = page_of(stage.cast.rita)
    assert browser.post("/screen/", {"to": "upside down"}).status_code == 404
    assert "screen" not in browser.session


# --- presenting ------------------------------------------------------------------------------------------


def test_a_presentation_shows_this_client_and_nobody_else(stage, page_of):
    browser, own = page_of(stage.cast.theo), f"/clients/{stage.client.pk}/"
    stage.beat  # noqa: B018 - a joint holder on the same file
    from tests.cast import make_client

    bruno = make_client("Bruno Zurbriggen", stage.book, household=stage.client.household, value=VALUE)
    answer = browser.post("/screen/", {"to": "presenting", "client": stage.client.pk, "next": own})
    assert answer.status_code == 303
    assert said("presentation begun").client_id == stage.client.pk
    page = browser.get(own).content.decode()
    assert "Anna Keller" in page
    assert "Presenting" in page
    assert figure_text(BALANCE, places=0) in page
    assert found_in(page, {"Bruno"}) == set()
    lists = browser.get("/clients/").content.decode()
    assert found_in(lists, {"Bruno", "Keller", "Anna", *figures()}) == set()
    other = browser.get(f"/clients/{bruno.pk}/").content.decode()
    assert found_in(other, {"Bruno", "Zurbriggen", *figures()}) == set()
    browser.post("/screen/", {"to": "shown", "next": own})
    assert "Bruno" in browser.get("/clients/").content.decode()


def test_nobody_presents_a_client_one_does_not_see(stage, page_of):
    browser = page_of(stage.cast.otto)
    answer = browser.post("/screen/", {"to": "presenting", "client": stage.client.pk, "next": "/"})
    assert answer.status_code == 404
    assert "screen" not in browser.session


# --- the rules of the sieve ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("CHF 1,234.50", "•••"),
        ("worth 12.3 m", "worth •••"),
        ("−3.2%", "•••"),
        ("it was 999", "it was •••"),
        ("1'234'567 and 5", "••• and 5"),
        ("C-0000012", "C•••"),
        ("due 3 Dec 2026", "due 3 Dec 2026"),
        ("7 clients", "7 clients"),
        ("Anna KELLER called, KELLER!", "••• called, •••!"),
        ("Mr Keller's wish", "Mr •••'s wish"),
        ("Kellerei", "Kellerei"),
    ],
)
def test_a_text_without_names_and_figures(text, hidden):
    assert screen.Words({"Anna Keller"}, set(), figures=True).hide(text) == hidden


def test_the_beginning_of_a_long_text_gives_it_away():
    words = screen.Words(set(), {"He said that he would leave the bank\nfor good"}, figures=True)
    assert words.hide("He said that he would le…") == "•••"
    assert words.hide("for good") == "•••"
    assert words.hide("He said") == "He said"


@pytest.mark.parametrize(
    ("page", "hidden"),
    [
        ('<p title="Anna &amp; Co">A &lt; B</p>', '<p title="•••">A &lt; B</p>'),
        ('<b data-private="x">x<b>y</b></b>z', '<b data-private="x">•••</b>z'),
        ('<a href="tel:+41">+41</a>', "<a>+41</a>"),
        ('<a href="/search/?q=anna">7</a>', '<a href="/search/?q=">7</a>'),
        ('<form><input name="q" value="anna"></form>', '<form><input name="q" value=""></form>'),
        ('<option value="1234">Anna &amp; Co</option>', '<option value="1234">•••</option>'),
        ('<meter min="0" max="9" value="5">5</meter>', '<meter min="0" max="9" value="0"></meter>'),
        ('<time datetime="2026-01-01">1234</time>', '<time datetime="2026-01-01">1234</time>'),
        ('<script>let a = "Anna" && 12345;</script>', '<script>let a = "Anna" && 12345;</script>'),
        ("<textarea>\nAnna</textarea><textarea></textarea>",
         "<textarea readonly>•••</textarea><textarea></textarea>"),
        ('<form method="post"><input type="number" min="1" value="5"></form>',
         '<form method="post"><input type="text" value="•••" readonly></form>'),
        ('<form method="post"><input type="hidden" value="5"></form>',
         '<form method="post"><input type="hidden" value="5"></form>'),
        ("<!-- Anna -->", ""),
        ('<a href="/clients/?q=J%C3%BCrg+%C3%96zt%C3%BCrk&amp;after=12345">x</a>',
         '<a href="/clients/?q=&amp;after=12345">x</a>'),
        ('<a href="/clients/?q=anna+and+more&amp;page">x</a>',
         '<a href="/clients/?q=+and+more&amp;page">x</a>'),
        ('<a href="/clients/?q=%25+Wein&amp;b=a%2Bb">x</a>',
         '<a href="/clients/?q=%25+Wein&amp;b=a%2Bb">x</a>'),
    ],
)  # fmt: skip
def test_a_page_without_names_and_figures(page, hidden):
    on = screen.Screen(mode="hidden")
    on.read["name"].update({"Anna & Co", "Anna", "Jürg Öztürk"})
    assert screen.sieved(page, on) == hidden
