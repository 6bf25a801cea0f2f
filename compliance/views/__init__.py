"""Pages of compliance. The console, which composes several rooms, lives on the top floor: dashboards/."""

from compliance.views.exposure import adverse, adverse_closure, pep, pep_role_end
from compliance.views.figures import dry_run
from compliance.views.kyc import (
    client,
    consent_new,
    consent_withdrawal,
    facts,
    kyc_list,
    measures,
    review,
    review_request,
)
from compliance.views.lists import list_list, list_version, screening_new, work
from compliance.views.ownership import holding, holding_end, holding_share, owner_new, ownership
from compliance.views.rating import override_decision, override_new, override_withdrawal, rating
from compliance.views.records import access_list, interaction_list
from compliance.views.screening import hit, hit_batch, hit_confirmation, hit_decision, hit_list, hit_step

__all__ = [
    "access_list",
    "adverse",
    "adverse_closure",
    "client",
    "consent_new",
    "consent_withdrawal",
    "dry_run",
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
    "measures",
    "override_decision",
    "override_new",
    "override_withdrawal",
    "owner_new",
    "ownership",
    "pep",
    "pep_role_end",
    "rating",
    "review",
    "review_request",
    "screening_new",
    "work",
]
