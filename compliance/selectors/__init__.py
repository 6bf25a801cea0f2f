"""What the pages of compliance show."""

from compliance.selectors.interactions import file_openings, interaction_list
from compliance.selectors.kyc import (
    client_compliance,
    facts_of,
    has_undecided_hits,
    kyc_list,
    open_checks,
    rating_facts,
)
from compliance.selectors.ownership import blocked_of, ownership_changes, ownership_of
from compliance.selectors.screening import (
    active_index,
    active_lists,
    hit_list,
    hit_page,
    hits_among,
    last_run,
    parties_to_screen,
)

__all__ = [
    "active_index",
    "active_lists",
    "blocked_of",
    "client_compliance",
    "facts_of",
    "file_openings",
    "has_undecided_hits",
    "hit_list",
    "hit_page",
    "hits_among",
    "interaction_list",
    "kyc_list",
    "last_run",
    "open_checks",
    "ownership_changes",
    "ownership_of",
    "parties_to_screen",
    "rating_facts",
]
