"""What officers see of hits, lists and runs: by the dozen, as it was decided, what a version changed."""

import re
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from audit.models import AuditEvent
from clients.models import Party, Relationship
from compliance import tasks
from compliance.actions import (
    assign_hit,
    confirm_hit,
    propose_hit,
    return_hit,
    screen_all,
    screen_changes,
    screen_client,
)
from compliance.actions.hits import decide_one
from compliance.models import HitStep, ListVersion, ScreeningHit, ScreeningRun
from compliance.rules.hits import why_obvious
from compliance.rules.screening.evidence import years_apart
from compliance.selectors import as_decided, screening_statistics
from compliance.selectors.hits import hit_list
from jobs.actions import run_due
from jobs.models import Job
from rulebook.selectors import pack
from staff.night import night_shift
from tests.compliance.stage import ALFA, BARAN, KONY, SHIP, WHY, bring, make_lookalike, second_officer, xml
from ui.refusals import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def cleo(cast):
    return second_officer()


@pytest.fixture
def hits(cast):
    """One that is obvious, one that is not."""
    bring(KONY, SHIP, ALFA, day="01/01/2024")
    for born_on, country in (("1990-01-01", "DE"), ("1964-09-18", "UG")):
        screen_client(make_lookalike(cast, "Joseph Kony", born_on, country), by=night_shift())
    return list(ScreeningHit.objects.order_by("score"))


def test_who_reads_a_hit_can_add_up_its_score(page_of, cora, hits):
    """The sentence says what agrees and differs; the sum says what each of it weighs."""
    low, high = hits
    page = page_of(cora).get(reverse("compliance:hit", args=[low.pk])).content.decode()
    assert "100 for the name − 25 for another date of birth − 6 for another country = 69" in page
    assert (
        "100 for the name<" in page_of(cora).get(reverse("compliance:hit", args=[high.pk])).content.decode()
    )
    ScreeningHit.objects.filter(pk=low.pk).update(scorer=low.scorer - 1)
    page = page_of(cora).get(reverse("compliance:hit", args=[low.pk])).content.decode()
    assert "for the name" not in page, "another scorer gave other points"


def test_a_hit_says_what_the_party_is_on_the_file(page_of, cast, cora):
    bring(KONY)
    client = make_lookalike(cast, "Somebody Else", "1980-01-01", "CH")
    main = client.parties.get()
    owner = Party.objects.create(
        client=client, kind="person", name="Joseph Kony", nationality="UG", residence="CH"
    )
    Relationship.objects.create(client=client, party=owner, of=main, kind="signatory")
    screen_client(client, by=night_shift())
    text = page_of(cora).get(reverse("compliance:hit", args=[ScreeningHit.objects.get().pk])).content.decode()
    assert "Authorised signatory" in text
    assert "(nationality)" in text
    assert "(residence)" in text


def test_what_a_list_closed_names_no_paper(page_of, cora, hits):
    """Nobody named one; it read "<django.db.models.expressions.DatabaseDefault object at 0x…>"."""
    bring(SHIP, ALFA, BARAN, day="02/01/2024")
    screen_changes(by=night_shift())
    for hit in ScreeningHit.objects.filter(pk__in=[each.pk for each in hits]):
        assert (hit.state, hit.paper, hit.steps.get().paper) == ("delisted", "", "")
        page = page_of(cora).get(reverse("compliance:hit", args=[hit.pk])).content.decode()
        assert "<dt>Paper</dt>" not in page
        assert "DatabaseDefault" not in page


def test_obvious_ones_are_decided_by_the_dozen_and_still_by_two(page_of, cora, cleo, hits):
    low, high = hits
    ticked = {"rows": [low.pk, high.pk], "act": "no_match"}
    answer = page_of(cora).post(reverse("compliance:hits"), ticked)
    assert answer.status_code == 303
    run_due()
    page = page_of(cora).get(answer["Location"]).content.decode()
    assert "1 hit set to no match" in page
    assert "Not obvious by the facts" in page
    assert "Another date of birth" in page
    assert "Job " not in page
    low.refresh_from_db()
    assert low.reason == "other_birth_date"
    assert "version 2 of the figures" in low.note
    assert list(ScreeningHit.objects.order_by("score").values_list("state", flat=True)) == [
        "proposed",
        "open",
    ]
    for officer, state in ((cora, "proposed"), (cleo, "cleared")):
        answer = page_of(officer).post(reverse("compliance:hits"), {"rows": [low.pk], "act": "confirm"})
        run_due()
        low.refresh_from_db()
        assert low.state == state
    assert page_of(cora).get(answer["Location"]).status_code == 404  # Cleo's work is hers
    assert AuditEvent.objects.filter(verb="screening hit proposed", subject_id=low.pk).count() == 1


def test_all_of_a_filter_is_decided_as_it_was_seen_and_still_by_two(page_of, cora, cleo, cast, hits):
    browser, url = page_of(cora), reverse("compliance:hits")
    asked, listed = {"everything": "on", "act": "no_match", "form_key": "k"}, f"{url}?until_score=85&after=1"
    work = browser.post(listed, asked)
    assert browser.post(listed, asked)["Location"] == work["Location"]  # a second click does it once
    screen_client(make_lookalike(cast, "Josef Kony", "1990-01-01", "DE"), by=night_shift())  # comes later
    run_due()
    assert [hit.pk for hit in ScreeningHit.objects.filter(state="proposed")] == [hits[0].pk]
    said = AuditEvent.objects.get(verb="screening hits worked by the dozen")
    assert said.payload["asked"] == ["until_score=85"]
    assert said.payload["count"] == 1
    for officer, state in ((cora, "proposed"), (cleo, "cleared")):
        answer = page_of(officer).post(f"{url}?state=proposed", {"everything": "on", "act": "confirm"})
        run_due()
        hits[0].refresh_from_db()
        assert hits[0].state == state
    page_of(cleo).get(answer["Location"])
    assert ScreeningHit.objects.filter(state="open").count() == 2


def test_hits_are_given_to_an_officer_by_the_dozen_and_any_two_may_still_decide(
    page_of, cora, cleo, rita, hits
):
    browser, url = page_of(cora), reverse("compliance:hits")
    browser.post(url, {"everything": "on", "act": f"to {cleo.pk}"})
    run_due()
    assert {hit.assigned_to for hit in ScreeningHit.objects.all()} == {cleo}
    assert AuditEvent.objects.filter(verb="screening hit assigned").count() == 2
    mine = {"whose": "mine"}
    assert page_of(cleo).get(reverse("compliance:hits"), mine).context["page"].count == 2
    assert browser.get(reverse("compliance:hits"), mine).context["page"].count == 0
    assert browser.get(reverse("compliance:hits"), {"whose": "nobody"}).context["page"].count == 0
    propose_hit(hits[0], by=cora, verdict="no_match", reason="other_country")
    assert browser.post(url, {"rows": [hits[0].pk], "act": f"to {rita.pk}"}).status_code == 422
    with pytest.raises(Refused, match="somebody who decides hits"):
        assign_hit(hits[0], by=cora, to=rita.pk)


def test_nothing_ticked_is_told_at_the_list_which_stays_as_it_was(page_of, cora, hits):
    """The filter, the act that was chosen and the boxes stay; what is missing stands above the rows."""
    browser, url = page_of(cora), reverse("compliance:hits") + "?state=open&until_score=100"
    answer = browser.post(url, {"act": "no_match"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert page.index("Tick at least one row") < page.index("<tbody>")
    assert [hit.pk for hit in answer.context["page"]] == [hit.pk for hit in reversed(hits)]
    assert '<option value="no_match" selected>' in page
    assert 'action="?state=open&amp;until_score=100"' in page
    answer = browser.post(url, {"rows": [hits[0].pk]})
    page = answer.content.decode()
    assert (answer.status_code, "Choose what to do." in page, "Tick at least" in page) == (422, True, False)
    assert re.findall(r'id="tick-(\d+)" checked', page) == [str(hits[0].pk)]
    assert browser.post(url, {}).content.decode().count('<p class="mb-0">') == 2, "all that is wrong, at once"
    assert not Job.objects.exists()


def test_a_verdict_is_replayed_years_later(page_of, cora, cleo, hits, django_assert_max_num_queries):
    hit = hits[1]
    propose_hit(hit, by=cora, verdict="match", reason="same_birth", note="Passport seen.")
    confirm_hit(hit, by=cleo)
    bring(SHIP, KONY.replace("Uganda", "Sudan"), day="02/01/2024")  # the world goes on
    Party.objects.filter(pk=hit.party_id).update(name="Somebody Else")
    screen_changes(by=night_shift())
    step = HitStep.objects.get(hit=hit, said="decided")
    replay = as_decided(cora, hit.pk, step.pk)
    assert (replay.now.score, replay.now.sentence) == (100, hit.sentence)
    assert replay.agrees
    assert replay.intact
    assert replay.in_audit
    assert ("the client's name", "Joseph Kony") in [tuple(each) for each in replay.facts]
    url = reverse("compliance:hit_step", args=[hit.pk, step.pk])
    browser = page_of(cora)
    browser.get(url)
    with django_assert_max_num_queries(16):
        page = browser.get(url).content.decode()
    assert "The recomputation agrees" in page
    assert "The seal is that of the audit" in page


def test_a_changed_record_shows(page_of, cora, cleo, hits):
    propose_hit(hits[1], by=cora, verdict="match", reason="same_birth")
    confirm_hit(hits[1], by=cleo)
    step = HitStep.objects.get(said="decided")
    step.snapshot["score"] = 12
    step.save()
    page = page_of(cora).get(reverse("compliance:hit_step", args=[step.hit_id, step.pk])).content.decode()
    assert "it was changed afterwards" in page
    assert "The recomputation differs" in page


def test_the_page_of_a_version_shows_old_and_new_side_by_side(page_of, cora):
    bring(KONY, SHIP, ALFA, day="01/01/2024")
    version = bring(KONY.replace("Uganda", "Sudan"), SHIP, BARAN, day="02/01/2024")
    browser, url = page_of(cora), reverse("compliance:list_version", args=[version.pk])
    change = browser.get(url).context["changes"][0]
    assert (change.entity.reference, change.amended) == ("1", [["the listed countries", "Uganda", "Sudan"]])
    for what, reference in (("added", "2"), ("removed", "4")):
        assert [each.entity.reference for each in browser.get(url, {"what": what}).context["changes"]] == [
            reference
        ]


def test_an_officer_brings_in_a_list_and_a_broken_one_says_why(page_of, cora, rita, settings, tmp_path):
    url, browser = reverse("compliance:lists"), page_of(cora)
    for content in (xml(KONY, BARAN), xml(KONY, BARAN)[:-9]):
        file = SimpleUploadedFile("sdn.xml", content, content_type="text/xml")
        answer = browser.post(url, {"source": "ofac", "file": file})
        assert answer.status_code == 303
        run_due()
        page = browser.get(answer["Location"]).content.decode()
    assert "cut short" in page
    version = ListVersion.objects.get()
    assert (version.entities, version.imported_by) == (2, cora)
    assert "US OFAC SDN list" in browser.get(url).content.decode()
    assert browser.post(url, {"source": "ofac"}).status_code == 422
    assert page_of(rita).post(url, {"source": "ofac"}).status_code == 403


def test_the_whole_bank_is_screened_at_the_press_of_a_button(page_of, cora, cast):
    browser = page_of(cora)
    assert browser.post(reverse("compliance:screening_new")).status_code == 409  # no list
    bring(KONY)
    make_lookalike(cast)
    assert browser.post(reverse("compliance:screening_new")).status_code == 303
    assert browser.post(reverse("compliance:screening_new")).status_code == 409  # one is under way
    run_due()
    run = ScreeningRun.objects.get()
    assert (run.new_hits, run.asked_by, run.finished_at is None) == (1, cora, False)
    job = Job.objects.get(kind="compliance.screen")
    assert (job.state, job.done_units) == ("done", 3)


def test_every_day_by_itself_and_once_only(cast):
    bring(KONY)
    tasks.screen_daily()
    tasks.screen_daily()
    run_due()
    assert ScreeningRun.objects.filter(kind="full", finished_at__isnull=False).count() == 1
    ScreeningRun.objects.update(started_at=timezone.now() - timedelta(days=1))
    tasks.screen_daily()
    assert ScreeningRun.objects.filter(kind="full").count() == 2


def test_changes_are_compared_within_a_tick(cast):
    bring(KONY)
    tasks.screen_changes()
    run_due()
    assert ScreeningRun.objects.get().kind == "delta"
    tasks.screen_changes()
    assert Job.objects.filter(kind="compliance.screen_changes").count() == 1  # nothing waits
    Party.objects.filter(client=cast.anna).update(name="Joseph Kony")
    tasks.screen_changes()
    run_due()
    assert ScreeningHit.objects.get().client == cast.anna


def test_a_lane_that_broke_off_goes_on_where_it_was(cast):
    from compliance.actions.screening import _screen_chunk, begin_screening, finish_screening, screen_lane

    bring(KONY)
    for _ in range(3):
        make_lookalike(cast)
    run = begin_screening(None, by=night_shift())
    lane = _screen_chunk(None, by=night_shift(), lane_id=run.lanes.get().pk, size=2)
    assert (lane.parties, lane.finished_at) == (2, None)
    assert finish_screening(None, by=night_shift(), run_id=run.pk).finished_at is None
    screen_lane(lane.pk, by=night_shift())
    run = finish_screening(None, by=night_shift(), run_id=run.pk)
    assert (run.parties, run.new_hits, run.all_parties) == (5, 3, 5)


def test_how_screening_goes(cast, cora, cleo, hits):
    low, high = hits
    propose_hit(low, by=cora, verdict="no_match", reason="other_country")
    confirm_hit(low, by=cleo)
    ScreeningHit.objects.filter(pk=low.pk).update(opened_at=timezone.now() - timedelta(hours=4))
    ScreeningHit.objects.filter(pk=high.pk).update(opened_at=timezone.now() - timedelta(days=7))
    told = screening_statistics(cora, timezone.now())
    assert (told.by_state["open"], told.by_state["cleared"], told.decided, told.matches) == (1, 1, 1, 0)
    assert told.by_age == {"1": 0, "5": 0, "10": 1, "older": 0}
    assert told.by_list == {"US OFAC SDN list": 1}
    assert round(told.median_hours) == 4


@pytest.mark.parametrize("name", ["lists", "hits"])
def test_the_pages_cost_a_known_number_of_queries(page_of, cora, hits, name, django_assert_num_queries):
    screen_all(by=night_shift())
    browser, url = page_of(cora), reverse(f"compliance:{name}")
    browser.get(url)
    with django_assert_num_queries({"lists": 16, "hits": 15}[name]):
        browser.get(url)


def test_the_most_alike_of_many_hits_stand_together_in_an_index(cora, hits):
    """Of thirteen thousand that waited at a million clients the desk sorted all for eight: 130 ms."""
    waiting = ScreeningHit.objects.visible_to(cora).undecided().select_related("party", "entity")
    rows = (waiting.order_by("-score", "-pk")[:8], hit_list(cora, {}, timezone.localdate()).rows)
    assert [hit.score for hit in rows[0]] == sorted((hit.score for hit in rows[1]), reverse=True)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
        cursor.execute("SET LOCAL enable_sort = off")
    plan = rows[0].explain()
    assert "hit_undecided" in plan
    assert "Sort" not in plan


def test_countries_and_papers_are_told_in_words(page_of, cora, hits):
    hit = hits[0]
    hit.entity.identifiers = [["id_card", "123", "UG"], ["vessel", "456", "region-gaza"]]
    hit.entity.save()
    said = page_of(cora).get(reverse("compliance:hit", args=[hit.pk])).content.decode()
    assert "<span>Germany" in said
    assert "<span>Uganda</span>" in said
    assert "Identity card, Uganda: 123" in said
    assert "Number of a vessel, region-gaza: 456" in said


def test_a_hidden_screen_tells_no_day_of_birth(page_of, cora, hits):
    browser, url = page_of(cora), reverse("compliance:hit", args=[hits[1].pk])
    assert "1964" in browser.get(url).content.decode()
    browser.post("/screen/", {"to": "hidden", "next": url})
    page = browser.get(url).content.decode()
    assert "Born or founded" in page
    assert "1964" not in page


# --- what is obvious -------------------------------------------------------------------------------------


def test_what_is_obvious_is_offered_and_where_there_is_none_nothing_is(page_of, cora, cleo, hits):
    browser, url = page_of(cora), reverse("compliance:hits")
    page = browser.get(url).content.decode()
    assert "1 of these hits is obviously nobody on the list" in page
    assert 'value="no_match"' in page
    assert 'value="confirm"' not in page
    obvious = browser.get(url, {"state": "obvious"}).context["page"]
    assert [hit.pk for hit in obvious] == [hits[0].pk]
    propose_hit(hits[0], by=cora, verdict="no_match", reason="other_birth_date")
    mine, theirs = (page_of(each).get(url).content.decode() for each in (cora, cleo))
    for text in (mine, theirs):
        assert "obviously nobody on the list:" not in text
        assert 'value="no_match"' not in text
    assert 'value="confirm"' not in mine
    assert 'value="confirm"' in theirs


@pytest.mark.parametrize(
    ("score", "changes", "reason"),
    [
        (60, {}, "other_birth_date"),
        (70, {"apart": 5}, "other_birth_date"),
        (71, {}, ""),  # the name agrees too well
        (60, {"apart": 4}, ""),
        (60, {"born": "unknown", "apart": 0}, ""),
        (60, {"born": "unknown", "apart": 0, "kind": "differs"}, "other_kind"),
        (60, {"kind": "differs"}, "other_kind"),
        (60, {"born": "year", "kind": "differs"}, ""),
        (60, {"born": "same", "kind": "differs"}, ""),
        (60, {"country": "same"}, ""),
        (60, {"country": "differs"}, "other_birth_date"),
        (60, {"papers": "same"}, ""),
        (60, {"papers": None}, ""),  # of a scorer that did not ask
        (60, {"changed": True}, ""),  # who writes the file makes nothing obvious
    ],
)
def test_what_is_obvious_by_the_rule_and_by_its_twin(hits, score, changes, reason):
    low = hits[0]
    details = {"born": "differs", "apart": 26, "country": "unknown", "kind": "same", "papers": "unknown"}
    low.details = {key: value for key, value in (details | changes).items() if value is not None}
    low.score = score
    low.save()
    figures = pack("hits", timezone.localdate()).body
    assert why_obvious(score, low.details, figures) == reason
    assert ScreeningHit.objects.obvious(figures).filter(pk=low.pk).exists() is bool(reason)


def test_another_kind_is_obvious_only_where_the_bank_says_so(hits):
    details = {"born": "unknown", "country": "unknown", "kind": "differs", "papers": "unknown"}
    ScreeningHit.objects.filter(pk=hits[0].pk).update(details=details, score=60)
    figures = pack("hits", timezone.localdate()).body | {"batch_other_kind": False}
    assert why_obvious(60, details, figures) == ""
    assert not ScreeningHit.objects.obvious(figures).exists()


def test_who_changes_the_file_does_not_make_its_hit_obvious(page_of, cora, hits):
    high = hits[1]
    Party.objects.filter(pk=high.party_id).update(born_on="1990-01-01", nationality="DE", residence="DE")
    screen_changes(by=night_shift())
    high.refresh_from_db()
    assert high.details["born"] == "differs"
    figures = pack("hits", timezone.localdate()).body
    assert why_obvious(high.score, high.details, figures) == ""
    page_of(cora).post(reverse("compliance:hits"), {"rows": [high.pk], "act": "no_match"})
    run_due()
    high.refresh_from_db()
    assert high.state == "open"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"state": "escalated"}, "decided one by one"),
        ({"state": "confirmed", "frozen": True}, "waits for no first officer"),
        ({"frozen": True}, "Not obvious by the facts"),
    ],
)
def test_by_the_dozen_no_match_is_overturned_and_nothing_passed_on_decided(cora, hits, change, sentence):
    ScreeningHit.objects.filter(pk=hits[0].pk).update(**change)
    with pytest.raises(Refused, match=sentence):
        decide_one(hits[0].pk, by=cora, verdict="no_match")


def test_a_match_and_what_is_not_obvious_is_confirmed_one_by_one(cora, cleo, hits):
    propose_hit(hits[1], by=cora, verdict="match", reason="same_birth")
    with pytest.raises(Refused, match="A match is decided one by one"):
        decide_one(hits[1].pk, by=cleo, verdict="confirm")
    return_hit(hits[1], by=cleo, **WHY)
    propose_hit(hits[1], by=cora, verdict="no_match", reason="common_name")
    with pytest.raises(Refused, match="Not obvious by the facts"):
        decide_one(hits[1].pk, by=cleo, verdict="confirm")
    confirm_hit(hits[1], by=cleo)


@pytest.mark.parametrize(
    ("listed", "apart"),
    [
        ("18 Sep 1964", 26), ("1964; 1988", 2), ("circa 1985", 4), ("1980 to 1992", 0), ("", None),
        ("1990", 0), ("1995", 5),
    ],
)  # fmt: skip
def test_years_between_births_are_counted_to_the_nearest(listed, apart):
    assert years_apart(date(1990, 1, 1), listed) == apart
    assert years_apart(None, listed) is None
