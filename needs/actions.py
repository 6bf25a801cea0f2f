"""What can be done about needs: answer, sign, set goals."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone

from clients.models import Client
from compliance.selectors import refusals_to_go_on
from needs import questions, rules
from needs.models import Assessment, Goal
from needs.selectors import judged, refusals_to_assess
from rulebook.selectors import pack
from staff.lock import action
from staff.models import User
from staff.roles import May
from ui.refusals import refuse_if


@action(May.NEEDS_ASSESS, "needs answered", on="clients.Client", remember=("step",))
def save_answers(client: Client, *, by: User, step: str, answers: dict[str, Any]) -> Assessment:
    """Keep what was answered in the client's draft; the first answer begins one."""
    refuse_if(refusals_to_assess(client))
    draft = Assessment.objects.filter(client=client, state="draft").first()
    draft = draft or Assessment(client=client, made_by=by)
    kept = draft.answers | {code: answer for code, answer in answers.items() if answer not in (None, "")}
    for code, answer in answers.items():
        if answer in (None, ""):
            kept.pop(code, None)
    # An answer to a question that is no longer asked would be counted unseen.
    codes = {question.code for question in questions.asked(kept)}
    draft.answers = {code: answer for code, answer in kept.items() if code in codes}
    draft.save()
    return draft


@action(May.NEEDS_ASSESS, "assessment signed", on="needs.Assessment")
def sign_assessment(assessment: Assessment, *, by: User) -> Assessment:
    """The client has signed: scores and band are fixed, the one before is superseded."""
    today = timezone.localdate()
    figures, suitability = pack("needs", today), pack("suitability", today)
    said = judged(assessment, figures, suitability, refusals_to_go_on(assessment.client_id))
    refuse_if(said.refusals_to_sign)
    Assessment.objects.filter(client_id=assessment.client_id, state="signed").update(state="superseded")
    assessment.state = Assessment.State.SIGNED
    assessment.tolerance, assessment.capacity = said.result.tolerance.value, said.result.capacity.value
    assessment.knowledge, assessment.band = said.result.knowledge, said.result.band
    assessment.signed_at = timezone.now()
    assessment.valid_until = rules.valid_until(today, int(suitability["valid_months"]))
    assessment.pack_version = figures.version
    assessment.save()
    return assessment


@action(May.NEEDS_ASSESS, "draft assessment dropped", on="needs.Assessment")
def drop_draft(assessment: Assessment, *, by: User) -> int:
    """Begin anew: only a draft can be dropped. Gives the client's id."""
    refuse_if([] if assessment.state == "draft" else ["A signed assessment stays on the file."])
    client_id = assessment.client_id
    assessment.delete()
    return client_id


@action(May.NEEDS_ASSESS, "goal set", on="clients.Client", hold="parent")
def add_goal(
    client: Client,
    *,
    by: User,
    name: str,
    amount: Decimal,
    currency: str,
    by_on: date,
    product_kind: str = "",
) -> Goal:
    refuse_if(rules.refusals_to_set_goal(by_on, timezone.localdate()))
    goal: Goal = Goal.objects.create(
        client=client, name=name, amount=amount, currency=currency, by_on=by_on, product_kind=product_kind
    )
    return goal


@action(May.NEEDS_ASSESS, "goal changed", on="needs.Goal")
def change_goal(goal: Goal, *, by: User, reached: bool = False, **changes: Any) -> Goal:
    """New figures for a goal, or that it is reached."""
    today = timezone.localdate()
    if not reached and changes["by_on"] != goal.by_on:
        refuse_if(rules.refusals_to_set_goal(changes["by_on"], today))
    for name, value in changes.items():
        setattr(goal, name, value)
    goal.reached_on = (goal.reached_on or today) if reached else None
    goal.save()
    return goal
