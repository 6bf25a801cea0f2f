"""What deserves attention about needs."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alerts.rules import Act, AlertRule
from rulebook.selectors import pack
from ui.formats import told_day


def _figures(on: date) -> Mapping[str, Any]:
    return {"warn_days": int(pack("suitability", on)["warn_days"])}


def _sentence(facts: Mapping[str, Any]) -> str:
    text = _("Needs assessment valid until {day}: without a valid one, no advice and no report.")
    return text.format(day=told_day(facts["until"]))


EXPIRING = AlertRule(
    name="needs.assessment_expiring",
    label=gettext_lazy("Assessment expires"),
    # One alert for each signed assessment that ends: a new one supersedes it. MiFID II 2017/565 Art. 54(13).
    find="""
        SELECT assessment.client_id, assessment.id AS subject_id, assessment.valid_until::text AS occurrence,
               CASE WHEN assessment.valid_until < %(today)s::date THEN 1 ELSE 2 END AS urgency,
               assessment.valid_until AS due_on, jsonb_build_object('until', assessment.valid_until) AS facts
        FROM needs_assessment assessment JOIN clients_client client ON client.id = assessment.client_id
        WHERE assessment.client_id > %(first)s AND assessment.client_id <= %(last)s
          AND assessment.state = 'signed' AND client.state IN ('active', 'dormant')
          AND assessment.valid_until <= %(today)s::date + %(warn_days)s
    """,
    sentence=_sentence,
    act=Act("needs:assess", gettext_lazy("Assess needs")),
    figures=_figures,
    weight=40,
)
RULES = [EXPIRING]
