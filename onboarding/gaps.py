"""Papers and tax forms that the rules of opening require of every client the bank serves."""

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from compliance.rules.gaps import GapRule, Group
from rulebook.selectors import pack

# An approved paper of an opening, else any that was stored; the latest end counts.
ADDRESS = """
SELECT client.id, paper.ends_on, onboarding.id FROM clients_client client
LEFT JOIN onboarding_onboarding onboarding ON onboarding.client_id = client.id
LEFT JOIN LATERAL (
    SELECT true AS there, each.ends_on FROM (
        SELECT required.valid_until AS ends_on FROM onboarding_requireddocument required
        WHERE required.onboarding_id = onboarding.id AND required.kind = 'address'
          AND required.party_id IS NULL AND required.state IN ('approved', 'expired')
        UNION ALL
        SELECT stored.expires_on FROM clients_document stored
        WHERE stored.client_id = client.id AND stored.kind = 'address'
    ) each ORDER BY each.ends_on DESC NULLS FIRST LIMIT 1
) paper ON true
WHERE client.id = ANY(%(ids)s) AND client.kind = ANY(%(address_kinds)s)
  AND (paper.there IS NULL AND client.since_on >= %(address_from)s::date OR paper.ends_on < %(horizon)s)
"""
# Of an account older than the day from which forms are kept here, the file itself tells (CRS section III).
CRS = """
SELECT client.id, form.valid_until, onboarding.id FROM clients_client client
LEFT JOIN clients_party party ON party.client_id = client.id AND party.is_client
LEFT JOIN onboarding_selfcertification form
    ON form.party_id = party.id AND form.form = 'crs' AND form.superseded_at IS NULL
LEFT JOIN onboarding_onboarding onboarding ON onboarding.client_id = client.id
WHERE client.id = ANY(%(ids)s) AND %(crs_asked)s
  AND (form.id IS NULL AND client.since_on >= %(crs_from)s::date OR form.valid_until < %(horizon)s)
"""
# The twin of rules.tax.forms_needed, of what is held or agreed: tests hold the two equal.
FATCA = """
SELECT client.id, form.valid_until, onboarding.id FROM clients_client client
JOIN clients_party party ON party.client_id = client.id AND party.is_client
LEFT JOIN compliance_kycfile kyc ON kyc.client_id = client.id
CROSS JOIN LATERAL (SELECT CASE
    WHEN 'US' IN (party.nationality, party.residence) THEN 'w9'
    WHEN party.kind = 'organisation' THEN 'w8bene'
    WHEN kyc.products && %(fatca_securities)s::varchar[]
      OR EXISTS (SELECT FROM portfolios_holding held
                 JOIN portfolios_product product ON product.id = held.product_id
                 WHERE held.client_id = client.id AND product.kind = ANY(%(fatca_securities)s))
      OR 'mandate' = ANY(%(fatca_securities)s) AND EXISTS (
          SELECT FROM portfolios_mandate held
          WHERE held.client_id = client.id AND held.kind = 'discretionary')
    THEN 'w8ben'
END AS form) needed
LEFT JOIN onboarding_selfcertification form
    ON form.party_id = party.id AND form.form = needed.form AND form.superseded_at IS NULL
LEFT JOIN onboarding_onboarding onboarding ON onboarding.client_id = client.id
WHERE client.id = ANY(%(ids)s) AND needed.form IS NOT NULL AND %(fatca_asked)s
  AND (form.id IS NULL AND client.since_on >= %(fatca_from)s::date OR form.valid_until < %(horizon)s)
"""


def _papers_from(on: date) -> date:
    """From when on files bring their papers here; those of an older file lie where they were kept before."""
    return date.fromisoformat(pack("desk", on)["papers_from"])


def _address(on: date) -> dict[str, Any]:
    asked = pack("onboarding", on)["documents"]
    return {
        "address_kinds": [kind for kind, papers in asked.items() if "address" in papers],
        "address_from": _papers_from(on),
    }


def _crs(on: date) -> dict[str, Any]:
    return {
        "crs_asked": "self_certification" in pack("onboarding", on).body,
        "crs_from": _papers_from(on),
    }


def _fatca(on: date) -> dict[str, Any]:
    rule = pack("onboarding", on).body.get("self_certification")
    return {
        "fatca_asked": bool(rule),
        "fatca_from": _papers_from(on),
        "fatca_securities": list(rule["securities"]) if rule else [],
    }


RULES = [
    GapRule(
        kind="address",
        label=_("Proof of address"),
        sentence=_(
            "Where the client lives, by a paper (EU AMLR Art. 22); which papers, rule pack “Onboarding” says."
        ),
        find=ADDRESS,
        url="clients:documents",
        place="onboarding:workspace",
        act=_("Ask for a proof of address"),
        group=Group.FORM,
        figures=_address,
    ),
    GapRule(
        kind="crs",
        label=_("CRS form signed by the client"),
        sentence=_(
            "A paper, signed at opening and anew when circumstances change (OECD CRS, sections IV and VI)."
        ),
        find=CRS,
        url="clients:documents",
        place="onboarding:workspace",
        act=_("Have the CRS self-certification signed"),
        group=Group.FORM,
        figures=_crs,
    ),
    GapRule(
        kind="fatca",
        label=_("US form W-9 or W-8 signed (FATCA)"),
        sentence=_(
            "A W-9 of who is American, a W-8 of firms and of who holds securities (Treas. Reg. 1.1441-1(e))."
        ),
        find=FATCA,
        url="clients:documents",
        place="onboarding:workspace",
        act=_("Have the US tax form signed"),
        group=Group.FORM,
        figures=_fatca,
    ),
]
