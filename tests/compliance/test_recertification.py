"""Twice a year each lead says of everybody who may open the team's books: keeps it, or does not."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from audit.models import AuditEvent
from clients.models import ClientGrant
from compliance.actions import begin_recertification, open_recertifications
from compliance.models import Recertification
from compliance.rules import recertification as rules
from staff.models import BookMember, Team
from staff.roles import Role
from tests.cast import LONG_AGO, lend, make_client, make_person, raise_barrier
from ui.refusals import NotPermitted, Refused

DAY = timedelta(days=1)


def texts(answer):
    return answer.content.decode()


@pytest.fixture
def owed(cast):
    """Of Theo's team: Rita's book, which lea assists and otto deputises, and a file lent to gil."""
    lea = make_person("lea", Role.ASSISTANT, cast.rita.team)
    now = timezone.now()
    BookMember.objects.create(book=cast.rita_book, user=lea, role="assistant", during=(LONG_AGO, None))
    BookMember.objects.create(book=cast.rita_book, user=cast.otto, role="deputy", during=(now, now + 9 * DAY))
    gil = make_person("gil", Role.RM, cast.otto.team)
    lend(cast.anna, gil, cast.rita, purpose="opinion", ends_at=now + 9 * DAY)
    open_recertifications(timezone.localdate())
    return Recertification.objects.get(team=cast.rita.team)


def signed_by(browser, owed, ending=(), **more):
    """Theo reads the page and decides on each line; the logins in `ending` are ended."""
    url = f"/compliance/recertifications/{owed.pk}/"
    page = texts(browser.get(url))
    seen = re.search(r'name="seen" value="(\w+)"', page)[1]
    lines = re.findall(r'id="line-(\w+)">[^<]+ <span class="quiet">(\w+)<', page)
    told = {key: "end" if login in ending else "keep" for key, login in lines}
    return browser.post(url, {"seen": seen} | told | more)


# --- done ------------------------------------------------------------------------------------------------


def test_theo_keeps_some_and_ends_others_and_it_holds_at_once(cast, owed, page_of):
    theo, otto = page_of(cast.theo), page_of(cast.otto)
    page = texts(theo.get(f"/compliance/recertifications/{owed.pk}/"))
    for told in ("Rita Muster", "rita", "lea", "otto", "gil", "Anna Keller", "second opinion", "Deputy"):
        assert told in page, told
    assert otto.get(f"/clients/{cast.anna.pk}/").status_code == 200
    assert signed_by(theo, owed, ending=("otto", "gil")).status_code == 303
    assert otto.get(f"/clients/{cast.anna.pk}/").status_code == 404
    now = timezone.now()
    assert not BookMember.objects.at(now).filter(user=cast.otto, book=cast.rita_book).exists()
    grant = ClientGrant.objects.get()
    assert (grant.ended_by, grant.ends_at <= now) == (cast.theo, True)
    owed.refresh_from_db()
    assert (owed.certified_by, owed.kept, owed.ended) == (cast.theo, 2, 2)


def test_what_was_signed_is_kept_and_a_change_of_it_shows(cast, owed, page_of):
    signed_by(page_of(cast.theo), owed, ending=("gil",))
    owed.refresh_from_db()
    assert owed.seal == AuditEvent.objects.get(verb="access certified").payload["seal"]
    assert "Keller" not in str(owed.lines)
    cora = page_of(cast.cora)
    page = texts(cora.get(f"/compliance/recertifications/{owed.pk}/"))
    assert page.count("Kept") == 3
    assert "not those that were signed" not in page
    owed.lines[0]["keep"] = not owed.lines[0]["keep"]
    owed.save(update_fields=["lines"])
    assert "not those that were signed" in texts(cora.get(f"/compliance/recertifications/{owed.pk}/"))
    owed.seal = rules.digest_of(owed.lines)  # and with a seal that fits
    owed.save(update_fields=["seal"])
    assert "not those that were signed" in texts(cora.get(f"/compliance/recertifications/{owed.pk}/"))


def test_compliance_sees_what_is_overdue(cast, owed, page_of):
    Recertification.objects.exclude(pk=owed.pk).delete()
    Recertification.objects.update(due_on=timezone.localdate() - DAY)
    cora = page_of(cast.cora)
    assert "Overdue" in texts(cora.get("/compliance/recertifications/?clock=overdue"))
    assert "Recertifications of access" in texts(cora.get("/compliance/"))
    row = cora.get("/compliance/").context["console"].row("recertifications")
    assert [cell.figure.count for cell in row.cells if cell.column == "overdue"] == [1]


# --- refused, nobody else --------------------------------------------------------------------------------


def test_of_a_file_that_was_walled_since_no_outsider_reads_a_line(cast, owed, page_of):
    signed_by(page_of(cast.theo), owed)
    raise_barrier([cast.anna], [cast.rita])
    for person in (cast.cora, cast.theo):
        page = texts(page_of(person).get(f"/compliance/recertifications/{owed.pk}/"))
        assert "lea" in page
        for told in ("gil", "second opinion", "no longer there", "have another seal"):
            assert told not in page


def test_a_line_left_open_is_refused_and_nothing_ends(cast, owed, page_of):
    member = BookMember.objects.get(user=cast.otto, book=cast.rita_book)
    answer = signed_by(page_of(cast.theo), owed, ending=("gil",), **{f"m{member.pk}": ""})
    assert answer.status_code == 409
    assert ClientGrant.objects.get().ends_at > timezone.now()


def test_who_came_in_meanwhile_is_read_first(cast, owed, page_of):
    theo = page_of(cast.theo)
    page = texts(theo.get(f"/compliance/recertifications/{owed.pk}/"))
    seen = re.search(r'name="seen" value="(\w+)"', page)[1]
    told = dict.fromkeys(re.findall(r'id="line-(\w+)">', page), "keep")
    ned = make_person("ned", Role.RM, cast.otto.team)
    lend(cast.anna, ned, cast.rita, ends_at=timezone.now() + DAY)
    answer = theo.post(f"/compliance/recertifications/{owed.pk}/", {"seen": seen} | told)
    assert (answer.status_code, "has changed" in texts(answer)) == (409, True)


def test_the_owner_of_a_book_is_not_ended_here(cast, owed, page_of):
    assert signed_by(page_of(cast.theo), owed, ending=("rita",)).status_code == 409
    assert page_of(cast.rita).get(f"/clients/{cast.anna.pk}/").status_code == 200


def test_it_is_signed_once(cast, owed, page_of):
    theo = page_of(cast.theo)
    signed_by(theo, owed)
    owed.refresh_from_db()
    again = {"seen": owed.seal} | {line["key"]: "end" for line in owed.lines}
    assert theo.post(f"/compliance/recertifications/{owed.pk}/", again).status_code == 409


def test_a_screen_left_unlocked_signs_nothing(cast, owed, page_of):
    theo = page_of(cast.theo)
    session = theo.session
    session["confirmed"] -= 3600
    session.save()
    assert signed_by(theo, owed).status_code == 403
    owed.refresh_from_db()
    assert owed.certified_at is None


def test_nobody_else_signs(cast, owed, page_of):
    other = make_person("lou", Role.TEAM_LEAD, cast.otto.team)
    url = f"/compliance/recertifications/{owed.pk}/"
    assert page_of(other).get(url).status_code == page_of(other).post(url, {"seen": "0"}).status_code == 404
    for person in (cast.rita, cast.ada):
        assert page_of(person).get(url).status_code == 403
    for person in (cast.cora, make_person("udo", Role.AUDITOR)):
        assert page_of(person).post(url, {"seen": "0"}).status_code == 403
    head = make_person("hana", Role.REGIONAL_HEAD, cast.rita.team.parent)
    assert signed_by(page_of(head), owed).status_code == 303  # leads the teams below


def test_another_teams_is_not_on_the_list(cast, owed, page_of):
    page = texts(page_of(cast.theo).get("/compliance/recertifications/"))
    assert ("Private clients" in page, "Business clients" in page) == (True, False)


# --- begun by hand ---------------------------------------------------------------------------------------

BEGIN = "/compliance/recertifications/beginnings/"


def asks(team=None, days=10, reason="A laptop was stolen"):
    due = timezone.localdate() + days * DAY
    return {"team": team.pk if team else "", "due_on": due.isoformat(), "reason": reason}


def test_cora_begins_one_of_a_team_before_its_time_and_its_lead_signs_it(cast, page_of):
    cora, team = page_of(cast.cora), cast.rita.team
    assert "Begin one now" in texts(cora.get("/compliance/recertifications/"))
    assert cora.post(BEGIN, asks(team)).status_code == 303
    owed = Recertification.objects.get()
    assert (owed.team, owed.asked_by, owed.due_on) == (team, cast.cora, timezone.localdate() + 10 * DAY)
    for url in ("/compliance/recertifications/", f"/compliance/recertifications/{owed.pk}/"):
        assert "A laptop was stolen" in texts(page_of(cast.theo).get(url))
    assert open_recertifications(timezone.localdate()) == 1  # by itself the other team alone
    assert signed_by(page_of(cast.theo), owed).status_code == 303
    event = AuditEvent.objects.get(verb="recertification begun")
    assert (event.by_id, event.payload["team_id"]) == (cast.cora.pk, team.pk)


def test_begun_twice_it_is_one_and_what_is_under_way_is_said(cast, page_of):
    cora = page_of(cast.cora)
    cora.post(BEGIN, asks(cast.rita.team))
    again = cora.post(BEGIN, asks(cast.rita.team))
    assert (again.status_code, "owes a recertification already" in texts(again)) == (409, True)
    assert Recertification.objects.count() == 1
    assert "1 team is asked." in texts(cora.post(BEGIN, asks(), follow=True))  # all: the one that owes none
    assert Recertification.objects.count() == 2
    assert "Every team with books owes" in texts(cora.post(BEGIN, asks()))


def test_two_officers_at_once_begin_one(cast, page_of):
    """The second waits for the first, and is told."""
    second = make_person("cleo", Role.COMPLIANCE)
    begin_recertification(None, by=cast.cora, team_id=cast.rita.team_id, reason="x", due_on=_in(5))
    with pytest.raises(Refused, match="already"):
        begin_recertification(None, by=second, team_id=cast.rita.team_id, reason="y", due_on=_in(5))


def _in(days):
    return timezone.localdate() + days * DAY


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"reason": " "}, "reason"),
        ({"due_on": ""}, "due_on"),
        ({"due_on": "2020-01-01"}, "due_on"),
        ({"due_on": "2031-01-01"}, "due_on"),
        ({"due_on": "soon"}, "due_on"),
        ({"team": "999999"}, "team"),
    ],
)
def test_what_is_wrong_is_told_at_its_field_and_nothing_begins(cast, page_of, wrong, field):
    answer = page_of(cast.cora).post(BEGIN, asks(cast.rita.team) | wrong)
    assert (answer.status_code, list(answer.context["begin"].errors)) == (422, [field])
    assert ("A laptop was stolen" in texts(answer)) == (field != "reason")
    assert not Recertification.objects.exists()


def test_nobody_else_begins_one(cast, page_of):
    for person in (cast.rita, cast.theo, cast.ada, make_person("udo", Role.AUDITOR)):
        assert page_of(person).post(BEGIN, asks(cast.rita.team)).status_code == 403
    assert "Begin one now" not in texts(page_of(cast.theo).get("/compliance/recertifications/"))
    with pytest.raises(NotPermitted):
        begin_recertification(None, by=cast.theo, team_id=cast.rita.team_id, reason="x", due_on=_in(5))


# --- by itself -------------------------------------------------------------------------------------------


def test_every_team_with_books_is_asked_once_and_again_before_half_a_year_is_over(cast):
    today = timezone.localdate()
    assert open_recertifications(today) == 2  # the bank itself has no book
    assert open_recertifications(today) == 0
    theirs = Recertification.objects.get(team=cast.rita.team)
    theirs.certified_by, theirs.certified_at, theirs.seal = cast.theo, timezone.now(), "1" * 64
    theirs.save()
    assert open_recertifications(today + 100 * DAY) == 0
    assert open_recertifications(today + 165 * DAY) == 1
    again = Recertification.objects.get(team=cast.rita.team, certified_at__isnull=True)
    assert again.due_on == rules.due_on(today, today, 6)
    assert not Recertification.objects.filter(team=Team.objects.get(name="Bank")).exists()


def test_the_pages_ask_little(cast, owed, page_of, django_assert_max_num_queries):
    for at in range(6):
        person = make_person(f"p{at}", Role.RM, cast.otto.team)
        lend(make_client(f"C {at}", cast.rita_book), person, cast.rita, ends_at=timezone.now() + DAY)
    theo = page_of(cast.theo)
    for url, most in (
        ("/compliance/recertifications/", 11),
        (f"/compliance/recertifications/{owed.pk}/", 16),
    ):
        theo.get(url)
        with django_assert_max_num_queries(most):
            theo.get(url)


def test_a_team_owes_one_at_a_time_whoever_looks(cast, owed):
    with pytest.raises(Exception, match="a_team_owes_one"), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO compliance_recertification"
            " (team_id, opened_at, due_on, pack_version, lines, seal, reason)"
            " VALUES (%s, now(), now(), 1, '[]', '', '')",
            [owed.team_id],
        )
