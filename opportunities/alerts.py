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
        SELECT card.client_id, card.id AS subject_id,
               to_char(card.moved_at, 'YYYY-MM-DD"T"HH24:MI') AS occurrence, 3 AS urgency,
               (card.moved_at AT TIME ZONE team.time_zone)::date + %(stage_days)s AS due_on,
               jsonb_build_object('stage', card.stage, 'since', card.moved_at) AS facts
        FROM opportunities_opportunity card
        JOIN clients_client client ON client.id = card.client_id
        JOIN staff_book book ON book.id = client.book_id JOIN staff_team team ON team.id = book.team_id
        WHERE card.client_id > %(first)s AND card.client_id <= %(last)s
          AND card.stage IN ('identified', 'need_confirmed', 'proposed', 'accepted')
          AND card.moved_at::date < %(today)s::date - %(stage_days)s
    """,
    sentence=_sentence,
    act=Act("opportunities:opportunity", gettext_lazy("Open the opportunity"), of="subject"),
    figures=_figures,
    weight=10,
)
RULES = [STALE]
