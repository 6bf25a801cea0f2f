"""What is typed to find a client travels in a form's body, and stands in the address sealed (V14.2.1)."""

import re
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from django.conf import settings
from django.urls import reverse
from rest_framework.authtoken.models import Token

from clients.actions import index_file
from staff import typed
from staff.models import SavedView
from tests.cast import make_client

FORM = re.compile(r"<form\b[^>]*>.*?</form>", re.S)
TEXT = re.compile(
    r'<input(?![^>]*type="(?:hidden|date|datetime-local|checkbox|radio|number)")[^>]*name="(\w+)"'
)
# Typed, and yet no name of a client: a country's two letters, a colleague's login.
NO_CLIENT = {"domicile", "person"}


@pytest.fixture
def keller(cast):
    client = make_client("Zoe Keller", cast.rita_book)
    index_file(client)
    return client


@pytest.mark.parametrize(
    ("url", "typed", "found"),
    [
        ("/clients/", {"name": "keller", "segment": "", "sort": "-value"}, "Zoe Keller"),
        ("/search/", {"q": "keller"}, "Zoe Keller"),
    ],
)
def test_a_name_leads_to_an_address_without_it_and_finds_the_client(page_of, cast, keller, url, typed, found):
    rita = page_of(cast.rita)
    answer = rita.post(url, typed)
    where = answer.headers["Location"]
    assert answer.status_code == 303
    assert "keller" not in where.lower()
    page = rita.get(where).content.decode()
    assert found in page
    assert 'value="keller"' in page  # what was typed stands in its field
    links = re.findall(r'(?:href|action|hx-get|hx-post|hx-push-url)="([^"]*)"', page)
    assert not [link for link in links if "keller" in link.lower()]
    if url == "/clients/":
        assert "sort=-value" in where
        assert "segment" not in where


@pytest.mark.parametrize(
    ("url", "typed"),
    [
        ("/clients/", {"name": "k" * 120_000}),
        ("/search/", {"q": "k" * 120_000}),
        ("/clients/", {"name": "keller", "state": "s" * 20_000}),
        ("/clients/", {"name": "keller"} | {f"field {at}": "x" for at in range(500)}),
    ],
)
def test_what_no_address_holds_is_refused_with_a_sentence(page_of, cast, url, typed):
    answer = page_of(cast.rita).post(url, typed)
    assert answer.status_code == 409
    assert "in fewer words" in answer.content.decode()


def test_the_longest_that_is_taken_fits_into_an_address(page_of, cast):
    """Signs that take twelve bytes each once they are written as text."""
    answer = page_of(cast.rita).post("/search/", {"q": "\U0001f600" * (typed.MOST - 1)})
    assert answer.status_code == 303


def test_sorting_the_next_page_a_chip_and_a_saved_view_keep_it_sealed(page_of, cast, keller):
    rita = page_of(cast.rita)
    where = rita.post("/clients/", {"name": "keller", "state": "active"}).headers["Location"]
    answer = rita.get(where, headers={"HX-Request": "true", "HX-Target": "section#clients"})
    assert (
        parse_qs(urlsplit(answer.headers["HX-Push-Url"]).query)["name"]
        == parse_qs(urlsplit(where).query)["name"]
    )
    form = answer.context["form"]
    assert [chip["value"] for chip in form.chips()] == ["keller", "Active"]
    rita.post(reverse("clients:view_new"), {"name": "Mine", "page": "clients:list", "query": form.as_query()})
    view = SavedView.objects.get()
    assert "keller" not in view.query
    assert "Zoe Keller" in rita.get(f"/clients/?{view.query}").content.decode()


def test_an_address_that_somebody_typed_by_hand_is_made_no_link(page_of, cast, keller):
    page = page_of(cast.rita).get("/clients/", {"name": "keller"}).content.decode()
    assert "Zoe Keller" in page
    assert not [link for link in re.findall(r'href="([^"]*)"', page) if "keller" in link.lower()]


def test_what_one_typed_another_does_not_read(page_of, cast, keller):
    where = page_of(cast.rita).post("/clients/", {"name": "keller"}).headers["Location"]
    assert 'value="keller"' not in page_of(cast.theo).get(where).content.decode()
    assert page_of(cast.rita).get("/clients/?name=~gAAAAforged").status_code == 200


def test_the_palette_is_answered_at_once(page_of, cast, keller):
    headers = {"HX-Request": "true", "HX-Target": "div#search-results"}
    answer = page_of(cast.rita).post("/search/", {"q": "keller"}, headers=headers)
    assert (answer.status_code, "Zoe Keller" in answer.content.decode()) == (200, True)
    assert "HX-Push-Url" not in answer.headers


@pytest.mark.parametrize(
    ("url", "name"), [("interactions", "words"), ("interactions", "number"), ("access", "number")]
)
def test_compliance_looks_for_words_and_numbers_likewise(page_of, cast, url, name):
    cora = page_of(cast.cora)
    where = cora.post(reverse(f"compliance:{url}"), {name: "C-0000777", "person": "rita"}).headers["Location"]
    assert "777" not in where
    assert "person=rita" in where
    page = cora.get(where).content.decode()
    assert 'value="C-0000777"' in page
    assert not [link for link in re.findall(r'href="([^"]*)"', page) if "777" in link]


def test_the_api_takes_a_name_in_a_header_and_none_in_the_address(client, cast, keller):
    key = {"Authorization": f"Token {Token.objects.create(user=cast.rita).key}"}
    by_header = client.get("/api/v1/clients/", headers=key | {"Client-Name": quote("Kéller")})
    assert [each["name"] for each in by_header.json()["results"]] == ["Zoe Keller"]
    refused = client.get("/api/v1/clients/?name=keller", headers=key)
    assert (refused.status_code, "Client-Name" in refused.content.decode()) == (400, True)


def test_no_form_that_takes_words_sends_them_in_the_address(page_of, cast):
    """Every template's forms that are sent by GET: no free text in them but what names no client."""
    wrong = []
    for path in sorted((settings.BASE_DIR / "templates").rglob("*.html")):
        for form in FORM.findall(path.read_text(encoding="utf-8")):
            if re.search(r'method="get"', form.partition(">")[0]):
                wrong += [f"{path.name}: {name}" for name in TEXT.findall(form) if name not in NO_CLIENT]
    assert wrong == []
    for url in ("clients:list", "search", "inbox", "compliance:interactions", "compliance:access"):
        person = cast.cora if url.startswith("compliance") else cast.rita
        for form in FORM.findall(page_of(person).get(reverse(url)).content.decode()):
            if 'method="get"' in form.partition(">")[0]:
                assert set(TEXT.findall(form)) <= NO_CLIENT, url
