"""The Czech bank comes in whole, once, and says what it could not take."""

import json
from collections import Counter
from datetime import date
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse

from clients.models import Client, Party, Relationship, SearchKey, SearchName, SearchWord
from clients.words import account_key
from portfolios.models import Account, AccountParty, Card, Loan, Posting, StandingOrder
from staff.models import Book
from tests.rmcrm.shared import shared_data

pytestmark = pytest.mark.django_db

SMALL = {
    "district": """A1;A2;A3;A4;A5;A6;A7;A8;A9;A10;A11;A12;A13;A14;A15;A16
1;"Hl.m. Praha";"Prague";1;0;0;0;1;1;100.0;1;0.29;0.43;1;8;9
2;"Jesenik";"north Moravia";1;4;13;5;1;3;48.4;1;?;7.01;1;?;1
""",
    "client": """"client_id";"birth_number";"district_id"
1;"706213";2
2;"450204";1
3;"996231";1
""",
    "account": """"account_id";"district_id";"frequency";"date"
10;1;"POPLATEK MESICNE";930101
11;2;"POPLATEK TYDNE";940101
""",
    "disp": """"disp_id";"client_id";"account_id";"type"
1;2;10;"OWNER"
2;1;10;"DISPONENT"
3;3;11;"OWNER"
""",
    "loan": """"loan_id";"account_id";"date";"amount";"duration";"payments";"status"
5;10;930705;96396;12;8033.00;"D"
""",
    "card": """"card_id";"disp_id";"type";"issued"
7;2;"gold";931107 00:00:00
""",
    "order": """"order_id";"account_id";"bank_to";"account_to";"amount";"k_symbol"
8;10;"YZ";"87144583";2452.00;"SIPO"
""",
    "trans": """trans_id;account_id;date;type;operation;amount;balance;k_symbol;bank;account
100;10;930101;"PRIJEM";"VKLAD";700.00;700.00;"";;
103;10;930102;"VYDAJ";"PREVOD NA UCET";200.00;1500.00;"SIPO";"AB";41403269
102;10;930102;"PRIJEM";"VKLAD";1000.00;1700.00;"";;
""",
}


@pytest.fixture
def small(tmp_path):
    """A bank of three clients in the form of the real one; `small(trans="…")` writes a file anew."""

    def write(**files):
        for name, text in (SMALL | files).items():
            (tmp_path / f"{name}.asc").write_text(text.replace("\n", "\r\n"), encoding="utf-8", newline="")
        return tmp_path

    return write


def imported(folder, *more):
    out = StringIO()
    call_command("import_bank", "berka", folder, "--json", *more, stdout=out)
    return json.loads(out.getvalue())


def rows_of_the_bank():
    tables = [Client, Party, Relationship, Account, AccountParty, Loan, Card, StandingOrder, Posting, Book]
    tables += [SearchName, SearchWord, SearchKey]
    return {table.__name__: table.objects.count() for table in tables}


def test_a_birth_number_tells_birthday_and_sex(small):
    imported(small())
    people = {row.client.number: row for row in Party.objects.filter(is_client=True).select_related("client")}
    assert (people["CZ-0000001"].born_on, people["CZ-0000001"].sex) == (date(1970, 12, 13), "f")
    assert (people["CZ-0000002"].born_on, people["CZ-0000002"].sex) == (date(1945, 2, 4), "m")
    assert people["CZ-0000001"].family_name.endswith("á")


def test_a_disponent_has_a_file_of_his_own_and_stands_on_the_owners_file(small):
    imported(small())
    owner, disponent = Client.objects.get(number="CZ-0000002"), Client.objects.get(number="CZ-0000001")
    second = Party.objects.get(client=owner, is_client=False)
    assert (second.name, second.born_on) == (disponent.name, date(1970, 12, 13))
    relation = Relationship.objects.get(client=owner)
    assert (relation.party, relation.of.is_client, relation.kind) == (second, True, "signatory")
    assert Counter(AccountParty.objects.filter(client=owner).values_list("role", flat=True)) == {
        "owner": 1,
        "disponent": 1,
    }
    assert not Account.objects.filter(client=disponent).exists()
    assert Card.objects.get().party == second


def test_accounts_loans_orders_and_movements_are_what_the_files_say(small):
    imported(small())
    account = Account.objects.get(number="0000000010/9999")
    assert (account.currency, account.opened_on, account.statements) == ("CZK", date(1993, 1, 1), "monthly")
    # Of two movements of one day, the last is the one that the sum of all leads to.
    assert (account.balance, account.balance_on) == (Decimal("1500.00"), date(1993, 1, 2))
    assert [(row.amount, row.kind) for row in Posting.objects.order_by("reference")] == [
        (Decimal("700.00"), "cash deposit"),
        (Decimal("1000.00"), "cash deposit"),
        (Decimal("-200.00"), "household"),
    ]
    assert Loan.objects.get().state == "arrears"
    assert StandingOrder.objects.get().purpose == "household"
    idle = Account.objects.get(number="0000000011/9999")
    assert (idle.balance, idle.balance_on) == (0, None)


def test_regions_are_books_districts_branches_and_there_is_no_value_without_a_rate(small):
    report = imported(small())
    client = Client.objects.select_related("book__team").get(number="CZ-0000001")
    assert (client.book.team.name, client.book.name, client.branch) == (
        "Česká banka",
        "north Moravia",
        "Jesenik",
    )
    assert client.book.is_pool
    assert (client.value, client.value_on, client.since_on) == (0, None, date(1993, 1, 1))
    assert any("no rate for CZK on 02 Jan 1993" in note for note in report["notes"])


def test_the_second_run_changes_nothing(small):
    imported(small())
    before = rows_of_the_bank()
    report = imported(small())
    assert rows_of_the_bank() == before
    assert {each["added"] for each in report["files"].values()} == {0}
    assert report["files"]["trans.asc"]["unchanged"] == 3


def test_more_of_the_same_bank_is_added_to_what_is_there(small):
    imported(small())
    report = imported(small(trans=SMALL["trans"] + '104;10;930103;"PRIJEM";"";5.00;1505.00;"UROK";;\n'))
    assert report["files"]["trans.asc"]["added"] == 1
    assert Account.objects.get(number="0000000010/9999").balance == Decimal("1505.00")


def test_a_cut_last_line_is_left_out_and_named_and_nothing_else_is_lost(small):
    report = imported(small(trans=SMALL["trans"] + '104;10;930103;"PRIJE'))
    assert report["files"]["trans.asc"] == {
        "read": 4, "added": 3, "changed": 0, "unchanged": 0, "gaps": 0, "refused": 1,
    }  # fmt: skip
    (wrong,) = report["refused"]
    assert (wrong["file"], wrong["line"], wrong["column"], wrong["value"]) == (
        "trans.asc",
        5,
        "type",
        "PRIJE",
    )
    assert "ends inside this line, after 4 of 10 columns" in wrong["reason"]


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("client", '"706213"', '"706231"', None),
        (
            "client",
            '"706213"',
            '"701313"',
            "line 2, column birth_number: '701313': is not a day of the calendar",
        ),
        ("client", '"706213";2', '"706213";9', "line 2, column district_id: '9': there is no district"),
        ("client", "3;", "2;", "line 4, column client_id: '2': stands in this file already"),
        (
            "account",
            "POPLATEK TYDNE",
            "DENNE",
            "line 3, column frequency: 'DENNE': is none of POPLATEK MESICNE",
        ),
        ("account", "940101", "941301", "line 3, column date: '941301': is not a day of the calendar"),
        ("disp", '3;3;11;"OWNER"\n', "", "disp.asc: account 11 has no owner."),
        ("disp", "DISPONENT", "OWNER", "line 3, column account_id: '10': has an owner already"),
        ("disp", "2;1;10", "2;77;10", "line 3, column client_id: '77': there is no client"),
        ("loan", "96396", "-5", "line 2, column amount: '-5': is not more than nought"),
        ("loan", '"D"', '"E"', "line 2, column status: 'E': is none of A, B, C, D"),
        ("card", "7;2;", "7;99;", "line 2, column disp_id: '99': there is no disposition"),
        ("order", "2452.00", "1e5", "line 2, column amount: '1e5': is not a number"),
        ("trans", "1700.00", "much", "line 4, column balance: 'much': is not a number"),
        (
            "trans",
            '102;10;930102;"PRIJEM"',
            '102;10;930102;"DAR"',
            "line 4, column type: 'DAR': is none of PRIJEM",
        ),
        ("trans", "102;10;", "102;10;x;", "line 4, column all: "),
        ("trans", "trans_id", "id", "trans.asc, line 1, column header: "),
        ("district", "A16", "A99", "district.asc, line 1, column header: "),
    ],
)
def test_a_broken_line_is_named_by_line_column_value_and_reason_and_nothing_is_loaded(
    small, name, old, new, said
):
    folder = small(**{name: SMALL[name].replace(old, new)})
    if said is None:
        assert imported(folder)
        return
    before = rows_of_the_bank()
    with pytest.raises(CommandError) as refused:
        imported(folder)
    assert said in str(refused.value)
    assert rows_of_the_bank() == before


def test_a_missing_file_and_one_that_is_no_text_are_named(small):
    folder = small()
    (folder / "card.asc").unlink()
    with pytest.raises(CommandError, match=r"card\.asc is missing"):
        imported(folder)
    (folder / "card.asc").write_bytes(b"\xff\xfe\x00\x81")
    with pytest.raises(CommandError, match=r"card\.asc is not a text file"):
        imported(folder)


def test_rita_gets_a_region_and_finds_its_clients_and_otto_does_not(small, cast, page_of):
    cast.rita.memberships.all().delete()
    report = imported(small(), "--owner", "rita", "--region", "north Moravia")
    assert report["notes"][-1] == "rita works the book north Moravia: 1 clients."
    imported(small(), "--owner", "rita", "--region", "north Moravia")
    client = Client.objects.get(number="CZ-0000001")
    assert page_of(cast.rita).get(reverse("client", args=[client.pk])).status_code == 200
    assert page_of(cast.otto).get(reverse("client", args=[client.pk])).status_code == 404
    for owner, region, said in (
        ("otto", "north Moravia", "worked by rita"),
        ("nobody", "Prague", "nobody with"),
        ("otto", "Wien", "there are Prague, north Moravia"),
    ):
        with pytest.raises(CommandError, match=said):
            imported(small(), "--owner", owner, "--region", region)


def test_a_file_is_found_by_the_names_on_it_and_by_its_numbers(small):
    imported(small())
    owner = Client.objects.get(number="CZ-0000002")
    words = SearchName.objects.get(client=owner).words
    from clients.words import words_of

    assert words == words_of(*Party.objects.filter(client=owner).values_list("name", flat=True))
    assert set(SearchWord.objects.values_list("word", flat=True)) >= set(words)
    assert set(SearchKey.objects.filter(client=owner).values_list("key", flat=True)) == {
        "cz0000002",
        account_key("0000000010/9999"),
    }


@pytest.mark.slow
def test_the_real_bank_comes_in_whole_but_for_its_cut_line():
    folder = shared_data("bank/berka")
    report = imported(folder)
    assert {name: (each["read"], each["added"]) for name, each in report["files"].items()} == {
        "district.asc": (77, 77),
        "client.asc": (5_369, 5_369),
        "account.asc": (4_500, 4_500),
        "disp.asc": (5_369, 5_369),
        "loan.asc": (682, 682),
        "card.asc": (892, 892),
        "order.asc": (6_471, 6_471),
        "trans.asc": (49_103, 49_102),
    }
    assert [(wrong["file"], wrong["line"]) for wrong in report["refused"]] == [("trans.asc", 49_104)]
    counts = rows_of_the_bank()
    assert counts == counts | {
        "Client": 5_369, "Party": 5_369 + 869, "Relationship": 869, "Account": 4_500, "AccountParty": 5_369,
        "Loan": 682, "Card": 892, "StandingOrder": 6_471, "Posting": 49_102, "Book": 8, "SearchName": 5_369,
        "SearchKey": 5_369 + 4_500,
    }  # fmt: skip
    assert Counter(Loan.objects.values_list("state", flat=True)) == {
        "repaid": 203, "defaulted": 31, "running": 403, "arrears": 45,
    }  # fmt: skip
    assert Counter(Party.objects.filter(is_client=True).values_list("sex", flat=True)) == {
        "m": 2_724,
        "f": 2_645,
    }
    with connection.cursor() as cursor:  # the core system's own sums: money in and out is the balance
        cursor.execute("SELECT count(*) FROM portfolios_account WHERE balance_on IS NOT NULL")
        assert cursor.fetchone() == (1_229,)
    assert len(set(Client.objects.values_list("branch", flat=True))) == 77
    report = imported(folder)
    assert {each["added"] for each in report["files"].values()} == {0}
    assert rows_of_the_bank() == counts
