"""Somebody new may be somebody the bank has: shown only to who may see both."""

import re
from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from alerts.actions import look_at_everything
from alerts.models import Alert
from clients.actions.search_rows import index_file
from clients.models import Client, ContactPoint, Identifier, Party
from onboarding.actions import compare_openings, decide_duplicate, open_client
from onboarding.models import Onboarding, PossibleDuplicate
from onboarding.rules.duplicates import NEUTRAL
from onboarding.selectors import alike, somebody
from staff.night import night_shift
from tests.cast import make_client
from ui.refusals import NotPermitted, NotVisible, Refused

BORN = date(1980, 5, 1)
TYPED = {
    "kind": "person", "name": "Nora Lind", "native_name": "", "born_on": "1980-05-01",
    "contact_kind": "phone", "contact_value": "+41 79 555 66 77", "identifier_kind": "passport",
    "identifier_country": "CH", "identifier_number": "X1234567", "domicile": "CH", "language": "en",
    "segment": "affluent",
    "stage": "family", "products": ["current"],
}  # fmt: skip


def known(name, book, **party):
    client = make_client(name, book)
    Party.objects.filter(client=client).update(**({"born_on": BORN} | party))
    index_file(client)
    return client


def send(browser, cast, **changes):
    return browser.post(reverse("onboarding:opening_new"), TYPED | {"book_id": cast.rita_book.pk} | changes)


def checked(page):
    return page.context["compared"]


def test_rita_sees_who_looks_alike_among_her_own_and_why_and_opens_the_file_all_the_same(page_of, cast):
    hers = known("Nora Lindt", cast.rita_book)
    rita = page_of(cast.rita)
    page = send(rita, cast)
    assert [each["client"] for each in page.context["alike"]] == [hers]
    text = page.content.decode()
    assert "a similar name" in text.lower()
    assert NEUTRAL in text
    assert not Onboarding.objects.exists()
    answer = send(rita, cast, checked=checked(page))
    onboarding = Onboarding.objects.get()
    assert answer.headers["Location"] == reverse("onboarding:workspace", args=[onboarding.pk])
    party = Party.objects.get(client=onboarding.client_id)
    assert (party.name, party.born_on) == ("Nora Lind", BORN)
    assert Identifier.objects.get(client=onboarding.client_id).number == "X1234567"
    assert ContactPoint.objects.get(client=onboarding.client_id).value == "+41795556677"


def test_the_check_is_made_anew_when_what_it_compared_has_changed(page_of, cast):
    rita = page_of(cast.rita)
    page = send(rita, cast)
    send(rita, cast, checked=checked(page), name="Nora Lindner")
    assert not Onboarding.objects.exists()


NEW_EACH_TIME = r'nonce="[^"]*"|csrfmiddlewaretoken" value="[^"]*"|form_key" value="[^"]*"' + (
    r'|X-CSRFToken": "[^"]*"|\b(?:no|why)-[0-9a-f]{8}'
)


def masked(page):
    """The page without what is new on every one."""
    return re.sub(NEW_EACH_TIME, "", page.content.decode())


def test_an_unseen_duplicate_leaves_no_trace_for_rita(page_of, cast):
    """The same bytes, whether Otto has Nora or not; Cora's queue has the pair."""
    rita = page_of(cast.rita)
    send(rita, cast)
    without = masked(send(rita, cast))
    other = known("Nora Lind", cast.otto_book)
    page = send(rita, cast)
    assert masked(page) == without
    send(rita, cast, checked=checked(page))
    onboarding = Onboarding.objects.get()
    workspace = reverse("onboarding:workspace", args=[onboarding.pk])
    rita.get(workspace)  # with the message that the file is open
    before = masked(rita.get(workspace))
    assert compare_openings(by=night_shift()) == 1
    assert compare_openings(by=night_shift()) == 0  # once is enough
    look_at_everything(timezone.localdate())
    pair = PossibleDuplicate.objects.get()
    assert (pair.client_id, pair.other_id) == (onboarding.client_id, other.pk)
    assert masked(rita.get(workspace)) == before
    for person, status in ((cast.rita, 403), (cast.theo, 403), (cast.otto, 403), (cast.cora, 200)):
        assert page_of(person).get(reverse("onboarding:duplicates")).status_code == status
    for pk in (pair.pk, 999_999):  # nor does the refusal tell whether there is such a pair
        assert rita.post(reverse("onboarding:duplicate_decision", args=[pk])).status_code == 403
    told = Alert.objects.filter(rule="onboarding.duplicates_open")
    assert told.count() == 1
    assert set(told.values_list("deliveries__recipient", flat=True)) == {cast.cora.pk}


@pytest.mark.parametrize("name", ["Lind Nora", "NORA LIND", "Нора Линд", "Nóra Lind", "Nora Maria Lind"])
def test_it_is_found_in_any_order_case_and_script(cast, name):
    hers = known("Nora Lind", cast.rita_book)
    found = alike(cast.rita, somebody(name=name, born_on=BORN))
    assert [each.client for each in found] == [hers]


@pytest.mark.parametrize(
    "typed",
    [{"phone": "+41795556677", "name": "Nora Lindt"}, {"email": "nora@lind.ch", "name": "N. Lindt"},
     {"country": "CH", "number": "x 1234567", "name": "Somebody Else"}],
)  # fmt: skip
def test_it_is_found_by_phone_mail_and_paper(cast, typed):
    hers = known("Nora Lind", cast.rita_book)
    party = hers.parties.get()
    ContactPoint.objects.create(client=hers, party=party, kind="phone", value="+41795556677")
    ContactPoint.objects.create(client=hers, party=party, kind="email", value="nora@lind.ch")
    Identifier.objects.create(client=hers, party=party, kind="passport", country="CH", number="X1234567")
    index_file(hers)
    born = BORN if "email" in typed else None
    assert [each.client for each in alike(cast.rita, somebody(born_on=born, **typed))] == [hers]
    assert alike(cast.otto, somebody(born_on=born, **typed)) == []


def test_another_birthday_and_another_name_are_nobody_we_have(cast):
    known("Nora Lind", cast.rita_book)
    assert alike(cast.rita, somebody(name="Nora Lind", born_on=date(1955, 1, 1))) == []
    assert alike(cast.rita, somebody(name="Peter Moser", born_on=BORN)) == []


def test_a_joint_holder_is_compared_too(cast):
    from onboarding.actions import add_holder
    from tests.onboarding.stage import begin

    onboarding = begin(cast)
    compare_openings(by=night_shift())
    other = known("Beat Lind", cast.otto_book)
    add_holder(onboarding, by=cast.rita, name="Beat Lind", born_on=BORN, nationality="CH", residence="CH")
    assert compare_openings(by=night_shift()) == 1
    assert PossibleDuplicate.objects.get().other == other


def test_cora_decides_once_and_nobody_else(cast):
    pair = PossibleDuplicate.objects.create(client=cast.anna, other=cast.omar, score=90, reasons=["name"])
    for person, error in ((cast.rita, NotPermitted), (cast.otto, NotVisible), (cast.ada, NotVisible)):
        with pytest.raises(error):
            decide_duplicate(pair, by=person, verdict="same")
    with pytest.raises(Refused, match="Say whether"):
        decide_duplicate(pair, by=cast.cora, verdict="")
    assert decide_duplicate(pair, by=cast.cora, verdict="different").decided_by == cast.cora
    with pytest.raises(Refused, match="decided this pair"):
        decide_duplicate(pair, by=cast.cora, verdict="same")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"born_on": "2999-01-01"}, "born_on"),
        ({"identifier_expires_on": "2001-01-01"}, "identifier_expires_on"),
        (
            {"kind": "organisation", "stage": "growth", "segment": "sme", "identifier_kind": "lei"},
            "identifier_number",
        ),
        ({"identifier_kind": "lei"}, "identifier_kind"),  # a person has none
        ({"kind": "organisation"}, "stage"),
        ({"identifier_country": ""}, "identifier_country"),
        ({"contact_value": "079 555"}, "contact_value"),
        ({"segment": "sme"}, "segment"),
        ({"products": []}, "products"),
        ({"name": ""}, "name"),
    ],
)
def test_what_is_wrong_is_named_at_its_field(page_of, cast, changes, field):
    page = send(page_of(cast.rita), cast, **changes)
    assert page.status_code == 422
    assert field in page.context["form"].errors
    assert not Client.objects.filter(name="Nora Lind").exists()


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"identifier_expires_on": date(2001, 1, 1)}, "expired already"),
        ({"identifier_kind": "lei"}, "LEI"),
        ({"identifier_country": ""}, "which country"),
        ({"identifier_kind": ""}, "which paper"),
    ],
)
def test_a_bad_paper_is_refused_by_the_action_itself(cast, changes, why):
    typed = TYPED | {"born_on": BORN, "book_id": cast.rita_book.pk, "identifier_expires_on": None} | changes
    with pytest.raises(Refused, match=why):
        open_client(None, by=cast.rita, **typed)
    assert not Client.objects.filter(name="Nora Lind").exists()
