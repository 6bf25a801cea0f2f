"""What deserves attention because it must be true: KYC reviews, identity papers, screening hits."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from alerts.rules import Act, AlertRule, To
from clients.models import GrantPurpose
from compliance.rules import reviews
from compliance.selectors.desk import approval_days
from rulebook.selectors import pack
from ui.formats import told_day

KYC_DUE = """
SELECT client.id AS client_id, client.id AS subject_id, client.kyc_due_on::text AS occurrence,
       CASE WHEN client.kyc_due_on < %(today)s::date THEN 1 ELSE 2 END AS urgency,
       client.kyc_due_on AS due_on,
       jsonb_strip_nulls(jsonb_build_object(
           'due', client.kyc_due_on, 'late', client.kyc_due_on < %(today)s::date, 'why', (
               SELECT CASE WHEN why.code IN ('hit_confirmed', 'adverse_information') THEN 'officer'
                           ELSE why.code END
               FROM compliance_reviewtrigger why
               WHERE why.client_id = client.id AND why.settled_at IS NULL
               ORDER BY why.due_on, why.id LIMIT 1))) AS facts
FROM clients_client client
WHERE client.id > %(first)s AND client.id <= %(last)s AND client.state IN ('active', 'dormant')
  AND client.kyc_due_on <= %(today)s::date + %(warn_days)s::int
"""
# The paper that holds longest counts: who has a new passport is not asked about the old one.
IDENTIFIER_EXPIRING = """
SELECT client.id AS client_id, paper.id AS subject_id, paper.expires_on::text AS occurrence,
       CASE WHEN paper.expires_on < %(today)s::date THEN 1 ELSE 2 END AS urgency, paper.expires_on AS due_on,
       jsonb_build_object('on', paper.expires_on, 'kind', paper.kind,
                          'late', paper.expires_on < %(today)s::date) AS facts
FROM clients_client client
JOIN clients_party party ON party.client_id = client.id AND party.is_client
CROSS JOIN LATERAL (
    SELECT each.id, each.expires_on, each.kind FROM clients_identifier each
    WHERE each.party_id = party.id AND each.kind <> 'lei'
    ORDER BY each.expires_on DESC NULLS FIRST, each.id LIMIT 1
) paper
WHERE client.id > %(first)s AND client.id <= %(last)s AND client.state IN ('active', 'dormant')
  AND paper.expires_on <= %(today)s::date + %(warn_days)s::int
"""
HITS_OPEN = """
SELECT hit.client_id, hit.client_id AS subject_id, max(hit.id)::text AS occurrence, 2 AS urgency,
       (min(hit.found_at) AT TIME ZONE team.time_zone)::date AS due_on,
       jsonb_build_object('hits', count(*), 'score', max(hit.score)) AS facts
FROM compliance_screeninghit hit
JOIN clients_client client ON client.id = hit.client_id
JOIN staff_book book ON book.id = client.book_id JOIN staff_team team ON team.id = book.team_id
WHERE hit.client_id > %(first)s AND hit.client_id <= %(last)s
  AND hit.state IN ('open', 'proposed', 'escalated')
GROUP BY hit.client_id, team.id
"""
OVERRIDE_ENDS = """
SELECT client_id, id AS subject_id, until_on::text AS occurrence, 2 AS urgency, until_on AS due_on,
       jsonb_build_object('until', until_on, 'waits', state = 'waiting') AS facts
FROM compliance_ratingoverride
WHERE client_id > %(first)s AND client_id <= %(last)s
  AND (state = 'waiting' OR state = 'in_force' AND until_on <= %(today)s::date + %(warn_days)s::int)
"""
APPROVAL_WAITING = """
SELECT client_id, subject_id, id::text AS occurrence,
       CASE WHEN clock.by < %(today)s::date THEN 1 ELSE 2 END AS urgency,
       coalesce(clock.by, asked_at::date) AS due_on,
       jsonb_build_object('by', coalesce(clock.by, asked_at::date), 'senior', senior) AS facts
FROM compliance_approval
LEFT JOIN unnest(%(asked)s::date[], %(by)s::date[]) AS clock (asked, by) ON clock.asked = asked_at::date
WHERE client_id > %(first)s AND client_id <= %(last)s AND kind = 'onboarding' AND decision = 'waiting'
"""

# What compliance asks about a record of a contact.
SAMPLE_QUERIED = """
SELECT client_id, id AS subject_id, due_on::text AS occurrence,
       CASE WHEN due_on < %(today)s::date THEN 1 ELSE 2 END AS urgency, due_on,
       jsonb_build_object('by', due_on, 'late', due_on < %(today)s::date) AS facts
FROM compliance_sampleitem
WHERE client_id > %(first)s AND client_id <= %(last)s AND state = 'queried'
"""
# That a file is lent: whoever may work with it now is told for its first two weeks.
FILE_LENT = """
SELECT loan.content_object_id AS client_id, loan.id AS subject_id, loan.starts_at::date::text AS occurrence,
       3 AS urgency, (loan.starts_at AT TIME ZONE team.time_zone)::date AS due_on,
       jsonb_build_object('by', lender.login, 'to', person.login, 'for', loan.purpose,
                          -- It ends with a day of some zone: half a day before is on that day in all of them.
                          'until', (loan.ends_at - interval '12 hours')::date) AS facts
FROM clients_clientgrant loan
JOIN clients_client client ON client.id = loan.content_object_id
JOIN staff_book book ON book.id = client.book_id JOIN staff_team team ON team.id = book.team_id
JOIN staff_user lender ON lender.id = loan.granted_by_id
JOIN staff_user person ON person.id = loan.user_id
WHERE loan.content_object_id > %(first)s AND loan.content_object_id <= %(last)s
  AND loan.purpose <> 'break_glass' AND loan.starts_at <= %(now)s
  AND loan.starts_at > %(now)s::timestamptz - interval '14 days'
  AND (loan.ends_at IS NULL OR loan.ends_at > %(now)s)
"""
# That a file was opened by break-glass: its book and the lead are told for two weeks, compliance until it
# was reviewed.
GLASS_BROKEN = """
SELECT glass.client_id, glass.id AS subject_id, glass.at::date::text AS occurrence, 2 AS urgency,
       (glass.at AT TIME ZONE team.time_zone)::date AS due_on,
       jsonb_build_object('on', glass.at, 'by', person.login) AS facts
FROM compliance_glassuse glass JOIN staff_user person ON person.id = glass.user_id
JOIN clients_client client ON client.id = glass.client_id
JOIN staff_book book ON book.id = client.book_id JOIN staff_team team ON team.id = book.team_id
WHERE glass.client_id > %(first)s AND glass.client_id <= %(last)s
  AND glass.at > %(today)s::date - 14
"""
GLASS_TO_REVIEW = """
SELECT glass.client_id, glass.id AS subject_id, glass.at::date::text AS occurrence,
       CASE WHEN glass.due_on < %(today)s::date THEN 1 ELSE 2 END AS urgency, glass.due_on,
       jsonb_build_object('on', glass.at, 'by', person.login, 'until', glass.due_on,
                          'late', glass.due_on < %(today)s::date) AS facts
FROM compliance_glassuse glass JOIN staff_user person ON person.id = glass.user_id
WHERE glass.client_id > %(first)s AND glass.client_id <= %(last)s AND glass.verdict = ''
"""


def kyc_figures(on: date) -> dict[str, Any]:
    return {"warn_days": pack("kyc", on)["warn_days"]}


def override_figures(on: date) -> dict[str, Any]:
    return {"warn_days": pack("kyc", on).body.get("override_warn_days", 14)}


def paper_figures(on: date) -> dict[str, Any]:
    return {"warn_days": pack("kyc", on)["document_warn_days"]}


def _kyc_due(facts: Mapping[str, Any]) -> str:
    """Outside the cycle it says why; what only compliance may know reads as its own wish."""
    text = _("The KYC review was due on {day}.") if facts["late"] else _("The KYC review is due on {day}.")
    told = text.format(day=told_day(facts["due"]))
    if not facts.get("why"):
        return told
    return _("{told} Outside the cycle: {why}.").format(
        told=told, why=reviews.trigger_words(facts["why"], with_hits=False)
    )


_PAPERS = {
    "passport": gettext_lazy("passport"),
    "id_card": gettext_lazy("identity card"),
    "register": gettext_lazy("register extract"),
    "lei": gettext_lazy("LEI"),
}


def _identifier_expiring(facts: Mapping[str, Any]) -> str:
    paper, day = _PAPERS.get(facts["kind"], facts["kind"]), told_day(facts["on"])
    if facts["late"]:
        return _("The {paper} expired on {day}: ask for a new one.").format(paper=paper, day=day)
    return _("The {paper} expires on {day}: ask for a new one.").format(paper=paper, day=day)


def _hits_open(facts: Mapping[str, Any]) -> str:
    return ngettext(
        "{hits} screening hit is not decided, score {score}.",
        "{hits} screening hits are not decided, the highest score is {score}.",
        facts["hits"],
    ).format(hits=facts["hits"], score=facts["score"])


def _override_ends(facts: Mapping[str, Any]) -> str:
    if facts["waits"]:
        return _("A lower rating is asked for and waits for a second officer.")
    return _("The rating set by hand ends on {day}; then the computed one holds.").format(
        day=told_day(facts["until"])
    )


def _approval_waiting(facts: Mapping[str, Any]) -> str:
    return _("An onboarding waits for a second person, to be decided by {day}.").format(
        day=told_day(facts["by"])
    )


def _sample_queried(facts: Mapping[str, Any]) -> str:
    if facts["late"]:
        return _("Compliance asked about a contact; the answer was due on {day}.").format(
            day=told_day(facts["by"])
        )
    return _("Compliance asks about a contact: answer by {day}.").format(day=told_day(facts["by"]))


def _file_lent(facts: Mapping[str, Any]) -> str:
    told = {"who": facts["by"], "to": facts["to"], "purpose": GrantPurpose(facts["for"]).label}
    if facts["until"] is None:
        return _("{who} lent this file to {to}: {purpose}.").format(**told)
    return _("{who} lent this file to {to} until {day}: {purpose}.").format(
        day=told_day(facts["until"]), **told
    )


def _glass_broken(facts: Mapping[str, Any]) -> str:
    return _("{who} opened this file by break-glass on {day}. Compliance reviews it.").format(
        who=facts["by"], day=told_day(facts["on"])
    )


def _glass_to_review(facts: Mapping[str, Any]) -> str:
    if facts["late"]:
        told = _("{who} opened this file by break-glass on {day}: the review was due on {until}.")
    else:
        told = _("{who} opened this file by break-glass on {day}: review it by {until}.")
    return told.format(who=facts["by"], day=told_day(facts["on"]), until=told_day(facts["until"]))


RULES = [
    AlertRule(
        name="compliance.kyc_due",
        label=gettext_lazy("KYC review due"),
        find=KYC_DUE,
        sentence=_kyc_due,
        act=Act("compliance:client", gettext_lazy("See KYC")),
        figures=kyc_figures,
        weight=60,
    ),
    AlertRule(
        name="compliance.identifier_expiring",
        label=gettext_lazy("Identity paper expires"),
        find=IDENTIFIER_EXPIRING,
        sentence=_identifier_expiring,
        act=Act("clients:documents", gettext_lazy("Upload a new one")),
        figures=paper_figures,
        weight=40,
    ),
    AlertRule(
        name="compliance.sample_queried",
        label=gettext_lazy("Question of compliance"),
        find=SAMPLE_QUERIED,
        sentence=_sample_queried,
        act=Act("compliance:sample_answer", gettext_lazy("Answer"), of="subject"),
        weight=80,
    ),
    AlertRule(
        name="compliance.file_lent",
        label=gettext_lazy("File lent"),
        find=FILE_LENT,
        sentence=_file_lent,
        act=Act("client", gettext_lazy("See the file")),
        to=To.BORROWER,
        people=("by", "to"),
        weight=20,
    ),
    AlertRule(
        name="compliance.glass_broken",
        stays=True,
        label=gettext_lazy("Break-glass"),
        find=GLASS_BROKEN,
        sentence=_glass_broken,
        act=Act("client", gettext_lazy("See the file")),
        people=("by",),
        weight=95,
    ),
    AlertRule(
        name="compliance.glass_broken_in_team",
        stays=True,
        label=gettext_lazy("Break-glass in the team"),
        find=GLASS_BROKEN,
        sentence=_glass_broken,
        act=Act("client", gettext_lazy("See the file")),
        to=To.LEADS,
        people=("by",),
        weight=95,
    ),
    AlertRule(
        name="compliance.glass_to_review",
        stays=True,
        label=gettext_lazy("Break-glass to review"),
        find=GLASS_TO_REVIEW,
        sentence=_glass_to_review,
        act=Act("compliance:glass_use", gettext_lazy("Review"), of="subject"),
        to=To.COMPLIANCE,
        people=("by",),
        weight=95,
    ),
    AlertRule(
        name="compliance.hits_open",
        label=gettext_lazy("Screening hit"),
        find=HITS_OPEN,
        sentence=_hits_open,
        act=Act("compliance:client", gettext_lazy("See the hits")),
        to=To.COMPLIANCE,
        weight=90,
    ),
    AlertRule(
        name="compliance.override_ends",
        label=gettext_lazy("Rating set by hand"),
        find=OVERRIDE_ENDS,
        sentence=_override_ends,
        act=Act("compliance:rating", gettext_lazy("See the rating")),
        to=To.COMPLIANCE,
        figures=override_figures,
        weight=50,
    ),
    AlertRule(
        name="compliance.approval_waiting",
        label=gettext_lazy("Approval waits"),
        find=APPROVAL_WAITING,
        sentence=_approval_waiting,
        act=Act("onboarding:review", gettext_lazy("Review and decide"), of="subject"),
        to=To.COMPLIANCE,
        figures=approval_days,
        weight=70,
    ),
]
