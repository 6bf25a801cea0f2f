"""What may be so in a client file."""

from clients.rules.brake import NEVER_BELOW, allowed, refusals_to_open, refusals_to_release
from clients.rules.contacts import (
    SOON,
    is_contact_overdue,
    is_late_entry,
    refusals_to_add_addendum,
    refusals_to_correct,
    refusals_to_finish_task,
    refusals_to_log_interaction,
    refusals_to_log_late,
    refusals_to_unmark,
)
from clients.rules.documents import refusals_to_send_another, refusals_to_store_file, safe_title
from clients.rules.files import (
    ORGANISATION_SEGMENTS,
    ORGANISATION_STAGES,
    PERSON_SEGMENTS,
    PERSON_STAGES,
    refusals_to_add_again,
    refusals_to_add_to_file,
    refusals_to_begin,
    refusals_to_open_lead,
    refusals_to_reach_by,
    refusals_to_relate,
    segments_of,
    tidy_contact,
)
from clients.rules.lending import (
    refusals_to_cover,
    refusals_to_lend,
    refusals_to_receive,
    refusals_to_span,
    refusals_to_take_back,
)
from clients.rules.record import record_lines

__all__ = [
    "NEVER_BELOW",
    "ORGANISATION_SEGMENTS",
    "ORGANISATION_STAGES",
    "PERSON_SEGMENTS",
    "PERSON_STAGES",
    "SOON",
    "allowed",
    "is_contact_overdue",
    "is_late_entry",
    "record_lines",
    "refusals_to_add_addendum",
    "refusals_to_add_again",
    "refusals_to_add_to_file",
    "refusals_to_begin",
    "refusals_to_correct",
    "refusals_to_cover",
    "refusals_to_finish_task",
    "refusals_to_lend",
    "refusals_to_log_interaction",
    "refusals_to_log_late",
    "refusals_to_open",
    "refusals_to_open_lead",
    "refusals_to_reach_by",
    "refusals_to_receive",
    "refusals_to_relate",
    "refusals_to_release",
    "refusals_to_send_another",
    "refusals_to_span",
    "refusals_to_store_file",
    "refusals_to_take_back",
    "refusals_to_unmark",
    "safe_title",
    "segments_of",
    "tidy_contact",
]
