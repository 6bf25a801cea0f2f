"""A file is lent to a colleague for a purpose and some days, a book is covered; both end by themselves."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.utils import timezone

from alerts.actions import look_at_client
from alerts.models import Delivery
from audit.models import AuditEvent
from clients import rules
from clients.models import ClientGrant
from staff.models import BookMember
from staff.roles import Role
from tests.cast import LONG_AGO, lend, make_cast, make_person
from ui.formats import told_day

DAY = timedelta(days=1)


def a_loan(colleague, *, first=0, last=3, **fields):
    today = timezone.localdate()
    days = {"first_on": (today + first * DAY).isoformat(), "last_on": (today + last * DAY).isoformat()}
    return days | {"to": colleague.pk, "purpose": "opinion", "reason": "A second pair of eyes"} | fields


def lent_by(browser, client, colleague, **fields):
    return browser.post(f"/clients/{client.pk}/lending/", a_loan(colleague, **fields))


def covered_by(browser, book, to, **fields):
    return browser.post("/clients/covers/", a_loan(to, book_id=book.pk, **{"reason": "holidays"} | fields))


def texts(answer):
    return answer.content.decode()


def move(grant, **days):
    """The grant as it stands so many days later."""
    grant.starts_at -= timedelta(**days)
    grant.ends_at -= timedelta(**days)
    grant.save()


# --- files -----------------------------------------------------------------------------------------------


def test_rita_lends_her_file_to_otto_who_sees_it_with_its_purpose(cast, page_of):
    rita, otto = page_of(cast.rita), page_of(cast.otto)
    assert lent_by(rita, cast.anna, cast.otto).status_code == 303
    page = texts(otto.get(f"/clients/{cast.anna.pk}/"))
    assert "It was lent to you: A second pair of eyes" in page
    assert (
        AuditEvent.objects.latest("id").path == f"granted for opinion, grant {ClientGrant.objects.get().pk}"
    )
    mine = texts(otto.get("/clients/lent/"))
    assert "Anna Keller" in mine
    assert "lent by Rita Muster" in mine
    for browser in (rita, page_of(cast.theo), page_of(cast.cora)):
        shown = texts(browser.get(f"/clients/{cast.anna.pk}/lending/"))
        assert "Otto Muster" in shown
        assert "Second opinion" in shown
    event = AuditEvent.objects.get(verb="file lent")
    assert event.payload["purpose"] == "opinion"
    assert (event.client_id, event.payload["to"]) == (cast.anna.pk, cast.otto.pk)


def test_whoever_borrows_a_file_is_told_and_nobody_else(cast, page_of):
    iris = make_person("iris", Role.RM, cast.otto.team)
    for colleague, days in ((cast.otto, {}), (iris, {"first": 2})):
        assert lent_by(page_of(cast.rita), cast.anna, colleague, **days).status_code == 303
    look_at_client(cast.anna.pk, timezone.localdate())
    told = Delivery.objects.filter(alert__rule="compliance.file_lent", channel="inbox")
    assert [each.recipient for each in told] == [cast.otto]
    shown = texts(page_of(cast.otto).get("/inbox/"))
    last = told_day(str(timezone.localdate() + 3 * DAY))
    assert f"Rita Muster lent this file to Otto Muster until {last}: Second opinion." in shown
    move(ClientGrant.objects.get(user=iris), days=3)
    look_at_client(cast.anna.pk, timezone.localdate())
    assert sorted(each.recipient.login for each in told.all()) == ["iris", "otto"]
    ClientGrant.objects.filter(user=cast.otto).update(ends_at=timezone.now())
    look_at_client(cast.anna.pk, timezone.localdate())
    assert [each.recipient for each in told.filter(alert__closed_at=None)] == [iris]


def test_a_lead_lends_what_the_team_serves(cast, page_of):
    assert lent_by(page_of(cast.theo), cast.anna, cast.otto).status_code == 303


@pytest.mark.parametrize("role", ["deputy", "specialist", "assistant"])
def test_who_works_a_book_for_its_owner_lends_nothing_of_it(cast, page_of, role):
    lea = make_person("lea", Role.RM, cast.rita.team)
    BookMember.objects.create(book=cast.rita_book, user=lea, role=role, during=(LONG_AGO, None))
    assert lent_by(page_of(lea), cast.anna, cast.otto).status_code == 409
    assert not ClientGrant.objects.exists()


def test_what_was_lent_is_not_lent_on(cast, page_of):
    lent_by(page_of(cast.rita), cast.anna, cast.otto)
    gil = make_person("gil", Role.RM, cast.otto.team)
    assert lent_by(page_of(cast.otto), cast.anna, gil).status_code == 409
    assert page_of(gil).get(f"/clients/{cast.anna.pk}/").status_code == 404


def test_nobody_else_lends(cast, page_of):
    gil = make_person("gil", Role.RM, cast.otto.team)
    assert lent_by(page_of(cast.otto), cast.anna, gil).status_code == 404
    for person in (cast.cora, make_person("udo", Role.AUDITOR)):
        assert lent_by(page_of(person), cast.anna, gil).status_code == 403
    assert lent_by(page_of(cast.ada), cast.anna, gil).status_code == 404


def test_a_loan_has_a_purpose_a_reason_and_an_end_in_sight(cast, page_of):
    rita = page_of(cast.rita)
    for wrong in ({"purpose": "break_glass"}, {"purpose": ""}, {"reason": ""}, {"last_on": ""}, {"to": ""}):
        assert lent_by(rita, cast.anna, cast.otto, **wrong).status_code == 422, wrong
    for first, last in ((-1, 3), (3, 2), (0, 90), (60, 95), (90, 90), (2_900_000, 2_900_001)):  # nor a chain
        assert lent_by(rita, cast.anna, cast.otto, first=first, last=last).status_code == 409, (first, last)
    assert lent_by(rita, cast.anna, cast.otto, first=0, last=89).status_code == 303


def test_it_is_lent_to_no_administrator_and_to_nobody_who_sees_it_anyway(cast, page_of):
    rita = page_of(cast.rita)
    assert lent_by(rita, cast.anna, cast.ada).status_code == 422  # is not among those to choose
    assert lent_by(rita, cast.anna, cast.theo).status_code == 409
    lent_by(rita, cast.anna, cast.otto)
    assert lent_by(rita, cast.anna, cast.otto).status_code == 409  # twice


def test_an_open_page_leads_nowhere_once_the_loan_is_over(cast, page_of):
    otto = page_of(cast.otto)
    lent_by(page_of(cast.rita), cast.anna, cast.otto, last=0)
    grant = ClientGrant.objects.get()
    assert timezone.localtime(grant.ends_at).date() == timezone.localdate() + DAY  # that day's first instant
    assert otto.get(f"/clients/{cast.anna.pk}/").status_code == 200
    move(grant, days=2)
    answer = otto.get(f"/clients/{cast.anna.pk}/interactions/")
    assert answer.status_code == 404
    assert "Keller" not in texts(answer)
    call = {"channel": "call", "purpose": "service", "summary": "x", "at": "2026-01-05T10:00"}
    assert otto.post(f"/clients/{cast.anna.pk}/interactions/new/", call).status_code == 404
    assert "Keller" not in texts(otto.get("/clients/lent/"))


def test_a_loan_to_come_shows_nothing_yet(cast, page_of):
    otto = page_of(cast.otto)
    lent_by(page_of(cast.rita), cast.anna, cast.otto, first=2, last=4)
    assert otto.get(f"/clients/{cast.anna.pk}/").status_code == 404
    assert "Keller" not in texts(otto.get("/clients/lent/"))
    assert "Not yet begun" in texts(page_of(cast.rita).get(f"/clients/{cast.anna.pk}/lending/"))


def test_it_is_taken_back_by_a_lender_or_given_back_and_not_twice(cast, page_of):
    rita, otto = page_of(cast.rita), page_of(cast.otto)
    lent_by(rita, cast.anna, cast.otto)
    grant = ClientGrant.objects.get()
    assert rita.post(f"/clients/lent/{grant.pk}/end/").status_code == 303
    assert otto.get(f"/clients/{cast.anna.pk}/").status_code == 404
    assert rita.post(f"/clients/lent/{grant.pk}/end/").status_code == 409
    assert otto.post(f"/clients/lent/{grant.pk}/end/").status_code == 404
    grant.refresh_from_db()
    assert grant.ended_by == cast.rita
    lent_by(rita, cast.anna, cast.otto)
    again = ClientGrant.objects.latest("pk")
    assert otto.post(f"/clients/lent/{again.pk}/end/", {"back": "lent"}).status_code == 303
    assert otto.get(f"/clients/{cast.anna.pk}/").status_code == 404


def test_a_loan_that_has_not_begun_is_gone_when_it_is_taken_back(cast, page_of):
    rita = page_of(cast.rita)
    lent_by(rita, cast.anna, cast.otto, first=2)
    assert rita.post(f"/clients/lent/{ClientGrant.objects.get().pk}/end/").status_code == 303
    assert not ClientGrant.objects.exists()


def test_a_lender_closes_a_file_that_was_broken_into(cast, page_of):
    now = timezone.now()
    grant = lend(cast.anna, cast.otto, cast.otto, purpose="break_glass", ends_at=now + timedelta(hours=1))
    assert page_of(cast.rita).post(f"/clients/lent/{grant.pk}/end/").status_code == 303
    assert page_of(cast.otto).get(f"/clients/{cast.anna.pk}/").status_code == 404


def test_lent_twice_at_once_is_lent_once(transactional_db, page_of):
    cast = make_cast()
    browsers, answers, together = [page_of(cast.rita), page_of(cast.theo)], [], Barrier(2)

    def press(browser):
        together.wait()
        answers.append(lent_by(browser, cast.anna, cast.otto).status_code)
        connection.close()

    threads = [Thread(target=press, args=[browser]) for browser in browsers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [303, 409]
    assert ClientGrant.objects.count() == 1


# --- books -----------------------------------------------------------------------------------------------


def test_rita_has_her_book_covered_and_the_cover_ends_by_itself(cast, page_of):
    rita, otto = page_of(cast.rita), page_of(cast.otto)
    assert covered_by(rita, cast.rita_book, cast.otto).status_code == 303
    member = BookMember.objects.get(user=cast.otto, book=cast.rita_book)
    assert member.role == "deputy"
    assert "Anna Keller" in texts(otto.get("/clients/"))
    assert "Otto Muster" in texts(rita.get("/clients/covers/"))
    assert "Book of rita" in texts(otto.get("/clients/covers/"))
    member.during = (timezone.now() - 5 * DAY, timezone.now() - timedelta(seconds=1))
    member.save()
    assert otto.get(f"/clients/{cast.anna.pk}/").status_code == 404
    assert "Anna Keller" not in texts(otto.get("/clients/"))
    assert "Otto Muster (" in texts(rita.get("/clients/covers/"))  # only among those to choose
    assert "End it" not in texts(rita.get("/clients/covers/"))


def test_a_lead_covers_the_books_of_the_team_and_no_other(cast, page_of):
    theo = page_of(cast.theo)
    assert covered_by(theo, cast.rita_book, cast.otto).status_code == 303
    gil = make_person("gil", Role.RM, cast.rita.team)
    assert covered_by(theo, cast.otto_book, gil).status_code == 422  # is not among the books to choose
    assert not BookMember.objects.filter(user=gil).exists()


def test_a_deputy_covers_nothing_further_but_gives_back(cast, page_of):
    covered_by(page_of(cast.rita), cast.rita_book, cast.otto)
    otto, gil = page_of(cast.otto), make_person("gil", Role.RM, cast.otto.team)
    assert covered_by(otto, cast.rita_book, gil).status_code == 422
    assert lent_by(otto, cast.anna, gil).status_code == 409
    member = BookMember.objects.get(user=cast.otto, book=cast.rita_book)
    assert otto.post(f"/clients/covers/{member.pk}/end/").status_code == 303
    assert otto.get(f"/clients/{cast.anna.pk}/").status_code == 404
    assert otto.post(f"/clients/covers/{member.pk}/end/").status_code == 409  # twice
    assert page_of(cast.rita).post(f"/clients/covers/{member.pk}/end/").status_code == 409


def test_nobody_covers_a_foreign_book_whatever_is_sent(cast):
    from clients.actions import cover_book, end_cover
    from ui.refusals import NotPermitted, NotVisible, Refused

    today = timezone.localdate()
    days = {"first_on": today, "last_on": today, "reason": "holidays"}
    with pytest.raises(NotVisible):
        cover_book(None, by=cast.otto, book_id=cast.rita_book.pk, to=cast.otto.pk, **days)
    for person in (cast.cora, cast.ada):
        with pytest.raises(NotPermitted):
            cover_book(None, by=person, book_id=cast.rita_book.pk, to=cast.otto.pk, **days)
    for to in (cast.rita, cast.ada, cast.cora, cast.theo):
        with pytest.raises(Refused):
            cover_book(None, by=cast.rita, book_id=cast.rita_book.pk, to=to.pk, **days)
    made = cover_book(None, by=cast.rita, book_id=cast.rita_book.pk, to=cast.otto.pk, **days)
    with pytest.raises(Refused):  # twice
        cover_book(None, by=cast.theo, book_id=cast.rita_book.pk, to=cast.otto.pk, **days)
    gil = make_person("gil", Role.RM, cast.otto.team)
    with pytest.raises(NotVisible):
        end_cover(None, by=gil, member_id=made.pk)


def test_a_cover_that_has_not_begun_is_gone_when_it_is_ended(cast, page_of):
    rita = page_of(cast.rita)
    covered_by(rita, cast.rita_book, cast.otto, first=2)
    member = BookMember.objects.get(user=cast.otto, book=cast.rita_book)
    assert page_of(cast.otto).get(f"/clients/{cast.anna.pk}/").status_code == 404
    assert rita.post(f"/clients/covers/{member.pk}/end/").status_code == 303
    assert not BookMember.objects.filter(pk=member.pk).exists()


# --- rules and costs -------------------------------------------------------------------------------------


def test_a_span_counts_its_last_day():
    from datetime import date

    day = date(2026, 11, 29)
    assert rules.refusals_to_span(day, day, day, 1) == []
    assert rules.refusals_to_span(day, day + DAY, day, 1) != []
    assert rules.refusals_to_span(day, day + DAY, day, 2) == []


@pytest.mark.parametrize("url", ["/clients/lent/", "/clients/covers/", "lending"])
def test_the_pages_ask_little_however_much_is_lent(cast, page_of, url, django_assert_max_num_queries):
    for at in range(6):
        person = make_person(f"p{at}", Role.RM, cast.otto.team)
        lend(cast.anna, person, cast.rita, ends_at=timezone.now() + DAY)
        BookMember.objects.create(
            book=cast.rita_book, user=person, role="deputy", during=(timezone.now(), timezone.now() + DAY)
        )
    rita = page_of(cast.rita)
    url = f"/clients/{cast.anna.pk}/lending/" if url == "lending" else url
    rita.get(url)
    with django_assert_max_num_queries(12):
        rita.get(url)
