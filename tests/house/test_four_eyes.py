"""A second login makes no second person: at no act that takes two, nor on the page where its button is."""

import ast
import html
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from cockpit.actions import confirm_handover
from compliance.actions import (
    confirm_export,
    confirm_hit,
    decide_hits,
    decide_override,
    fail_sample,
    propose_hit,
    record_measure,
    return_hit,
    review_kyc,
    review_use,
)
from compliance.actions.barriers import confirm_barrier
from compliance.models import SampleItem, ScreeningHit
from jobs.actions import run_due
from jobs.models import Job
from onboarding.actions import (
    approve_onboarding,
    ask_end,
    confirm_end,
    decline_onboarding,
    record_facts,
    return_end,
    review_document,
    submit_onboarding,
    take_back_end,
    take_document_back,
)
from onboarding.models import RequiredDocument
from onboarding.selectors import waiting
from staff.actions import confirm_person_change, disable_person, propose_person_change
from staff.models import User
from staff.roles import Role
from tests.cast import browser_of, make_person
from tests.compliance.stage import WHY, contact
from tests.compliance.test_kyc import record
from tests.compliance.test_override import MEDIUM, override
from tests.house.stage import Stage
from tests.onboarding.stage import FACTS, approve_papers, submitted
from tests.rulebook.test_packs import activated, drafted
from ui.refusals import Refused


class Twice:
    """One person who logs in by another name too, as compliance: refused by the sentence, here and there.

    By another address it is another person, and then the same deed is done.
    """

    def __init__(self):
        self.count = 0

    def second_login(self, first, role=Role.COMPLIANCE, team=None):
        self.count += 1
        again = make_person(f"again{self.count}", role, team)
        User.objects.filter(pk=again.pk).update(email=f" {first.email.upper()}")
        return User.objects.get(pk=again.pk)

    def refused(self, first, sentence, *deeds, page="", role=Role.COMPLIANCE, team=None):
        again = self.second_login(first, role, team)
        for deed in deeds:
            with pytest.raises(Refused, match=sentence):
                deed(again)
        if page:
            assert sentence in html.unescape(browser_of(again).get(page).content.decode()), page
        User.objects.filter(pk=again.pk).update(email=f"{again.login}@elsewhere.example")
        return User.objects.get(pk=again.pk)

    def then_done(self, first, sentence, *deeds, **how):
        deeds[-1](self.refused(first, sentence, *deeds, **how))


@pytest.fixture
def twice(db):
    return Twice()


def test_an_opening_and_its_papers(cast, twice):
    opening = submitted(cast, read=False)
    paper = RequiredDocument.objects.filter(onboarding=opening).first()
    twice.then_done(
        cast.rita,
        "You uploaded this file: another person reviews it.",
        lambda by: review_document(opening, by=by, required_id=paper.pk, verdict="approved"),
        page=reverse("onboarding:workspace", args=[opening.pk]),
    )
    approve_papers(opening, cast.cora)
    record_facts(opening, by=cast.theo, **(FACTS | {"purpose": "wealth"}))
    submit_onboarding(opening.pk, by=cast.rita)
    approve, page = (
        (lambda by: approve_onboarding(opening.pk, by=by)),
        reverse("onboarding:review", args=[opening.pk]),
    )
    no = {"verdict": "returned", "reason": "facts_unclear"}
    listed = twice.second_login(cast.theo)
    assert waiting(listed, 1)[0].refusals[0].startswith("You worked on this file")
    for first, sentence in (
        (cast.rita, "You asked for this: a second person confirms."),
        (cast.theo, "You worked on this file: somebody who did not decides."),
    ):
        second = twice.refused(
            first, sentence, lambda by: decline_onboarding(opening.pk, by=by, **no), approve, page=page
        )
    assert approve(second).state == "approved"


def test_a_screening_hit_one_by_one_and_by_the_dozen(cast, twice):
    hit, verdict = Stage(cast).hit, {"verdict": "no_match", "reason": "common_name"}
    page = reverse("compliance:hit", args=[hit.pk])
    ScreeningHit.objects.update(state="escalated", escalated_by=cast.cora)
    twice.then_done(
        cast.cora,
        "You escalated this hit: another officer decides it first.",
        lambda by: propose_hit(hit.pk, by=by, **verdict),
        page=page,
    )
    ScreeningHit.objects.update(proposed_by=cast.cora)
    sentence = "You decided this hit first: another officer confirms or returns it."
    again = twice.second_login(cast.cora)
    decide_hits(None, by=again, rows=[[hit.pk, hit.client_id]], verdict="confirm", key="one")
    run_due()
    assert Job.objects.get(kind="compliance.hits").result["told"] == {str(hit.pk): sentence}
    twice.then_done(
        cast.cora,
        sentence,
        lambda by: return_hit(hit.pk, by=by, **WHY),
        lambda by: confirm_hit(hit.pk, by=by),
        page=page,
    )


def test_a_rating_set_by_hand_a_review_and_the_approval_of_seniors(cast, twice):
    record(cast.anna, cast.rita, **MEDIUM)
    asked = override(cast.anna, cast.cora, "low")
    twice.then_done(
        cast.cora,
        "You asked for this: a second person confirms.",
        lambda by: decide_override(asked.pk, by=by, agreed=True),
        page=reverse("compliance:rating", args=[cast.anna.pk]),
    )
    record(cast.anna, cast.rita, pep=True)
    done = {"code": "senior_approval", "done_on": timezone.localdate(), "note": "Agreed"}
    twice.then_done(
        cast.rita,
        "You recorded these facts: another officer approves.",
        lambda by: record_measure(cast.anna.pk, by=by, **done),
        page=reverse("compliance:measures", args=[cast.anna.pk]),
    )
    twice.then_done(
        cast.rita,
        "You recorded these facts: another officer reviews them.",
        lambda by: review_kyc(cast.anna.pk, by=by),
        page=reverse("compliance:client", args=[cast.anna.pk]),
    )


def test_a_rule_pack(cast, twice):
    draft = drafted(cast.cora, days__hnw=21)
    twice.then_done(
        cast.cora,
        "You wrote this draft: a second person activates it.",
        lambda by: activated(draft, by),
        page=reverse("rulebook:version", args=[draft.pk]),
    )


def test_a_record_of_a_contact_and_a_use_of_break_glass(cast, twice):
    stage = Stage(cast)
    talk = contact(cast.anna, cast.rita)
    item = SampleItem.objects.create(
        client=cast.anna, plan=stage.sample_plan, interaction=talk, author=cast.rita, team=cast.rita.team,
        channel="call", why="random", risk="low", state="drawn", due_on=timezone.localdate(),
    )  # fmt: skip
    page = reverse("compliance:sample", args=[item.pk])
    fail = lambda by: fail_sample(item.pk, by=by, met=[], note="Who attended?")  # noqa: E731
    twice.refused(
        cast.theo, "The author works in your team or below it: a colleague reviews it.", fail, page=page
    )
    twice.then_done(cast.rita, "You logged it yourself: a colleague reviews it.", fail, page=page)
    use = stage.glass_use
    twice.then_done(
        stage.gil,
        "Nobody reviews the glass they broke.",
        lambda by: review_use(use.pk, by=by, verdict="justified", words="The sale closed"),
        page=reverse("compliance:glass_use", args=[use.pk]),
    )


def test_whatever_else_is_asked_for_by_one_and_confirmed_by_another(cast, twice):
    stage, asked = Stage(cast), "You asked for this: a second person confirms."
    barrier = lambda by: confirm_barrier(None, by=by, proposal_id=stage.proposal.pk)  # noqa: E731
    page = reverse("compliance:barriers")
    twice.refused(cast.otto, "You would become an insider by it: somebody else confirms.", barrier, page=page)
    twice.then_done(stage.proposal.asked_by, asked, barrier, page=page)
    change = lambda by: confirm_person_change(None, by=by, change_id=stage.person_change.pk)  # noqa: E731
    page = reverse("account_person", args=[cast.rita.pk])
    twice.refused(cast.rita, "This is about you: somebody else confirms.", change, page=page)
    twice.then_done(cast.ada, asked, change, page=page)
    export = lambda by: confirm_export(None, by=by, export_id=stage.large_export.pk)  # noqa: E731
    twice.then_done(stage.large_export.asked_by, asked, export, page=reverse("compliance:audit"))


def test_a_handover(cast, twice):
    handover = Stage(cast).handover
    deed = lambda by: confirm_handover(None, by=by, handover_id=handover.pk)  # noqa: E731
    page = reverse("cockpit:handover", args=[handover.pk])
    twice.refused(cast.otto, "The clients would be yours: somebody else confirms.", deed, page=page)
    twice.then_done(handover.asked_by, "You asked for this: a second person confirms.", deed, page=page)


def test_the_end_of_a_relationship(cast, twice):
    asked = ask_end(cast.anna, by=cast.rita, cause="wish", reason="She moves to Lisbon")
    page = reverse("onboarding:ending", args=[cast.anna.pk])
    again, own = twice.second_login(cast.rita), "You asked for this: a second person confirms"
    assert "Yours" in browser_of(again).get(reverse("onboarding:endings")).content.decode()
    twice.then_done(
        cast.rita,
        own,
        lambda by: return_end(asked.pk, by=by, answer="Not yet"),
        lambda by: confirm_end(asked.pk, by=by),
        page=page,
    )
    other = ask_end(cast.omar, by=cast.otto, cause="wish", reason="It is sold")
    assert take_back_end(other.pk, by=twice.second_login(cast.otto, Role.TEAM_LEAD, cast.otto.team))


def test_who_sent_a_paper_takes_it_back_under_either_login(cast, twice):
    opening = submitted(cast, read=False)
    paper = RequiredDocument.objects.filter(onboarding=opening).first()
    with pytest.raises(Refused, match="Only who sent this file takes it back"):
        take_document_back(opening.pk, by=cast.theo, required_id=paper.pk)
    again = twice.second_login(cast.rita, Role.TEAM_LEAD, cast.rita.team)
    assert take_document_back(opening.pk, by=again, required_id=paper.pk).state == "missing"


def test_nobody_changes_or_disables_the_own_other_login(cast, twice):
    again = twice.second_login(cast.rita)
    told = {"person_id": cast.rita.pk, "role": Role.ASSISTANT, "team": cast.rita.team_id, "is_active": True}
    with pytest.raises(Refused, match="Nobody changes oneself"):
        propose_person_change(None, by=again, reason="Supports the desk", **told)
    with pytest.raises(Refused, match="Nobody disables oneself"):
        disable_person(None, by=again, person_id=cast.rita.pk)


def test_every_verb_that_asks_whether_it_is_the_same_person_is_walked_above():
    """So that none is lost unseen, and what is new is walked too."""
    found = {}
    for room in ("rulebook", "clients", "compliance", "onboarding", "staff", "cockpit"):
        for path in sorted((Path(settings.BASE_DIR) / room).rglob("*.py")):
            source = path.read_text(encoding="utf-8")
            if "is_same_person(" not in source or path.parent.name == "views":
                continue
            for each in ast.walk(ast.parse(source)):
                if isinstance(each, ast.FunctionDef) and any(
                    "is_same_person(" in ast.unparse(line) for line in each.body
                ):
                    found.setdefault(room, []).append(each.name)
    assert found == {
        "rulebook": ["activation_refusals"],
        "compliance": [
            "decide_approval", "review_use", "propose_hit", "confirm_hit", "return_hit", "decide_one",
            "review_kyc", "record_measure", "decide_override", "refusals_to_confirm_export",
            "refusals_to_confirm", "use_page",
            "refusals_to_confirm_lift", "_refusals_to_confirm",  # tests/compliance/test_keeping.py
            "judge_refusals",
        ],
        "onboarding": [
            "take_back_end", "take_document_back", "review_document", "refusals_to_decide", "ending_page",
            "endings_waiting", "waiting",
        ],
        "staff": ["propose_person_change", "disable_person", "person_page", "refusals_to_confirm_person"],
        "cockpit": ["refusals_to_confirm"],
    }  # fmt: skip


def test_who_has_no_address_is_the_login_alone(cast):
    User.objects.filter(pk__in=[cast.rita.pk, cast.theo.pk]).update(email=" ")
    rita = User.objects.get(pk=cast.rita.pk)
    assert rita.is_same_person(rita.pk)
    assert not rita.is_same_person(cast.theo.pk, None)
