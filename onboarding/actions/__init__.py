"""What can be done while a client joins."""

from onboarding.actions.accounts import drop_account, plan_account
from onboarding.actions.consents import take_consents
from onboarding.actions.duplicates import compare_opening, compare_openings, decide_duplicate, open_client
from onboarding.actions.endings import (
    ask_end,
    confirm_end,
    return_end,
    set_aside,
    set_opening_aside,
    take_back_end,
    take_up,
)
from onboarding.actions.holders import (
    add_holder,
    add_person,
    correct_paper,
    correct_person,
    record_holder,
    record_search,
    record_wealth,
    remove_person,
)
from onboarding.actions.openings import (
    approve_onboarding,
    choose_products,
    decline_onboarding,
    hold_onboarding,
    record_facts,
    resume_onboarding,
    review_document,
    start_onboarding,
    submit_onboarding,
    take_document,
    take_document_back,
    upload_document,
)
from onboarding.actions.papers import ask_all_papers, expire_all, expire_documents
from onboarding.actions.tax import record_certification, report_change

__all__ = [
    "add_holder",
    "add_person",
    "approve_onboarding",
    "ask_all_papers",
    "ask_end",
    "choose_products",
    "compare_opening",
    "compare_openings",
    "confirm_end",
    "correct_paper",
    "correct_person",
    "decide_duplicate",
    "decline_onboarding",
    "drop_account",
    "expire_all",
    "expire_documents",
    "hold_onboarding",
    "open_client",
    "plan_account",
    "record_certification",
    "record_facts",
    "record_holder",
    "record_search",
    "record_wealth",
    "remove_person",
    "report_change",
    "resume_onboarding",
    "return_end",
    "review_document",
    "set_aside",
    "set_opening_aside",
    "start_onboarding",
    "submit_onboarding",
    "take_back_end",
    "take_consents",
    "take_document",
    "take_document_back",
    "take_up",
    "upload_document",
]
