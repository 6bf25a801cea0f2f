"""What the pages about needs show, and the assessment that other rooms judge by."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from clients.models import Client
from compliance.selectors import refusals_to_go_on
from needs import questions, rules
from needs.models import Assessment, Goal
from rulebook.selectors import Pack, pack


def valid_assessment(client: Client, on: date) -> Assessment | None:
    """The signed assessment that holds on that day, None when there is none or it has expired. 1 query."""
    signed = Assessment.objects.filter(client=client, state="signed", valid_until__gte=on)
    found: Assessment | None = signed.first()
    return found


@dataclass(frozen=True)
class Judged:
    """An assessment with its result, ready to be explained."""

    assessment: Assessment
    result: rules.Result
    unanswered: list[questions.Question]
    stopped: Sequence[str] = ()  # why no journey of this client goes on now

    @property
    def band(self) -> int | None:
        """As it was signed; of a draft as it would be."""
        return self.result.band if self.assessment.state == "draft" else self.assessment.band

    @property
    def band_label(self) -> Any:
        return questions.BANDS.get(self.band or 0, "")

    @property
    def refusals_to_sign(self) -> list[str]:
        found = rules.refusals_to_sign(
            self.assessment.state, len(self.unanswered), self.result.contradictions
        )
        return [*found, *self.stopped]

    @property
    def explained(self) -> list[dict[str, Any]]:
        """The two scores that make the band, each with what moved it how much."""
        return [
            {
                "code": code,
                "value": score.value if self.assessment.state == "draft" else getattr(self.assessment, code),
                "parts": [_said(part) for part in score.parts],
            }
            for code, score in (("tolerance", self.result.tolerance), ("capacity", self.result.capacity))
        ]


def _said(part: rules.Part) -> dict[str, Any]:
    question = questions.QUESTIONS.get(part.question)
    return {
        "part": part,
        "code": part.question,
        "question": question.text if question else "",
        "answer": questions.answer_text(part.question, part.answer),
    }


def judged(assessment: Assessment, figures: Pack, suitability: Pack, stopped: Sequence[str] = ()) -> Judged:
    """The assessment judged by these figures. No query."""
    answers = assessment.answers
    result = rules.judge(answers, figures.body, suitability["band_from_score"], questions.KNOWLEDGE)
    return Judged(assessment, result, questions.unanswered(answers), stopped)


@dataclass(frozen=True)
class NeedsPage:
    draft: Judged | None
    signed: Judged | None
    standing: str  # missing, valid, expiring, expired
    past: list[Assessment]
    goals: list[Goal]
    version: int
    refusals_to_assess: list[str]


def needs_page(client: Client, today: date) -> NeedsPage:
    """All that /needs/<client>/ shows of an opened client. 5 queries."""
    figures, suitability = pack("needs", today), pack("suitability", today)
    assessments = list(
        Assessment.objects.filter(client=client).select_related("made_by").order_by("-id")[:20]
    )
    by_state = {row.state: row for row in reversed(assessments)}
    draft, signed = by_state.get("draft"), by_state.get("signed")
    stopped = refusals_to_go_on(client.pk)
    return NeedsPage(
        draft=judged(draft, figures, suitability, stopped) if draft else None,
        signed=judged(signed, figures, suitability) if signed else None,
        standing=rules.standing(signed.valid_until if signed else None, today, int(suitability["warn_days"])),
        past=[row for row in assessments if row.state == "superseded"],
        goals=list(Goal.objects.filter(client=client).order_by("by_on", "id")),
        version=figures.version,
        refusals_to_assess=rules.refusals_to_save_answers(client.state) + stopped,
    )


def refusals_to_assess(client: Client) -> list[str]:
    """Why nothing may be answered or signed for this client now. 1 query."""
    return rules.refusals_to_save_answers(client.state) + refusals_to_go_on(client.pk)


def draft_answers(client: Client) -> dict[str, Any]:
    """What was answered so far. 1 query."""
    draft = Assessment.objects.filter(client=client, state="draft").first()
    return dict(draft.answers) if draft else {}


def goal_opened(goal_id: int, person: Any) -> Goal | None:
    """A goal on a file that `person` may see. 1 query."""
    found: Goal | None = Goal.objects.visible_to(person).filter(pk=goal_id).first()
    return found
