"""What the pages about reviews show."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.utils import timezone

from clients.access import Person
from clients.models import Client, Interaction, Task
from compliance.rules.hits import refusals_to_go_on
from compliance.selectors import frozen_clients
from needs.models import Assessment, Goal
from needs.rules import standing
from portfolios.models import AssetClass, Mandate
from portfolios.rules import Finding, Share, Target, Valuation
from portfolios.selectors import allocation_bars, valued_holdings
from reviews import rules
from reviews.models import Review
from rulebook.days import add_months
from rulebook.selectors import Pack, pack
from ui.formats import midnight
from ui.paging import Page, keyset


@dataclass(frozen=True)
class Due:
    """A line of the list: a mandate, when its review is due, the review under way if there is one."""

    mandate: Mandate
    due_on: date
    review_id: int | None
    refusals: list[str]  # why none can be prepared now


@dataclass(frozen=True)
class DueList:
    page: Page[Mandate]
    lines: list[Due]


def due_list(person: Person, asked: dict[str, Any], today: date) -> DueList:
    """Portfolios whose review is due, the longest unreviewed first. 5 queries, 6 beyond the first page."""
    months: dict[str, int] = pack("portfolio", today)["review_months"]
    until = today + timedelta(days=int(asked.get("due") or 30))
    # A rule of months by segment, said so that an index on the day can serve it.
    is_due = Q(pk__in=[])
    for segment, each in months.items():
        is_due |= Q(client__segment=segment, reviewed_on__lte=rules.reviewed_at_latest(until, int(each)))
    mandates = (
        Mandate.objects.visible_to(person)
        .filter(is_due, client__state__in=["active", "dormant"])
        .exclude(kind=Mandate.Kind.EXECUTION)
        .select_related("client", "model")
    )
    page = keyset(mandates, "reviewed_on", after=asked.get("after"), before=asked.get("before"))
    under_way = dict(
        Review.objects.filter(client_id__in=[row.client_id for row in page], state="prepared").values_list(
            "client_id", "pk"
        )
    )
    stopped = frozen_clients([row.client_id for row in page])
    return DueList(
        page,
        [
            Due(
                row,
                add_months(row.reviewed_on, int(months[row.client.segment])),
                under_way.get(row.client_id),
                refusals_to_go_on(row.client_id in stopped),
            )
            for row in page
        ],
    )


@dataclass(frozen=True)
class Basis:
    """What a review is made of on one day."""

    mandate: Mandate | None
    assessment: Assessment | None  # only if it holds today
    profile: str  # missing, valid, expiring, expired
    valued: Valuation
    findings: list[Finding]


def basis(client: Client, as_of: date, today: date) -> Basis:
    """Mandate, profile and valuation of a locked client. 9 queries."""
    mandate = Mandate.objects.filter(client=client).select_related("model").first()
    signed = Assessment.objects.filter(client=client, state="signed").first()
    suitability: Pack = pack("suitability", today)
    profile = standing(signed.valid_until if signed else None, today, int(suitability["warn_days"]))
    holds = signed if profile in ("valid", "expiring") else None
    valued = valued_holdings(client, as_of, band=holds.band if holds else None)
    kind = mandate.kind if mandate else ""
    findings = [*rules.profile_findings(profile, kind), *valued.findings]
    return Basis(mandate, holds, profile, valued, findings)


def refusals_to_prepare(client: Client, found: Basis, as_of: date, today: date) -> list[str]:
    """Why no review is prepared of this: for the button wherever it stands, and for the guard. 1 query."""
    stopped = refusals_to_go_on(client.pk in frozen_clients([client.pk]))
    wrong = rules.refusals_to_prepare(client.state, found.mandate is not None, as_of, today)
    return stopped or wrong + found.valued.missing


def review_opened(review_id: int, person: Person) -> Review | None:
    """A review on a file that `person` may see. 1 query."""
    found: Review | None = (
        Review.objects.visible_to(person).select_related("prepared_by", "report").filter(pk=review_id).first()
    )
    return found


@dataclass(frozen=True)
class Agenda:
    """What there is to talk about, from the records since the last review."""

    before: Review | None
    since: date
    contacts: list[Interaction]
    promises: list[Task]
    goals: list[Goal]
    change: Decimal | None  # of the total since the last review, in the same currency
    bars: list[dict[str, Any]]
    positions: list[dict[str, Any]]


def agenda(review: Review) -> Agenda:
    """The talking points of a review that was opened, up to the day it was held. 4 queries."""
    before = (
        Review.objects.filter(client_id=review.client_id, state="held", pk__lt=review.pk)
        .order_by("-pk")
        .first()
    )
    since = date.fromisoformat(review.valuation.get("since") or review.as_of.isoformat())
    today = timezone.localdate()
    until = min(review.held_on or today, today) + timedelta(days=1)
    contacts = Interaction.objects.filter(
        client_id=review.client_id, at__gte=midnight(since), at__lt=midnight(until)
    ).select_related("by")
    comparable = before is not None and before.currency == review.currency
    return Agenda(
        before=before,
        since=since,
        contacts=list(contacts.order_by("-at")[:8]),
        promises=list(
            Task.objects.filter(client_id=review.client_id, promise=True).open().order_by("due_on", "id")[:8]
        ),
        goals=list(
            Goal.objects.filter(client_id=review.client_id, reached_on__isnull=True).order_by("by_on")[:8]
        ),
        change=review.value - before.value if comparable and before else None,
        bars=frozen_bars(review),
        positions=[
            row | {"value": Decimal(row["value"]), "weight": Decimal(row["weight"])}
            for row in review.valuation.get("positions", [])
        ],
    )


def frozen_bars(review: Review) -> list[dict[str, Any]]:
    """The allocation of the day of the review as the picture wants it."""
    shares = [
        Share(
            row["asset_class"],
            Decimal(row["value"]),
            Decimal(row["weight"]),
            Target(row["asset_class"], Decimal(row["target"]), Decimal(row["tolerance"]))
            if row["target"] is not None
            else None,
        )
        for row in review.valuation.get("allocation", [])
    ]
    return allocation_bars(Valuation(review.as_of, review.currency, allocation=shares))


def asset_class_label(code: str) -> str:
    return str(dict(AssetClass.choices).get(code, code))
