"""One client file after the other: every row that hangs on a client, as lines ready for COPY."""

from dataclasses import dataclass, field
from hashlib import blake2b
from random import Random
from typing import Any

from rmcrm.synthetic import interactions, money, papers, parties, people, plans, talks, truths
from rmcrm.synthetic.client import JOINING, NULL, ClientFile
from rmcrm.synthetic.days import HISTORY
from rmcrm.synthetic.dice import Weighted, seed_of
from rmcrm.synthetic.places import COUNTRIES
from rmcrm.synthetic.products import Market
from rmcrm.synthetic.staff import Block, Plan
from rmcrm.synthetic.tables import OF_A_CLIENT

_CHANNEL = {
    "mass": Weighted([("message", 35), ("call", 30), ("email", 25), ("letter", 10)]),
    "affluent": Weighted([("call", 45), ("meeting", 20), ("email", 20), ("video", 15)]),
    "hnw": Weighted([("call", 45), ("meeting", 35), ("video", 10), ("email", 10)]),
    "sme": Weighted([("call", 45), ("email", 30), ("visit", 15), ("video", 10)]),
    "corporate": Weighted([("call", 35), ("visit", 30), ("email", 20), ("video", 15)]),
}
_PREFERENCES = [
    "Prefers appointments after 17:00.", "Sustainable investments only.", "Reports in English, please.",
    "Calls on the mobile, never at work.", "Wants figures before the meeting.", "No invitations.",
    "Coffee without milk; talks about sailing.", "Spouse is to be copied.",
]  # fmt: skip
# Place in a block, modulo 100 for retail and 50 for others: the rest is active.
_STATES = {
    "mass": (100, {7: "lead", 21: "onboarding", 33: "dormant", 34: "dormant", 45: "closed", 77: "closed"}),
    "other": (50, {7: "lead", 21: "onboarding", 22: "onboarding", 33: "dormant", 45: "closed"}),
}


@dataclass
class Chunk:
    """A run of clients: their lines by table, and what is added up over the whole bank."""

    lines: dict[str, list[str]] = field(default_factory=lambda: {table: [] for table in OF_A_CLIENT})
    words: set[str] = field(default_factory=set)
    names: set[int] = field(default_factory=set)
    truths: dict[str, list[dict[str, Any]]] = field(default_factory=dict)


class Files:
    """Makes client files. Every client depends on the plan, the market and its own dice alone."""

    def __init__(self, plan: Plan, market: Market):
        self.plan, self.market, self.days = plan, market, plan.days
        self._rng, self._partners_rng = Random(), Random()  # noqa: S311 - see dice.py
        self._zones = {
            zone: self.days.offsets(zone) for zone in {book.market.time_zone for book in plan.books}
        }
        self._formats = {
            (zone, segment): talks.Formats(self.days.hours_ahead(zone), lines)
            for zone in self._zones
            for segment, lines in interactions.LINES.items()
        }
        self._three_years = self.days.season_place(-1096)
        # The k-th client of a book has turn k × stride: a prime that does not divide the book's size.
        self._strides = {
            size: next(step for step in (37, 41, 43, 47, 53) if size % step)
            for size in {book.size for book in plan.books}
            if size
        }

    def make(self, first: int, last: int) -> Chunk:
        """The clients numbered first to last - 1, counted from 0."""
        chunk = Chunk()
        out = {table: lines.append for table, lines in chunk.lines.items()}
        for number in range(first, last):
            file = self._begin(number, chunk)
            file.out = out
            self._write(file, chunk)
        return chunk

    # --- drawing -------------------------------------------------------------------------------------------
    def _begin(self, number: int, chunk: Chunk) -> ClientFile:
        """Where the client stands in the bank."""
        plan = self.plan
        file = ClientFile()
        file.id, file.number = number + 1, f"C-{number + 1:07d}"
        slot = plan.slot_of(number)
        block = plan.block_at(slot)
        book = plan.books[block.book]
        k = slot - block.start
        self._rng.seed(seed_of(plan.seed, "client", file.id))
        file.chance = self._rng.random
        file.plan, file.market, file.days, file.book = plan, self.market, self.days, book
        file.segment, file.kind = block.segment, block.kind
        file.planted = truths.planted(
            plan.clients, slot, k, block.clients, book.id, block.segment, block.kind
        )
        modulus, states = _STATES["mass" if block.segment == "mass" else "other"]
        file.state = "active" if file.planted else states.get(k % modulus, "active")
        file.partner = self._partner(block, k)
        file.turn = (slot - book.start) * self._strides[book.size] % book.size if not book.is_pool else 10_000
        file.zone = self._zones[book.market.time_zone]
        file.words, file.truths = chunk.words, chunk.truths
        file.accounts = file.parties = file.relations = file.spouse = file.closed = 0
        self._home(file, k)
        return file

    def _partner(self, block: Block, k: int) -> int:
        """The client with whom this one shares a household, or 0: neighbours in the block, a pair in six."""
        other = k ^ 1
        if block.kind != "person" or other >= block.clients:
            return 0
        pair = block.start + k // 2 * 2
        if ((pair + self.plan.seed * 7919) * 2_654_435_761 >> 9) & 63 > 10:
            return 0
        return self.plan.client_at(block.start + other) + 1

    def _home(self, file: ClientFile, k: int) -> None:
        market = file.book.market
        file.home = people.home(market, file.chance)
        if file.partner and k % 2:
            self._partners_rng.seed(seed_of(self.plan.seed, "client", file.partner))
            theirs = people.home(market, self._partners_rng.random)
            file.home = theirs._replace(sex="m" if theirs.sex == "f" else "f")
        country = file.home.country
        file.level = money.PRICE_LEVEL.get(country.code, 1.0)
        file.home_currency = file.currency = COUNTRIES[market.country].currency
        if country.currency != file.home_currency and file.chance() < 0.6:
            file.currency = country.currency
        file.channel = _CHANNEL[file.segment].pick(file.chance())

    def _dates(self, file: ClientFile) -> None:
        """When the file was opened and when the client was last spoken with."""
        chance, days = file.chance, self.days
        cadence = interactions.CADENCE[file.segment]
        grown_up = (int(file.age) - 17) * 365 if file.kind == "person" else -file.birth_day - 60
        file.since = -min(230 + int(chance() * chance() * 9000), max(grown_up, 230))
        last = -int(chance() * cadence * 0.85)
        if file.state in JOINING:
            file.since, last = -(45 + int(chance() * 250)), -int(chance() * 24)
        elif file.state == "closed":
            file.closed = -(30 + int(chance() * 600))
            last = file.closed - int(chance() * 20)
            file.since = min(file.since, file.closed - 500)
        elif file.planted == "neglected":
            last = -int(cadence * (2.2 + 0.5 * chance()))
            file.since = min(file.since, last - 430)
        elif file.planted == "churners":
            last = -2 - int(chance() * min(cadence * 0.8, 35))
        file.last = days.working_day(last)
        file.since = min(file.since, file.last - 15)  # there were contacts before the last one
        if file.since > -HISTORY:
            file.since = days.working_day(file.since)

    # --- writing -------------------------------------------------------------------------------------------
    def _write(self, file: ClientFile, chunk: Chunk) -> None:
        if file.kind == "person":
            parties.draw_person(file)
            self._dates(file)
            parties.write_person(file)
        else:
            parties.draw_organisation(file)
            self._dates(file)
            parties.write_organisation(file)
        papers.write_contacts(file)
        papers.write_consents(file)
        papers.write_identifiers(file)
        money.draw_investor(file)
        money.write_accounts(file)
        money.write_portfolio(file)
        money.write_quarters(file)
        papers.write_kyc(file)
        formats = self._formats[file.book.market.time_zone, file.segment]
        talks.write(file, formats, self._three_years)
        plans.write_tasks(file)
        plans.write_event_and_goal(file)
        plans.write_opportunity(file)
        plans.write_onboarding(file)
        self._client(file)
        chunk.names.add(int.from_bytes(blake2b(file.name.encode(), digest_size=8).digest(), "big"))

    def _client(self, file: ClientFile) -> None:
        chance, iso = file.chance, self.days.iso
        household = NULL
        if file.partner:
            household = str(min(file.partner, file.id))
            if file.id < file.partner:
                file.out["clients_household"](f"{file.id}\t{file.home.family.latin} household\n")
        wishes = _PREFERENCES[int(chance() * len(_PREFERENCES))] if chance() < 0.2 else ""
        often = 0.06 if file.stage == "retirement" else 0.015
        vulnerable = "t" if file.kind == "person" and chance() < often else "f"
        value = f"{file.value_cents // 100}.{file.value_cents % 100:02d}"
        file.out["clients_client"](
            f"{file.id}\t{file.number}\t{file.kind}\t{file.name}\t{file.book.id}\t{household}\t{file.state}\t{file.segment}\t"
            f"{file.stage}\t{file.home.country.code}\t{people.language_of(file.home)}\t{file.currency}\t{file.channel}\t"
            f"{wishes}\t{file.book.market.city}\t{iso(file.since)}\t{file.risk}\t{iso(file.due)}\t{value}\t{iso(0)}\t"
            f"{iso(file.last)}\t{vulnerable}\n"
        )
        if file.planted == "sanctioned_names":
            file.truth("sanctioned_names", party=file.main_party, name=file.name)
