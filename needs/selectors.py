"""What the pages about needs show."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Max
from django.utils import timezone

from clients.models import Client
from compliance.selectors import refusals_to_go_on
from needs import questions, rules
from needs.models import Assessment, Goal
from portfolios.models import AssetClass, Holding, ProductKind
from rulebook.selectors import Pack, pack


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


@dataclass(frozen=True)
class AppropriatePage:
    standing: str  # of the assessment: missing, valid, expiring, expired
    lines: list[tuple[str, rules.Appropriate, str]]  # (product, what was found, the classes in words)
    version: int

    @property
    def warned(self) -> bool:
        return any(not line.enough for _product, line, _classes in self.lines)


def appropriate_page(client: Client, today: date) -> AppropriatePage:
    """Which products the client knows enough of. 3 queries."""
    signed = Assessment.objects.filter(client=client, state="signed").first()
    standing = rules.standing(
        signed.valid_until if signed else None, today, int(pack("suitability", today)["warn_days"])
    )
    figures = pack("appropriateness", today)
    holds = signed is not None and standing in ("valid", "expiring")
    found = rules.appropriateness(signed.knowledge if signed and holds else None, figures.body)
    products, classes = dict(ProductKind.choices), dict(AssetClass.choices)
    return AppropriatePage(
        standing=standing,
        lines=[
            (
                str(products.get(each.product, each.product)),
                each,
                " / ".join(str(classes.get(code, code)).lower() for code in each.classes),
            )
            for each in found
        ],
        version=figures.version,
    )


# --- what other figures would change ----------------------------------------------------------------------


def assessments_tried(
    name: str, now: dict[str, Any], then: dict[str, Any], *, progress: Callable[[int, int], None]
) -> dict[str, Any]:
    """For a dry run of these rooms' figures: every assessment that holds, by both of them, in totals."""
    if name == "appropriateness":
        return _appropriate_tried(now, then)
    today = timezone.localdate()
    needs, suitability = pack("needs", today).body, pack("suitability", today).body
    judges = [(figures, suitability) if name == "needs" else (needs, figures) for figures in (now, then)]
    signed = Assessment.objects.filter(state="signed", valid_until__gte=today)
    whole, done, after = signed.count(), 0, 0
    bands: list[Counter[int]] = [Counter(), Counter()]
    otherwise, contradict, unsuitable = 0, [0, 0], [0, 0]
    rows = signed.order_by("pk").values_list("pk", "client_id", "answers")
    while chunk := list(rows.filter(pk__gt=after)[:TRIED]):
        highest = _highest_risk([client_id for _pk, client_id, _answers in chunk])
        for _pk, client_id, answers in chunk:
            results = [
                rules.judge(answers, figures, limits["band_from_score"], questions.KNOWLEDGE)
                for figures, limits in judges
            ]
            otherwise += results[0].band != results[1].band
            for place, result in enumerate(results):
                bands[place][result.band or 0] += 1
                contradict[place] += bool(result.contradictions)
                allowed = judges[place][1]["max_risk_class"].get(str(result.band), 0)
                unsuitable[place] += highest.get(client_id, 0) > int(allowed)
        after, done = chunk[-1][0], done + len(chunk)
        progress(done, max(whole, done))
    lines = [
        ["Assessments in another band", 0, otherwise],
        *(
            [
                f"Band {questions.BANDS[band]}" if band else "Without a band",
                *(each[band] for each in bands),
            ]
            for band in sorted({*bands[0], *bands[1]})
        ),
        ["Assessments whose answers contradict each other", *contradict],
        ["Clients who hold what does not suit the band", *unsuitable],
    ]
    return {"judged": done, "lines": lines if done else []}


def _appropriate_tried(now: dict[str, Any], then: dict[str, Any]) -> dict[str, Any]:
    """How many clients know enough of each product."""
    enough: list[Counter[str]] = [Counter(), Counter()]
    signed = Assessment.objects.filter(state="signed", valid_until__gte=timezone.localdate())
    judged = 0
    for knowledge in signed.values_list("knowledge", flat=True).iterator(TRIED):
        judged += 1
        for place, figures in enumerate((now, then)):
            found = rules.appropriateness(knowledge, figures)
            enough[place].update(each.product for each in found if each.enough)
    labels = dict(ProductKind.choices)
    lines = [
        [f"Clients who know enough: {labels.get(product, product)}", *(each[product] for each in enough)]
        for product in sorted({*now["knowledge"], *then["knowledge"]})
    ]
    return {"judged": judged, "lines": lines if judged else []}


TRIED = 1000  # assessments looked at together


def _highest_risk(client_ids: list[int]) -> dict[int, int]:
    """The highest risk class that each of them holds. 1 query."""
    held = Holding.objects.filter(client__in=client_ids).order_by().values_list("client_id")
    return dict(held.annotate(highest=Max("product__risk_class")))


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
