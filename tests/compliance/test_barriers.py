"""An information barrier: two people of compliance make it, and then only its insiders know of a file."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from alerts.actions import look_at_client, write_mails
from alerts.models import Alert, Delivery
from audit.models import AuditEvent
from clients.access import open_file
from clients.actions import log_interaction
from clients.actions.search_rows import index_file
from clients.models import Barrier, BarrierFile, BarrierProposal, Client, ContactPoint, Identifier, Task
from clients.selectors.search import search
from compliance.actions.barriers import confirm_barrier, end_barrier_proposal, propose_barrier
from compliance.actions.sweep import sweep
from compliance.rules.barriers import Wanted, refusals_to_ask
from onboarding.models import PossibleDuplicate
from onboarding.selectors import duplicates
from staff.models import BookMember
from staff.roles import ROLES, May, Role
from tests.cast import lend, make_client, make_person, raise_barrier
from ui.carrying import transaction_for
from ui.refusals import NotPermitted, NotVisible, Refused


@pytest.fixture
def clea(cast):
    """The second officer."""
    return make_person("clea", Role.COMPLIANCE)


@pytest.fixture
def ask(cast):
    def ask(**how):
        told = {"kind": "raise", "name": "Falcon", "reason": "A deal that is not public", "by": cast.cora}
        return propose_barrier(
            None, **(told | {k: frozenset(v) if isinstance(v, set) else v for k, v in how.items()})
        )

    return ask


@pytest.fixture
def falcon(cast):
    """Before Anna's file; Rita, who owns her book, is inside."""
    return raise_barrier([cast.anna], [cast.rita])


def sees(person, client):
    with transaction_for(person.pk):
        person._reach = None
        return Client.objects.visible_to(person).with_id(client.pk) is not None


# --- four eyes -------------------------------------------------------------------------------------------


def test_it_stands_only_once_a_second_officer_has_confirmed_it(cast, clea, ask, anna):
    proposal = ask(people_in={cast.rita.pk}, files_in={anna.pk})
    assert sees(cast.theo, anna)
    assert sees(clea, anna)
    barrier = confirm_barrier(None, by=clea, proposal_id=proposal.pk)
    assert (barrier.name, barrier.reason) == ("Falcon", "A deal that is not public")
    assert [sees(person, anna) for person in (cast.rita, cast.theo, cast.cora, clea)] == [
        True,
        False,
        False,
        False,
    ]
    events = AuditEvent.objects.filter(verb__startswith="barrier ").order_by("id")
    assert [(event.verb, event.by_login) for event in events] == [
        ("barrier asked for", "cora"),
        ("barrier confirmed", "clea"),
    ]
    assert events[0].payload["files_in"] == [anna.pk]


def test_who_asked_does_not_confirm_it(cast, ask, anna):
    proposal = ask(people_in={cast.rita.pk}, files_in={anna.pk})
    with pytest.raises(Refused, match="a second person confirms"):
        confirm_barrier(None, by=cast.cora, proposal_id=proposal.pk)
    with pytest.raises(DatabaseError, match="who_asks_for_a_barrier_does_not_decide"), transaction.atomic():
        BarrierProposal.objects.filter(pk=proposal.pk).update(state="confirmed", decided_by=cast.cora)


def test_nobody_lets_himself_in_by_his_own_word(clea, ask, anna):
    proposal = ask(people_in={clea.pk}, files_in={anna.pk})
    with pytest.raises(Refused, match="somebody else confirms"):
        confirm_barrier(None, by=clea, proposal_id=proposal.pk)


def test_only_compliance_asks_and_confirms(cast, ask, anna):
    proposal = ask(people_in={cast.rita.pk}, files_in={anna.pk})
    for person in (cast.rita, cast.theo, cast.otto, cast.ada, make_person("udo", Role.AUDITOR)):
        with pytest.raises(NotPermitted):
            ask(people_in={person.pk}, by=person)
        with pytest.raises(NotPermitted):
            confirm_barrier(None, by=person, proposal_id=proposal.pk)
        with pytest.raises(NotPermitted):
            end_barrier_proposal(None, by=person, proposal_id=proposal.pk)


@pytest.mark.parametrize(
    "changed", ["the book", "the owner of the book", "the role of an insider", "another barrier"]
)
def test_it_falls_when_what_it_was_about_has_changed(cast, clea, ask, anna, changed):
    proposal = ask(people_in={cast.otto.pk}, files_in={anna.pk})
    if changed == "the book":
        Client.objects.filter(pk=anna.pk).update(book=cast.otto_book)
    elif changed == "the owner of the book":
        BookMember.objects.filter(book=cast.rita_book).delete()
    elif changed == "the role of an insider":
        cast.otto.role = Role.ASSISTANT
        cast.otto.save()
    else:
        raise_barrier([anna], [cast.theo], name="Kestrel")
    with pytest.raises(Refused, match="has changed since it was asked for"):
        confirm_barrier(None, by=clea, proposal_id=proposal.pk)


def test_two_questions_about_one_barrier_are_not_both_answered_with_yes(cast, clea, ask, falcon):
    first = ask(kind="change", barrier_id=falcon.pk, people_in={cast.theo.pk})
    second = ask(kind="change", barrier_id=falcon.pk, people_in={cast.theo.pk}, people_out={cast.rita.pk})
    confirm_barrier(None, by=clea, proposal_id=first.pk)
    second.refresh_from_db()
    assert second.state == "fallen"
    with pytest.raises(Refused, match="It has fallen"):
        confirm_barrier(None, by=clea, proposal_id=second.pk)


def test_a_second_officer_refuses_and_who_asked_takes_back(cast, clea, ask, anna):
    for by, state in ((clea, "refused"), (cast.cora, "withdrawn")):
        proposal = ask(people_in={cast.rita.pk}, files_in={anna.pk})
        assert end_barrier_proposal(None, by=by, proposal_id=proposal.pk).state == state
        with pytest.raises(Refused, match="decided already"):
            confirm_barrier(None, by=clea, proposal_id=proposal.pk)
    assert not Barrier.objects.exists()


RULES = [
    (("raise", Wanted()), {}, "at least one insider"),
    (("change", Wanted()), {"insiders": {1}}, "what is to change"),
    (("change", Wanted(people_in=frozenset({1}))), {"insiders": {1}}, "an insider already"),
    (("change", Wanted(people_out=frozenset({2}))), {"insiders": {1}}, "is no insider"),
    (("change", Wanted(people_out=frozenset({1}))), {"insiders": {1}}, "Nobody would see"),
    (("change", Wanted(files_out=frozenset({7}))), {"insiders": {1}}, "does not stand behind this"),
    (("raise", Wanted(people_in=frozenset({1}))), {"elsewhere": {"C-7"}}, "already: C-7"),
    (("lift", Wanted()), {"lifted": True}, "was lifted"),
    (("lift", Wanted()), {"reason": " "}, "Say why"),
    (("lift", Wanted()), {}, ""),
    (("change", Wanted(frozenset({2}), frozenset({1}))), {"insiders": {1}}, ""),
]


@pytest.mark.parametrize(("asked", "stand", "sentence"), RULES)
def test_what_may_not_be_asked_for(asked, stand, sentence):
    refusals = refusals_to_ask(*asked, **({"reason": "x"} | stand))
    assert sentence in " ".join(refusals)
    assert bool(refusals) == bool(sentence)


# --- what it does ----------------------------------------------------------------------------------------


def test_no_right_passes_it(cast, falcon, anna, omar):
    lend(anna, cast.otto, cast.theo)
    BookMember.objects.create(
        book=cast.rita_book, user=cast.otto, role="deputy", during=(timezone.now(), None)
    )
    head = make_person("hans", Role.REGIONAL_HEAD, cast.theo.team.parent)
    for role in Role:
        person = make_person(f"a_{role}", role, cast.theo.team)
        assert not sees(person, anna), role
        assert sees(person, omar) == (ROLES[role].reach == "all"), role
    assert not any(sees(person, anna) for person in (cast.otto, cast.theo, head, cast.cora))
    assert sees(cast.rita, anna)


def test_an_insider_needs_a_right_besides(cast, clea, ask, falcon, anna):
    confirm_barrier(
        None, by=clea, proposal_id=ask(kind="change", barrier_id=falcon.pk, people_in={cast.otto.pk}).pk
    )
    assert not sees(cast.otto, anna)
    lend(anna, cast.otto, cast.theo)
    assert sees(cast.otto, anna)


def test_who_owns_the_book_and_is_no_insider_loses_the_file_and_is_named_beforehand(
    page_of, cast, clea, ask, anna, omar
):
    proposal = ask(people_in={cast.theo.pk}, files_in={anna.pk})
    text = page_of(clea).get(reverse("compliance:barriers")).content.decode()
    assert f"{anna.number}: {cast.rita.name}" in text
    assert "Anna Keller" not in text
    confirm_barrier(None, by=clea, proposal_id=proposal.pk)
    assert not sees(cast.rita, anna)
    assert sees(cast.theo, anna)


def test_it_is_changed_and_lifted_and_the_past_can_be_asked(cast, clea, ask, anna):
    def confirmed(**how):
        return confirm_barrier(None, by=clea, proposal_id=ask(**how).pk)

    moments, before = [], timezone.now()
    barrier = confirmed(people_in={cast.rita.pk}, files_in={anna.pk})
    moments.append(timezone.now())
    confirmed(kind="change", barrier_id=barrier.pk, people_in={cast.theo.pk}, people_out={cast.rita.pk})
    moments.append(timezone.now())
    confirmed(kind="change", barrier_id=barrier.pk, files_out={anna.pk})
    moments.append(timezone.now())
    confirmed(kind="change", barrier_id=barrier.pk, files_in={anna.pk})
    assert not sees(cast.cora, anna)
    confirmed(kind="lift", barrier_id=barrier.pk)
    assert all(sees(person, anna) for person in (cast.rita, cast.theo, cast.cora))

    def saw(moment):
        people = (cast.rita, cast.theo, cast.cora)
        return [Client.objects.visible_to(each, moment).filter(pk=anna.pk).exists() for each in people]

    assert [saw(at) for at in (before, *moments)] == [
        [True, True, True],
        [True, False, False],
        [False, True, False],
        [True, True, True],
    ]


def test_a_file_stands_behind_one_barrier_at_a_time(cast, ask, falcon, anna):
    with pytest.raises(Refused, match=f"already: {anna.number}"):
        ask(name="Kestrel", people_in={cast.theo.pk}, files_in={anna.pk})
    with pytest.raises(DatabaseError, match="one_barrier_at_a_time"), transaction.atomic():
        raise_barrier([anna], [])


def test_the_mark_on_a_client_is_set_by_a_barrier_alone(cast, falcon, anna, omar):
    for client, barrier in ((anna, None), (omar, falcon)):
        with pytest.raises(DatabaseError, match="is said by clients_barrierfile"), transaction.atomic():
            Client.objects.filter(pk=client.pk).update(barrier=barrier)


def test_who_is_outside_writes_nothing_on_it(cast, falcon, anna):
    with pytest.raises(NotVisible):
        log_interaction(
            anna, by=cast.theo, channel="call", purpose="service", at=timezone.now(), summary="Called"
        )
    with transaction_for(cast.theo.pk), pytest.raises(DatabaseError, match="row-level security"):
        Task.objects.create(
            client_id=anna.pk, kind="call", title="x", due_on="2027-01-01", assigned_to=cast.theo
        )


@pytest.mark.parametrize("outsider", ["theo", "cora", "otto"])
def test_a_page_that_is_open_while_it_comes_into_force_shows_nothing_more(cast, anna, outsider):
    """In one transaction, as far as PostgreSQL goes: the barrier was proposed before, as it always is."""
    person = getattr(cast, outsider)
    task = Task.objects.create(
        client=anna, kind="call", title="x", due_on=timezone.localdate(), assigned_to=cast.rita
    )
    lend(anna, cast.otto, cast.theo)
    BarrierProposal.objects.create(
        kind="raise", name="F", reason="x", files_in=[anna.pk], asked_by=cast.cora, fingerprint=""
    )

    def seen():
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM clients_client WHERE id = %s", [anna.pk])
            clients = cursor.fetchone()[0]
            cursor.execute("SELECT count(*) FROM clients_task WHERE id = %s", [task.pk])
            return clients, cursor.fetchone()[0]

    with transaction_for(person.pk):
        assert seen() == (1, 1)
        with transaction_for(None, "night_shift"):
            raise_barrier([anna], [cast.rita])
        assert seen() == (0, 0)


# --- that it exists is told nowhere ----------------------------------------------------------------------


def busy(client, cast):
    """A file on which there is something to find."""
    party = client.parties.get(is_client=True)
    ContactPoint.objects.create(client=client, party=party, kind="email", value="shy@post.example")
    Identifier.objects.create(client=client, party=party, kind="passport", country="CH", number="X7788123")
    Task.objects.create(
        client=client, kind="call", title="Call", due_on=timezone.localdate(), assigned_to=cast.theo
    )
    index_file(client)
    alert = Alert.objects.create(
        client=client, rule="retention.contact_overdue", subject_id=client.pk, urgency=1,
        occurrence="2026-11-21", due_on=timezone.localdate(), facts={"since": "2026-01-05", "days": 90},
    )  # fmt: skip
    for person in (cast.theo, cast.cora):
        Delivery.objects.create(alert=alert, recipient=person, channel="inbox", made_at=timezone.now())
    open_file(cast.rita, client.pk)


ASKED = [
    ("clients:list", {}),
    ("clients:list", {"segment": "affluent", "kyc": "90"}),
    ("search", {"q": "zurbriggen"}),
    ("search", {"q": "shy@post.example"}),
    ("search", {"q": "C-0000003"}),
    ("inbox", {}),
    ("alerts:bell", {}),
    ("clients:tasks", {}),
    ("compliance:kyc", {}),
    ("compliance:gaps", {}),
    ("api:clients", {}),
    ("api:tasks", {}),
]
OF_OFFICERS = [
    ("compliance", {}),
    ("compliance:access", {}),
    ("compliance:interactions", {}),
    ("compliance:reports", {}),
    ("compliance:report_risk", {}),
    ("compliance:report_reviews", {}),
    ("onboarding:duplicates", {}),
]
OF_LEADERS = [
    ("team", {}),
    ("my_day", {}),
    ("reviews:list", {}),
    ("opportunities:pipeline", {}),
    ("retention:at_risk", {}),
]


ALWAYS_OTHERWISE = re.compile(r"chart-[0-9a-f]+")


def answers(page_of, person, asked):
    from tests.house.test_doors import VARIABLE

    browser, told = page_of(person), {}
    for name, query in asked:
        with transaction.atomic():
            answer = browser.get(reverse(name), query)
            transaction.set_rollback(True)
        assert answer.status_code == 200, name
        told[name, str(query)] = ALWAYS_OTHERWISE.sub("", VARIABLE.sub("", answer.content.decode()))
    return told


@pytest.fixture
def standing_clock():
    with time_machine.travel(timezone.now(), tick=False):
        yield


def test_two_banks_that_differ_by_a_walled_client_answer_an_outsider_alike(page_of, cast, standing_clock):
    """Lists, counts, search, inbox, figures, the API: not by a word."""
    people = {cast.theo: ASKED + OF_LEADERS, cast.cora: ASKED + OF_OFFICERS}
    sweep(timezone.localdate())
    without = {person: answers(page_of, person, asked) for person, asked in people.items()}

    shy = make_client("Ludmilla Zurbriggen", cast.rita_book, value=7_654_321)
    busy(shy, cast)
    for person in people:  # it would be seen
        told = answers(page_of, person, ASKED[:6])
        assert all(told[key] != without[person][key] for key in told)

    raise_barrier([shy], [cast.rita])
    sweep(timezone.localdate())
    for person, asked in people.items():
        for key, text in answers(page_of, person, asked).items():
            assert text == without[person][key], (person.login, key)
    for person, found in ((cast.theo, []), (cast.cora, []), (cast.rita, [shy.pk])):
        person._reach = None
        with transaction_for(person.pk):
            assert [each.client.pk for each in duplicates.alike(person, LIKE)] == found
            assert [each.client.pk for each in search(person, "Zurbriggen")] == found


LIKE = duplicates.somebody(
    name="Ludmilla Zurbriggen", email="shy@post.example", country="CH", number="X7788123"
)


def test_its_alerts_are_made_by_night_and_shown_to_insiders(cast, anna, falcon):
    Client.objects.filter(pk=anna.pk).update(last_contact_on=timezone.localdate() - timedelta(days=400))
    with transaction_for(None, "night_shift"):
        look_at_client(anna.pk, timezone.localdate())
        assert Alert.objects.filter(client=anna, closed_at=None).exists()
        assert set(Delivery.objects.values_list("recipient__login", flat=True)) == {"rita"}
        Delivery.objects.update(recipient=cast.theo)  # as it was before the barrier came
        assert write_mails(timezone.now()) == 0


def test_that_somebody_new_may_be_the_client_behind_it_is_told_to_insiders_alone(cast, anna, omar, falcon):
    PossibleDuplicate.objects.create(client=omar, other=anna, score=80)
    other = PossibleDuplicate.objects.create(client=anna, other=omar, score=80)
    ines = make_person("ines", Role.COMPLIANCE)
    falcon.insiders.create(user=ines, during=(timezone.now(), None))
    with transaction_for(None, "night_shift"):
        look_at_client(omar.pk, timezone.localdate())
        assert not Alert.objects.filter(rule="onboarding.duplicates_open", client=omar).exists()
        look_at_client(anna.pk, timezone.localdate())
        told = Delivery.objects.filter(alert__rule="onboarding.duplicates_open", channel="inbox")
        assert set(told.values_list("alert__client", "recipient__login")) == {(anna.pk, "ines")}
    for officer, pairs in ((cast.cora, 0), (ines, 2)):
        with transaction_for(officer.pk):
            assert len(duplicates.duplicate_list(officer, {}).rows) == pairs
            assert PossibleDuplicate.objects.visible_to(officer).filter(pk=other.pk).exists() == bool(pairs)


def test_who_opened_the_file_is_told_to_insiders_alone(cast, page_of, anna, falcon):
    open_file(cast.rita, anna.pk, why="before a call")
    url = reverse("compliance:access")
    assert not page_of(cast.cora).get(url, {"client": anna.pk}).context["rows"]
    assert not page_of(cast.cora).get(url, {"person": "rita"}).context["rows"]
    inside = make_person("ines", Role.COMPLIANCE)
    raise_again = BarrierFile.objects.get(client=anna).barrier
    raise_again.insiders.create(user=inside, during=(timezone.now(), None))
    assert len(page_of(inside).get(url, {"client": anna.pk}).context["rows"]) == 1


def test_the_pages_are_for_who_manages_barriers_and_show_no_name(
    page_of, cast, clea, ask, falcon, anna, omar
):
    ask(name="Kestrel", people_in={cast.otto.pk}, files_in={omar.pk})
    for name, ids in (("barriers", []), ("barrier", [falcon.pk])):
        url = reverse(f"compliance:{name}", args=ids)
        text = page_of(clea).get(url).content.decode()
        assert "Falcon" in text
        assert "Keller" not in text
        assert "Omar Trading" not in text
        for person in (cast.rita, cast.theo, cast.ada):
            assert page_of(person).get(url).status_code == 403
    assert anna.number in text


def test_it_is_asked_for_by_logins_and_numbers_as_they_are_typed(page_of, cast, clea, anna, omar):
    browser, url = page_of(cast.cora), reverse("compliance:barriers")
    told = {
        "name": "Falcon",
        "reason": "A deal",
        "people_in": "rita, theo",
        "files_in": f"{anna.number}\n{omar.number}",
    }
    answer = browser.post(url, told | {"people_in": "nobody", "files_in": "C-404"})
    assert answer.status_code == 422
    assert "this login: nobody" in answer.content.decode()
    assert "this number: C-404" in answer.content.decode()
    assert browser.post(url, told).status_code == 303
    proposal = BarrierProposal.objects.get()
    second = page_of(clea)
    answer = second.post(reverse("compliance:barrier_confirmation", args=[proposal.pk]))
    assert answer.status_code == 303
    barrier = Barrier.objects.get()
    page = reverse("compliance:barrier", args=[barrier.pk])
    # By its number alone, from behind the barrier: the officer is not inside and is shown no name.
    assert browser.post(page, {"reason": "It is over", "files_out": omar.number}).status_code == 303
    assert browser.post(page, {"reason": "Why not", "people_out": "otto"}).status_code == 409
    assert browser.post(reverse("compliance:barrier_lift", args=[barrier.pk]), {}).status_code == 409
    text = browser.get(page).content.decode()
    assert omar.number in text
    assert "Omar" not in text


def test_they_cost_a_known_number_of_queries(page_of, cast, ask, falcon, omar, django_assert_num_queries):
    for name in ("Kestrel", "Merlin"):
        ask(name=name, people_in={cast.otto.pk}, files_in={omar.pk})
    browser = page_of(cast.cora)
    browser.get("/")
    for name, ids, queries in (("barriers", [], 26), ("barrier", [falcon.pk], 13)):
        with django_assert_num_queries(queries):
            browser.get(reverse(f"compliance:{name}", args=ids))


def test_postgresql_lets_the_same_roles_manage_barriers(cast):
    for role in Role:
        person = make_person(f"m_{role}", role)
        with transaction_for(person.pk), connection.cursor() as cursor:
            cursor.execute("SELECT manages_barriers()")
            assert cursor.fetchone()[0] == person.may(May.BARRIERS_MANAGE), role
