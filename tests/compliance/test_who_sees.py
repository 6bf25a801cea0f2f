"""Who can see a client, and what a person can see, at any instant: told later as it was answered then."""

from datetime import timedelta
from io import StringIO

import psycopg2
import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as how
from hypothesis import strategies as st

from clients.access import reach
from clients.models import Barrier, BarrierFile, BarrierInsider, Client, ClientGrant
from compliance.selectors.access import rights_at, who_sees
from rmcrm.settings import database, env
from staff.models import Book, BookMember, Team, User
from staff.roles import Role
from tests.cast import LONG_AGO, lend, make_client, make_person, raise_barrier

HISTORIES = (
    "staff_user_history",
    "staff_team_history",
    "staff_book_history",
    "staff_bookmember_history",
    "clients_clientgrant_history",
    "clients_coverage_history",
)


def rows(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall() if cursor.description else []


def instant():
    """Now, by the clock by which the database keeps history."""
    return rows("SELECT clock_timestamp()")[0][0]


def seers(client, at):
    return {seer.person.login for seer in who_sees(client, at)}


def seen(person, at=None):
    return set(Client.objects.visible_to(User.objects.get(pk=person.pk), at).values_list("name", flat=True))


# --- told as it was --------------------------------------------------------------------------------------


def test_after_a_handover_it_is_told_who_saw_the_client_before_and_since_when(cast):
    before = instant()
    Client.objects.filter(pk=cast.anna.pk).update(book=cast.otto_book)
    after = instant()
    assert seers(cast.anna, before) == {"rita", "theo", "cora"}
    assert seers(cast.anna, after) == {"otto", "cora"}
    assert seen(cast.rita, before) == {"Anna Keller"}
    assert seen(cast.otto, before) == {"Omar Trading Ltd"}
    (otto,) = [seer for seer in who_sees(cast.anna, after) if seer.person == cast.otto]
    assert otto.rights[0].sentence == "Owner of the book Book of otto."
    assert before < otto.rights[0].since < after
    (rita,) = [seer for seer in who_sees(cast.anna, before) if seer.person == cast.rita]
    assert rita.rights[0].until == otto.rights[0].since


def test_what_was_taken_away_or_shortened_later_stays_told(cast):
    lent = lend(cast.omar, cast.rita, cast.theo, reason="A letter of credit")
    cover = BookMember.objects.create(
        book=cast.otto_book, user=cast.theo, role="deputy", during=(LONG_AGO, None)
    )
    while_both = instant()
    lent.delete()
    BookMember.objects.filter(pk=cover.pk).update(during=(LONG_AGO, LONG_AGO + timedelta(days=1)))
    after = instant()
    assert {"rita", "theo"} <= seers(cast.omar, while_both)
    assert seers(cast.omar, after) == {"otto", "cora"}
    (rita,) = [seer for seer in who_sees(cast.omar, while_both) if seer.person == cast.rita]
    assert [right.sentence for right in rita.rights] == ["The file was lent: A letter of credit"]


def test_a_right_written_down_later_for_an_earlier_time_is_not_told_of_that_time(cast):
    """Then nobody had it, and the API answered so."""
    before = instant()
    lend(cast.omar, cast.rita, cast.theo, starts_at=timezone.now() - timedelta(days=30))
    assert "rita" not in seers(cast.omar, before)
    assert "Omar Trading Ltd" not in seen(cast.rita, before)


def test_a_right_goes_on_without_a_break_whatever_else_changes_about_the_person(cast):
    begun = who_sees(cast.anna, instant())
    User.objects.filter(pk=cast.rita.pk).update(team=cast.otto.team)
    User.objects.filter(pk=cast.rita.pk).update(role=Role.ASSISTANT)
    (then,) = [seer.rights[0].since for seer in begun if seer.person == cast.rita]
    (now,) = [seer.rights[0].since for seer in who_sees(cast.anna, instant()) if seer.person == cast.rita]
    assert now == then


def test_a_team_moved_below_another_is_seen_by_its_leads_from_then_on(cast):
    head = make_person("hedi", Role.REGIONAL_HEAD, Team.objects.create(name="Region"))
    before = instant()
    Team.objects.filter(pk=cast.rita.team_id).update(parent=head.team)
    assert "hedi" not in seers(cast.anna, before)
    (hedi,) = [seer for seer in who_sees(cast.anna, instant()) if seer.person == head]
    assert hedi.rights[0].sentence == "Leads Region, and with it the book Book of rita."


def test_teams_in_a_circle_end_the_question_all_the_same(cast):
    bank = cast.rita.team.parent
    Team.objects.filter(pk=bank.pk).update(parent=cast.rita.team)
    assert seers(cast.anna, instant()) == {"rita", "theo", "cora"}
    assert seen(cast.theo, instant()) == {"Anna Keller", "Omar Trading Ltd"}  # the bank is below his team


# --- any bank, anyone, any instant -----------------------------------------------------------------------

TAKEN = {"owner": "member", "assistant": "member", "specialist": "member", "deputy": "member"}


def kind_of(path):
    first = path.split(" ", 1)[0].rstrip(":")
    return TAKEN.get(first) or {"sees": "role", "leads": "lead", "break-glass": "glass"}.get(first, "grant")


def record(people, clients):
    """What each sees at this instant, by which right: asked of the present, as pages and API do."""
    found = {}
    for pk in people:
        person = User.objects.get(pk=pk)
        right = reach(person)
        for client_id, book_id in Client.objects.visible_to(person).values_list("pk", "book_id"):
            found[client_id, pk] = kind_of(right.right_to(client_id, book_id))
    return instant(), found


def change(draw, people, books, teams, clients):
    """One change to what decides who sees what, as SQL would make it: one row or many at once."""
    pick = lambda of: draw(st.sampled_from(of))  # noqa: E731
    now = timezone.now()
    spans = ((now - timedelta(days=9), None), (now, now + timedelta(days=9)), (now + timedelta(days=1), None))
    what = draw(st.integers(0, 13))
    members, lent = BookMember.objects.order_by("pk"), ClientGrant.objects.order_by("pk")
    if what == 0:
        Client.objects.filter(book=pick(books)).update(book=pick(books))
    elif what == 1:
        Client.objects.filter(pk=pick(clients)).update(book=pick(books))
    elif what == 2:
        User.objects.filter(pk=pick(people)).update(role=pick([*Role]))
    elif what == 3:
        User.objects.filter(pk__in=draw(st.sets(st.sampled_from(people)))).update(
            is_active=draw(st.booleans())
        )
    elif what == 4:
        User.objects.filter(pk=pick(people)).update(team=pick([None, *teams]))
    elif what == 5:
        Team.objects.filter(pk=pick(teams).pk).update(parent=pick([None, *teams]))
    elif what == 6:
        Book.objects.filter(pk=pick(books).pk).update(team=pick(teams))
    elif what == 7:
        role, span = pick(["assistant", "specialist", "deputy"]), pick(spans)
        BookMember.objects.create(book=pick(books), user_id=pick(people), role=role, during=span)
    elif what == 8:
        begins, ends = pick(spans)
        lend(
            Client(pk=pick(clients)),
            User(pk=pick(people)),
            User(pk=people[0]),
            starts_at=begins,
            ends_at=ends,
        )
    elif what == 9:
        ended = draw(st.booleans())
        members.filter(pk__in=members.values("pk")[:2]).update(during=(LONG_AGO, now if ended else None))
        lent.filter(starts_at__lt=now).update(ends_at=now if ended else None)
    elif what == 10:
        members.filter(pk__in=members.values("pk")[:1]).delete()
        lent.filter(pk__in=lent.values("pk")[:1]).delete()
    elif what == 11:
        free = Client.objects.filter(pk__in=draw(st.sets(st.sampled_from(clients))), barrier=None)
        raise_barrier(list(free), [User(pk=pk) for pk in draw(st.sets(st.sampled_from(people)))])
    elif what == 12:
        for barrier in Barrier.objects.all():
            person = pick(people)
            if not barrier.insiders.filter(user=person, during__contains=now).exists():
                BarrierInsider.objects.create(barrier=barrier, user_id=person, during=(now, None))
    else:
        for row in [*BarrierFile.objects.all()[:2], *BarrierInsider.objects.all()[:1]]:
            if row.during.upper is None:
                type(row).objects.filter(pk=row.pk).update(during=(row.during.lower, now))


@given(st.data())
@how(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_of_any_bank_it_is_told_later_what_anyone_saw_at_any_instant(db, data):
    with transaction.atomic():
        _live_and_look_back(data.draw)
        transaction.set_rollback(True)


def _live_and_look_back(draw):
    teams: list[Team] = []
    for number in range(draw(st.integers(1, 4))):
        parent = draw(st.sampled_from([None, *teams]))
        teams.append(Team.objects.create(name=f"Team {number}", parent=parent))
    books = [Book.objects.create(name=f"Book {n}", team=draw(st.sampled_from(teams))) for n in range(3)]
    clients = [make_client(f"Client {n}", book).pk for n, book in enumerate([*books, *books])]
    people = [
        make_person(f"p{n}", draw(st.sampled_from([*Role])), draw(st.sampled_from([None, *teams]))).pk
        for n in range(5)
    ]
    lived = [record(people, clients)]
    for _ in range(draw(st.integers(1, 9))):
        change(draw, people, books, teams, clients)
        lived.append(record(people, clients))
    for at, then in lived:
        told: dict[tuple[int, int], str] = {}
        for right in rights_at(at, clients):
            told.setdefault((right.client_id, right.person_id), right.how)
            assert right.since <= at < (right.until or at + timedelta(days=1))
            for other, what in lived:
                if right.since <= other <= at:
                    assert (right.client_id, right.person_id) in what
        assert told == then
        for pk in people:
            seen = set(Client.objects.visible_to(User(pk=pk), at).values_list("pk", flat=True))
            assert seen == {client for client, person in then if person == pk}


def test_what_the_api_answered_is_what_is_told_of_that_instant_later(page_of, cast):
    people = (cast.rita, cast.theo, cast.otto, cast.cora, cast.ada)

    def ask():
        answers = {}
        for person in people:
            answer = page_of(User.objects.get(pk=person.pk)).get("/api/v1/clients/")
            found = answer.json()["results"] if answer.status_code == 200 else []
            answers[person.login] = {row["id"] for row in found}
        return instant(), answers

    lived = [ask()]
    lend(cast.omar, cast.rita, cast.theo)
    lived.append(ask())
    Client.objects.filter(pk=cast.anna.pk).update(book=cast.otto_book)
    lived.append(ask())
    User.objects.filter(pk=cast.theo.pk).update(role=Role.REGIONAL_HEAD, team=cast.otto.team)
    lived.append(ask())
    ClientGrant.objects.all().delete()
    User.objects.filter(pk=cast.otto.pk).update(is_active=False)
    lived.append(ask())
    assert len({str(answers) for _, answers in lived}) == len(lived)
    cora = page_of(cast.cora)
    for at, answers in lived:
        for client in (cast.anna, cast.omar):
            page = cora.get(reverse("compliance:client_access", args=[client.pk]), {"at": at.isoformat()})
            told = {seer.person.login for seer in page.context["seers"]}
            assert told == {login for login, ids in answers.items() if client.pk in ids}
        for person in people[:2]:
            page = cora.get(reverse("compliance:person_access", args=[person.pk]), {"at": at.isoformat()})
            assert {client.pk for client in page.context["seen"].page} == answers[person.login]


def test_what_stood_behind_a_barrier_was_seen_by_its_insiders_alone(cast):
    before = instant()
    barrier = raise_barrier([cast.anna], [cast.rita])
    meanwhile = instant()
    file = barrier.files.get()
    BarrierFile.objects.filter(pk=file.pk).update(during=(file.during.lower, timezone.now()))
    after = instant()
    assert seers(cast.anna, before) == seers(cast.anna, after) == {"rita", "theo", "cora"}
    assert seers(cast.anna, meanwhile) == {"rita"}
    assert (seen(cast.theo, meanwhile), seen(cast.theo, after)) == (set(), {"Anna Keller"})
    assert seen(cast.cora, meanwhile) == {"Omar Trading Ltd"}
    assert seen(cast.rita, meanwhile) == {"Anna Keller"}


# --- how it is kept --------------------------------------------------------------------------------------


@pytest.mark.parametrize("table", HISTORIES)
def test_the_application_reads_history_and_neither_writes_nor_changes_it(db, table):
    assert rows(f"SELECT count(*) >= 0 FROM {table}") == [(True,)]
    for statement in (
        f"DELETE FROM {table}",
        f"UPDATE {table} SET stood = NULL",
        f"INSERT INTO {table} SELECT * FROM {table}",
        f"TRUNCATE {table}",
    ):
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            rows(statement)


def test_rows_that_come_by_copy_are_kept_and_those_that_change_in_crowds(cast):
    with connection.cursor() as cursor:
        lines = "".join(f"{900_000 + n}\tBook {n}\t{cast.rita.team_id}\tf\n" for n in range(50))
        cursor.copy_expert("COPY staff_book (id, name, team_id, is_pool) FROM STDIN", StringIO(lines))
    kept = (
        "SELECT count(*), count(*) FILTER (WHERE upper_inf(stood)) FROM staff_book_history WHERE id >= 900000"
    )
    assert rows(kept) == [(50, 50)]
    rows("UPDATE staff_book SET team_id = %s WHERE id >= 900000", cast.otto.team_id)
    assert rows(kept) == [(100, 50)]
    rows("DELETE FROM staff_book WHERE id >= 900000")
    assert rows(kept) == [(100, 0)]


def test_what_decides_nothing_leaves_no_trace(cast):
    before = rows("SELECT count(*) FROM staff_user_history")
    User.objects.update(last_login=timezone.now(), language="de")
    assert rows("SELECT count(*) FROM staff_user_history") == before


def test_it_is_kept_who_changed_it(cast):
    rows("SELECT carry_person(%s, '', now())", cast.cora.pk)
    User.objects.filter(pk=cast.rita.pk).update(is_active=False)
    Client.objects.filter(pk=cast.anna.pk).update(book=cast.otto_book)
    assert rows("SELECT by_id FROM staff_user_history WHERE id = %s AND upper_inf(stood)", cast.rita.pk) == [
        (cast.cora.pk,)
    ]
    assert rows("SELECT ended_by_id FROM clients_coverage_history WHERE client_id = %s", cast.anna.pk) == [
        (cast.cora.pk,)
    ]


def test_a_clock_that_is_set_back_turns_no_span_around(transactional_db):
    team = Team.objects.create(name="Team")
    owner = database(env("DATABASE_OWNER_URL"))
    place = {key.lower(): owner[key] for key in ("USER", "PASSWORD", "HOST", "PORT")}
    there = psycopg2.connect(dbname=connection.settings_dict["NAME"], **place)
    with there, there.cursor() as cursor:  # written before the clock was set back
        cursor.execute("UPDATE staff_team_history SET stood = tstzrange(now() + interval '1 hour', NULL)")
    there.close()
    Team.objects.filter(pk=team.pk).update(parent=team)
    ((end,), (begin,)) = rows(
        "SELECT coalesce(upper(stood), lower(stood)) FROM staff_team_history ORDER BY upper_inf(stood)"
    )
    assert end is None  # nothing of the first is left: its span is empty
    assert begin > timezone.now()


def test_of_a_client_who_was_erased_no_line_stays_and_of_no_other_can_one_be_taken(cast):
    anna = cast.anna.pk
    lend(cast.anna, cast.otto, cast.theo)
    Client.objects.filter(pk=anna).update(book=cast.otto_book)
    assert rows("SELECT forget_history_of(%s)", anna) == [(False,)]
    lines = (
        "SELECT (SELECT count(*) FROM clients_coverage_history WHERE client_id = %s),"
        " (SELECT count(*) FROM clients_clientgrant_history WHERE content_object_id = %s)"
    )
    assert rows(lines, anna, anna) == [(1, 1)]
    ClientGrant.objects.filter(content_object=cast.anna).delete()
    cast.anna.parties.all().delete()
    cast.anna.delete()
    assert rows(lines, anna, anna) == [(2, 1)]
    assert rows("SELECT forget_history_of(%s)", anna) == [(True,)]
    assert rows(lines, anna, anna) == [(0, 0)]


def test_who_does_not_see_a_client_reads_no_line_of_its_history(cast):
    lend(cast.omar, cast.theo, cast.theo)
    Client.objects.filter(pk=cast.omar.pk).update(book=cast.rita_book)
    Client.objects.filter(pk=cast.omar.pk).update(book=cast.otto_book)
    for person, expected in ((cast.rita, 0), (cast.otto, 2), (cast.cora, 2)):
        rows("SELECT carry_person(%s, '', now())", person.pk)
        assert rows("SELECT count(*) FROM clients_coverage_history") == [(expected,)]
        assert rows("SELECT count(*) FROM clients_clientgrant_history") == [(bool(expected),)]


# --- the pages -------------------------------------------------------------------------------------------


def pages(cast):
    return (
        reverse("compliance:client_access", args=[cast.anna.pk]),
        reverse("compliance:person_access", args=[cast.rita.pk]),
    )


def test_an_instant_to_come_or_from_before_it_was_kept_is_refused_in_a_sentence(page_of, cast):
    for url in pages(cast):
        for at, words in (
            (timezone.now() + timedelta(minutes=5), "still to come"),
            (LONG_AGO, "is kept since"),
            ("yesterday", "Enter a valid date/time."),
        ):
            answer = page_of(cast.cora).get(url, {"at": at})
            assert answer.status_code == 422
            assert words in answer.content.decode()


def test_the_question_is_recorded(page_of, cast):
    from audit.models import AuditEvent

    for url in pages(cast):
        page_of(cast.cora).get(url)
    opened, listed = AuditEvent.objects.order_by("-pk")[:2][::-1]
    assert (opened.verb, opened.client_id, opened.why) == (
        "file opened", cast.anna.pk, "who can see this client"
    )  # fmt: skip
    assert (listed.verb, listed.payload["clients"]) == ("list shown", [cast.anna.pk])


def test_from_the_openings_of_a_client_or_a_person_one_goes_on_to_who_sees_what(page_of, cast):
    url = reverse("compliance:access")
    client, person = pages(cast)
    assert client in page_of(cast.cora).get(url, {"number": cast.anna.number}).content.decode()
    assert person in page_of(cast.cora).get(url, {"person": "rita"}).content.decode()


@pytest.mark.parametrize(("which", "queries"), [(0, 13), (1, 15)])
def test_they_cost_the_same_however_many_they_are(page_of, cast, django_assert_num_queries, which, queries):
    for number in range(8):
        make_client(f"Client {number}", cast.rita_book)
        colleague = make_person(f"colleague{number}", Role.ASSISTANT, cast.rita.team)
        BookMember.objects.create(
            book=cast.rita_book, user=colleague, role="assistant", during=(LONG_AGO, None)
        )
    browser, url = page_of(cast.cora), pages(cast)[which]
    browser.get(url)  # the first request of a session also saves it
    with django_assert_num_queries(queries):
        browser.get(url)
