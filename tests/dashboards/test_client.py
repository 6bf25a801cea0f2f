"""Client 360: one page to read aloud from; the same cost however long the history; nothing for Otto."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from audit.models import AuditEvent
from clients.actions import add_related_party
from clients.models import ContactPoint, Document, Household, Interaction, LifeEvent, Party, Task
from needs.models import Assessment, Goal
from portfolios.models import Account, Holding, Price, Product
from tests.cast import lend, make_client

TODAY = timezone.localdate


def fill(client, person, times):
    """Everything a page can show, `times` over."""
    party = Party.objects.get(client=client, is_client=True)
    custody = Account.objects.create(
        client=client, number=f"CU-{client.pk}", kind="custody", currency="EUR", opened_on=date(2021, 3, 1)
    )
    Assessment.objects.create(
        client=client, state="signed", tolerance=55, capacity=60, band=3, made_by=person,
        signed_at=timezone.now(), valid_until=TODAY() + timedelta(days=300),
    )  # fmt: skip
    client.household = Household.objects.create(name="H")
    client.save()
    for number in range(times):
        at = timezone.now() - timedelta(days=number + 1)
        Interaction.objects.create(
            client=client, channel="call", purpose="service", at=at, summary=f"Talk {number}", by=person
        )
        Task.objects.create(
            client=client, kind="call", title=f"Task {number}", due_on=TODAY(), assigned_to=person
        )
        ContactPoint.objects.create(client=client, party=party, kind="phone", value=f"+4144123{number:04}")
        Goal.objects.create(client=client, name=f"Goal {number}", amount=1000, currency="EUR", by_on=TODAY())
        LifeEvent.objects.create(client=client, kind="home", on=TODAY() - timedelta(days=number))
        Document.objects.create(
            client=client, kind="other", title=f"Paper {number}", file="x.pdf", size=1, uploaded_by=person,
            content_type="application/pdf", sha256="0" * 64,
        )  # fmt: skip
        Account.objects.create(
            client=client, number=f"A-{client.pk}-{number}", kind="current", currency="EUR",
            opened_on=date(2021, 3, 1), balance=Decimal(100), balance_on=TODAY(),
        )  # fmt: skip
        product = Product.objects.create(
            code=f"P{client.pk}-{number}",
            name=f"Fund {number}",
            kind="fund",
            asset_class="equity",
            currency="EUR",
        )
        Price.objects.create(product=product, on=TODAY(), close=Decimal(10), source="test")
        Holding.objects.create(client=client, account=custody, product=product, quantity=5)


def page(browser, client):
    return browser.get(reverse("client", args=[client.pk]))


def test_rita_reads_who_what_and_what_is_due(page_of, cast):
    fill(cast.anna, cast.rita, 3)
    add_related_party(cast.anna, by=cast.rita, relation="spouse", name="Beat Keller")
    shown = page(page_of(cast.rita), cast.anna).content.decode()
    for said in ("Anna Keller", "Beat Keller", "Spouse", "Talk 0", "Task 2", "Goal 1", "Paper 0", "Fund 0"):
        assert said in shown
    assert "You work this book as: Owner." in shown
    assert "450" in shown  # three funds at 50 and three accounts at 100


@pytest.mark.parametrize(("times", "queries"), [(1, 17), (30, 17)])
def test_the_page_costs_the_same_however_long_the_history(
    page_of, cast, times, queries, django_assert_num_queries
):
    fill(cast.anna, cast.rita, times)
    browser = page_of(cast.rita)
    page(browser, cast.anna)  # the first request of a session writes when it began
    with django_assert_num_queries(queries + 2):  # the savepoint and its end are the test's own
        assert page(browser, cast.anna).status_code == 200


def test_a_file_with_nothing_on_it_says_so(page_of, cast):
    empty = make_client("Nina Neu", cast.rita_book, state="lead")
    shown = page(page_of(cast.rita), empty).content.decode()
    for said in (
        "Nothing is due",
        "No questionnaire is signed",
        "Nothing was logged yet",
        "No paper is on file",
    ):
        assert said in shown


def test_what_must_be_known_comes_first(page_of, cast):
    client = make_client("Ines Frei", cast.rita_book, vulnerable=True, kyc_due_on=TODAY() - timedelta(days=1))
    Interaction.objects.create(
        client=client, channel="call", purpose="complaint", at=timezone.now() - timedelta(days=3),
        summary="Waited", by=cast.rita,
    )  # fmt: skip
    shown = page(page_of(cast.rita), client)
    flags = [flag.text for flag in shown.context["file"].flags]
    assert flags == [
        "Vulnerable: needs special care",
        "Complained 3 days ago",
        "KYC review overdue",
        "No valid needs assessment",
    ]
    text = shown.content.decode()
    assert text.index("Vulnerable") < text.index("Opportunities")


def test_new_since_the_last_contact(page_of, cast):
    Interaction.objects.create(
        client=cast.anna, channel="call", purpose="service", at=timezone.now() - timedelta(days=30),
        summary="Hello", by=cast.rita,
    )  # fmt: skip
    LifeEvent.objects.create(client=cast.anna, kind="birth", on=TODAY() - timedelta(days=5))
    LifeEvent.objects.create(client=cast.anna, kind="home", on=TODAY() - timedelta(days=300))
    assert page(page_of(cast.rita), cast.anna).context["file"].changes == ["Life event: Birth of a child"]


def test_the_household_shows_only_members_its_reader_may_see(page_of, cast):
    household = Household.objects.create(name="H")
    beat = make_client("Beat Keller", cast.rita_book, household=household)
    foreign = make_client("Carla Keller", cast.otto_book, household=household)
    cast.anna.household = household
    cast.anna.save()
    names = [row["name"] for row in page(page_of(cast.rita), cast.anna).context["file"].household]
    assert names == [beat.name]
    assert foreign.name not in page(page_of(cast.rita), cast.anna).content.decode()


def test_everyone_reads_why_the_file_is_open_to_them(page_of, cast):
    lend(cast.anna, cast.otto, by=cast.theo, starts_at=timezone.now() - timedelta(days=1))
    said = {
        person.login: page(page_of(person), cast.anna).context["file"].path
        for person in (cast.rita, cast.theo, cast.cora, cast.otto)
    }
    assert said == {
        "rita": "You work this book as: Owner.",
        "theo": "You lead the team of this book.",
        "cora": "Your role sees every file.",
        "otto": "It was lent to you: Advice on a mortgage",
    }


def test_opening_is_recorded_once(page_of, cast):
    page(page_of(cast.rita), cast.anna)
    assert AuditEvent.objects.filter(verb="file opened", client_id=cast.anna.pk).count() == 1


def test_otto_and_ada_get_the_same_404_for_a_foreign_and_a_missing_client(page_of, cast):
    for person in (cast.otto, cast.ada):
        foreign = page(page_of(person), cast.anna)
        missing = page_of(person).get(reverse("client", args=[999_999]))
        assert foreign.status_code == missing.status_code == 404
        assert "Anna" not in foreign.content.decode()


def test_who_may_not_log_gets_no_form_for_it(page_of, cast):
    assert "Log contact" in page(page_of(cast.rita), cast.anna).content.decode()
    assert "Log contact" not in page(page_of(cast.cora), cast.anna).content.decode()


def test_a_contact_is_logged_from_the_page_in_two_actions(page_of, cast):
    browser = page_of(cast.rita)
    form = {
        "channel": "call",
        "purpose": "service",
        "summary": "Card lost",
        "outbound": "on",
        "form_key": "q1",
    }
    answer = browser.post(reverse("clients:interaction_new", args=[cast.anna.pk]), form)
    assert answer.status_code == 303
    assert "Card lost" in page(browser, cast.anna).content.decode()
