"""What can be done in an onboarding. Every verb locks it first, so that two people come one by one."""

from datetime import date
from typing import Any

from django.core.files.base import File
from django.utils import timezone

from clients import actions as client_actions
from clients.actions.closing import close_file
from clients.models import Client, State
from compliance import actions as compliance
from compliance.actions import kyc as kyc_actions
from compliance.models import KycFile
from onboarding import rules, selectors
from onboarding.actions.steps import (
    fall,
    hold_client,
    move,
    refuse_lost_update,
    remember_step,
    require_documents,
    withdraw,
)
from onboarding.models import Onboarding, RequiredDocument
from onboarding.rules.requirements import refusals_to_approve_ended, valid_until, wrongs_to_date_paper
from onboarding.selectors import KIND, Workspace, facts_now
from rulebook.selectors import pack
from staff.lock import action
from staff.models import User
from staff.night import night_shift
from staff.roles import May
from ui.refusals import NotVisible, refuse_if


@action(May.ONBOARDING_WORK, "onboarding begun", on="clients.Client", remember=("products",))
def start_onboarding(client: Client, *, by: User, products: list[str]) -> Onboarding:
    """A lead becomes a client to be: what is needed follows from who it is."""
    refuse_if(selectors.refusals_to_start(client))
    figures = pack("onboarding", timezone.localdate())
    onboarding = Onboarding.objects.create(
        client=client, started_by=by, products=products, pack_version=figures.version
    )
    kyc_actions.want_products(client, products)
    client.state = State.ONBOARDING
    client.save(update_fields=["state"])
    require_documents(onboarding, client)
    return onboarding


@action(May.ONBOARDING_WORK, "products chosen", on="onboarding.Onboarding", remember=("products",))
def choose_products(
    onboarding: Onboarding, *, by: User, products: list[str], seen: dict[str, str] | None = None
) -> Onboarding:
    refuse_if(rules.refusals_to_change(onboarding.state))
    current, mine = {"products": onboarding.products}, {"products": products}
    refuse_lost_update(onboarding, "products", seen, current, mine)
    if products != onboarding.products:
        onboarding.products = products
        onboarding.save(update_fields=["products"])
        client = hold_client(onboarding)
        kyc_actions.want_products(client, products)
        require_documents(onboarding, client)
        fall(onboarding)
    remember_step(onboarding, "products", by)
    return onboarding


@action(May.ONBOARDING_WORK, "onboarding facts recorded", on="onboarding.Onboarding")
def record_facts(
    onboarding: Onboarding, *, by: User, seen: dict[str, str] | None = None, **facts: Any
) -> Onboarding:
    """What the client said; the rating follows, and with it what documents are needed.

    `facts` are those of compliance.record_facts; `seen` is what the page showed of them.
    """
    refuse_if(rules.refusals_to_change(onboarding.state))
    refuse_lost_update(onboarding, "facts", seen, facts_now(onboarding.client_id), facts)
    compliance.record_facts(onboarding.client_id, by=by, **facts)
    require_documents(onboarding, Client.objects.get(pk=onboarding.client_id))
    remember_step(onboarding, "facts", by)
    fall(onboarding)
    return onboarding


@action(
    May.DOCUMENTS_UPLOAD, "required document uploaded", on="onboarding.Onboarding", remember=("required_id",)
)
def upload_document(
    onboarding: Onboarding,
    *,
    by: User,
    required_id: int,
    file: File,
    title: str = "",
    issued_on: date | None = None,
    expires_on: date | None = None,
) -> RequiredDocument:
    """A paper for one requirement; an earlier one stays on the file and is no longer what counts."""
    required = _required(onboarding, required_id)
    refuse_if(rules.refusals_to_change_paper(onboarding.state, required.state))
    today = timezone.localdate()
    figures = pack("onboarding", today).body
    wrongs = wrongs_to_date_paper(required.kind, issued_on, expires_on, today, figures)
    refuse_if(wrong.sentence for wrong in wrongs)
    required.document = client_actions.upload_document(
        required.client_id,
        by=by,
        file=file,
        kind=required.kind,
        title=title,
        issued_on=issued_on,
        expires_on=expires_on,
    )
    required.state, required.reason = RequiredDocument.State.IN_REVIEW, ""
    required.reviewed_by = required.reviewed_at = required.taken_by = required.valid_until = None
    required.save()
    fall(onboarding)
    return required


@action(
    May.DOCUMENTS_UPLOAD,
    "required document taken back",
    on="onboarding.Onboarding",
    remember=("required_id",),
)
def take_document_back(onboarding: Onboarding, *, by: User, required_id: int) -> RequiredDocument:
    """A file that was sent by mistake, of another person perhaps, is off the file again and deleted."""
    required = _required(onboarding, required_id)
    paper = required.document
    refuse_if(
        rules.refusals_to_take_paper_back(
            onboarding.state,
            required.state,
            own=by.is_same_person(paper.uploaded_by_id if paper else None),
            taken=required.taken_by_id is not None,
        )
    )
    required.state, required.document = RequiredDocument.State.MISSING, None
    required.save(update_fields=["state", "document"])
    if paper is not None:
        client_actions.drop_document(paper)
    fall(onboarding)
    return required


@action(
    May.DOCUMENTS_REVIEW,
    "required document reviewed",
    on="onboarding.Onboarding",
    remember=("required_id", "verdict", "reason"),
)
def review_document(
    onboarding: Onboarding, *, by: User, required_id: int, verdict: str, reason: str = ""
) -> RequiredDocument:
    """An officer approves a paper, sends it back or rejects it, with a reason from the list."""
    required = _required(onboarding, required_id)
    uploaded_by = required.document.uploaded_by_id if required.document else None
    refuse_if(
        rules.refusals_to_review_document(
            onboarding.state, required.state, verdict, reason, own=by.is_same_person(uploaded_by)
        )
    )
    required.state = verdict
    required.reason = "" if verdict == RequiredDocument.State.APPROVED else reason
    required.reviewed_by, required.reviewed_at = by, timezone.now()
    required.taken_by = required.taken_by or by
    if verdict == RequiredDocument.State.APPROVED and (paper := required.document) is not None:
        today = timezone.localdate()
        figures = pack("onboarding", today).body
        until = valid_until(required.kind, paper.issued_on or today, paper.expires_on, figures)
        refuse_if(refusals_to_approve_ended(until, today))
        required.valid_until = until
    required.save()
    if verdict != RequiredDocument.State.APPROVED:
        fall(onboarding, f"paper:{required.kind}:{reason}")
    return required


@action(
    May.DOCUMENTS_REVIEW, "required document taken", on="onboarding.Onboarding", remember=("required_id",)
)
def take_document(onboarding: Onboarding, *, by: User, required_id: int) -> RequiredDocument:
    """An officer takes an uploaded paper to read: from then on it is in review, and others see by whom."""
    required = _required(onboarding, required_id)
    refuse_if(rules.refusals_to_take_document(required.state, required.taken_by_id, by.pk))
    required.taken_by = by
    required.save(update_fields=["taken_by"])
    return required


def _required(onboarding: Onboarding, required_id: int) -> RequiredDocument:
    """Read under the lock of its onboarding, which every verb takes first: so no two wait for each other."""
    found: RequiredDocument | None = (
        RequiredDocument.objects.filter(onboarding=onboarding, pk=required_id)
        .select_related("document")
        .first()
    )
    if found is None:
        raise NotVisible(f"onboarding.RequiredDocument {required_id}")
    return found


@action(May.ONBOARDING_WORK, "onboarding submitted", on="onboarding.Onboarding")
def submit_onboarding(onboarding: Onboarding, *, by: User) -> Onboarding:
    """Everything is there: screen everyone on the file, and ask a second person."""
    client = hold_client(onboarding)
    work = selectors.workspace(onboarding)
    refuse_if(work.refusals_to_submit)
    # Whoever submits may not run screenings at will, nor learn their outcome: the night shift does it.
    compliance.screen_client(client.pk, by=night_shift())
    facts = selectors.workspace(onboarding).facts
    compliance.ask_approval(
        client,
        by=by,
        kind=KIND,
        subject_id=onboarding.pk,
        fingerprint=rules.fingerprint(facts),
        senior=facts.senior,
    )
    move(onboarding, Onboarding.State.IN_REVIEW)
    KycFile.objects.filter(client=client).update(state=KycFile.State.IN_REVIEW)
    return onboarding


@action(May.ONBOARDING_APPROVE, "onboarding approved", on="onboarding.Onboarding")
def approve_onboarding(onboarding: Onboarding, *, by: User, seen: str | None = None) -> Onboarding:
    """The second person agrees, and the client is served from now on. `seen`: what its page gave along.

    If what was submitted has changed meanwhile, the request falls instead: the onboarding comes back in state
    "collecting", and nothing is approved.
    """
    client, work = _hold_decision(onboarding)
    assert work.approval is not None
    if work.approval.fingerprint != rules.fingerprint(work.facts):
        fall(onboarding)
        return onboarding
    assert work.kyc is not None
    shown = selectors.shown_to(work, by)
    refuse_if(rules.refusals_of_the_unread(seen, shown) or rules.refusals_to_approve(work.facts))
    compliance.decide_approval(work.approval, by=by, approved=True, makers=selectors.makers(work))
    move(onboarding, Onboarding.State.APPROVED)
    client.state, client.since_on = State.ACTIVE, timezone.localdate()
    client.save(update_fields=["state", "since_on"])
    kyc_actions.make_current(client, work.kyc, by=by)
    kyc_actions.settle_measures(client, work.kyc, by=by, done=_measures_met(work))
    return onboarding


def _measures_met(work: Workspace) -> dict[str, tuple[str, int | None]]:
    """What the opening did of what a high risk asks for. Of such a one compliance is the second person."""
    done: dict[str, tuple[str, int | None]] = {"senior_approval": ("The opening was approved.", None)}
    for each in work.required:
        if each.kind == "funds" and each.state == RequiredDocument.State.APPROVED:
            done["funds_evidence"] = ("The paper was approved in the opening.", each.document_id)
            if all(holder.wealth_known for holder in work.facts.holders):
                done["wealth_evidence"] = done["funds_evidence"]
    return done


@action(
    May.ONBOARDING_APPROVE,
    "onboarding not approved",
    on="onboarding.Onboarding",
    remember=("verdict", "reason"),
)
def decline_onboarding(onboarding: Onboarding, *, by: User, verdict: str, reason: str) -> Onboarding:
    """The second person returns it for more work or rejects the client, with a reason from the list."""
    client, work = _hold_decision(onboarding)
    refuse_if(rules.refusals_to_say_no(verdict, reason))
    assert work.approval is not None
    compliance.decide_approval(
        work.approval, by=by, approved=False, makers=selectors.makers(work), reason=f"{verdict}:{reason}"
    )
    KycFile.objects.filter(client=client).update(state=KycFile.State.MISSING)
    if verdict == "returned":
        move(onboarding, Onboarding.State.COLLECTING)
        return onboarding
    move(onboarding, Onboarding.State.REJECTED)
    close_file(client, by=by)
    return onboarding


@action(May.ONBOARDING_HOLD, "onboarding put on hold", on="onboarding.Onboarding", remember=("reason",))
def hold_onboarding(onboarding: Onboarding, *, by: User, reason: str, note: str = "") -> Onboarding:
    """It waits for something: a request to a second person falls, and nobody changes it meanwhile."""
    refuse_if(selectors.refusals_to_hold(onboarding, by))
    refuse_if(rules.refusals_to_say_why_held(reason, note))
    if onboarding.state == Onboarding.State.IN_REVIEW:
        withdraw(onboarding, "held")
    onboarding.hold_reason, onboarding.hold_note, onboarding.held_by = reason, note, by
    onboarding.save(update_fields=["hold_reason", "hold_note", "held_by"])
    if onboarding.state != Onboarding.State.ON_HOLD:
        move(onboarding, Onboarding.State.ON_HOLD)
    return onboarding


@action(May.ONBOARDING_HOLD, "onboarding taken up again", on="onboarding.Onboarding")
def resume_onboarding(onboarding: Onboarding, *, by: User) -> Onboarding:
    """What compliance holds only compliance lets go."""
    refuse_if(selectors.refusals_to_resume(onboarding, by))
    onboarding.hold_reason, onboarding.hold_note, onboarding.held_by = "", "", None
    onboarding.save(update_fields=["hold_reason", "hold_note", "held_by"])
    move(onboarding, Onboarding.State.COLLECTING)
    return onboarding


# --- inside a verb ---------------------------------------------------------------------------------------


def _hold_decision(onboarding: Onboarding) -> tuple[Client, Workspace]:
    """What the second person decides on, as it is now; refused when somebody was quicker."""
    refuse_if(rules.refusals_to_decide(onboarding.state))
    client = hold_client(onboarding)
    work = selectors.workspace(onboarding)
    assert work.approval is not None
    work.approval.senior = work.approval.senior or work.facts.senior
    return client, work
