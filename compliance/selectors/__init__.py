"""What the pages of compliance show."""

from compliance.selectors.access import colleague_of, history_begins, what_sees, who_sees
from compliance.selectors.auditing import audit_export_of, audit_page
from compliance.selectors.bulk import BULK, hits_for_many, many_of, rows_for_many, undoing_of
from compliance.selectors.desk import approval_list, override_list, review_list, trigger_list
from compliance.selectors.exposure import adverse_page, has_roles, pep_page
from compliance.selectors.figures import dry_run_page, dry_run_report
from compliance.selectors.gaps import (
    chosen_gaps,
    finding,
    gap_list,
    gap_rules,
    gaps_of,
    is_sweeping,
    last_sweep,
    missing_figures,
    open_reminder,
)
from compliance.selectors.glass import glass_form, glass_list, use_page
from compliance.selectors.hits import (
    deciders,
    dozens,
    frozen_clients,
    hit_list,
    hit_of,
    hit_page,
    hits_of,
    hits_tried,
    paper_words,
    papers_on,
    refusals_to_go_on,
)
from compliance.selectors.interactions import file_openings, interaction_list
from compliance.selectors.kyc import (
    client_compliance,
    facts_of,
    has_undecided_hits,
    kyc_list,
    measure_page,
    open_checks,
    why_due,
)
from compliance.selectors.lists import list_changes, lists, version_of
from compliance.selectors.ownership import blocked_of, owners_tried, ownership_changes, ownership_of
from compliance.selectors.rating_page import rating_page
from compliance.selectors.recertification import (
    recertification_list,
    recertification_of,
    recertification_page,
    teams_to_ask,
)
from compliance.selectors.replay import as_decided
from compliance.selectors.reports import review_report, risk_report, screening_report, team_names
from compliance.selectors.runs import (
    changes_mark,
    is_something_to_screen,
    last_of_chunk,
    last_run,
    parties_to_screen,
    refusals_to_screen,
    runs,
    to_screen,
    was_screened_on,
)
from compliance.selectors.sample_report import interaction_report
from compliance.selectors.screening import (
    active_index,
    active_lists,
    hits_among,
    likenesses_of,
    names_to_compare,
    parties_touched,
)
from compliance.selectors.statistics import screening_statistics

__all__ = [
    "BULK",
    "active_index",
    "active_lists",
    "adverse_page",
    "approval_list",
    "as_decided",
    "audit_export_of",
    "audit_page",
    "blocked_of",
    "changes_mark",
    "chosen_gaps",
    "client_compliance",
    "colleague_of",
    "deciders",
    "dozens",
    "dry_run_page",
    "dry_run_report",
    "facts_of",
    "file_openings",
    "finding",
    "frozen_clients",
    "gap_list",
    "gap_rules",
    "gaps_of",
    "glass_form",
    "glass_list",
    "has_roles",
    "has_undecided_hits",
    "history_begins",
    "hit_list",
    "hit_of",
    "hit_page",
    "hits_among",
    "hits_for_many",
    "hits_of",
    "hits_tried",
    "interaction_list",
    "interaction_report",
    "is_something_to_screen",
    "is_sweeping",
    "kyc_list",
    "last_of_chunk",
    "last_run",
    "last_sweep",
    "likenesses_of",
    "list_changes",
    "lists",
    "many_of",
    "measure_page",
    "missing_figures",
    "names_to_compare",
    "open_checks",
    "open_reminder",
    "override_list",
    "owners_tried",
    "ownership_changes",
    "ownership_of",
    "paper_words",
    "papers_on",
    "parties_to_screen",
    "parties_touched",
    "pep_page",
    "rating_page",
    "recertification_list",
    "recertification_of",
    "recertification_page",
    "refusals_to_go_on",
    "refusals_to_screen",
    "review_list",
    "review_report",
    "risk_report",
    "rows_for_many",
    "runs",
    "screening_report",
    "screening_statistics",
    "team_names",
    "teams_to_ask",
    "to_screen",
    "trigger_list",
    "undoing_of",
    "use_page",
    "version_of",
    "was_screened_on",
    "what_sees",
    "who_sees",
    "why_due",
]
