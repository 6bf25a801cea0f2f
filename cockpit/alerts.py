"""What deserves attention because a client has a new owner."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alerts.rules import Act, AlertRule
from rulebook.selectors import pack
from ui.formats import told_day

# Until somebody has spoken with the client, and no longer than the days in which that is news.
HANDED_OVER = """
SELECT line.client_id, line.client_id AS subject_id, handover.id::text AS occurrence, 2 AS urgency,
       (handover.done_at AT TIME ZONE team.time_zone)::date + %(introduce_days)s::int AS due_on,
       jsonb_build_object('on', handover.done_at) AS facts
FROM cockpit_handoverclient line
JOIN cockpit_handover handover ON handover.id = line.handover_id AND handover.done_at IS NOT NULL
JOIN clients_client client ON client.id = line.client_id AND client.book_id = handover.to_book_id
     AND client.state IN ('active', 'dormant')
JOIN staff_book book ON book.id = client.book_id JOIN staff_team team ON team.id = book.team_id
WHERE line.client_id > %(first)s AND line.client_id <= %(last)s
  AND handover.done_at >= %(today)s::date - 3 * %(introduce_days)s::int
  AND NOT EXISTS (
    SELECT FROM cockpit_handoverclient later JOIN cockpit_handover again ON again.id = later.handover_id
    WHERE later.client_id = line.client_id AND again.done_at > handover.done_at)
  AND NOT EXISTS (
    SELECT FROM clients_interaction contact
    WHERE contact.client_id = line.client_id AND contact.at >= handover.done_at)
"""


def introducing(on: date) -> dict[str, Any]:
    return {"introduce_days": pack("access", on)["handover"]["introduce_days"]}


def _handed_over(facts: Mapping[str, Any]) -> str:
    return _("Handed over to you on {day}: introduce yourself.").format(day=told_day(facts["on"]))


RULES = [
    AlertRule(
        "cockpit.handed_over", gettext_lazy("Handed over"), HANDED_OVER, _handed_over,
        Act("clients:interaction_new", gettext_lazy("Log a call")), figures=introducing, weight=70,
    ),
]  # fmt: skip
