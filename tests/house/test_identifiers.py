"""The field matrix of what is masked: numbers and days of birth stand in full on no page that can do without,
in no answer of the API that did not ask, and each look at one is an event that counts."""

import pytest
from django.urls import reverse

from audit.models import AuditEvent
from clients.rules.identifiers import masked
from tests.house.doors import DOORS
from tests.house.private import IBAN, PASSPORT, TAX
from tests.house.test_doors import address_of
from tests.house.test_screen import PAGES, found_in, stage  # noqa: F401 - the same private stage

BORN = {"1971-04-23", "23 Apr 1971"}
# Pages that cannot do their work without: a form that changes it, or an officer who compares it.
NEEDED = {
    "compliance:hit": "the officer compares papers and days of birth with the list",
    "compliance:facts": "the form in which the day of birth is recorded",
    "onboarding:workspace": "the same form, as a step",
    "suspicion:case": "the MLRO's team assesses who it is; apart from the audit, with a journal of its own",
}


@pytest.fixture(autouse=True)
def _a_measure(settings):
    settings.IDENTIFIERS_A_DAY, settings.IDENTIFIERS_A_DAY_OFFICERS = 3, 5


def test_no_page_prints_a_number_in_full_without_need(stage, page_of):  # noqa: F811
    browsers, found = {}, {}
    for door in PAGES:
        for name in door.get.split():
            if name not in browsers:
                browsers[name] = page_of(stage.people[name])
            page = browsers[name].get(address_of(door, stage, False)).content.decode()
            told = found_in(page, {IBAN, PASSPORT, TAX, *BORN})
            if told:
                found.setdefault(door.name, set()).update(told)
    assert found.keys() == NEEDED.keys(), found
    assert found["onboarding:workspace"] | found["compliance:facts"] <= BORN


def looks(person):
    return AuditEvent.objects.filter(by_login=person.login, verb="identifier shown")


def account_of(stage):  # noqa: F811
    return stage.client.accounts.get(number=IBAN)


def test_rita_looks_at_a_number_and_it_is_remembered(stage, page_of):  # noqa: F811
    rita, url = page_of(stage.cast.rita), f"/identifiers/account/{account_of(stage).pk}/"
    assert "•••• 2957" in rita.get(reverse("portfolios:client", args=[stage.client.pk])).content.decode()
    whole = rita.post(url)
    part = rita.post(url, headers={"HX-Request": "true"})
    assert IBAN in whole.content.decode()
    assert (
        part.content.decode().strip() == f'<span class="identifier" data-private="identifier">{IBAN}</span>'
    )
    event = looks(stage.cast.rita).order_by("-id").first()
    assert (event.client_id, event.subject_type, event.payload) == (
        stage.client.pk, "portfolios.Account", {"what": "account"},
    )  # fmt: skip
    assert IBAN not in str(vars(event))


@pytest.mark.parametrize("kind", ["born", "paper", "tax", "tax_form"])
def test_each_kind_is_shown(kind, stage, page_of):  # noqa: F811
    party = stage.party
    form = stage.self_certification["certification_id"]
    row = {"born": party, "paper": party.identifiers.get(), "tax": party.tax_residences.get()}.get(kind)
    answer = page_of(stage.cast.cora).post(f"/identifiers/{kind}/{row.pk if row else form}/")
    assert answer.status_code == 200
    told = {"born": "23 Apr 1971", "paper": PASSPORT, "tax": TAX, "tax_form": "identifier"}[kind]
    assert told in answer.content.decode()


def test_otto_learns_nothing_of_a_file_he_does_not_see(stage, page_of):  # noqa: F811
    for pk in (account_of(stage).pk, 999_999):
        assert page_of(stage.cast.otto).post(f"/identifiers/account/{pk}/").status_code == 404
    assert page_of(stage.cast.rita).post("/identifiers/shoe-size/1/").status_code == 404


def test_a_day_has_its_measure_and_an_officers_is_larger(stage, page_of):  # noqa: F811
    url = f"/identifiers/account/{account_of(stage).pk}/"
    for person, most in ((stage.cast.rita, 3), (stage.cast.cora, 5)):
        browser = page_of(person)
        answers = [browser.post(url).status_code for _ in range(most + 1)]
        assert answers == [200] * most + [409]
        assert looks(person).count() == most
    assert "as many as your role may" in page_of(stage.cast.rita).post(url).content.decode()


def test_the_api_masks_unless_asked_and_counts_what_is_asked(stage, page_of):  # noqa: F811
    browser, file = page_of(stage.cast.rita), f"/api/v1/clients/{stage.client.pk}/"
    assert browser.get(file).json()["parties"][0]["born_on"] is None
    assert browser.get(f"{file}holdings/").json()["balances"][0]["account"] == "•••• 2957"
    assert looks(stage.cast.rita).count() == 0
    assert browser.get(f"{file}?identifiers=full").json()["parties"][0]["born_on"] == "1971-04-23"
    assert browser.get(f"{file}holdings/?identifiers=full").json()["balances"][0]["account"] == IBAN
    assert looks(stage.cast.rita).count() == 2
    assert browser.get(f"{file}?identifiers=full").status_code == 200
    assert browser.get(f"{file}?identifiers=full").status_code == 409
    assert browser.get(f"{file}?identifiers=some").status_code == 400


def test_no_answer_of_the_api_tells_a_number_in_full(stage, page_of):  # noqa: F811
    browser = page_of(stage.cast.rita)
    for door in DOORS:
        if door.is_api and door.get:
            answer = browser.get(address_of(door, stage, False))
            assert found_in(answer.content.decode(), {IBAN, PASSPORT, TAX, *BORN}) == set(), door.name


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (IBAN, "•••• 2957"),
        ("1971-04-23", "•••• 1971"),
        ("756.9217.0769.85", "•••• 6985"),
        ("X77881", "•••• 81"),
        ("1234", "••••"),
        ("", "••••"),
    ],
)
def test_the_end_of_a_number(text, told):
    assert masked(text) == told
