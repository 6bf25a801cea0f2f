"""The Czech bank of the PKDD'99 challenge, whole: clients, accounts, loans, cards, orders, movements.

A disponent (who may dispose of another's account) is a client of the bank in this data. Persons are parties
of a file, so he has his own file, and a party row on the owner's file as authorised signatory.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone

from audit.record import record
from clients.models import Client, Party
from clients.words import account_key, key_of, words_of
from portfolios.models import Account, AccountParty, FxRate
from rmcrm.imports.czech import czech_name
from rmcrm.imports.loading import add
from rmcrm.imports.reading import (
    BadValue,
    NotImported,
    Reader,
    Report,
    amount,
    day_of_the_1900s,
    known_id,
    one_of,
    positive,
    whole_number,
)
from staff.models import Book, BookMember, Team, User
from vault.cipher import box

TEAM = "Česká banka"
COLUMNS = {
    "district": [f"A{number}" for number in range(1, 17)],
    "client": ["client_id", "birth_number", "district_id"],
    "account": ["account_id", "district_id", "frequency", "date"],
    "disp": ["disp_id", "client_id", "account_id", "type"],
    "card": ["card_id", "disp_id", "type", "issued"],
    "loan": ["loan_id", "account_id", "date", "amount", "duration", "payments", "status"],
    "order": ["order_id", "account_id", "bank_to", "account_to", "amount", "k_symbol"],
    "trans": [
        "trans_id",
        "account_id",
        "date",
        "type",
        "operation",
        "amount",
        "balance",
        "k_symbol",
        "bank",
        "account",
    ],
}
STATEMENTS = {
    "POPLATEK MESICNE": "monthly",
    "POPLATEK TYDNE": "weekly",
    "POPLATEK PO OBRATU": "after each movement",
}
SIGNS = {"PRIJEM": 1, "VYDAJ": -1, "VYBER": -1}  # income, expense, withdrawal
OPERATIONS = {
    "VKLAD": "cash deposit",
    "VYBER": "cash withdrawal",
    "VYBER KARTOU": "card withdrawal",
    "PREVOD Z UCTU": "transfer in",
    "PREVOD NA UCET": "transfer out",
    "": "",
}
PURPOSES = {
    "SIPO": "household",
    "POJISTNE": "insurance",
    "UVER": "loan",
    "LEASING": "leasing",
    "DUCHOD": "pension",
    "UROK": "interest",
    "SLUZBY": "statement fee",
    "SANKC. UROK": "penalty interest",
    "": "",
    " ": "",
}
LOAN_STATES = {"A": "repaid", "B": "defaulted", "C": "running", "D": "arrears"}
CARD_KINDS = {kind: kind for kind in ("junior", "classic", "gold")}


@dataclass(frozen=True)
class Person:
    """A client of client.asc."""

    number: int
    born_on: date
    sex: str
    district: int

    @property
    def given_and_family(self) -> tuple[str, str]:
        return czech_name(self.number, self.sex)

    @property
    def name(self) -> str:
        return " ".join(self.given_and_family)


@dataclass(frozen=True)
class Disposition:
    """Who may dispose of which account, as what."""

    person: int
    account: int
    is_owner: bool


@dataclass
class Bank:
    """What was read, before anything is loaded; the movements alone are streamed later."""

    districts: dict[int, tuple[str, str]] = field(default_factory=dict)  # name and region
    people: dict[int, Person] = field(default_factory=dict)
    accounts: dict[int, tuple[int, str, date]] = field(default_factory=dict)  # district, statements, opened
    dispositions: dict[int, Disposition] = field(default_factory=dict)
    loans: list[tuple[Any, ...]] = field(default_factory=list)
    cards: list[tuple[Any, ...]] = field(default_factory=list)
    orders: list[tuple[Any, ...]] = field(default_factory=list)
    owner_of: dict[int, int] = field(default_factory=dict)  # account -> person
    last_day: date = date(1900, 1, 1)


def import_bank(folder: Path) -> Report:
    """Load all eight files of `folder` in one transaction. Raises NotImported with all that is wrong."""
    report = Report()
    bank = read(folder, report)
    with transaction.atomic(), connection.cursor() as cursor:
        Loading(cursor, bank, report, folder).run()
        record(
            "bank imported",
            by=None,
            payload={"bank": "berka", "added": {name: each.added for name, each in report.files.items()}},
        )
    return report


# --- reading -----------------------------------------------------------------------------------------------


def read(folder: Path, report: Report) -> Bank:
    """Every file but the movements; each is checked to its end before the next one refers to it."""
    bank = Bank()
    for name, take in (
        ("district", _district),
        ("client", _client),
        ("account", _account),
        ("disp", _disposition),
        ("loan", _loan),
        ("card", _card),
        ("order", _order),
    ):
        reader = reader_of(folder, name, report)
        for row in reader:
            take(row, bank)
        reader.check()
    ownerless = sorted(set(bank.accounts) - set(bank.owner_of))
    if ownerless:
        raise NotImported(*(f"disp.asc: account {number} has no owner." for number in ownerless))
    return bank


def reader_of(folder: Path, name: str, report: Report) -> Reader:
    return Reader(folder / f"{name}.asc", report, ";", COLUMNS[name])


def birth_number(value: str) -> tuple[date, str]:
    """(born on, sex): YYMMDD, a woman's month counted from 51."""
    if len(value) != 6 or not value.isdigit():
        raise BadValue("is not a birth number of six digits")
    month = int(value[2:4])
    sex = "f" if month > 50 else "m"
    try:
        return date(1900 + int(value[:2]), month - 50 if sex == "f" else month, int(value[4:])), sex
    except ValueError:
        raise BadValue("is not a day of the calendar, women's months counted from 51") from None


def _new(row: Any, column: str, known: Any) -> int | None:
    """The row's own number, which must not stand there twice."""
    number: int | None = row.take(column, whole_number)
    if number is not None and number in known:
        row.refuse(column, "stands in this file already")
    return number


def _district(row: Any, bank: Bank) -> None:
    number = _new(row, "A1", bank.districts)
    if row.whole:
        bank.districts[number] = (row.values["A2"], row.values["A3"])  # type: ignore[index]


def _client(row: Any, bank: Bank) -> None:
    number = _new(row, "client_id", bank.people)
    born = row.take("birth_number", birth_number)
    district = row.take("district_id", known_id(bank.districts, "district"))
    if row.whole:
        bank.people[number] = Person(number, born[0], born[1], district)  # type: ignore[index, arg-type]


def _account(row: Any, bank: Bank) -> None:
    number = _new(row, "account_id", bank.accounts)
    district = row.take("district_id", known_id(bank.districts, "district"))
    statements = row.take("frequency", one_of(STATEMENTS))
    opened = row.take("date", day_of_the_1900s)
    if row.whole:
        bank.accounts[number] = (district, statements, opened)  # type: ignore[index]
        bank.last_day = max(bank.last_day, opened)


def _disposition(row: Any, bank: Bank) -> None:
    number = _new(row, "disp_id", bank.dispositions)
    person = row.take("client_id", known_id(bank.people, "client"))
    account = row.take("account_id", known_id(bank.accounts, "account"))
    is_owner = row.take("type", one_of({"OWNER": True, "DISPONENT": False}))
    if row.whole and is_owner and account in bank.owner_of:
        row.refuse("account_id", "has an owner already")
    if row.whole:
        bank.dispositions[number] = Disposition(person, account, is_owner)  # type: ignore[index]
        if is_owner:
            bank.owner_of[account] = person


def _loan(row: Any, bank: Bank) -> None:
    loan = (
        row.take("loan_id", whole_number),
        row.take("account_id", known_id(bank.accounts, "account")),
        row.take("date", day_of_the_1900s),
        row.take("amount", positive),
        row.take("duration", whole_number),
        row.take("payments", positive),
        row.take("status", one_of(LOAN_STATES)),
    )
    if row.whole:
        bank.loans.append(loan)
        bank.last_day = max(bank.last_day, loan[2])


def _issued(value: str) -> date:
    day, _, clock = value.partition(" ")
    if clock != "00:00:00":
        raise BadValue("is not a day as YYMMDD 00:00:00")
    return day_of_the_1900s(day)


def _card(row: Any, bank: Bank) -> None:
    card = (
        row.take("card_id", whole_number),
        row.take("disp_id", known_id(bank.dispositions, "disposition")),
        row.take("type", one_of(CARD_KINDS)),
        row.take("issued", _issued),
    )
    if row.whole:
        bank.cards.append(card)
        bank.last_day = max(bank.last_day, card[3])


def _order(row: Any, bank: Bank) -> None:
    order = (
        row.take("order_id", whole_number),
        row.take("account_id", known_id(bank.accounts, "account")),
        row.values["bank_to"],
        row.values["account_to"],
        row.take("amount", positive),
        row.take("k_symbol", one_of(PURPOSES)),
    )
    if row.whole:
        bank.orders.append(order)


# --- loading -----------------------------------------------------------------------------------------------


_COLUMNS_OF = """
client: number kind name book_id state segment stage domicile language currency preferred_channel preferences
    branch since_on risk kyc_due_on value last_contact_on vulnerable
party: client_id kind is_client name given_names family_name native_name born_on sex nationality residence
    occupation legal_form
loan: client_id account_id reference granted_on amount months instalment state
card: client_id party_id account_id reference kind issued_on
order: client_id account_id reference bank_to account_to amount purpose
posting: client_id account_id on reference amount balance kind
"""
COLUMNS_OF = {
    name: columns.split()
    for name, columns in (
        line.split(": ") for line in _COLUMNS_OF.replace("\n    ", " ").strip().splitlines()
    )
}


def client_number(person: int) -> str:
    return f"CZ-{person:07}"


def account_number(account: int) -> str:
    return f"{account:010}/9999"  # a Czech account number of a bank that does not exist


def stage_of(born_on: date, on: date) -> str:
    age = on.year - born_on.year
    for until, stage in ((26, "student"), (35, "starting"), (50, "family"), (62, "established")):
        if age < until:
            return stage
    return "retirement"


class Loading:
    """One load: what is there already is left alone, by its number; what hangs on it follows."""

    def __init__(self, cursor: Any, bank: Bank, report: Report, folder: Path) -> None:
        self.cursor, self.bank, self.report, self.folder = cursor, bank, report, folder

    def run(self) -> None:
        books = self._books()
        fresh = self._clients(books)
        self._people(fresh)
        self._accounts()
        self._signatories()
        self._cards_loans_orders()
        self._movements()
        self._search_rows()
        self._notes()

    def _count(self, name: str, added: int) -> None:
        counts = self.report.of(f"{name}.asc")
        counts.added, counts.unchanged = added, counts.read - counts.refused - added

    def _books(self) -> dict[str, int]:
        """A team, and a pool book for each region: nobody is assigned yet. Region -> book id."""
        root = Team.objects.filter(parent=None).order_by("pk").first()
        team, is_new = Team.objects.get_or_create(
            name=TEAM, defaults={"parent": root, "time_zone": "Europe/Prague", "calendar": "CZ"}
        )
        books: dict[str, int] = {}
        for region in sorted({region for _name, region in self.bank.districts.values()}):
            book, _made = Book.objects.get_or_create(team=team, name=region, defaults={"is_pool": True})
            books[region] = book.pk
        self._count("district", len(self.bank.districts) if is_new else 0)
        return books

    def _clients(self, books: dict[str, int]) -> set[int]:
        """A file for every client; gives those that are new. A file begins with its first account."""
        before = self._ids()
        since = self._since()
        rows = (
            (
                client_number(one.number),
                "person",
                one.name,
                books[self.bank.districts[one.district][1]],
                "active",
                "mass",
                stage_of(one.born_on, self.bank.last_day),
                "CZ",
                "cs",
                "CZK",
                "letter",
                "",
                self.bank.districts[one.district][0],
                since[one.number],
                "unrated",
                since[one.number],
                0,
                since[one.number],
                False,
            )
            for one in self.bank.people.values()
        )
        added = add(self.cursor, "clients_client", COLUMNS_OF["client"], rows, unique="number")
        self._count("client", added)
        self.client_ids = self._ids()
        return set(self.client_ids) - set(before)

    def _ids(self) -> dict[int, int]:
        """Number in the data -> id of the file."""
        wanted = {client_number(number): number for number in self.bank.people}
        found = Client.objects.filter(number__in=list(wanted)).values_list("number", "id")
        return {wanted[number]: pk for number, pk in found}

    def _since(self) -> dict[int, date]:
        since: dict[int, date] = dict.fromkeys(self.bank.people, self.bank.last_day)
        for each in self.bank.dispositions.values():
            since[each.person] = min(since[each.person], self.bank.accounts[each.account][2])
        return since

    def _people(self, fresh: set[int]) -> None:
        """The main party of every new file."""
        add(
            self.cursor,
            "clients_party",
            COLUMNS_OF["party"],
            (
                _party(self.client_ids[number], self.bank.people[number], is_client=True)
                for number in sorted(fresh)
            ),
        )
        parties = Party.objects.filter(client_id__in=list(self.client_ids.values()), is_client=True)
        file_of = {pk: number for number, pk in self.client_ids.items()}
        self.main_party = {file_of[client]: pk for client, pk in parties.values_list("client_id", "id")}

    def _accounts(self) -> None:
        bank, encrypt = self.bank, box().encrypt
        rows = (
            (
                file := self.client_ids[bank.owner_of[number]],
                encrypt("portfolios_account.number", [file], account_number(number), indexed=True),
                "current",
                "CZK",
                opened,
                0,
                statements,
            )
            for number, (_district, statements, opened) in bank.accounts.items()
        )
        columns = ["client_id", "number", "kind", "currency", "opened_on", "balance", "statements"]
        self._count("account", add(self.cursor, "portfolios_account", columns, rows, unique="number_index"))
        wanted = {account_number(number): number for number in bank.accounts}
        found = Account.objects.filter(number__in=list(wanted)).only("client_id", "number")
        self.account_ids = {wanted[account.number]: account.pk for account in found}

    def _signatories(self) -> None:
        """Owners on their accounts; disponents as a second party of the owner's file, who signs for it."""
        bank = self.bank
        self._disponents()
        rows = [
            (
                self.client_ids[bank.owner_of[each.account]],
                self.account_ids[each.account],
                self.main_party[each.person] if each.is_owner else self.disponent[each.account, each.person],
                "owner" if each.is_owner else "disponent",
            )
            for each in bank.dispositions.values()
        ]
        columns = ["client_id", "account_id", "party_id", "role"]
        added = add(
            self.cursor, "portfolios_accountparty", columns, rows, unique="account_id, party_id, role"
        )
        self._count("disp", added)

    def _disponents(self) -> None:
        """Find or make the party of each disponent on the owner's file. (account, person) -> party id."""
        bank = self.bank
        there = {
            (account, name, born): pk
            for account, name, born, pk in AccountParty.objects.filter(
                account_id__in=list(self.account_ids.values()), role="disponent"
            ).values_list("account_id", "party__name", "party__born_on", "party_id")
        }
        self.disponent: dict[tuple[int, int], int] = {}
        for each in bank.dispositions.values():
            if each.is_owner:
                continue
            person, owner = bank.people[each.person], bank.owner_of[each.account]
            found = there.get((self.account_ids[each.account], person.name, person.born_on))
            if found is None:
                file = self.client_ids[owner]
                values = _party(file, person, is_client=False)
                self.cursor.execute(_ADD_PARTY, values)
                found = self.cursor.fetchone()[0]
                self.cursor.execute(
                    _ADD_SIGNATORY, [file, found, self.main_party[owner], bank.accounts[each.account][2]]
                )
            self.disponent[each.account, each.person] = found

    def _cards_loans_orders(self) -> None:
        bank = self.bank

        def file(account: int) -> int:
            return self.client_ids[bank.owner_of[account]]

        loans = (
            (file(a), self.account_ids[a], f"CZ-L{number}", day, given, months, instalment, state)
            for number, a, day, given, months, instalment, state in bank.loans
        )
        self._count(
            "loan", add(self.cursor, "portfolios_loan", COLUMNS_OF["loan"], loans, unique="reference")
        )
        cards = (self._card(*card) for card in bank.cards)
        self._count(
            "card", add(self.cursor, "portfolios_card", COLUMNS_OF["card"], cards, unique="reference")
        )
        encrypt = box().encrypt

        def hidden(account: int, number: str) -> str:
            return encrypt("portfolios_standingorder.account_to", [file(account)], number) if number else ""

        orders = (
            (file(a), self.account_ids[a], f"CZ-O{number}", to_bank, hidden(a, to_account), paid, purpose)
            for number, a, to_bank, to_account, paid, purpose in bank.orders
        )
        added = add(self.cursor, "portfolios_standingorder", COLUMNS_OF["order"], orders, unique="reference")
        self._count("order", added)

    def _card(self, number: int, disposition: int, kind: str, issued: date) -> tuple[Any, ...]:
        each = self.bank.dispositions[disposition]
        party = self.main_party[each.person] if each.is_owner else self.disponent[each.account, each.person]
        file = self.client_ids[self.bank.owner_of[each.account]]
        return file, party, self.account_ids[each.account], f"CZ-K{number}", kind, issued

    def _movements(self) -> None:
        """The movements, streamed; then each account's balance is that after its last movement."""
        reader = reader_of(self.folder, "trans", self.report)
        added = add(
            self.cursor,
            "portfolios_posting",
            COLUMNS_OF["posting"],
            self._postings(reader),
            unique="reference",
        )
        reader.check()
        self._count("trans", added)
        self.cursor.execute(_BALANCES, [list(self.account_ids.values())])

    def _postings(self, reader: Reader) -> Iterator[tuple[Any, ...]]:
        known_account, kind_of_sign = known_id(self.bank.accounts, "account"), one_of(SIGNS)
        operations, purposes = one_of(OPERATIONS), one_of(PURPOSES)
        seen: set[int] = set()
        for row in reader:
            number = _new(row, "trans_id", seen)
            account, day = row.take("account_id", known_account), row.take("date", day_of_the_1900s)
            sign, moved = row.take("type", kind_of_sign), row.take("amount", amount)
            balance = row.take("balance", amount)
            operation, purpose = row.take("operation", operations), row.take("k_symbol", purposes)
            if row.whole:
                seen.add(number)  # type: ignore[arg-type]
                file = self.client_ids[self.bank.owner_of[account]]
                yield (
                    file,
                    self.account_ids[account],
                    day,
                    number,
                    moved * sign,
                    balance,
                    purpose or operation,
                )

    def _search_rows(self) -> None:
        """Every file is found by the names on it, its number and its accounts."""
        names: dict[int, list[str]] = {number: [person.name] for number, person in self.bank.people.items()}
        keys: list[tuple[int, str]] = [
            (pk, key_of(client_number(number))) for number, pk in self.client_ids.items()
        ]
        for each in self.bank.dispositions.values():
            owner = self.bank.owner_of[each.account]
            if each.is_owner:
                keys.append((self.client_ids[owner], account_key(account_number(each.account))))
            else:
                names[owner].append(self.bank.people[each.person].name)
        words = {number: words_of(*of_file) for number, of_file in names.items()}
        add(
            self.cursor,
            "clients_searchname",
            ["client_id", "words"],
            ((self.client_ids[number], found) for number, found in words.items()),
            unique="client_id",
        )
        distinct = sorted({word for found in words.values() for word in found})
        add(self.cursor, "clients_searchword", ["word"], ((word,) for word in distinct), unique="word")
        self.cursor.execute(
            "SELECT client_id, key FROM clients_searchkey WHERE client_id = ANY(%s)",
            [list(self.client_ids.values())],
        )
        there = set(self.cursor.fetchall())
        add(self.cursor, "clients_searchkey", ["client_id", "key"], (row for row in keys if row not in there))

    def _notes(self) -> None:
        """What a reader of the report should know."""
        last: date | None = Account.objects.filter(pk__in=list(self.account_ids.values())).aggregate(
            last=Max("balance_on")
        )["last"]
        notes = self.report.notes
        notes.append(
            f"{len(self.bank.districts)} districts are branches of their clients, in a book for each region."
        )
        if last is None:
            return
        notes.append(f"Balances are those after the last movement there is, up to {last:%d %b %Y}.")
        if not FxRate.objects.filter(currency="CZK", on__lte=last).exists():
            notes.append(
                f"There is no rate for CZK on {last:%d %b %Y} or before: the clients' value in the bank's "
                "currency stays 0, of no day. Nothing is guessed."
            )


def _party(file: int, person: Person, *, is_client: bool) -> tuple[Any, ...]:
    given, family = person.given_and_family
    return (
        file,
        "person",
        is_client,
        person.name,
        given,
        family,
        "",
        person.born_on,
        person.sex,
        "CZ",
        "CZ",
        "",
        "",
    )


_ADD_PARTY = f"""
INSERT INTO clients_party ({", ".join(COLUMNS_OF["party"])})
VALUES ({", ".join(["%s"] * len(COLUMNS_OF["party"]))}) RETURNING id
"""  # noqa: S608 - columns of ours
_ADD_SIGNATORY = """
INSERT INTO clients_relationship (client_id, party_id, of_id, kind, since_on)
VALUES (%s, %s, %s, 'signatory', %s)
"""
# Neither numbers nor lines order the movements of a day, so the last one is that whose balance fits best what
# all movements add up to.
_BALANCES = """
UPDATE portfolios_account account SET balance = last.balance, balance_on = last."on"
FROM (
    SELECT DISTINCT ON (posting.account_id) posting.account_id, posting.balance, posting."on"
    FROM portfolios_posting posting
    JOIN (SELECT account_id, sum(amount) AS moved FROM portfolios_posting
          WHERE account_id = ANY(%s) GROUP BY account_id) total USING (account_id)
    ORDER BY posting.account_id, posting."on" DESC, abs(posting.balance - total.moved), posting.reference DESC
) last
WHERE account.id = last.account_id
  AND (account.balance, account.balance_on) IS DISTINCT FROM (last.balance, last."on")
"""


# --- somebody works a book ---------------------------------------------------------------------------------


def give_book(login: str, region: str) -> str:
    """Make this person the owner of a region's book from now on; a sentence of what was done."""
    person = User.objects.filter(login=login).first()
    if person is None:
        raise NotImported(f"There is nobody with the login {login}.")
    book = Book.objects.filter(team__name=TEAM, name=region).first()
    if book is None:
        regions = ", ".join(
            Book.objects.filter(team__name=TEAM).order_by("name").values_list("name", flat=True)
        )
        raise NotImported(f"There is no region {region!r}; there are {regions}.")
    now = timezone.now()
    owner = BookMember.objects.owners().at(now).filter(book=book).select_related("user").first()
    if owner is not None and owner.user_id != person.pk:
        raise NotImported(f"The book {region} is worked by {owner.user.login} already.")
    if owner is None:
        BookMember.objects.create(book=book, user=person, role="owner", during=(now, None))
        Book.objects.filter(pk=book.pk).update(is_pool=False)
        record("book given", by=None, subject=book, payload={"user": person.pk})
    return f"{login} works the book {region}: {book.clients.count():,} clients."
