"""What the other modules know of the client whose file is being written."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from rmcrm.synthetic.days import Days
from rmcrm.synthetic.names import Chance
from rmcrm.synthetic.people import Home
from rmcrm.synthetic.products import Market
from rmcrm.synthetic.staff import BookRow, Plan

NULL = r"\N"
# Ids of what hangs on a client: the client's id times this, so that each file can be written alone.
PARTY = CONTACT = ACCOUNT = 10
INTERACTION = 64
HOLDING = KEY = RELATIONSHIP = 16
FEW = 4
DOCUMENT = 8

SERVED = {"active", "dormant"}
JOINING = {"lead", "onboarding"}


class ClientFile:
    """One client while the file is being written: drawn first, then told apart table by table."""

    __slots__ = (
        "accounts", "age", "all_names", "band", "birth_day", "birth_text", "block_place", "book",
        "cash_cents", "chance", "channel", "closed", "currency", "days", "due", "event", "family",
        "given", "goal", "has_loan", "home", "home_currency", "id", "invested_cents", "kind", "last",
        "legal_form", "level", "market", "name", "nationality", "native", "number", "occupation", "out",
        "parties", "partner", "plan", "planted", "relations", "risk", "segment", "sex", "shares",
        "signatory", "since", "spouse", "stage", "state", "truths", "turn", "value_cents", "words",
        "zone",
    )  # fmt: skip

    # drawn in files.py
    id: int
    number: str
    kind: str
    segment: str
    state: str
    stage: str
    planted: str
    block_place: int
    turn: int  # a number of its own within the book: who is met today, who is called tomorrow
    partner: int  # the client of the same household, or 0
    book: BookRow
    plan: Plan
    days: Days
    market: Market
    chance: Chance
    out: dict[str, Callable[[str], None]]
    words: set[str]
    truths: dict[str, list[dict[str, Any]]]
    zone: list[str]
    home: Home
    level: float
    home_currency: str
    currency: str
    channel: str
    since: int
    last: int
    closed: int
    # drawn in parties.py
    name: str
    given: str
    family: str
    native: str
    sex: str
    nationality: str
    occupation: str
    legal_form: str
    age: float
    birth_day: int
    birth_text: str
    all_names: list[str]
    parties: int
    relations: int
    spouse: int
    signatory: int
    # drawn in papers.py
    risk: str
    due: int
    # drawn in money.py
    accounts: int
    band: int
    shares: list[float]
    invested_cents: int
    cash_cents: int
    value_cents: int
    has_loan: bool
    # drawn in plans.py
    goal: tuple[int, str, str]
    event: tuple[int, str, str]

    @property
    def main_party(self) -> int:
        return self.id * PARTY

    @property
    def value(self) -> Decimal:
        return Decimal(self.value_cents) / 100

    def truth(self, truth: str, **facts: Any) -> None:
        """Note that this client fulfils a definition of truths.py."""
        self.truths.setdefault(truth, []).append({"client": self.id, "book": self.book.id, **facts})
