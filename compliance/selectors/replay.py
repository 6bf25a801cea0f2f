"""A verdict as it was decided: what was compared then, judged once more with the scorer of today."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from audit.models import AuditEvent
from clients.access import Person
from clients.models import Party
from compliance.models import HitStep, ListedName, ListVersion
from compliance.rules import hits as rules
from compliance.rules import screening
from compliance.selectors.screening import likeness_of


@dataclass(frozen=True)
class Replay:
    step: HitStep
    then: dict[str, Any]  # the snapshot
    version: ListVersion | None
    names: list[ListedName]
    now: screening.Likeness | None  # None: today's scorer would not call it a hit
    intact: bool  # the snapshot is what was sealed
    in_audit: bool  # and the audit holds that seal

    @property
    def same_scorer(self) -> bool:
        return bool(self.then["scorer"] == screening.SCORER)

    @property
    def agrees(self) -> bool:
        return self.now is not None and (self.now.score, self.now.sentence) == (
            self.then["score"],
            self.then["sentence"],
        )

    @property
    def facts(self) -> list[tuple[str, str]]:
        """The client's facts that were compared, in words."""
        client = self.then["client"]
        return [(said, value) for _, said, value in _told(client, rules.FACTS)]


def _told(facts: dict[str, Any], words: dict[str, str]) -> list[list[str]]:
    return [["", *each[::2]] for each in rules.changes({}, facts, words)]


def as_decided(person: Person, hit_id: int, step_id: int) -> Replay | None:
    """The decision with all it was made on. 4 queries."""
    steps = HitStep.objects.visible_to(person).filter(hit=hit_id, said=HitStep.Said.DECIDED)
    step = steps.filter(pk=step_id).select_related("hit", "entity", "by", "first", "client").first()
    if step is None:
        return None
    then = step.snapshot
    sealed = AuditEvent.objects.filter(
        verb="screening decision sealed", client_id=step.client_id, payload__step=step.pk
    ).values_list("payload", flat=True)
    names = list(step.entity.names.order_by("-strong", "pk"))
    return Replay(
        step=step,
        then=then,
        version=ListVersion.objects.filter(pk=then["list"]).first(),
        names=names,
        now=likeness_of(
            _party(then["client"]), then["client"]["identifiers"], step.entity, names, then["threshold"]
        ),
        intact=rules.seal_of(then) == step.seal,
        in_audit=any(each["seal"] == step.seal for each in sealed),
    )


def _party(facts: dict[str, Any]) -> Party:
    """The client's side as it was compared; nobody on any file."""
    written = {key: value for key, value in facts.items() if key not in ("identifiers", "born_on")}
    born_on = date.fromisoformat(facts["born_on"]) if facts["born_on"] else None
    return Party(pk=0, born_on=born_on, **written)
