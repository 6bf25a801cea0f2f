"""A client goes to another relationship manager: one person asks, a second confirms, then it is so."""

from datetime import timedelta
from threading import Barrier as Gate
from threading import Thread

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from alerts.actions import look_at_client
from alerts.models import Alert, Delivery, Mail
from audit.models import AuditEvent
from clients.access import reach
from clients.models import Client, Task
from cockpit import rules
from cockpit.models import Handover, HandoverClient
from cockpit.tasks import look_at_handovers
from opportunities.models import Opportunity
from staff.models import Book, BookMember, Team
from staff.roles import Role
from tests.cast import browser_of, lend, make_cast, make_client, make_person, raise_barrier
from ui.carrying import carry_person

DAY = timedelta(days=1)


@pytest.fixture
def hedy(cast):
    """Leads the team of Otto."""
    return make_person("hedy", Role.TEAM_LEAD, cast.otto.team)


def asked(browser, clients, into, *, on=0, **fields):
    day = (timezone.localdate() + on * DAY).isoformat()
    told = {"client": [each.pk for each in clients], "to": f"book-{into.pk}", "effective_on": day}
    return browser.post("/handovers/new/", told | {"cause": "load", "reason": "Too many files"} | fields)


def a_handover(cast, by=None, **fields):
    """Anna is to go from Rita to Otto, asked for by Theo."""
    answer = asked(browser_of(by or cast.theo), fields.pop("clients", [cast.anna]), cast.otto_book, **fields)
    assert answer.status_code == 303, answer.content.decode()
    return Handover.objects.latest("pk")


def confirm(person, handover):
    return browser_of(person).post(f"/handovers/{handover.pk}/confirmation/")


def end(person, handover):
    return browser_of(person).post(f"/handovers/{handover.pk}/end/")


def sees(person, client):
    return browser_of(person).get(f"/clients/{client.pk}/").status_code == 200


def texts(answer):
    return answer.content.decode()


# --- the whole of it -------------------------------------------------------------------------------------
def test_theo_asks_hedy_confirms_and_from_then_on_the_client_is_ottos(cast, hedy):
    handover = a_handover(cast)
    assert sees(cast.rita, cast.anna), "nothing moves before a second person confirms"
    assert not sees(cast.otto, cast.anna)
    before = timezone.now()
    assert confirm(hedy, handover).status_code == 303
    assert sees(cast.otto, cast.anna)
    assert not sees(cast.rita, cast.anna)
    handover.refresh_from_db()
    assert (handover.state, handover.decided_by, handover.done_at > before) == ("confirmed", hedy, True)
    # Who could see whom is told of the past as it was (ADR 21).
    rita, otto = reach(cast.rita, before), reach(cast.otto, before)
    assert Client.objects.visible_to(cast.rita, before).filter(pk=cast.anna.pk).exists()
    assert not Client.objects.visible_to(cast.otto, before).filter(pk=cast.anna.pk).exists()
    assert (cast.rita_book.pk in rita.books, cast.otto_book.pk in otto.books) == (True, True)
    event = AuditEvent.objects.get(verb="client handed over")
    assert (event.client_id, event.by_id, event.path) == (cast.anna.pk, hedy.pk, f"leads team {hedy.team_id}")
    assert event.why == f"handover {handover.pk}: load"
    assert event.payload["asked_by"] == cast.theo.pk
    assert "Too many files" not in str(event.payload)


def test_both_colleagues_hear_of_it_and_what_was_open_goes_along(cast, hedy):
    task = Task.objects.create(
        client=cast.anna, kind="call", title="Call", assigned_to=cast.rita, due_on=timezone.localdate()
    )
    done = Task.objects.create(
        client=cast.anna, kind="call", title="Call", assigned_to=cast.rita, due_on=timezone.localdate(),
        done_at=timezone.now(),
    )  # fmt: skip
    officers = Task.objects.create(
        client=cast.anna, kind="document", title="Ask", assigned_to=cast.cora, due_on=timezone.localdate()
    )
    deal = Opportunity.objects.create(
        client=cast.anna, product_kind="pension", reason="life_event", owner=cast.rita
    )
    handover = a_handover(cast)
    confirm(hedy, handover)
    for row in (task, done, officers, deal):
        row.refresh_from_db()
    assert (task.assigned_to, deal.owner) == (cast.otto, cast.otto)
    assert done.assigned_to == cast.rita, "what was done stays whose it was"
    assert officers.assigned_to == cast.cora, "who sees the client still keeps the task"
    assert {(mail.to.login, "1 client" in mail.body) for mail in Mail.objects.all()} == {
        ("rita", True), ("otto", True),
    }  # fmt: skip
    assert not any("Anna" in mail.body or cast.anna.number in mail.body for mail in Mail.objects.all())
    look_at_client(cast.anna.pk, timezone.localdate())
    told = Delivery.objects.filter(alert__rule="cockpit.handed_over", channel="inbox")
    assert [each.recipient for each in told] == [cast.otto]
    assert "introduce yourself" in texts(browser_of(cast.otto).get("/inbox/"))
    assert "Anna Keller" not in texts(browser_of(cast.rita).get("/inbox/"))
    mine = texts(browser_of(cast.rita).get("/handovers/"))
    assert f"Handover {handover.pk}" in mine
    assert f"Handover {handover.pk}" in texts(browser_of(cast.otto).get("/handovers/"))


def test_the_new_owner_is_reminded_until_somebody_spoke_with_the_client(cast, hedy):
    confirm(hedy, a_handover(cast))
    browser_of(cast.otto).post(
        f"/clients/{cast.anna.pk}/interactions/new/",
        {"channel": "call", "purpose": "courtesy", "summary": "I am new",
         "at": timezone.localtime().strftime("%Y-%m-%dT%H:%M:59")},
    )  # fmt: skip
    connection.cursor().execute("UPDATE cockpit_handover SET done_at = done_at - interval '1 hour'")
    look_at_client(cast.anna.pk, timezone.localdate())
    assert not Delivery.objects.filter(alert__rule="cockpit.handed_over", alert__closed_at=None).exists()


def test_a_whole_book_goes_and_what_its_asker_does_not_see_stays(cast, hedy):
    """A file behind a barrier is in nobody's handover who does not know of it, and nobody is told so."""
    bea, kim = make_client("Bea Lang", cast.rita_book), make_client("Kim Ozols", cast.rita_book)
    raise_barrier([kim], [cast.rita])
    page = texts(browser_of(cast.theo).get(f"/handovers/new/?book={cast.rita_book.pk}"))
    assert "Bea Lang" in page
    assert "Kim Ozols" not in page
    asked(browser_of(cast.theo), [], cast.otto_book, book=cast.rita_book.pk)
    handover = Handover.objects.get()
    assert handover.told["clients"] == 2
    assert confirm(hedy, handover).status_code == 303
    assert {each.name for each in Client.objects.filter(book=cast.otto_book)} == {
        "Anna Keller", "Bea Lang", "Omar Trading Ltd",
    }  # fmt: skip
    assert sees(cast.rita, kim)
    assert bea.pk


def test_a_colleague_without_a_book_gets_one(cast):
    gil = make_person("gil", Role.RM, cast.otto.team)
    asked(browser_of(cast.theo), [cast.anna], cast.otto_book, to=f"person-{gil.pk}")
    handover = Handover.objects.get()
    assert handover.to_book.clients.count() == 0
    assert confirm(cast.cora, handover).status_code == 303
    assert sees(gil, cast.anna)
    assert BookMember.objects.owners().get(user=gil).book.team == cast.otto.team
    assert Book.objects.filter(members__user=gil).count() == 1


def test_a_later_day_comes_by_itself(cast, hedy, monkeypatch):
    handover = a_handover(cast, on=3)
    assert confirm(hedy, handover).status_code == 303
    look_at_handovers()
    assert sees(cast.rita, cast.anna)
    page = texts(browser_of(cast.theo).get("/handovers/"))
    assert "Confirmed for a later day" in page
    Handover.objects.update(effective_on=timezone.localdate())
    look_at_handovers()
    assert sees(cast.otto, cast.anna)
    event = AuditEvent.objects.get(verb="client handed over")
    assert (event.by_id, event.payload["confirmed_by"]) == (None, hedy.pk)
    look_at_handovers()
    assert AuditEvent.objects.filter(verb="client handed over").count() == 1


def test_what_was_done_is_undone_by_a_handover_the_other_way(cast, hedy):
    handover = a_handover(cast)
    confirm(hedy, handover)
    page = texts(browser_of(cast.cora).get(f"/handovers/{handover.pk}/"))
    assert f"/handovers/new/?undo={handover.pk}" in page
    form = texts(browser_of(cast.cora).get(f"/handovers/new/?undo={handover.pk}"))
    assert f'value="book-{cast.rita_book.pk}" selected' in form
    assert "Anna Keller" in form
    answer = asked(
        browser_of(cast.cora), [], cast.rita_book, undo=handover.pk, cause="undo", reason="Asked in error"
    )
    assert answer.status_code == 303
    back = Handover.objects.latest("pk")
    assert back.undoes == handover
    assert confirm(cast.theo, back).status_code == 303
    assert sees(cast.rita, cast.anna)
    assert not sees(cast.otto, cast.anna)
    assert end(cast.theo, handover).status_code == 409  # what is done is not taken back


# --- who is second ---------------------------------------------------------------------------------------
def test_who_asked_never_confirms_whatever_the_role_today(cast):
    handover = a_handover(cast)
    for role in (Role.TEAM_LEAD, Role.COMPLIANCE, Role.REGIONAL_HEAD):
        cast.theo.role = role
        cast.theo.save()
        answer = confirm(cast.theo, handover)
        assert answer.status_code == 409
        assert "a second person confirms" in texts(answer)
    assert sees(cast.rita, cast.anna)


def test_nor_by_a_second_login_of_the_same_person(cast):
    handover = a_handover(cast)
    again = make_person("theo2", Role.COMPLIANCE)
    again.email = cast.theo.email.upper()
    again.save()
    assert confirm(again, handover).status_code == 409
    assert not Handover.objects.filter(state="confirmed").exists()


def test_nor_who_receives_the_clients_even_as_a_lead(cast):
    handover = a_handover(cast)
    cast.otto.role = Role.TEAM_LEAD
    cast.otto.save()
    answer = confirm(cast.otto, handover)
    assert answer.status_code == 409
    assert "somebody else confirms" in texts(answer)


def test_nor_does_postgresql_let_either(cast):
    handover = a_handover(cast)
    for person in (cast.theo, cast.otto):
        handover.state, handover.decided_by = "confirmed", person
        with pytest.raises(IntegrityError), transaction.atomic():
            handover.save()


def test_an_rm_neither_asks_nor_confirms_and_a_stranger_does_not_learn_of_it(cast):
    handover = a_handover(cast)
    vera = make_person("vera", Role.TEAM_LEAD, Team.objects.create(name="Elsewhere"))
    assert browser_of(cast.rita).get("/handovers/new/").status_code == 403
    assert asked(browser_of(cast.rita), [cast.anna], cast.otto_book).status_code == 403
    for person, code in ((cast.rita, 403), (cast.otto, 403), (vera, 404), (cast.ada, 403)):
        assert confirm(person, handover).status_code == code, person
    for person in (cast.rita, cast.otto, vera):  # of what is only asked for, those it is about do not read
        assert browser_of(person).get(f"/handovers/{handover.pk}/").status_code == 404, person
    assert asked(browser_of(vera), [cast.anna], cast.otto_book).status_code == 404  # a client that is foreign


def test_a_lent_client_is_handed_over_by_nobody_but_leads_and_compliance(cast):
    vera = make_person("vera", Role.TEAM_LEAD, Team.objects.create(name="Elsewhere"))
    lend(cast.anna, vera, cast.rita)
    answer = asked(browser_of(vera), [cast.anna], cast.otto_book)
    assert answer.status_code == 409
    assert "Only the leads" in texts(answer)


def test_the_lead_of_the_other_team_reads_how_much_and_not_who(cast, hedy):
    cast.anna.value, cast.anna.currency = 12345, "CHF"
    cast.anna.save()
    handover = a_handover(cast)
    page = texts(browser_of(hedy).get(f"/handovers/{handover.pk}/"))
    assert "12.3" in page
    assert "CHF" in page
    assert "you see how much comes along, and not who" in page
    assert "Anna Keller" not in page
    assert cast.anna.number not in page
    confirm(hedy, handover)
    assert "Anna Keller" in texts(browser_of(hedy).get(f"/handovers/{handover.pk}/"))


# --- what is no longer so --------------------------------------------------------------------------------
def moved(cast, hedy):
    Client.objects.filter(pk=cast.anna.pk).update(book=Book.objects.create(name="Pool", team=cast.rita.team))


def disabled(cast, hedy):
    cast.otto.is_active = False
    cast.otto.save()


def promoted(cast, hedy):
    cast.otto.role = Role.SPECIALIST
    cast.otto.save()


def new_owner(cast, hedy):
    gil = make_person("gil", Role.RM, cast.otto.team)
    BookMember.objects.filter(book=cast.otto_book).update(user=gil)


def behind_a_barrier(cast, hedy):
    raise_barrier([cast.anna], [cast.rita, cast.theo, hedy, cast.cora])


CHANGES = [moved, disabled, promoted, new_owner, behind_a_barrier]


@pytest.mark.parametrize("change", CHANGES)
def test_what_has_changed_meanwhile_is_confirmed_by_nobody_and_falls(cast, hedy, change):
    handover = a_handover(cast)
    change(cast, hedy)
    answer = confirm(hedy, handover)
    assert answer.status_code == 409
    assert "changed since it was asked for" in texts(answer)
    look_at_handovers()
    handover.refresh_from_db()
    assert (handover.state, handover.done_at) == ("fallen", None)
    assert [mail.to for mail in Mail.objects.all()] == [cast.theo]
    assert AuditEvent.objects.filter(verb="handover fell").count() == 1
    assert "has fallen" in texts(confirm(hedy, handover))


@pytest.mark.parametrize("change", [moved, behind_a_barrier])
def test_so_does_what_was_confirmed_for_a_later_day(cast, hedy, change):
    handover = a_handover(cast, on=2)
    confirm(hedy, handover)
    change(cast, hedy)
    Handover.objects.update(effective_on=timezone.localdate())
    look_at_handovers()
    handover.refresh_from_db()
    assert (handover.state, handover.done_at) == ("fallen", None)


def test_what_waits_for_the_same_client_is_asked_for_once(cast, hedy):
    first = a_handover(cast)
    answer = asked(browser_of(cast.cora), [cast.anna], cast.otto_book)
    assert answer.status_code == 409
    assert f"another handover already: {first.pk}" in texts(answer)
    assert end(cast.theo, first).status_code == 303
    first.refresh_from_db()
    assert first.state == "withdrawn"
    second = a_handover(cast, by=cast.cora)
    assert end(cast.theo, second).status_code == 303
    second.refresh_from_db()
    assert second.state == "refused"
    assert confirm(hedy, second).status_code == 409


def test_a_planned_one_is_called_off_before_its_day(cast, hedy):
    handover = a_handover(cast, on=5)
    confirm(hedy, handover)
    assert end(hedy, handover).status_code == 303
    Handover.objects.update(effective_on=timezone.localdate())
    look_at_handovers()
    assert sees(cast.rita, cast.anna)


# --- barriers --------------------------------------------------------------------------------------------
def test_a_colleague_who_is_no_insider_is_refused_without_a_word_about_a_barrier(cast):
    raise_barrier([cast.anna], [cast.rita, cast.theo])
    answer = asked(browser_of(cast.theo), [cast.anna], cast.otto_book)
    assert answer.status_code == 409
    page = texts(answer)
    assert "This colleague cannot take all of them" in page
    assert "barrier" not in page.partition("<main")[2].lower()
    assert not Handover.objects.exists()


def test_of_a_file_behind_a_barrier_the_handover_is_known_to_insiders_alone(cast, hedy):
    """Neither a count nor a colleague's name tells that there is a file; neither wall says so."""
    raise_barrier([cast.anna], [cast.rita, cast.theo, cast.otto, hedy])
    handover = a_handover(cast)
    for person in (cast.cora, make_person("udo", Role.AUDITOR)):
        browser = browser_of(person)
        assert browser.get(f"/handovers/{handover.pk}/").status_code == 404
        assert f"Handover {handover.pk}" not in texts(browser.get("/handovers/"))
        with transaction.atomic():
            carry_person(person.pk)
            assert not Handover.objects.exists()
            assert not HandoverClient.objects.exists()
    assert confirm(cast.cora, handover).status_code == 404
    assert confirm(hedy, handover).status_code == 303
    assert sees(cast.otto, cast.anna)


def test_who_had_them_reads_in_no_mail_of_a_file_behind_a_barrier(cast, hedy):
    """A mail counts, and the mails that left are read by whoever keeps the system."""
    bea, kim = make_client("Bea Lang", cast.rita_book), make_client("Kim Ozols", cast.rita_book)
    raise_barrier([bea, kim], [cast.theo, cast.otto, hedy])  # and not Rita, whose book they are in
    confirm(hedy, a_handover(cast, clients=[bea]))
    assert [mail.to.login for mail in Mail.objects.all()] == ["otto"]
    confirm(hedy, a_handover(cast, clients=[kim, cast.anna]))
    (hers,) = Mail.objects.filter(to=cast.rita)
    assert "1 client of yours" in hers.body
    assert "2 clients are yours" in Mail.objects.filter(to=cast.otto).latest("pk").body


def test_what_goes_along_counts_no_alert_that_is_for_compliance_alone(cast):
    """An officer's count would tell the book that a list has the name (EU AMLR Art. 73)."""
    for rule in ("compliance.hits_open", "retention.contact_overdue"):
        Alert.objects.create(
            client=cast.anna, rule=rule, subject_id=cast.anna.pk, occurrence="1", urgency=2,
            due_on=timezone.localdate(),
        )  # fmt: skip
    assert a_handover(cast, by=cast.cora).told["alerts"] == 1


# --- both walls ------------------------------------------------------------------------------------------
def test_postgresql_shows_a_handover_to_whom_it_concerns(cast, hedy):
    handover = a_handover(cast)
    vera = make_person("vera", Role.TEAM_LEAD, Team.objects.create(name="Elsewhere"))
    seen = {}
    for person in (cast.rita, cast.theo, hedy, cast.cora, cast.otto, vera, cast.ada):
        with transaction.atomic():
            carry_person(person.pk)
            seen[person.login] = (
                Handover.objects.filter(pk=handover.pk).exists(),
                HandoverClient.objects.filter(handover=handover.pk).exists(),
            )
    assert seen == {
        "rita": (True, True), "theo": (True, True), "hedy": (True, False), "cora": (True, True),
        "otto": (True, False), "vera": (False, False), "ada": (False, False),
    }  # fmt: skip
    with transaction.atomic():
        carry_person(None)
        assert not Handover.objects.exists()


def test_postgresql_moves_nothing_that_was_not_confirmed(cast):
    handover = a_handover(cast)
    with pytest.raises(Exception, match="is not confirmed"), transaction.atomic():
        connection.cursor().execute("SELECT hand_over(%s, now())", [handover.pk])
    assert sees(cast.rita, cast.anna)


# --- at once ---------------------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_of_two_who_confirm_at_once_one_wins():
    cast = make_cast()
    hedy = make_person("hedy", Role.TEAM_LEAD, cast.otto.team)
    handover = a_handover(cast)
    browsers, gate, codes = [browser_of(hedy), browser_of(cast.cora)], Gate(2), []

    def go(browser):
        try:
            gate.wait()
            codes.append(browser.post(f"/handovers/{handover.pk}/confirmation/").status_code)
        finally:
            connection.close()

    threads = [Thread(target=go, args=[browser]) for browser in browsers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(codes) == [303, 409]
    assert AuditEvent.objects.filter(verb="client handed over", payload__handover=handover.pk).count() == 1


# --- what is asked ---------------------------------------------------------------------------------------
def test_wrong_input_is_shown_the_form_again_and_a_rule_refuses_the_rest(cast):
    theo = browser_of(cast.theo)
    for wrong in ({"reason": " "}, {"cause": "x"}, {"to": "book-999999"}, {"to": ""}, {"effective_on": "x"}):
        assert asked(theo, [cast.anna], cast.otto_book, **wrong).status_code == 422, wrong
    assert asked(theo, [cast.anna], cast.rita_book).status_code == 422  # not among those to choose
    for day in (-1, 400):
        assert asked(theo, [cast.anna], cast.otto_book, on=day).status_code == 409, day
    kim = make_client("Kim Ozols", Book.objects.create(name="Second", team=cast.rita.team))
    answer = asked(theo, [cast.anna, kim], cast.otto_book)
    assert "several books" in texts(answer)
    assert theo.get("/handovers/new/?client=999999").status_code == 404
    assert theo.get(f"/handovers/new/?client={cast.omar.pk}").status_code == 404
    assert not Handover.objects.exists()


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({}, ""),
        ({"clients": 0}, "Choose at least one"),
        ({"clients": 501}, "At most 500"),
        ({"books": 2}, "several books"),
        ({"leads": False}, "Only the leads"),
        ({"receives": False}, "relationship manager who works here"),
        ({"owns_it": True}, "already"),
        ({"kept_out": True}, "cannot take all"),
        ({"waits": [3]}, "already: 3"),
    ],
)
def test_what_may_be_asked_for(facts, words):
    today = timezone.localdate()
    plain = {
        "clients": 1, "books": 1, "leads": True, "receives": True, "owns_it": False, "kept_out": False,
        "waits": [], "effective_on": today, "today": today,
    }  # fmt: skip
    refusals = rules.refusals_to_ask(**(plain | facts))
    assert (words in " ".join(refusals)) if words else refusals == []


# --- the pages -------------------------------------------------------------------------------------------
def test_the_pages_ask_a_known_number_of_questions(cast, hedy, django_assert_num_queries):
    for name in ("Bea Lang", "Kim Ozols"):
        make_client(name, cast.rita_book)
    theo, officer = browser_of(cast.theo), browser_of(cast.cora)
    theo.get("/handovers/")
    handover = a_handover(cast)
    counted = {
        (theo, "/handovers/"): 12,
        (officer, "/handovers/"): 11,
        (theo, f"/handovers/new/?book={cast.rita_book.pk}"): 19,
        (theo, "/handovers/new/"): 11,
        (officer, f"/handovers/{handover.pk}/"): 19,
    }
    for (browser, url), queries in counted.items():
        with django_assert_num_queries(queries):
            assert browser.get(url).status_code == 200


def test_it_is_reached_from_the_file_the_list_and_the_board(cast):
    theo = browser_of(cast.theo)
    assert f"/handovers/new/?client={cast.anna.pk}" in texts(theo.get(f"/clients/{cast.anna.pk}/"))
    assert 'form="to-hand-over"' in texts(theo.get("/clients/"))
    assert f"/handovers/new/?book={cast.rita_book.pk}" in texts(theo.get("/team/"))
    rita = browser_of(cast.rita)
    assert "Hand over" not in texts(rita.get(f"/clients/{cast.anna.pk}/"))
    assert "to-hand-over" not in texts(rita.get("/clients/"))
    assert "No client was handed over yet" in texts(rita.get("/handovers/"))


def test_with_nobody_ticked_the_list_says_so_and_stays_as_it_was(cast):
    theo = browser_of(cast.theo)
    listed = "state=active&sort=-value"
    assert 'name="listed" value="state=active&amp;sort=-value"' in texts(theo.get(f"/clients/?{listed}"))
    answer = theo.get("/handovers/new/", {"listed": listed})
    assert (answer.status_code, answer["Location"]) == (303, f"/clients/?{listed}#clients")
    assert "Tick at least one client to hand over." in texts(theo.get(answer["Location"]))
    assert "Whose clients?" in texts(theo.get("/handovers/new/")), "asked for without a list"
