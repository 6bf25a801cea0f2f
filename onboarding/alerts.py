"""What deserves attention: an opening that waits or was decided, papers that do not come, were sent back or
have ended, tax forms that end, likely duplicates, an end that was returned."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext, gettext_lazy, ngettext

from alerts.rules import Act, AlertRule, To
from clients.models import DocumentKind
from compliance.selectors.desk import approval_days
from rulebook.rules.words import FORMS
from rulebook.selectors import pack
from ui.formats import told_day

DOCUMENTS_MISSING = """
SELECT onboarding.client_id, onboarding.id AS subject_id, onboarding.started_at::date::text AS occurrence,
       2 AS urgency, (onboarding.started_at AT TIME ZONE team.time_zone)::date + %(days)s::int AS due_on,
       jsonb_build_object('since', onboarding.started_at, 'missing', count(*)) AS facts
FROM onboarding_onboarding onboarding
JOIN clients_client client ON client.id = onboarding.client_id
JOIN staff_book book ON book.id = client.book_id JOIN staff_team team ON team.id = book.team_id
JOIN onboarding_requireddocument required ON required.onboarding_id = onboarding.id
WHERE onboarding.client_id > %(first)s AND onboarding.client_id <= %(last)s
  AND onboarding.state = 'collecting' AND onboarding.started_at::date + %(days)s::int < %(today)s::date
  AND required.state IN ('missing', 'to_revise', 'rejected', 'expired')
GROUP BY onboarding.id, team.id
"""
# An approved paper comes to its end, or has: then it is asked for again.
DOCUMENT_ENDING = """
SELECT required.client_id, required.id AS subject_id, required.valid_until::text AS occurrence,
       CASE WHEN required.state = 'expired' THEN 1 ELSE 2 END AS urgency, required.valid_until AS due_on,
       jsonb_build_object('on', required.valid_until, 'kind', required.kind,
                          'late', required.state = 'expired') AS facts
FROM onboarding_requireddocument required
JOIN clients_client client ON client.id = required.client_id
WHERE required.client_id > %(first)s AND required.client_id <= %(last)s AND client.state <> 'closed'
  AND required.state IN ('approved', 'expired') AND required.valid_until IS NOT NULL
  AND required.valid_until <= %(today)s::date + %(warn_days)s::int
"""
CERTIFICATION_ENDING = """
SELECT form.client_id, onboarding.id AS subject_id, form.id || ':' || form.valid_until AS occurrence,
       CASE WHEN form.valid_until < %(today)s::date THEN 1 ELSE 2 END AS urgency, form.valid_until AS due_on,
       jsonb_build_object('on', form.valid_until, 'form', form.form,
                          'late', form.valid_until < %(today)s::date) AS facts
FROM onboarding_selfcertification form
JOIN clients_client client ON client.id = form.client_id
JOIN onboarding_onboarding onboarding ON onboarding.client_id = form.client_id
WHERE form.client_id > %(first)s AND form.client_id <= %(last)s AND client.state <> 'closed'
  AND form.superseded_at IS NULL AND form.valid_until <= %(today)s::date + %(form_days)s::int
"""
# Every officer reads it, so it tells of no file behind a barrier; insiders find that pair in the queue.
DUPLICATES_OPEN = """
SELECT client_id, client_id AS subject_id, max(id)::text AS occurrence, 2 AS urgency,
       min(found_at)::date AS due_on, jsonb_build_object('pairs', count(*), 'score', max(score)) AS facts
FROM onboarding_possibleduplicate
WHERE client_id > %(first)s AND client_id <= %(last)s AND state = 'open'
  AND NOT EXISTS (SELECT FROM clients_client other WHERE other.id = other_id AND other.barrier_id IS NOT NULL)
GROUP BY client_id
"""

# Whoever asked for an end hears that it was returned, for two weeks or until it is asked for anew.
END_RETURNED = """
SELECT ending.client_id, ending.client_id AS subject_id, ending.id::text AS occurrence, 2 AS urgency,
       (ending.decided_at AT TIME ZONE team.time_zone)::date AS due_on,
       jsonb_build_object('on', ending.decided_at) AS facts
FROM onboarding_ending ending
JOIN clients_client client ON client.id = ending.client_id AND client.state IN ('active', 'dormant')
JOIN staff_book book ON book.id = client.book_id JOIN staff_team team ON team.id = book.team_id
WHERE ending.client_id > %(first)s AND ending.client_id <= %(last)s AND ending.state = 'refused'
  AND ending.decided_at > %(today)s::date - 14
  AND NOT EXISTS (
    SELECT FROM onboarding_ending later WHERE later.client_id = ending.client_id AND later.id > ending.id)
"""

# What a second person decides, for the lead: what only compliance decides stands on its own desk alone.
DECISION_WAITING = """
SELECT client_id, subject_id, id::text AS occurrence,
       CASE WHEN clock.by < %(today)s::date THEN 1 ELSE 2 END AS urgency,
       coalesce(clock.by, asked_at::date) AS due_on,
       jsonb_build_object('by', coalesce(clock.by, asked_at::date)) AS facts
FROM compliance_approval
LEFT JOIN unnest(%(asked)s::date[], %(by)s::date[]) AS clock (asked, by) ON clock.asked = asked_at::date
WHERE client_id > %(first)s AND client_id <= %(last)s
  AND kind = 'onboarding' AND decision = 'waiting' AND NOT senior
"""
# Whoever serves the client hears the second person's word, for two weeks or until it is submitted anew.
DECIDED = """
SELECT approval.client_id, approval.subject_id, approval.id::text AS occurrence,
       CASE WHEN approval.decision = 'approved' THEN 3 ELSE 2 END AS urgency,
       (approval.decided_at AT TIME ZONE team.time_zone)::date AS due_on,
       jsonb_build_object('on', approval.decided_at, 'how',
           CASE WHEN approval.decision = 'approved' THEN 'approved'
                ELSE split_part(approval.reason, ':', 1) END) AS facts
FROM compliance_approval approval
JOIN clients_client client ON client.id = approval.client_id
JOIN staff_book book ON book.id = client.book_id JOIN staff_team team ON team.id = book.team_id
WHERE approval.client_id > %(first)s AND approval.client_id <= %(last)s
  AND approval.kind = 'onboarding' AND approval.decision IN ('approved', 'refused')
  AND approval.decided_at > %(today)s::date - 14
  AND NOT EXISTS (
    SELECT FROM compliance_approval later
    WHERE later.client_id = approval.client_id AND later.kind = approval.kind AND later.id > approval.id)
"""
# A paper that an officer sent back, until another one is there.
PAPER_RETURNED = """
SELECT required.client_id, required.onboarding_id AS subject_id,
       required.id || ':' || extract(epoch FROM required.reviewed_at)::bigint AS occurrence, 2 AS urgency,
       (required.reviewed_at AT TIME ZONE team.time_zone)::date AS due_on,
       jsonb_build_object('kind', required.kind, 'rejected', required.state = 'rejected') AS facts
FROM onboarding_requireddocument required
JOIN clients_client client ON client.id = required.client_id AND client.state <> 'closed'
JOIN staff_book book ON book.id = client.book_id JOIN staff_team team ON team.id = book.team_id
WHERE required.client_id > %(first)s AND required.client_id <= %(last)s
  AND required.state IN ('to_revise', 'rejected') AND required.reviewed_at IS NOT NULL
"""


def ending_figures(on: date) -> dict[str, Any]:
    figures = pack("onboarding", on)
    return {"warn_days": figures["warn_days"], "form_days": figures["self_certification"]["warn_days"]}


def figures(on: date) -> dict[str, Any]:
    return {"days": pack("onboarding", on)["missing_days"]}


def _documents_missing(facts: Mapping[str, Any]) -> str:
    return ngettext(
        "{missing} document is still missing; the onboarding began on {day}.",
        "{missing} documents are still missing; the onboarding began on {day}.",
        facts["missing"],
    ).format(missing=facts["missing"], day=told_day(facts["since"]))


def _document_ending(facts: Mapping[str, Any]) -> str:
    paper = str(dict(DocumentKind.choices).get(facts["kind"], facts["kind"]))
    if facts["late"]:
        return gettext("{paper}: expired on {day}, ask for a new one.").format(
            paper=paper, day=told_day(facts["on"])
        )
    return gettext("{paper}: counts until {day}, ask for a new one.").format(
        paper=paper, day=told_day(facts["on"])
    )


def _certification_ending(facts: Mapping[str, Any]) -> str:
    form, day = FORMS.get(facts["form"], facts["form"]), told_day(facts["on"])
    if facts["late"]:
        return gettext("The {form} held until {day}: have a new one signed.").format(form=form, day=day)
    return gettext("The {form} holds until {day}: have a new one signed.").format(form=form, day=day)


def _end_returned(facts: Mapping[str, Any]) -> str:
    return gettext("The end of the relationship was returned on {day}: read why.").format(
        day=told_day(facts["on"])
    )


def _decision_waiting(facts: Mapping[str, Any]) -> str:
    return gettext("An opening waits for a second person, to be decided by {day}.").format(
        day=told_day(facts["by"])
    )


def _decided(facts: Mapping[str, Any]) -> str:
    day = told_day(facts["on"])
    if facts["how"] == "approved":
        return gettext("The opening was approved on {day}: the client is active.").format(day=day)
    if facts["how"] == "rejected":
        return gettext("The opening was rejected on {day}: the file is closed.").format(day=day)
    return gettext("The opening was returned on {day}: read why, and submit it again.").format(day=day)


def _paper_returned(facts: Mapping[str, Any]) -> str:
    paper = str(dict(DocumentKind.choices).get(facts["kind"], facts["kind"]))
    if facts["rejected"]:
        return gettext("{paper}: compliance rejected it, another one is needed.").format(paper=paper)
    return gettext("{paper}: compliance sent it back, read why.").format(paper=paper)


def _duplicates_open(facts: Mapping[str, Any]) -> str:
    return ngettext(
        "This opening may be {pairs} client whom the bank has, {score} points.",
        "This opening may be one of {pairs} clients whom the bank has, at most {score} points.",
        facts["pairs"],
    ).format(pairs=facts["pairs"], score=facts["score"])


RULES = [
    AlertRule(
        name="onboarding.decision_waiting",
        label=gettext_lazy("Opening to decide"),
        find=DECISION_WAITING,
        sentence=_decision_waiting,
        act=Act("onboarding:review", gettext_lazy("Review and decide"), of="subject"),
        to=To.LEADS,
        figures=approval_days,
        weight=70,
    ),
    AlertRule(
        name="onboarding.decided",
        label=gettext_lazy("Opening decided"),
        find=DECIDED,
        sentence=_decided,
        act=Act("onboarding:workspace", gettext_lazy("See the opening"), of="subject"),
        weight=45,
    ),
    AlertRule(
        name="onboarding.paper_returned",
        label=gettext_lazy("Paper sent back"),
        find=PAPER_RETURNED,
        sentence=_paper_returned,
        act=Act("onboarding:workspace", gettext_lazy("See the paper"), of="subject"),
        weight=50,
    ),
    AlertRule(
        name="onboarding.documents_missing",
        label=gettext_lazy("Documents missing"),
        find=DOCUMENTS_MISSING,
        sentence=_documents_missing,
        act=Act("onboarding:workspace", gettext_lazy("Go on"), of="subject"),
        figures=figures,
        weight=30,
    ),
    AlertRule(
        name="onboarding.document_ending",
        label=gettext_lazy("Paper comes to its end"),
        find=DOCUMENT_ENDING,
        sentence=_document_ending,
        act=Act("clients:documents", gettext_lazy("See the papers")),
        figures=ending_figures,
        weight=35,
    ),
    AlertRule(
        name="onboarding.certification_ending",
        label=gettext_lazy("Tax form comes to its end"),
        find=CERTIFICATION_ENDING,
        sentence=_certification_ending,
        act=Act("onboarding:workspace", gettext_lazy("Record a form"), of="subject"),
        figures=ending_figures,
        weight=35,
    ),
    AlertRule(
        name="onboarding.duplicates_open",
        label=gettext_lazy("Possible duplicate"),
        find=DUPLICATES_OPEN,
        sentence=_duplicates_open,
        act=Act("onboarding:duplicates", gettext_lazy("Compare"), of=""),
        to=To.COMPLIANCE,
        weight=80,
    ),
    AlertRule(
        name="onboarding.end_returned",
        label=gettext_lazy("End of a relationship returned"),
        find=END_RETURNED,
        sentence=_end_returned,
        act=Act("onboarding:ending", gettext_lazy("Read why")),
        weight=45,
    ),
]
