"""Facts are recorded, a client is rated and reviewed, consents are given and withdrawn."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from clients.models import Client, Party
from compliance.actions import give_consent, record_facts, review_kyc, screen_client, withdraw_consent
from compliance.forms import FactsForm
from compliance.models import Consent, KycFile, ScreeningHit
from rulebook.days import add_months
from staff.night import night_shift
from staff.roles import Role
from tests.cast import make_client
from tests.compliance.stage import KONY, bring, make_lookalike
from ui.refusals import NotPermitted, NotVisible, Refused

FACTS = {
    "source_of_funds": "salary",
    "purpose": "savings",
    "pep": False,
    "born_on": date(1980, 5, 1),
    "nationality": "CH",
    "residence": "CH",
}


def record(client, by, **changes):
    return record_facts(client, by=by, **(FACTS | changes))


def test_what_the_client_said_is_kept_and_rated(rita, anna):
    kyc = record(anna, rita, pep=True, nationality="VN")
    anna.refresh_from_db()
    assert (kyc.rating, anna.risk) == ("high", "high")
    assert kyc.rating_reasons == ["pep", "country:VN"]
    assert (kyc.facts_by, kyc.pack_version) == (rita, 3)
    assert Party.objects.get(client=anna, is_client=True).nationality == "VN"


def test_an_officer_reviews_and_the_next_review_follows_from_the_rating(rita, cora, anna):
    record(anna, rita, pep=True)
    kyc = review_kyc(anna, by=cora)
    anna.refresh_from_db()
    today = timezone.localdate()
    assert (kyc.state, kyc.reviewed_on, kyc.reviewed_by) == ("current", today, cora)
    assert kyc.next_review_on == anna.kyc_due_on == add_months(today, 12)


def test_who_recorded_the_facts_does_not_review_them_whatever_the_role_today(rita, anna):
    record(anna, rita)
    rita.role = Role.COMPLIANCE
    rita.save(update_fields=["role"])
    with pytest.raises(Refused, match="another officer"):
        review_kyc(anna, by=rita)


def test_a_review_without_facts_or_with_an_open_hit_is_refused(cast):
    with pytest.raises(Refused, match="not recorded"):
        review_kyc(cast.anna, by=cast.cora)
    bring(KONY)
    client = make_lookalike(cast)
    record(client, cast.rita, born_on=date(1964, 9, 18), nationality="UG")
    screen_client(client, by=night_shift())
    with pytest.raises(Refused, match="not decided"):
        review_kyc(client, by=cast.cora)
    ScreeningHit.objects.update(state="confirmed")
    assert review_kyc(client, by=cast.cora).rating_reasons[0] == "sanctions_match"


def test_nobody_else_can(cast):
    for person in (cast.rita, cast.theo):
        with pytest.raises(NotPermitted):
            review_kyc(cast.anna, by=person)
    with pytest.raises(NotVisible):
        review_kyc(cast.anna, by=cast.otto)
    with pytest.raises(NotPermitted):
        record(cast.anna, cast.cora)
    with pytest.raises(NotVisible):
        record(cast.anna, cast.otto)


def test_a_closed_file_takes_no_facts(cast):
    with pytest.raises(Refused):
        record(make_client("Ines Frei", cast.rita_book, state="closed"), cast.rita)


def test_a_consent_is_given_once_and_withdrawn_as_easily(rita, otto, anna):
    consent = give_consent(anna, by=rita, purpose="recording")
    with pytest.raises(Refused, match="given already"):
        give_consent(anna, by=rita, purpose="recording")
    with pytest.raises(NotVisible):
        withdraw_consent(consent, by=otto)
    withdraw_consent(consent, by=rita)
    with pytest.raises(Refused, match="already"):
        withdraw_consent(consent, by=rita)
    give_consent(anna, by=rita, purpose="recording")
    assert Consent.objects.filter(client=anna).count() == 2


# --- pages -----------------------------------------------------------------------------------------------


def test_the_form_keeps_what_was_typed_and_names_the_field(page_of, rita, anna):
    url = reverse("compliance:facts", args=[anna.pk])
    form = {**FACTS, "pep": "no", "purpose": "", "source_of_funds": "inheritance"}
    answer = page_of(rita).post(url, form)
    assert answer.status_code == 422
    assert "purpose" in answer.context["form"].errors
    assert '<option value="inheritance" selected>' in answer.content.decode()
    assert page_of(rita).post(url, {**form, "purpose": "wealth"}).status_code == 303
    assert KycFile.objects.get(client=anna).purpose == "wealth"


def test_otto_gets_the_same_404_for_a_foreign_and_a_missing_client(page_of, otto, anna):
    for name in ("client", "facts"):
        for pk in (anna.pk, 999_999):
            assert page_of(otto).get(reverse(f"compliance:{name}", args=[pk])).status_code == 404
    for name in ("review", "consent_new"):
        for pk in (anna.pk, 999_999):
            data = {"purpose": "recording"}
            assert page_of(otto).post(reverse(f"compliance:{name}", args=[pk]), data).status_code == 404


def test_the_page_of_a_client_costs_the_same_whatever_is_on_it(
    page_of, rita, anna, django_assert_num_queries
):
    record(anna, rita)
    for purpose in ("recording", "marketing", "profiling"):
        give_consent(anna, by=rita, purpose=purpose)
    browser, url = page_of(rita), reverse("compliance:client", args=[anna.pk])
    browser.get(url)  # the first request of a session also saves it
    with django_assert_num_queries(27):
        answer = browser.get(url)
    assert answer.status_code == 200


def test_the_list_shows_the_longest_overdue_first_and_only_my_clients(
    page_of, cast, django_assert_num_queries
):
    today = timezone.localdate()
    late = make_client("Late Lotte", cast.rita_book, kyc_due_on=today - timedelta(days=100))
    make_client("Foreign Fritz", cast.otto_book, kyc_due_on=today - timedelta(days=500))
    make_client("Lead Lara", cast.rita_book, kyc_due_on=today - timedelta(days=500), state="lead")
    browser, url = page_of(cast.rita), reverse("compliance:kyc")
    browser.get(url)  # the first request of a session also saves it
    with django_assert_num_queries(11):
        page = browser.get(url)
    assert [client.name for client in page.context["page"]] == ["Late Lotte", "Anna Keller"]
    overdue = page_of(cast.cora).get(reverse("compliance:kyc") + "?clock=late_long")
    assert {client.name for client in overdue.context["page"]} == {"Late Lotte", "Foreign Fritz"}
    assert Client.objects.get(pk=late.pk).kyc_due_on < today


def test_nobody_is_born_tomorrow(rita, anna, page_of):
    tomorrow = timezone.localdate() + timedelta(days=1)
    with pytest.raises(Refused, match="in the future"):
        record(anna, rita, born_on=tomorrow)
    form = FactsForm(FACTS | {"pep": "no", "born_on": tomorrow})
    assert form.errors == {"born_on": ["This day is in the future."]}
