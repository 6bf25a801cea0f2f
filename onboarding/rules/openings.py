"""How a client joins: states, required documents with the reason why, what is missing. Pure: no Django."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

# From -> to -> what makes it so. docs/states/onboarding.md is drawn from these two tables.
VALID_TRANSITIONS: dict[str, dict[str, str]] = {
    "collecting": {"in_review": "submitted"},
    "in_review": {
        "collecting": "returned, or what was submitted has changed",
        "approved": "approved by a second person",
        "rejected": "rejected by a second person",
    },
    "approved": {},
    "rejected": {},
}
DOCUMENT_TRANSITIONS: dict[str, dict[str, str]] = {
    "missing": {"in_review": "uploaded"},
    "in_review": {
        "in_review": "another file uploaded",
        "approved": "approved by an officer",
        "to_revise": "sent back with a reason",
        "rejected": "rejected with a reason",
    },
    "to_revise": {"in_review": "another file uploaded"},
    "rejected": {"in_review": "another file uploaded"},
    "approved": {"in_review": "another file uploaded"},
}
RUNNING = ("collecting", "in_review")

# Ballerine's lists, as far as a reviewer's desk needs them (workflows 3a).
REVISE_REASONS = ("wrong_category", "other_person", "bad_image", "missing_page", "expired", "not_certified")
REJECT_REASONS = ("altered", "does_not_fit", "stolen_identity", "on_watch_list")
RETURN_REASONS = ("facts_unclear", "documents_unclear", "products_unclear")
REFUSE_REASONS = ("risk_too_high", "funds_unexplained", "false_papers", "confirmed_match", "client_withdrew")

# Why a document is asked for: code -> sentence.
WHYS = {
    "identity_of_person": "Who the client is: a valid passport or identity card (AMLR Art. 22).",
    "address_of_person": "Where the client lives: not older than three months (AMLR Art. 22).",
    "tax_of_person": "Where the client pays tax: FATCA and CRS self-certification.",
    "register_of_organisation": "That the organisation exists, and who may sign: a register extract.",
    "owners_of_organisation": "Who owns a quarter or more of it, or controls it (AMLR Art. 52).",
    "tax_of_organisation": "Where the organisation pays tax: FATCA and CRS self-certification.",
    "identity_of_organisation": "Who acts for the organisation: papers of signatories and owners.",
    "funds_of_high_risk": "The risk is high: papers show source of funds and of wealth (AMLR Art. 34).",
}


def required_documents(kind: str, rating: str, figures: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(kind of document, code of the reason). `figures`: rule pack "onboarding"."""
    needed = [(document, f"{document}_of_{kind}") for document in figures["documents"][kind]]
    if rating == "high":
        needed += [(document, f"{document}_of_high_risk") for document in figures["high_risk_documents"]]
    return needed


def why_sentence(code: str) -> str:
    """An unknown code (of an older version) is told as it is."""
    return WHYS.get(code, code.replace("_", " ").capitalize() + ".")


# --- what is there, what is missing ----------------------------------------------------------------------


@dataclass(frozen=True)
class DocumentFact:
    label: str  # "Identity document"
    state: str
    document_id: int | None = None
    digest: str = ""
    uploaded_by: int | None = None


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
    products: tuple[str, ...] = ()
    documents: tuple[DocumentFact, ...] = ()
    reached: bool = True  # a phone, an e-mail address or an address is on file
    signatories: int = 0  # directors, owners, signatories of an organisation
    check_open: bool = False  # a compliance check that is not done or went wrong
    told: tuple[str, ...] = field(default=(), repr=False)  # names, countries, facts: what else is approved

    @property
    def senior(self) -> bool:
        """High risk or PEP: only compliance approves (AMLR Art. 42)."""
        return self.rating == "high" or self.pep

    @property
    def makers(self) -> frozenset[int]:
        """Whoever made a part of what is to be approved."""
        made = {self.started_by, self.facts_by, *(document.uploaded_by for document in self.documents)}
        return frozenset(person for person in made if person is not None)


def fingerprint(facts: Facts) -> str:
    """A hash of all that is approved. While it stays the same, an approval holds."""
    documents = sorted((document.label, document.digest) for document in facts.documents)
    said = (facts.told, facts.rating, facts.pep, sorted(facts.products), documents, facts.signatories)
    return hashlib.sha256(repr(said).encode()).hexdigest()


def missing(facts: Facts) -> list[str]:
    """A sentence for everything that stands between this onboarding and its submission."""
    sentences = []
    if not facts.reached:
        sentences.append("No phone, e-mail or postal address of the client is on file.")
    if facts.kind == "organisation" and not facts.signatories:
        sentences.append("Nobody who owns, directs or signs for the organisation is on file.")
    for document in facts.documents:
        if document.state == "missing":
            sentences.append(f"{document.label} is missing.")
        elif document.state == "to_revise":
            sentences.append(f"{document.label} must be revised.")
        elif document.state == "rejected":
            sentences.append(f"{document.label} was rejected: another one is needed.")
    if not facts.facts_known:
        sentences.append("Source of funds, purpose and PEP status are not recorded.")
    if not facts.products:
        sentences.append("No product is chosen.")
    return sentences


@dataclass(frozen=True)
class Step:
    code: str
    label: str
    done: bool
    sentence: str


def steps(facts: Facts) -> list[Step]:
    """The way in five steps, in the order the page shows them."""
    there = sum(document.state in ("in_review", "approved") for document in facts.documents)
    all_documents = len(facts.documents)
    known = facts.reached and (facts.kind == "person" or facts.signatories > 0)
    words = {"in_review": "Waits for a second person", "approved": "Approved", "rejected": "Rejected"}
    return [
        Step("client", "Client data", known, "Complete" if known else "Incomplete"),
        Step("documents", "Documents", there == all_documents > 0, f"{there} of {all_documents}"),
        Step("facts", "KYC facts", facts.facts_known, "Recorded" if facts.facts_known else "Not asked yet"),
        Step("products", "Products", bool(facts.products), f"{len(facts.products)} chosen"),
        Step("approval", "Approval", facts.state == "approved", words.get(facts.state, "Not submitted yet")),
    ]


# --- refusals --------------------------------------------------------------------------------------------

_DECIDED = "This onboarding is decided: nothing can be changed here any more."


def refusals_to_start(client_state: str, begun_already: bool) -> list[str]:
    if begun_already:
        return ["An onboarding of this client has begun already."]
    if client_state != "lead":
        return ["Only a lead is onboarded: this client has come further."]
    return []


def refusals_to_change(state: str) -> list[str]:
    return [] if state in RUNNING else [_DECIDED]


def refusals_to_submit(facts: Facts) -> list[str]:
    """Nothing skipped: the same list disables the button and guards the action."""
    if facts.state == "in_review":
        return ["It is submitted already and waits for a second person."]
    return refusals_to_change(facts.state) or missing(facts)


def refusals_to_review_document(
    onboarding_state: str, state: str, uploaded_by: int | None, by: int | None, verdict: str, reason: str
) -> list[str]:
    """An officer looks at papers that somebody else uploaded, and says why not from a fixed list."""
    if refusals := refusals_to_change(onboarding_state):
        return refusals
    if verdict not in DOCUMENT_TRANSITIONS.get(state, {}) or verdict == "in_review":
        return ["There is no file waiting for review here."]
    if uploaded_by is not None and uploaded_by == by:
        return ["You uploaded this file: another person reviews it."]
    fitting = {"to_revise": REVISE_REASONS, "rejected": REJECT_REASONS}.get(verdict)
    if fitting is not None and reason not in fitting:
        return ["Choose a reason from the list."]
    return []


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
        sentences.append("A compliance check of this client is open.")
    return missing(facts) + sentences


def refusals_to_approve_unseen(unreviewed: bool, check_open: bool) -> list[str]:
    """The same from a list, where the file was not opened: what surely stands in the way."""
    sentences = ["Not every document is reviewed and approved."] if unreviewed else []
    return sentences + (["A compliance check of this client is open."] if check_open else [])


def refusals_to_decide(state: str) -> list[str]:
    if state == "collecting":
        return ["It is not submitted, or has changed since: nothing to decide now."]
    return [] if state == "in_review" else ["A colleague has decided this onboarding already."]


def refusals_to_say_no(verdict: str, reason: str) -> list[str]:
    """Returned and rejected need a reason from the list."""
    fitting = {"returned": RETURN_REASONS, "rejected": REFUSE_REASONS}.get(verdict)
    if fitting is None:
        return ["Say whether you approve, return or reject it."]
    return [] if reason in fitting else ["Choose a reason from the list."]
