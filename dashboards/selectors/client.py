"""Client 360: everything one reads about a client before, in and after a meeting."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db.models import BooleanField, DateField, DateTimeField, FilteredRelation, JSONField, OuterRef, Q
from django.db.models.expressions import RawSQL
from django.db.models.functions import JSONObject
from django.utils import timezone
from django.utils.translation import gettext as _

from alerts.models import Alert
from alerts.selectors import Shown, show_alerts
from clients.access import Person, reach
from clients.models import (
    Client,
    DocumentKind,
    GrantPurpose,
    Interaction,
    LifeEvent,
    Party,
    RelationKind,
    State,
    Task,
)
from clients.selectors import timeline
from clients.selectors.lists import RISK_TONES
from compliance.rules.hits import refusals_to_go_on
from needs.models import Assessment
from onboarding.models import Ending
from opportunities.models import Stage
from portfolios.models import ProductKind
from portfolios.rules import Valuation
from portfolios.selectors import allocation_bars, valued_holdings
from staff.models import BookRole
from staff.roles import May
from ui import screen
from ui.paging import Page

SHOWN = 8  # of each list; the rest is behind a link
SAID_BY_TASKS = ["retention.promise_due", "retention.task_due"]  # the list of tasks below says them in full
COMPLAINT_DAYS = 90


@dataclass(frozen=True)
class Flag:
    """What must be known before anything is offered."""

    text: str
    tone: str  # of ui's badges
    url: str = ""  # the URL name of the client's page where it is seen to


@dataclass(frozen=True)
class Someone:
    """A party of the file: what it is to the client and how it is reached."""

    party: Party
    relations: list[str]
    points: list[dict[str, Any]]


@dataclass(frozen=True)
class ClientPage:
    """All of a client on one page; every list is capped, `more` says which go on elsewhere."""

    client: Client
    flags: list[Flag]
    was_client: bool  # or is one: no lead, nobody who came to nothing on the way
    ended: dict[str, Any] | None  # why, asked for by whom, approved by whom
    review_refusals: list[str]  # why no review is prepared now
    main: Someone | None
    people: list[Someone]
    household: list[dict[str, Any]]
    valuation: Valuation
    bars: list[dict[str, Any]]
    positions: Sequence[Any]
    assessment: Assessment | None
    assessment_expired: bool
    goals: list[dict[str, Any]]
    tasks: list[Task]
    alerts: list[Shown]
    opportunities: list[dict[str, Any]]
    documents: list[dict[str, Any]]
    life_events: list[dict[str, Any]]
    timeline: Page[Interaction]
    changes: list[str]
    owner: str
    members: list[dict[str, Any]]
    lent: list[dict[str, Any]]
    path: str
    reviewed_on: date | None
    risk_tone: str
    more: set[str]


def client_page(person: Person, client: Client, now: datetime) -> ClientPage:
    """Client 360 of a file that was opened. 12 queries, however long its history."""
    today = timezone.localdate(now)
    facts = _facts(person, client.pk, now, today)
    screen.notice("client", *(row["name"] for row in facts.at_home))
    for rows, column in ((facts.wishes, "name"), (facts.papers, "title"), (facts.lent_to, "reason")):
        screen.notice("text", *(row[column] for row in rows))
    assessment = getattr(facts, "signed", None)  # no attribute at all where there is no row
    valuation = valued_holdings(client, today, band=assessment.band if assessment else None)
    contacts = timeline(client, size=10)
    tasks = list(
        Task.objects.open()
        .filter(client=client)
        .select_related("assigned_to")
        .order_by("due_on")[: SHOWN + 1]
    )
    alerts = _alerts(person, client)
    main, people = _people(client)
    documents = [_document(row) for row in facts.papers]
    opportunities = [_opportunity(row) for row in facts.under_way]
    life_events = [_life_event(row) for row in facts.life]
    last = contacts.rows[0].at if contacts.rows else None
    return ClientPage(
        client=facts,
        flags=_flags(facts, assessment, today),
        was_client=_was_client(facts),
        ended=_ended(facts),
        review_refusals=refusals_to_go_on(any(facts.open_hits)),  # as reviews.selectors judges it
        main=main,
        people=people,
        household=facts.at_home,
        valuation=valuation,
        bars=allocation_bars(valuation) if valuation.allocation else [],
        positions=_largest(valuation),
        assessment=assessment,
        assessment_expired=bool(assessment and _is_past(assessment.valid_until, today)),
        goals=[_goal(row) for row in facts.wishes],
        tasks=tasks[:SHOWN],
        alerts=alerts[:SHOWN],
        opportunities=opportunities,
        documents=documents[:SHOWN],
        life_events=life_events,
        timeline=contacts,
        changes=_changes(last, documents, life_events, alerts, opportunities) if last else [],
        owner=next((row["name"] for row in facts.workers if row["role"] == BookRole.OWNER), ""),
        members=[
            row | {"role": BookRole(row["role"]).label}
            for row in sorted(facts.workers, key=lambda row: row["role"] != BookRole.OWNER)
        ],
        lent=[_grant(row) for row in facts.lent_to],
        path=_path(person, facts),
        reviewed_on=facts.reviewed_on,
        risk_tone=RISK_TONES.get(client.risk, "neutral"),
        more={
            name
            for name, rows in (("tasks", tasks), ("alerts", alerts), ("documents", documents))
            if len(rows) > SHOWN
        },
    )


def _facts(person: Person, client_id: int, now: datetime, today: date) -> Any:
    """The client with its one-to-one neighbours and its short lists, in one round trip.

    The lists are SQL of our own: Django takes longer to put such a statement together than PostgreSQL
    to answer it.
    """
    household = Client.objects.visible_to(person).filter(household=OuterRef("household"))
    at_home = (
        household.exclude(pk=OuterRef("pk")).order_by("name").values(row=JSONObject(id="pk", name="name"))
    )
    return (
        Client.objects.filter(pk=client_id)
        .annotate(signed=FilteredRelation("assessments", condition=Q(assessments__state="signed")))
        .select_related("book", "household", "kyc", "onboarding", "signed")  # type: ignore[misc]
        .annotate(
            at_home=ArraySubquery(at_home[:SHOWN]),
            **{name: _rows(sql) for name, sql in _LISTS.items()},
            papers=_rows(_PAPERS, at_most=SHOWN + 1),
            workers=RawSQL(f"ARRAY({_WORKERS})", [now], _ROWS),  # noqa: S611
            lent_to=_rows(_LENT, now, now),
            complained_at=RawSQL(_COMPLAINED_AT, [], DateTimeField()),  # noqa: S611
            reviewed_on=RawSQL(_REVIEWED_ON, [], DateField()),  # noqa: S611
            set_aside=RawSQL(_SET_ASIDE, [], BooleanField()),  # noqa: S611
        )
        .get()
    )


_ROWS = ArrayField(JSONField())


def _rows(sql: str, *told: Any, at_most: int = SHOWN) -> RawSQL:
    """The first rows of a statement of ours, in one column."""
    return RawSQL(f"ARRAY({sql} LIMIT {at_most})", told, _ROWS)  # noqa: S611 - constants


# Amounts come as text, for JSON would make them binary fractions.
_LISTS = {
    "wishes": """
        SELECT jsonb_build_object('name', name, 'amount', amount::text, 'currency', currency, 'by_on', by_on,
                                  'product_kind', product_kind)
        FROM needs_goal WHERE client_id = clients_client.id AND reached_on IS NULL ORDER BY by_on""",
    "under_way": """
        SELECT jsonb_build_object('id', deal.id, 'product_kind', product_kind, 'stage', stage,
                                  'value', value::text, 'currency', currency, 'owner', owner.name,
                                  'moved_at', moved_at)
        FROM opportunities_opportunity deal JOIN staff_user owner ON owner.id = deal.owner_id
        WHERE client_id = clients_client.id
            AND stage IN ('identified', 'need_confirmed', 'proposed', 'accepted')
        ORDER BY moved_at DESC, deal.id DESC""",
    "life": """
        SELECT jsonb_build_object('kind', kind, 'on', "on")
        FROM clients_lifeevent WHERE client_id = clients_client.id ORDER BY "on" DESC, id DESC""",
    "open_hits": """
        SELECT to_jsonb(frozen OR state = 'confirmed') FROM compliance_screeninghit
        WHERE client_id = clients_client.id
            AND (frozen OR state IN ('open', 'proposed', 'escalated', 'confirmed'))
        ORDER BY 1 DESC""",
    "end": """
        SELECT jsonb_build_object('state', ending.state, 'cause', cause, 'until_on', until_on,
                                  'asked_by', asker.name, 'decided_by', decider.name)
        FROM onboarding_ending ending JOIN staff_user asker ON asker.id = ending.asked_by_id
        LEFT JOIN staff_user decider ON decider.id = ending.decided_by_id
        WHERE client_id = clients_client.id AND state IN ('waiting', 'confirmed')
        ORDER BY ending.id DESC""",
}
_PAPERS = """
    SELECT jsonb_build_object('id', id, 'title', title, 'kind', kind, 'at', uploaded_at,
                              'expires_on', expires_on)
    FROM clients_document WHERE client_id = clients_client.id
    ORDER BY uploaded_at DESC, id DESC"""
_WORKERS = """
    SELECT jsonb_build_object('name', person.name, 'role', member.role)
    FROM staff_bookmember member JOIN staff_user person ON person.id = member.user_id
    WHERE member.book_id = clients_client.book_id AND member.during @> %s::timestamptz
    ORDER BY member.role, member.id"""
_LENT = """
    SELECT jsonb_build_object('name', person.name, 'reason', lent.reason, 'purpose', lent.purpose,
                              'ends_at', lent.ends_at)
    FROM clients_clientgrant lent JOIN staff_user person ON person.id = lent.user_id
    WHERE lent.content_object_id = clients_client.id AND starts_at <= %s AND (ends_at IS NULL OR ends_at > %s)
    ORDER BY lent.id"""
_COMPLAINED_AT = """(
    SELECT max(at) FROM clients_interaction WHERE client_id = clients_client.id AND purpose = 'complaint')"""
_SET_ASIDE = """EXISTS (
    SELECT FROM onboarding_setaside WHERE client_id = clients_client.id AND taken_up_at IS NULL)"""
_REVIEWED_ON = """(
    SELECT max(held_on) FROM reviews_review WHERE client_id = clients_client.id AND state = 'held')"""


def _people(client: Client) -> tuple[Someone | None, list[Someone]]:
    """Everyone on the file with roles and ways to reach them. 1 query."""
    parties = (
        Party.objects.filter(client=client)
        .annotate(
            points=_rows(_POINTS),
            roles_=RawSQL(f"ARRAY({_ROLES})", [], _ROWS),  # noqa: S611
        )
        .order_by("-is_client", "id")[:40]
    )
    everyone = [Someone(party, [_relation(role) for role in party.roles_], party.points) for party in parties]
    main = next((someone for someone in everyone if someone.party.is_client), None)
    return main, [someone for someone in everyone if not someone.party.is_client]


_POINTS = """
    SELECT jsonb_build_object('id', id, 'kind', kind, 'value', value, 'preferred', preferred)
    FROM clients_contactpoint WHERE party_id = clients_party.id ORDER BY preferred DESC, kind, id"""
_ROLES = """
    SELECT jsonb_build_object('kind', role.kind, 'share', role.share::text, 'of', whose.name,
                              'of_client', whose.is_client)
    FROM clients_relationship role JOIN clients_party whose ON whose.id = role.of_id
    WHERE role.party_id = clients_party.id AND role.until_on IS NULL AND role.struck_at IS NULL
    ORDER BY role.id"""


def _relation(row: dict[str, Any]) -> str:
    label = str(RelationKind(row["kind"]).label)
    if row["share"]:
        label = f"{label} {float(row['share']):g} %"
    # Chains of owners: of whom, where it is not the client itself.
    return label if row["of_client"] else _("%(role)s of %(whom)s") % {"role": label, "whom": row["of"]}


def _alerts(person: Person, client: Client) -> list[Shown]:
    rows = Alert.objects.visible_to(person).filter(client=client, closed_at=None)
    rows = rows.exclude(rule__in=SAID_BY_TASKS)
    alerts = list(rows.order_by("urgency", "due_on")[: SHOWN + 1])
    for alert in alerts:
        alert.client = client  # so that its words need no query
    return show_alerts(alerts)


def _largest(valuation: Valuation) -> list[Any]:
    return sorted(valuation.positions, key=lambda row: row.value or 0, reverse=True)[:5]


def _document(row: dict[str, Any]) -> dict[str, Any]:
    return row | {
        "kind": DocumentKind(row["kind"]).label if row["kind"] in DocumentKind.values else row["kind"],
        "at": datetime.fromisoformat(row["at"]),
        "expires_on": _day(row["expires_on"]),
    }


def _life_event(row: dict[str, Any]) -> dict[str, Any]:
    return {"label": LifeEvent.Kind(row["kind"]).label, "on": date.fromisoformat(row["on"])}


def _goal(row: dict[str, Any]) -> dict[str, Any]:
    return row | {
        "amount": Decimal(row["amount"]),
        "by_on": _day(row["by_on"]),
        "product": _product(row["product_kind"]),
    }


def _grant(row: dict[str, Any]) -> dict[str, Any]:
    return row | {
        "purpose": GrantPurpose(row["purpose"]).label,
        "broken": row["purpose"] == GrantPurpose.BREAK_GLASS,
        "ends_at": datetime.fromisoformat(row["ends_at"]) if row["ends_at"] else None,
    }


def _opportunity(row: dict[str, Any]) -> dict[str, Any]:
    return row | {
        "product": _product(row["product_kind"]),
        "stage": Stage(row["stage"]).label,
        "value": Decimal(row["value"]),
        "moved_at": datetime.fromisoformat(row["moved_at"]),
    }


def _product(kind: str) -> str:
    return str(ProductKind(kind).label) if kind in ProductKind.values else kind


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _is_past(day: date | None, today: date) -> bool:
    return day is not None and day < today


def _flags(client: Any, assessment: Assessment | None, today: date) -> list[Flag]:
    """Before anything is offered: care, complaints, duties that are late."""
    flags = []
    if client.state != State.ACTIVE:
        flags.append(Flag(client.get_state_display(), "info"))
    if _is_being_ended(client, today):
        flags.append(Flag(_("Is being ended"), "warn", "onboarding:ending"))
    if client.vulnerable:
        flags.append(Flag(_("Vulnerable: needs special care"), "warn"))
    if client.complained_at and timezone.localdate(client.complained_at) > today - timedelta(
        days=COMPLAINT_DAYS
    ):
        day = timezone.localdate(client.complained_at)
        flags.append(Flag(_("Complained %(days)s days ago") % {"days": (today - day).days}, "warn"))
    if client.open_hits:
        flags.append(Flag(_("A compliance check is open: offer nothing"), "late", "compliance:client"))
    if client.state in {State.ACTIVE, State.DORMANT} and client.kyc_due_on < today:  # who owes one
        flags.append(Flag(_("KYC review overdue"), "late", "compliance:client"))
    if client.state == State.ACTIVE and assessment is None:
        flags.append(Flag(_("No valid needs assessment"), "warn", "needs:assess"))
    elif assessment and _is_past(assessment.valid_until, today):
        flags.append(Flag(_("Needs assessment expired"), "late", "needs:assess"))
    return flags


def _is_being_ended(client: Any, today: date) -> bool:
    """A request to end the relationship waits, and is not void yet."""
    last: dict[str, Any] | None = next(iter(client.end), None)
    return last is not None and last["state"] == "waiting" and not _is_past(_day(last["until_on"]), today)


def _was_client(client: Any) -> bool:
    """Served now, or once: a file is closed, too, of who was set aside or whose opening was rejected."""
    if client.state != State.CLOSED:
        return client.state not in (State.LEAD, State.ONBOARDING)
    opening = getattr(client, "onboarding", None)
    return not client.set_aside and not (opening and opening.state == opening.State.REJECTED)


def _ended(client: Any) -> dict[str, Any] | None:
    """By whom and why it was ended; None of who is served, or was closed by other ways."""
    last: dict[str, Any] | None = next(iter(client.end), None)
    if client.state != State.CLOSED or last is None or last["state"] != "confirmed":
        return None
    return last | {"cause": Ending.Cause(last["cause"]).label}


def _changes(
    since: datetime,
    documents: list[dict[str, Any]],
    life_events: list[dict[str, Any]],
    alerts: list[Shown],
    opportunities: list[dict[str, Any]],
) -> list[str]:
    """What is new since the last contact, in the order one would say it."""
    day = timezone.localdate(since)
    said = [
        _("Life event: %(what)s") % {"what": event["label"]} for event in life_events if event["on"] > day
    ]
    said += [shown.sentence for shown in alerts if shown.alert.made_at > since][:3]
    said += [
        _("New document: %(what)s") % {"what": paper["title"]} for paper in documents if paper["at"] > since
    ][:3]
    moved = [row for row in opportunities if row["moved_at"] > since]
    if moved:
        said.append(_("Opportunities moved: %(count)s") % {"count": len(moved)})
    return said


def _path(person: Person, client: Client) -> str:
    """Why this person sees this file, as a sentence."""
    reached = reach(person)
    if reached.everything:
        return _("Your role sees every file.")
    if (right := reached.books.get(client.book_id, "")).startswith("leads"):
        return _("You lead the team of this book.")
    if right:
        role = BookRole(right.split(" ", 1)[0]).label
        return _("You work this book as: %(role)s.") % {"role": role}
    reason = reached.reasons.get(client.pk, "")
    if client.pk in reached.glass:
        return _("You opened it by break-glass: %(reason)s") % {"reason": reason}
    return _("It was lent to you: %(reason)s") % {"reason": reason}


def verbs(person: Person) -> dict[str, bool]:
    """What this person's role may do on the page, for its buttons."""
    return {
        "log": person.may(May.INTERACTIONS_LOG),
        "task": person.may(May.TASKS_WORK),
        "edit": person.may(May.CLIENTS_EDIT),
        "upload": person.may(May.DOCUMENTS_UPLOAD),
        "assess": person.may(May.NEEDS_ASSESS),
        "review": person.may(May.REVIEWS_HOLD),
        "opportunities": person.may(May.OPPORTUNITIES_WORK),
        "onboard": person.may(May.ONBOARDING_WORK),
        "kyc": person.may(May.KYC_REVIEW),
        "hand_over": person.may(May.CLIENTS_HAND_OVER),
    }
