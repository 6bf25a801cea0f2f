"""What deserves attention because a client waits, was promised something, or may leave."""

import json
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from alerts.rules import Act, AlertRule
from retention import rules
from rulebook.selectors import Pack, pack
from ui.formats import told_day

Figures = Mapping[str, Any] | Pack  # of a rule pack: those in force, or those that a dry run tries

# --- a contact is overdue --------------------------------------------------------------------------------
# Twin of retention.rules.is_contact_overdue; tests/retention/test_twins.py proves them equal.
CONTACT_OVERDUE = """
SELECT client.id AS client_id, client.id AS subject_id, client.last_contact_on::text AS occurrence,
       1 AS urgency, client.last_contact_on + cadence.days AS due_on,
       jsonb_build_object('since', client.last_contact_on, 'days', cadence.days) AS facts
FROM clients_client client
JOIN (SELECT key AS segment, value::int AS days FROM jsonb_each_text(%(cadence)s::jsonb)) cadence
  ON cadence.segment = client.segment
WHERE client.id > %(first)s AND client.id <= %(last)s AND client.state IN ('active', 'dormant')
  AND client.last_contact_on + cadence.days < %(today)s::date
"""


def cadence(on: date) -> dict[str, Any]:
    return cadence_by(pack("contact", on))


def cadence_by(figures: Figures) -> dict[str, Any]:
    return {"cadence": json.dumps(figures["days"])}


def contact_overdue(facts: Mapping[str, Any]) -> str:
    return _("No contact since {day}; agreed is one every {days} days.").format(
        day=told_day(facts["since"]), days=facts["days"]
    )


# --- a client may leave ----------------------------------------------------------------------------------
# Twin of retention.rules.reasons_to_leave and is_at_risk.
SIGNALS = """
SELECT client.id AS client_id, client.last_contact_on, client.state,
       CASE WHEN before.value > 0
            THEN greatest(0, trunc((before.value - client.value) * 100 / before.value)) END AS fallen,
       complaint.n AS complaints, account.n AS closed,
       client.last_contact_on + cadence.days * (%(points)s::jsonb ->> 'silent_times')::int < %(today)s::date
       AS silent
FROM clients_client client
LEFT JOIN retention_quartervalue before ON before.client_id = client.id AND before.on = %(compared_on)s
LEFT JOIN (SELECT key AS segment, value::int AS days FROM jsonb_each_text(%(cadence)s::jsonb)) cadence
  ON cadence.segment = client.segment
LEFT JOIN LATERAL (
    SELECT count(*) AS n FROM clients_interaction contact
    WHERE contact.client_id = client.id AND contact.at >= %(window_begins)s AND contact.purpose = 'complaint'
) complaint ON true
LEFT JOIN LATERAL (
    SELECT count(*) AS n FROM portfolios_account account
    WHERE account.client_id = client.id
      AND account.closed_on >= %(closed_since)s AND account.closed_on <= %(today)s
) account ON true
WHERE client.id > %(first)s AND client.id <= %(last)s AND client.state IN ('active', 'dormant')
"""
AT_RISK = f"""
SELECT client_id, client_id AS subject_id, %(compared_on)s::text AS occurrence, 2 AS urgency,
       %(today)s::date AS due_on,
       jsonb_build_object('points', sum(counted.points), 'codes', jsonb_agg(counted.code
                          ORDER BY counted.points DESC, counted.code), 'fallen', min(fallen::int),
                          'since', min(last_contact_on), 'compared_on', %(compared_on)s) AS facts
FROM ({SIGNALS}) seen
CROSS JOIN LATERAL (
    SELECT code, (%(points)s::jsonb -> 'points' ->> code)::int AS points
    FROM (VALUES ('money_left', coalesce(fallen >= (%(points)s::jsonb ->> 'fall_percent')::int, false)),
                 ('account_closed', closed > 0), ('complaint', complaints > 0),
                 ('silent', coalesce(silent, false)),
                 ('dormant', state = 'dormant')) AS signal(code, there)
    WHERE there
) counted
GROUP BY client_id
HAVING sum(counted.points) >= (%(points)s::jsonb ->> 'at_risk')::int
"""  # noqa: S608 - composed of constants


def leaving(on: date) -> dict[str, Any]:
    return {**cadence(on), **leaving_by(pack("retention", on).body, on)}


def leaving_by(figures: Figures, on: date) -> dict[str, Any]:
    return {
        "points": json.dumps(figures),
        "compared_on": str(rules.compared_on(on)),
        "window_begins": on - timedelta(days=figures["complaint_days"]),
        "closed_since": on - timedelta(days=figures["closed_days"]),
    }


def reason_words(code: str, facts: Mapping[str, Any]) -> str:
    """One signal in words."""
    match code:
        case "money_left":
            return _("assets fell by {percent}% since {day}").format(
                percent=facts["fallen"], day=told_day(facts["compared_on"])
            )
        case "account_closed":
            return _("closed an account lately")
        case "complaint":
            return _("complained in the last months")
        case "silent":
            return _("silent since {day}").format(day=told_day(facts["since"]))
        case "dormant":
            return _("no activity on the accounts")
    return code


def _at_risk(facts: Mapping[str, Any]) -> str:
    words = ", ".join(reason_words(code, facts) for code in facts["codes"])
    return _("May leave ({points} points): {reasons}.").format(points=facts["points"], reasons=words)


# --- something was promised or planned -------------------------------------------------------------------
TASK_DUE = """
SELECT task.client_id, task.id AS subject_id, task.due_on::text AS occurrence,
       CASE WHEN task.due_on < %(today)s::date THEN 1 ELSE 2 END AS urgency, task.due_on,
       jsonb_build_object('kind', task.kind, 'promise', task.promise) AS facts
FROM clients_task task
WHERE task.client_id > %(first)s AND task.client_id <= %(last)s AND task.done_at IS NULL
  AND task.due_on <= %(today)s::date AND task.promise = {promise}
"""
_TASKS = {
    "call": gettext_lazy("a call"),
    "meeting": gettext_lazy("a meeting"),
    "document": gettext_lazy("a document"),
    "review": gettext_lazy("a review"),
    "follow_up": gettext_lazy("a follow-up"),
}


def _promise_due(facts: Mapping[str, Any]) -> str:
    return _("We promised {what}.").format(what=_TASKS.get(facts["kind"], facts["kind"]))


def _task_due(facts: Mapping[str, Any]) -> str:
    return _("Planned: {what}.").format(what=_TASKS.get(facts["kind"], facts["kind"]))


# --- a portfolio review is due ---------------------------------------------------------------------------
# Twin of rulebook.days.add_months. Periodic suitability: MiFID II 2017/565 Art. 54(13), at least yearly.
REVIEW_DUE = """
SELECT mandate.client_id, mandate.client_id AS subject_id, last.on::text AS occurrence,
       CASE WHEN due.on < %(today)s::date THEN 1 ELSE 2 END AS urgency, due.on AS due_on,
       jsonb_build_object('last', last.on, 'months', cycle.months,
                          'held', mandate.last_review_on IS NOT NULL) AS facts
FROM portfolios_mandate mandate
JOIN clients_client client ON client.id = mandate.client_id AND client.state IN ('active', 'dormant')
JOIN (SELECT key AS segment, value::int AS months FROM jsonb_each_text(%(months)s::jsonb)) cycle
  ON cycle.segment = client.segment
CROSS JOIN LATERAL (SELECT coalesce(mandate.last_review_on, mandate.since_on) AS on) last
CROSS JOIN LATERAL (SELECT (last.on + make_interval(months => cycle.months))::date AS on) due
WHERE mandate.client_id > %(first)s AND mandate.client_id <= %(last)s AND mandate.kind <> 'execution'
  AND due.on <= %(today)s::date + 14
"""


def _review_months(on: date) -> dict[str, Any]:
    return months_by(pack("portfolio", on))


def months_by(figures: Figures) -> dict[str, Any]:
    return {"months": json.dumps(figures["review_months"])}


def every_words(months: int) -> str:
    return ngettext("every month", "every {months} months", months).format(months=months)


def review_due(facts: Mapping[str, Any]) -> str:
    every = every_words(facts["months"])
    if facts["held"]:
        return _("Portfolio last reviewed on {day}; agreed is {every}.").format(
            day=told_day(facts["last"]), every=every
        )
    return _("Portfolio never reviewed since the mandate began on {day}; agreed is {every}.").format(
        day=told_day(facts["last"]), every=every
    )


_call = Act("clients:interaction_new", gettext_lazy("Log a call"))
_file = Act("client", gettext_lazy("Open the file"))

RULES = [
    AlertRule(
        "retention.promise_due", gettext_lazy("Promise due"), TASK_DUE.replace("{promise}", "true"),
        _promise_due, _file, weight=90,
    ),
    AlertRule(
        "retention.at_risk", gettext_lazy("May leave"), AT_RISK,
        _at_risk, _call, figures=leaving, weight=80,
    ),
    AlertRule(
        "retention.review_due", gettext_lazy("Review due"), REVIEW_DUE, review_due, _file,
        figures=_review_months, weight=45,
    ),
    AlertRule(
        "retention.contact_overdue", gettext_lazy("Contact overdue"), CONTACT_OVERDUE,
        contact_overdue, _call, figures=cadence, weight=50,
    ),
    AlertRule(
        "retention.task_due", gettext_lazy("Task due"), TASK_DUE.replace("{promise}", "false"),
        _task_due, _file, weight=40,
    ),
]  # fmt: skip
