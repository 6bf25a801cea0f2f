"""What compliance does: KYC, consents, approvals, sanctions lists, screening."""

from compliance.actions.approvals import ask_approval, decide_approval, withdraw_approval
from compliance.actions.consents import give_consent, withdraw_consent
from compliance.actions.hits import (
    confirm_hit,
    decide_hits,
    decide_one,
    escalate_hit,
    propose_hit,
    return_hit,
)
from compliance.actions.kyc import record_facts, review_kyc
from compliance.actions.lists import import_list, upload_list
from compliance.actions.screening import (
    ask_for_screening,
    begin_screening,
    finish_screening,
    screen_all,
    screen_changes,
    screen_client,
    screen_lane,
)

__all__ = [
    "ask_approval",
    "ask_for_screening",
    "begin_screening",
    "confirm_hit",
    "decide_approval",
    "decide_hits",
    "decide_one",
    "escalate_hit",
    "finish_screening",
    "give_consent",
    "import_list",
    "propose_hit",
    "record_facts",
    "return_hit",
    "review_kyc",
    "screen_all",
    "screen_changes",
    "screen_client",
    "screen_lane",
    "upload_list",
    "withdraw_approval",
    "withdraw_consent",
]
