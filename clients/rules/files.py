"""What may be so about a client file as a whole. Pure: no Django, dates are arguments."""

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from clients.rules.owners import TO_COME, TRUST_ROLES, Wrong

PERSON_STAGES = {"student", "starting", "family", "established", "retirement"}
ORGANISATION_STAGES = {"start_up", "growth", "mature", "succession"}
PERSON_SEGMENTS = {"mass", "affluent", "hnw"}
ORGANISATION_SEGMENTS = {"sme", "corporate"}


def refusals_to_add_to_file(state: str) -> list[str]:
    """A closed file stays as it was closed."""
    return ["The file is closed: nothing more can be added."] if state == "closed" else []


def segments_of(kind: str) -> set[str]:
    return PERSON_SEGMENTS if kind == "person" else ORGANISATION_SEGMENTS


def wrongs_of_lead(kind: str, stage: str, segment: str) -> list[Wrong]:
    """Stage and segment of a person or of an organisation, not of the other."""
    is_person = kind == "person"
    stages = PERSON_STAGES if is_person else ORGANISATION_STAGES
    whose = "a person" if is_person else "an organisation"
    wrongs = []
    if stage not in stages:
        wrongs.append(Wrong("stage", f"This stage is not one of {whose}."))
    if segment not in segments_of(kind):
        wrongs.append(Wrong("segment", f"This segment is not one of {whose}."))
    return wrongs


def refusals_to_open_lead(kind: str, stage: str, segment: str) -> list[str]:
    return [wrong.sentence for wrong in wrongs_of_lead(kind, stage, segment)]


def refusals_to_relate(kind_of_file: str, relation: str, share: Decimal | None, shared: Decimal) -> list[str]:
    """`shared`: percent of the client itself that others own. Persons have families, firms owners."""
    refusals = []
    if kind_of_file == "person" and relation in {"director", "owner"}:
        refusals.append("A person has no owner and no director: open a file for the company.")
    if kind_of_file == "organisation" and relation in {"spouse", "child"}:
        refusals.append("An organisation has no family: add the person to the file of a person.")
    if relation in TRUST_ROLES:
        refusals.append(
            "Only a trust has settlors, trustees, protectors and beneficiaries: add it as an owner."
        )
    if kind_of_file == "organisation" and relation == "holder":
        refusals.append("An organisation has no joint holder: add owners and signatories.")
    if relation != "owner" and share is not None:
        refusals.append("Only an owner has a share.")
    if relation == "owner" and share is None:
        refusals.append("Say how many percent this owner holds.")
    if relation == "owner" and share is not None and share + shared > 100:
        together = f"{(share + shared).normalize():f}"
        refusals.append(f"The owners would hold {together} percent together: at most 100 can be.")
    return refusals


def refusals_to_begin(since: date | None, today: date) -> list[str]:
    """None: nobody knows since when."""
    if since is not None and since > today:
        return [TO_COME]
    return []


def refusals_to_add_again(
    name: str, born_on: date | None, there: Iterable[tuple[str, date | None]]
) -> list[str]:
    """The same one in the same role. there: name and day of birth of those who have it."""

    def told(each: str) -> str:
        return " ".join(each.casefold().split())

    if any(told(name) == told(other) and (born_on is None or born_on == on) for other, on in there):
        return [f"{name} has this role on the file already. If it is somebody else, say the day of birth."]
    return []


def refusals_to_reach_by(kind: str, value: str) -> list[str]:
    """A phone number as it is dialled from abroad (E.164), an e-mail address with its two halves."""
    if kind == "phone" and not re.fullmatch(r"\+[1-9]\d{6,14}", value):
        return ["A phone number begins with + and the country: +41 44 123 45 67."]
    if kind == "email" and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s.]+", value):
        return ["An e-mail address looks like name@example.com."]
    return [] if value else ["Say where."]


def tidy_contact(kind: str, value: str) -> str:
    """A phone number without blanks and dashes, anything else without blanks around it."""
    if kind != "phone":
        return value.strip()
    digits = "".join(sign for sign in value if sign.isdigit())
    begins = value.strip()
    if begins.startswith("+"):
        return "+" + digits
    return "+" + digits[2:] if begins.startswith("00") else digits
