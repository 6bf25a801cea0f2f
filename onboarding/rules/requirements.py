"""Which papers an opening needs, of whom and why, and how long each holds. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from clients.rules.documents import wrongs_of_dates
from clients.rules.numbers import refusals_to_lei, refusals_to_register_number
from clients.rules.owners import Wrong
from rulebook.days import add_months

# Why a document is asked for: code -> sentence. A code is "<document>_of_<whom or what>".
WHYS = {
    "identity_of_person": "Who the client is: a valid passport or identity card (AMLR Art. 22).",
    "address_of_person": "Where the client lives (AMLR Art. 22).",
    "tax_of_person": "Where the client pays tax: FATCA and CRS self-certification.",
    "identity_of_holder": "Who the joint holder is: each holder is identified (AMLR Art. 22).",
    "address_of_holder": "Where the joint holder lives (AMLR Art. 22).",
    "tax_of_holder": "Where the joint holder pays tax: each holder certifies for themselves (FATCA, CRS).",
    "identity_of_related": "Who owns it or signs for it: each of them is identified (AMLR Art. 22 and 62).",
    "register_of_organisation": "That the organisation exists, and who may sign: a register extract.",
    "owners_of_organisation": "Who owns a quarter or more of it, or controls it (AMLR Art. 52).",
    "tax_of_organisation": "Where the organisation pays tax: FATCA and CRS self-certification.",
    "identity_of_organisation": "Who acts for the organisation: papers of signatories and owners.",
    "funds_of_high_risk": "The risk is high: papers show source of funds and of wealth (AMLR Art. 34).",
    "income_of_product": "Credit is wanted: papers show what the client earns and owes.",
    "property_of_product": "A mortgage is wanted: papers show the property and its value.",
    "accounts_of_product": "Credit or trade finance is wanted: the annual accounts of the last two years.",
    "mandate_of_product": "A mandate is wanted: the signed contract says what the bank may do alone.",
    "accounts_of_segment": "The segment asks for it: the annual accounts of the last two years.",
    "statutes_of_segment": "The segment asks for it: the statutes say who may bind the organisation.",
    "funds_of_country": "A country under watch: papers show the source of funds (AMLR Art. 29).",
    "tax_of_country": "A tie to the United States: a W-9, or a W-8 and a reason (FATCA).",
}


def why_sentence(code: str, oldest_months: int | None = None) -> str:
    """An unknown code (of an older version) is told as it is. `oldest_months`: how old it may be."""
    told = WHYS.get(code, code.replace("_", " ").capitalize() + ".")
    return f"{told} At most {oldest_months} months old." if oldest_months else told


@dataclass(frozen=True)
class Whom:
    """Somebody whose own papers are needed. `role`: "holder" (joint), "related" (owner, signatory)."""

    party_id: int
    role: str


@dataclass(frozen=True)
class Need:
    document: str  # a clients.DocumentKind
    why: str
    party_id: int | None = None  # None: of the client itself


def needs(
    kind: str,
    rating: str,
    figures: Mapping[str, Any],
    *,
    products: Iterable[str] = (),
    countries: Iterable[str] = (),
    segment: str = "",
    others: Iterable[Whom] = (),
) -> list[Need]:
    """Every paper, each once a person; what asks first says why. A pack of an older version asks less.

    countries  of the client and its holders: nationality, residence, domicile
    """
    others = list(others)
    found = [Need(document, f"{document}_of_{kind}") for document in figures["documents"][kind]]
    if any(each.role == "related" for each in others):  # then each brings papers of their own
        found = [need for need in found if need.why != "identity_of_organisation"]
    if rating == "high":
        found += [Need(document, f"{document}_of_high_risk") for document in figures["high_risk_documents"]]
    for product in products:
        wanted = figures.get("product_documents", {}).get(product, {}).get(kind, [])
        found += [Need(document, f"{document}_of_product") for document in wanted]
    for group in figures.get("country_documents", []):
        if set(group["countries"]) & set(countries):
            found += [Need(document, f"{document}_of_country") for document in group["documents"]]
    wanted = figures.get("segment_documents", {}).get(segment, [])
    found += [Need(document, f"{document}_of_segment") for document in wanted]
    for whom in others:
        wanted = figures.get("documents_of", {}).get(whom.role, [])
        found += [Need(document, f"{document}_of_{whom.role}", whom.party_id) for document in wanted]
    first: dict[tuple[str, int | None], Need] = {}
    for need in found:
        first.setdefault((need.document, need.party_id), need)
    return list(first.values())


def valid_until(
    document: str, counts_from: date, expires_on: date | None, figures: Mapping[str, Any]
) -> date | None:
    """The last day a paper counts: its own end or the pack's months, what comes first.

    counts_from  the day of issue; of an older entry, which has none, the day of its approval
    """
    months = figures.get("valid_months", {}).get(document)
    ends = [expires_on] if expires_on else []
    if months:
        ends.append(add_months(counts_from, int(months)))
    return min(ends, default=None)


def oldest_months(document: str, figures: Mapping[str, Any]) -> int | None:
    """How old it may be when it is brought; None: no figure says."""
    months = figures.get("oldest_months", {}).get(document)
    return int(months) if months else None


def ages(document: str, figures: Mapping[str, Any]) -> bool:
    """Does it count from the day on which it was issued? Then this day is asked for."""
    return any(document in figures.get(name, {}) for name in ("oldest_months", "valid_months"))


def wrongs_of_paper(
    kind: str, country: str, number: str, expires_on: date | None, today: date
) -> list[Wrong]:
    """The paper that was shown when a file is opened: whole, in force, and an LEI that checks itself."""
    wrongs = [Wrong("identifier_expires_on", each) for each in _refusals_of_an_ended_paper(expires_on, today)]
    if kind and not number:
        wrongs.append(Wrong("identifier_number", "Write its number, or say that none was shown."))
    if number and not kind:
        wrongs.append(Wrong("identifier_kind", "Say which paper this number is of."))
    if number and not country:
        wrongs.append(Wrong("identifier_country", "Say which country issued it."))
    if number and kind == "lei":
        wrongs += [Wrong("identifier_number", each) for each in refusals_to_lei(number)]
    if number and kind == "register":
        wrongs += [Wrong("identifier_number", each) for each in refusals_to_register_number(country, number)]
    return wrongs


def wrongs_to_date_paper(
    document: str, issued_on: date | None, expires_on: date | None, today: date, figures: Mapping[str, Any]
) -> list[Wrong]:
    """An identity paper holds to its own last day, whosever it is; others age from the day of their issue,
    and a paper that has ended shows nothing. It is judged on the day it is brought: who reads it later than
    that makes it no older.
    """
    if document == "identity" and expires_on is None:
        return [Wrong("expires_on", "Say until when this identity paper is valid.")]
    wrongs = [Wrong("expires_on", each) for each in _refusals_of_an_ended_paper(expires_on, today)]
    wrongs += wrongs_of_dates(issued_on, expires_on, today)
    if wrongs or not ages(document, figures):
        return wrongs
    if issued_on is None:
        return [Wrong("issued_on", "Say on which day this paper was issued: it counts from then on.")]
    oldest = oldest_months(document, figures)
    if oldest and add_months(issued_on, oldest) < today:
        told = f"This paper may be at most {oldest} months old when it is brought: ask for a newer one."
        return [Wrong("issued_on", told)]
    until = valid_until(document, issued_on, None, figures)
    if until and until < today:
        months = figures["valid_months"][document]
        told = (
            f"This paper counts for {months} months from its issue, and they are over: ask for a newer one."
        )
        return [Wrong("issued_on", told)]
    return []


def refusals_to_approve_ended(until: date | None, today: date) -> list[str]:
    """What has ended between the upload and its review."""
    ended = until is not None and until < today
    return ["This paper has ended since it was brought: send it back, a new one is needed."] if ended else []


def _refusals_of_an_ended_paper(expires_on: date | None, today: date) -> list[str]:
    if expires_on is not None and expires_on < today:
        return ["This paper has expired already: ask for a valid one."]
    return []
