"""Keys grow old: values go over to the next while people work, and the database knows the keys it needs."""

import logging
from io import StringIO

import psycopg2
import pytest
from django.conf import settings as given
from django.core.management import CommandError, call_command
from django.db import connection

from audit.models import AuditEvent
from clients.models import Identifier, TaxResidence
from compliance.models import PartyToScreen
from portfolios.models import Account
from tests.cast import make_cast
from tests.portfolios.make import account
from tests.vault.test_cipher import new_ring
from vault import rotating
from vault.cipher import box
from vault.keys import new_key, read_ring
from vault.models import FieldKey
from vault.standing import OtherKeys, refuse_other_keys

IBAN, PASSPORT = "CH9300762011623852957", "X7788123"


def papers(cast, count=5):
    party = cast.anna.parties.get()
    TaxResidence.objects.create(client=cast.anna, party=party, country="CH", number="756.9217.0769.85")
    made = [
        Identifier(client=cast.anna, party=party, kind="passport", country="CH", number=f"{PASSPORT}{at}")
        for at in range(count)
    ]
    return Identifier.objects.bulk_create(made)


def rotate(*options):
    out = StringIO()
    call_command("rotate_keys", *options, stdout=out)
    return out.getvalue()


@pytest.fixture
def newer(settings):
    """The ring with one more key, which writes from now on."""
    settings.FIELD_KEYS = given.FIELD_KEYS + "\n" + new_key("newer")
    return "newer"


def key_of(row, column="number"):
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT split_part({column}, '.', 3) FROM {row._meta.db_table} WHERE id = %s", [row.pk]
        )
        return cursor.fetchone()[0]


@pytest.mark.django_db
def test_every_value_goes_over_and_reads_as_before(cast, settings, newer):
    old, both = "\n".join(settings.FIELD_KEYS.splitlines()[:-1]), settings.FIELD_KEYS
    settings.FIELD_KEYS = old
    made, before = papers(cast), box().writes
    refuse_other_keys(connection)
    PartyToScreen.objects.all().delete()
    settings.FIELD_KEYS = both
    told = rotate("--status")
    assert f"{before:<16} reads" in told
    assert {key_of(row) for row in made} == {before}
    told = rotate()
    assert f"{newer:<16} writes" in told
    assert f"Nothing hangs on {before} any more: it may leave the ring." in told
    assert {key_of(row) for row in made} == {newer}
    assert sorted(row.number for row in Identifier.objects.all()) == [f"{PASSPORT}{at}" for at in range(5)]
    assert Identifier.objects.filter(number="x 7788 1230").count() == 1
    assert not PartyToScreen.objects.exists()  # the papers are the same: nobody is compared anew
    event = AuditEvent.objects.get(verb="field keys rotated")
    assert event.payload == {"key": newer, "values": 6, "retired": [before], "unreadable": 0}
    settings.FIELD_KEYS = "\n".join(line for line in both.splitlines() if not line.startswith(before))
    refuse_other_keys(connection)  # the old key has left the ring
    assert {row.number for row in TaxResidence.objects.all()} == {"756.9217.0769.85"}
    assert rotate().count("\n") == 1  # nothing is left to do
    assert AuditEvent.objects.filter(verb="field keys rotated").count() == 1


@pytest.mark.django_db
def test_a_key_stays_while_the_past_of_a_file_hangs_on_it(cast, settings, newer):
    both = settings.FIELD_KEYS
    settings.FIELD_KEYS = "\n".join(both.splitlines()[:-1])
    paper, before = papers(cast, 1)[0], box().writes
    paper.number = "Y1234567"
    paper.save()  # the number of before is kept in how the file stood
    refuse_other_keys(connection)
    settings.FIELD_KEYS = both
    told = rotate()
    assert "may leave the ring" not in told
    assert f"{before:<16} reads       {0:>12} values, 1 in how files stood" in told
    assert key_of(paper) == newer
    assert FieldKey.objects.filter(name=before).exists()
    with connection.cursor() as cursor:  # and a rotation is no change of a file
        cursor.execute("SELECT count(*) FROM clients_filechange WHERE kind = 'clients_identifier'")
        assert cursor.fetchone() == (1,)


@pytest.mark.django_db
def test_broken_off_it_goes_on_and_takes_what_a_late_writer_wrote_by_the_old_key(
    cast, settings, newer, monkeypatch
):
    both = settings.FIELD_KEYS
    settings.FIELD_KEYS = old = "\n".join(both.splitlines()[:-1])
    first, *_rest, last = made = papers(cast)
    settings.FIELD_KEYS = both
    monkeypatch.setattr(rotating, "CHUNK", 2)
    (column,) = (each for each in rotating.columns() if each.label == "clients_identifier.number")

    def broken_off(done):
        if done == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rotating.rotate(column, broken_off)
    assert column.counts() == {newer: 4, key_of(last): 1}
    settings.FIELD_KEYS = old  # a process that was not started anew
    late = Identifier.objects.get(pk=last.pk)
    late.number = "Y1234567"
    late.save()
    again = Identifier.objects.create(
        client=cast.anna, party=first.party, kind="id_card", country="CH", number="Z1"
    )
    settings.FIELD_KEYS = both
    assert rotating.rotate(column).done == 2
    assert column.counts() == {newer: 6}
    assert {row.number for row in Identifier.objects.filter(pk__in=[last.pk, again.pk])} == {"Y1234567", "Z1"}
    assert len(made) == 5


@pytest.mark.django_db(transaction=True)
def test_whoever_holds_a_row_is_not_waited_for_and_loses_nothing(settings):
    cast = make_cast()
    made = papers(cast)
    settings.FIELD_KEYS = given.FIELD_KEYS + "\n" + new_key("newer")
    (column,) = (each for each in rotating.columns() if each.label == "clients_identifier.number")
    place = connection.settings_dict
    writer = psycopg2.connect(
        dbname=place["NAME"], user=place["USER"], password=place["PASSWORD"], host=place["HOST"],
        port=place["PORT"] or None,
    )  # fmt: skip
    try:
        with writer.cursor() as cursor:
            cursor.execute("SET rmcrm.reach = 'all'")
            cursor.execute("UPDATE clients_identifier SET country = 'LI' WHERE id = %s", [made[1].pk])
            assert cursor.rowcount == 1
            assert rotating.rotate(column).done == 4
        writer.commit()
    finally:
        writer.close()
    assert rotating.rotate(column).done == 1
    row = Identifier.objects.get(pk=made[1].pk)
    assert (row.country, row.number, key_of(row)) == ("LI", f"{PASSPORT}1", "newer")


@pytest.mark.django_db
def test_what_cannot_be_read_is_left_and_told(cast, settings, newer):
    settings.FIELD_KEYS, both = "\n".join(settings.FIELD_KEYS.splitlines()[:-1]), settings.FIELD_KEYS
    row = papers(cast, 1)[0]
    settings.FIELD_KEYS = both
    with connection.cursor() as cursor:  # somebody was at it
        cursor.execute(
            "UPDATE clients_identifier SET number = left(number, -2) || 'xx' WHERE id = %s",
            [row.pk],
        )
    with pytest.raises(CommandError, match=f"1 values cannot be read.*clients_identifier.number {row.pk}"):
        rotate()
    assert AuditEvent.objects.get(verb="field keys rotated").payload["unreadable"] == 1


@pytest.mark.django_db
def test_with_other_keys_nothing_starts(settings):
    refuse_other_keys(connection)
    assert set(FieldKey.objects.values_list("name", flat=True)) == {"index", box().writes}
    writes, kept = box().writes, settings.FIELD_KEYS
    for ring, said in (
        (new_ring(), f"lack the key {writes}"),
        (f"index {'ab' * 32}\n{writes} {'cd' * 32}", f"have another key {writes}, index"),
        ("", "has no field keys"),
    ):
        settings.FIELD_KEYS = ring
        with pytest.raises(OtherKeys, match="RM CRM does not start") as refused:
            refuse_other_keys(connection)
        assert said in str(refused.value)
        assert "abab" not in str(refused.value)
    settings.FIELD_KEYS = kept + "\n" + new_key("newer")
    refuse_other_keys(connection)
    assert (
        FieldKey.objects.get(name="newer").fingerprint
        == read_ring(settings.FIELD_KEYS).fingerprints()["newer"]
    )


@pytest.mark.django_db
def test_without_its_key_a_file_is_answered_503_and_nothing_of_it_is_told(page_of, cast, settings, caplog):
    held = account(cast.anna, kind="current", currency="CHF")
    held.number = IBAN
    held.save()
    rita, file = page_of(cast.rita), f"/clients/{cast.anna.pk}/"
    assert "2957" in rita.get(file).content.decode()
    settings.FIELD_KEYS = new_ring()
    with caplog.at_level(logging.ERROR):
        page, call = rita.get(file), rita.get(f"/api/v1{file}holdings/")
        show = rita.post(f"/identifiers/account/{held.pk}/")
    assert [answer.status_code for answer in (page, call, show)] == [503] * 3
    assert "cannot be decrypted" in page.content.decode()
    assert call.json()["title"] == "Back in a moment"
    said = caplog.text + page.content.decode() + call.content.decode() + show.content.decode()
    assert "portfolios_account.number" in caplog.text
    for secret in (IBAN, "2957", *settings.FIELD_KEYS.split()[1::2]):
        assert secret not in said
    assert Account.objects.filter(number=IBAN).count() == 0  # nor is it found by another index
