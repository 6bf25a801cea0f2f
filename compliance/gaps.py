"""What the rules require of every client the bank serves, as far as this room knows it."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from compliance.rules.gaps import Found, GapRule, Group
from compliance.selectors.ownership import companies_without_owners
from compliance.selectors.runs import last_reached
from rulebook.rules.words import MEASURES
from rulebook.selectors import pack

BORN = """
SELECT client.id, NULL::date, NULL::bigint FROM clients_client client
LEFT JOIN clients_party party ON party.client_id = client.id AND party.is_client
WHERE client.id = ANY(%(ids)s) AND party.born_on IS NULL
"""
# The paper that holds longest counts, as in the alerts; an LEI is a number and no paper.
IDENTITY = """
SELECT client.id, paper.expires_on, NULL::bigint FROM clients_client client
LEFT JOIN LATERAL (
    SELECT each.id, each.expires_on FROM clients_party party
    JOIN clients_identifier each ON each.party_id = party.id
    WHERE party.client_id = client.id AND party.is_client AND each.kind <> 'lei'
    ORDER BY each.expires_on DESC NULLS FIRST, each.id LIMIT 1
) paper ON true
WHERE client.id = ANY(%(ids)s) AND (paper.id IS NULL OR paper.expires_on < %(horizon)s)
"""
TAX_RESIDENCE = """
SELECT client.id, NULL::date, NULL::bigint FROM clients_client client
WHERE client.id = ANY(%(ids)s) AND NOT EXISTS (
    SELECT FROM clients_taxresidence tax JOIN clients_party party ON party.id = tax.party_id
    WHERE tax.client_id = client.id AND party.is_client)
"""
FUNDS = """
SELECT client.id, NULL::date, NULL::bigint FROM clients_client client
LEFT JOIN compliance_kycfile kyc ON kyc.client_id = client.id
WHERE client.id = ANY(%(ids)s)
  AND (kyc.id IS NULL OR kyc.source_of_funds = '' OR kyc.facts_at IS NULL AND kyc.purpose = '')
"""
RATING = """
SELECT client.id, NULL::date, NULL::bigint FROM clients_client client
WHERE client.id = ANY(%(ids)s) AND client.risk = 'unrated'
"""
REVIEW = """
SELECT client.id, NULL::date, NULL::bigint FROM clients_client client
LEFT JOIN compliance_kycfile kyc ON kyc.client_id = client.id
WHERE client.id = ANY(%(ids)s) AND kyc.reviewed_on IS NULL
"""
# Neither compared alone, nor reached by a whole run, nor taken off the list by a run of what changed.
# When the relationship began says nothing: an import brings clients of twenty years.
SCREENING = """
SELECT client.id, NULL::date, NULL::bigint FROM clients_client client
LEFT JOIN compliance_kycfile kyc ON kyc.client_id = client.id
WHERE client.id = ANY(%(ids)s) AND kyc.screened_at IS NULL
  AND (NOT %(screening_ran)s OR EXISTS (
    SELECT FROM clients_party party JOIN compliance_partytoscreen waiting ON waiting.party_id = party.id
    WHERE party.client_id = client.id AND party.is_client AND party.id > %(screening_reached)s))
"""
CONSENT = """
SELECT client.id, NULL::date, NULL::bigint FROM clients_client client
WHERE client.id = ANY(%(ids)s) AND NOT EXISTS (
    SELECT FROM compliance_consent consent WHERE consent.client_id = client.id
    AND consent.purpose = '{purpose}' AND consent.withdrawn_on IS NULL)
"""
MEASURE = """
SELECT client.id, last.done_on + %({code}_days)s::int, NULL::bigint FROM clients_client client
JOIN compliance_kycfile kyc ON kyc.client_id = client.id
LEFT JOIN LATERAL (
    SELECT max(done.done_on) AS done_on FROM compliance_measure done
    WHERE done.client_id = client.id AND done.code = '{code}'
) last ON true
WHERE client.id = ANY(%(ids)s)
  AND (%({code}_pep)s AND kyc.rating_reasons @> '["pep"]' OR %({code}_high)s AND kyc.rating = 'high')
  AND (last.done_on IS NULL OR last.done_on + %({code}_days)s::int < %(horizon)s)
"""


def _screened(on: date) -> dict[str, Any]:
    reached = last_reached()
    return {"screening_ran": reached.any_run_at is not None, "screening_reached": reached.party}


def _measure(code: str) -> GapRule:
    """EU AMLR Art. 34 and 42; which measure is asked of whom, and how long it holds, is the bank's."""

    def figures(on: date) -> dict[str, Any]:
        body = pack("kyc", on).body
        edd = body.get("edd", {})
        return {
            f"{code}_pep": code in edd.get("pep", []),
            f"{code}_high": code in edd.get("high", []),
            f"{code}_days": int(body.get("edd_valid_days", {}).get(code, 365)),
        }

    return GapRule(
        kind=code,
        label=_MEASURE_LABELS[code],
        sentence=_("High risk and politically exposed persons ask for it (EU AMLR Art. 34 and 42)."),
        find=MEASURE.format(code=code),
        url="compliance:measures",
        act=_MEASURE_ACTS[code],
        group=Group.MEASURE,
        figures=figures,
    )


_MEASURE_LABELS = {
    "wealth_evidence": _("Evidence of the source of wealth"),
    "funds_evidence": _("Evidence of the source of funds"),
    "senior_approval": _("Approval by senior management"),
    "monitoring": _("Enhanced monitoring"),
}
_MEASURE_ACTS = {
    "wealth_evidence": _("Ask for evidence of the source of wealth"),
    "funds_evidence": _("Ask for evidence of the source of funds"),
    "senior_approval": _("Prepare the file for senior management"),
    "monitoring": _("Explain the movements on the accounts to compliance"),
}


def _owners(ids: Sequence[int], on: date) -> list[Found]:
    return [(client_id, None, None) for client_id in companies_without_owners(ids, on)]


RULES = [
    GapRule(
        kind="born",
        label=_("Date of birth or foundation"),
        sentence=_("A person is identified by name, place and date of birth (EU AMLR Art. 22(1))."),
        find=BORN,
        url="compliance:facts",
        act=_("Ask for the date of birth"),
    ),
    GapRule(
        kind="identity",
        label=_("Identity paper"),
        sentence=_("A passport, identity card or register number that is in force (EU AMLR Art. 22)."),
        find=IDENTITY,
        url="clients:documents",
        act=_("Ask for a new identity paper"),
        group=Group.PAPER,
    ),
    GapRule(
        kind="tax_residence",
        label=_("Tax country and number on file"),
        sentence=_("A fact of the file: the country, with the number or the reason why there is none (CRS)."),
        find=TAX_RESIDENCE,
        url="client",
        act=_("Ask for the tax residence and number"),
    ),
    GapRule(
        kind="funds",
        label=_("Source of funds and purpose"),
        sentence=_("Where the money comes from and what the bank is wanted for (EU AMLR Art. 20 and 25)."),
        find=FUNDS,
        url="compliance:facts",
        act=_("Ask for the source of funds and the purpose"),
    ),
    GapRule(
        kind="owners",
        label=_("Beneficial owners"),
        sentence=_(
            "Of a company the owners are known, or the officials in their place (EU AMLR Art. 22(2), 52)."
        ),
        find=_owners,
        url="compliance:ownership",
        act=_("Ask who owns the company"),
    ),
    GapRule(
        kind="rating",
        label=_("Risk rating"),
        sentence=_("Every client has a rating before it is served (EU AMLR Art. 20(2))."),
        find=RATING,
        url="compliance:facts",
        act=_("Record the KYC facts, so that the client is rated"),
    ),
    GapRule(
        kind="screening",
        label=_("First screening"),
        sentence=_("Every client is compared with the sanctions lists (Regulation (EU) 260/2012 Art. 5d)."),
        find=SCREENING,
        url="compliance:client",
        act="",
        figures=_screened,
    ),
    GapRule(
        kind="review",
        label=_("First KYC review"),
        sentence=_("A review was done, and the next one has a day (EU AMLR Art. 26)."),
        find=REVIEW,
        url="compliance:client",
        act=_("Prepare the file for its first KYC review"),
    ),
    GapRule(
        kind="data_processing",
        label=_("Consent to data processing"),
        sentence=_("The client agreed to it (GDPR Art. 6)."),
        find=CONSENT.format(purpose="data_processing"),
        url="compliance:client",
        act=_("Ask for consent to data processing"),
    ),
    GapRule(
        kind="recording",
        label=_("Consent to recording"),
        sentence=_("Clients are told beforehand that calls are recorded (MiFID II 2017/565 Art. 76)."),
        find=CONSENT.format(purpose="recording"),
        url="compliance:client",
        act=_("Ask for consent to the recording of calls"),
    ),
    *(_measure(code) for code in MEASURES),
]
