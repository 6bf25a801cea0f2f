"""Two walls: the ORM's filter, and PostgreSQL's below it. Each is taken away once, and the other holds."""

from datetime import timedelta

import psycopg2
import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as how
from hypothesis import strategies as st

from clients.access import _resolve
from clients.actions import log_interaction
from clients.models import BarrierFile, BarrierInsider, Client, Party, Task
from jobs.actions import ask as ask_for_work
from jobs.actions import run_due
from jobs.registry import _KINDS, job
from jobs.tasks import Sweep
from rmcrm.schedule import TICKS
from rmcrm.settings import database, env
from rmcrm.standing import StandsTooHigh, refuse_above_the_wall
from staff.models import Book, BookMember, Team
from staff.night import command_line, night_shift
from staff.roles import ROLES, May, Role, may
from tests.cast import lend, make_client, make_person, raise_barrier
from tests.drills import tell
from tests.house.private import make_private
from ui import carrying
from ui.carrying import carry_person, transaction_for

# Tables that are not behind the wall, each with the reason. Whoever adds one here answers for it.
OPEN = {
    "account_emailaddress": "addresses of staff",
    "account_emailconfirmation": "addresses of staff",
    "alerts_delivery": "ids and states: an alert itself is behind the wall, and its text is rendered there",
    "alerts_mail": "counts and links for a member of staff, no client data",
    "alerts_walk": "how far a rule has looked",
    "audit_anchor": "how far each anchor has heard of the seals",
    "audit_check": "when the audit was verified, and what was found",
    "audit_pulse": "that the sealer lives",
    "audit_seal": "hashes",
    "audit_event": "what happened: ids and codes, append-only; read by the officers' and auditors' pages",
    "auth_group": "Django's, not used",
    "auth_group_permissions": "Django's, not used",
    "auth_permission": "Django's, for the grants",
    "authtoken_token": "keys of staff to the API",
    "clients_filebirth": "numbers of rows, and when they came",
    "clients_searchword": "a dictionary: single words of all names, tied to no file (ADR 0007)",
    "compliance_attestation": "who of the staff attested for which quarter; what was used is behind the wall",
    "compliance_desksweep": "counts over the bank",
    "compliance_dryrun": "counts over the bank",
    "compliance_listedentity": "sanctions lists",
    "compliance_listedname": "sanctions lists",
    "compliance_listversion": "sanctions lists",
    "compliance_largeexport": "who asked for a file of which days, and who let it go: ids, codes, a reason",
    "compliance_partytoscreen": "ids that wait for a comparison, written by triggers for whoever writes",
    "compliance_recertification": "who of the staff may open what, by ids and logins; no client's name",
    "compliance_reviewfigure": "counts a team",
    "clients_uploadday": "counts what a member of staff has sent in a day, of no client in particular",
    "compliance_riskfigure": "counts a team",
    "compliance_sampleplan": "counts, a seed, and the figures a sample was drawn by",
    "compliance_screeninglane": "how far a comparison is",
    "compliance_screeningrun": "how far a comparison is",
    "django_content_type": "Django's",
    "django_migrations": "Django's",
    "django_session": "sessions of staff, found by their secret key alone",
    "guardian_groupobjectpermission": "not used: clients_clientgrant is",
    "guardian_userobjectpermission": "not used: clients_clientgrant is",
    "jobs_beat": "when a tick last ran",
    "jobs_job": "ids and codes; a page shows a job to whoever asked for it",
    "mfa_authenticator": "second factors of staff",
    "portfolios_fxrate": "the market",
    "portfolios_modelportfolio": "the bank's",
    "portfolios_modelweight": "the bank's",
    "portfolios_price": "the market",
    "portfolios_product": "the market",
    "rulebook_rulepack": "the bank's rules",
    "socialaccount_socialaccount": "who of the staff comes in by the identity provider",
    "socialaccount_socialapp": "allauth's, not used: the provider stands in the settings",
    "socialaccount_socialtoken": "allauth's, not used",
    "staff_book": "who works here",
    "staff_book_history": "who worked here (ADR 21)",
    "staff_bookmember": "who works here: what both walls are made of",
    "staff_bookmember_history": "likewise",
    "staff_loginattempt": "who came in or tried to",
    "staff_loginnotice": "what a member of staff hears of the own login",
    "staff_loginsession": "who came in or tried to",
    "staff_passwordcode": "hash of a code by which a member of staff sets a password",
    "staff_personchange": "who of the staff is to have which role",
    "staff_savedview": "filters of a member of staff, no client data",
    "staff_team": "who works here",
    "staff_team_history": "likewise",
    "staff_user": "who works here",
    "vault_fieldkey": "names and fingerprints of keys",
    "staff_user_history": "likewise: role and team of then",
}
# Behind walls of their own, narrower than this one (ADR 0009): the policies are tested in tests/suspicion.
APART = {f"suspicion_{name}" for name in ("answer", "case", "entry", "event", "filing", "fiurequest", "seal")}


def rows(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall() if cursor.description else []


def tables():
    """Every table of the schema: (name, row-level security, also for its owner); without partitions."""
    return rows(
        "SELECT relname, relrowsecurity, relforcerowsecurity FROM pg_class"
        " WHERE relkind IN ('r', 'p') AND NOT relispartition AND relnamespace = 'public'::regnamespace"
    )


def walled():
    return sorted(name for name, secured, forced in tables() if secured and name not in APART)


class carried:
    """Within: carried for this transaction; after it, what was carried before."""

    def __init__(self, person=None, shift=""):
        self.whom = (person.pk if person is not None else None, shift)

    def __enter__(self):
        self.before = carry_person(*self.whom)

    def __exit__(self, *_):
        rows("SELECT put_back(%s::text[])", self.before)


def seen(sql="SELECT id FROM clients_client"):
    return {pk for (pk,) in rows(sql)}


# --- the wall is whole -----------------------------------------------------------------------------------


def test_every_table_is_behind_the_wall_for_its_owner_too_or_says_why_not(db):
    found = {name: secured and forced for name, secured, forced in tables()}
    assert sorted(name for name, closed in found.items() if not closed and name not in OPEN) == []
    assert sorted(name for name in (*OPEN, *APART) if name not in found) == []
    assert sorted(name for name in OPEN if found[name]) == []


def test_every_table_behind_it_has_these_policies_and_no_other(db):
    owner = database(env("DATABASE_OWNER_URL"))["USER"]
    expected = {("within_reach", settings.APP_ROLE, "*"), ("of_the_owner", owner, "*")}
    if settings.LOADER_ROLE != settings.APP_ROLE:
        expected |= {("of_the_loader", settings.LOADER_ROLE, "*")}
    for table in walled():
        policies = rows(
            "SELECT polname, (SELECT string_agg(rolname, ' ') FROM pg_roles WHERE oid = ANY(polroles)),"
            " polcmd::text FROM pg_policy WHERE polrelid = %s::regclass AND polpermissive",
            table,
        )
        assert set(policies) == expected, table


def test_a_barrier_narrows_every_table_with_a_row_of_one_client(db):
    narrowed = dict(
        rows(
            "SELECT polrelid::regclass::text, pg_get_expr(polqual, polrelid) FROM pg_policy"
            " WHERE NOT polpermissive AND polcmd = '*' AND polname = 'behind_barriers'"
        )
    )
    of_one_client = {
        table
        for (table,) in rows(
            "SELECT attrelid::regclass::text FROM pg_attribute WHERE attrelid = ANY(%s::regclass[])"
            " AND attname IN ('client_id', 'content_object_id') AND NOT attisdropped",
            walled(),
        )
    }
    # By these compliance manages barriers without being an insider; a client is marked itself.
    by_number = {"clients_barrierfile"}
    # A handover leads to many clients: one of them behind a barrier hides it whole (ADR 22).
    assert "handover_is_open(id)" in narrowed.pop("cockpit_handover")
    assert set(narrowed) == of_one_client - by_number | {"clients_client"}
    for table, expression in narrowed.items():
        marked = table in ("clients_client", "clients_coverage")
        asked = "(barrier_id IS NULL)" if marked else "is_open_to("
        assert asked in expression, (table, expression)
        assert f"'rmcrm.{'barriers' if marked else 'before'}'" in expression, (table, expression)


def test_no_policy_asks_a_function_whose_body_postgresql_would_plan(db):
    """Measured: five times as dear to plan as the body itself (ADR 0012). One asks who manages barriers."""
    planned = rows(
        "SELECT polrelid::regclass::text, proname FROM pg_policy JOIN pg_proc ON"
        " strpos(pg_get_expr(polqual, polrelid), proname || '(') > 0"
        " WHERE pronamespace = 'public'::regnamespace AND NOT prosecdef AND prolang ="
        " (SELECT oid FROM pg_language WHERE lanname = 'sql') ORDER BY 1"
    )
    assert {function for _table, function in planned} <= {
        "manages_barriers",
        "suspicion_person",
        "suspicion_team",
    }, planned


def test_every_model_of_a_client_file_is_behind_it(db):
    from django.apps import apps

    bound = {model._meta.db_table for model in apps.get_models() if hasattr(model, "client_path")}
    assert sorted(bound - set(walled())) == []


def test_no_view_shows_what_its_owner_sees(db):
    assert (
        rows(
            "SELECT relname FROM pg_class WHERE relkind IN ('v', 'm')"
            " AND relnamespace = 'public'::regnamespace"
            " AND NOT coalesce(reloptions @> '{security_invoker=true}', false)"
        )
        == []
    )


def test_what_runs_as_the_owner_names_where_it_looks(db):
    assert (
        rows(
            "SELECT proname FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace"
            " AND prosqlbody IS NULL"  # that was bound when it was made
            " AND NOT coalesce(array_to_string(proconfig, ',') LIKE '%%search_path=public, pg_temp%%', false)"
        )
        == []
    )


# --- both walls agree ------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [*Role, "night_shift", "command_line", "whole_bank", "unknown", ""])
def test_a_role_reaches_the_same_in_both(db, role):
    ((told,),) = rows("SELECT reach_of_role(%s)", role)
    if role == "whole_bank":
        expected = "all"
    elif role in ("night_shift", "command_line"):
        expected = {"night_shift": night_shift, "command_line": command_line}[role]().reach_kind
    else:
        expected = ROLES[Role(role)].reach if may(role, May.CLIENTS_SEE) else "none"
    assert told == expected


MOMENTS = st.sampled_from([-400, -30, -1, 0, 1, 30])  # days from now
SPANS = st.tuples(MOMENTS, st.one_of(st.none(), st.integers(1, 60)))


@given(st.data())
@how(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_both_walls_show_the_same_of_any_bank_to_anyone_at_any_time(db, data):
    with transaction.atomic():
        _compare_a_bank(data)
        transaction.set_rollback(True)


def _compare_a_bank(data):
    draw, now = data.draw, timezone.now()
    teams: list[Team] = []
    for number in range(draw(st.integers(1, 5))):
        parent = draw(st.sampled_from([None, *teams]))
        teams.append(Team.objects.create(name=f"Team {number}", parent=parent))
    books = [
        Book.objects.create(name=f"Book {number}", team=draw(st.sampled_from(teams))) for number in range(4)
    ]
    clients = [make_client(f"Client {number}", book) for number, book in enumerate([*books, *books])]
    people = [
        make_person(
            f"p{number}",
            draw(st.sampled_from([*Role])),
            draw(st.sampled_from([None, *teams])),
            is_active=draw(st.booleans()) or draw(st.booleans()),
        )
        for number in range(5)
    ]
    for person in people:
        for book in draw(st.lists(st.sampled_from(books), max_size=3)):
            begins, days = draw(SPANS)
            start = now + timedelta(days=begins)
            role = draw(st.sampled_from(["assistant", "specialist", "deputy"]))
            until = None if days is None else start + timedelta(days=days)
            BookMember.objects.create(book=book, user=person, role=role, during=(start, until))
        for client in draw(st.lists(st.sampled_from(clients), max_size=2)):
            begins, days = draw(SPANS)
            start = now + timedelta(days=begins)
            until = None if days is None else start + timedelta(days=days)
            lend(client, person, people[0], starts_at=start, ends_at=until)
    _draw_barriers(draw, now, clients, people)
    for moment in (now, now + timedelta(days=draw(st.integers(-60, 60)), seconds=1)):
        for person in people:
            # Of the past PostgreSQL's wall knows nothing: both are asked by what is written down now.
            reached = _resolve(person, moment)
            first = set(Client.objects.all()._within(reached).values_list("pk", flat=True))
            told = {each.pk for each in clients if reached.right_to(each.pk, each.book_id)}
            assert first == told - reached.all_walled
            ((before,),) = rows("SELECT carry_person(%s, '', %s)", person.pk, moment)
            below, parties = seen(), seen("SELECT client_id FROM clients_party")
            grants = seen("SELECT content_object_id FROM clients_clientgrant")
            rows("SELECT put_back(%s::text[])", before)
            assert first == below == parties, (person.role, person.is_active)
            assert grants <= below


def _draw_barriers(draw, now, clients, people):
    """Files that stand behind one since long ago, or did until long ago; insiders who come and go."""
    for files in draw(st.sampled_from([[], [clients[:1]], [clients[:3], clients[5:6]]])):
        long_ago = now - timedelta(days=400)
        until = draw(st.sampled_from([None, now - timedelta(days=100)]))
        barrier = raise_barrier([], [], since=long_ago)
        for person in draw(st.lists(st.sampled_from(people), max_size=3, unique=True)):
            begins, days = draw(SPANS)
            start = now + timedelta(days=begins)
            end = None if days is None else start + timedelta(days=days)
            BarrierInsider.objects.create(barrier=barrier, user=person, during=(start, end))
        for client in files:
            BarrierFile.objects.create(
                barrier=barrier, client=client, number=client.number, during=(long_ago, until)
            )


# --- nobody sees nothing ---------------------------------------------------------------------------------

# A list of ids is written ",1,2,": whoever can write one is not stopped here, and {1,2,3} would hold one.
NOBODIES = [
    ["", "", "", "", "", "", ""],
    [None] * 7,
    ["", "", "x", "x", "x", "x", "x"],
    ["x", "night_shift", "ALL", "{1}", "1", "ALL", "none"],
    ["1 OR 1=1", "", "true", "1 2 3", "{}", "true", "true"],
    ["99999999999999999999", "x", "1", ",,", ",", ",", ",,"],
]


def test_nobody_told_or_nonsense_told_sees_no_row_of_any_table_or_view(cast):
    make_private(cast).whole()
    views = [name for (name,) in rows("SELECT viewname FROM pg_views WHERE schemaname = 'public'")]
    closed = [*walled(), *sorted(APART - {"suspicion_seal"}), *views]  # which may not even be asked for
    full = [table for table in closed if rows(f"SELECT EXISTS (SELECT FROM {table})") == [(True,)]]
    assert len(full) > 40
    for nobody in NOBODIES:
        rows("SELECT put_back(%s::text[])", nobody)
        assert [t for t in closed if rows(f"SELECT EXISTS (SELECT FROM {t})") != [(False,)]] == [], nobody
    tell("T3", tables_and_views=len(closed), with_rows=len(full), nobodies=len(NOBODIES), rows_seen=0)


@pytest.mark.parametrize(
    ("person", "shift"), [(0, ""), (999_999, ""), (-1, "night_shift"), (None, ""), (None, "superuser")]
)
def test_a_person_or_shift_that_is_not_there_is_nobody(cast, person, shift):
    carry_person(person, shift)
    assert seen() == set()


def test_nobody_writes_nothing(cast, anna):
    task = Task(client=anna, kind="call", title="x", due_on="2026-11-30", assigned_to=cast.rita)
    with carried():
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            task.save()
        assert rows("UPDATE clients_client SET name = 'x' RETURNING id") == []
        assert rows("DELETE FROM clients_party RETURNING id") == []


def test_an_rm_writes_in_the_own_books_alone_whatever_the_code_says(cast, anna, omar):
    with carried(cast.rita):
        assert rows("UPDATE clients_client SET branch = 'x' RETURNING id") == [(anna.pk,)]
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            Party.objects.create(client=omar, kind="person", name="Somebody")
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            rows("UPDATE clients_client SET book_id = %s", cast.otto_book.pk)


def test_the_coverage_follows_every_client_and_nobody_else_writes_it(cast, anna):
    assert seen("SELECT client_id FROM clients_coverage") == seen()
    Client.objects.filter(pk=anna.pk).update(book=cast.otto_book)
    covered = "SELECT book_id FROM clients_coverage WHERE client_id = %s"
    assert rows(covered, anna.pk) == [(cast.otto_book.pk,)]
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        rows("UPDATE clients_coverage SET book_id = 1")
    Party.objects.filter(client=anna).delete()
    anna.delete()
    assert rows(covered, anna.pk) == []


# --- ways of their own past it: searches and counts ---------------------------------------------------------


def test_a_search_by_the_owners_functions_keeps_within_what_is_carried(cast, anna, omar):
    from clients.actions.search_rows import index_file

    index_file(anna)
    index_file(omar)
    asked = {
        'SELECT files_with_words(\'[["keller", "trading"]]\', 10)': lambda pk: pk,
        "SELECT search_keys_begun(ARRAY['c0', 'c-0', 'c'], 10)": lambda pk: rows(
            "SELECT client_id FROM clients_searchkey WHERE id = %s", pk
        )[0][0],
    }
    for sql, client_of in asked.items():
        for person, expected in (
            (cast.rita, {anna.pk}),
            (cast.otto, {omar.pk}),
            (cast.ada, set()),
            (None, set()),
        ):
            with carried(person):
                assert {client_of(pk) for pk in seen(sql)} == expected, (sql, person)
        with carried(cast.cora):
            assert {client_of(pk) for pk in seen(sql)} == {anna.pk, omar.pk}


def test_contacts_are_counted_by_the_owners_function_within_each_wall(cast, anna, omar):
    """Within what is carried, whoever is asked about; within what is asked, whoever is carried."""
    now = timezone.now()
    for client, by in ((anna, cast.rita), (omar, cast.otto)):
        log_interaction(client, by=by, channel="call", purpose="service", at=now, summary="x")
    ritas, ottos = (cast.rita.pk, cast.rita_book.pk), (cast.otto.pk, cast.otto_book.pk)

    def counted(person, shift="", books=(ritas[1], ottos[1]), walled=()):
        whom = [list(books), list(walled), [cast.rita.pk, cast.otto.pk], now, now, now]
        with carried(person, shift):
            found = rows("SELECT * FROM contacts_by_book(%s, %s::bigint[], %s, %s, %s, %s)", *whom)
        assert {(before, after) for _by, _book, before, after in found} <= {(0, 1)}
        return {(by, book) for by, book, _before, _after in found}

    assert counted(cast.rita) == counted(cast.theo) == {ritas}
    assert counted(cast.otto) == {ottos}
    assert counted(cast.ada) == counted(None) == set()
    assert counted(cast.cora) == counted(None, "night_shift") == {ritas, ottos}
    assert counted(None, "night_shift", books=[ritas[1]]) == {ritas}
    assert counted(None, "night_shift", walled=[anna.pk]) == {ottos}
    raise_barrier([anna], [cast.rita])
    assert counted(cast.theo) == set()
    assert counted(cast.cora) == {ottos}
    assert counted(cast.rita) == {ritas}


# --- nothing is left behind ------------------------------------------------------------------------------


def left():
    """What the connection carries outside of any transaction, but for the tests' own word."""
    ((found,),) = rows("SELECT carried()")
    return [word or "" for word in found[:2] + found[3:5] + found[6:]]


def test_two_people_in_turn_on_one_connection_see_their_own_and_leave_nothing(transactional_db, page_of):
    from tests.cast import make_cast

    cast = make_cast()
    rita, otto = page_of(cast.rita), page_of(cast.otto)
    for turn in range(40):
        for browser, own, foreign in ((rita, "Anna", "Omar"), (otto, "Omar", "Anna")):
            file = {"Anna": cast.anna, "Omar": cast.omar}
            text = browser.get("/clients/").content.decode()
            assert own in text
            assert foreign not in text
            assert browser.get(f"/clients/{file[foreign].pk}/").status_code == 404
            assert left() == [""] * 5, turn


def test_a_page_that_breaks_leaves_nothing(transactional_db, page_of, monkeypatch):
    from tests.cast import make_cast

    cast = make_cast()
    browser = page_of(cast.rita)
    browser.raise_request_exception = False
    monkeypatch.setattr("clients.selectors.lists.client_page", lambda *_: 1 / 0)
    assert browser.get("/clients/").status_code == 500
    assert left() == [""] * 5


@pytest.fixture
def told(transactional_db, request):
    """A kind of work that tells which clients it sees; `whole` or not."""
    found = []

    def look(work):
        found.append(seen())
        with transaction.atomic():
            found.append(seen())
        if work.args.get("breaks"):
            raise ValueError
        return {}

    job("tests.look", whole=request.param)(look)
    yield found
    del _KINDS["tests.look"]


@pytest.mark.parametrize("told", [True, False], indirect=True)
def test_a_job_sees_what_its_person_sees_at_that_moment_or_as_the_night_shift_all(told):
    from tests.cast import make_cast

    cast = make_cast()
    ask_for_work("tests.look", "1", person_id=cast.rita.pk)
    run_due()
    assert told == [{cast.anna.pk}] * 2
    cast.rita.is_active = False
    cast.rita.save()
    ask_for_work("tests.look", "2", person_id=cast.rita.pk, breaks=True)
    run_due()
    assert told[2:] == [set(), set()]
    ask_for_work("tests.look", "3")
    run_due()
    assert told[4:] == [{cast.anna.pk, cast.omar.pk}] * 2
    assert left() == [""] * 5


def test_a_span_of_work_goes_on_over_a_connection_opened_anew_and_ends_whole(transactional_db):
    from tests.cast import make_cast

    cast = make_cast()
    connection.close()
    with carrying.carrying(cast.rita.pk):
        assert seen() == {cast.anna.pk}
        connection.close()
        assert seen() == {cast.anna.pk}
        with carrying.carrying(None, "night_shift"):
            assert seen() == {cast.anna.pk, cast.omar.pk}
        assert seen() == {cast.anna.pk}
    assert left() == [""] * 5


def test_whatever_the_schedule_runs_through_the_bank_runs_as_the_night_shift(db):
    from rmcrm.celery import app

    no_clients = {
        "jobs.tasks.drain",  # each job carries its own
        "rmcrm.tasks.move_market",
        "audit.tasks.make_partitions",
        "staff.tasks.forget",
        "ui.tasks.forget_answers",  # of a room below; it carries the night shift by itself
    }
    app.loader.import_default_modules()
    for tick in TICKS:
        assert isinstance(app.tasks[tick.task], Sweep) != (tick.task in no_clients), tick.task


# --- in the middle of somebody's open page ---------------------------------------------------------------


@pytest.fixture
def elsewhere(transactional_db):
    """Another's connection, which commits."""
    place = {key.lower(): connection.settings_dict[key] for key in ("USER", "PASSWORD", "HOST", "PORT")}
    there = psycopg2.connect(dbname=connection.settings_dict["NAME"], **place)
    there.autocommit = True
    with there.cursor() as cursor:
        for setting in ("rmcrm.reach", "rmcrm.barriers"):
            cursor.execute("SELECT set_config(%s, 'all', false)", [setting])
        yield cursor
    there.close()


def test_a_handover_in_the_middle_of_an_open_page_is_seen_at_once(elsewhere):
    from tests.cast import make_cast

    cast = make_cast()
    with transaction_for(cast.rita.pk):
        assert seen() == {cast.anna.pk}
        elsewhere.execute(
            "UPDATE clients_client SET book_id = %s WHERE id = %s", [cast.otto_book.pk, cast.anna.pk]
        )
        assert seen() == set()
        assert rows("SELECT id FROM clients_party WHERE client_id = %s", cast.anna.pk) == []


def test_a_right_that_ends_in_the_middle_of_a_page_is_gone_for_what_it_writes_next(elsewhere):
    from tests.cast import make_cast

    cast = make_cast()
    lend(cast.omar, cast.rita, cast.theo)
    with transaction_for(cast.rita.pk):
        assert seen() == {cast.anna.pk, cast.omar.pk}
        elsewhere.execute(
            "UPDATE clients_clientgrant SET ends_at = now() - interval '1 second', starts_at = '2020-01-01'"
        )
        elsewhere.execute("UPDATE staff_bookmember SET during = tstzrange('2020-01-01', now())")
        assert Client.objects.hold(cast.omar.pk, cast.rita, "change") is None  # the ORM looks anew
        assert seen() == set()  # and has PostgreSQL do so, in the same statement


def test_a_grant_is_seen_from_its_first_to_its_last_instant(cast, omar):
    now = timezone.now()
    lend(omar, cast.rita, cast.theo, starts_at=now, ends_at=now + timedelta(hours=1))
    for minutes, there in ((-1, False), (0, True), (59, True), (60, False)):
        rows("SELECT carry_person(%s, '', %s)", cast.rita.pk, now + timedelta(minutes=minutes))
        assert (omar.pk in seen()) is there, minutes


# --- who may not start -----------------------------------------------------------------------------------


def test_the_application_starts_as_its_own_role(db):
    refuse_above_the_wall(connection)


def test_the_application_does_not_start_as_the_owner(db):
    from django.db.backends.postgresql.base import DatabaseWrapper

    owner = database(env("DATABASE_OWNER_URL"))
    there = DatabaseWrapper(
        {**connection.settings_dict, **{k: owner[k] for k in ("USER", "PASSWORD", "HOST", "PORT")}}
    )
    try:
        with pytest.raises(StandsTooHigh, match=r"has the rights of the owner of .*DATABASE_OWNER_URL"):
            refuse_above_the_wall(there)
    finally:
        there.close()
