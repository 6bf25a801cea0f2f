"""What deserves attention while a client joins: papers that do not come."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import get_language, gettext_lazy, ngettext

from alerts.rules import Act, AlertRule
from rulebook.selectors import pack
from ui.formats import day_text

DAYS = 14  # where the bank's pack "onboarding" says nothing else

DOCUMENTS_MISSING = """
SELECT onboarding.client_id, onboarding.id AS subject_id, onboarding.started_at::date::text AS occurrence,
       2 AS urgency, onboarding.started_at::date + %(days)s::int AS due_on,
       jsonb_build_object('since', onboarding.started_at::date, 'missing', count(*)) AS facts
FROM onboarding_onboarding onboarding
JOIN onboarding_requireddocument required ON required.onboarding_id = onboarding.id
WHERE onboarding.client_id > %(first)s AND onboarding.client_id <= %(last)s
  AND onboarding.state = 'collecting' AND onboarding.started_at::date + %(days)s::int < %(today)s::date
  AND required.state IN ('missing', 'to_revise', 'rejected')
GROUP BY onboarding.id
"""


def figures(on: date) -> dict[str, Any]:
    return {"days": pack("onboarding", on).body.get("missing_days", DAYS)}


def _documents_missing(facts: Mapping[str, Any]) -> str:
    day = day_text(date.fromisoformat(facts["since"]), get_language() or "en")
    return ngettext(
        "{missing} document is still missing; the onboarding began on {day}.",
        "{missing} documents are still missing; the onboarding began on {day}.",
        facts["missing"],
    ).format(missing=facts["missing"], day=day)


RULES = [
    AlertRule(
        name="onboarding.documents_missing",
        label=gettext_lazy("Documents missing"),
        find=DOCUMENTS_MISSING,
        sentence=_documents_missing,
        act=Act("onboarding:workspace", gettext_lazy("Go on"), of="subject"),
        figures=figures,
        weight=30,
    ),
]
