"""A file as it stood at any instant, what changed since and by whom, and the rules in force then."""

import re
from datetime import timedelta
from io import StringIO

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as how
from hypothesis import strategies as st

from clients.models import Client, ContactPoint, Identifier, Party, TaxResidence
from compliance.models import Consent, KycFile
from dashboards.rules import Change, as_it_stood, made_of
from dashboards.selectors.history import KINDS, WORKED_OUT, _Kept, file_at
from needs.models import Goal
from rulebook.models import RulePack


def rows(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall() if cursor.description else []


def instant():
    return rows("SELECT clock_timestamp()")[0][0]


def then(client, at, kind, label):
    """The texts of one field, as it stood."""
    found = file_at(client, at)
    return [
        line.then
        for record in found.records
        if record.title.startswith(kind)
        for line in record.lines
        if line.label == label
    ]


# --- stories ---------------------------------------------------------------------------------------------


def test_a_file_is_shown_as_it_stood_and_who_changed_what_since(cast):
    anna = cast.anna
    mail = ContactPoint.objects.create(
        client=anna, party=anna.parties.get(), kind="email", value="a@old.example"
    )
    before = instant()
    rows("SELECT carry_person(%s, '', now())", cast.rita.pk)
    Client.objects.filter(pk=anna.pk).update(domicile="DE", preferences="Mornings")
    mail.value = "a@new.example"
    mail.save()
    ContactPoint.objects.create(client=anna, party=anna.parties.get(), kind="phone", value="+41446681800")
    assert then(anna, before, "Client", "Domicile") == ["Switzerland"]
    assert then(anna, instant(), "Client", "Domicile") == ["Germany"]
    assert then(anna, before, "Contact point", "Value") == ["a@old.example"]
    found = file_at(anna, before)
    assert found.added == 1
    assert [(event.title, event.what, event.by) for event in found.events] == [
        ("Contact point", "added", "Rita Muster"),
        ("Contact point", "", "Rita Muster"),
        ("Client", "", "Rita Muster"),
    ]
    assert [(line.label, line.then, line.now) for line in found.events[2].lines] == [
        ("Domicile", "Switzerland", "Germany"),
        ("Preferences", "–", "Mornings"),
    ]
    assert file_at(anna, instant()).events == []


def test_what_was_removed_stands_on_the_file_of_before(cast):
    party = Party.objects.create(client=cast.anna, kind="person", name="Beat Keller")
    before = instant()
    party.delete()
    removed = [record.title for record in file_at(cast.anna, before).records if record.gone]
    assert removed == ["Party Beat Keller"]
    assert [event.what for event in file_at(cast.anna, before).events] == ["removed"]
    assert "Party Beat Keller" not in [record.title for record in file_at(cast.anna, instant()).records]


def test_before_a_file_was_opened_there_was_none(cast, page_of):
    assert file_at(cast.anna, rows("SELECT history_begins()")[0][0]).records == []


def test_the_rules_are_those_that_were_in_force_then(cast):
    before = instant()
    newest = RulePack.objects.filter(name="kyc").latest("version")
    now = timezone.now()
    RulePack.objects.create(
        name="kyc", version=newest.version + 1, valid_from=timezone.localdate(now), body=newest.body,
        written_by_id=cast.cora.pk, activated_by_id=cast.ada.pk, activated_at=now,
    )  # fmt: skip
    versions = [
        next(pack.version for pack in file_at(cast.anna, at).packs if pack.name == "kyc")
        for at in (before, instant())
    ]
    assert versions == [newest.version, newest.version + 1]


# --- any history -----------------------------------------------------------------------------------------


@given(st.lists(st.tuples(st.integers(0, 3), st.one_of(st.none(), st.integers(0, 9))), max_size=12))
def test_of_any_history_every_state_of_before_is_found_again(steps):
    begin = timezone.now()
    state, changes, births, lived = {}, [], {}, [(begin, {})]
    for number, (pk, value) in enumerate(steps):
        at, row = begin + timedelta(seconds=number + 1), ("table", pk)
        if row not in state and (value is None or row in births):
            continue  # nothing to remove; a number is given once
        if row not in state:
            births[row] = at
        else:
            changes.append(Change(row, at, None, state[row]))
        state = {key: each for key, each in state.items() if key != row}
        if value is not None:
            state[row] = {"value": value}
        lived.append((at, dict(state)))
    for at, was in lived:
        assert as_it_stood(at, state, changes, births) == was
    for change, after in made_of(state, changes):
        assert after == dict(lived)[change.at].get(change.row)


@given(st.data())
@how(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_whatever_sql_does_to_a_file_its_past_is_found_again(cast, data):
    with transaction.atomic():
        _change_and_look_back(cast.anna, data.draw)
        transaction.set_rollback(True)


def _change_and_look_back(anna, draw):
    lived = []
    for _ in range(draw(st.integers(1, 8))):
        what, word = draw(st.integers(0, 5)), draw(st.sampled_from(["a", "b"]))
        parties = Party.objects.filter(client=anna)
        if what == 0:
            Client.objects.update(preferences=word)
        elif what == 1:
            Party.objects.create(client=anna, kind="person", name=word)
        elif what == 2:
            parties.update(name=word)
        elif what == 3:
            parties.filter(is_client=False)[:1].get().delete() if parties.count() > 1 else None
        elif what == 4:
            KycFile.objects.update_or_create(
                client=anna, defaults={"purpose": word, "next_review_on": "2027-01-01"}
            )
        else:
            Goal.objects.create(client=anna, name=word, amount=1, currency="EUR", by_on="2030-01-01")
        lived.append((instant(), _shown(_Kept(anna.pk).now)))
    kept = _Kept(anna.pk)
    for at, was in lived:
        assert _shown(as_it_stood(at, kept.now, kept.changes, kept.births)) == was


def _shown(states):
    return {
        row: {name: value for name, value in state.items() if name not in WORKED_OUT.get(row[0], ())}
        for row, state in states.items()
    }


# --- how it is kept --------------------------------------------------------------------------------------


@pytest.mark.parametrize("table", KINDS)
def test_every_column_of_a_file_is_kept_or_is_worked_out(db, table):
    """Whoever adds a column runs with_field_history once more in its migration."""
    columns = {
        name
        for (name,) in rows(
            "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0"
            " AND NOT attisdropped AND attgenerated = ''",
            table,
        )
    }
    ((definition,),) = rows(
        "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgrelid = %s::regclass"
        " AND tgname = 'field_history_goes_on'",
        table,
    )
    watched = {each.strip(' "') for each in re.search(r"UPDATE OF (.*?) ON ", definition)[1].split(",")}
    assert columns - watched == {"id"} | WORKED_OUT.get(table, set())


@pytest.mark.parametrize("table", ["clients_filechange", "clients_filebirth"])
def test_the_application_reads_it_and_neither_writes_nor_changes_it(db, table):
    assert rows(f"SELECT count(*) >= 0 FROM {table}") == [(True,)]
    for statement in (
        f"DELETE FROM {table}",
        f"UPDATE {table} SET at = now()",
        f"INSERT INTO {table} (kind) VALUES ('x')",
    ):
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            rows(statement)


def test_a_hundred_rows_that_come_together_are_one_line(cast):
    lines = "".join(f"{cast.anna.pk}\tmarketing{n}\t\t2026-01-01\n" for n in range(100))
    before = rows("SELECT count(*) FROM clients_filebirth")[0][0]
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE brought ON COMMIT DROP AS"
            " SELECT client_id, purpose, channel, given_on FROM compliance_consent WITH NO DATA"
        )
        cursor.copy_expert("COPY brought FROM STDIN", StringIO(lines))
        cursor.execute(
            "INSERT INTO compliance_consent (client_id, purpose, channel, given_on) SELECT * FROM brought"
        )
    assert rows("SELECT count(*) FROM clients_filebirth")[0][0] == before + 1
    assert len(_Kept(cast.anna.pk).births) == 102  # with the client and its party
    assert Consent.objects.count() == 100


def test_what_is_worked_out_by_night_leaves_no_trace(cast):
    before = rows("SELECT count(*) FROM clients_filechange")
    Client.objects.update(value=7, value_on=timezone.localdate(), last_contact_on=timezone.localdate())
    cast.anna.refresh_from_db()
    cast.anna.save()
    assert rows("SELECT count(*) FROM clients_filechange") == before


def test_of_an_erased_client_no_line_stays_and_a_stranger_reads_none(cast):
    anna = cast.anna.pk
    Client.objects.filter(pk=anna).update(domicile="DE")
    lines = "SELECT count(*) FROM clients_filechange WHERE client_id = %s"
    rows("SELECT carry_person(%s, '', now())", cast.otto.pk)
    assert rows(lines, anna) == [(0,)]
    rows("SELECT carry_person(%s, '', now())", cast.cora.pk)
    assert rows(lines, anna) == [(1,)]
    cast.anna.parties.all().delete()
    cast.anna.delete()
    assert rows(lines, anna) == [(3,)]
    rows("SELECT forget_history_of(%s)", anna)
    assert rows(lines, anna) == [(0,)]


# --- the page --------------------------------------------------------------------------------------------


def test_numbers_stand_masked_on_the_file_of_before_too(cast, page_of):
    party = cast.anna.parties.get()
    Party.objects.filter(pk=party.pk).update(born_on="1980-05-05")
    Identifier.objects.create(client=cast.anna, party=party, kind="passport", country="CH", number="X1234567")
    TaxResidence.objects.create(client=cast.anna, party=party, country="CH", number="756123456789")
    before = instant()
    for row, number in ((Identifier.objects.get(), "Y7654321"), (TaxResidence.objects.get(), "756987654321")):
        row.number = number
        row.save()
    url = reverse("file_history", args=[cast.anna.pk])
    text = page_of(cast.cora).get(url, {"at": before.isoformat()}).content.decode()
    assert "•••• 4567" in text
    for number in ("X1234567", "Y7654321", "756123456789", "756987654321", "1980-05-05", "5 May 1980"):
        assert number not in text


def test_a_number_written_otherwise_is_no_change_and_its_past_is_as_encrypted_as_it(cast, page_of):
    party = cast.anna.parties.get()
    paper = Identifier.objects.create(
        client=cast.anna, party=party, kind="passport", country="CH", number="X1234567"
    )
    before = instant()
    for number in ("X1234567", "x 123 4567", "Y7654321"):  # anew, with blanks, and another one
        paper.number = number
        paper.save()
    changes = rows("SELECT was ->> 'number' FROM clients_filechange WHERE kind = 'clients_identifier'")
    assert len(changes) == 1
    assert changes[0][0].startswith("v1.")
    url = reverse("file_history", args=[cast.anna.pk])
    page = page_of(cast.cora).get(url, {"at": before.isoformat()}).content.decode()
    assert "•••• 4567" in page
    assert "•••• 4321" in page


def test_a_wrong_instant_is_told_so(cast, page_of):
    url = reverse("file_history", args=[cast.anna.pk])
    answer = page_of(cast.cora).get(url, {"at": "2020-01-01"})
    assert answer.status_code == 422
    assert "is kept since" in answer.content.decode()


def test_it_costs_the_same_however_much_was_changed(cast, page_of, django_assert_num_queries):
    for number in range(6):
        ContactPoint.objects.create(
            client=cast.anna, party=cast.anna.parties.get(), kind="phone", value=f"+4144668180{number}"
        )
        ContactPoint.objects.update(preferred=bool(number % 2))
    browser, url = page_of(cast.cora), reverse("file_history", args=[cast.anna.pk])
    browser.get(url)  # the first request of a session also saves it
    with django_assert_num_queries(15):
        browser.get(url)
