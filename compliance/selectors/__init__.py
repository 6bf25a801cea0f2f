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
    "parties_to_screen",
    "rating_facts",
]
