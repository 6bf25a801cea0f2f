"""What has come to its end or happened elsewhere, for the night shift to act on."""

from datetime import date, timedelta

from django.db import connection
from django.utils import timezone

from clients.models import OWNING, Party
from compliance.models import PepRole, RatingOverride
from compliance.rules import pep as rules
from rulebook.selectors import pack

AT_ONCE = 1000  # the rest waits for the next look
LOOKED_BACK = timedelta(days=40)  # for what was written down; what happened is found however long ago


def rerating_key(version: int) -> str:
    return f"rerate kyc {version}"


def stale_overrides(today: date) -> list[int]:
    """Overrides in force whose last day has passed. 1 query."""
    stale = RatingOverride.objects.in_force().filter(until_on__lt=today)
    return list(stale.order_by("pk").values_list("pk", flat=True)[:AT_ONCE])


def lapsed_roles(today: date) -> list[int]:
    """Offices that stand as counting: the tail is over, or who holds it has left the file. 3 queries."""
    tail = rules.tail_of(pack("kyc", today).body)
    counting = PepRole.objects.filter(lapsed_on__isnull=True)
    ended = counting.filter(until_on__lt=today).values_list("pk", "until_on")
    over = [pk for pk, until_on in ended if rules.stand_of(until_on, today, tail) == "over"]
    left = counting.filter(party__in=Party.objects.gone(today)).values_list("pk", flat=True)
    return sorted({*over, *left[:AT_ONCE]})[:AT_ONCE]


def returned_roles(today: date) -> list[int]:
    """Offices that lapsed when who holds them left the file, and who is back while they last. 2 queries."""
    tail = rules.tail_of(pack("kyc", today).body)
    lapsed = PepRole.objects.filter(lapsed_on__isnull=False).exclude(party__in=Party.objects.gone(today))
    rows = lapsed.order_by("pk").values_list("pk", "until_on")
    return [pk for pk, until_on in rows if rules.stand_of(until_on, today, tail) != "over"][:AT_ONCE]


# Other rooms record these; here they are only looked for. Each finds a client once for each occurrence.
_HAPPENED = """
WITH told AS (
    SELECT told.row_id, max(told.at) AS at FROM (
        SELECT generate_series(lower(part), upper(part) - 1) AS row_id, birth.at
        FROM clients_filebirth birth, unnest(birth.ids) part
        WHERE birth.kind = 'clients_relationship' AND birth.at > %(since)s
    ) told GROUP BY told.row_id
), ended AS (
    SELECT change.row_id, max(change.at) AS at FROM clients_filechange change
    WHERE change.kind = 'clients_relationship' AND change.at > %(since)s AND change.was ->> 'until_on' IS NULL
    GROUP BY change.row_id
)
SELECT hit.client_id, 'hit_confirmed', 'hit ' || hit.id
FROM compliance_screeninghit hit
JOIN compliance_kycfile kyc ON kyc.client_id = hit.client_id
    AND kyc.reviewed_on IS NOT NULL AND kyc.facts_at IS NOT NULL
JOIN clients_client client ON client.id = hit.client_id AND client.state IN ('active', 'dormant')
WHERE (hit.state = 'confirmed' OR hit.frozen)
  -- The day of a review is one of the officer's clock, which may be ahead of this one.
  AND (hit.decided_at::date >= kyc.reviewed_on OR hit.decided_at > (
      SELECT max(rated.at) FROM compliance_ratingrecord rated
      WHERE rated.client_id = hit.client_id AND rated.cause = 'review'))
  AND NOT EXISTS (SELECT FROM compliance_reviewtrigger had WHERE had.client_id = hit.client_id
                  AND had.code = 'hit_confirmed' AND had.occurrence = 'hit ' || hit.id)
UNION ALL
SELECT owner.client_id, 'owner_change', 'owner ' || owner.id || ' ' || coalesce(day.at::text, 'ever since')
FROM clients_relationship owner
CROSS JOIN LATERAL (VALUES (owner.since_on, false), (owner.until_on, true)) day (at, ends)
JOIN compliance_kycfile kyc ON kyc.client_id = owner.client_id
    AND kyc.reviewed_on IS NOT NULL AND kyc.facts_at IS NOT NULL
JOIN clients_client client ON client.id = owner.client_id AND client.state IN ('active', 'dormant')
LEFT JOIN told ON told.row_id = owner.id AND NOT day.ends
LEFT JOIN ended ON ended.row_id = owner.id AND day.ends
WHERE owner.kind = ANY(%(owning)s) AND owner.struck_at IS NULL
  AND (day.at <= %(today)s OR day.at IS NULL AND NOT day.ends)
  -- It came to be since the review, or is known since.
  AND (day.at > kyc.reviewed_on OR coalesce(told.at, ended.at) > (
      SELECT max(rated.at) FROM compliance_ratingrecord rated
      WHERE rated.client_id = owner.client_id AND rated.cause = 'review'))
  AND NOT EXISTS (SELECT FROM compliance_reviewtrigger had WHERE had.client_id = owner.client_id
                  AND had.code = 'owner_change'
                  AND had.occurrence = 'owner ' || owner.id || ' ' || coalesce(day.at::text, 'ever since'))
UNION ALL  -- Struck out, and nothing instead: else the row instead is the news.
SELECT owner.client_id, 'owner_change', 'owner ' || owner.id || ' struck out'
FROM clients_relationship owner
JOIN compliance_kycfile kyc ON kyc.client_id = owner.client_id
    AND kyc.reviewed_on IS NOT NULL AND kyc.facts_at IS NOT NULL
JOIN clients_client client ON client.id = owner.client_id AND client.state IN ('active', 'dormant')
WHERE owner.kind = ANY(%(owning)s) AND owner.struck_at > %(since)s
  AND owner.struck_at > (SELECT max(rated.at) FROM compliance_ratingrecord rated
                         WHERE rated.client_id = owner.client_id AND rated.cause = 'review')
  AND NOT EXISTS (SELECT FROM clients_relationship instead WHERE instead.instead_of_id = owner.id)
  AND NOT EXISTS (SELECT FROM compliance_reviewtrigger had WHERE had.client_id = owner.client_id
                  AND had.code = 'owner_change' AND had.occurrence = 'owner ' || owner.id || ' struck out')
ORDER BY 1, 2, 3 LIMIT %(most)s
"""


def unanswered(today: date) -> list[tuple[int, str, str]]:
    """(client, what happened, its occurrence) since the last review, with no review set off yet. 1 query."""
    with connection.cursor() as cursor:
        cursor.execute(
            _HAPPENED,
            {
                "today": today,
                "since": timezone.now() - LOOKED_BACK,
                "most": AT_ONCE,
                "owning": list(OWNING),
            },
        )
        return list(cursor.fetchall())
