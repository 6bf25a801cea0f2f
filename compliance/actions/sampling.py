"""The audit of interactions: draw a sample, judge a record, ask, answer, mend; attest the channels."""

import secrets
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from alerts.actions import write_mail
from audit.record import record as note_down
from clients.actions import log_interaction, write_addendum
from clients.models import Client, Interaction, Task, TaskKind
from clients.selectors import lines_of
from compliance.models import Attestation, OffChannelUse, SampleItem, SamplePlan, SampleStep
from compliance.rules import sampling as rules
from compliance.selectors import sampling as found
from jobs.actions import ask
from jobs.models import Job
from jobs.models import State as JobState
from rulebook.calendars import working_days
from rulebook.selectors import Pack, pack
from staff.lock import action
from staff.models import User
from staff.night import night_shift
from staff.roles import May, Role, may
from ui.refusals import NotVisible, refuse_if

JOB = "compliance.draw_sample"
Said = SampleStep.Said


def _figures() -> Pack:
    return pack("interactions", timezone.localdate())


# --- plans -----------------------------------------------------------------------------------------------
@action(May.INTERACTIONS_SAMPLE, "sample planned", remember=("first_on", "last_on"))
def plan_sample(_: None, *, by: User, first_on: date, last_on: date) -> SamplePlan:
    """A plan over the records logged in a period; the seed is the machine's, nobody chooses it.

    Of a plan whose drawing died the same days are asked again: the same plan is drawn, by the same seed.
    """
    if stuck := _stuck(first_on, last_on):
        stuck.job_id = ask(JOB, f"draw {stuck.pk} after {stuck.job_id}", person_id=by.pk, plan=stuck.pk).pk
        stuck.save(update_fields=["job_id"])
        return stuck
    refuse_if(found.draw_refusals(first_on, last_on, timezone.localdate()))
    figures = _figures()
    plan: SamplePlan = SamplePlan.objects.create(
        first_on=first_on,
        last_on=last_on,
        seed=secrets.token_hex(16),
        pack_version=figures.version,
        figures=figures["sampling"],
        asked_by=by,
    )
    plan.job_id = ask(JOB, f"draw {plan.pk}", person_id=by.pk, plan=plan.pk).pk
    plan.save(update_fields=["job_id"])
    return plan


def _stuck(first_on: date, last_on: date) -> SamplePlan | None:
    plans = SamplePlan.objects.select_for_update().filter(first_on=first_on, last_on=last_on)
    plan: SamplePlan | None = plans.filter(drawn_at__isnull=True).first()
    if plan is None or not plan.job_id:
        return None
    return plan if Job.objects.filter(pk=plan.job_id, state=JobState.DEAD).exists() else None


@action(May.INTERACTIONS_SAMPLE, "sample drawn")
def draw_sample(_: None, *, by: User, plan_id: int) -> SamplePlan:
    """In one statement, so that every record is judged at one moment; drawn once."""
    plan: SamplePlan | None = SamplePlan.objects.select_for_update().filter(pk=plan_id).first()
    if plan is None:
        raise NotVisible(f"compliance.SamplePlan {plan_id}")
    if plan.drawn_at is not None:
        return plan
    figures, span = _figures(), found.period_of(plan.first_on, plan.last_on)
    due_on = working_days(figures["calendar"]).after(timezone.localdate(), int(figures["review_days"]))
    with connection.cursor() as cursor:
        cursor.execute(
            found.DRAW,
            {
                **span,
                "plan": plan.pk,
                "seed": plan.seed,
                "percent": plan.figures["random_percent"],
                "always_risk": plan.figures["always_risk"],
                "always_kinds": plan.figures["always_kinds"],
                "due_on": due_on,
            },
        )
        plan.population, plan.always, plan.random = cursor.fetchone()
        cursor.execute(found.STORED, {**span, "plan": plan.pk})
        plan.digest = rules.digest_of(cursor.fetchall())
    plan.drawn_at = timezone.now()
    plan.save(update_fields=["population", "always", "random", "digest", "drawn_at"])
    return plan


# --- the review ------------------------------------------------------------------------------------------
def _judged(item: SampleItem, by: User, ticked: Sequence[str]) -> tuple[list[dict[str, Any]], list[str]]:
    """(every line with the system's look and the officer's word, labels of those found not met)."""
    lines = lines_of(item.interaction)
    told = [
        {"code": line.code, "label": line.label, "met": line.met, "sentence": line.sentence,
         "found": line.code in ticked}
        for line in lines
    ]  # fmt: skip
    return told, [line.label for line in lines if line.code not in ticked]


def _step(item: SampleItem, said: str, by: User, note: str = "", **more: Any) -> None:
    SampleStep.objects.create(
        client_id=item.client_id,
        item=item,
        said=said,
        by=by,
        note=note,
        pack_version=_figures().version,
        **more,
    )


@action(May.INTERACTIONS_SAMPLE, "sample passed", on="compliance.SampleItem")
def pass_sample(item: SampleItem, *, by: User, met: Sequence[str], note: str = "") -> SampleItem:
    """The record holds what it must. Neither its author nor who attended nor the author's manager says so."""
    lines, not_met = _judged(item, by, met)
    refuse_if(
        found.judge_refusals(by, item)
        or rules.refusals_to_decide(item.state)
        or rules.refusals_to_pass(not_met)
    )
    _step(item, Said.PASSED, by, note, lines=lines)
    return _decide(item, rules.PASSED, by)


def _decide(item: SampleItem, state: str, by: User) -> SampleItem:
    item.state, item.reviewed_by, item.decided_at, item.asked_of = state, by, timezone.now(), None
    item.save(update_fields=["state", "reviewed_by", "decided_at", "asked_of", "due_on", "task"])
    return item


@action(May.INTERACTIONS_SAMPLE, "question asked about a record", on="compliance.SampleItem")
def query_sample(item: SampleItem, *, by: User, met: Sequence[str], note: str) -> SampleItem:
    """A question to who logged it, or serves the client now; the answer is due in working days."""
    lines, _not_met = _judged(item, by, met)
    asked = found.who_serves(item)
    refuse_if(
        found.judge_refusals(by, item)
        or rules.refusals_to_decide(item.state)
        or rules.refusals_to_send(asked is not None, note, "query")
    )
    item.state, item.asked_of, item.reviewed_by = rules.QUERIED, asked, by
    item.due_on = _days_of(item.client).after(timezone.localdate(), int(_figures()["query_days"]))
    item.save(update_fields=["state", "asked_of", "reviewed_by", "due_on"])
    _step(item, Said.QUERIED, by, note, lines=lines, due_on=item.due_on)
    return item


def _days_of(client: Client) -> Any:
    return working_days(client.book.team.calendar)


@action(May.INTERACTIONS_LOG, "question of compliance answered", on="compliance.SampleItem")
def answer_query(item: SampleItem, *, by: User, text: str) -> SampleItem:
    """By an addendum to the locked record; the officer reads it within as many days."""
    refuse_if(
        rules.refusals_to_answer(item.state, by.pk, item.asked_of_id, found.serving(item.client.book_id))
    )
    addendum = write_addendum(item.interaction, text, by)
    figures = _figures()
    item.state = rules.ANSWERED
    item.due_on = working_days(figures["calendar"]).after(timezone.localdate(), int(figures["query_days"]))
    item.save(update_fields=["state", "due_on"])
    _step(item, Said.ANSWERED, by, addendum=addendum)
    return item


@action(May.INTERACTIONS_SAMPLE, "sample failed", on="compliance.SampleItem")
def fail_sample(
    item: SampleItem, *, by: User, met: Sequence[str], note: str, until_on: date | None = None
) -> SampleItem:
    """The record does not hold what it must: a task says what is to be mended, by whom and until when."""
    lines, _not_met = _judged(item, by, met)
    asked = found.who_serves(item)
    refuse_if(
        found.judge_refusals(by, item)
        or rules.refusals_to_decide(item.state)
        or rules.refusals_to_send(asked is not None, note, "fail")
    )
    assert asked is not None
    days = int(_figures()["remediation_days"])
    item.due_on = until_on or _days_of(item.client).after(timezone.localdate(), days)
    item.task = Task.objects.create(
        client_id=item.client_id,
        kind=TaskKind.FOLLOW_UP,
        title=_("Mend the record of a contact: {what}").format(what=note)[:200],
        due_on=item.due_on,
        assigned_to=asked,
        made_by=by,
    )
    _step(item, Said.FAILED, by, note, lines=lines, due_on=item.due_on)
    return _decide(item, rules.FAILED, by)


@action(May.INTERACTIONS_SAMPLE, "sample found mended", on="compliance.SampleItem")
def close_sample(item: SampleItem, *, by: User, note: str = "") -> SampleItem:
    """An officer looked at what was mended."""
    done = item.task is not None and item.task.done_at is not None
    refuse_if(found.judge_refusals(by, item) or rules.refusals_to_close(item.state, done))
    item.state = rules.REMEDIATED
    item.save(update_fields=["state"])
    _step(item, Said.REMEDIATED, by, note)
    return item


@action(May.INTERACTIONS_SAMPLE, "sample found not mended", on="compliance.SampleItem")
def reject_sample(item: SampleItem, *, by: User, note: str) -> SampleItem:
    """The task opens again, with new days and the reason in its title."""
    done = item.task is not None and item.task.done_at is not None
    refuse_if(found.judge_refusals(by, item) or rules.refusals_to_reject(item.state, done, note))
    assert item.task is not None
    days = int(_figures()["remediation_days"])
    item.due_on = _days_of(item.client).after(timezone.localdate(), days)
    item.save(update_fields=["due_on"])
    task: Task = item.task
    task.done_at, task.due_on = None, item.due_on
    task.title = _("Mend the record of a contact: {what}").format(what=note)[:200]
    task.save(update_fields=["done_at", "due_on", "title"])
    _step(item, Said.REJECTED, by, note, due_on=item.due_on)
    return item


# --- attestation of channels -----------------------------------------------------------------------------
ATTESTING = [str(role) for role in Role if may(role, May.CHANNELS_ATTEST)]


def open_attestations(today: date) -> int:
    """Ask everybody who serves clients, once for each period that is over; how many were asked now."""
    figures = _figures()
    first, last = rules.period_before(today, int(figures["attestation_months"]))
    due_on = working_days(figures["calendar"]).after(last, int(figures["attestation_days"]))
    serving = User.objects.filter(is_active=True, role__in=ATTESTING).exclude(joined_on__gt=last)
    asked = serving.exclude(attestations__first_on=first).order_by("pk")
    fresh = [
        Attestation(person=person, first_on=first, last_on=last, due_on=due_on, pack_version=figures.version)
        for person in asked
    ]
    Attestation.objects.bulk_create(fresh, ignore_conflicts=True)
    if fresh:
        note_down(
            "attestations asked for", by=night_shift(), payload={"asked": len(fresh), "first": str(first)}
        )
    return len(fresh)


@action(May.CHANNELS_ATTEST, "channels attested", remember=("attestation_id",))
def attest(
    _none: None, *, by: User, attestation_id: int, uses: Sequence[tuple[int, date, str]]
) -> Attestation:
    """That no unrecorded channel was used, or (client, day, channel) of each use: a task to log it."""
    made: Attestation | None = (
        Attestation.objects.select_for_update().filter(pk=attestation_id, person=by.pk).first()
    )
    if made is None:
        raise NotVisible(f"compliance.Attestation {attestation_id}")
    refuse_if(rules.refusals_to_attest(made.person_id, by.pk, made.attested_at is not None))
    for client_id, on, what in uses:
        declare_use(client_id, by=by, attestation=made, on=on, what=what)
    made.attested_at, made.used = timezone.now(), bool(uses)
    made.save(update_fields=["attested_at", "used"])
    return made


@action(May.CHANNELS_ATTEST, "unrecorded channel declared", on="clients.Client", hold="parent")
def declare_use(client: Client, *, by: User, attestation: Attestation, on: date, what: str) -> OffChannelUse:
    days = int(_figures()["query_days"])
    task = Task.objects.create(
        client=client,
        kind=TaskKind.FOLLOW_UP,
        title=_("Log what was said on {what}").format(what=what)[:200],
        due_on=_days_of(client).after(timezone.localdate(), days),
        assigned_to=by,
        made_by=by,
    )
    made: OffChannelUse = OffChannelUse.objects.create(
        client=client, attestation=attestation, on=on, what=what, task=task
    )
    return made


@action(May.INTERACTIONS_LOG, "unrecorded channel captured", on="compliance.OffChannelUse")
def capture_use(use: OffChannelUse, *, by: User, at: datetime, **told: Any) -> Interaction:
    """What was said becomes an interaction, marked as not recorded; the task is done with it."""
    refuse_if(rules.refusals_to_capture(use.attestation.person_id, by.pk, use.interaction_id is not None))
    told["off_channel"] = True
    use.interaction = log_interaction(use.client_id, by=by, at=at, **told)
    use.save(update_fields=["interaction"])
    Task.objects.open().filter(pk=use.task_id or 0).update(done_at=timezone.now())
    return use.interaction


@action(May.INTERACTIONS_SAMPLE, "reminded to attest", remember=("attestation_id",))
def remind_to_attest(_none: None, *, by: User, attestation_id: int) -> Attestation:
    """A mail with a link, and a line on the person's day; once a day at most."""
    missing: Attestation | None = (
        Attestation.objects.select_for_update(of=("self",))
        .select_related("person")
        .filter(pk=attestation_id)
        .first()
    )
    if missing is None:
        raise NotVisible(f"compliance.Attestation {attestation_id}")
    last = timezone.localdate(missing.reminded_at) if missing.reminded_at else None
    refuse_if(rules.refusals_to_remind_to_attest(missing.attested_at is not None, last, timezone.localdate()))
    missing.reminded_at = timezone.now()
    missing.save(update_fields=["reminded_at"])
    write_mail(
        missing.person,
        subject=_("Please attest your channels"),
        sentence=_("Your attestation of the channels you used is missing."),
        url="compliance:mine",
    )
    return missing
