"""What the MLRO's team sees, and the client whom a reporter names."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, Q
from django.utils import timezone

from clients.access import Person
from clients.models import Client, Document, Identifier, Interaction, Party
from clients.selectors import document
from clients.selectors.documents import Paper
from compliance.models import KycFile, RelationPurpose, ScreeningHit, SourceOfFunds
from compliance.rules.keeping import ended_before, ended_on
from portfolios.models import Account, Posting
from rulebook.selectors import Pack, pack
from suspicion import rules
from suspicion.journal import record
from suspicion.models import Case, Entry, Event, Filing, FiuRequest
from ui.paging import Page, keyset
from ui.refusals import NotVisible

OPEN = [rules.State.RECEIVED, rules.State.ASSESSING, rules.State.REPORTING, rules.State.REPORTED]
SHOWN = 20  # of each list on the page of a case


def client_to_report(person: Person, client_id: Any) -> Client | None:
    """The client whom `person` wants to report, if seen; foreign, missing and none are the same. 1 query.

    That the form showed a name is recorded in the compartment alone.
    """
    if not str(client_id or "").isdecimal() or len(str(client_id)) > 18:
        return None
    client: Client | None = Client.objects.visible_to(person).filter(pk=int(client_id)).first()
    if client is not None:
        record("report begun", by=person, client_id=client.pk)
    return client


# --- the desk --------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Clock:
    """A day by which something is to be done, and how near it is."""

    due_on: date
    tone: str


@dataclass(frozen=True)
class Desk:
    counts: dict[str, int]  # cases by state
    page: Page[Case]
    clocks: dict[int, Clock]  # of the open cases on the page
    requests: list[tuple[FiuRequest, Clock]]  # what the FIU waits for, the first due first
    to_purge: list[Case]  # kept long enough


def desk(person: Person, asked: dict[str, Any], today: date) -> Desk:
    """The cases by their clocks, and the open requests of the FIU. 5 queries, 6 beyond page one."""
    cases = Case.objects.visible_to(person)
    counts = dict(cases.order_by().values_list("state").annotate(Count("pk")))
    state = asked.get("state")
    shown = cases.filter(state=state) if state else cases.filter(state__in=OPEN)
    sort = "-made_at" if state == rules.State.CLOSED else "due_on"
    page = keyset(shown, sort, after=asked.get("after"), before=asked.get("before"), size=30, counted=False)
    figures = pack("suspicion", today)
    open_requests = FiuRequest.objects.visible_to(person).filter(answered_at__isnull=True)
    return Desk(
        counts=counts,
        page=page,
        clocks={case.pk: _clock(case.due_on, today, figures) for case in page if case.state in OPEN},
        requests=[(each, _clock(each.due_on, today, figures)) for each in open_requests.order_by("due_on")],
        to_purge=to_purge(person, figures, today),
    )


def clock_of_request(request: FiuRequest, today: date) -> Clock:
    return _clock(request.due_on, today, pack("suspicion", today))


def _clock(due_on: date, today: date, figures: Pack) -> Clock:
    return Clock(due_on, rules.tone(due_on, today, figures.body))


def waiting_count(person: Person) -> int:
    """What wants the team's eyes: new cases, clocks that ran out, questions of the FIU. 2 queries."""
    today = timezone.localdate()
    cases = Case.objects.visible_to(person)
    new = cases.filter(state=rules.State.RECEIVED) | cases.filter(
        state__in=[rules.State.ASSESSING, rules.State.REPORTING], due_on__lte=today
    )
    asked = FiuRequest.objects.visible_to(person).filter(answered_at__isnull=True)
    return new.count() + asked.count()


# --- a case ----------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class ClientFacts:
    """The client's file as a case needs it, read here so that nobody sees it was opened."""

    client: Client
    parties: list[Party]
    identifiers: list[Identifier]
    kyc: KycFile | None
    hits: list[ScreeningHit]
    accounts: list[Account]
    contacts: list[Interaction]
    documents: list[Document]
    postings: list[Posting]

    @property
    def source_of_funds(self) -> str:
        said = self.kyc.source_of_funds if self.kyc else ""
        return str(dict(SourceOfFunds.choices).get(said, said))

    @property
    def purpose(self) -> str:
        said = self.kyc.purpose if self.kyc else ""
        return str(dict(RelationPurpose.choices).get(said, said))


@dataclass(frozen=True)
class CasePage:
    case: Case
    clock: Clock | None
    entries: list[Entry]
    filings: list[Filing]
    requests: list[tuple[FiuRequest, Clock]]
    others: list[Case]  # about the same client
    facts: ClientFacts | None

    @property
    def draft(self) -> Filing | None:
        return next((each for each in self.filings if each.filed_on is None), None)

    @property
    def filed(self) -> list[Filing]:
        return [each for each in self.filings if each.filed_on is not None]

    @property
    def waits_for_the_fiu(self) -> bool:
        return bool(self.filed) and self.filed[0].answered_on is None


def case_of(person: Person, case_id: int) -> Case:
    """The case, or NotVisible, for what is itself recorded. 1 query."""
    case: Case | None = Case.objects.visible_to(person).filter(pk=case_id).first()
    if case is None:
        raise NotVisible("suspicion")
    return case


def open_case(person: Person, case_id: int) -> Case:
    """The same; that it was opened is recorded in the compartment. 1 query."""
    case = case_of(person, case_id)
    record("case opened", by=person, subject=case, client_id=case.client_id, path="suspicion desk")
    return case


def refusals_to_purge(case: Case, today: date) -> list[str]:
    """Why this case is not deleted: for the button and for the guard. 5 queries, none while it is open."""
    until, served, unanswered = None, False, 0
    if case.state == rules.State.CLOSED:
        decided = case.entries.filter(kind=Entry.Kind.DECISION).order_by("-at").values_list("at", flat=True)
        served, left_on = _relationship(case.client_id or 0)
        figures = pack("suspicion", today).body
        until = rules.kept_until(timezone.localdate(decided[0]), left_on, figures)
        unanswered = case.requests.filter(answered_at__isnull=True).count()
    return rules.refusals_to_purge(case.state, case.legal_hold, served, until, unanswered, today)


def _relationship(client_id: int) -> tuple[bool, date | None]:
    """(whether the client is still with the bank, since when no more). 2 queries."""
    client = Client.objects.filter(pk=client_id).first()
    if client is None:
        return False, None
    accounts = Account.objects.filter(client=client).aggregate(
        left_on=Max("closed_on"), open=Count("pk", filter=Q(closed_on__isnull=True))
    )
    if client.closed_on is None or accounts["open"]:
        return True, None
    return False, ended_on(client.closed_on, accounts["left_on"])


def to_purge(person: Person, figures: Pack, today: date) -> list[Case]:
    """Some cases that are kept no longer, the oldest first: refusals_to_purge, asked of all. 1 query."""
    before = ended_before(today, int(figures["keep_years"]))
    client = Client.objects.filter(pk=OuterRef("client_id"))
    account = Account.objects.filter(client=OuterRef("client_id"))
    decided = Entry.objects.filter(case=OuterRef("pk"), kind=Entry.Kind.DECISION)
    kept = (
        Exists(client.exclude(closed_on__lt=before))
        | Exists(account.exclude(closed_on__lt=before))
        | Exists(decided.filter(at__date__gte=before))
        | Exists(FiuRequest.objects.filter(case=OuterRef("pk"), answered_at__isnull=True))
    )
    closed = Case.objects.visible_to(person).filter(state=rules.State.CLOSED, legal_hold=False)
    return list(closed.exclude(kept).order_by("made_at", "pk")[:SHOWN])


def case_page(person: Person, case: Case, today: date) -> CasePage:
    """Everything of a case that was opened. 15 queries with a client and 5 without."""
    figures = pack("suspicion", today)
    others = Case.objects.visible_to(person).exclude(pk=case.pk)
    return CasePage(
        case=case,
        clock=_clock(case.due_on, today, figures) if case.state in OPEN else None,
        entries=list(case.entries.order_by("at", "pk")),
        filings=list(case.filings.order_by("-pk")),
        requests=[
            (each, _clock(each.due_on, today, figures)) for each in case.requests.order_by("due_on", "pk")
        ],
        others=list(others.filter(client_id=case.client_id).order_by("-made_at")[:SHOWN])
        if case.client_id
        else [],
        facts=_facts(person, case.client_id) if case.client_id else None,
    )


def _facts(person: Person, client_id: int) -> ClientFacts | None:
    """The file through the lock; None when it is gone by now. 9 queries."""
    client = (
        Client.objects.visible_to(person).select_related("book", "book__team").filter(pk=client_id).first()
    )
    if client is None:
        return None
    contacts = Interaction.objects.visible_to(person).filter(client=client).select_related("by")
    hits = ScreeningHit.objects.visible_to(person).filter(client=client).select_related("party", "entity")
    identifiers = Identifier.objects.visible_to(person).filter(client=client).select_related("party")
    return ClientFacts(
        client=client,
        parties=_some(Party.objects.visible_to(person).filter(client=client).order_by("-is_client", "pk")),
        identifiers=_some(identifiers.order_by("pk")),
        kyc=KycFile.objects.visible_to(person).filter(client=client).first(),
        hits=_some(hits.order_by("-score", "pk")),
        accounts=_some(Account.objects.visible_to(person).filter(client=client).order_by("pk")),
        contacts=_some(contacts.order_by("-at", "-pk")),
        postings=_some(
            Posting.objects.visible_to(person)
            .filter(client=client)
            .select_related("account")
            .order_by("-on", "-reference")
        ),
        documents=_some(Document.objects.visible_to(person).filter(client=client).order_by("-uploaded_at")),
    )


def _some(rows: Iterable[Any]) -> list[Any]:
    return list(rows[:SHOWN])  # type: ignore[index]


def paper_of(person: Person, case: Case, document_id: int) -> Paper:
    """A paper of the client's file; that it was opened is recorded in the compartment and nowhere else."""
    client_id = case.client_id or 0
    kept = document(client_id, document_id)
    record("paper opened", by=person, subject=case, client_id=client_id, payload={"document": document_id})
    return kept


def client_by_number(person: Person, number: str) -> Client | None:
    return Client.objects.visible_to(person).filter(number=number.strip()).first()


# --- the FIU's questions, the journal ----------------------------------------------------------------------
def request_opened(person: Person, request_id: int) -> FiuRequest | None:
    """1 query."""
    found: FiuRequest | None = (
        FiuRequest.objects.visible_to(person).select_related("case").filter(pk=request_id).first()
    )
    if found is not None:
        record("FIU request opened", by=person, subject=found, client_id=found.client_id)
    return found


def journal(person: Person, asked: dict[str, Any]) -> Page[Event]:
    """Who saw and did what here, the latest first. 1 query, 2 beyond the first page."""
    events = Event.objects.visible_to(person)
    return keyset(events, "-id", after=asked.get("after"), before=asked.get("before"), counted=False)
