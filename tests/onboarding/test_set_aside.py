"""A lead comes to nothing: set aside by one person, and taken up again as easily."""

import html
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from audit.models import AuditEvent
from clients.models import Client, State
from compliance.models import ScreeningHit
from compliance.selectors.keeping import keeping_of
from onboarding.actions import ask_end, set_aside, start_onboarding, take_up
from onboarding.models import SetAside
from onboarding.rules import endings as rules
from tests.cast import lend, make_client, make_person
from tests.house.stage import Stage
from ui.refusals import NotPermitted, NotVisible, Refused

UNREACHED = {"cause": "unreached", "reason": "Three calls, no answer"}


def url(name, *args):
    return reverse(f"onboarding:{name}", args=args)


def read(browser, address):
    return html.unescape(browser.get(address).content.decode())


@pytest.fixture
def lead(cast):
    return make_client("Lea Bucher", cast.rita_book, state=State.LEAD)


def test_rita_sets_a_lead_aside_and_her_assistant_takes_it_up_again(page_of, cast, lead):
    lena = page_of(Stage(cast).people["lena"])
    rita, otto = page_of(cast.rita), page_of(cast.otto)
    file, page, aside = (
        reverse("client", args=[lead.pk]), url("ending", lead.pk), url("lead_aside", lead.pk)
    )  # fmt: skip
    grant = lend(lead, cast.otto, cast.rita, ends_at=timezone.now() + timedelta(days=9))
    assert "Set the lead aside" in read(rita, file)
    assert "End the relationship" not in read(rita, file)
    assert "Why it comes to nothing" in read(rita, page)
    assert "no relationship that could end" not in read(rita, page)
    wrong = rita.post(aside, {"cause": "other", "reason": " "})
    assert wrong.status_code == 422
    assert "Say it in words" in wrong.content.decode()
    assert '<option value="other" selected>' in wrong.content.decode()
    assert rita.post(aside, {"cause": "gone"}).status_code == 422
    assert page_of(cast.cora).post(aside, UNREACHED).status_code == 403

    assert rita.post(aside, UNREACHED).status_code == 303
    closed = Client.objects.get(pk=lead.pk)
    assert (closed.state, closed.closed_on) == ("closed", timezone.localdate())
    told = read(rita, page)
    for said in ("Lead, set aside", "Cannot be reached", "Three calls", "Rita Muster", "Take it up again"):
        assert said in told
    assert "Nobody reopens" not in told
    assert "Closed on" in read(rita, file)
    assert otto.get(file).status_code == 404, "what was lent has ended with it"
    assert type(grant).objects.get(pk=grant.pk).ended_by == cast.rita
    assert keeping_of(closed, timezone.localdate()).until is not None, "its years have begun"
    assert rita.post(aside, UNREACHED).status_code == 409
    assert "Take it up again" not in read(page_of(cast.cora), page), "she serves nobody"

    back = url("lead_taking_up", SetAside.objects.get().pk)
    assert otto.post(back).status_code == 404
    assert lena.post(back).status_code == 303
    again = Client.objects.get(pk=lead.pk)
    assert (again.state, again.closed_on) == ("lead", None)
    assert "taken up again by Lena" in read(rita, page)
    assert lena.post(back).status_code == 409
    assert rita.post(aside, {"cause": "no_interest"}).status_code == 303, "and comes to nothing once more"
    assert SetAside.objects.filter(client=lead).count() == 2
    verbs = AuditEvent.objects.filter(client_id=lead.pk, verb__startswith="lead ").order_by("id")
    assert [*verbs.values_list("verb", "by_login", "payload")] == [
        ("lead set aside", "rita", {"cause": "unreached"}), ("lead taken up again", "lena", {}),
        ("lead set aside", "rita", {"cause": "no_interest"}),
    ]  # fmt: skip


def test_only_a_lead_is_set_aside_and_only_what_was_set_aside_is_taken_up(cast, lead):
    with pytest.raises(Refused, match="ask for the end of the relationship"):
        set_aside(cast.anna.pk, by=cast.rita, **UNREACHED)
    with pytest.raises(Refused, match="Set it aside instead"):
        ask_end(lead.pk, by=cast.rita, cause="wish", reason="No")
    with pytest.raises(NotVisible):
        set_aside(lead.pk, by=cast.otto, **UNREACHED)
    with pytest.raises(NotPermitted):
        set_aside(lead.pk, by=make_person("olga", "auditor"), **UNREACHED)
    aside = set_aside(lead.pk, by=cast.rita, **UNREACHED)
    take_up(aside.pk, by=cast.theo)
    start_onboarding(lead.pk, by=cast.rita, products=["current"])
    for deed in (
        lambda: set_aside(lead.pk, by=cast.rita, **UNREACHED),
        lambda: take_up(aside.pk, by=cast.rita),
    ):
        with pytest.raises(Refused, match=r"Its opening has begun|already"):
            deed()


def test_a_client_whose_relationship_ended_is_no_lead_again(cast, lead):
    """The mark of an earlier setting aside opens no file that others have closed since."""
    aside = set_aside(lead.pk, by=cast.rita, **UNREACHED)
    SetAside.objects.filter(pk=aside.pk).update(at=timezone.now() - timedelta(days=3))
    with pytest.raises(Refused, match="closed anew since"):
        take_up(aside.pk, by=cast.rita)
    SetAside.objects.filter(pk=aside.pk).update(at=timezone.now())
    take_up(aside.pk, by=cast.rita)
    Client.objects.filter(pk=lead.pk).update(state=State.CLOSED)
    with pytest.raises(Refused, match="already"):
        take_up(aside.pk, by=cast.rita)


def test_the_page_of_a_lead_costs_the_same_however_often_it_was_set_aside(
    cast, page_of, lead, django_assert_num_queries
):
    rita, page = page_of(cast.rita), url("ending", lead.pk)
    rita.get(page)
    for _ in range(2):
        with django_assert_num_queries(24):
            rita.get(page)
        aside = set_aside(lead.pk, by=cast.rita, **UNREACHED)
        with django_assert_num_queries(11):
            rita.get(page)
        take_up(aside.pk, by=cast.rita)


def test_a_confirmed_match_is_not_set_aside(cast, page_of):
    hit = Stage(cast).hit
    Client.objects.filter(pk=hit.client_id).update(state=State.LEAD)
    ScreeningHit.objects.update(frozen=True)
    refused = page_of(cast.rita).post(url("lead_aside", hit.client_id), UNREACHED)
    assert refused.status_code == 409
    assert "A compliance check of this client is open." in refused.content.decode()


def test_the_database_keeps_the_rules_too(cast, lead):
    set_aside(lead.pk, by=cast.rita, **UNREACHED)
    for wrong in ({"cause": "unreached"}, {"cause": "other"}, {"cause": "gone", "reason": "x"}):
        other = wrong["cause"] != "unreached"
        with pytest.raises(IntegrityError), transaction.atomic():
            SetAside.objects.create(client=cast.anna if other else lead, by=cast.rita, **wrong)
    with pytest.raises(IntegrityError), transaction.atomic():
        SetAside.objects.update(taken_up_at=timezone.now())
    assert {each.value for each in SetAside.Cause} == set(rules.LEAD_CAUSES)
