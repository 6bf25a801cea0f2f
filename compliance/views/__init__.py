"""Pages of compliance. The console, which composes several rooms, lives on the top floor: dashboards/."""

from compliance.views.kyc import client, consent_new, consent_withdrawal, facts, kyc_list, review
from compliance.views.lists import list_list, list_version, screening_new, work
from compliance.views.ownership import holding, holding_end, holding_share, owner_new, ownership
from compliance.views.records import access_list, interaction_list
from compliance.views.screening import hit, hit_batch, hit_confirmation, hit_decision, hit_list, hit_step

__all__ = [
    "access_list",
    "client",
    "consent_new",
    "consent_withdrawal",
    "facts",
    "hit",
    "hit_batch",
    "hit_confirmation",
    "hit_decision",
    "hit_list",
    "hit_step",
    "holding",
    "holding_end",
    "holding_share",
    "interaction_list",
    "kyc_list",
    "list_list",
    "list_version",
    "owner_new",
    "ownership",
    "review",
    "screening_new",
    "work",
]
