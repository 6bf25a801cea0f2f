"""What a row holds is plain to who reads it, found by its whole number, and no way around writes it plain."""

import pytest
from django.core.exceptions import FieldError
from django.db import IntegrityError, connection, transaction

from clients.models import Identifier, TaxResidence
from clients.selectors import search
from onboarding.selectors import somebody
from onboarding.selectors.duplicates import alike
from portfolios.models import Account, StandingOrder
from vault.cipher import BEGIN, Unreadable, box
from vault.fields import EncryptedTextField
from vault.migrating import EncryptColumn
from vault.rotating import columns

pytestmark = pytest.mark.django_db
PASSPORT = "X7788123"


@pytest.fixture
def paper(anna):
    return a_paper(anna)


def a_paper(client, number=PASSPORT):
    party = client.parties.get()
    return Identifier.objects.create(client=client, party=party, kind="passport", country="CH", number=number)


def stored(row, column="number"):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {row._meta.db_table} WHERE id = %s", [row.pk])
        return cursor.fetchone()[0]


def write(row, value, column="number"):
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {row._meta.db_table} SET {column} = %s WHERE id = %s", [value, row.pk])


def test_the_database_holds_it_encrypted_and_python_reads_it(paper):
    assert stored(paper).startswith(BEGIN)
    assert PASSPORT not in stored(paper)
    found = Identifier.objects.get(pk=paper.pk)
    assert (found.number, found.number_index) == (
        PASSPORT,
        box().index_of("clients_identifier.number", PASSPORT),
    )
    assert Identifier.objects.defer("number").get(pk=paper.pk).number == PASSPORT
    assert PASSPORT not in str(vars(found))  # nothing is decrypted before somebody looks


def test_saving_a_row_that_nobody_changed_leaves_the_ciphertext_as_it_is(paper):
    before, found = stored(paper), Identifier.objects.get(pk=paper.pk)
    found.country = "LI"
    found.save()
    assert stored(paper) == before
    found.number = "Y 12-34"
    found.save(update_fields=["number"])
    found.refresh_from_db()
    assert (found.number, Identifier.objects.get(number="y1234")) == (
        "Y 12-34",
        paper,
    )  # the index came along


def test_a_ciphertext_on_another_clients_row_or_in_another_column_is_refused(paper, cast):
    other = a_paper(cast.omar, "Y1234567")
    tax = TaxResidence.objects.create(
        client=cast.anna, party=cast.anna.parties.get(), country="CH", number="756"
    )
    mine, theirs = stored(paper), stored(other)
    write(paper, theirs)
    write(other, mine)
    write(tax, mine)
    for model, row in ((Identifier, paper), (Identifier, other), (TaxResidence, tax)):
        with pytest.raises(Unreadable):
            _ = model.objects.get(pk=row.pk).number


def test_nothing_writes_a_plain_value(paper):
    with pytest.raises(TypeError, match="saving its row"), transaction.atomic():
        Identifier.objects.update(number="X1")
    paper.number = "X1"
    with pytest.raises(TypeError, match="saving its row"), transaction.atomic():
        Identifier.objects.bulk_update([paper], ["number"])
    with pytest.raises(IntegrityError, match="the_number_of_a_paper_is_encrypted"), transaction.atomic():
        write(paper, "X1")
    for column in columns():
        checks = [each.name for each in column.field.model._meta.constraints if "encrypted" in each.name]
        assert checks, column.label


def test_values_gives_no_value_and_what_asks_for_a_part_is_refused(paper):
    (value,) = Identifier.objects.values_list("number", flat=True)
    assert PASSPORT not in f"{value!r} {value}"
    for asked in ("number__startswith", "number__icontains", "number__gt"):
        with pytest.raises(FieldError):
            Identifier.objects.filter(**{asked: "X77"}).exists()
    with pytest.raises(FieldError, match="no index"):
        StandingOrder.objects.filter(account_to="87144583").exists()


@pytest.mark.parametrize("typed", ["X7788123", "x 7788-123", " x7788123 "])
def test_a_search_finds_a_paper_by_its_whole_number_however_it_is_written(paper, cast, typed):
    (found,) = search(cast.rita, typed)
    assert (found.client, found.how) == (cast.anna, "paper")
    assert search(cast.otto, typed) == []
    assert search(cast.rita, typed.strip()[:-1]) == []


def test_a_search_finds_a_tax_number_and_an_account_by_the_whole_of_it(cast):
    from clients.actions import add_account_key

    party = cast.anna.parties.get()
    TaxResidence.objects.create(client=cast.anna, party=party, country="CH", number="756.9217.0769.85")
    add_account_key(cast.anna, "CH93 0076 2011 6238 5295 7")
    assert [(each.client, each.how) for each in search(cast.rita, "7569217076985")] == [(cast.anna, "tax")]
    (found,) = search(cast.rita, "ch93 0076 2011 6238 5295 7")
    assert (found.client, found.how, found.text) == (cast.anna, "account", "CH9300762011623852957")
    assert search(cast.rita, "CH93 0076 2011 6238 5295") == []
    assert search(cast.otto, "7569217076985") == search(cast.otto, "CH9300762011623852957") == []


def test_a_duplicate_is_found_by_its_paper_written_otherwise(paper, cast):
    new = somebody(name="Somebody Else", country="CH", number="x 7788 123")
    (found,) = alike(cast.rita, new)
    assert (found.client, found.likeness.reasons) == (cast.anna, ("identifier",))


def test_an_account_number_is_given_once_whatever_it_is_written_like(cast):
    new = {"kind": "current", "currency": "CHF", "opened_on": "2020-01-01"}
    Account.objects.create(client=cast.anna, number="CH93 0076 2011", **new)
    with pytest.raises(IntegrityError, match="an_account_number_is_given_once"), transaction.atomic():
        Account.objects.create(client=cast.omar, number="ch9300762011", **new)


def test_the_index_is_entered_below_the_wall(cast):
    from ui.carrying import transaction_for

    with transaction_for(cast.rita.pk), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("EXPLAIN SELECT id FROM clients_identifier WHERE number_index = 'abc'")
        assert "identifier_number" in "\n".join(line for (line,) in cursor.fetchall())


def test_a_migration_encrypts_what_was_plain_and_leaves_alone_what_is_not(monkeypatch):
    from vault import migrating

    monkeypatch.setattr(migrating, "CHUNK", 2)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE plain_numbers (id bigint, client_id bigint, number text)")
        cursor.execute("INSERT INTO plain_numbers SELECT g, g * 10, 'X' || g FROM generate_series(1, 5) g")
        cursor.execute("INSERT INTO plain_numbers VALUES (6, 60, '')")
        step = EncryptColumn("plain_numbers", "number", bound_to=["client_id"], indexed=True)
        with connection.schema_editor(atomic=False) as editor:
            step.database_forwards("vault", editor, None, None)
            cursor.execute("SELECT id, client_id, number FROM plain_numbers ORDER BY id")
            rows = cursor.fetchall()
            step.database_forwards("vault", editor, None, None)  # once more
            cursor.execute("SELECT id, client_id, number FROM plain_numbers ORDER BY id")
            assert cursor.fetchall() == rows
            for pk, client_id, number in rows[:-1]:
                assert box().decrypt("plain_numbers.number", [client_id], number) == f"X{pk}"
            assert rows[-1][2] == ""
            step.database_backwards("vault", editor, None, None)
        cursor.execute("SELECT number FROM plain_numbers ORDER BY id")
        assert [number for (number,) in cursor.fetchall()] == ["X1", "X2", "X3", "X4", "X5", ""]
        cursor.execute("DROP TABLE plain_numbers")


def test_a_screen_that_hides_learns_of_what_was_decrypted(paper):
    from ui import screen

    with screen.answering_on(screen.Screen(screen.HIDDEN)) as on:
        _ = Identifier.objects.get(pk=paper.pk).number
    assert PASSPORT in on.read["text"]


def test_every_column_of_the_list_is_an_encrypted_one():
    """A new number comes to stand here, or says in ADR 20 why it is readable."""
    assert sorted(column.label for column in columns()) == [
        "clients_identifier.number",
        "clients_taxresidence.number",
        "compliance_hitstep.changes",
        "compliance_hitstep.paper",
        "compliance_hitstep.snapshot",
        "compliance_screeninghit.compared",
        "compliance_screeninghit.paper",
        "onboarding_plannedaccount.funded_from",
        "onboarding_selfcertification.residences",
        "onboarding_stagedclient.id_card",
        "onboarding_stagedclient.lei",
        "onboarding_stagedclient.passport",
        "onboarding_stagedclient.register",
        "onboarding_stagedclient.tax_number",
        "portfolios_account.number",
        "portfolios_standingorder.account_to",
        "reviews_review.valuation",
    ]
    assert all(isinstance(column.field, EncryptedTextField) for column in columns())
