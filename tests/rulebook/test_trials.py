"""What a draft would change is counted by the room it concerns, in totals, before a second person acts."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from clients.models import Client, Party, Relationship
from compliance.selectors import ownership_of
from jobs.actions import run_due
from jobs.models import Job
from needs.actions import save_answers, sign_assessment
from needs.models import Assessment
from onboarding.models import RequiredDocument
from rulebook import rules
from rulebook.actions import activate_pack, ask_trial, change_draft, draft_pack
from rulebook.models import RulePack
from rulebook.selectors import pack, trial_page
from staff.roles import Role
from tests.cast import make_person
from tests.needs.make import ANSWERS
from tests.onboarding.stage import begin
from ui.refusals import NotPermitted, Refused

TODAY = timezone.localdate


def drafted(by, name, change):
    draft = draft_pack(None, by=by, name=name)
    body = change(dict(draft.body))
    return change_draft(
        None, by=by, pack_id=draft.pk, body=body, valid_from=TODAY(), reason="The board asks for it"
    )


def tried(draft, by):
    ask_trial(None, by=by, pack_id=draft.pk)
    run_due()
    page = trial_page(draft.pk)
    assert page.job.state == "done", page.job.error
    return page, {line.words: (line.now, line.then) for line in page.lines}


@pytest.fixture
def signed(cast):
    """Anna and Omar answered alike and signed."""
    for client, by in ((cast.anna, cast.rita), (cast.omar, cast.otto)):
        save_answers(client, by=by, step="goals", answers=ANSWERS)
        sign_assessment(Assessment.objects.get(client=client), by=by)
    return cast


def test_other_bands_are_counted_before_they_come_into_force(page_of, signed):
    second = make_person("cleo", Role.COMPLIANCE)
    draft = drafted(signed.cora, "suitability", lambda body: body | {"band_from_score": [0, 95, 96, 97, 98]})
    with pytest.raises(Refused, match="dry run is missing"):
        activate_pack(None, by=second, pack_id=draft.pk, seen=rules.digest(draft.body))
    page, told = tried(draft, signed.cora)
    before = Assessment.objects.first().band
    assert before > 1
    assert page.judged == 2
    assert told["Assessments in another band"] == (0, 2)
    assert told["Band 1 Conservative"] == (0, 2)
    assert Assessment.objects.filter(band=before).count() == 2  # nothing is changed by looking
    html = page_of(second).get(reverse("rulebook:trial", args=[draft.pk])).content.decode()
    assert "Band 1 Conservative" in html
    assert "Not simulated:" in html
    assert "Anna" not in html
    draft.refresh_from_db()
    activate_pack(None, by=second, pack_id=draft.pk, seen=rules.digest(draft.body))


def test_papers_of_running_openings_are_counted_and_are_what_happens_then(signed):
    opening = begin(signed)
    draft = drafted(
        signed.cora,
        "onboarding",
        lambda body: body | {"documents": body["documents"] | {"person": ["identity", "statutes"]}},
    )
    page, told = tried(draft, signed.cora)
    assert page.judged == 1
    assert told["Openings that need a further paper"] == (0, 1)
    assert told["Openings that need a paper less"] == (0, 1)
    assert told["Statutes"] == (0, 1)
    asked = RequiredDocument.objects.filter(onboarding=opening).count()
    assert told["Papers asked for"] == (asked, 2)
    second = make_person("cleo", Role.COMPLIANCE)
    activate_pack(None, by=second, pack_id=draft.pk, seen=rules.digest(draft.body))
    other = begin(signed, name="Leo Lind")
    assert set(RequiredDocument.objects.filter(onboarding=other).values_list("kind", flat=True)) == {
        "identity",
        "statutes",
    }


def test_other_owners_are_counted_and_are_what_the_files_show_then(signed):
    whole = signed.omar.parties.get(is_client=True)
    for place, share in enumerate((55, 15, 15, 15)):
        owner = Party.objects.create(client=signed.omar, kind="person", name=f"Owner {place}")
        Relationship.objects.create(client=signed.omar, party=owner, of=whole, kind="owner", share=share)
    assert len(ownership_of(signed.omar, TODAY()).owners) == 1
    draft = drafted(
        signed.cora, "ownership", lambda body: body | {"threshold": {"percent": "15", "or_more": True}}
    )
    page, told = tried(draft, signed.cora)
    assert page.judged == Client.objects.filter(kind="organisation").count()
    assert told == {
        "Beneficial owners": (1, 4),
        "Companies with a further beneficial owner": (0, 1),
        "Companies with a beneficial owner less": (0, 0),
        "Companies without an owner or a director in their place": (page.judged - 1,) * 2,
        "Companies behind which an owner could hide": (0, 0),
    }
    second = make_person("cleo", Role.COMPLIANCE)
    draft.refresh_from_db()
    activate_pack(None, by=second, pack_id=draft.pk, seen=rules.digest(draft.body))
    assert len(ownership_of(signed.omar, TODAY()).owners) == 4


def test_a_dry_run_that_is_older_than_the_figures_does_not_count(signed):
    draft = drafted(signed.cora, "hits", lambda body: body | {"batch_highest_score": 60})
    page, _told = tried(draft, signed.cora)
    assert page.fits
    ask_trial(None, by=signed.cora, pack_id=draft.pk)
    with pytest.raises(Refused, match="under way"):
        ask_trial(None, by=signed.cora, pack_id=draft.pk)
    change_draft(
        None, by=signed.cora, pack_id=draft.pk, body=draft.body | {"batch_highest_score": 50},
        valid_from=TODAY() + timedelta(days=1), reason="Once more",
    )  # fmt: skip
    run_due()
    assert Job.objects.latest("pk").result == {"stale": True}
    assert not trial_page(draft.pk).fits
    assert RulePack.objects.get(pk=draft.pk).tried != rules.digest(draft.body | {"batch_highest_score": 50})


def test_whoever_writes_no_such_pack_runs_it_not(page_of, signed):
    draft = drafted(signed.cora, "hits", lambda body: body | {"batch_highest_score": 60})
    url = reverse("rulebook:trial", args=[draft.pk])
    pia = make_person("pia", Role.PRODUCT)
    assert page_of(pia).get(url).status_code == 200
    assert page_of(pia).post(url).status_code == 403
    assert page_of(signed.rita).get(url).status_code == 403
    with pytest.raises(NotPermitted):
        ask_trial(None, by=pia, pack_id=draft.pk)


def test_where_nothing_is_simulated_the_page_says_so(page_of, signed):
    for name, words in rules.PACKS.items():
        assert words.untried, name
    draft = drafted(signed.cora, "desk", lambda body: body | {"hit_days": 9})
    page = page_of(signed.cora).get(reverse("rulebook:version", args=[draft.pk])).content.decode()
    assert "There is no dry run." in page
    assert page_of(signed.cora).get(reverse("rulebook:trial", args=[draft.pk])).status_code == 404
    assert pack("desk", TODAY())["hit_days"] != 9
