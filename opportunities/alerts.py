"""What deserves attention on the pipeline."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alerts.rules import Act, AlertRule
from opportunities.models import Stage
from rulebook.selectors import pack
from ui.formats import label_of, told_day


def _figures(on: date) -> Mapping[str, Any]:
    return {"stage_days": int(pack("opportunities", on)["stage_days"])}


def _sentence(facts: Mapping[str, Any]) -> str:
    text = _("An opportunity has been in “{stage}” since {day}: move it on or decline it.")
    return text.format(stage=label_of(Stage, facts["stage"]), day=told_day(facts["since"]))


STALE = AlertRule(
    name="opportunities.stale",
    label=gettext_lazy("Opportunity waits"),
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
    act=Act("opportunities:opportunity", gettext_lazy("Open the opportunity"), of="subject"),
    figures=_figures,
    weight=10,
)
RULES = [STALE]
