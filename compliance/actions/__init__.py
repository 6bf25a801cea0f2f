"""What compliance does: KYC, consents, approvals, sanctions lists, screening."""

from compliance.actions.approvals import ask_approval, decide_approval, withdraw_approval
from compliance.actions.consents import give_consent, withdraw_consent
from compliance.actions.kyc import record_facts, review_kyc
from compliance.actions.lists import import_list
from compliance.actions.screening import confirm_hit, propose_hit, return_hit, screen_all, screen_client

__all__ = [
    "ask_approval",
    "confirm_hit",
    "decide_approval",
    "give_consent",
    "import_list",
    "propose_hit",
    "record_facts",
    "return_hit",
    "review_kyc",
    "screen_all",
    "screen_client",
    "withdraw_approval",
    "withdraw_consent",
]
