"""Two people decide what a comparison found; one may pass it on."""

from typing import Any

from django.utils import timezone

from audit.record import record
from clients.models import Document
from compliance import selectors
from compliance.actions.bulk import Progress, Rows, by_chunks, by_client, outcome
from compliance.actions.exposure import client_of, rate_anew
from compliance.actions.settling import facts_of
from compliance.models import HitStep, ListVersion, ScreeningHit
from compliance.rules import desk
from compliance.rules import hits as rules
from compliance.selectors.hits import contradictions_of
from jobs.actions import ask
from jobs.models import Job
from rulebook.selectors import pack
from staff.lock import action
from staff.models import User
from staff.roles import May
from ui.refusals import NotVisible, refuse_if

REMEMBERED = ("verdict", "reason")


@action(May.SCREENING_DECIDE, "screening hit proposed", on="compliance.ScreeningHit", remember=REMEMBERED)
def propose_hit(
    hit: ScreeningHit,
    *,
    by: User,
    verdict: str,
    reason: str,
    note: str = "",
    paper: str = "",
    document: int | None = None,
) -> ScreeningHit:
    """The first of two: match or no match, with a reason from the list; also for one that is decided.

    What papers show names one: `document` of this client's file, or `paper` in words.
    """
    passed_on = by.is_same_person(hit.escalated_by_id)
    refuse_if(rules.refusals_to_propose(hit.state, verdict, reason, passed_on=passed_on))
    refuse_if(_refusals_of_the_stale(hit))
    refuse_if(contradictions_of(hit, reason))
    seen = _document(hit, document) if document else None
    paper = " ".join(filter(None, [selectors.paper_words(seen) if seen else "", paper]))[:300]
    refuse_if(rules.refusals_of_the_paperless(reason, paper))
    hit.state = ScreeningHit.State.PROPOSED
    hit.verdict, hit.reason, hit.note, hit.proposed_by = verdict, reason, note, by
    hit.paper, hit.document = paper, seen
    hit.decided_by = hit.decided_at = None
    hit.save()
    _write(hit, HitStep.Said.PROPOSED, by)
    return hit


@action(May.SCREENING_DECIDE, "screening hit escalated", on="compliance.ScreeningHit", remember=("reason",))
def escalate_hit(hit: ScreeningHit, *, by: User, reason: str, note: str = "") -> ScreeningHit:
    """Pass it on to another officer."""
    refuse_if(rules.refusals_to_escalate(hit.state, reason))
    hit.state, hit.escalated_by = ScreeningHit.State.ESCALATED, by
    hit.reason, hit.note, hit.paper, hit.document = reason, note, "", None
    hit.save()
    _write(hit, HitStep.Said.ESCALATED, by)
    return hit


@action(May.SCREENING_DECIDE, "screening hit decided", on="compliance.ScreeningHit")
def confirm_hit(hit: ScreeningHit, *, by: User, seen: int | None = None) -> ScreeningHit:
    """The second of two agrees: now it is decided, and what it was decided on is kept and sealed.

    A match rates the client anew in the same step, and so does the end of one: no page says low meanwhile.
    `seen`: the last step on the page that was read; None where there was none, by the dozen.
    """
    refuse_if(rules.refusals_to_confirm(hit.state, own=by.is_same_person(hit.proposed_by_id)))
    refuse_if(rules.refusals_of_the_unread(seen, _last_step(hit)))
    refuse_if(_refusals_of_the_stale(hit))
    was_frozen, hit.frozen = hit.frozen, hit.verdict == "match"
    hit.state = ScreeningHit.State.CONFIRMED if hit.frozen else ScreeningHit.State.CLEARED
    hit.decided_by, hit.decided_at = by, timezone.now()
    hit.save()
    snapshot = _snapshot(hit)
    step = _write(hit, HitStep.Said.DECIDED, by, snapshot=snapshot, seal=rules.seal_of(snapshot))
    record(
        "screening decision sealed",
        by=by,
        subject=hit,
        client_id=hit.client_id,
        payload={"step": step.pk, "seal": step.seal},
    )
    if hit.frozen:
        rate_anew(client_of(hit), by, "hit_confirmed", ("hit_confirmed", f"hit {hit.pk}"))
    elif was_frozen:
        rate_anew(client_of(hit), by, "hit_overturned", None)
    return hit


@action(May.SCREENING_DECIDE, "screening hit returned", on="compliance.ScreeningHit", remember=("reason",))
def return_hit(
    hit: ScreeningHit, *, by: User, reason: str, note: str, seen: int | None = None
) -> ScreeningHit:
    """The second of two does not agree and says why: it stands as it did before, and is the first's again."""
    refuse_if(rules.refusals_to_confirm(hit.state, own=by.is_same_person(hit.proposed_by_id)))
    refuse_if(rules.refusals_of_the_unread(seen, _last_step(hit)))
    refuse_if(rules.refusals_to_say_why_returned(reason, note))
    _write(hit, HitStep.Said.RETURNED, by, reason=reason, note=note, paper="")
    hit.assigned_to = hit.proposed_by
    decided = hit.steps.filter(said__in=[HitStep.Said.DECIDED, HitStep.Said.REOPENED]).order_by("-pk").first()
    if decided is not None and decided.said == HitStep.Said.DECIDED:
        hit.state = ScreeningHit.State.CONFIRMED if decided.verdict == "match" else ScreeningHit.State.CLEARED
        hit.verdict, hit.reason, hit.note = decided.verdict, decided.reason, decided.note
        hit.paper, hit.document = decided.paper, None
        hit.proposed_by, hit.decided_by, hit.decided_at = decided.first, decided.by, decided.at
    else:
        hit.state = ScreeningHit.State.OPEN
        hit.verdict = hit.reason = hit.note = hit.paper = ""
        hit.document = hit.proposed_by = hit.escalated_by = None
    hit.save()
    return hit


# --- by the dozen ----------------------------------------------------------------------------------------


@action(May.SCREENING_DECIDE, "screening hit assigned", on="compliance.ScreeningHit", remember=("to",))
def assign_hit(hit: ScreeningHit, *, by: User, to: int | None) -> ScreeningHit:
    """Say who looks at it next."""
    officer = User.objects.filter(pk=to or 0, is_active=True).first()
    may_decide = officer is not None and officer.may(May.SCREENING_DECIDE)
    refuse_if(rules.refusals_to_assign(hit.state, may_decide))
    hit.assigned_to = officer
    hit.save(update_fields=["assigned_to"])
    return hit


def decide_hits(
    _: None,
    *,
    by: User,
    rows: Rows,
    verdict: str,
    to: int | None = None,
    key: str,
    asked: tuple[str, ...] = (),
) -> Job:
    """Put a job on the list that goes through these hits one by one; the same key: once.

    verdict: "no_match", "confirm" or "assign". rows: [hit's id, client's id] as they were seen.
    asked: the filter they came from, "until_score=80"; none where they were ticked.
    """
    return _decide_hits(None, by=by, rows=rows, verdict=verdict, to=to, key=key, asked=asked, count=len(rows))


@action(
    May.SCREENING_DECIDE,
    "screening hits worked by the dozen",
    remember=("verdict", "to", "asked", "count"),
)
def _decide_hits(
    _: None,
    *,
    by: User,
    rows: Rows,
    verdict: str,
    to: int | None,
    key: str,
    asked: tuple[str, ...],
    count: int,
) -> Job:
    refuse_if(desk.refusals_to_ask_for_many(count))
    return ask(
        "compliance.hits",
        f"hits {by.pk} {key}",
        person_id=by.pk,
        rows=by_client(rows),
        verdict=verdict,
        to=to,
    )


def decide_each(job: Job, progress: Progress) -> dict[str, Any]:
    """Each a decision of its own, with the asker's rights of that moment."""
    said = {name: job.args[name] for name in ("verdict", "to")}

    def one(hit_id: int, _client_id: int, person: User) -> str:
        return outcome(lambda: decide_one(hit_id, by=person, **said))[0]

    return {"told": by_chunks(job, job.args["rows"], one, progress)}


def decide_one(hit_id: int, *, by: User, verdict: str, to: int | None = None) -> None:
    """One of many: obvious ones only, each for its own reason, and by the same two people's rules."""
    if verdict == "assign":
        assign_hit(hit_id, by=by, to=to)
        return
    hit = selectors.hit_of(by, hit_id)
    figures = pack("hits", timezone.localdate())
    obvious = rules.why_obvious(hit.score, hit.details, figures.body) if hit else ""
    if verdict == "confirm":
        if hit is not None:
            refuse_if(rules.refusals_to_confirm(hit.state, own=by.is_same_person(hit.proposed_by_id)))
            refuse_if(rules.refusals_to_confirm_in_batch(hit.verdict, obvious, frozen=hit.frozen))
        confirm_hit(hit_id, by=by)
        return
    if hit is not None:
        refuse_if(rules.refusals_to_batch(hit.state, obvious, frozen=hit.frozen))
    note = f"By the dozen, by version {figures.version} of the figures “{figures.name}”."
    propose_hit(hit_id, by=by, verdict="no_match", reason=obvious, note=note)


# --- inside ----------------------------------------------------------------------------------------------


def _document(hit: ScreeningHit, document_id: int) -> Document:
    """A paper of this client's file, and of no other."""
    found: Document | None = Document.objects.filter(pk=document_id, client_id=hit.client_id).first()
    if found is None:
        raise NotVisible(f"clients.Document {document_id}")
    return found


def _refusals_of_the_stale(hit: ScreeningHit) -> list[str]:
    """Nobody decides on facts that are not the facts any more."""
    if not hit.compared:
        return []
    listed = hit.entity.until_id is None or hit.is_gone()
    same = facts_of([hit.party])[hit.party_id] == hit.compared
    return rules.refusals_of_the_stale(same, listed)


def _last_step(hit: ScreeningHit) -> int:
    return hit.steps.order_by("-pk").values_list("pk", flat=True).first() or 0


def _snapshot(hit: ScreeningHit) -> dict[str, Any]:
    """All that a decision is made on, so that it can be judged again years later."""
    on = timezone.localdate()
    figures = pack("kyc", on)
    version = ListVersion.objects.filter(source=hit.entity.source, active=True).first()
    return {
        "score": hit.score,
        "sentence": hit.sentence,
        "details": hit.details,
        "client": hit.compared,
        "entity": hit.entity_id,
        "content": hit.entity.content,
        "list": version.pk if version else hit.entity.since_id,
        "scorer": hit.scorer,
        "threshold": int(figures["screening_threshold"]),
        "pack_version": figures.version,
        "verdict": hit.verdict,
        "reason": hit.reason,
        "paper": hit.paper,
    }


def _write(hit: ScreeningHit, said: HitStep.Said, by: User, **fields: Any) -> HitStep:
    told = {"reason": hit.reason, "note": hit.note, "paper": hit.paper} | fields
    step: HitStep = HitStep.objects.create(
        client_id=hit.client_id,
        hit=hit,
        said=said,
        by=by,
        first=hit.proposed_by,
        verdict=hit.verdict,
        entity_id=hit.entity_id,
        **told,
    )
    return step
