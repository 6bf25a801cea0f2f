"""What a regulator pack holds: the file as it stood, contacts, decisions, access, and the rules of then."""

import json
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model

from audit.models import AuditEvent
from clients.access import Person
from clients.models import Addendum, Client, Interaction
from clients.rules.identifiers import masked
from compliance.models import Approval, HitStep, KycReview, Measure, RatingOverride, RatingRecord
from compliance.rules.auditing import PACK
from compliance.selectors.access import rights_at
from dashboards.selectors.history import file_at
from jobs.models import Job
from staff.models import User
from vault.fields import EncryptedTextField

# Each kind of decision, and when it was made.
DECISIONS: tuple[tuple[str, Any, str], ...] = (
    ("ratings", RatingRecord, "at"),
    ("ratings set by hand", RatingOverride, "asked_at"),
    ("KYC reviews", KycReview, "reviewed_on"),
    ("screening", HitStep, "at"),
    ("approvals", Approval, "asked_at"),
    ("enhanced measures", Measure, "at"),
)
OPENING = ("at", "by_id", "by_login", "by_role", "path", "why", "source")
SHOWN = 5


def papers_of(
    person: Person, client: Client, at: datetime, span: tuple[datetime, datetime]
) -> dict[str, bytes]:
    """Name -> content. Some 25 queries."""
    found = file_at(client, at)
    file = {
        "client": client.number,
        "at": at,
        "records": [
            {"title": record.title, "fields": {line.label: line.then for line in record.lines}}
            for record in found.records
        ],
        "changed_since": [asdict(event) for event in found.events],
    }
    contacts = {
        "interactions": _rows(Interaction, person, client, "logged_at", at),
        "addenda": _rows(Addendum, person, client, "at", None),
    }
    decisions = {title: _rows(model, person, client, when, at) for title, model, when in DECISIONS}
    opened = AuditEvent.objects.filter(
        client_id=client.pk, verb="file opened", at__gte=span[0], at__lt=span[1]
    ).order_by("id")
    access = {
        "could_see": [asdict(right) for right in rights_at(at, [client.pk])],
        "opened": list(opened.values(*OPENING)),
    }
    rules = [
        {
            "name": pack.name,
            "version": pack.version,
            "valid_from": pack.valid_from,
            "activated_at": pack.activated_at,
            "figures": pack.body,
        }
        for pack in found.packs
    ]
    papers = {
        "file.json": file,
        "interactions.json": contacts,
        "decisions.json": decisions,
        "access.json": access,
        "rules.json": rules,
    }
    ids = {pk for paper in papers.values() for pk in _people_in(paper)}
    papers["people.json"] = list(
        User.objects.filter(pk__in=ids).order_by("pk").values("id", "name", "login", "role")
    )
    return {
        name: json.dumps(paper, indent=1, cls=DjangoJSONEncoder, ensure_ascii=False).encode()
        for name, paper in papers.items()
    }


def _rows(
    model: type[Model], person: Person, client: Client, when: str, at: datetime | None
) -> list[dict[str, Any]]:
    found = model._default_manager.visible_to(person).filter(client=client).order_by("pk")  # type: ignore[attr-defined]
    if at is not None:
        found = found.filter(**{f"{when}__lte": at.date() if when.endswith("_on") else at})
    fields = [field for field in model._meta.concrete_fields if not field.generated]
    return [
        {
            field.attname: hidden(value) if isinstance(field, EncryptedTextField) else value
            for field, value in ((field, getattr(row, field.attname)) for field in fields)
        }
        for row in found
    ]


def hidden(value: Any, key: str = "") -> Any:
    """What was compared, without what the encryption is for: numbers and days of birth by their end alone."""
    if isinstance(value, dict):
        return {name: hidden(each, name) for name, each in value.items()}
    if isinstance(value, list):
        if key == "identifiers" and len(value) == 3 and all(isinstance(each, str) for each in value):
            kind, number, country = value
            return [kind, masked(number), country]
        return [hidden(each, key) for each in value]
    return masked(value) if isinstance(value, str) and value and key in ("identifiers", "born_on") else value


def _people_in(paper: Any) -> set[int]:
    """Numbers of staff, wherever a key says that one stands there."""
    if isinstance(paper, list):
        return {pk for each in paper for pk in _people_in(each)}
    if not isinstance(paper, dict):
        return set()
    own = {
        value
        for key, value in paper.items()
        if isinstance(value, int) and (key.endswith("by_id") or key in ("person_id", "first_id"))
    }
    colleagues = paper.get("colleagues")
    return own | set(colleagues or []) | {pk for each in paper.values() for pk in _people_in(each)}


def packs_of(person: User, client_id: int) -> list[tuple[Job, datetime]]:
    """The packs of this file that this person asked for, the latest first, each with the instant it is of.
    1 query."""
    mine = Job.objects.filter(kind=PACK, person_id=person.pk, args__client=client_id)
    return [(job, datetime.fromisoformat(job.args["at"])) for job in mine.order_by("-pk")[:SHOWN]]
