"""One client file after the other: every row that hangs on a client, as lines ready for COPY."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

from clients.words import fold, key_of, words_of
from rmcrm.synthetic import interactions, people, truths
from rmcrm.synthetic.days import HISTORY
from rmcrm.synthetic.dice import Weighted, between, seed_of
from rmcrm.synthetic.holdings import drifts, portfolio, unsuitable, value_in_euro
from rmcrm.synthetic.names import CULTURES, person
from rmcrm.synthetic.organisations import company, holding
from rmcrm.synthetic.places import ACCOUNT_NUMBERS, COUNTRIES
from rmcrm.synthetic.products import Market
from rmcrm.synthetic.staff import Block, BookRow, Plan
from rmcrm.synthetic.tables import OF_A_CLIENT

NULL = r"\N"
TEN_YEARS = 3652
_TIMES = [f" {8 + m // 60:02d}:{m % 60:02d}:00" for m in range(700)]
_MONTHS = {"low": 60, "medium": 36, "high": 12}
_RISKY_COUNTRIES = {"AE", "TR", "UA", "NG", "ZA", "ID"}
_CASH_TRADES = {"Restaurants and hotels", "Car dealers", "Bakery"}
_PRICE_LEVEL = {"CZ": 0.6, "PL": 0.55, "HU": 0.5, "RO": 0.45, "BG": 0.4, "TR": 0.35, "UA": 0.25, "IN": 0.25, "CN": 0.7,
                "BR": 0.4, "MX": 0.4, "ID": 0.25, "NG": 0.2, "ZA": 0.4, "GR": 0.6, "PT": 0.65, "LT": 0.6, "CH": 1.6,
                "NO": 1.2, "DK": 1.2, "US": 1.3, "SG": 1.3, "HK": 1.2, "AE": 1.2}  # fmt: skip

# Evenly spaced quantiles in euro.
_CURRENT = {
    "mass": [25, 310, 780, 1_450, 2_300, 3_400, 5_100, 8_600, 31_000],
    "affluent": [900, 4_500, 8_200, 13_000, 19_000, 28_000, 41_000, 66_000, 190_000],
    "hnw": [8_000, 31_000, 62_000, 105_000, 170_000, 280_000, 460_000, 900_000, 4_800_000],
    "sme": [1_500, 9_000, 21_000, 38_000, 64_000, 105_000, 180_000, 340_000, 1_600_000],
    "corporate": [60_000, 310_000, 700_000, 1_300_000, 2_200_000, 3_700_000, 6_400_000, 12_000_000, 55_000_000],
}
_SAVINGS = {
    "mass": [10, 400, 1_900, 4_600, 8_800, 14_500, 23_000, 41_000, 120_000],
    "affluent": [4_000, 18_000, 33_000, 52_000, 76_000, 108_000, 155_000, 230_000, 600_000],
    "hnw": [20_000, 90_000, 190_000, 330_000, 540_000, 860_000, 1_500_000, 2_900_000, 12_000_000],
    "sme": [500, 6_000, 14_000, 27_000, 46_000, 78_000, 140_000, 270_000, 1_100_000],
    "corporate": [20_000, 160_000, 420_000, 900_000, 1_700_000, 3_000_000, 5_600_000, 11_000_000, 48_000_000],
}
_INVESTED = {
    "mass": [2_000, 4_200, 6_800, 10_000, 14_500, 21_000, 31_000, 49_000, 95_000],
    "affluent": [28_000, 58_000, 88_000, 122_000, 165_000, 220_000, 300_000, 430_000, 900_000],
    "hnw": [420_000, 760_000, 1_150_000, 1_700_000, 2_500_000, 3_800_000, 6_200_000, 11_500_000, 60_000_000],
    "sme": [20_000, 45_000, 80_000, 130_000, 200_000, 300_000, 450_000, 700_000, 1_800_000],
    "corporate": [200_000, 600_000, 1_200_000, 2_200_000, 3_800_000, 6_500_000, 11_000_000, 20_000_000, 70_000_000],
}
_LOAN = {
    "mass": [3_000, 7_000, 12_000, 25_000, 90_000, 180_000, 260_000, 360_000, 520_000],
    "affluent": [60_000, 140_000, 210_000, 280_000, 350_000, 430_000, 520_000, 680_000, 1_200_000],
    "hnw": [200_000, 400_000, 650_000, 900_000, 1_300_000, 1_900_000, 2_800_000, 4_500_000, 12_000_000],
    "sme": [15_000, 40_000, 75_000, 120_000, 190_000, 290_000, 450_000, 750_000, 2_000_000],
    "corporate": [300_000, 900_000, 1_800_000, 3_200_000, 5_000_000, 8_000_000, 13_000_000, 22_000_000, 60_000_000],
}
_INVESTS = {"mass": 0.08, "affluent": 0.92, "hnw": 1.0, "sme": 0.15, "corporate": 0.4}
_BORROWS = {"mass": 0.12, "affluent": 0.28, "hnw": 0.18, "sme": 0.45, "corporate": 0.5}
_HAS_CARD = {"mass": 0.4, "affluent": 0.75, "hnw": 0.8, "sme": 0.3, "corporate": 0.35}
_BAND = {
    "mass": Weighted([(1, 12), (2, 33), (3, 35), (4, 16), (5, 4)]),
    "affluent": Weighted([(1, 9), (2, 26), (3, 37), (4, 21), (5, 7)]),
    "hnw": Weighted([(1, 6), (2, 22), (3, 38), (4, 25), (5, 9)]),
    "sme": Weighted([(1, 30), (2, 40), (3, 25), (4, 5)]),
    "corporate": Weighted([(1, 30), (2, 40), (3, 25), (4, 5)]),
}
_CHANNEL = {
    "mass": Weighted([("message", 35), ("call", 30), ("email", 25), ("letter", 10)]),
    "affluent": Weighted([("call", 45), ("meeting", 20), ("email", 20), ("video", 15)]),
    "hnw": Weighted([("call", 45), ("meeting", 35), ("video", 10), ("email", 10)]),
    "sme": Weighted([("call", 45), ("email", 30), ("visit", 15), ("video", 10)]),
    "corporate": Weighted([("call", 35), ("visit", 30), ("email", 20), ("video", 15)]),
}
_STATEMENTS = Weighted([("monthly", 45), ("quarterly", 25), ("yearly", 20), ("", 10)])
_FUNDS = Weighted([("salary", 55), ("savings", 15), ("inheritance", 8), ("business_income", 12), ("pension", 7), ("sale_of_property", 3)])
_PREFERENCES = [
    "Prefers appointments after 17:00.", "Sustainable investments only.", "Reports in English, please.",
    "Calls on the mobile, never at work.", "Wants figures before the meeting.", "No invitations.",
    "Coffee without milk; talks about sailing.", "Spouse is to be copied.",
]  # fmt: skip
_OPPORTUNITIES = {
    "mass": [("savings", "goal_without_product"), ("card", "peers_hold"), ("pension", "life_stage"), ("insurance", "life_event")],
    "affluent": [("pension", "goal_without_product"), ("mandate", "large_cash"), ("mortgage", "life_event"), ("fund", "large_cash")],
    "hnw": [("mandate", "large_cash"), ("structured", "peers_hold"), ("insurance", "life_event"), ("mortgage", "life_event")],
    "sme": [("payments", "peers_hold"), ("loan", "life_event"), ("fx", "foreign_currency"), ("card", "peers_hold")],
    "corporate": [("trade_finance", "foreign_currency"), ("fx", "foreign_currency"), ("payments", "peers_hold"), ("deposit", "large_cash")],
}  # fmt: skip
_STAGES = Weighted([("identified", 30), ("need_confirmed", 20), ("proposed", 18), ("accepted", 8), ("in_use", 12), ("declined", 12)])
_DECLINED = ["no_need", "price", "other_bank", "later"]
_TASKS = {
    "person": [("call", "Call about the portfolio"), ("follow_up", "Send the cost overview"), ("document", "Ask for the new passport"),
               ("review", "Prepare the portfolio review"), ("follow_up", "Send the mortgage offer"), ("call", "Call back about the card")],
    "organisation": [("call", "Call about the overdraft"), ("document", "Ask for the annual accounts"), ("review", "Prepare the credit review"),
                     ("follow_up", "Send the terms of the guarantee"), ("document", "Confirm the beneficial owners")],
}  # fmt: skip
_MEETINGS = {
    "person": ["Portfolio review", "Talk about retirement", "Mortgage renewal", "Yearly review with spouse"],
    "organisation": ["Credit review", "Currency hedging", "Financing of the new hall", "Cash management"],
}
_HOURS = ["09:00:00", "11:00:00", "14:30:00"]
_DUE_STATES = {"active", "dormant"}
_REQUIRED = {
    "person": [("identity", "identity_of_a_person"), ("address", "address_of_a_person"), ("tax", "tax_residence"), ("funds", "source_of_funds")],
    "organisation": [("register", "existence_of_an_organisation"), ("owners", "beneficial_owners"), ("identity", "identity_of_signatories"), ("tax", "tax_residence")],
}  # fmt: skip


@dataclass
class Chunk:
    """A run of clients: their lines by table, and what is added up over the whole bank."""

    lines: dict[str, list[str]] = field(default_factory=lambda: {table: [] for table in OF_A_CLIENT})
    words: set[str] = field(default_factory=set)
    value: dict[int, Decimal] = field(default_factory=dict)
    opened: dict[int, list[int]] = field(default_factory=dict)
    contacts: dict[int, list[int]] = field(default_factory=dict)
    truths: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    names: set[int] = field(default_factory=set)


class Files:
    """Makes client files. Every client depends on the plan, the market and its own dice alone."""

    def __init__(self, plan: Plan, market: Market):
        self.plan, self.market, self.days = plan, market, plan.days
        self._rng = Random()  # noqa: S311
        self._zones = {zone: self.days.offsets(zone) for zone in {book.market.time_zone for book in plan.books}}
        ends = self.days.month_ends
        self._month = []
        for n in range(-HISTORY, 1):
            self._month.append(next((m for m, end in enumerate(ends) if n <= end), 24) if n > ends[0] - 31 else -1)
        self._three_years = self.days.season_place(-1096)
        self._strides = {}
        for size in {book.size for book in plan.books}:
            self._strides[size] = next(step for step in (37, 41, 43, 47, 53) if size % step or size == 0)

    def make(self, first: int, last: int) -> Chunk:
        """The clients numbered first to last - 1, counted from 0."""
        chunk = Chunk()
        for number in range(first, last):
            _Client(self, chunk, number).write()
        return chunk


class _Client:
    """One client while it is being written."""

    def __init__(self, files: Files, chunk: Chunk, number: int):
        self.files, self.chunk, self.days = files, chunk, files.days
        plan = self.plan = files.plan
        self.id = number + 1
        self.lines = chunk.lines
        slot = plan.slot_of(number)
        block = self.block = plan.block_at(slot)
        book = self.book = plan.books[block.book]
        self.segment, self.kind = block.segment, block.kind
        self.k = slot - block.start
        files._rng.seed(seed_of(plan.seed, "client", self.id))
        self.chance = files._rng.random
        self.planted = truths.planted(
            plan.clients, slot, self.k, block.count, book.id, block.segment, block.kind
        )
        self.state = self._state()
        self.partner = self._partner(slot, block)
        self.turn = self._turn(slot, book)
        self.parties = self.contacts = self.links = self.keys = self.accounts = 0
        self.spouse = 0

    # --- where the client stands in the bank -------------------------------------------------------------
    def _state(self) -> str:
        if self.planted:
            return "active"
        if self.segment == "mass":
            chance = self.k % 100
            return {7: "lead", 21: "onboarding", 33: "dormant", 34: "dormant", 45: "closed", 77: "closed"}.get(chance, "active")
        return {7: "lead", 21: "onboarding", 33: "dormant", 45: "closed"}.get(self.k % 50, "active")

    def _partner(self, slot: int, block: Block) -> int:
        """The client with whom this one shares a household, or 0: neighbours in the block, one pair in six."""
        other = self.k ^ 1
        if self.kind != "person" or other >= block.count:
            return 0
        pair = block.start + self.k // 2 * 2
        if (pair + self.plan.seed * 7919) * 2_654_435_761 >> 9 & 63 > 10:
            return 0
        return self.plan.client_at(block.start + other) + 1

    def _turn(self, slot: int, book: BookRow) -> int:
        """A number of its own for every client of a book, from 0: who is met today, who is called tomorrow."""
        if book.is_pool or not book.size:
            return 10_000
        return (slot - book.start) * self.files._strides[book.size] % book.size

    # --- the file ------------------------------------------------------------------------------------------
    def write(self) -> None:
        chance = self.chance
        self.home = people.home(self.book.market, chance)
        if self.partner and self.k % 2:
            rng = Random(seed_of(self.plan.seed, "client", self.partner))  # noqa: S311
            self.home = people.home(self.book.market, rng.random)
            self.home = self.home._replace(sex="m" if self.home.sex == "f" else "f")
        self.level = _PRICE_LEVEL.get(self.home.country.code, 1.0)
        if self.kind == "person":
            self._a_person()
        else:
            self._an_organisation()
        self._dates()
        self._currencies()
        if self.kind == "person":
            self._family()
        else:
            self._owners()
        self._reachable()
        self._papers()
        self._kyc()
        self._accounts()
        self._invest()
        self._talk()
        self._agenda()
        self._plans()
        if self.state == "onboarding":
            self._onboarding()
        self._client()

    def _a_person(self) -> None:
        chance, home = self.chance, self.home
        self.stage = people.STAGE[self.segment].pick(chance())
        youngest, years = people.AGE[self.stage]
        age = youngest + chance() * years
        self.born = -int(age * 365.25)
        self.born_text = self.days.iso(self.born)
        name = person(home.culture, home.sex, chance, home.family)
        self.name, self.given, self.family, self.native = name.full, name.given, name.family, name.native
        self.nationality = home.country.code if chance() < 0.9 else self.book.market.domiciles.pick(chance())
        jobs = people.OCCUPATIONS[self.segment]
        if self.stage == "student":
            jobs = people._STUDENT
        elif self.stage == "retirement":
            jobs = people._RETIRED
        self.occupation, self.legal_form, self.sex = jobs[int(chance() * len(jobs))], "", home.sex
        if self.planted == "sanctioned_names":
            listed = truths.SANCTIONED_PERSONS[self.id * 7 % len(truths.SANCTIONED_PERSONS)]
            self.given, self.family, self.native, self.sex = listed.given, listed.family, "", "m"
            self.name = f"{listed.given} {listed.family}"
            self.born_text, self.nationality = listed.born, listed.nationality
        self.age = age
        self.all_names = [self.name, self.native]

    def _an_organisation(self) -> None:
        chance, home = self.chance, self.home
        self.stage = people.GROWTH[self.segment].pick(chance())
        if self.segment == "hnw":
            self.name, self.legal_form, self.occupation = holding(home.family.latin, chance), "AG", "Asset management"
            self.name += f" {self.legal_form}"
        else:
            name, self.legal_form, self.occupation = company(home.country, chance)
            self.name = f"{name} {self.legal_form}"
        if self.planted == "sanctioned_names":
            self.name = truths.SANCTIONED_FIRMS[self.id % len(truths.SANCTIONED_FIRMS)]
        years = 3 * chance() if self.stage == "start_up" else 4 + 70 * chance() * chance()
        self.age = years
        self.born = -int(years * 365.25) - 420
        self.born_text = self.days.iso(self.born)
        self.given = self.family = self.native = self.sex = ""
        self.nationality = home.country.code
        self.all_names = [self.name]

    def _dates(self) -> None:
        """When the file was opened and when the client was last spoken with."""
        chance, days = self.chance, self.days
        cadence = interactions.CADENCE[self.segment]
        longest = (int(self.age) - 17) * 365 if self.kind == "person" else -self.born - 60
        self.since = -min(max(230 + int(chance() * chance() * 9000), 230), max(longest, 230))
        last = -int(chance() * cadence * 0.85)
        self.closed = 0
        if self.state in {"lead", "onboarding"}:
            self.since, last = -(45 + int(chance() * 250)), -int(chance() * 24)
        elif self.state == "closed":
            self.closed = -(30 + int(chance() * 600))
            last = self.closed - int(chance() * 20)
            self.since = min(self.since, self.closed - 500)
        elif self.planted == "neglected":
            last = -int(cadence * (2.2 + 0.5 * chance()))
            self.since = min(self.since, last - 430)
        elif self.planted == "churners":
            last = -2 - int(chance() * min(cadence * 0.8, 35))
        if self.since > -HISTORY:
            self.since = days.working_day(self.since)
        self.last = days.working_day(last)

    def _currencies(self) -> None:
        chance, country = self.chance, self.home.country
        self.home_currency = COUNTRIES[self.book.market.country].currency
        self.currency = self.home_currency
        if country.currency != self.home_currency and chance() < 0.6:
            self.currency = country.currency
        self.channel = _CHANNEL[self.segment].pick(chance())

    # --- parties ---------------------------------------------------------------------------------------------
    def _party(self, kind: str, name: str, given: str, family: str, native: str, born: str, sex: str, nation: str,
               occupation: str, form: str) -> int:  # fmt: skip
        number = self.id * 10 + self.parties
        main = "f" if self.parties else "t"
        self.parties += 1
        self.lines["clients_party"].append(
            f"{number}\t{self.id}\t{kind}\t{main}\t{name}\t{given}\t{family}\t{native}\t{born}\t{sex}\t{nation}\t"
            f"{self.home.country.code}\t{occupation}\t{form}\n"
        )
        return number

    def _link(self, party: int, of: int, kind: str, share: str = NULL, since: str = NULL) -> None:
        number = self.id * 16 + self.links
        self.links += 1
        self.lines["clients_relationship"].append(
            f"{number}\t{self.id}\t{party}\t{of}\t{kind}\t{share}\t{since}\t{NULL}\n"
        )

    def _main_party(self) -> int:
        return self._party(
            self.kind, self.name, self.given, self.family, self.native, self.born_text, self.sex, self.nationality,
            self.occupation, self.legal_form,
        )  # fmt: skip

    def _relative(self, sex: str, born: int, occupation: str) -> int:
        name = person(self.home.culture, sex, self.chance, self.home.family)
        self.all_names += [name.full, name.native]
        return self._party(
            "person", name.full, name.given, name.family, name.native, self.days.iso(born), sex, self.nationality,
            occupation, "",
        )  # fmt: skip

    def _family(self) -> None:
        chance = self.chance
        main = self._main_party()
        rich = self.segment != "mass"
        married = {"student": 0.02, "starting": 0.15, "family": 0.75, "established": 0.7, "retirement": 0.55}[self.stage]
        if not rich:
            married *= 0.4  # a retail file names a spouse only where it matters
        if not self.partner and chance() < married:
            other = "m" if self.sex == "f" else "f"
            self.spouse = self._relative(other, self.born + int((chance() - 0.5) * 3000), "")
            self._link(self.spouse, main, "spouse")
        children = {"family": 0.55, "established": 0.35}.get(self.stage, 0.0) * (1.0 if rich else 0.35)
        if self.age > 30 and chance() < children:
            for _ in range(1 + int(chance() * 2.4)):
                born = max(self.born + int((24 + chance() * 14) * 365.25), self.born + 7400)
                if born < -30:
                    child = self._relative("f" if chance() < 0.5 else "m", born, "")
                    self._link(child, main, "child")

    def _someone(self, occupation: str) -> int:
        """A director, owner or adviser of an organisation."""
        chance = self.chance
        culture = CULTURES[self.home.country.cultures.pick(chance())]
        sex = "f" if chance() < 0.35 else "m"
        name = person(culture, sex, chance)
        self.all_names += [name.full, name.native]
        born = -int((32 + chance() * 40) * 365.25)
        return self._party(
            "person", name.full, name.given, name.family, name.native, self.days.iso(born), sex,
            self.home.country.code, occupation, "",
        )  # fmt: skip

    def _firm(self, suffix: str) -> int:
        name = f"{self.name.split(' ')[0]} {suffix}"
        self.all_names.append(name)
        return self._party(
            "organisation", name, "", "", "", self.born_text, "", self.home.country.code, "Holding company", "AG"
        )

    def _owners(self) -> None:
        chance, since = self.chance, self.days.iso(self.born + 30)
        main = self._main_party()
        edges: list[tuple[int, int]] = []

        def owns(owner: int, owned: int, share: float) -> None:
            self._link(owner, owned, "owner", f"{share:.3f}", since)
            edges.append((owner, owned))

        director = self._someone("Managing director")
        self._link(director, main, "director", NULL, since)
        shape = chance()
        if self.planted == "cyclic_owners":
            above, below = self._firm("Holding AG"), self._firm("Services GmbH")
            owns(above, main, 60)
            owns(main, below, 100)
            owns(below, above, 51)
            owns(director, above, 49)
            owns(director, main, 40)
        elif shape < 0.3:
            above = self._firm("Holding AG")
            owns(above, main, 80)
            owns(director, main, 20)
            owns(self._someone("Investor"), above, 70)
            owns(self._someone("Investor"), above, 30)
        elif shape < 0.65:
            half = 50 + int(chance() * 40)
            owns(director, main, half)
            owns(self._someone("Co-owner"), main, 100 - half)
        elif shape < 0.85:
            owns(director, main, 100)
        else:
            for share in (40.0, 35.0, 25.0):
                owns(self._someone("Co-owner"), main, share)
        self.signatory = director
        if chance() < 0.3:
            self.signatory = self._someone("Head of finance")
            self._link(self.signatory, main, "signatory", NULL, since)
        if chance() < 0.2 and self.parties < 8:
            self._link(self._someone("Tax adviser"), main, "adviser")
        if _has_cycle(edges):
            self._truth("cyclic_owners")

    # --- reaching and identifying ------------------------------------------------------------------------------
    def _contact(self, kind: str, value: str, preferred: bool) -> None:
        number = self.id * 8 + self.contacts
        self.contacts += 1
        self.lines["clients_contactpoint"].append(
            f"{number}\t{self.id}\t{self.id * 10}\t{kind}\t{value}\t{'t' if preferred else 'f'}\n"
        )

    def _key(self, value: str) -> None:
        number = self.id * 16 + self.keys
        self.keys += 1
        self.lines["clients_searchkey"].append(f"{number}\t{self.id}\t{key_of(value)}\n")

    def _reachable(self) -> None:
        chance = self.chance
        self.number = f"C-{self.id:07d}"
        self._key(self.number)
        phones = self.home.country.phones
        phone = phones[int(chance() * len(phones))]
        gaps = phone.count("#")
        phone = f"{phone[:-gaps]}{int(chance() * 10**gaps):0{gaps}d}"
        words = fold(self.name).split()
        if self.kind == "person":
            local = f"{words[0]}.{''.join(words[-1:])}{self.id % 1000}"
            email = f"{local}@example.{('com', 'org', 'net')[self.id % 3]}"
        else:
            email = f"info@{''.join(words)[:40]}.example"
        calls = self.channel in {"call", "meeting", "visit"}
        self._contact("phone", phone, calls)
        self._contact("email", email, not calls)
        self._contact("address", self.home.address, False)
        self._key(phone)
        self._key(email)
        words = words_of(*self.all_names)
        self.chunk.words.update(words)
        self.lines["clients_searchname"].append(f"{self.id}\t{{{','.join(words)}}}\n")
        given = self.days.iso(max(self.since, -2500))
        wants = self.state not in {"lead"}
        number = self.id * 4
        for place, (purpose, channel, share) in enumerate(
            [("marketing", "email", 0.55), ("profiling", "", 0.3), ("recording", "call", 0.15)]
        ):
            if wants and chance() < (share if self.segment == "mass" else share + 0.3):
                withdrawn = self.days.iso(-int(chance() * 200) - 1) if chance() < 0.05 else NULL
                self.lines["compliance_consent"].append(
                    f"{number + place}\t{self.id}\t{purpose}\t{channel}\t{given}\t{withdrawn}\n"
                )

    def _papers(self) -> None:
        chance, iso = self.chance, self.days.iso
        main, country = self.id * 10, self.home.country.code
        number = self.id * 4
        digits = int(chance() * 10**9)
        line = self.lines["clients_identifier"].append
        if self.kind == "person":
            # A paper is valid for ten years; nobody's but the planted ones runs out within two months.
            expires = 75 + int(chance() * 3400)
            kind = "passport" if chance() < 0.55 or self.planted == "expiring_passports" else "id_card"
            if self.planted == "expiring_passports":
                expires = 3 + int(chance() * 57)
            letter = "XCKPLERN"[int(chance() * 8)]
            line(
                f"{number}\t{self.id}\t{main}\t{kind}\t{self.nationality}\t{letter}{digits % 10**8:08d}\t"
                f"{iso(expires - TEN_YEARS)}\t{iso(expires)}\n"
            )
            if kind == "passport" and expires <= 60 and self.state != "closed":
                self._truth("expiring_passports", identifier=number, expires_on=iso(expires))
            tax = f"{digits:09d}"
        else:
            tax = f"{country}{digits:09d}"
            text = f"{digits:09d}"
            register = f"CHE-{text[:3]}.{text[3:6]}.{text[6:]}" if country == "CH" else f"HRB {text[:6]}" if country in {"DE", "AT"} else text
            line(f"{number}\t{self.id}\t{main}\tregister\t{country}\t{register}\t{iso(self.born)}\t{NULL}\n")
            if self.segment == "corporate":
                lei = f"9999{'00'}{self.id:012d}"
                check = 98 - int("".join(str(int(sign, 36)) for sign in lei) + "00") % 97
                line(f"{number + 1}\t{self.id}\t{main}\tlei\t{country}\t{lei}{check:02d}\t{NULL}\t{iso(20 + int(chance() * 340))}\n")
        if chance() < 0.98:
            self.lines["clients_taxresidence"].append(f"{self.id * 2}\t{self.id}\t{main}\t{country}\t{tax}\t\n")
        else:
            self.lines["clients_taxresidence"].append(
                f"{self.id * 2}\t{self.id}\t{main}\t{country}\t\tNumber applied for, not yet given\n"
            )

    def _kyc(self) -> None:
        chance, days = self.chance, self.days
        pep = chance() < (0.003 if self.segment == "mass" else 0.012)
        reasons = []
        if pep:
            reasons.append('"pep"')
        risky_country = self.home.country.code in _RISKY_COUNTRIES
        if risky_country:
            reasons.append(f'"country:{self.home.country.code}"')
        if self.occupation in _CASH_TRADES and self.kind == "organisation":
            reasons.append('"cash_business"')
        draw = chance()
        if pep or (risky_country and draw < 0.25) or self.planted == "cyclic_owners":
            risk = "high"
        elif reasons or draw < 0.12:
            risk = "medium"
        else:
            risk = "low"
        if self.planted == "cyclic_owners":
            reasons.append('"opaque_ownership"')
        self.risk = risk
        overdue = chance() < 0.05 and not self.closed
        years = _MONTHS[risk] // 12
        ahead = int(chance() * years * 365)
        due = -1 - int(chance() * 90) if overdue else 5 + ahead
        if self.state in {"lead", "onboarding"}:
            self.risk, self.due = "unrated", self.since
            self.lines["compliance_kycfile"].append(
                f"{self.id}\t{self.id}\tmissing\tunrated\t[]\tf\t\t\t{NULL}\t{NULL}\t{days.iso(self.since)}\t1\n"
            )
            return
        text = days.iso(due)
        if text.endswith("02-29"):
            due -= 1
            text = days.iso(due)
        reviewed = f"{int(text[:4]) - years}{text[4:]}"
        if reviewed < days.iso(self.since):  # first made when the file was opened
            reviewed = days.iso(self.since)
            if reviewed.endswith("02-29"):
                reviewed = reviewed[:-2] + "28"
            text = f"{int(reviewed[:4]) + years}{reviewed[4:]}"
            due = days.n(date.fromisoformat(text))
        self.due = due
        if due < 0 and self.state in _DUE_STATES:
            self._truth("kyc_overdue", due_on=text)
        officers = self.plan.officers
        state = "in_review" if due < 0 and chance() < 0.3 else "current"
        self.lines["compliance_kycfile"].append(
            f"{self.id}\t{self.id}\t{state}\t{risk}\t[{', '.join(reasons)}]\t{'t' if pep else 'f'}\t{_FUNDS.pick(chance())}\t"
            f"{'daily_banking' if self.segment == 'mass' else 'wealth' if self.kind == 'person' else 'business'}\t"
            f"{reviewed}\t{officers[self.id % len(officers)]}\t{text}\t1\n"
        )

    # --- money -------------------------------------------------------------------------------------------------
    def _account(self, kind: str, currency: str, euros: float, opened: int, closed: int = 0) -> int:
        number = self.id * 8 + self.accounts
        self.accounts += 1
        country = self.book.market.country
        text = ACCOUNT_NUMBERS[country].number(number)
        if self.closed:
            euros, closed = 0, self.closed
        if closed:
            euros = 0
        cents = int(euros * self.files.market.per_euro[currency] * 100)
        if cents > 0:
            self.sums[currency] = self.sums.get(currency, 0) + cents * 10**7
        minus, whole = ("-" if cents < 0 else ""), abs(cents)
        self.lines["portfolios_account"].append(
            f"{number}\t{self.id}\t{text}\t{kind}\t{currency}\t{self.days.iso(opened)}\t"
            f"{self.days.iso(closed) if closed else NULL}\t{minus}{whole // 100}.{whole % 100:02d}\t{self.days.iso(0)}\t"
            f"{_STATEMENTS.pick(self.chance())}\n"
        )
        line = self.lines["portfolios_accountparty"].append
        line(f"{number * 2}\t{self.id}\t{number}\t{self.id * 10}\towner\n")
        if kind == "current":
            may = self.spouse if self.kind == "person" and self.chance() < 0.4 else 0
            if self.kind == "organisation":
                may = self.signatory
            if may:
                line(f"{number * 2 + 1}\t{self.id}\t{number}\t{may}\tdisponent\n")
        self._key(text)
        return number

    def _accounts(self) -> None:
        """At least two for everyone who is a client already; a lead has none yet."""
        chance, segment, home = self.chance, self.segment, self.home_currency
        self.sums: dict[str, int] = {}
        if self.state == "lead":
            return
        level = self.level if segment in {"mass", "affluent", "sme"} else 1.0
        if self.state == "onboarding":
            level = 0.0  # opened, not yet used
        elif self.state == "dormant":
            level *= 0.25
        elif self.planted == "churners":
            level *= 0.12  # most of it has left already
        since = self.since
        first = self._account("current", home, between(_CURRENT[segment], chance()) * level, since)
        later = min(since + int(chance() * 700), -200 if self.planted == "churners" else -40)
        second = "deposit" if segment == "corporate" or (segment in {"hnw", "sme"} and chance() < 0.5) else "savings"
        currency = self.currency if chance() < 0.5 else home
        leaves = -(5 + int(chance() * 80)) if self.planted == "churners" else 0
        self._account(second, currency, between(_SAVINGS[segment], chance()) * level, later, leaves)
        if segment in {"hnw", "corporate"} and chance() < 0.55:
            other = "USD" if chance() < 0.6 else "EUR"
            self._account("current", other, between(_CURRENT[segment], chance()) * level * 0.5, later)
        if segment in {"affluent", "sme"} and chance() < 0.25:
            other = "EUR" if home != "EUR" else "USD"
            self._account("current", other, between(_CURRENT[segment], chance()) * level * 0.4, later)
        if self.state == "active" and chance() < _BORROWS[segment]:
            self._borrow(home, later)
        if self.state == "active" and chance() < _HAS_CARD[segment]:
            gold = "gold" if segment in {"affluent", "hnw"} else "classic" if self.kind == "person" else "business"
            self.lines["portfolios_card"].append(
                f"{self.id}\t{self.id}\t{self.id * 10}\t{first}\tCARD-{self.id:08d}\t{gold}\t"
                f"{self.days.iso(max(since, -1200 + int(chance() * 1100)))}\n"
            )
        if self.planted == "churners":
            self._truth("churners", account_closed_on=self.days.iso(leaves), last_contact_on=self.days.iso(self.last))

    def _borrow(self, currency: str, opened: int) -> None:
        chance = self.chance
        amount = between(_LOAN[self.segment], chance()) * (self.level if self.segment != "hnw" else 1.0)
        amount = float(round(amount * self.files.market.per_euro[currency], -3)) + 1000
        months = (36, 48, 60, 120, 180, 240)[int(chance() * 6)]
        opened = max(opened, -months * 30 + 100)
        passed = min(-opened / 30.4 / months, 0.97)
        euros = -amount * (1 - passed) / self.files.market.per_euro[currency]
        account = self._account("loan", currency, euros, opened)
        state = "arrears" if chance() < 0.03 else "running"
        instalment = amount / months * 1.12
        self.lines["portfolios_loan"].append(
            f"{self.id}\t{self.id}\t{account}\tLN-{self.id:08d}\t{self.days.iso(opened)}\t{amount:.2f}\t{months}\t"
            f"{instalment:.2f}\t{state}\n"
        )

    def _invest(self) -> None:
        chance, segment, days = self.chance, self.segment, self.days
        wanted = self.planted in {"drifting_portfolios", "unsuitable_holdings"}
        if not (wanted or (self.state in _DUE_STATES and chance() < _INVESTS[segment])):
            return
        band = _BAND[segment].pick(chance())
        if self.planted == "unsuitable_holdings":
            band = min(band, 3)
        euros = between(_INVESTED[segment], chance()) * (self.level if segment in {"mass", "affluent"} else 1.0)
        if self.planted == "churners":
            euros *= 0.3
        opened = min(self.since + int(chance() * 500), -200)
        account = self._account("custody", self.currency, 0, opened)
        positions = portfolio(
            euros, band, self.currency, self.files.market, chance,
            drifting=self.planted == "drifting_portfolios", unsuitable=self.planted == "unsuitable_holdings",
        )  # fmt: skip
        prices = self.files.market.price_micros
        for place, one in enumerate(positions):
            self.lines["portfolios_holding"].append(
                f"{self.id * 16 + place}\t{self.id}\t{account}\t{one.product.id}\t"
                f"{one.thousandths // 1000}.{one.thousandths % 1000:03d}\t{one.cost // 100}.{one.cost % 100:02d}\n"
            )
            amount = one.thousandths * prices[one.product.id]
            self.sums[one.product.currency] = self.sums.get(one.product.currency, 0) + amount
        signed = max(-int(chance() * 690) - 12, opened)
        if chance() < 0.07 and self.since < -800:
            signed = -735 - int(chance() * 60)
        until = signed + 730
        kind = "advisory" if chance() < 0.7 else "discretionary" if segment != "mass" else "execution"
        review = days.iso(max(-int(chance() * 330) - 5, opened)) if chance() < 0.85 else NULL
        self.lines["portfolios_mandate"].append(
            f"{self.id}\t{self.id}\t{kind}\t{band}\t{days.iso(opened)}\t{review}\n"
        )
        lower, higher = (band - 1) * 20 + int(chance() * 20), 0
        higher = lower + int(chance() * (100 - lower))
        tolerance, capacity = (lower, higher) if chance() < 0.5 else (higher, lower)
        knowledge = "experienced" if segment == "hnw" or chance() < 0.25 else "basic"
        other = "none" if knowledge == "basic" else "basic"
        at = f"{days.iso(signed)} 10:30:00+00"
        self.lines["needs_assessment"].append(
            f"{self.id}\t{self.id}\tsigned\t{{}}\t{tolerance}\t{capacity}\t"
            f'{{"bonds": "{knowledge}", "equity": "{knowledge}", "alternatives": "{other}"}}\t{band}\t{self.book.keeper}\t'
            f"{at}\t{at}\t{days.iso(until)}\t1\n"
        )
        if until < 0:
            self._truth("assessment_expired", valid_until=days.iso(until))
        if drifts(positions, band):
            self._truth("drifting_portfolios", band=band)
        if products := unsuitable(positions, band):
            self._truth("unsuitable_holdings", band=band, products=products)

    # --- what happened and what is planned ---------------------------------------------------------------------
    def _talk(self) -> None:
        chance, days, book = self.chance, self.days, self.book
        fewest, most = interactions.CONTACTS[self.segment]
        count = fewest + int(chance() * (most - fewest))
        if self.state in {"lead", "onboarding"}:
            count = 10 + int(chance() * 3)
        seasonal = days.seasonal
        low = self.files._three_years
        if self.planted == "neglected" or self.closed:
            low = 0
        if self.since > -HISTORY:
            low = max(low, days.season_place(self.since))
        width = days.season_place(self.last + 1) - low
        when = sorted([seasonal[low + int(chance() * width)] for _ in range(count - 1)])
        when.append(self.last)
        lines = interactions.LINES[self.segment]
        offsets = self.files._zones[book.market.time_zone]
        months = self.files._month
        per_month = self.chunk.contacts.setdefault(book.id, [0] * 25)
        keeper, since, before = book.keeper, book.since, book.before or book.keeper
        append, iso, name = self.lines["clients_interaction"].append, days.iso, self.name
        number, client = self.id * 64, self.id
        first = days.working_day(self.since) if self.since > -1096 else None
        for place, day in enumerate(when):
            draw = int(chance() * 614_400)  # one draw for the template and the minute of the day
            line, minute = lines[draw & 1023], draw >> 10
            if first is not None and place == 0:
                line = interactions.HELLO
            if place == count - 1 and self.planted == "churners":
                line = interactions.LEAVING
            text, zone = iso(day), offsets[day + HISTORY]
            append(
                f"{number + place}\t{client}\t{line.before}{text}{_TIMES[minute]}{zone}{line.middle}"
                f"{name if line.personal else ''}{line.after}{keeper if day >= since else before}\t"
                f"{text}{_TIMES[minute + 95]}{zone}\n"
            )
            per_month[months[day + HISTORY]] += 1
        cadence = interactions.CADENCE[self.segment]
        if self.state in _DUE_STATES and -self.last > cadence:
            self._truth("neglected", days=-self.last, last_contact_on=iso(self.last))

    def _agenda(self) -> None:
        """Meetings of today and the next days, calls due and overdue, and what was done."""
        chance, days, turn, book = self.chance, self.days, self.turn, self.book
        if self.closed:
            return
        number = self.id * 4
        line = self.lines["clients_task"].append
        zone = self.files._zones[book.market.time_zone]
        made = book.keeper
        kinds = _TASKS[self.kind]
        if turn < 15:
            day = 0 if turn < 3 else days.working_ahead[(turn - 3) // 2]
            hour = _HOURS[turn] if turn < 3 else _HOURS[(turn - 3) % 2 * (1 + turn // 2 % 2)]
            titles = _MEETINGS[self.kind]
            line(
                f"{number}\t{self.id}\tmeeting\t{titles[int(chance() * len(titles))]}\t{days.iso(day)}\t"
                f"{days.iso(day)} {hour}{zone[day + HISTORY]}\t{book.keeper}\t{made}\t{NULL}\tf\n"
            )
        elif turn < 34:
            due = 0 if turn < 19 else -1 - int(chance() * 9) if turn < 24 else 1 + int(chance() * 14)
            kind, title = kinds[int(chance() * len(kinds))]
            promise = "t" if turn % 3 == 0 else "f"
            line(f"{number}\t{self.id}\t{kind}\t{title}\t{days.iso(due)}\t{NULL}\t{book.keeper}\t{made}\t{NULL}\t{promise}\n")
        if self.state != "lead" and chance() < (0.12 if self.segment == "mass" else 0.6):
            done = max(-3 - int(chance() * 300), self.since)
            kind, title = kinds[int(chance() * len(kinds))]
            line(
                f"{number + 1}\t{self.id}\t{kind}\t{title}\t{days.iso(min(done + int(chance() * 6), -1))}\t{NULL}\t{book.keeper}\t"
                f"{made}\t{days.iso(done)} 15:40:00+00\tf\n"
            )

    def _plans(self) -> None:
        """Life events, goals and opportunities."""
        chance, days, segment = self.chance, self.days, self.segment
        if self.closed:
            return
        rich = segment != "mass"
        if chance() < (0.45 if rich else 0.18):
            kinds = people.EVENTS[self.stage]
            kind = kinds[int(chance() * len(kinds))]
            day = self.born if kind == "founded" else -int(chance() * 500) - 3
            told = "t" if chance() < 0.7 else "f"
            self.lines["clients_lifeevent"].append(f"{self.id * 2}\t{self.id}\t{kind}\t{days.iso(day)}\t{told}\n")
        if self.kind == "person" and chance() < (0.6 if rich else 0.22):
            name, serves, smallest, largest, years = people.GOALS[self.stage][int(chance() * 2)]
            scale = self.level * {"mass": 1.0, "affluent": 1.5, "hnw": 4.0}[segment]
            amount = (smallest + chance() * (largest - smallest)) * scale * self.files.market.per_euro[self.currency]
            amount = max(1000, round(amount / 1000) * 1000)
            by = 200 + int(chance() * years * 365)
            reached = days.iso(-int(chance() * 200)) if chance() < 0.06 else NULL
            self.lines["needs_goal"].append(
                f"{self.id * 2}\t{self.id}\t{name}\t{amount}\t{self.currency}\t{days.iso(by)}\t{serves}\t{reached}\n"
            )
        if self.state == "active" and chance() < (0.3 if rich else 0.03):
            kinds = _OPPORTUNITIES[segment]
            kind, reason = kinds[int(chance() * len(kinds))]
            stage = _STAGES.pick(chance())
            made = -10 - int(chance() * 160)
            moved = made + int(chance() * -made)
            worth = between(_SAVINGS[segment], chance()) * self.level * 0.4
            why = _DECLINED[int(chance() * 4)] if stage == "declined" else ""
            self.lines["opportunities_opportunity"].append(
                f"{self.id * 2}\t{self.id}\t{kind}\t{reason}\t{{}}\t{stage}\t{round(worth, -2):.2f}\tEUR\t{self.book.keeper}\t"
                f"{days.iso(made)} 09:10:00+00\t{days.iso(moved)} 16:20:00+00\t{why}\n"
            )

    def _onboarding(self) -> None:
        started = self.days.iso(self.since)
        keeper = self.book.keeper
        products = '["current", "savings"]' if self.segment == "mass" else '["current", "fund"]'
        self.lines["onboarding_onboarding"].append(
            f"{self.id}\t{self.id}\tcollecting\t{keeper}\t{started} 09:30:00+00\t{NULL}\t{products}\t1\n"
        )
        for place, (kind, why) in enumerate(_REQUIRED[self.kind]):
            self.lines["onboarding_requireddocument"].append(
                f"{self.id * 8 + place}\t{self.id}\t{self.id}\t{kind}\t{why}\tmissing\t\t{NULL}\t{NULL}\n"
            )

    def _client(self) -> None:
        chance, iso, book = self.chance, self.days.iso, self.book
        value = value_in_euro(self.sums, self.files.market) if self.sums else Decimal("0.00")
        household = NULL
        if self.partner:
            household = str(min(self.partner, self.id))
            if self.id < self.partner:
                self.lines["clients_household"].append(f"{self.id}\t{self.home.family.latin} household\n")
        wishes = _PREFERENCES[int(chance() * len(_PREFERENCES))] if chance() < 0.2 else ""
        vulnerable = "t" if self.kind == "person" and chance() < (0.06 if self.stage == "retirement" else 0.015) else "f"
        branch = book.market.city
        self.lines["clients_client"].append(
            f"{self.id}\t{self.number}\t{self.kind}\t{self.name}\t{book.id}\t{household}\t{self.state}\t{self.segment}\t"
            f"{self.stage}\t{self.home.country.code}\t{self.home.country.language}\t{self.currency}\t{self.channel}\t{wishes}\t"
            f"{branch}\t{iso(self.since)}\t{self.risk}\t{iso(self.due)}\t{value}\t{iso(0)}\t{iso(self.last)}\t{vulnerable}\n"
        )
        if self.planted == "sanctioned_names":
            self._truth("sanctioned_names", party=self.id * 10, name=self.name)
        self.chunk.names.add(hash_of(self.name))
        if self.state not in {"lead", "onboarding"}:
            self.chunk.value[book.id] = self.chunk.value.get(book.id, Decimal()) + value
            opened = self.chunk.opened.setdefault(book.id, [0] * 24)
            for month, end in enumerate(self.days.month_ends):
                if self.since <= end and (not self.closed or self.closed > end):
                    opened[month] += 1

    def _truth(self, truth: str, **facts: Any) -> None:
        self.chunk.truths.setdefault(truth, []).append({"client": self.id, "book": self.book.id, **facts})


def hash_of(name: str) -> int:
    """A name as 64 bits, the same everywhere: to count distinct names of a million without keeping them."""
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "big")


def _has_cycle(edges: Iterable[tuple[int, int]]) -> bool:
    below: dict[int, list[int]] = {}
    for owner, owned in edges:
        below.setdefault(owner, []).append(owned)

    def leads_back(start: int, at: int, seen: set[int]) -> bool:
        for following in below.get(at, ()):
            if following == start:
                return True
            if following not in seen:
                seen.add(following)
                if leads_back(start, following, seen):
                    return True
        return False

    return any(leads_back(start, start, set()) for start in below)
