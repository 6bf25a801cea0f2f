"""What deserves attention on the pipeline."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from alerts.rules import Act, AlertRule
from opportunities.rules import STAGE_WORDS
from rulebook.selectors import pack
from ui.formats import day_text


def _figures(on: date) -> Mapping[str, Any]:
    return {"stage_days": int(pack("opportunities", on)["stage_days"])}


def _sentence(facts: Mapping[str, Any]) -> str:
    stage = STAGE_WORDS.get(str(facts["stage"]), str(facts["stage"]))
    day = day_text(date.fromisoformat(facts["since"]), get_language() or "en")
    return f"An opportunity has been in “{stage}” since {day}: move it on or decline it."


STALE = AlertRule(
    name="opportunities.stale",
    label=_("Opportunity waits"),
    # One alert for each time a card enters a stage and stays there too long.
    find="""
        SELECT client_id, id AS subject_id, to_char(moved_at, 'YYYY-MM-DD"T"HH24:MI') AS occurrence,
               3 AS urgency, moved_at::date + %(stage_days)s AS due_on,
               jsonb_build_object('stage', stage, 'since', moved_at::date) AS facts
        FROM opportunities_opportunity
        WHERE client_id > %(first)s AND client_id <= %(last)s
          AND stage IN ('identified', 'need_confirmed', 'proposed', 'accepted')
          AND moved_at::date < %(today)s::date - %(stage_days)s
    """,
    sentence=_sentence,
    act=Act("opportunities:opportunity", _("Open the opportunity"), of="subject"),
    figures=_figures,
    weight=10,
)
RULES = [STALE]
