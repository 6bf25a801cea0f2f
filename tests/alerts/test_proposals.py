"""What waits for a second person waits until a day: then it is void, says so, and who asked hears of it."""

import html
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from alerts.models import Mail
from alerts.tasks import look_at_proposals
from audit.models import AuditEvent
from cockpit.actions import confirm_handover, end_handover
from compliance.actions import confirm_export, end_export
from compliance.actions.barriers import confirm_barrier, end_barrier_proposal
from compliance.actions.keeping import confirm_deletion, confirm_lift, end_deletion, end_lift
from onboarding.actions import confirm_end, take_back_end
from rulebook.models import RulePack
from staff.actions import confirm_person_change, end_person_change
from staff.models import PersonChange, Proposal, last_day_to_confirm
from tests.cast import browser_of
from tests.house.stage import Stage
from ui.refusals import Refused

VOID = "It is void: nobody confirmed it by its last day. Ask anew."


@pytest.fixture
def stage(cast):
    return Stage(cast)


def questions(stage):
    """(what waits, who confirms it, its page, where it stands as void, confirm, take back)."""
    cora, handover, barrier = stage.cast.cora, stage.handover, stage.proposal
    change, export, ending = stage.person_change, stage.large_export, stage.ending
    pages = {
        "handover": reverse("cockpit:handover", args=[handover.pk]),
        "handovers": reverse("cockpit:handovers"),
        "barriers": reverse("compliance:barriers"),
        "person": reverse("account_person", args=[change.person_id]),
        "audit": reverse("compliance:audit"),
        "keeping": reverse("compliance:keeping"),
        "ending": reverse("onboarding:ending", args=[ending.client_id]),
        "endings": reverse("onboarding:endings"),
    }
    lift, deletion = stage.hold_lift, stage.file_deletion
    return [
        (handover, cora, pages["handover"], [pages["handover"], pages["handovers"]],
         lambda: confirm_handover(None, by=cora, handover_id=handover.pk),
         lambda: end_handover(None, by=handover.asked_by, handover_id=handover.pk)),
        (barrier, cora, pages["barriers"], [pages["barriers"]],
         lambda: confirm_barrier(None, by=cora, proposal_id=barrier.pk),
         lambda: end_barrier_proposal(None, by=barrier.asked_by, proposal_id=barrier.pk)),
        (change, cora, pages["person"], [pages["person"]],
         lambda: confirm_person_change(None, by=cora, change_id=change.pk),
         lambda: end_person_change(None, by=change.asked_by, change_id=change.pk)),
        (export, cora, pages["audit"], [],
         lambda: confirm_export(None, by=cora, export_id=export.pk),
         lambda: end_export(None, by=export.asked_by, export_id=export.pk)),
        (lift, cora, pages["keeping"], [],
         lambda: confirm_lift(lift, by=cora), lambda: end_lift(lift, by=lift.asked_by)),
        (deletion, cora, pages["keeping"], [],
         lambda: confirm_deletion(deletion, by=cora), lambda: end_deletion(deletion, by=deletion.asked_by)),
        (ending, cora, pages["ending"], [pages["endings"]],
         lambda: confirm_end(ending, by=cora), lambda: take_back_end(ending, by=ending.asked_by)),
    ]  # fmt: skip


def shown(person, page):
    return html.unescape(browser_of(person).get(page).content.decode())


def test_whatever_one_asked_for_and_nobody_confirmed_is_void_after_its_last_day(stage):
    asked = questions(stage)
    assert {type(each[0]) for each in asked} == set(Proposal.__subclasses__())
    today = timezone.localdate()
    assert {each[0].until_on for each in asked} == {today + timedelta(days=30)}
    for _row, second, page, *_rest in asked:
        assert "to be confirmed by" in shown(second, page).lower(), page
    for row, *_rest in asked:
        type(row).objects.update(until_on=today)
    look_at_proposals()
    assert not Mail.objects.exists(), "the last day is one of them"
    for row, *_rest in asked:
        type(row).objects.update(until_on=today - timedelta(days=1))
    for row, second, page, _ended, confirm, take_back in asked:  # before the night shift came by
        for deed in (confirm, take_back):
            with pytest.raises(Refused, match=VOID):
                deed()
        assert VOID in shown(second, page), page
        row.refresh_from_db()
        assert (row.state, row.stands) == ("waiting", "expired")
    look_at_proposals()
    look_at_proposals()
    assert AuditEvent.objects.filter(verb="question to a second person ended").count() == len(asked)
    for row, second, _page, ended, confirm, _take_back in asked:
        row.refresh_from_db()
        assert (row.state, row.decided_by) == ("expired", None)
        with pytest.raises(Refused, match=VOID):
            confirm()
        mails = Mail.objects.filter(to=row.asked_by)
        assert {str(mail.subject) for mail in mails} == {"Nobody confirmed what you asked for"}
        assert any(reverse(row.waits_at) in mail.body for mail in mails)
        for page in ended:
            assert "Void: nobody confirmed it in time" in shown(second, page), page
    assert "Void: nobody confirmed it in time" in shown(
        stage.large_export.asked_by, reverse("compliance:audit")
    )


def test_how_long_that_is_the_figures_of_the_day_say(stage):
    newest = RulePack.objects.filter(name="access").order_by("-version").first()
    before = stage.person_change
    RulePack.objects.create(
        name="access", version=newest.version + 1, valid_from=timezone.localdate(),
        body=newest.body | {"proposal_days": 5}, activated_at=timezone.now(),
    )  # fmt: skip
    assert last_day_to_confirm() == timezone.localdate() + timedelta(days=5)
    before.refresh_from_db()
    assert before.until_on == timezone.localdate() + timedelta(days=30), "asked for by the figures of before"


def test_void_is_no_obstacle_to_asking_anew(stage):
    change = stage.person_change
    PersonChange.objects.filter(pk=change.pk).update(until_on=timezone.localdate() - timedelta(days=1))
    look_at_proposals()
    again = PersonChange.objects.create(
        person=change.person, role=change.role, team=change.team, reason="Still", asked_by=change.asked_by,
        fingerprint=change.fingerprint,
    )  # fmt: skip
    assert again.stands == "waiting"
