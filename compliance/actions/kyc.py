"""Record what a client said, review it in its cycle, and do what a high rating asks for."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils import timezone

from clients.models import Client, Document, Party
from compliance import selectors
from compliance.actions.rating import move_review, rate, set_off_review
from compliance.models import KycFile, KycReview, Measure, ReviewTrigger
from compliance.rules import desk, reviews
from compliance.rules import kyc as rules
from compliance.selectors.kyc import needed_measures
from rulebook.selectors import pack
from staff.lock import action
from staff.models import User
from staff.roles import May
from ui.refusals import NotVisible, refuse_if

__all__ = [
    "ask_review",
    "holder_said",
    "make_current",
    "rate",
    "record_facts",
    "record_measure",
    "review_kyc",
    "settle_measures",
    "want_products",
    "withdraw_review_request",
]


@action(May.CLIENTS_EDIT, "KYC facts recorded", on="clients.Client")
def record_facts(
    client: Client,
    *,
    by: User,
    source_of_funds: str,
    purpose: str,
    pep: bool,
    born_on: date,
    nationality: str,
    residence: str,
    products: list[str] | None = None,
    channel: str | None = None,
) -> KycFile:
    """Write down what the client said and rate it anew; who wrote it is remembered and does not review it.

    Of a client that was reviewed, an answer that differs sets off a review outside the cycle.
    """
    refuse_if(rules.refusals_to_record_facts(client.state))
    refuse_if(rules.refusals_to_be_born_on(born_on, timezone.localdate()))
    before, _party = selectors.facts_of(client)
    main = Party.objects.filter(client=client, is_client=True)
    told = {"born_on": born_on, "nationality": nationality, "residence": residence}
    moved = not main.filter(**told).exists()
    main.update(**told)
    facts = {
        "source_of_funds": source_of_funds,
        "purpose": purpose,
        "pep": pep,
        "facts_at": timezone.now(),
        "facts_by": by,
    }
    if channel is not None:
        facts["channel"] = channel
    if products is not None:
        facts["products"] = sorted(products)
    kyc: KycFile
    kyc, _made = KycFile.objects.update_or_create(
        client=client, defaults=facts, create_defaults=facts | {"next_review_on": client.kyc_due_on}
    )
    figures = rate(client, kyc, by=by, cause="facts")
    if before is not None and before.facts_known:
        said = ("source_of_funds", "purpose", "pep", "channel", "products")
        if moved or any(getattr(before, name) != getattr(kyc, name) for name in said):
            code = "new_pep" if pep and not before.pep else "facts_changed"
            set_off_review(client, kyc, code, f"facts {kyc.facts_at:%Y-%m-%dT%H:%M:%S}", figures)
    return kyc


def _held(client: Client) -> KycFile:
    """Locked; of a file that nobody has worked on yet it is made."""
    files = KycFile.objects.select_for_update()
    kyc: KycFile = files.get_or_create(client=client, defaults={"next_review_on": client.kyc_due_on})[0]
    return kyc


def want_products(client: Client, products: list[str]) -> None:
    """Inside an action: what the client wants of us is a fact too; whoever is rated is rated anew."""
    kyc = _held(client)
    kyc.products = sorted(products)
    kyc.save(update_fields=["products"])
    if kyc.facts_known:
        rate(client, kyc)


def holder_said(client: Client, party_id: int, *, pep: bool) -> None:
    """Inside an action: a joint holder's own answer; an exposed one makes the whole relationship so."""
    kyc = _held(client)
    kyc.pep_holders = sorted({*kyc.pep_holders, party_id} if pep else {*kyc.pep_holders} - {party_id})
    kyc.save(update_fields=["pep_holders"])


def settle_measures(
    client: Client, kyc: KycFile, *, by: User, done: Mapping[str, tuple[str, int | None]]
) -> None:
    """Inside an action that did them: of the enhanced measures those that are not done yet.

    done: code -> what was done, and the paper that proves it.
    """
    today = timezone.localdate()
    figures = pack("kyc", today)
    Measure.objects.bulk_create(
        Measure(
            client=client, code=each.code, done_on=today, note=done[each.code][0],
            document_id=done[each.code][1], by=by, pack_version=figures.version,
        )
        for each in needed_measures(client, kyc, figures.body, today)
        if each.code in done and each.stand in reviews.UNDONE
    )  # fmt: skip


@action(May.KYC_REVIEW, "KYC reviewed", on="clients.Client")
def review_kyc(client: Client, *, by: User) -> KycFile:
    """An officer confirms the facts: rated anew, next review by the rating. EU AMLR Art. 26."""
    kyc: KycFile | None = KycFile.objects.select_for_update().filter(client=client).first()
    refuse_if(
        rules.refusals_to_review(
            client.state,
            kyc is not None and kyc.facts_known,
            selectors.has_undecided_hits(client.pk),
            own=kyc is not None and by.is_same_person(kyc.facts_by_id),
        )
    )
    assert kyc is not None
    due_on, today = client.kyc_due_on, timezone.localdate()
    make_current(client, kyc, by=by)
    KycReview.objects.create(
        client=client,
        due_on=due_on,
        reviewed_on=today,
        days_late=max(0, (today - due_on).days),
        level=kyc.rating,
        book_id=client.book_id,
        team_id=client.book.team_id,
        by=by,
    )
    return kyc


def make_current(client: Client, kyc: KycFile, *, by: User) -> None:
    """Inside an action that decided so: reviewed today by `by`, and due again after the rating's cycle."""
    figures = rate(client, kyc, by=by, cause="review")
    today = timezone.localdate()
    kyc.state = KycFile.State.CURRENT
    kyc.reviewed_on, kyc.reviewed_by = today, by
    kyc.next_review_on = rules.next_review_on(today, kyc.rating, figures.body)
    kyc.save(update_fields=["state", "reviewed_on", "reviewed_by", "next_review_on"])
    client.kyc_due_on = kyc.next_review_on
    client.save(update_fields=["kyc_due_on"])
    ReviewTrigger.objects.filter(client=client, settled_at__isnull=True).update(settled_at=timezone.now())


@action(May.KYC_REVIEW, "review asked for outside the cycle", on="clients.Client")
def ask_review(client: Client, *, by: User) -> KycFile:
    """An officer wants this file looked at sooner; nobody else learns why."""
    kyc: KycFile | None = KycFile.objects.select_for_update().filter(client=client).first()
    today = timezone.localdate()
    figures = pack("kyc", today)
    refuse_if(
        rules.refusals_to_ask_review(
            client.state,
            bool(kyc and kyc.reviewed_on),
            _requests(client).exists(),
            client.kyc_due_on,
            reviews.trigger_due("officer", today, figures.body),
        )
    )
    assert kyc is not None
    # As often as it was withdrawn, it may be asked for anew.
    turn = ReviewTrigger.objects.filter(client=client, code="officer").count()
    set_off_review(client, kyc, "officer", f"{today.isoformat()} {by.pk} {turn}", figures)
    return kyc


@action(May.KYC_REVIEW, "request for a review withdrawn", on="clients.Client")
def withdraw_review_request(client: Client, *, by: User, own: bool = False) -> KycFile:
    """The file is due as it was before compliance asked, or by what else was set off meanwhile.

    own: only what `by` asked for; a colleague's later wish stays.
    """
    kyc: KycFile | None = KycFile.objects.select_for_update().filter(client=client).first()
    asked = _requests(client).order_by("pk")
    request: ReviewTrigger | None = (asked.filter(occurrence__contains=f" {by.pk} ") if own else asked).last()
    refuse_if(desk.refusals_to_withdraw_request(request is not None and kyc is not None))
    assert request is not None
    assert kyc is not None
    request.settled_at = timezone.now()
    request.save(update_fields=["settled_at"])
    others = ReviewTrigger.objects.filter(client=client, settled_at__isnull=True)
    if request.due_before is not None:
        # Whatever moved the file further meanwhile goes back, one day, to where it was before this request.
        others.filter(due_before=request.due_on).update(due_before=request.due_before)
        if client.kyc_due_on == request.due_on:
            due = min([request.due_before, *others.values_list("due_on", flat=True)])
            move_review(client, kyc, due)
    return kyc


def _requests(client: Client) -> Any:
    """What compliance itself asked for and nobody has done yet."""
    return ReviewTrigger.objects.filter(client=client, code="officer", settled_at__isnull=True)


@action(May.KYC_REVIEW, "enhanced measure done", on="clients.Client", remember=("code", "done_on"))
def record_measure(
    client: Client, *, by: User, code: str, done_on: date, note: str, document_id: int | None = None
) -> Measure:
    """What a high risk or a politically exposed person asks for was done. EU AMLR Art. 34 and 42."""
    kyc = KycFile.objects.filter(client=client).first()
    today = timezone.localdate()
    figures = pack("kyc", today)
    needed = [each.code for each in needed_measures(client, kyc, figures.body, today)]
    own = kyc is not None and by.is_same_person(kyc.facts_by_id)
    refuse_if(reviews.refusals_to_measure(code, needed, done_on, today, own=own))
    if document_id and not Document.objects.filter(client=client, pk=document_id).exists():
        raise NotVisible(f"clients.Document {document_id}")
    made: Measure = Measure.objects.create(
        client=client, code=code, done_on=done_on, note=note, document_id=document_id, by=by,
        pack_version=figures.version,
    )  # fmt: skip
    return made
