"""Every decision tells by which version of the figures it was judged, without a word of the verb's own."""

import pytest
from django.utils import timezone

from audit.models import AuditEvent
from audit.record import judging
from compliance.actions import confirm_hit, propose_hit, screen_all
from compliance.models import ScreeningHit
from jobs.actions import run_due
from onboarding.actions import approve_onboarding
from rulebook import rules
from rulebook.actions import activate_pack, ask_trial, change_draft, draft_pack
from rulebook.selectors import in_force, pack
from staff.night import night_shift
from tests.compliance.stage import KONY, bring, make_lookalike, second_officer
from tests.onboarding.stage import begin, submitted
from ui.refusals import Refused

pytestmark = pytest.mark.django_db


def packs_of(verb):
    return AuditEvent.objects.filter(verb=verb).latest("id").payload.get("rule_packs")


def now(*names):
    return {name: in_force(name, timezone.localdate()).version for name in names}


def test_an_opening_tells_by_which_figures_each_step_was_judged(cast):
    opening = submitted(cast)
    approve_onboarding(opening, by=cast.theo)
    assert packs_of("required document reviewed") == now("onboarding")
    assert packs_of("onboarding approved") == now("kyc", "desk", "onboarding")
    assert packs_of("consents taken") is None, "no figure was asked for"


def test_so_does_a_verdict(cast):
    bring(KONY)
    make_lookalike(cast, "Joseph Kony", "1964-09-18", "UG")
    screen_all(by=night_shift())
    hit = ScreeningHit.objects.get()
    propose_hit(hit.pk, by=cast.cora, verdict="match", reason="same_birth")
    confirm_hit(hit.pk, by=second_officer())
    assert packs_of("screening hit decided") == now("kyc")


def test_the_next_one_tells_the_next_version_and_the_last_one_what_it_told(cast):
    begin(cast)
    first, before = AuditEvent.objects.filter(verb="onboarding begun").latest("id"), now("onboarding")
    assert first.payload["rule_packs"] == before
    draft = draft_pack(None, by=cast.cora, name="onboarding")
    body = draft.body | {"documents": draft.body["documents"] | {"person": ["identity"]}}
    change_draft(
        None, by=cast.cora, pack_id=draft.pk, body=body, valid_from=timezone.localdate(), reason="The board"
    )
    ask_trial(None, by=cast.cora, pack_id=draft.pk)
    run_due()
    activate_pack(None, by=second_officer(), pack_id=draft.pk, seen=rules.digest(body))
    begin(cast, name="Leo Lind")
    assert packs_of("onboarding begun") == {"onboarding": draft.version} != before
    first.refresh_from_db()
    assert first.payload["rule_packs"] == before


def test_who_only_looks_is_judged_by_nothing(cast):
    """Outside a verb figures are read as ever, and one verb tells nothing of what was read before it."""
    pack("portfolio", timezone.localdate())
    opening = begin(cast)
    assert packs_of("onboarding begun") == now("onboarding")
    with judging() as outer:
        pack("kyc", timezone.localdate())
        with pytest.raises(Refused):
            approve_onboarding(opening, by=cast.theo)
        pack("desk", timezone.localdate())
    assert outer == now("kyc", "desk")
