"""The audit of interactions: plans and what they drew, the review of one record, what asks a person."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Count, DateTimeField, DurationField, ExpressionWrapper, F, Value
from django.utils import timezone

from clients.access import Person
from clients.models import Interaction
from clients.rules.record import RecordLine
from clients.selectors import RecordPage, record_page
from compliance.models import Attestation, OffChannelUse, SampleItem, SamplePlan, SampleStep
from compliance.rules import sampling as rules
from compliance.selectors.desk import chosen
from jobs.models import Job
from jobs.models import State as JobState
from jobs.selectors import job_of
from rulebook.selectors import pack
from staff.models import BookMember, BookRole, User
from ui.formats import midnight
from ui.paging import Page, keyset

# Whose record was logged in the period, and why it is drawn whatever the seed says. The twin of
# rules.sampling.why_always over clients.rules.record.has_advice_gaps; a test proves the two equal.
WHY_ALWAYS = """
CASE WHEN client.risk = ANY(%(always_risk)s::text[]) THEN 'risk'
     WHEN 'off_channel' = ANY(%(always_kinds)s::text[])
          AND (contact.off_channel OR EXISTS (SELECT FROM compliance_offchanneluse declared
                                              WHERE declared.interaction_id = contact.id)) THEN 'off_channel'
     WHEN 'late' = ANY(%(always_kinds)s::text[]) AND contact.late_reason <> '' THEN 'late'
     WHEN 'advice_gaps' = ANY(%(always_kinds)s::text[])
          AND (contact.advice_given OR contact.order_details <> '')
          AND (contact.jurisdiction = '' OR contact.products = '' OR contact.inducement = ''
               OR contact.follow_up = ''
               OR contact.channel IN ('call', 'video') AND contact.recording = ''
               OR contact.channel IN ('meeting', 'visit')
                  AND (contact.place = '' OR contact.attendees = '')) THEN 'advice_gaps'
     ELSE '' END"""
POPULATION = f"""
SELECT contact.id, contact.client_id, contact.by_id, author.team_id, contact.channel, client.risk,
       {WHY_ALWAYS} AS why
FROM clients_interaction contact
JOIN clients_client client ON client.id = contact.client_id
JOIN staff_user author ON author.id = contact.by_id
WHERE contact.logged_at >= %(begins)s AND contact.logged_at < %(ends)s
"""  # noqa: S608 - constants
# The same order as rules.sampling.place_of, and as many as rules.sampling.share_of.
DRAW = f"""
WITH population AS MATERIALIZED ({POPULATION}),
rest AS (
    SELECT population.*, count(*) OVER () AS whole,
           row_number() OVER (ORDER BY sha256(convert_to(%(seed)s || ':' || id::text, 'UTF8'))) AS place
    FROM population WHERE why = ''
),
drawn AS (
    SELECT id, client_id, by_id, team_id, channel, risk, why FROM population WHERE why <> ''
    UNION ALL
    SELECT id, client_id, by_id, team_id, channel, risk, 'random' FROM rest
    WHERE place <= ceil(whole * %(percent)s::numeric / 100)
),
made AS (
    INSERT INTO compliance_sampleitem
        (plan_id, interaction_id, client_id, author_id, team_id, channel, risk, why, state, due_on)
    SELECT %(plan)s, id, client_id, by_id, team_id, channel, risk, why, 'drawn', %(due_on)s FROM drawn
    RETURNING why
)
SELECT (SELECT count(*) FROM population), (SELECT count(*) FROM made WHERE why <> 'random'),
       (SELECT count(*) FROM made WHERE why = 'random')
"""  # noqa: S608 - constants
# The population as it can be read for ever: locked records do not change, and what was drawn is stored.
STORED = """
SELECT contact.id, CASE WHEN item.why <> 'random' THEN item.why ELSE '' END
FROM clients_interaction contact
LEFT JOIN compliance_sampleitem item ON item.interaction_id = contact.id AND item.plan_id = %(plan)s
WHERE contact.logged_at >= %(begins)s AND contact.logged_at < %(ends)s
ORDER BY contact.id
"""


def period_of(first: date, last: date) -> dict[str, datetime]:
    return {"begins": midnight(first), "ends": midnight(last + timedelta(days=1))}


def draw_refusals(first: date, last: date, today: date) -> list[str]:
    """For the page and for the guard. 2 queries."""
    if last < first or (last - first).days > 366 or last >= today:
        return rules.refusals_to_draw(first, last, today, overlaps=False, unlocked=0)
    span = period_of(first, last)
    logged = Interaction.objects.filter(logged_at__gte=span["begins"], logged_at__lt=span["ends"])
    return rules.refusals_to_draw(
        first,
        last,
        today,
        overlaps=SamplePlan.objects.filter(first_on__lte=last, last_on__gte=first).exists(),
        unlocked=logged.alias(locks_at=LOCKS_AT).filter(locks_at__gt=timezone.now()).count(),
    )


LOCKS_AT = ExpressionWrapper(
    F("logged_at")
    + ExpressionWrapper(F("lock_hours") * Value(timedelta(hours=1)), output_field=DurationField()),
    output_field=DateTimeField(),
)


def next_period(today: date) -> tuple[date, date]:
    """The month before this one, or what of it no plan covers yet. 1 query."""
    last = today.replace(day=1) - timedelta(days=1)
    first = last.replace(day=1)
    newest = SamplePlan.objects.order_by("-last_on").first()
    if newest is not None and newest.last_on >= first:
        first, last = newest.last_on + timedelta(days=1), today - timedelta(days=2)
    return first, max(first, last)


# --- plans -----------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class PlanRow:
    plan: SamplePlan
    states: Mapping[str, int]

    @property
    def reviewed(self) -> int:
        """Judged once: passed, failed or mended; a question keeps it open."""
        return sum(self.states.get(state, 0) for state in DECIDED)


DECIDED = (rules.PASSED, rules.FAILED, rules.REMEDIATED)
GROUPS = {
    "decided": DECIDED,
    "failures": (rules.FAILED, rules.REMEDIATED),
    "asked": (rules.QUERIED, rules.ANSWERED),
}


def plan_list() -> list[PlanRow]:
    """Every plan with its progress, the newest first. 2 queries."""
    plans = list(SamplePlan.objects.select_related("asked_by").order_by("-first_on")[:100])
    states: dict[int, Counter[str]] = {plan.pk: Counter() for plan in plans}
    counted = SampleItem.objects.filter(plan__in=plans).order_by().values_list("plan", "state")
    for plan_id, state, count in counted.annotate(count=Count("pk")):
        states[plan_id][state] = count
    return [PlanRow(plan, states[plan.pk]) for plan in plans]


@dataclass(frozen=True)
class PlanPage:
    row: PlanRow
    whys: list[tuple[str, str, int]]  # (code, label, how many)
    states: list[tuple[str, str, int]]
    reviewers: list[tuple[str, int]]
    job: Job | None

    @property
    def has_died(self) -> bool:
        return self.job is not None and self.job.state == JobState.DEAD

    @property
    def plan(self) -> SamplePlan:
        return self.row.plan


def plan_page(person: User, plan_id: int) -> PlanPage | None:
    """4 queries, 5 while it is being drawn."""
    plan = SamplePlan.objects.select_related("asked_by").filter(pk=plan_id).first()
    if plan is None:
        return None
    items = SampleItem.objects.filter(plan=plan).order_by()
    whys = dict(items.values_list("why").annotate(count=Count("pk")))
    states = dict(items.values_list("state").annotate(count=Count("pk")))
    reviewers = items.filter(reviewed_by__isnull=False).values_list("reviewed_by__name")
    return PlanPage(
        row=PlanRow(plan, states),
        whys=[(str(each), str(each.label), whys.get(each, 0)) for each in SampleItem.Why],
        states=[(str(each), str(each.label), states.get(each, 0)) for each in SampleItem.State],
        reviewers=list(reviewers.annotate(count=Count("pk")).order_by("-count", "reviewed_by__name")),
        job=job_of(person.pk, plan.job_id) if plan.drawn_at is None and plan.job_id else None,
    )


@dataclass(frozen=True)
class Redrawn:
    """A plan drawn again from what is stored, by the rules in Python and not by the SQL that drew it."""

    plan: SamplePlan
    drawn: list[dict[str, Any]]
    population: int
    digest: str
    differences: list[str]

    @property
    def agrees(self) -> bool:
        return not self.differences


def redrawn(plan: SamplePlan) -> Redrawn:
    """4 queries, whatever was drawn; the population is read in one piece."""
    with connection.cursor() as cursor:
        cursor.execute(STORED, {"plan": plan.pk, **period_of(plan.first_on, plan.last_on)})
        population: list[tuple[int, str]] = cursor.fetchall()
    items = {each.interaction_id: each for each in SampleItem.objects.filter(plan=plan)}
    rest = [pk for pk, why in population if not why]
    chosen_ids = rules.drawn_of(plan.seed, rest, plan.figures["random_percent"])
    expected = {pk: why for pk, why in population if why} | dict.fromkeys(chosen_ids, rules.RANDOM)
    found = {pk: item.why for pk, item in items.items()}
    digest = rules.digest_of(population)
    differences = [
        f"Record {pk} is drawn ({found.get(pk, 'not')}), and should be {expected.get(pk, 'not')}."
        for pk in sorted(set(expected) | set(found))
        if expected.get(pk) != found.get(pk)
    ]
    differences += [
        f"Record {pk} must always be drawn ({why}), and was left to chance."
        for pk, why in _of_kind_in(plan, rest)
    ]
    if digest != plan.digest:
        differences.append("The population is not the one that was drawn from: its digest differs.")
    return Redrawn(
        plan=plan,
        drawn=[
            {"interaction": pk, "why": why, "place": rules.place_of(plan.seed, pk)}
            for pk, why in sorted(expected.items())
        ],
        population=len(population),
        digest=digest,
        differences=differences,
    )


_OF_KIND = f"""
SELECT id, why FROM ({POPULATION}) whole WHERE why <> '' AND id = ANY(%(rest)s) ORDER BY id
"""  # noqa: S608 - constants


def _of_kind_in(plan: SamplePlan, rest: Sequence[int]) -> list[tuple[int, str]]:
    """Records left to chance though of a kind that is always drawn; unlike a risk, kinds are locked."""
    with connection.cursor() as cursor:
        cursor.execute(
            _OF_KIND,
            {
                **period_of(plan.first_on, plan.last_on),
                "always_risk": [],
                "always_kinds": plan.figures["always_kinds"],
                "rest": list(rest),
            },
        )
        return list(cursor.fetchall())


# --- samples ---------------------------------------------------------------------------------------------
def sample_list(person: Person, asked: Mapping[str, Any], today: date) -> Page[SampleItem]:
    """Samples by what they wait for, the earliest due first. 2 queries, one more for a clock and an edge."""
    if asked.get("clock") and asked.get("state") in QUEUE_OF:
        items = chosen(person, QUEUE_OF[asked["state"]], asked, today)
    else:
        items = SampleItem.objects.visible_to(person)
        if state := asked.get("state"):
            items = items.filter(state__in=GROUPS.get(state, [state]))
    for name in ("plan", "author", "team", "channel", "why"):
        if value := asked.get(name):
            items = items.filter(**{name: value})
    if asked.get("state") == rules.QUERIED and asked.get("late"):
        items = items.filter(due_on__lt=today)
    if since := asked.get("since"):
        items = items.filter(plan__last_on__gte=since)
    found = items.select_related("client", "author", "interaction", "reviewed_by", "task")
    return keyset(found, "due_on", after=asked.get("after"), before=asked.get("before"))


# The state in whose list a queue of the desk is.
QUEUE_OF = {
    rules.DRAWN: "samples",
    rules.ANSWERED: "sample_answers",
    rules.QUERIED: "sample_queries",
    rules.FAILED: "sample_remedies",
}


def teams_above(team_id: int | None) -> set[int]:
    """That team and every team above it. 1 query."""
    with connection.cursor() as cursor:
        cursor.execute(_ABOVE, [team_id])
        return {pk for (pk,) in cursor.fetchall()}


_ABOVE = """
WITH RECURSIVE above AS (
    SELECT id, parent_id FROM staff_team WHERE id = %s
    UNION SELECT up.id, up.parent_id FROM staff_team up JOIN above ON up.id = above.parent_id
)
SELECT id FROM above"""


def judge_refusals(person: User, item: SampleItem) -> list[str]:
    """Whether this officer may judge this record at all: for the page, and for the guard. 0 to 3 queries."""
    teams = User.objects.filter(pk__in=person.logins, team__isnull=False).values_list("team_id", flat=True)
    led = set(teams) if len(person.logins) > 1 else {person.team_id} - {None}
    return rules.refusals_to_judge(
        own=person.is_same_person(item.author_id),
        attended=person.is_same_person(*item.interaction.colleagues),
        reviewer_above=bool(led) and not led.isdisjoint(teams_above(item.author.team_id)),
    )


@dataclass(frozen=True)
class SamplePage:
    item: SampleItem
    record: RecordPage
    steps: list[SampleStep]
    lines: list[tuple[RecordLine, bool]]  # with the last officer's word, or the system's
    judge_refusals: list[str]
    served_by: User | None
    task_done: bool

    @property
    def question(self) -> SampleStep | None:
        return next((step for step in reversed(self.steps) if step.said == SampleStep.Said.QUERIED), None)

    @property
    def close_refusals(self) -> list[str]:
        return self.judge_refusals or rules.refusals_to_close(self.item.state, self.task_done)


def sample_of(person: Person, item_id: int) -> SampleItem | None:
    found: SampleItem | None = (
        SampleItem.objects.visible_to(person)
        .select_related("client__book__team", "interaction__by", "author", "plan", "task", "asked_of")
        .with_id(item_id)
    )
    return found


def question_to(person: User, item_id: int) -> SampleItem | None:
    """A question that was asked, for who answers it; others do not learn of it. 1 or 2 queries."""
    item = sample_of(person, item_id)
    if item is None or item.state not in GROUPS["asked"]:
        return None
    mine = item.asked_of_id == person.pk or person.pk in serving(item.client.book_id)
    return item if mine else None


def sample_page(person: User, item_id: int) -> SamplePage | None:
    """The record, line by line, and everything that happened to the sample. 6 to 10 queries."""
    item = sample_of(person, item_id)
    if item is None:
        return None
    record = record_page(person, item.interaction_id)
    assert record is not None
    steps = list(SampleStep.objects.filter(item=item).select_related("by").order_by("pk"))
    judged: list[dict[str, Any]] = next((step.lines for step in reversed(steps) if step.lines), [])
    said = {line["code"]: line["found"] for line in judged}
    return SamplePage(
        item=item,
        record=record,
        steps=steps,
        lines=[(line, said.get(line.code, line.met)) for line in record.lines],
        judge_refusals=judge_refusals(person, item),
        served_by=who_serves(item),
        task_done=item.task is not None and item.task.done_at is not None,
    )


def who_serves(item: SampleItem) -> User | None:
    """Who is asked: the author while he or she sees the file, else the owner of the book. 1 to 3 queries."""
    author = item.author
    if author.is_active and Interaction.objects.visible_to(author).filter(pk=item.interaction_id).exists():
        return author
    owners = (
        BookMember.objects.owners().at(timezone.now()).filter(book=item.client.book_id, user__is_active=True)
    )
    member = owners.select_related("user").first()
    return member.user if member else None


def serving(book_id: int) -> list[int]:
    """Owner and deputies of a book at this moment. 1 query."""
    members = BookMember.objects.at(timezone.now()).filter(
        book=book_id, role__in=[BookRole.OWNER, BookRole.DEPUTY]
    )
    return list(members.values_list("user_id", flat=True))


def next_to_review(person: User, plan_id: int) -> int | None:
    """The earliest due sample of a plan that this officer may judge. 2 queries; 22 of who is in a team."""
    waiting = SampleItem.objects.visible_to(person).filter(plan=plan_id, state__in=rules.TO_DECIDE)
    free = (
        waiting.exclude(author__in=person.logins)
        .select_related("author", "interaction")
        .order_by("due_on", "pk")
    )
    return next((item.pk for item in free[:20] if not judge_refusals(person, item)), None)


# --- what asks a person ----------------------------------------------------------------------------------
@dataclass(frozen=True)
class MyRecord:
    """What compliance asks of one person: questions, what is to be mended, the attestation."""

    questions: list[tuple[SampleItem, SampleStep]]
    tasks: list[SampleItem]
    attestation: Attestation | None
    uses: list[OffChannelUse]
    past: list[Attestation]


def my_record(person: User) -> MyRecord:
    """6 queries."""
    mine = SampleItem.objects.visible_to(person).select_related("client", "interaction", "task")
    asked = list(mine.filter(state=rules.QUERIED, asked_of=person.pk).order_by("due_on")[:100])
    steps = SampleStep.objects.filter(item__in=asked, said=SampleStep.Said.QUERIED).order_by("pk")
    last = {step.item_id: step for step in steps}
    attestations = list(Attestation.objects.filter(person=person.pk).order_by("-first_on")[:8])
    uses = OffChannelUse.objects.visible_to(person).filter(attestation__person=person.pk, interaction=None)
    return MyRecord(
        questions=[(item, last[item.pk]) for item in asked],
        tasks=list(
            mine.filter(state=rules.FAILED, task__assigned_to=person.pk, task__done_at__isnull=True).order_by(
                "due_on"
            )[:100]
        ),
        attestation=next((each for each in reversed(attestations) if each.attested_at is None), None),
        uses=list(uses.select_related("client").order_by("on", "pk")[:100]),
        past=[each for each in attestations if each.attested_at],
    )


def attestation_due(person: User) -> Attestation | None:
    """What My day reminds of. 1 query."""
    missing = Attestation.objects.filter(person=person.pk, attested_at__isnull=True)
    found: Attestation | None = missing.order_by("due_on").first()
    return found


def attestation_list(person: Person, asked: Mapping[str, Any], today: date) -> Page[Attestation]:
    """Who attested and who did not, the longest due first. 2 queries, one more for a clock and an edge."""
    state = asked.get("state", "missing")
    rows = chosen(person, "attestations", asked, today) if asked.get("clock") else Attestation.objects.all()
    if state == "missing":
        rows = rows.filter(attested_at__isnull=True)
    elif state == "used":
        rows = rows.filter(used=True)
    elif state == "attested":
        rows = rows.filter(attested_at__isnull=False)
    found = rows.select_related("person__team").annotate(
        declared=Count("uses", distinct=True), captured=Count("uses__interaction", distinct=True)
    )
    return keyset(found, "due_on", after=asked.get("after"), before=asked.get("before"))


def use_of(person: Person, use_id: int) -> OffChannelUse | None:
    found: OffChannelUse | None = (
        OffChannelUse.objects.visible_to(person).select_related("client", "attestation").with_id(use_id)
    )
    return found


def interaction_figures(on: date) -> Any:
    """Rule pack "interactions" of a day. 1 query."""
    return pack("interactions", on)
