"""A file is kept for its years, held where something asks for it, and then deleted by two officers."""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from audit.models import AuditEvent
from clients.actions.search_rows import index_file
from clients.models import Addendum, Client, Document, Household, Interaction, Party, SearchWord
from compliance.actions import keeping as actions
from compliance.models import FileDeletion, HoldLift, LegalHold
from compliance.rules import keeping as rules
from compliance.selectors import keeping as selectors
from jobs.actions import run_due
from jobs.models import Job
from portfolios.models import Account
from rulebook.models import RulePack
from tests.cast import browser_of, make_client, make_person, raise_barrier
from tests.house.private import make_private
from tests.house.test_hygiene import fill, keys_of
from tests.house.test_nothing_readable import told_by_the_database
from tests.portfolios.make import account
from ui.refusals import NotPermitted, NotVisible, Refused

LEFT = date(2018, 5, 4)
FIGURES = {"years": 5, "extension_years": 5}


@pytest.fixture
def clea(cast):
    """The second officer."""
    return make_person("carina", "compliance")


def leave(client, on=LEFT):
    Client.objects.filter(pk=client.pk).update(state="closed", closed_on=on)
    client.refresh_from_db()
    return client


@pytest.fixture
def ines(cast):
    """She left the bank in May 2018."""
    return leave(make_client("Ines Frei", cast.rita_book))


def today():
    return timezone.localdate()


def listed(person):
    person._reach = None
    return [over.client.pk for over in selectors.keeping_desk(person, {}, today()).rows]


def delete(client, cora, clea):
    """Asked for, confirmed and done."""
    deletion = actions.ask_deletion(client.pk, by=cora)
    actions.confirm_deletion(deletion.pk, by=clea)
    run_due()
    deletion.refresh_from_db()
    return deletion


# --- the years -------------------------------------------------------------------------------------------
@given(
    st.dates(date(2000, 1, 1), date(2040, 1, 1)),
    st.dates(date(2000, 1, 1), date(2040, 1, 1)),
    st.integers(5, 30),
)
def test_one_file_and_the_whole_bank_are_judged_alike(ended, now, years):
    assert (rules.years_after(ended, years) < now) == (ended < rules.ended_before(now, years))


def test_a_file_says_itself_since_when_it_is_closed_whoever_closes_it(cast):
    anna = cast.anna
    assert anna.closed_on is None
    anna.state = "closed"
    anna.save()
    assert Client.objects.get(pk=anna.pk).closed_on == today()
    leave(anna)
    anna.closed_on = None
    anna.save()  # by who read the file before it was closed
    assert Client.objects.get(pk=anna.pk).closed_on == LEFT
    Client.objects.filter(pk=anna.pk).update(state="active")
    assert Client.objects.get(pk=anna.pk).closed_on is None


def test_the_list_has_whose_years_are_over_and_why_not_the_others(cast, ines):
    young = leave(make_client("Too Young", cast.rita_book), today() - timedelta(days=365 * 5 - 10))
    banked = leave(make_client("Still Banked", cast.rita_book))
    account(banked)
    later = leave(make_client("Account Later", cast.rita_book))
    closed = account(later)
    closed.closed_on = today() - timedelta(days=400)
    closed.save()
    assert listed(cast.cora) == [ines.pk]
    told = {
        client: selectors.keeping_of(client, today()) for client in (cast.anna, young, banked, later, ines)
    }
    sentences = {client.name: keeping.refusals(today()) for client, keeping in told.items()}
    assert sentences["Ines Frei"] == []
    assert "with the bank" in sentences["Anna Keller"][0]
    assert "kept until" in sentences["Too Young"][0]
    assert sentences["Still Banked"] == ["An account is still open: the relationship has not ended."]
    assert told[later].by_account
    assert (told[ines].ended_on, told[ines].until) == (LEFT, date(2023, 5, 4))
    # By other figures the same file is kept longer: they are in a rule pack, in force from a day on.
    RulePack.objects.create(
        name="keeping",
        version=2,
        valid_from=today(),
        body=FIGURES | {"years": 10},
        activated_at=timezone.now(),
    )
    assert listed(cast.cora) == []


def test_the_list_says_nothing_of_a_file_behind_a_barrier(cast, ines):
    raise_barrier([ines], [cast.rita])
    assert listed(cast.cora) == []
    with pytest.raises(NotVisible):
        actions.ask_deletion(ines.pk, by=cast.cora)


# --- holds -----------------------------------------------------------------------------------------------
def test_one_officer_holds_a_file_and_two_let_go_of_it(cast, clea, ines, page_of):
    cora, second = page_of(cast.cora), page_of(clea)
    address = reverse("compliance:client_keeping", args=[ines.pk])
    sent = {"kind": "legal", "reason": "The heirs dispute a loan, file 12/2026"}
    assert cora.post(address, sent | {"reason": ""}).status_code == 422
    assert cora.post(address, sent).status_code == 303
    hold = LegalHold.objects.get()
    desk = cora.get(reverse("compliance:keeping")).content.decode()
    assert "Over too, but held" in desk
    assert "The heirs dispute a loan" in desk
    assert "Held" in cora.get(reverse("compliance:client", args=[ines.pk])).content.decode()
    assert (
        "The heirs"
        not in page_of(cast.rita).get(reverse("compliance:client", args=[ines.pk])).content.decode()
    )
    assert listed(cast.cora) == []
    refused = cora.post(reverse("compliance:deletion_new", args=[ines.pk]))
    assert refused.status_code == 409
    assert "A hold is on the file" in refused.content.decode()
    lift = {"reason": "Settled in court"}
    assert cora.post(reverse("compliance:lift_new", args=[hold.pk]), {"reason": " "}).status_code == 409
    assert cora.post(reverse("compliance:lift_new", args=[hold.pk]), lift).status_code == 303
    asked = HoldLift.objects.get()
    confirm = reverse("compliance:lift_confirmation", args=[asked.pk])
    assert cora.post(confirm).status_code == 409
    assert listed(cast.cora) == []
    assert second.post(confirm).status_code == 303
    assert listed(cast.cora) == [ines.pk]
    assert cora.post(reverse("compliance:lift_new", args=[hold.pk]), lift).status_code == 409
    verbs = AuditEvent.objects.filter(client_id=ines.pk).exclude(verb__in=["file opened", "denied"])
    assert [*verbs.order_by("id").values_list("verb", "by_login")][-3:] == [
        ("client file held", "cora"),
        ("lifting of a hold asked for", "cora"),
        ("hold lifted", "carina"),
    ]


def test_a_second_login_is_no_second_officer(cast, ines):
    twin = make_person("cora.two", "compliance")
    type(twin).objects.filter(pk=twin.pk).update(email=cast.cora.email.upper())
    twin.refresh_from_db()
    hold = actions.set_hold(ines.pk, by=cast.cora, kind="legal", reason="A dispute")
    lift = actions.ask_lift(hold.pk, by=cast.cora, reason="Settled")
    with pytest.raises(Refused, match="second person"):
        actions.confirm_lift(lift.pk, by=twin)
    assert LegalHold.objects.get().lifted_at is None


@pytest.mark.parametrize(
    ("kind", "until_on", "until", "sentence"),
    [
        ("authority", date(2029, 1, 1), date(2026, 6, 1), None),
        ("authority", date(2031, 6, 1), date(2026, 6, 1), None),
        ("authority", date(2031, 6, 2), date(2026, 6, 1), "at most 5 years"),
        ("authority", date(2026, 6, 1), date(2026, 6, 1), "at most 5 years"),
        ("authority", None, date(2026, 6, 1), "at most 5 years"),
        ("authority", date(2029, 1, 1), None, "years that have begun"),
        ("legal", date(2029, 1, 1), date(2026, 6, 1), "no last day"),
        ("legal", None, None, None),
    ],
)
def test_an_authority_adds_five_years_and_no_more(kind, until_on, until, sentence):
    found = rules.refusals_to_hold(
        kind=kind,
        reason="7 Js 12/26",
        until_on=until_on,
        until=until,
        figures=FIGURES,
        today=date(2026, 1, 5),
    )
    assert found == [] if sentence is None else sentence in found[0]


def test_an_authoritys_years_end_by_themselves(cast, ines):
    LegalHold.objects.create(
        client=ines, kind="authority", reason="7 Js 12/26", until_on=today(), set_by=cast.cora, pack_version=1
    )
    assert listed(cast.cora) == []
    LegalHold.objects.update(until_on=today() - timedelta(days=1))
    assert listed(cast.cora) == [ines.pk]


# --- deletion by two -------------------------------------------------------------------------------------
def test_two_officers_delete_a_file_and_a_certificate_stays(cast, clea, ines, page_of):
    cora, second = page_of(cast.cora), page_of(clea)
    page = cora.get(reverse("compliance:client_keeping", args=[ines.pk]))
    assert "What would go" in page.content.decode()
    told = dict(page.context["found"].rows)
    assert (told["clients_client"], told["clients_party"]) == (1, 1)
    assert cora.post(reverse("compliance:deletion_new", args=[ines.pk])).status_code == 303
    assert cora.post(reverse("compliance:deletion_new", args=[ines.pk])).status_code == 409
    asked = FileDeletion.objects.get()
    confirm = reverse("compliance:deletion_confirmation", args=[asked.pk])
    assert cora.post(confirm).status_code == 409
    assert page_of(cast.rita).post(confirm).status_code == 403
    assert second.post(confirm).status_code == 303
    assert "Being deleted" in cora.get(reverse("compliance:keeping")).content.decode()
    run_due()
    assert not Client.objects.filter(pk=ines.pk).exists()
    done = FileDeletion.objects.get()
    assert done.certificate == rules.certificate(done.as_told())
    assert (done.gone["clients_client"], done.asked_by, done.decided_by) == (1, cast.cora, clea)
    text = cora.get(reverse("compliance:deletion", args=[done.pk])).content.decode()
    assert done.certificate in text
    assert f"Client {ines.pk}" in cora.get(reverse("compliance:deletions")).content.decode()
    assert "Ines" not in text
    event = AuditEvent.objects.get(verb="client file deleted")
    assert (event.by_login, event.client_id) == ("carina", ines.pk)
    assert page_of(cast.rita).get(reverse("client", args=[ines.pk])).status_code == 404
    # For ever: neither changed nor taken away, and PostgreSQL deletes nothing for a second time.
    for statement in ("UPDATE compliance_filedeletion SET files = 9", "DELETE FROM compliance_filedeletion"):
        with (
            pytest.raises(DatabaseError, match="for ever"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)
    with (
        pytest.raises(DatabaseError, match="not confirmed"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT delete_client_file(%s)", [done.pk])


def test_who_is_no_officer_holds_and_deletes_nothing(cast, ines):
    for person in (cast.rita, cast.theo, make_person("udo", "auditor")):
        with pytest.raises(NotPermitted):
            actions.set_hold(ines.pk, by=person, kind="legal", reason="Mine")
        with pytest.raises(NotPermitted):
            actions.ask_deletion(ines.pk, by=person)
    with pytest.raises(NotVisible):
        actions.ask_deletion(ines.pk, by=cast.otto)


def test_what_has_changed_since_it_was_asked_for_is_void(cast, clea, ines):
    asked = actions.ask_deletion(ines.pk, by=cast.cora)
    Client.objects.filter(pk=ines.pk).update(state="active")
    with pytest.raises(Refused, match="has changed"):
        actions.confirm_deletion(asked.pk, by=clea)
    leave(ines)
    actions.set_hold(ines.pk, by=clea, kind="legal", reason="A dispute")
    asked.refresh_from_db()
    assert asked.state == "fallen"  # the hold let it fall
    with pytest.raises(Refused, match="has fallen"):
        actions.confirm_deletion(asked.pk, by=clea)


@pytest.mark.parametrize("change", ["hold", "back", "account"])
def test_what_changes_after_the_second_word_stops_it_too(cast, clea, ines, change):
    asked = actions.ask_deletion(ines.pk, by=cast.cora)
    actions.confirm_deletion(asked.pk, by=clea)
    if change == "hold":
        actions.set_hold(ines.pk, by=cast.cora, kind="legal", reason="A dispute")
    elif change == "back":
        Client.objects.filter(pk=ines.pk).update(state="active")
    else:
        account(ines)
    # PostgreSQL looks itself, whatever the application thinks.
    with (
        pytest.raises(DatabaseError, match="still kept"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT delete_client_file(%s)", [asked.pk])
    run_due()
    asked.refresh_from_db()
    assert asked.state == "fallen"
    assert Client.objects.filter(pk=ines.pk).exists()
    assert Job.objects.get(kind=rules.JOB).result["refused"]


def test_the_five_years_of_the_law_are_held_by_postgresql_whatever_the_figures_say(cast, clea):
    young = leave(make_client("Too Young", cast.rita_book), today() - timedelta(days=365 * 4))
    made = FileDeletion.objects.create(
        client=young, ended_on=young.closed_on, kept_until=today(), pack_version=1, reason="By hand",
        fingerprint="", asked_by=cast.cora, state="confirmed", decided_by=clea,
    )  # fmt: skip
    with (
        pytest.raises(DatabaseError, match="still kept"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT delete_client_file(%s)", [made.pk])
    with pytest.raises(DatabaseError), transaction.atomic():
        FileDeletion.objects.filter(pk=made.pk).update(decided_by=cast.cora)  # nor does one confirm oneself


# --- nothing is left -------------------------------------------------------------------------------------
WORDS = [f"Kanari{at:02}zwitscher" for at in range(50)]
WORD = WORDS[0]


def count_rows(client_id):
    """Table -> rows of this client, as the catalogue finds them."""
    found = {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, mine FROM tables_of_a_client()")
        for table, mine in cursor.fetchall():
            cursor.execute(f"SELECT count(*) FROM {table} WHERE {mine.replace('$1', str(int(client_id)))}")
            found[table] = cursor.fetchone()[0]
    return found


def test_of_a_deleted_client_no_word_is_left_in_any_table_nor_on_disk(cast, clea, settings, tmp_path):
    settings.DELETED_FILES = str(tmp_path / "deleted.jsonl")
    stage, anna = make_private(cast), cast.anna
    Client.objects.filter(pk=cast.omar.pk).update(household=None)
    neighbour = make_client("Beat Keller", cast.otto_book, number="C-7700001")
    Party.objects.create(client=neighbour, kind="person", name="Anna Keller")  # she stands on his file too
    index_file(neighbour)
    stage.whole()
    said = {"channel": "call", "purpose": "service", "at": timezone.now(), "by": cast.rita, "summary": WORD}
    locked = Interaction.objects.create(client=anna, lock_hours=0, **said)  # for good, and so is what follows
    Addendum.objects.create(client=anna, interaction=locked, text=WORD, by=cast.rita)
    assert fill(WORDS, of=anna) > 30
    anna.refresh_from_db()
    index_file(anna)
    home = anna.household
    Household.objects.filter(pk=home.pk).update(name=WORD)
    paper = Document.objects.filter(client=anna).first()
    paper.file.save("paper.pdf", ContentFile(b"%PDF"))
    on_disk = [paper.file.name, stage.regulator_pack.result["file"]]
    assert all(default_storage.exists(name) for name in on_disk)
    LegalHold.objects.update(lifted_at=timezone.now())
    Account.objects.filter(client=anna).update(closed_on=LEFT)
    leave(anna)
    his = count_rows(neighbour.pk)
    before = count_rows(anna.pk)
    assert sum(1 for many in before.values() if many) > 35  # of the tables there are
    sings = {table for table, _word in told_by_the_database(WORDS)}
    assert {"clients_client", "clients_addendum", "clients_filechange", "clients_searchword"} <= sings
    told = selectors.rows_of(anna.pk)
    assert told == {table: many for table, many in before.items() if many}  # the dry run said so
    deletion = delete(anna, cast.cora, clea)
    assert deletion.done_at is not None, Job.objects.get(kind=rules.JOB).error
    assert deletion.gone == told
    assert told_by_the_database(WORDS) == set()
    assert set(count_rows(anna.pk).values()) == {0}
    assert not Household.objects.filter(pk=home.pk).exists()
    assert not any(default_storage.exists(name) for name in on_disk)
    assert [key for key in keys_of(cache) if "zwitscher" in key.lower()] == []
    assert "zwitscher" not in Path(settings.DELETED_FILES).read_text()
    # Who is left has all that was there, and is found by a name that both had.
    assert count_rows(neighbour.pk) == his
    assert his["clients_party"] == 2
    assert SearchWord.objects.filter(word="keller").exists()


def test_every_model_of_a_client_goes_with_the_file_and_a_new_one_by_itself(db):
    from django.apps import apps

    bound = {model._meta.db_table for model in apps.get_models() if hasattr(model, "client_path")}
    tables = {*count_rows(0)}
    assert bound - tables == {"compliance_filedeletion"}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attrelid::regclass::text FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid"
            " WHERE relkind IN ('r', 'p') AND NOT relispartition AND relnamespace = 'public'::regnamespace"
            " AND attname IN ('client_id', 'content_object_id') AND NOT attisdropped"
        )
        with_a_number = {table for (table,) in cursor.fetchall()}
        # The audit and the compartment keep theirs by rules of their own; the last one is a login provider's.
        apart = {"audit_event", "suspicion_case", "suspicion_event", "socialaccount_socialapp"}
        assert with_a_number - tables == {"compliance_filedeletion", *apart}
        # Without a number, found by what they point at: whoever adds one looks whether its rows are hers.
        cursor.execute("SELECT name FROM tables_of_a_client() WHERE number = 0")
        assert cursor.fetchall() == [("alerts_delivery",)]


def test_what_a_restored_backup_brings_back_is_deleted_again(cast, clea, ines, settings, tmp_path):
    place = tmp_path / "deleted.jsonl"
    settings.DELETED_FILES = str(place)
    with pytest.raises(CommandError, match="no list"):
        call_command("replay_deletions", str(place))
    pk = ines.pk
    first = delete(ines, cast.cora, clea)
    (line,) = place.read_text().splitlines()
    assert json.loads(line)["certificate"] == first.certificate
    assert "Ines" not in line
    call_command("replay_deletions", str(place))  # nothing is back: nothing happens
    assert FileDeletion.objects.count() == 1
    back = leave(make_client("Ines Frei", cast.rita_book, pk=pk))
    actions.set_hold(pk, by=cast.cora, kind="legal", reason="Lifted after the backup was made")
    call_command("replay_deletions", str(place))
    assert not Client.objects.filter(pk=back.pk).exists()
    assert FileDeletion.objects.filter(client=pk).exclude(certificate="").count() == 2
    assert AuditEvent.objects.filter(verb="client file deleted again", client_id=pk).exists()
    place.write_text(line.replace('"confirmed_by": ', '"confirmed_by": 9'))
    with pytest.raises(CommandError, match="was changed"):
        call_command("replay_deletions", str(place))


def test_the_pages_ask_a_fixed_number_of_questions(cast, ines, page_of, django_assert_max_num_queries):
    leave(make_client("Another One", cast.rita_book))
    actions.set_hold(ines.pk, by=cast.cora, kind="legal", reason="A dispute")
    window = browser_of(cast.cora)
    for address, most in (
        (reverse("compliance:keeping"), 20),
        (reverse("compliance:client_keeping", args=[ines.pk]), 20),
        (reverse("compliance:deletions"), 14),
    ):
        window.get(address)
        with django_assert_max_num_queries(most):
            assert window.get(address).status_code == 200
