"""Who works at the synthetic bank, in which teams, with which books; and who is client in which book."""

import hashlib
from bisect import bisect_right
from math import gcd
from typing import NamedTuple

from clients.words import fold
from rmcrm.synthetic.days import Days
from rmcrm.synthetic.dice import dice
from rmcrm.synthetic.names import CULTURES, person
from rmcrm.synthetic.places import COUNTRIES, MARKETS, Market

RMS_OF_A_TEAM = 10


class TeamRow(NamedTuple):
    id: int
    name: str
    parent: int | None
    zone: str
    calendar: str


class UserRow(NamedTuple):
    id: int
    login: str
    name: str
    role: str
    team: int | None
    active: bool
    joined: int


class BookRow(NamedTuple):
    """A book; who keeps it, since when, and who kept it before."""

    id: int
    name: str
    team: int
    is_pool: bool
    market: Market
    keeper: int
    since: int
    before: int
    size: int
    start: int  # its first slot

    def keeper_on(self, day: int) -> int:
        return self.keeper if day >= self.since or not self.before else self.before


class MemberRow(NamedTuple):
    book: int
    user: int
    role: str
    start: int
    end: int | None


class Block(NamedTuple):
    """Some slots of one book for one kind of client. The slots of a bank are the clients before shuffling."""

    start: int
    clients: int
    book: int  # place in Plan.books
    segment: str
    kind: str  # "person" or "organisation"


class _Made(NamedTuple):
    kind: str  # "private", "retail", "sme", "corporate"
    sizes: list[tuple[str, str, int]]  # segment, kind, clients


def rms_for(clients: int) -> int:
    """1,000 for a million; the demo bank has 12."""
    return 12 if clients <= 3000 else max(16, clients // 1000)


class Plan:
    """The whole structure, from the number of clients, of RMs and the seed alone."""

    def __init__(self, clients: int, seed: int, days: Days, rms: int | None = None):
        self.clients, self.seed, self.days = clients, seed, days
        self.rms = rms or rms_for(clients)
        self.teams: list[TeamRow] = []
        self.users: list[UserRow] = []
        self.books: list[BookRow] = []
        self.members: list[MemberRow] = []
        self.blocks: list[Block] = []
        self._logins: set[str] = set()
        self._slot = 0
        self._chance = dice(seed, "staff", 0).random
        self._build()
        self._starts = [block.start for block in self.blocks]
        self.officers = [user.id for user in self.users if user.role in {"compliance", "mlro"}]
        self._step = next(
            step
            for step in range(int(clients * 0.6180339887) | 1, clients * 2 + 3, 2)
            if gcd(step, clients) == 1
        )
        self._back = pow(self._step, -1, clients) if clients > 1 else 0

    # --- which client is where ---------------------------------------------------------------------------
    def slot_of(self, client: int) -> int:
        """Clients of one book are scattered over the bank, as where files were opened over decades."""
        return client * self._step % self.clients

    def client_at(self, slot: int) -> int:
        return slot * self._back % self.clients

    def block_at(self, slot: int) -> Block:
        return self.blocks[bisect_right(self._starts, slot) - 1]

    # --- the structure -------------------------------------------------------------------------------------
    def _build(self) -> None:
        made = self._sizes()
        self._add_team("RM Bank", None, MARKETS[0])
        regions = self._regions(len(made))
        self._cast_first(made, regions)
        self._others()
        self._cover()

    def _sizes(self) -> list[list[_Made]]:
        """The books of every team, sized so that each RM stays within the bands of his or her segment."""
        rms, clients = self.rms, self.clients
        mean = clients / rms
        grown = min(1.0, max(0.0, (mean - 125) / 875))  # 0 for the demo's mix, 1 for the bank of a million
        small = min(1.0, mean / 125)  # below the demo's size everything shrinks alike
        private = max(2, round(rms * (0.333 - 0.033 * grown)))
        sme = max(1, round(rms * (0.25 - 0.07 * grown)))
        corporate = max(1, round(rms * (0.1667 - 0.0667 * grown)))
        retail = max(2, rms - private - sme - corporate)
        of_private = max(6, round((60 + 110 * grown) * small))
        of_sme = max(4, round((60 + 25 * grown) * small))
        of_corporate = max(3, round((25 + 7 * grown) * small))
        books = [_private(of_private)] * private
        business = [_Made("sme", [("sme", "organisation", of_sme)])] * sme
        business += [_Made("corporate", [("corporate", "organisation", of_corporate)])] * corporate
        teams = [_cut(books), [], _cut(business)]
        number_of_retail_teams = max(1, round(retail / RMS_OF_A_TEAM)) if rms > 24 else 1
        pool = max(2, min(40, round(mean * 0.06)))
        pools = pool * (len(teams[0]) + number_of_retail_teams + len(teams[2]))
        taken = (
            sum(size for team in (teams[0] + teams[2]) for book in team for _, _, size in book.sizes) + pools
        )
        left = max(retail, clients - taken)
        shares = [left // retail + (1 if n < left % retail else 0) for n in range(retail)]
        teams[1] = _cut([_retail(share) for share in shares], number_of_retail_teams)
        self._pool = pool
        # Private, retail, business in turn, so that the first three teams are the demo's.
        queue, ordered = [list(kind) for kind in teams], []
        while any(queue):
            ordered += [kind.pop(0) for kind in queue if kind]
        return ordered

    def _regions(self, teams: int) -> list[Market]:
        """The market of each team: the first three differ, the home markets come back more often."""
        order = [0, 1, 2, 0, 1, 3, 2, 4, 5, 0, 6, 1, 7, 8, 2, 9, 10, 0, 11, 12, 13, 1, 14, 15, 16, 2, 17]
        return [MARKETS[order[n % len(order)]] for n in range(teams)]

    def _cast_first(self, made: list[list[_Made]], markets: list[Market]) -> None:
        heads: dict[str, int] = {}
        labels = {
            "private": "Private Clients",
            "retail": "Retail",
            "sme": "Business",
            "corporate": "Business",
        }
        counted: dict[str, int] = {}
        for number, (books, market) in enumerate(zip(made, markets, strict=True)):
            region = market.region if self.rms > 24 else "Europe"
            if region not in heads:
                heads[region] = self._add_team(region, 1, market)
                self._add_user("Regional head", "regional_head", heads[region], market)
            name = f"{labels[books[0].kind]} {market.city}"
            counted[name] = counted.get(name, 0) + 1
            if counted[name] > 1:
                name += f" {counted[name]}"
            team = self._add_team(name, heads[region], market)
            for place, book in enumerate(books):
                login, own = "", ""
                if number == 0 and place == 0:
                    login, own = "rita", "Rita Amsler"
                elif number == 1 and place == 0:
                    login, own = "otto", "Otto Kühnemann"
                rm = self._add_user(own, "rm", team, market, login)
                self._add_book(book, rm, team, market, is_pool=False)
            login, own = ("theo", "Theo Brandstetter") if number == 0 else ("", "")
            lead = self._add_user(own, "team_lead", team, market, login)
            kind = books[0].sizes[0]
            pool = _Made(
                books[0].kind, [(kind[0], kind[1], min(self._pool, max(0, self.clients - self._slot)))]
            )
            self._add_book(pool, lead, team, market, is_pool=True)
            if number % 2 == 0:
                assistant = self._add_user("", "assistant", team, market)
                for helped in self.books[-1 - len(books) : -1][:2]:
                    self.members.append(MemberRow(helped.id, assistant, "assistant", -700, None))
            self._deputise(len(books))

    def _others(self) -> None:
        home = MARKETS[0]
        self._add_user("Cora Lindgren", "compliance", None, home, "cora")
        for _ in range(max(1, self.rms // 50)):
            self._add_user("", "compliance", None, home)
        self._add_user("Mira Falkenried", "mlro", None, home, "mira")
        self._add_user("", "auditor", None, home)
        for _ in range(max(1, self.rms // 60)):
            specialist = self._add_user("", "specialist", 1, home)
            for book in self.books[:2]:
                self.members.append(MemberRow(book.id, specialist, "specialist", -400, None))
        self._add_user("", "product", None, home)
        self._add_user("", "administrator", None, home)

    def _deputise(self, rms: int) -> None:
        """Last summer each RM was covered by the next one; right now the third covers the fourth's book."""
        books = {book.keeper: book for book in self.books[-1 - rms : -1]}
        if rms < 2:
            return
        keepers = list(books)
        for place in range(min(2, rms)):
            covered, deputy = keepers[place], keepers[(place + 1) % rms]
            self.members.append(
                MemberRow(books[covered].id, deputy, "deputy", -118 - 14 * place, -104 - 14 * place)
            )
        if rms >= 4:
            self.members.append(MemberRow(books[keepers[3]].id, keepers[2], "deputy", -3, 11))

    # --- rows ----------------------------------------------------------------------------------------------
    def _add_team(self, name: str, parent: int | None, market: Market) -> int:
        self.teams.append(TeamRow(len(self.teams) + 1, name, parent, market.time_zone, market.country))
        return len(self.teams)

    def _add_user(self, name: str, role: str, team: int | None, market: Market, login: str = "") -> int:
        chance = self._chance
        if not login:
            culture = CULTURES[COUNTRIES[market.country].cultures.pick(chance())]
            someone = person(culture, "f" if chance() < 0.5 else "m", chance)
            name = f"{someone.given.split()[0]} {someone.family}"
            login = ".".join([fold(someone.given).split()[0], fold(someone.family).replace(" ", "")])
        number, stem = 1, login
        while login in self._logins:
            number += 1
            login = f"{stem}{number}"
        self._logins.add(login)
        joined = -500 - int(chance() * 5500)
        self.users.append(UserRow(len(self.users) + 1, login, name, role, team, True, joined))
        return len(self.users)

    def _add_book(self, made: _Made, keeper: int, team: int, market: Market, *, is_pool: bool) -> None:
        size = sum(count for _, _, count in made.sizes)
        book, start = len(self.books), self._slot
        for segment, kind, count in made.sizes:
            if count:
                self.blocks.append(Block(self._slot, count, book, segment, kind))
                self._slot += count
        joined = self.users[keeper - 1].joined
        since, before = joined + 30, 0
        if not is_pool and self._chance() < 0.25 and keeper > 2:
            since = max(joined + 30, -120 - int(self._chance() * 800))
            before = self._former(team, market, since)
        label = self.users[keeper - 1].name if not is_pool else f"Pool {self.teams[team - 1].name}"
        self.books.append(BookRow(book + 1, label, team, is_pool, market, keeper, since, before, size, start))
        if is_pool:
            return
        if before:
            self.members.append(MemberRow(book + 1, before, "owner", self.users[before - 1].joined, since))
        self.members.append(MemberRow(book + 1, keeper, "owner", since, None))

    def _former(self, team: int, market: Market, left: int) -> int:
        """Someone who kept the book until `left` and is no longer with the bank."""
        former = self._add_user("", "rm", team, market)
        row = self.users[former - 1]
        self.users[former - 1] = row._replace(active=False, joined=min(row.joined, left - 2000))
        return former

    def _cover(self) -> None:
        """Rounding may leave slots over, or a tiny bank have too few: the largest block gives or takes."""
        missing = self.clients - self._slot
        if missing == 0:
            return
        place = max(range(len(self.blocks)), key=lambda n: self.blocks[n].clients)
        block = self.blocks[place]
        if block.clients + missing < 1:
            raise ValueError(f"{self.clients} clients are too few for {self.rms} relationship managers.")
        blocks, start = [], 0
        for n, one in enumerate(self.blocks):
            count = one.clients + (missing if n == place else 0)
            blocks.append(one._replace(start=start, clients=count))
            start += count
        self.blocks = blocks
        sizes: dict[int, int] = {}
        starts: dict[int, int] = {}
        for one in blocks:
            starts.setdefault(one.book, one.start)
            sizes[one.book] = sizes.get(one.book, 0) + one.clients
        self.books = [
            book._replace(size=sizes.get(n, 0), start=starts.get(n, 0)) for n, book in enumerate(self.books)
        ]


def unusable_password(login: str) -> str:
    """Django's mark for nobody can log in, the same in every run; make_logins gives the cast real ones."""
    return "!" + hashlib.sha256(login.encode()).hexdigest()[:40]


def _private(size: int) -> _Made:
    holdings = max(1, round(size * 0.1))
    rich = max(1, round(size * 0.235))
    return _Made(
        "private",
        [
            ("affluent", "person", size - holdings - rich),
            ("hnw", "person", rich),
            ("hnw", "organisation", holdings),
        ],
    )


def _retail(size: int) -> _Made:
    return _Made("retail", [("mass", "person", size)])


def _cut(books: list[_Made], teams: int = 0) -> list[list[_Made]]:
    """Books dealt into teams of about ten."""
    teams = teams or max(1, round(len(books) / RMS_OF_A_TEAM))
    size, over = divmod(len(books), teams)
    cut, start = [], 0
    for n in range(teams):
        end = start + size + (1 if n < over else 0)
        cut.append(books[start:end])
        start = end
    return cut
