"""A colleague gets another role or team when a second person confirms it; disabled is one by one, at once."""

from threading import Barrier as Gate
from threading import Thread

import pytest
from allauth.socialaccount.models import SocialAccount
from django.db import IntegrityError, connection, transaction
from rest_framework.authtoken.models import Token

from audit.models import AuditEvent
from staff import actions
from staff.models import PersonChange, User
from staff.roles import Role
from tests.cast import browser_of, make_cast, make_person


@pytest.fixture
def clea(cast):
    return make_person("clea", Role.COMPLIANCE)


def asked(by, person, to, team=None, **fields):
    told = {"role": to, "team": team.pk if team else "", "reason": "A new task"} | fields
    return browser_of(by).post(f"/accounts/people/{person.pk}/", told)


def a_change(by, person, role=Role.TEAM_LEAD, **fields):
    answer = asked(by, person, role, **({"team": person.team} | fields))
    assert answer.status_code == 303, answer.content.decode()
    return PersonChange.objects.latest("pk")


def confirm(by, change):
    return browser_of(by).post(f"/accounts/changes/{change.pk}/confirmation/")


def end(by, change):
    return browser_of(by).post(f"/accounts/changes/{change.pk}/end/")


def disable(by, person):
    return browser_of(by).post(f"/accounts/people/{person.pk}/disablement/")


def at_once(asked):
    """What each of these (browser, url) is answered, posted by threads of their own."""
    gate, answers = Gate(len(asked)), []

    def go(browser, url):
        try:
            gate.wait()
            answers.append(browser.post(url))
        finally:
            connection.close()

    threads = [Thread(target=go, args=pair) for pair in asked]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def texts(answer):
    return answer.content.decode()


def test_ada_asks_cora_confirms_and_ritas_open_page_leads_to_the_log_in(cast):
    Token.objects.create(user=cast.rita)
    desk = browser_of(cast.rita)
    assert desk.get("/team/").status_code == 403
    change = a_change(cast.ada, cast.rita)
    assert desk.get("/day/").status_code == 200, "nothing happens before a second person confirms"
    assert "Rita Muster" in texts(browser_of(cast.cora).get("/accounts/people/"))
    assert confirm(cast.cora, change).status_code == 303
    assert desk.get("/day/").status_code == 302, "what was begun with the old role has ended"
    assert not Token.objects.exists()
    cast.rita.refresh_from_db()
    assert cast.rita.role == Role.TEAM_LEAD
    assert browser_of(cast.rita).get("/team/").status_code == 200
    event = AuditEvent.objects.get(verb="person changed")
    assert (event.by_id, event.subject_id) == (cast.cora.pk, cast.rita.pk)
    assert event.payload == {"role": ["rm", "team_lead"], "asked_by": cast.ada.pk}
    page = texts(browser_of(cast.ada).get(f"/accounts/people/{cast.rita.pk}/"))
    assert "decided by Cora Muster" in page


def test_disabled_means_now_and_the_way_back_takes_two(cast, clea):
    desk = browser_of(cast.rita)
    waits = a_change(cast.cora, cast.rita)
    assert disable(cast.ada, cast.rita).status_code == 303
    assert desk.get("/day/").status_code == 302
    waits.refresh_from_db()
    assert waits.state == "fallen"
    assert disable(cast.ada, cast.rita).status_code == 409
    back = a_change(cast.ada, cast.rita, role=Role.RM, is_active="on")
    assert not User.objects.get(pk=cast.rita.pk).is_active
    assert confirm(clea, back).status_code == 303
    assert browser_of(User.objects.get(pk=cast.rita.pk)).get("/day/").status_code == 200
    assert AuditEvent.objects.get(verb="person disabled").payload == {"person_id": cast.rita.pk}


def test_who_asked_never_confirms_whatever_the_role_today(cast):
    change = a_change(cast.ada, cast.rita)
    assert confirm(cast.ada, change).status_code == 403
    cast.ada.role = Role.COMPLIANCE  # a second role makes no second person
    cast.ada.save()
    answer = confirm(cast.ada, change)
    assert answer.status_code == 409
    assert "a second person confirms" in texts(answer)
    again = make_person("ada2", Role.COMPLIANCE)
    User.objects.filter(pk=again.pk).update(email=cast.ada.email)
    assert confirm(again, change).status_code == 409
    change.state, change.decided_by = "confirmed", cast.ada
    with pytest.raises(IntegrityError), transaction.atomic():
        change.save()


def test_nobody_changes_or_disables_oneself_nor_confirms_what_is_about_him(cast, clea):
    assert asked(cast.cora, cast.cora, Role.MLRO).status_code == 409
    assert disable(cast.cora, cast.cora).status_code == 409
    about = a_change(cast.ada, cast.cora, role=Role.MLRO)
    answer = confirm(cast.cora, about)
    assert answer.status_code == 409
    assert "This is about you" in texts(answer)
    about.state, about.decided_by = "confirmed", cast.cora
    with pytest.raises(IntegrityError), transaction.atomic():
        about.save()
    assert confirm(clea, about).status_code == 303  # the first reporting officer: nobody is there to ask


def test_who_is_to_see_suspicions_is_confirmed_by_who_sees_them(cast, clea):
    mira = make_person("mira", Role.MLRO)
    change = a_change(cast.cora, cast.rita, role=Role.MLRO)
    answer = confirm(clea, change)
    assert answer.status_code == 409
    assert "reporting officer" in texts(answer)
    assert confirm(mira, change).status_code == 303


def test_so_is_the_way_back_of_one_and_that_somebody_sees_them_no_longer(cast, clea):
    mira, moni = make_person("mira", Role.MLRO), make_person("moni", Role.MLRO)
    no_longer = a_change(cast.ada, moni, role=Role.ASSISTANT, team=cast.rita.team)
    assert disable(cast.ada, mira).status_code == 303
    back = a_change(cast.ada, mira, role=Role.MLRO, is_active="on")
    for change in (no_longer, back):
        answer = confirm(clea, change)
        assert answer.status_code == 409
        assert "reporting officer" in texts(answer)
    assert confirm(moni, back).status_code == 303
    assert confirm(User.objects.get(pk=mira.pk), no_longer).status_code == 303


def test_whoever_takes_the_only_reporting_officer_away_has_no_other_one_made(cast, clea):
    """Else one person and a second one open the suspicions to whom they like."""
    mira = make_person("mira", Role.MLRO)
    other_role = a_change(cast.ada, mira, role=Role.ASSISTANT, team=cast.rita.team)
    assert confirm(clea, other_role).status_code == 409
    assert end(clea, other_role).status_code == 303
    assert disable(cast.ada, mira).status_code == 303  # it only takes away: at once, and by one
    for person, role in ((cast.rita, Role.MLRO), (mira, Role.ASSISTANT)):
        change = a_change(cast.ada, person, role=role, team=cast.rita.team)
        assert confirm(clea, change).status_code == 409, person
        assert end(clea, change).status_code == 303
    back = a_change(cast.ada, mira, role=Role.MLRO, is_active="on")
    assert confirm(clea, back).status_code == 303, "nobody new sees them"
    assert not User.objects.filter(role=Role.MLRO).exclude(pk=mira.pk).exists()


def test_what_has_changed_meanwhile_is_confirmed_by_nobody(cast):
    change = a_change(cast.ada, cast.rita)
    User.objects.filter(pk=cast.rita.pk).update(role=Role.SPECIALIST)
    answer = confirm(cast.cora, change)
    assert answer.status_code == 409
    assert "changed since it was asked for" in texts(answer)
    assert end(cast.cora, change).status_code == 303
    change.refresh_from_db()
    assert change.state == "refused"
    again = a_change(cast.ada, cast.rita)
    assert end(cast.ada, again).status_code == 303
    again.refresh_from_db()
    assert again.state == "withdrawn"
    assert confirm(cast.cora, again).status_code == 409


def test_the_last_officer_is_not_disabled(cast):
    assert disable(cast.ada, cast.cora).status_code == 409
    make_person("clea", Role.COMPLIANCE)
    assert disable(cast.ada, cast.cora).status_code == 303


def test_the_role_that_the_bank_says_is_changed_at_the_bank(cast, settings):
    SocialAccount.objects.create(user=cast.rita, provider="bank", uid="bank 1")
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {}}
    answer = asked(cast.ada, cast.rita, Role.TEAM_LEAD, cast.rita.team)
    assert answer.status_code == 409
    assert "identity provider" in texts(answer)
    assert asked(cast.ada, cast.rita, Role.RM, cast.otto.team).status_code == 303  # the team is ours


def test_what_cannot_be_asked_for(cast):
    team = cast.rita.team
    assert asked(cast.ada, cast.rita, Role.RM, team).status_code == 409  # nothing would change
    assert (
        asked(cast.ada, cast.rita, Role.TEAM_LEAD).status_code == 409
    )  # a lead without a team leads nothing
    for wrong in ({"role": "king"}, {"reason": " "}, {"team": "999999"}):
        told = {"role": "specialist", "team": team.pk, "reason": "A new task"} | wrong
        answer = browser_of(cast.ada).post(f"/accounts/people/{cast.rita.pk}/", told)
        assert answer.status_code == 422, wrong
    a_change(cast.ada, cast.rita)
    answer = asked(cast.cora, cast.rita, Role.SPECIALIST, team)
    assert answer.status_code == 409
    assert "waits already" in texts(answer)
    for person in (cast.rita, cast.theo, make_person("udo", Role.AUDITOR)):
        assert browser_of(person).get("/accounts/people/").status_code == 403
        assert disable(person, cast.otto).status_code == 403


@pytest.mark.django_db(transaction=True)
def test_of_two_who_confirm_at_once_one_wins():
    cast = make_cast()
    change = a_change(cast.ada, cast.rita)
    browsers = [browser_of(cast.cora), browser_of(make_person("clea", Role.COMPLIANCE))]
    url = f"/accounts/changes/{change.pk}/confirmation/"
    answers = at_once([(browser, url) for browser in browsers])
    assert sorted(answer.status_code for answer in answers) == [303, 409]
    assert AuditEvent.objects.filter(verb="person changed", subject_id=cast.rita.pk).count() >= 1


@pytest.mark.django_db(transaction=True)
def test_of_two_who_disable_each_other_one_does_and_the_other_reads_why_not(monkeypatch):
    cast = make_cast()
    people = cast.ada, cast.cora
    make_person("clea", Role.COMPLIANCE)
    held, gate = actions._held, Gate(2)

    def held_when_both_are_there(person_id):
        gate.wait(10)
        return held(person_id)

    monkeypatch.setattr(actions, "_held", held_when_both_are_there)
    answers = at_once(
        [(browser_of(by), f"/accounts/people/{of.pk}/disablement/") for by, of in (people, people[::-1])]
    )
    assert sorted(answer.status_code for answer in answers) == [303, 409]
    (refused,) = (answer for answer in answers if answer.status_code == 409)
    assert "Send it again" in texts(refused)
    assert sorted(User.objects.filter(login__in=("ada", "cora")).values_list("is_active", flat=True)) == [
        False,
        True,
    ]


@pytest.mark.django_db(transaction=True)
def test_of_the_last_two_officers_who_are_disabled_at_once_one_stays(monkeypatch):
    cast = make_cast()
    officers = cast.cora, make_person("clea", Role.COMPLIANCE)
    held, gate = actions._held, Gate(2)

    def held_until_both_are(person_id):
        person = held(person_id)
        gate.wait(10)
        return person

    monkeypatch.setattr(actions, "_held", held_until_both_are)
    answers = at_once([(browser_of(cast.ada), f"/accounts/people/{of.pk}/disablement/") for of in officers])
    assert sorted(answer.status_code for answer in answers) == [303, 409]
    (refused,) = (answer for answer in answers if answer.status_code == 409)
    assert "name another officer first" in texts(refused)
    assert User.objects.filter(role=Role.COMPLIANCE, is_active=True).count() == 1


def test_the_pages_ask_a_known_number_of_questions(cast, django_assert_num_queries):
    ada = browser_of(cast.ada)
    a_change(cast.cora, cast.rita)
    ada.get("/accounts/people/")
    for url, queries in (("/accounts/people/?who=muster", 8), (f"/accounts/people/{cast.rita.pk}/", 12)):
        with django_assert_num_queries(queries):
            assert ada.get(url).status_code == 200
    assert "Nobody is called so" in texts(ada.get("/accounts/people/?who=zzz"))
