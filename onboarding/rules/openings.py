"""How a client joins: states, what is missing, who may decide. Pure: no Django."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

from compliance.rules.hits import CHECK_OPEN
from onboarding.rules.holders import Holder, gaps
from staff.rules import refusals_of_another_reason

# From -> to -> what makes it so. docs/states/onboarding.md is drawn from these tables.
VALID_TRANSITIONS: dict[str, dict[str, str]] = {
    "collecting": {
        "in_review": "submitted",
        "on_hold": "put on hold with a reason",
        "set_aside": "set aside by whoever works the book",
    },
    "in_review": {
        "collecting": "returned, or what was submitted has changed",
        "approved": "approved by a second person",
        "rejected": "rejected by a second person",
        "on_hold": "put on hold with a reason",
    },
    "on_hold": {"collecting": "taken up again", "set_aside": "set aside by whoever works the book"},
    "set_aside": {"collecting": "taken up again"},
    "approved": {},
    "rejected": {},
}
DOCUMENT_TRANSITIONS: dict[str, dict[str, str]] = {
    "missing": {"in_review": "uploaded"},
    "in_review": {
        "in_review": "another file uploaded",
        "missing": "taken back by who sent it, before an officer reads it",
        "approved": "approved by an officer",
        "to_revise": "sent back with a reason",
        "rejected": "rejected with a reason",
    },
    "to_revise": {"in_review": "another file uploaded"},
    "rejected": {"in_review": "another file uploaded"},
    "approved": {"in_review": "another file uploaded", "expired": "its last day has passed"},
    "expired": {"in_review": "another file uploaded"},
}
RUNNING = ("collecting", "in_review")

# Ballerine's lists, as far as a reviewer's desk needs them.
REVISE_REASONS = ("wrong_category", "other_person", "bad_image", "missing_page", "expired", "not_certified")
REJECT_REASONS = ("altered", "does_not_fit", "stolen_identity", "on_watch_list")
RETURN_REASONS = ("facts_unclear", "documents_unclear", "products_unclear")
HOLD_REASONS = ("client_waits", "question_to_client", "compliance_asks", "other")
REFUSE_REASONS = ("risk_too_high", "funds_unexplained", "false_papers", "confirmed_match", "client_withdrew")

# --- what is there, what is missing ----------------------------------------------------------------------


@dataclass(frozen=True)
class DocumentFact:
    label: str  # "Identity document"
    state: str
    document_id: int | None = None
    digest: str = ""
    uploaded_by: int | None = None
    kind: str = ""  # "identity"


@dataclass(frozen=True)
class Facts:
    """One onboarding as it stands: what the steps, the refusals and the fingerprint look at."""

    state: str = "collecting"
    kind: str = "person"
    rating: str = "unrated"
    pep: bool = False
    facts_known: bool = False
    facts_by: int | None = None
    started_by: int | None = None
    saved_by: frozenset[int] = frozenset()  # whoever saved a step: accounts, tax forms, people, consents
    products: tuple[str, ...] = ()
    documents: tuple[DocumentFact, ...] = ()
    reached: bool = True  # a phone, an e-mail address or an address is on file
    signatories: int = 0  # directors, owners, signatories of an organisation
    owners_missing: tuple[str, ...] = ()  # sentences: why nobody can say yet who owns it
    check_open: bool = False  # a compliance check that is not done or went wrong
    holders: tuple[Holder, ...] = ()
    consents_missing: tuple[str, ...] = ()  # labels of what the client must agree to
    returned: bool = False  # the last second person sent it back
    accounts_open: bool = False  # operations opened every account that was planned
    told: tuple[str, ...] = field(default=(), repr=False)  # names, countries, facts: what else is approved

    @property
    def senior(self) -> bool:
        """High risk or PEP: only compliance approves (AMLR Art. 42)."""
        return self.rating == "high" or self.pep or any(holder.pep for holder in self.holders)

    @property
    def makers(self) -> frozenset[int]:
        """Whoever made a part of what is to be approved."""
        made = {self.started_by, self.facts_by, *(document.uploaded_by for document in self.documents)}
        made |= {holder.recorded_by for holder in self.holders} | self.saved_by
        return frozenset(person for person in made if person is not None)


def fingerprint(facts: Facts) -> str:
    """A hash of all that is approved. While it stays the same, an approval holds."""
    documents = sorted((document.label, document.digest) for document in facts.documents)
    said = (facts.told, facts.rating, facts.pep, sorted(facts.products), documents, facts.signatories)
    return hashlib.sha256(repr(said).encode()).hexdigest()


def owners_unsought(opaque: str, searched: bool) -> list[str]:
    """`opaque`: how much leads to no person; "" where all of it does. AMLR Art. 22(2) and 63(4)."""
    if not opaque or searched:
        return []
    return [f"{opaque} lead to no person: record who stands behind, or what was done to find out."]


def refusals_to_record_search(opaque: bool, what: str) -> list[str]:
    refusals = [] if opaque else ["Every share leads to a person: there is nothing to look for."]
    if len(what.split()) < 3:
        refusals.append("Say in a sentence what was done: who was asked, and what came of it.")
    return refusals


def missing(facts: Facts) -> list[str]:
    """A sentence for everything that stands between this onboarding and its submission."""
    sentences = []
    if not facts.reached:
        sentences.append("No phone, e-mail or postal address of the client is on file.")
    if facts.kind == "organisation" and not facts.signatories:
        sentences.append("Nobody who owns, directs or signs for the organisation is on file.")
    sentences += facts.owners_missing
    for document in facts.documents:
        if document.state == "missing":
            sentences.append(f"Not uploaded yet: {document.label}.")
        elif document.state == "to_revise":
            sentences.append(f"{document.label} must be revised.")
        elif document.state == "rejected":
            sentences.append(f"{document.label} was rejected: another one is needed.")
        elif document.state == "expired":
            sentences.append(f"{document.label} has expired: a new one is needed.")
    if not facts.facts_known:
        sentences.append("Source of funds, purpose and PEP status are not recorded.")
    if not facts.products:
        sentences.append("No product is chosen.")
    sentences += gaps(facts.holders, senior=facts.senior)
    if facts.consents_missing:
        sentences.append(f"The client has not agreed to: {', '.join(facts.consents_missing)}.")
    return sentences


# --- refusals --------------------------------------------------------------------------------------------

_DECIDED = "This onboarding is decided: nothing can be changed here any more."


def refusals_to_start(client_state: str, begun_already: bool) -> list[str]:
    if begun_already:
        return ["An onboarding of this client has begun already."]
    if client_state != "lead":
        return ["Only a lead is onboarded: this client has come further."]
    return []


def refusals_to_change(state: str) -> list[str]:
    if state == "on_hold":
        return ["It is on hold: take it up again first."]
    if state == "set_aside":
        return ["It is set aside: take it up again first."]
    return [] if state in RUNNING else [_DECIDED]


def refusals_to_change_paper(onboarding_state: str, document_state: str) -> list[str]:
    """A paper changes while the client joins; later only one that has ended or was not good enough."""
    if onboarding_state == "approved" and document_state != "approved":
        return []
    return refusals_to_change(onboarding_state)


def refusals_to_certify_in(state: str) -> list[str]:
    """Tax forms end and are signed anew also when the client is served already."""
    return [] if state == "approved" else refusals_to_change(state)


def refusals_to_hold(state: str, *, by_compliance: bool, frozen: bool) -> list[str]:
    """Compliance may also take over what a relationship manager holds: then only compliance lets it go.

    frozen: compliance holds it.
    """
    if state == "on_hold" and frozen:
        return ["Compliance holds it already."]
    if state == "on_hold" and not by_compliance:
        return ["It is on hold already."]
    return [] if state == "on_hold" else refusals_to_change(state)


def refusals_to_say_why_held(reason: str, words: str) -> list[str]:
    if reason not in HOLD_REASONS:
        return ["Choose a reason from the list."]
    return refusals_of_another_reason(reason, words)


def refusals_to_resume(state: str, frozen: bool) -> list[str]:
    """Whoever works on it takes it up again, but not what compliance has frozen."""
    if state != "on_hold":
        return ["It is not on hold."]
    return ["Compliance holds it: only compliance takes it up again."] if frozen else []


def refusals_to_set_opening_aside(state: str, frozen: bool, stops: Sequence[str]) -> list[str]:
    """By whoever works the book, alone: nothing was decided yet, and a second person's word is not in it.

    frozen: compliance holds it. stops: what is to be seen to first.
    """
    if state == "in_review":
        return ["It waits for a second person: put it on hold first, or let it be rejected."]
    if state == "on_hold" and frozen:
        return ["Compliance holds it: only compliance takes it up again."]
    if "set_aside" not in VALID_TRANSITIONS[state]:
        return refusals_to_change(state)
    return [*stops]


def refusals_to_remove(is_client: bool, there: bool, owned: Sequence[str]) -> list[str]:
    """Somebody who was added by mistake. there: with a role today. owned: who holds shares of it, by name."""
    if is_client:
        return ["This is the client itself: set the opening aside instead."]
    if not there:
        return ["This person has no role on the file any more."]
    return [f"On this file it is owned by {', '.join(owned)}: remove them first."] if owned else []


def refusals_to_add_paper(there: bool) -> list[str]:
    """there: one that was shown is on file."""
    return ["A paper that was shown is on file already: correct that one."] if there else []


def refusals_to_take_paper_back(state: str, paper: str, *, own: bool, taken: bool) -> list[str]:
    """An upload by mistake, by who sent it, before an officer has begun to read.

    own: the same person uploaded it. taken: an officer reads it.
    """
    if refusals := refusals_to_change_paper(state, paper):
        return refusals
    if paper != "in_review":
        return ["There is no file here that could be taken back."]
    if not own:
        return ["Only who sent this file takes it back."]
    return ["An officer reads this paper already: ask for it to be sent back."] if taken else []


def refusals_to_submit(facts: Facts) -> list[str]:
    """Nothing skipped: the same list disables the button and guards the action."""
    if facts.state == "in_review":
        return ["It is submitted already and waits for a second person."]
    return refusals_to_change(facts.state) or missing(facts)


def refusals_to_review_document(
    onboarding_state: str, state: str, verdict: str, reason: str, *, own: bool
) -> list[str]:
    """An officer looks at papers that somebody else uploaded, and says why not from a fixed list.

    own: the same person uploaded it, under whichever login.
    """
    if refusals := refusals_to_change_paper(onboarding_state, state):
        return refusals
    if verdict in ("in_review", "missing", "expired") or verdict not in DOCUMENT_TRANSITIONS.get(state, {}):
        return ["There is no file waiting for review here."]
    if own:
        return ["You uploaded this file: another person reviews it."]
    fitting = {"to_revise": REVISE_REASONS, "rejected": REJECT_REASONS}.get(verdict)
    if fitting is not None and reason not in fitting:
        return ["Choose a reason from the list."]
    return []


def refusals_to_take_document(state: str, taken_by: int | None, by: int | None) -> list[str]:
    if state != "in_review":
        return ["There is no file waiting for review here."]
    return ["A colleague reads this paper already."] if taken_by not in (None, by) else []


def refusals_to_approve(facts: Facts) -> list[str]:
    """What must be true besides the second person: compliance.rules.approvals judges that one."""
    if refusals := refusals_to_decide(facts.state):
        return refusals
    sentences = [
        f"{document.label} is not reviewed yet."
        for document in facts.documents
        if document.state == "in_review"
    ]
    if facts.check_open:
        sentences.append(CHECK_OPEN)
    return missing(facts) + sentences


def refusals_of_the_unread(seen: str | None, shown: str) -> list[str]:
    """Nobody approves but what the page of it has shown them. None: no page was, nor could be.

    shown  what that page gives along when it shows this person what waits now
    """
    if seen in (None, shown):
        return []
    if not seen:
        return ["Read first what is approved: open its page and approve it there."]
    return ["It was changed and submitted again since you opened it: read it once more."]


def refusals_to_decide(state: str) -> list[str]:
    if state in ("collecting", "on_hold", "set_aside"):
        return ["It is not submitted, or has changed since: nothing to decide now."]
    return [] if state == "in_review" else ["A colleague has decided this onboarding already."]


def refusals_to_say_no(verdict: str, reason: str) -> list[str]:
    """Returned and rejected need a reason from the list."""
    fitting = {"returned": RETURN_REASONS, "rejected": REFUSE_REASONS}.get(verdict)
    if fitting is None:
        return ["Say whether you approve, return or reject it."]
    return [] if reason in fitting else ["Choose a reason from the list."]
