"""What the pages about needs show."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Max
from django.utils import timezone

from clients.models import Client
from compliance.rules.trials import Moves, Turn, Way, come_and_gone
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
) -> tuple[dict[str, Any], Moves]:
    """For a dry run of these rooms' figures: every assessment that holds, by both of them."""
    if name == "appropriateness":
        return _appropriate_tried(now, then)
    today = timezone.localdate()
    needs, suitability = pack("needs", today).body, pack("suitability", today).body
    judges = [(figures, suitability) if name == "needs" else (needs, figures) for figures in (now, then)]
    signed = Assessment.objects.filter(state="signed", valid_until__gte=today)
    whole, done, after = signed.count(), 0, 0
    moves = Moves(HIGHER, LOWER, UNSUITABLE, SUITABLE, CONTRADICTS, AGREES)
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
            _add_moves(moves, client_id, results, judges, highest.get(client_id, 0))
            for place, result in enumerate(results):
                bands[place][result.band or 0] += 1
                contradict[place] += bool(result.contradictions)
                unsuitable[place] += highest.get(client_id, 0) > _allowed(result, judges[place][1])
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
    return {"judged": done, "lines": lines if done else []}, moves


HIGHER, LOWER = Way("higher", "A higher band"), Way("lower", "A lower band")
UNSUITABLE = Way("unsuitable", "Holds more risk than the band allows")
SUITABLE = Way("suitable", "Holds what the band allows again")
CONTRADICTS, AGREES = Way("contradicts", "Answers contradict"), Way("agrees", "Answers contradict no more")


def _add_moves(
    moves: Moves, client_id: int, results: list[rules.Result], judges: list[Any], held: int
) -> None:
    """What the other figures make of one client."""
    before, after = results
    if before.band != after.band:
        way = HIGHER if (after.band or 0) > (before.band or 0) else LOWER
        moves.add(way, client_id, map(_band_words, results), _why_band(results, judges))
    allowed = [_allowed(each, limits) for each, (_figures, limits) in zip(results, judges, strict=True)]
    if (held > allowed[0]) != (held > allowed[1]):
        way = UNSUITABLE if held > allowed[1] else SUITABLE
        words = (f"Up to risk class {each}" for each in allowed)
        moves.add(way, client_id, words, [f"Holds risk class {held}"])
    contradict = [bool(each.contradictions) for each in results]
    if contradict[0] != contradict[1]:
        way = CONTRADICTS if contradict[1] else AGREES
        words = (f"Contradictions: {len(each.contradictions)}" for each in results)
        moves.add(way, client_id, words, [*before.contradictions, *after.contradictions])


def _allowed(result: rules.Result, limits: dict[str, Any]) -> int:
    return int(limits["max_risk_class"].get(str(result.band), 0))


def _band_words(result: rules.Result) -> str:
    return str(questions.BANDS[result.band]) if result.band else "Without a band"


def _why_band(results: list[rules.Result], judges: list[Any]) -> list[str]:
    """The lower of both scores decides; where it is the same, the bands begin elsewhere."""
    told = []
    for what in ("tolerance", "capacity"):
        before, after = (getattr(each, what).value for each in results)
        if before != after:
            told.append(f"Risk {what}: {before} → {after} points")
    begins = [limits["band_from_score"] for _figures, limits in judges]
    for band, (old, new) in enumerate(zip(*begins, strict=True), 1):
        if old != new and band in range(*_between(results)):
            told.append(f"Band {band} begins at {new} points, now at {old}")
    return told


def _between(results: list[rules.Result]) -> tuple[int, int]:
    """The bands whose beginning lies between what is and what would be."""
    low, high = sorted(each.band or 0 for each in results)
    return low + 1, high + 1


def _appropriate_tried(now: dict[str, Any], then: dict[str, Any]) -> tuple[dict[str, Any], Moves]:
    """How many clients know enough of each product, and who is warned of others than now."""
    moves = Moves(*WARNED.ways)
    labels = dict(ProductKind.choices)
    enough: list[Counter[str]] = [Counter(), Counter()]
    signed = Assessment.objects.filter(state="signed", valid_until__gte=timezone.localdate())
    judged = 0
    for client_id, knowledge in signed.values_list("client_id", "knowledge").iterator(TRIED):
        judged += 1
        warned: list[set[str]] = []
        for place, figures in enumerate((now, then)):
            found = rules.appropriateness(knowledge, figures)
            enough[place].update(each.product for each in found if each.enough)
            warned.append({str(labels.get(each.product, each.product)) for each in found if not each.enough})
        come, gone = warned[1] - warned[0], warned[0] - warned[1]
        if come or gone:
            words = (f"Warned of {len(each)} of the products" for each in warned)
            moves.add(WARNED.of(come, gone), client_id, words, come_and_gone(come, gone))
    lines = [
        [f"Clients who know enough: {labels.get(product, product)}", *(each[product] for each in enough)]
        for product in sorted({*now["knowledge"], *then["knowledge"]})
    ]
    return {"judged": judged, "lines": lines if judged else []}, moves


WARNED = Turn(
    Way("more", "Warned of a further product"),
    Way("fewer", "Warned of a product less"),
    Way("other", "Warned of other products"),
)
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
