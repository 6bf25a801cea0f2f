"""The inbox: through the lock when it is shown; dismiss, snooze, take back; the bell; the outbox."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from alerts import actions, selectors
from alerts.models import Alert, Delivery
from audit.models import AuditEvent
from staff.models import BookMember
from tests.alerts.test_look import TODAY, silence
from tests.cast import make_client
from ui.refusals import NotVisible, Refused


@pytest.fixture
def alert(cast):
    silence(cast.anna)
    silence(cast.omar, 400)
    actions.look_at_everything(TODAY())
    return Alert.objects.get(client=cast.anna)


def test_the_inbox_says_who_why_and_since_when_and_is_then_read(page_of, rita, alert):
    assert selectors.unread_count(rita) == 1
    page = page_of(rita).get(reverse("inbox")).content.decode()
    assert "Anna Keller" in page
    assert "agreed is one every 60 days" in page
    assert "Omar" not in page
    assert selectors.unread_count(rita) == 0
    event = AuditEvent.objects.filter(verb="list shown", by_login="rita").latest("id")
    assert event.payload["clients"] == [alert.client_id]


def test_after_a_handover_the_old_owner_sees_neither_name_nor_number(page_of, cast, alert):
    now = timezone.now()
    BookMember.objects.filter(book=cast.rita_book).update(during=(now - timedelta(days=9), now))
    page = page_of(cast.rita).get(reverse("inbox")).content.decode()
    assert "Keller" not in page
    assert selectors.unread_count(cast.rita) == 0


def test_an_alert_is_dismissed_with_a_reason_and_taken_back(page_of, rita, alert):
    url = reverse("alerts:dismissal", args=[alert.pk])
    answer = page_of(rita).post(url, {"reason": "client_wish", "form_key": "a"})
    assert (answer.status_code, answer["Location"]) == (303, reverse("inbox"))
    alert.refresh_from_db()
    assert (alert.closed_why, alert.reason, alert.closed_by) == ("dismissed", "client_wish", rita)
    event = AuditEvent.objects.filter(verb="alert dismissed").latest("id")
    assert (event.client_id, event.payload) == (alert.client_id, {"reason": "client_wish"})
    assert "Open again" in page_of(rita).get(reverse("inbox")).content.decode()
    page_of(rita).post(url, {"undo": "1", "form_key": "b"})
    assert Alert.objects.open().filter(pk=alert.pk).exists()


@pytest.mark.parametrize("reason", ["", "because"])
def test_without_a_reason_of_the_list_it_stays(page_of, rita, alert, reason):
    answer = page_of(rita).post(reverse("alerts:dismissal", args=[alert.pk]), {"reason": reason})
    assert answer.status_code == 409
    assert "Say why" in answer.content.decode()
    assert Alert.objects.open().filter(pk=alert.pk).exists()


def test_a_closed_alert_is_not_dismissed_twice_and_only_a_dismissed_one_comes_back(rita, alert):
    Alert.objects.update(closed_at=timezone.now(), closed_why="no longer so")
    for act in (
        lambda: actions.dismiss_alert(alert, by=rita, reason="handled"),
        lambda: actions.reopen_alert(alert, by=rita),
        lambda: actions.snooze_alert(alert, by=rita, until=TODAY() + timedelta(days=1)),
    ):
        with pytest.raises(Refused):
            act()


def test_a_snoozed_alert_is_away_until_its_day_and_only_for_who_snoozed_it(cast, alert):
    BookMember.objects.create(
        book=cast.rita_book, user=cast.theo, role="deputy", during=(timezone.now(), None)
    )
    actions.look_at_everything(TODAY())
    actions.snooze_alert(alert, by=cast.rita, until=TODAY() + timedelta(days=3))
    assert not selectors.open_alerts(cast.rita, TODAY() + timedelta(days=2)).exists()
    assert selectors.open_alerts(cast.rita, TODAY() + timedelta(days=3)).exists()
    assert selectors.open_alerts(cast.theo, TODAY()).filter(pk=alert.pk).exists()


@pytest.mark.parametrize("days", [0, -1, 31])
def test_a_snooze_ends_after_today_and_within_a_month(rita, alert, days):
    with pytest.raises(Refused):
        actions.snooze_alert(alert, by=rita, until=TODAY() + timedelta(days=days))


def test_nobody_else_can(page_of, cast, alert):
    for name, form in (
        ("dismissal", {"reason": "handled"}),
        ("snooze", {"until": TODAY() + timedelta(days=1)}),
    ):
        url, missing = reverse(f"alerts:{name}", args=[alert.pk]), reverse(f"alerts:{name}", args=[999_999])
        assert [page_of(cast.otto).post(at, form).status_code for at in (url, missing)] == [404, 404]
    with pytest.raises(NotVisible):
        actions.dismiss_alert(alert, by=cast.otto, reason="handled")
    with pytest.raises(NotVisible):
        actions.dismiss_alert(alert, by=cast.ada, reason="handled")
    assert page_of(cast.ada).get(reverse("inbox")).status_code == 403


def test_a_page_costs_the_same_for_one_alert_and_for_thirty(page_of, cast, alert):
    browser = page_of(cast.rita)
    browser.get(reverse("inbox"))
    counts = []
    for more in (0, 35):
        for n in range(more):
            silence(make_client(f"Client {n}", cast.rita_book), 100 + n)
        actions.look_at_everything(TODAY())
        with CaptureQueriesContext(connection) as queries:
            page = browser.get(reverse("inbox"))
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 14
    assert len(page.context["page"]) == 30
    following = browser.get(reverse("inbox"), {"after": page.context["page"].after, "urgency": 1})
    assert len(following.context["page"]) == 6


def test_a_wrong_filter_is_no_error(page_of, rita, alert):
    answer = page_of(rita).get(reverse("inbox"), {"rule": "x'; --", "urgency": "9", "after": "-1"})
    assert answer.status_code == 200
    assert "Anna Keller" in answer.content.decode()


def test_the_bell_counts_and_neither_audits_nor_prolongs_the_session(page_of, rita, alert):
    browser = page_of(rita)
    browser.get(reverse("home"))
    session = browser.session
    seen = session["seen"] - 120
    session["seen"] = seen
    session.save()
    before = AuditEvent.objects.count()
    answer = browser.get(reverse("alerts:bell"), headers={"X-Poll": "1", "HX-Request": "true"})
    assert 'id="bell"' in answer.content.decode()
    assert "Inbox, 1 unread" in answer.content.decode()
    assert AuditEvent.objects.count() == before
    assert browser.session["seen"] == seen


@pytest.mark.parametrize(
    ("change", "unread"),
    [
        (dict, 1),
        (lambda: {"snoozed_until": TODAY()}, 1),
        (lambda: {"snoozed_until": TODAY() + timedelta(days=1)}, 0),
        (lambda: {"state": "read"}, 0),
        (lambda: {"channel": "email"}, 0),
    ],
)
def test_unread_is_what_waits_awake_in_the_own_inbox(cast, alert, change, unread):
    Delivery.objects.exclude(recipient=cast.rita, channel="inbox").delete()
    Delivery.objects.update(**change())
    assert selectors.unread_count(cast.rita) == unread
    assert selectors.unread_count(cast.theo) == 0, "who sees the client too"


def test_unread_is_counted_to_a_hundred(cast):
    for n in range(105):
        silence(make_client(f"Client {n}", cast.rita_book))
    actions.look_at_everything(TODAY())
    assert selectors.unread_count(cast.rita) == 100


def test_the_outbox_shows_one_s_own_mails_and_all_to_who_may_see_them(page_of, cast, alert):
    actions.write_mails(timezone.now())
    seen = {
        login: page_of(getattr(cast, login)).get(reverse("outbox")).content.decode()
        for login in ("rita", "otto", "cora", "ada")
    }
    assert "rita@bank.example" in seen["rita"]
    assert "otto@bank.example" not in seen["rita"]
    for login in ("cora", "ada"):
        assert "rita@bank.example" in seen[login]
        assert "otto@bank.example" in seen[login]
        assert "Keller" not in seen[login]


def test_a_delivery_of_the_inbox_is_made_exactly_once_per_person(cast, alert):
    rows = Delivery.objects.filter(alert=alert).values_list("recipient__login", "channel")
    assert sorted(rows) == [("rita", "email"), ("rita", "inbox")]
