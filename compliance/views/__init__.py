"""Pages of compliance. The console, which composes several rooms, lives on the top floor: dashboards/."""

from compliance.views.auditing import audit, audit_check, audit_export, audit_file
from compliance.views.bulk import bulk, bulk_undo, bulk_work
from compliance.views.desk import (
    approval_list,
    gap_list,
    override_list,
    review_list,
    sweep_new,
    trigger_list,
)
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
    review_request_withdrawal,
)
from compliance.views.lists import list_list, list_version, screening_new, work
from compliance.views.ownership import holding, holding_end, holding_share, owner_new, ownership
from compliance.views.rating import override_decision, override_new, override_withdrawal, rating
from compliance.views.records import access_list, interaction_list
from compliance.views.reports import report, report_list, report_paper, report_sheet
from compliance.views.screening import hit, hit_batch, hit_confirmation, hit_decision, hit_list, hit_step

__all__ = [
    "access_list",
    "adverse",
    "adverse_closure",
    "approval_list",
    "audit",
    "audit_check",
    "audit_export",
    "audit_file",
    "bulk",
    "bulk_undo",
    "bulk_work",
    "client",
    "consent_new",
    "consent_withdrawal",
    "dry_run",
    "facts",
    "gap_list",
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
    "override_list",
    "override_new",
    "override_withdrawal",
    "owner_new",
    "ownership",
    "pep",
    "pep_role_end",
    "rating",
    "report",
    "report_list",
    "report_paper",
    "report_sheet",
    "review",
    "review_list",
    "review_request",
    "review_request_withdrawal",
    "screening_new",
    "sweep_new",
    "trigger_list",
    "work",
]
