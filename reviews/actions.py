"""What can be done with a review: prepare it, keep its record, hold it."""

from datetime import date
from io import BytesIO

from django.core.files.base import File
from django.db.models import F, Value
from django.db.models.functions import Greatest
from django.utils import timezone

from clients.actions import upload_document
from clients.models import Client, DocumentKind
from compliance.selectors import refusals_to_go_on
from portfolios.models import Mandate
from reviews import report, rules
from reviews.models import Review
from reviews.selectors import basis, refusals_to_prepare
from staff.lock import action
from staff.models import User
from staff.roles import May
from ui.refusals import refuse_if


@action(May.REVIEWS_HOLD, "review prepared", on="clients.Client", remember=("as_of",))
def prepare_review(client: Client, *, by: User, as_of: date | None = None) -> Review:
    """Value the portfolio and freeze it with its findings. One under way keeps its record."""
    today = timezone.localdate()
    as_of = as_of or today
    found = basis(client, as_of, today)
    refuse_if(refusals_to_prepare(client, found, as_of, today))
    review = Review.objects.filter(client=client, state="prepared").first()
    review = review or Review(client=client, prepared_by=by)
    review.as_of, review.currency = as_of, found.valued.currency
    review.value = found.valued.total or 0
    since = found.mandate.reviewed_on if found.mandate else as_of
    review.valuation = rules.frozen(found.valued) | {"since": since.isoformat()}
    review.findings = rules.frozen_findings(found.findings)
    review.band = found.assessment.band if found.assessment else None
    review.save()
    return review


@action(May.REVIEWS_HOLD, "review recorded", on="reviews.Review")
def record_talk(review: Review, *, by: User, talk: str, recommendation: str, decision: str) -> Review:
    """Keep what was said so far. The day is kept by `hold_review`: written before, it would be a guess."""
    refuse_if(rules.refusals_to_value_anew(review.state))
    review.talk, review.recommendation, review.decision = talk, recommendation, decision
    review.save(update_fields=["talk", "recommendation", "decision"])
    return review


@action(May.REVIEWS_HOLD, "review held", on="reviews.Review", remember=("decision",))
def hold_review(
    review: Review, *, by: User, talk: str, recommendation: str, decision: str, held_on: date
) -> Review:
    """The talk took place: fix the record, make the client's paper, start the clock of the next review."""
    refuse_if(refusals_to_go_on(review.client_id))
    today = timezone.localdate()
    refuse_if(
        rules.refusals_to_hold(
            state=review.state,
            findings=review.findings,
            held_on=held_on,
            as_of=review.as_of,
            today=today,
            talk=talk,
            recommendation=recommendation,
            decision=decision,
        )
        or _expired_since(review, today)
    )
    review.talk, review.recommendation, review.decision, review.held_on = (
        talk,
        recommendation,
        decision,
        held_on,
    )
    review.state = Review.State.HELD
    paper = report.make(review, by)
    review.report = upload_document(
        review.client_id,
        by=by,
        file=File(BytesIO(paper), name=f"review-{review.pk}-{held_on:%Y-%m-%d}.pdf"),
        kind=DocumentKind.REPORT,
    )
    review.save()
    Mandate.objects.filter(client_id=review.client_id).update(
        last_review_on=Greatest(F("last_review_on"), Value(held_on))
    )
    return review


def _expired_since(review: Review, today: date) -> list[str]:
    """A profile that ran out between preparation and talk blocks too."""
    found = basis(review.client, review.as_of, today)
    return rules.blocks(
        rules.frozen_findings(
            rules.profile_findings(found.profile, found.mandate.kind if found.mandate else "")
        )
    )
