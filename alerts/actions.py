"""What can be done with alerts: look, deliver, mail, dismiss, snooze."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from smtplib import SMTPServerDisconnected
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from alerts import rules
from alerts.models import OFFICERS, Alert, Delivery, Mail, Urgency, Walk
from alerts.registry import rules as known_rules
from alerts.rules import AlertRule, To
from audit.record import record
from clients.models import BarrierInsider, Client
from jobs import actions as jobs
from jobs.registry import Uncertain
from jobs.selectors import is_uncertain
from staff.lock import action
from staff.login import notices
from staff.models import LoginNotice, Proposal, User
from staff.night import night_shift
from staff.roles import May
from ui.refusals import refuse_if

STEP = 5000  # clients a transaction looks at: well below a second, also where each of them has an alert
QUIET = timedelta(minutes=10)  # between two mails to one person


# --- looking ---------------------------------------------------------------------------------------------
def look(rule: AlertRule, today: date, until: datetime) -> int:
    """Walk on through the bank with one rule until its end or `until`; how many alerts changed.

    Any number of processes may look at once: each takes rules that no other one is walking with, and what is
    made twice is made once (an_alert_is_made_once, an_alert_is_delivered_once).
    """
    Walk.objects.bulk_create([Walk(rule=rule.name)], ignore_conflicts=True)
    changed = 0
    while True:
        began = timezone.now()
        with transaction.atomic():
            walk = Walk.objects.select_for_update(skip_locked=True).filter(pk=rule.name).first()
            if walk is None or (walk.rest_until and began < walk.rest_until):
                return changed
            last = _end_of_step(walk.after)
            changed += _step(rule, today, walk.after, last)
            _walked(walk, last, began)
        if last is None or timezone.now() >= until:
            return changed


def _walked(walk: Walk, last: int | None, began: datetime) -> None:
    """Remember the place; after a long round rest, so that a rule takes a tenth of one core at most."""
    now = timezone.now()
    walk.after = last or 0
    walk.busy_ms += int((now - began).total_seconds() * 1000)
    if last is None:
        walk.finished_at = now
        walk.rest_until = now + timedelta(milliseconds=9 * walk.busy_ms) if walk.busy_ms > 1000 else None
        walk.busy_ms = 0
    walk.save()


def _end_of_step(after: int) -> int | None:
    """The id of the last client of this step; None when the rest of the bank is less than a step."""
    ids = Client.objects.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)
    return ids[STEP - 1 : STEP].first()


def _step(rule: AlertRule, today: date, first: int, last: int | None) -> int:
    """Make, renew, close and deliver the alerts of the clients after `first` up to `last`."""
    given = {
        "rule": rule.name,
        "today": today,
        "now": timezone.now(),
        "first": first,
        "last": last or 2**62,
        "roles": sorted(OFFICERS),
        **rule.figures(today),
    }
    with connection.cursor() as cursor:
        cursor.execute(_MAKE_AND_CLOSE.format(find=rule.find), given)
        counts: tuple[int, int] = cursor.fetchone()
        made, closed = counts
        cursor.execute(_DELIVER.format(recipients=_RECIPIENTS[rule.to]), given)
    if made or closed:
        record(
            "alerts looked for",
            by=night_shift(),
            payload={"rule": rule.name, "made": made, "closed": closed},
        )
    return made + closed


# An alert that is open with the same words is left alone, as is one a person closed; so a look that finds
# nothing new writes nothing. What is no longer so is closed, and opens again when it is so again.
_MAKE_AND_CLOSE = """
WITH so AS MATERIALIZED ({find}),
made AS (
    INSERT INTO alerts_alert (rule, client_id, subject_id, occurrence, urgency, due_on, facts, made_at,
                              closed_why, reason)
    SELECT %(rule)s, so.client_id, so.subject_id, so.occurrence, so.urgency, so.due_on, so.facts, %(now)s,
           '', ''
    FROM so
    WHERE NOT EXISTS (
        SELECT FROM alerts_alert known
        WHERE known.rule = %(rule)s AND known.subject_id = so.subject_id AND known.occurrence = so.occurrence
          AND (known.closed_why NOT IN ('', 'no longer so')
               OR (known.closed_at IS NULL AND known.urgency = so.urgency AND known.facts = so.facts)))
    ON CONFLICT (rule, subject_id, occurrence) DO UPDATE
    SET urgency = EXCLUDED.urgency, due_on = EXCLUDED.due_on, facts = EXCLUDED.facts,
        closed_at = NULL, closed_why = ''
    WHERE alerts_alert.closed_why IN ('', 'no longer so')
    RETURNING id
),
closed AS (
    UPDATE alerts_alert gone SET closed_at = %(now)s, closed_why = 'no longer so'
    WHERE gone.rule = %(rule)s AND gone.closed_at IS NULL
      AND gone.client_id > %(first)s AND gone.client_id <= %(last)s
      AND NOT EXISTS (
        SELECT FROM so WHERE so.subject_id = gone.subject_id AND so.occurrence = gone.occurrence)
    RETURNING id
),
dropped AS (
    UPDATE alerts_delivery SET state = 'dropped'
    WHERE alert_id IN (SELECT id FROM closed) AND state = 'waiting' AND mail_id IS NULL
    RETURNING id
)
SELECT (SELECT count(*) FROM made), (SELECT count(*) FROM closed) + 0 * (SELECT count(*) FROM dropped)
"""

# user_id, client_id and, where it is for the one whom the alert's row names, subject_id.
_RECIPIENTS = {
    To.BOOK: """
        SELECT member.user_id, client.id AS client_id, NULL::bigint AS subject_id
        FROM clients_client client
        JOIN staff_bookmember member ON member.book_id = client.book_id
             AND member.role IN ('owner', 'deputy') AND member.during @> %(now)s::timestamptz
        JOIN staff_user person ON person.id = member.user_id AND person.is_active
        WHERE client.id > %(first)s AND client.id <= %(last)s
    """,
    To.BORROWER: """
        SELECT loan.user_id, loan.content_object_id AS client_id, loan.id AS subject_id
        FROM clients_clientgrant loan JOIN staff_user person ON person.id = loan.user_id AND person.is_active
        WHERE loan.content_object_id > %(first)s AND loan.content_object_id <= %(last)s
    """,
    To.LEADS: """
        SELECT person.id AS user_id, client.id AS client_id, NULL::bigint AS subject_id
        FROM clients_client client
        JOIN staff_book book ON book.id = client.book_id
        JOIN staff_user person ON person.team_id = book.team_id AND person.role = 'team_lead'
             AND person.is_active
        WHERE client.id > %(first)s AND client.id <= %(last)s
    """,
    To.COMPLIANCE: """
        SELECT person.id AS user_id, alert.client_id, NULL::bigint AS subject_id
        FROM (SELECT DISTINCT client_id FROM alerts_alert WHERE rule = %(rule)s AND closed_at IS NULL
              AND client_id > %(first)s AND client_id <= %(last)s) alert
        CROSS JOIN staff_user person
        WHERE person.role = ANY(%(roles)s) AND person.is_active
    """,
}

# Also what was open before: after a handover the new owner gets it. Of a file behind a barrier an alert is
# made as of any other, and delivered to its insiders alone: a mail would count it.
_DELIVER = """
INSERT INTO alerts_delivery (alert_id, recipient_id, channel, state, made_at)
SELECT alert.id, recipient.user_id, channel.name, 'waiting', %(now)s
FROM alerts_alert alert
JOIN ({recipients}) recipient ON recipient.client_id = alert.client_id
     AND coalesce(recipient.subject_id = alert.subject_id, true)
CROSS JOIN (VALUES ('inbox'), ('email')) AS channel(name)
WHERE alert.rule = %(rule)s AND alert.closed_at IS NULL
  AND alert.client_id > %(first)s AND alert.client_id <= %(last)s
  AND NOT EXISTS (
    SELECT FROM clients_client walled WHERE walled.id = alert.client_id AND walled.barrier_id IS NOT NULL
      AND NOT EXISTS (
        SELECT FROM clients_barrierinsider insider WHERE insider.barrier_id = walled.barrier_id
          AND insider.user_id = recipient.user_id AND insider.during @> %(now)s::timestamptz))
  AND NOT EXISTS (
    SELECT FROM alerts_delivery known
    WHERE known.alert_id = alert.id AND known.channel = channel.name
      AND known.recipient_id = recipient.user_id AND known.state <> 'dropped')
ON CONFLICT (alert_id, channel, recipient_id) DO UPDATE SET state = 'waiting', made_at = EXCLUDED.made_at
WHERE alerts_delivery.state = 'dropped'
"""


def look_at_client(client_id: int, today: date, only: Collection[str] = ()) -> int:
    """All rules, or `only` some, for one client, after what cannot wait for the next look."""
    rules = [rule for name, rule in known_rules().items() if not only or name in only]
    return sum(_step(rule, today, client_id - 1, client_id) for rule in rules)


def look_at_everything(today: date, seconds: int = 40) -> int:
    """One look with every rule, each for its share of the time at most; how many alerts changed."""
    all_rules = known_rules().values()
    share = timedelta(seconds=seconds / max(1, len(all_rules)))
    return sum(look(rule, today, timezone.now() + share) for rule in all_rules)


# --- mailing ---------------------------------------------------------------------------------------------
def write_mails(now: datetime) -> int:
    """A mail, as a row and a job, for every person with unsent alerts who got none for a while; how many."""
    recently = Mail.objects.filter(to=OuterRef("pk"), made_at__gt=now - QUIET)
    people = list(
        User.objects.filter(Exists(_unsent(now).filter(recipient=OuterRef("pk"))), ~Exists(recently))
        .filter(is_active=True)
        .exclude(email="")
        .values_list("pk", flat=True)
    )
    return sum(_write_mail(person_id, now) for person_id in people)


def _unsent(now: datetime) -> Any:
    """Without what a barrier has meanwhile come to stand before."""
    insider = BarrierInsider.objects.filter(
        barrier=OuterRef("alert__client__barrier"), user=OuterRef("recipient"), during__contains=now
    )
    open_to_them = Q(alert__client__barrier=None) | Exists(insider)
    return Delivery.objects.filter(
        open_to_them,
        channel=Delivery.Channel.EMAIL,
        state=Delivery.State.WAITING,
        mail__isnull=True,
        alert__closed_at__isnull=True,
    )


@transaction.atomic
def _write_mail(person_id: int, now: datetime) -> int:
    """Put all unsent alerts of one person into one mail. The person's row is the lock: two never write it."""
    locked = User.objects.select_for_update(skip_locked=True, no_key=True).filter(pk=person_id)
    person = locked.first()
    if person is None or Mail.objects.filter(to_id=person_id, made_at__gt=now - QUIET).exists():
        return 0
    waiting = _unsent(now).filter(recipient=person)
    counts = [0, 0, 0]
    for urgency in waiting.values_list("alert__urgency", flat=True):
        counts[urgency - 1] += 1
    if not any(counts):
        return 0
    with translation.override(person.language):
        subject, body = _words(*counts)
    mail = _post(person, subject, body)
    Delivery.objects.filter(pk__in=list(waiting.values_list("pk", flat=True))).update(mail=mail)
    return 1


def _post(person: User, subject: str, body: str) -> Mail:
    """Write a mail and ask for its sending, in the caller's transaction."""
    fresh = f"<new-{person.pk}-{timezone.now().timestamp()}>"
    mail = Mail.objects.create(to=person, subject=subject, body=body, message_id=fresh)
    mail.message_id = f"<alerts-{mail.pk}@{settings.DEFAULT_FROM_EMAIL.rpartition('@')[2] or 'localhost'}>"
    mail.save(update_fields=["message_id"])
    jobs.ask("alerts.mail", _job_key(mail), mail=mail.pk)
    return mail


def write_mail(person: User, *, subject: str, sentence: str, url: str) -> Mail | None:
    """A mail about something that is on no client's file: a sentence and a link. None without an address."""
    if not person.email:
        return None
    with translation.override(person.language):
        last = _("This mail holds no client data. Log in to see more.")
    return _post(person, subject, "\n".join([sentence, "", settings.BASE_URL + reverse(url), "", last]))


def end_proposals(today: date) -> int:
    """Questions to a second person whose last day has passed are void, and who asked hears so; how many.

    Of every room that asks such questions, each in a transaction of its own. Safe to run twice.
    """
    ended = 0
    for model in apps.get_models():
        if issubclass(model, Proposal):
            late = model._default_manager.filter(state=Proposal.State.WAITING, until_on__lt=today)
            ended += sum(_end_proposal(late, pk) for pk in late.order_by("pk").values_list("pk", flat=True))
    return ended


@transaction.atomic
def _end_proposal(late: Any, pk: int) -> int:
    held: Proposal | None = (
        late.select_for_update(of=("self",)).select_related("asked_by").filter(pk=pk).first()
    )
    if held is None:
        return 0
    held.decide(Proposal.State.EXPIRED, None)
    held.save(update_fields=["state", "decided_by", "decided_at"])
    record("question to a second person ended", by=None, subject=held)
    with translation.override(held.asked_by.language):
        subject = _("Nobody confirmed what you asked for")
        sentence = _("Its last day has passed, so it is void. Ask anew if it is still wanted.")
    write_mail(held.asked_by, subject=subject, sentence=sentence, url=held.waits_at)
    return 1


def write_login_mails(now: datetime) -> int:
    """Tell people by mail what happened to their own login (staff/login/notices.py); how many mails."""
    notices.tell_of_tries()
    written = 0
    for person in User.objects.filter(login_notices__mailed_at__isnull=True).distinct():
        with transaction.atomic(), translation.override(person.language):
            waiting = list(
                person.login_notices.filter(mailed_at__isnull=True).select_for_update(skip_locked=True)
            )
            LoginNotice.objects.filter(pk__in=[each.pk for each in waiting]).update(mailed_at=now)
            if waiting and person.is_active:
                lines = [f"{each.get_what_display()}: {each.at:%Y-%m-%d %H:%M} UTC" for each in waiting]
                lines += ["", _("Was it not you? Look here, and tell whoever looks after RM CRM:")]
                subject = _("Your login to RM CRM")
                mail = write_mail(person, subject=subject, sentence="\n".join(lines), url="account")
                written += mail is not None
    return written


def _words(late: int, soon: int, note: int) -> tuple[str, str]:
    """Counts and a link: a mail leaves the house, so it names no client."""
    total = late + soon + note
    subject = ngettext("%(n)d new alert in your inbox", "%(n)d new alerts in your inbox", total) % {
        "n": total
    }
    lines = [_("New in your inbox:"), ""]
    lines += [
        f"  {label}: {count}"
        for label, count in zip(Urgency.labels, (late, soon, note), strict=True)
        if count
    ]
    lines += [
        "",
        settings.BASE_URL + reverse("inbox"),
        "",
        _("This mail holds no client data. Log in to see more."),
    ]
    return subject, "\n".join(str(line) for line in lines)


def send_mail(mail_id: int) -> None:
    """Send one written mail, in the transaction of its job; sent ones stay sent.

    Should the process die after the server's OK and before the commit, the job becomes uncertain.
    """
    mail = Mail.objects.select_for_update(of=("self",)).select_related("to").get(pk=mail_id)
    if mail.sent_at is not None:
        return
    mail.sent_at = timezone.now()
    mail.save(update_fields=["sent_at"])
    state = Delivery.State.UNCERTAIN if mail.doubts else Delivery.State.SENT
    mail.deliveries.update(state=state, done_at=mail.sent_at)
    message = EmailMessage(
        mail.subject, mail.body, to=[mail.to.email], headers={"Message-ID": mail.message_id}
    )
    # The last step: whatever can fail on our side has failed by now.
    with get_connection() as server:  # who is not there has not seen it: another try
        try:
            server.send_messages([message])
        except (TimeoutError, SMTPServerDisconnected) as error:
            raise Uncertain("the mail server went silent in the middle") from error


def send_again(now: datetime) -> int:
    """Ask once more for mails whose sending is in doubt: never lost, and marked as maybe doubled."""
    again = 0
    for mail in Mail.objects.filter(sent_at__isnull=True):
        if not is_uncertain(_job_key(mail)):
            continue
        with transaction.atomic():
            if Mail.objects.filter(pk=mail.pk, doubts=mail.doubts).update(doubts=mail.doubts + 1):
                mail.doubts += 1
                mail.deliveries.update(state=Delivery.State.UNCERTAIN)
                jobs.ask("alerts.mail", _job_key(mail), mail=mail.pk)
                again += 1
    return again


def _job_key(mail: Mail) -> str:
    return f"alerts.mail:{mail.pk}:{mail.doubts}"


# --- working the inbox -----------------------------------------------------------------------------------
@action(May.ALERTS_WORK, "alert dismissed", on="alerts.Alert", remember=("reason",))
def dismiss_alert(alert: Alert, *, by: User, reason: str) -> Alert:
    """Close an alert that needs no work, saying why, for everyone who has it."""
    stays = known_rules()[alert.rule].stays
    refuse_if(rules.refusals_to_dismiss(alert.closed_at is None, reason, stays))
    alert.closed_at, alert.closed_by = timezone.now(), by
    alert.closed_why, alert.reason = "dismissed", reason
    alert.save(update_fields=["closed_at", "closed_by", "closed_why", "reason"])
    alert.deliveries.filter(state=Delivery.State.WAITING, mail__isnull=True).update(
        state=Delivery.State.DROPPED
    )
    return alert


@action(May.ALERTS_WORK, "alert reopened", on="alerts.Alert")
def reopen_alert(alert: Alert, *, by: User) -> Alert:
    """Undo of dismissing."""
    refuse_if(rules.refusals_to_reopen(alert.closed_why))
    alert.closed_at = alert.closed_by = None
    alert.closed_why = alert.reason = ""
    alert.save(update_fields=["closed_at", "closed_by", "closed_why", "reason"])
    return alert


@action(May.ALERTS_WORK, "alert snoozed", on="alerts.Alert", remember=("until",))
def snooze_alert(alert: Alert, *, by: User, until: date) -> Alert:
    """Hide an alert from one's own inbox until a day; others who have it still see it."""
    refuse_if(rules.refusals_to_snooze(alert.closed_at is None, until, timezone.localdate()))
    Delivery.objects.filter(alert=alert, recipient=by, channel=Delivery.Channel.INBOX).update(
        snoozed_until=until, state=Delivery.State.READ
    )
    return alert


def mark_read(person: User, alert_ids: list[int]) -> None:
    """What was on the page is no longer new. No business verb: nobody else learns of it."""
    Delivery.objects.filter(
        recipient=person, channel=Delivery.Channel.INBOX, alert_id__in=alert_ids, state=Delivery.State.WAITING
    ).update(state=Delivery.State.READ, done_at=timezone.now())
