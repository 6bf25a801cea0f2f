"""What compliance does: KYC, consents, approvals, sanctions lists, screening."""

from compliance.actions.approvals import ask_approval, decide_approval, withdraw_approval
from compliance.actions.auditing import (
    ask_for_audit_check,
    ask_for_audit_export,
    check_audit,
    confirm_export,
    end_export,
    forget_audit_exports,
    hand_out,
    make_audit_export,
)
from compliance.actions.bulk import ask_for_many, undo_many, work_through
from compliance.actions.consents import give_consent, withdraw_consent
from compliance.actions.exposure import close_adverse, end_pep_role, record_adverse, record_pep_role
from compliance.actions.figures import ask_dry_run
from compliance.actions.glass import break_glass, give_back, review_use
from compliance.actions.hits import (
    assign_hit,
    confirm_hit,
    decide_each,
    decide_hits,
    decide_one,
    escalate_hit,
    propose_hit,
    return_hit,
)
from compliance.actions.kyc import (
    ask_review,
    record_facts,
    record_measure,
    review_kyc,
    withdraw_review_request,
)
from compliance.actions.lists import import_list, upload_list
from compliance.actions.owners import renew_owner
from compliance.actions.rating import decide_override, override_rating, withdraw_override
from compliance.actions.recertification import begin_recertification, certify, open_recertifications
from compliance.actions.reminders import remind, remind_of_review, withdraw_reminder
from compliance.actions.sampling import (
    answer_query,
    attest,
    capture_use,
    close_sample,
    draw_sample,
    fail_sample,
    open_attestations,
    pass_sample,
    plan_sample,
    query_sample,
    reject_sample,
    remind_to_attest,
)
from compliance.actions.screening import (
    ask_for_screening,
    begin_screening,
    finish_screening,
    screen_all,
    screen_changes,
    screen_client,
    screen_lane,
)
from compliance.actions.sweep import ask_for_sweep, sweep, sweep_hourly
from compliance.actions.trials import try_clients

__all__ = [
    "answer_query",
    "ask_approval",
    "ask_dry_run",
    "ask_for_audit_check",
    "ask_for_audit_export",
    "ask_for_many",
    "ask_for_screening",
    "ask_for_sweep",
    "ask_review",
    "assign_hit",
    "attest",
    "begin_recertification",
    "begin_screening",
    "break_glass",
    "capture_use",
    "certify",
    "check_audit",
    "close_adverse",
    "close_sample",
    "confirm_export",
    "confirm_hit",
    "decide_approval",
    "decide_each",
    "decide_hits",
    "decide_one",
    "decide_override",
    "draw_sample",
    "end_export",
    "end_pep_role",
    "escalate_hit",
    "fail_sample",
    "finish_screening",
    "forget_audit_exports",
    "give_back",
    "give_consent",
    "hand_out",
    "import_list",
    "make_audit_export",
    "open_attestations",
    "open_recertifications",
    "override_rating",
    "pass_sample",
    "plan_sample",
    "propose_hit",
    "query_sample",
    "record_adverse",
    "record_facts",
    "record_measure",
    "record_pep_role",
    "reject_sample",
    "remind",
    "remind_of_review",
    "remind_to_attest",
    "renew_owner",
    "return_hit",
    "review_kyc",
    "review_use",
    "screen_all",
    "screen_changes",
    "screen_client",
    "screen_lane",
    "sweep",
    "sweep_hourly",
    "try_clients",
    "undo_many",
    "upload_list",
    "withdraw_approval",
    "withdraw_consent",
    "withdraw_override",
    "withdraw_reminder",
    "withdraw_review_request",
    "work_through",
]
