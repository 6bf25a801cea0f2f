"""Self-certifications for FATCA and CRS: which are needed, how long they hold, what contradicts them. Pure.

W-8BEN: valid to the last day of the third calendar year after signature (Treas. Reg. 1.1441-1(e)(4)(ii)).
W-9 and CRS: until circumstances change. A change gives 90 calendar days, for CRS the end of the year if that
is later (CRS, section III B 2 and IV). A CRS form without a tax number says why; the explanation holds for
twelve months. The figures stand in rule pack "onboarding".
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from clients.rules.numbers import gives_tax_numbers
from rulebook.days import add_months
from rulebook.rules.figures import country_name
from rulebook.rules.words import FORMS

MISSING_REASONS = {
    "not_issued": "The country gives no tax numbers",
    "not_obtained": "The holder cannot obtain one",
    "not_required": "The country asks for none to be shown",
}

CRS_BEGAN = date(2014, 7, 15)  # the OECD Council adopted the standard
# Calling codes that mean one country; +1 is shared by many and tells nothing by itself.
CALLING = {
    "41": "CH", "423": "LI", "49": "DE", "43": "AT", "33": "FR", "39": "IT", "34": "ES", "44": "GB",
    "352": "LU", "31": "NL", "32": "BE", "351": "PT", "353": "IE", "420": "CZ", "48": "PL", "377": "MC",
    "90": "TR", "971": "AE", "65": "SG", "852": "HK", "86": "CN", "81": "JP", "91": "IN", "61": "AU",
}  # fmt: skip


def phone_country(number: str) -> str:
    """The country of a number as it is dialled from abroad; "" where the code does not say."""
    digits = number.removeprefix("+")
    return next((CALLING[digits[:n]] for n in (3, 2) if digits[:n] in CALLING), "")


@dataclass(frozen=True)
class Residence:
    """A country where somebody pays tax, with the number or the reason why there is none."""

    country: str
    number: str = ""
    missing_reason: str = ""


@dataclass(frozen=True)
class Known:
    """What the file knows of a party: nationality, residence, addresses and phones, as countries."""

    kind: str
    name: str
    nationality: str = ""
    residence: str = ""
    phone_countries: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Certification:
    form: str
    signed_on: date
    residences: tuple[Residence, ...] = ()
    explanation: str = ""
    changed_on: date | None = None  # circumstances changed: a new one is due


def forms_needed(known: Known, products: Iterable[str], figures: Mapping[str, Any]) -> list[str]:
    """CRS of everyone; W-9 of who is American; W-8 of firms, and of persons who want securities."""
    rule = figures.get("self_certification")
    if not rule:  # the pack of an older version asks for the paper alone
        return []
    if "US" in (known.nationality, known.residence):
        return ["crs", "w9"]
    if known.kind == "organisation":
        return ["crs", "w8bene"]
    return ["crs", "w8ben"] if set(rule["securities"]) & set(products) else ["crs"]


def valid_until(certification: Certification, figures: Mapping[str, Any]) -> date | None:
    """The last day it holds; None: until circumstances change."""
    rule = figures["self_certification"]
    ends = []
    if years := rule["calendar_years"].get(certification.form):
        ends.append(date(certification.signed_on.year + int(years), 12, 31))
    if certification.form == "crs" and any(not each.number for each in certification.residences):
        ends.append(add_months(certification.signed_on, int(rule["explanation_months"])))
    if certification.changed_on is not None:
        ends.append(repaper_by(certification.form, certification.changed_on, figures))
    return min(ends, default=None)


def refusals_of_the_day(
    certification: Certification, born_on: date | None, today: date, figures: Mapping[str, Any]
) -> list[str]:
    """The day of the signature: not yet over what the form holds for, and not before what it is about."""
    signed_on, form = certification.signed_on, FORMS.get(certification.form, certification.form)
    if signed_on > today:
        return ["The day of signature is in the future."]
    if born_on is not None and signed_on < born_on:
        return ["The day of signature is before the birth or foundation."]
    if certification.form == "crs" and signed_on < CRS_BEGAN:
        return [f"Nobody signed for the CRS before {_told(CRS_BEGAN)}: the standard is of that day."]
    until = valid_until(certification, figures)
    if until is None or today <= until:
        return []
    rule = figures["self_certification"]
    if years := rule["calendar_years"].get(certification.form):
        return [
            f"A {form} holds to the end of calendar year {years} after its signature (Treas. Reg. 1.1441-1): "
            f"this one held until {_told(until)}. Have a new one signed."
        ]
    return [
        f"Without a tax number a {form} form holds for {rule['explanation_months']} months, as its "
        f"explanation does: this one held until {_told(until)}. Have a new one signed."
    ]


def _told(day: date) -> str:
    return f"{day:%d %b %Y}".lstrip("0")


def repaper_by(form: str, changed_on: date, figures: Mapping[str, Any]) -> date:
    """Until when a new certification must be there after a change of circumstances."""
    by = changed_on + timedelta(days=int(figures["self_certification"]["change_days"]))
    return max(by, date(changed_on.year, 12, 31)) if form == "crs" else by


def is_valid(certification: Certification, on: date, figures: Mapping[str, Any]) -> bool:
    until = valid_until(certification, figures)
    return until is None or on <= until


def contradictions(certification: Certification, known: Known) -> list[str]:
    """The reasonableness test (CRS section IV): what the form says against what the file knows, by name."""
    declared = {each.country for each in certification.residences}
    found = []
    if certification.form == "crs":
        if known.residence and known.residence not in declared:
            found.append(_undeclared(f"{known.name} lives in", known.residence))
        for country in sorted(known.phone_countries - declared - {known.residence}):
            found.append(_undeclared(f"{known.name} has a phone in", country))
    american = "US" in (known.nationality, known.residence)
    if certification.form in ("w8ben", "w8bene") and american:
        found.append(
            f"{known.name} signed a {FORMS[certification.form]} and is American by the file (FATCA)."
        )
    if certification.form == "w9" and not american and "US" not in declared:
        found.append(f"{known.name} signed a W-9 and nothing on the file is American (FATCA).")
    return found


def _undeclared(who_and_how: str, country: str) -> str:
    return f"{who_and_how} {country_name(country)} and declares no tax residence there (CRS)."


def refusals_to_certify(
    certification: Certification, kind: str, number_refusals: Mapping[str, list[str]]
) -> list[str]:
    """A form of this kind of client, with a number or a reason for every country.

    number_refusals  country -> what clients.rules.numbers says of its tax number
    """
    refusals = []
    form = certification.form
    if form not in FORMS:
        return ["Choose a form from the list."]
    if form == "w8ben" and kind == "organisation":
        refusals.append("A W-8BEN is for persons: an organisation signs a W-8BEN-E.")
    if form == "w8bene" and kind == "person":
        refusals.append("A W-8BEN-E is for organisations: a person signs a W-8BEN.")
    if form == "crs" and not certification.residences:
        refusals.append("Say in which country tax is paid.")
    countries = [each.country for each in certification.residences]
    if len(set(countries)) < len(countries):
        refusals.append("A country stands here twice.")
    if form == "w9" and "US" not in countries:
        refusals.append("A W-9 carries a tax number of the United States.")
    for each in certification.residences:
        named = country_name(each.country)
        if not each.number and each.missing_reason not in MISSING_REASONS:
            refusals.append(f"{named}: a tax number, or the reason why there is none (CRS).")
        refusals += refusals_of_the_reason(each)
        if each.number:
            refusals += [f"{named}: {sentence}" for sentence in number_refusals.get(each.country, [])]
    return refusals


def refusals_of_the_reason(residence: Residence) -> list[str]:
    """A country whose numbers are known gives numbers (CRS section III B 2: an explanation is reasonable)."""
    if residence.number or residence.missing_reason != "not_issued":
        return []
    named = country_name(residence.country)
    said = f"{named} gives tax numbers: ask for the number, or choose another reason."
    return [said] if gives_tax_numbers(residence.country) else []


def refusals_to_report_change(changed_on: date, signed_on: date, today: date, superseded: bool) -> list[str]:
    if superseded:
        return ["A newer certification has taken its place."]
    if changed_on > today:
        return ["The day of the change is in the future."]
    return ["The change is older than the certification."] if changed_on < signed_on else []
