"""What the stories about opportunities need on the stage: a catalogue, and clients with needs."""

from datetime import timedelta
from decimal import Decimal

from django.utils import timezone

from clients.models import LifeEvent
from compliance.models import Consent
from needs.models import Assessment, Goal
from opportunities.models import Opportunity
from portfolios.models import Account, Product

CATALOGUE = {
    "savings": 1, "deposit": 1, "card": 1, "mortgage": 1, "fund": 3, "pension": 2, "insurance": 1,
    "payments": 1, "fx": 1, "loan": 1,
}  # fmt: skip


def stock_the_shelf(**segments):
    """One product of each kind for everyone; `fund=["hnw"]` narrows its target market."""
    for kind, risk in CATALOGUE.items():
        Product.objects.create(
            code=kind.upper(), name=kind.title(), kind=kind, currency="EUR", risk_class=risk,
            segments=segments.get(kind, []),
        )  # fmt: skip


def allow_offers(client):
    return Consent.objects.create(
        client=client, purpose="marketing", given_on=timezone.localdate() - timedelta(days=30)
    )


def assess(client, by, band=3):
    return Assessment.objects.create(
        client=client, state="signed", tolerance=50, capacity=50, band=band, made_by=by,
        signed_at=timezone.now(), valid_until=timezone.localdate() + timedelta(days=300),
    )  # fmt: skip


def open_account(client, balance="1000", kind="current", currency="EUR"):
    return Account.objects.create(
        client=client, number=f"A-{Account.objects.count() + 1}", kind=kind, currency=currency,
        opened_on=client.since_on, balance=Decimal(balance),
    )  # fmt: skip


def want(client, kind="pension", amount="50000"):
    return Goal.objects.create(
        client=client, name="Later", amount=Decimal(amount), currency="EUR", product_kind=kind,
        by_on=timezone.localdate() + timedelta(days=3650),
    )  # fmt: skip


def have_event(client, kind="home", days_ago=10):
    return LifeEvent.objects.create(
        client=client, kind=kind, on=timezone.localdate() - timedelta(days=days_ago)
    )


def make_card(client, owner, kind="pension", stage="identified", days_ago=0, **fields):
    card = Opportunity.objects.create(
        client=client, product_kind=kind, reason="goal_without_product", facts={"by": 2040}, owner=owner,
        stage=stage, value=Decimal("1000"), **fields,
    )  # fmt: skip
    if days_ago:
        Opportunity.objects.filter(pk=card.pk).update(moved_at=timezone.now() - timedelta(days=days_ago))
        card.refresh_from_db()
    return card


def ready(client, rita):
    """May be offered anything that suits: consent, an assessment, a shelf, one goal without a product."""
    stock_the_shelf()
    allow_offers(client)
    assess(client, rita)
    want(client)
