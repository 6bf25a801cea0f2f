"""Pages of compliance. The console, which composes several rooms, lives on the top floor: dashboards/."""

from compliance.views.kyc import client, consent_new, consent_withdrawal, facts, kyc_list, review
from compliance.views.ownership import holding, holding_end, holding_share, owner_new, ownership
from compliance.views.records import access_list, interaction_list
from compliance.views.screening import hit, hit_confirmation, hit_decision, hit_list

__all__ = [
    "access_list",
    "client",
    "consent_new",
    "consent_withdrawal",
    "facts",
    "hit",
    "hit_confirmation",
    "hit_decision",
    "hit_list",
    "holding",
    "holding_end",
    "holding_share",
    "interaction_list",
    "kyc_list",
    "owner_new",
    "ownership",
    "review",
]
