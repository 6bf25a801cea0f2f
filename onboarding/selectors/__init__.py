"""What the pages of onboarding show."""

from onboarding.selectors.duplicates import Alike, alike, duplicate_list, people_of, somebody
from onboarding.selectors.endings import AskedEnd, ending_list, ending_page, endings_waiting, find_ending
from onboarding.selectors.openings import (
    KIND,
    Line,
    Waiting,
    begun,
    document_label,
    find,
    onboarding_list,
    refusals_to_hold,
    refusals_to_resume,
    refusals_to_start,
    waiting,
)
from onboarding.selectors.papers import papers_needed, papers_tried
from onboarding.selectors.workspace import (
    Certified,
    HolderView,
    Workspace,
    as_certification,
    facts_now,
    facts_shown,
    makers,
    who_changed_the_owners,
    workspace,
)

__all__ = [
    "KIND",
    "Alike",
    "AskedEnd",
    "Certified",
    "HolderView",
    "Line",
    "Waiting",
    "Workspace",
    "alike",
    "as_certification",
    "begun",
    "document_label",
    "duplicate_list",
    "ending_list",
    "ending_page",
    "endings_waiting",
    "facts_now",
    "facts_shown",
    "find",
    "find_ending",
    "makers",
    "onboarding_list",
    "papers_needed",
    "papers_tried",
    "people_of",
    "refusals_to_hold",
    "refusals_to_resume",
    "refusals_to_start",
    "somebody",
    "waiting",
    "who_changed_the_owners",
    "workspace",
]
