"""What can be done in an onboarding. Every verb locks it first, so that two people come one by one."""

from datetime import date

from django.core.files.base import File
from django.utils import timezone

from clients import actions as client_actions
from clients.models import Client, State
from compliance import actions as compliance
from compliance.actions import kyc as kyc_actions
from compliance.models import KycFile
from compliance.selectors import refusals_to_go_on
from onboarding import rules, selectors
from onboarding.models import Onboarding, RequiredDocument
from onboarding.selectors import KIND, Workspace
from rulebook.selectors import pack
from staff.lock import action
from staff.models import User
from staff.night import night_shift
from staff.roles import May
from ui.refusals import NotVisible, refuse_if


@action(May.ONBOARDING_WORK, "onboarding begun", on="clients.Client", remember=("products",))
def start_onboarding(client: Client, *, by: User, products: list[str]) -> Onboarding:
    """A lead becomes a client to be: what is needed follows from who it is."""
    refuse_if(rules.refusals_to_start(client.state, Onboarding.objects.filter(client=client).exists()))
    refuse_if(refusals_to_go_on(client.pk))
    figures = pack("onboarding", timezone.localdate())
    onboarding = Onboarding.objects.create(
        client=client, started_by=by, products=products, pack_version=figures.version
    )
    KycFile.objects.get_or_create(client=client, defaults={"next_review_on": client.kyc_due_on})
    client.state = State.ONBOARDING
    client.save(update_fields=["state"])
    _require_documents(onboarding, client)
    return onboarding


def _require_documents(onboarding: Onboarding, client: Client) -> None:
    """Ask for what is needed by now; what is needed no longer and never came is asked no more."""
    figures = pack("onboarding", timezone.localdate())
    needed = rules.required_documents(client.kind, client.risk, figures.body)
    RequiredDocument.objects.bulk_create(
        (RequiredDocument(client=client, onboarding=onboarding, kind=kind, why=why) for kind, why in needed),
        ignore_conflicts=True,
    )
    RequiredDocument.objects.filter(onboarding=onboarding, state=RequiredDocument.State.MISSING).exclude(
        kind__in=[kind for kind, _ in needed]
    ).delete()


@action(May.ONBOARDING_WORK, "products chosen", on="onboarding.Onboarding", remember=("products",))
def choose_products(onboarding: Onboarding, *, by: User, products: list[str]) -> Onboarding:
    refuse_if(rules.refusals_to_change(onboarding.state))
    if products != onboarding.products:
        onboarding.products = products
        onboarding.save(update_fields=["products"])
        kyc = KycFile.objects.get(client=onboarding.client_id)
        if kyc.facts_known:
            client = _hold_client(onboarding)
            kyc_actions.rate(client, kyc, products=products)
            _require_documents(onboarding, client)
        _fall(onboarding)
    return onboarding


@action(May.ONBOARDING_WORK, "onboarding facts recorded", on="onboarding.Onboarding")
def record_facts(
    onboarding: Onboarding,
    *,
    by: User,
    source_of_funds: str,
    purpose: str,
    pep: bool,
    born_on: date,
    nationality: str,
    residence: str,
) -> Onboarding:
    """What the client said; the rating follows, and with it what documents are needed."""
    refuse_if(rules.refusals_to_change(onboarding.state))
    compliance.record_facts(
        onboarding.client_id,
        by=by,
        source_of_funds=source_of_funds,
        purpose=purpose,
        pep=pep,
        born_on=born_on,
        nationality=nationality,
        residence=residence,
        products=onboarding.products,
    )
    _require_documents(onboarding, Client.objects.get(pk=onboarding.client_id))
    _fall(onboarding)
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
    expires_on: date | None = None,
) -> RequiredDocument:
    """A paper for one requirement; an earlier one stays on the file and is no longer what counts."""
    refuse_if(rules.refusals_to_change(onboarding.state))
    required = _required(onboarding, required_id)
    required.document = client_actions.upload_document(
        required.client_id, by=by, file=file, kind=required.kind, title=title, expires_on=expires_on
    )
    required.state, required.reason = RequiredDocument.State.IN_REVIEW, ""
    required.reviewed_by = required.reviewed_at = None
    required.save()
    _fall(onboarding)
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
            onboarding.state, required.state, uploaded_by, by.pk, verdict, reason
        )
    )
    required.state = verdict
    required.reason = "" if verdict == RequiredDocument.State.APPROVED else reason
    required.reviewed_by, required.reviewed_at = by, timezone.now()
    required.save()
    if verdict != RequiredDocument.State.APPROVED:
        _fall(onboarding)
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
    client = _hold_client(onboarding)
    work = selectors.workspace(onboarding)
    refuse_if(rules.refusals_to_submit(work.facts) + refusals_to_go_on(client.pk))
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
    _move(onboarding, Onboarding.State.IN_REVIEW)
    KycFile.objects.filter(client=client).update(state=KycFile.State.IN_REVIEW)
    return onboarding


@action(May.ONBOARDING_APPROVE, "onboarding approved", on="onboarding.Onboarding")
def approve_onboarding(onboarding: Onboarding, *, by: User) -> Onboarding:
    """The second person agrees, and the client is served from now on.

    If what was submitted has changed meanwhile, the request falls instead: the onboarding comes back in state
    "collecting", and nothing is approved.
    """
    client, work = _hold_decision(onboarding)
    if _is_stale(work):
        _fall(onboarding)
        return onboarding
    assert work.approval is not None
    assert work.kyc is not None
    refuse_if(rules.refusals_to_approve(work.facts))
    compliance.decide_approval(work.approval, by=by, approved=True, makers=work.facts.makers)
    _move(onboarding, Onboarding.State.APPROVED)
    client.state, client.since_on = State.ACTIVE, timezone.localdate()
    client.save(update_fields=["state", "since_on"])
    kyc_actions.make_current(client, work.kyc, by=by, products=onboarding.products)
    return onboarding


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
        work.approval, by=by, approved=False, makers=work.facts.makers, reason=f"{verdict}:{reason}"
    )
    KycFile.objects.filter(client=client).update(state=KycFile.State.MISSING)
    if verdict == "returned":
        _move(onboarding, Onboarding.State.COLLECTING)
        return onboarding
    _move(onboarding, Onboarding.State.REJECTED)
    client.state = State.CLOSED
    client.save(update_fields=["state"])
    return onboarding


# --- inside a verb ---------------------------------------------------------------------------------------


def _hold_client(onboarding: Onboarding) -> Client:
    """Nobody changes who the client is while this verb runs: changes of a file lock its client too."""
    client: Client = Client.objects.select_for_update(no_key=True).get(pk=onboarding.client_id)
    onboarding.client = client
    return client


def _hold_decision(onboarding: Onboarding) -> tuple[Client, Workspace]:
    """What the second person decides on, as it is now; refused when somebody was quicker."""
    refuse_if(rules.refusals_to_decide(onboarding.state))
    client = _hold_client(onboarding)
    work = selectors.workspace(onboarding)
    assert work.approval is not None
    work.approval.senior = work.approval.senior or work.facts.senior
    return client, work


def _is_stale(work: Workspace) -> bool:
    return work.approval is None or work.approval.fingerprint != rules.fingerprint(work.facts)


def _fall(onboarding: Onboarding) -> None:
    """What was to be approved has changed: the request falls, and the onboarding is open for work again."""
    if onboarding.state != Onboarding.State.IN_REVIEW:
        return
    compliance.withdraw_approval(KIND, onboarding.pk, "changed")
    _move(onboarding, Onboarding.State.COLLECTING)
    KycFile.objects.filter(client=onboarding.client_id).update(state=KycFile.State.MISSING)


def _move(onboarding: Onboarding, to: str) -> None:
    assert to in rules.VALID_TRANSITIONS[onboarding.state], (onboarding.state, to)
    onboarding.state = to
    if not rules.VALID_TRANSITIONS[to]:
        onboarding.finished_at = timezone.now()
    onboarding.save(update_fields=["state", "finished_at"])
