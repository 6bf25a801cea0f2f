"""Two officers decide a hit; nobody else learns that there is one."""

import re

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from compliance.actions import confirm_hit, propose_hit, return_hit, screen_client
from compliance.forms import HIT_REASONS
from compliance.models import ScreeningHit
from compliance.rules import hits as hit_rules
from compliance.rules.hits import refusals_to_confirm, refusals_to_propose
from staff.night import night_shift
from staff.roles import Role
from tests.cast import make_person
from tests.compliance.stage import KONY, bring, make_lookalike, second_officer
from ui.refusals import NotPermitted, NotVisible, Refused


@pytest.fixture
def hit(cast):
    bring(KONY)
    screen_client(make_lookalike(cast), by=night_shift())
    return ScreeningHit.objects.get()


@pytest.fixture
def cleo(cast):
    return second_officer()


def decide(hit, by, **changes):
    return propose_hit(hit, by=by, **({"verdict": "no_match", "reason": "other_person"} | changes))


@pytest.mark.parametrize(
    ("verdict", "reason", "state"),
    [("no_match", "other_person", "cleared"), ("match", "same_papers", "confirmed")],
)
def test_one_proposes_another_confirms(hit, cora, cleo, verdict, reason, state):
    decide(hit, cora, verdict=verdict, reason=reason)
    confirm_hit(hit, by=cleo)
    hit.refresh_from_db()
    assert (hit.state, hit.proposed_by, hit.decided_by) == (state, cora, cleo)


def test_the_second_may_return_it(hit, cora, cleo):
    decide(hit, cora)
    return_hit(hit, by=cleo)
    hit.refresh_from_db()
    assert (hit.state, hit.verdict, hit.proposed_by) == ("open", "", None)


@pytest.mark.parametrize("role", ["compliance", "mlro"])
def test_the_same_person_is_not_the_second_whatever_the_role_today(hit, cora, role):
    decide(hit, cora)
    cora.role = role
    cora.save(update_fields=["role"])
    for verb in (confirm_hit, return_hit):
        with pytest.raises(Refused, match="another officer"):
            verb(hit, by=cora)
    hit.refresh_from_db()
    assert hit.state == "proposed"


def test_the_database_says_so_too(hit, cora):
    with pytest.raises(IntegrityError, match="a_hit_is_decided_by_a_second_person"), transaction.atomic():
        ScreeningHit.objects.update(proposed_by=cora, decided_by=cora)


@pytest.mark.parametrize(
    ("state", "verdict", "reason", "refused"),
    [
        ("open", "no_match", "common_name", False),
        ("open", "match", "same_birth", False),
        ("open", "match", "common_name", True),  # a reason of the other verdict
        ("open", "maybe", "common_name", True),
        ("open", "no_match", "", True),
        ("proposed", "no_match", "common_name", True),
        ("cleared", "no_match", "common_name", True),
        ("confirmed", "match", "same_birth", True),
    ],
)
def test_what_may_be_proposed(state, verdict, reason, refused):
    assert bool(refusals_to_propose(state, verdict, reason)) is refused


@pytest.mark.parametrize(
    ("state", "own", "refused"),
    [
        ("proposed", False, False),
        ("proposed", True, True),
        ("open", False, True),
        ("cleared", False, True),
        ("confirmed", False, True),
    ],
)
def test_what_may_be_confirmed(state, own, refused):
    assert bool(refusals_to_confirm(state, own=own)) is refused


def test_nobody_else_can(hit, rita, theo, otto):
    for person, error in ((rita, NotPermitted), (theo, NotPermitted), (otto, NotVisible)):
        with pytest.raises(error):
            decide(hit, person)


@pytest.mark.parametrize("person", ["rita", "theo", "otto", "ada"])
def test_for_who_serves_clients_no_hit_exists(page_of, cast, hit, person):
    """The same answer for a hit of the own client, of a foreign one and for none."""
    browser = page_of(getattr(cast, person))
    for name, method in (("hit", "get"), ("hit_decision", "post"), ("hit_confirmation", "post")):
        answers = [
            getattr(browser, method)(reverse(f"compliance:{name}", args=[pk])).status_code
            for pk in (hit.pk, 999_999)
        ]
        assert answers == [404, 404]
    assert browser.get(reverse("compliance:hits")).status_code == 403


def test_the_rm_reads_only_that_a_check_is_open(page_of, rita, cora, hit):
    url = reverse("compliance:client", args=[hit.client_id])
    page = page_of(rita).get(url).content.decode()
    assert "A compliance check of this client is open" in page
    for secret in ("KONY", "creening hit", "sanction", reverse("compliance:hit", args=[hit.pk])):
        assert secret not in page
    assert "KONY" in page_of(cora).get(url).content.decode()


def test_in_the_browser(page_of, cora, cleo, hit):
    page = page_of(cora).get(reverse("compliance:hit", args=[hit.pk]))
    assert "All 2 words of the name agree" in page.content.decode()
    url = reverse("compliance:hit_decision", args=[hit.pk])
    assert page_of(cora).post(url, {"reason": ""}).status_code == 422
    assert page_of(cora).post(url, {"reason": "other_person"}).status_code == 303
    second = reverse("compliance:hit_confirmation", args=[hit.pk])
    assert page_of(cora).post(second, {"agreed": "yes"}).status_code == 409
    assert page_of(cleo).post(second, {"agreed": "yes"}).status_code == 409, "of no page that was read"
    assert page_of(cleo).post(second, the_button(page_of(cleo), hit)).status_code == 303
    hit.refresh_from_db()
    assert hit.state == "cleared"


def the_button(browser, hit):
    """What Confirm sends from the page as it is now."""
    page = browser.get(reverse("compliance:hit", args=[hit.pk])).content.decode()
    url = reverse("compliance:hit_confirmation", args=[hit.pk])
    form = page.split(f'action="{url}"')[1].split("</form>")[0]
    return dict(re.findall(r'name="([^"]+)" value="([^"]*)"', form))


def test_a_verdict_is_not_confirmed_from_a_page_that_showed_another(page_of, cora, cleo, hit):
    """Cleo reads “match”; meanwhile it is returned, and Cora decides that it is no match."""
    decide(hit, cora, verdict="match", reason="same_birth")
    read = the_button(page_of(cleo), hit)
    return_hit(hit, by=make_person("carl", Role.COMPLIANCE))
    decide(hit, cora)
    answer = page_of(cleo).post(reverse("compliance:hit_confirmation", args=[hit.pk]), read)
    assert (answer.status_code, "decided anew" in answer.content.decode()) == (409, True)
    hit.refresh_from_db()
    assert hit.state == "proposed"


def test_the_list_is_ordered_by_score(page_of, cast, cora, django_assert_num_queries):
    bring(KONY)
    for name, country in (("Joseph Kony", "DE"), ("Joseph Kony", "UG"), ("Josef Kony", "CH")):
        screen_client(make_lookalike(cast, name, None, country), by=night_shift())
    browser, url = page_of(cora), reverse("compliance:hits")
    browser.get(url)  # the first request of a session also saves it
    with django_assert_num_queries(12):
        page = browser.get(url)
    scores = [hit.score for hit in page.context["page"]]
    assert len(scores) == 3
    assert scores == sorted(scores, reverse=True)


def test_every_reason_has_its_words_once():
    codes = [code for reasons in hit_rules.REASONS.values() for code in reasons]
    assert sorted(HIT_REASONS) == sorted(codes)
    assert len(set(map(str, HIT_REASONS.values()))) == len(codes)
