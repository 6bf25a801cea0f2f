"""Rita asks, the client signs; a draft keeps its holes; nobody else can."""

from datetime import date

import pytest
import time_machine
from django.urls import reverse

from needs.actions import add_goal, change_goal, drop_draft, save_answers, sign_assessment
from needs.models import Assessment, Goal
from needs.questions import STEPS
from needs.selectors import needs_page
from tests.needs.make import ANSWERS
from ui.refusals import NotPermitted, NotVisible, Refused


def drafted(client, by, **changes):
    return save_answers(client, by=by, step="goals", answers=ANSWERS | changes)


def signed(client, by, on="2026-03-06", **changes):
    with time_machine.travel(f"{on}T10:00:00Z", tick=False):
        return sign_assessment(drafted(client, by, **changes), by=by)


def test_a_signed_assessment_has_scores_a_band_a_last_day_and_the_version_that_judged(rita, anna):
    found = signed(anna, rita)
    assert (found.state, found.tolerance, found.capacity, found.band) == ("signed", 55, 81, 3)
    assert (found.valid_until, found.pack_version) == (date(2027, 3, 6), 1)


def test_a_new_one_supersedes_the_old(rita, anna):
    old = signed(anna, rita)
    new = signed(anna, rita, on="2026-09-01", goal="income")
    old.refresh_from_db()
    assert (old.state, new.state) == ("superseded", "signed")


def test_holes_and_contradictions_refuse_the_signature_and_keep_the_draft(rita, anna):
    draft = drafted(anna, rita, goal="preserve", loss="forty", debts="")
    with pytest.raises(Refused) as refused:
        sign_assessment(draft, by=rita)
    assert [sentence[:13] for sentence in refused.value.sentences] == ["1 question is", "Contradiction"]
    draft.refresh_from_db()
    assert draft.state == "draft"


def test_an_answer_to_what_is_no_longer_asked_is_forgotten(rita, anna):
    draft = drafted(anna, rita, sustainability="some", sustainability_how="impact")
    assert draft.answers["sustainability_how"] == "impact"
    draft = save_answers(anna, by=rita, step="preferences", answers={"sustainability": "none"})
    assert "sustainability_how" not in draft.answers


def test_a_draft_is_dropped_and_a_signed_one_is_not(rita, anna):
    drop_draft(drafted(anna, rita), by=rita)
    assert not Assessment.objects.exists()
    with pytest.raises(Refused):
        drop_draft(signed(anna, rita), by=rita)


def test_a_closed_file_is_asked_nothing(rita, anna):
    anna.state = "closed"
    anna.save()
    with pytest.raises(Refused):
        drafted(anna, rita)


def test_nobody_else_can(cast):
    for refused, person in ((NotVisible, cast.otto), (NotPermitted, cast.cora)):
        with pytest.raises(refused):
            drafted(cast.anna, person)
    draft = drafted(cast.anna, cast.rita)
    for refused, person in ((NotVisible, cast.otto), (NotPermitted, cast.cora)):
        with pytest.raises(refused):
            sign_assessment(draft, by=person)


def test_a_goal_lies_ahead_and_is_reached_once(rita, anna):
    with time_machine.travel("2026-03-06T10:00:00Z", tick=False):
        with pytest.raises(Refused):
            add_goal(anna, by=rita, name="Home", amount=1, currency="CHF", by_on=date(2026, 3, 6))
        goal = add_goal(anna, by=rita, name="Home", amount=250_000, currency="CHF", by_on=date(2030, 1, 1))
        goal = change_goal(
            goal, by=rita, reached=True, name="Home", amount=250_000, currency="CHF", by_on=date(2030, 1, 1)
        )
    assert goal.reached_on == date(2026, 3, 6)


# --- in the browser ----------------------------------------------------------------------------------------


def test_step_by_step_the_draft_grows_until_it_can_be_signed(page_of, rita, anna):
    browser = page_of(rita)
    url = here = reverse("needs:assess", args=[anna.pk])
    browser.get(here)
    url = f"{here}?step={STEPS[0].code}"
    for step in STEPS:
        text = browser.get(url).content.decode()
        assert str(step.label) in text
        given = {question.code: ANSWERS.get(question.code, "") for question in step.questions}
        answer = browser.post(url, given | {"form_key": step.code})
        assert answer.status_code == 303
        url = answer["Location"]
    assert url == here
    draft = Assessment.objects.get()
    text = browser.get(here).content.decode()
    assert "55" in text
    assert "The client has signed" in text
    assert browser.post(reverse("needs:signature", args=[draft.pk])).status_code == 303
    draft.refresh_from_db()
    assert draft.state == "signed"


def test_a_wrong_amount_is_named_and_what_was_typed_stays(page_of, rita, anna):
    url = reverse("needs:assess", args=[anna.pk]) + "?step=means"
    answer = page_of(rita).post(url, {"income": "a lot", "assets": "1000", "form_key": "k"})
    assert answer.status_code == 422
    assert "a lot" in answer.content.decode()
    assert set(answer.context["form"].errors) == {"income"}
    assert not Assessment.objects.exists()


def test_the_page_shows_what_contradicts_and_why_it_cannot_be_signed(page_of, rita, anna):
    drafted(anna, rita, goal="preserve", loss="forty")
    text = page_of(rita).get(reverse("needs:assess", args=[anna.pk])).content.decode()
    assert "yet a loss of 20 % or more would be borne" in text
    assert 'aria-disabled="true"' in text


def test_the_page_asks_five_things(rita, anna, django_assert_num_queries):
    signed(anna, rita)
    drafted(anna, rita)
    with django_assert_num_queries(5):
        needs_page(anna, date(2026, 3, 6))


def test_a_signed_assessment_from_elsewhere_shows_its_stored_scores(page_of, rita, anna):
    Assessment.objects.create(
        client=anna,
        state="signed",
        tolerance=61,
        capacity=47,
        band=3,
        made_by=rita,
        valid_until=date(2099, 1, 1),
    )
    text = page_of(rita).get(reverse("needs:assess", args=[anna.pk])).content.decode()
    assert "61" in text
    assert "47" in text
    assert "3 Moderate" in text


def test_goals_by_form_with_the_currency_in_three_letters(page_of, rita, anna):
    browser = page_of(rita)
    form = {
        "name": "Sabbatical",
        "amount": "40000",
        "currency": "francs",
        "by_on": "2099-01-01",
        "form_key": "g1",
    }
    url = reverse("needs:goal_new", args=[anna.pk])
    assert "currency" in browser.post(url, form).context["form"].errors
    assert browser.post(url, form | {"currency": "chf", "form_key": "g2"}).status_code == 303
    goal = Goal.objects.get()
    assert goal.currency == "CHF"
    again = form | {"currency": "CHF", "amount": "45000", "form_key": "g3"}
    assert browser.post(reverse("needs:goal", args=[goal.pk]), again).status_code == 303
    goal.refresh_from_db()
    assert goal.amount == 45_000


def test_otto_gets_404_everywhere_and_cora_reads_but_may_not_write(page_of, cast):
    draft = drafted(cast.anna, cast.rita)
    goal = Goal.objects.create(
        client=cast.anna, name="Home", amount=1, currency="CHF", by_on=date(2099, 1, 1)
    )
    gets = [
        reverse("needs:assess", args=[cast.anna.pk]),
        reverse("needs:goal_new", args=[cast.anna.pk]),
        reverse("needs:goal", args=[goal.pk]),
    ]
    posts = [reverse("needs:signature", args=[draft.pk]), reverse("needs:removal", args=[draft.pk])]
    otto, cora = page_of(cast.otto), page_of(cast.cora)
    assert {otto.get(url).status_code for url in gets} == {404}
    assert {otto.post(url).status_code for url in posts} == {404}
    assert {cora.get(url).status_code for url in gets} == {200}
    assert {cora.post(url).status_code for url in posts} == {403}


def test_an_assessment_about_to_expire_deserves_attention_once(rita, anna):
    from django.db import connection

    from needs.alerts import EXPIRING

    signed(anna, rita)

    def look(on):
        with connection.cursor() as cursor:
            cursor.execute(EXPIRING.find, {"first": 0, "last": 10**9, "today": on, **EXPIRING.figures(on)})
            return [(row[0], row[2], row[3]) for row in cursor.fetchall()]

    assert look(date(2027, 1, 4)) == []
    assert look(date(2027, 1, 5)) == [(anna.pk, "2027-03-06", 2)]
    assert look(date(2027, 3, 7)) == [(anna.pk, "2027-03-06", 1)]
