"""From a suggestion to first use: taken up, moved, declined; and nobody else can."""

import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from audit.models import AuditEvent
from clients.access import reach
from clients.models import Interaction
from opportunities import actions, selectors
from opportunities.alerts import STALE
from opportunities.models import Opportunity
from portfolios.models import FxRate
from tests.cast import make_client
from tests.opportunities.stage import (
    allow_offers,
    assess,
    have_event,
    make_card,
    open_account,
    ready,
    stock_the_shelf,
    want,
)
from ui.refusals import NotPermitted, NotVisible, Refused


def take_up(client, by, kind="pension"):
    return actions.take_up_suggestion(client, by=by, product_kind=kind)


def move(card, by, to, seen):
    return actions.move_opportunity(card, by=by, to=to, expected=seen)


# --- taking up -------------------------------------------------------------------------------------------


def test_rita_takes_up_a_suggestion_and_the_card_remembers_why(rita, anna):
    ready(anna, rita)
    card = take_up(anna, rita)
    assert (card.stage, card.owner, card.reason) == ("identified", rita, "goal_without_product")
    assert card.facts["pack_version"] == 2
    assert (card.value, card.currency) == (Decimal(50000), "EUR")
    event = AuditEvent.objects.order_by("-id").values("verb", "client_id", "payload")[0]
    assert event == {
        "verb": "opportunity taken up",
        "client_id": anna.pk,
        "payload": {"product_kind": "pension", "rule_packs": {"suitability": 1, "opportunities": 2}},
    }


def test_the_same_need_is_taken_up_once_at_a_time(rita, anna):
    ready(anna, rita)
    take_up(anna, rita)
    with pytest.raises(Refused, match="open already"):
        take_up(anna, rita)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_card(anna, rita)


def test_a_need_that_is_gone_or_may_not_be_served_is_refused(rita, anna):
    with pytest.raises(Refused, match="no longer holds"):
        take_up(anna, rita)
    want(anna)
    with pytest.raises(Refused, match="consented"):
        take_up(anna, rita)
    assert not Opportunity.objects.exists()


def test_nobody_else_takes_up_or_moves(cast):
    ready(cast.anna, cast.rita)
    card = make_card(cast.anna, cast.rita, kind="fund")
    for stranger, refusal in ((cast.otto, NotVisible), (cast.ada, NotVisible), (cast.cora, NotPermitted)):
        with pytest.raises(refusal):
            take_up(cast.anna, stranger)
        with pytest.raises(refusal):
            move(card, stranger, "need_confirmed", "identified")
        with pytest.raises(refusal):
            actions.decline_opportunity(card, by=stranger, reason="price")
    assert take_up(cast.anna, cast.theo).owner == cast.theo


# --- moving ----------------------------------------------------------------------------------------------


def test_a_card_goes_step_by_step_to_first_use(rita, anna):
    ready(anna, rita)
    card = take_up(anna, rita)
    seen = "identified"
    for to in ("need_confirmed", "proposed", "accepted", "in_use"):
        assert move(card, rita, to, seen).stage == to
        seen = to
    with pytest.raises(Refused, match="final"):
        move(card, rita, "accepted", seen)


def test_of_two_who_move_at_once_the_second_is_told(cast):
    card = make_card(cast.anna, cast.rita, stage="need_confirmed")
    move(card, cast.theo, "identified", "need_confirmed")
    with pytest.raises(Refused, match="colleague"):
        move(card, cast.rita, "identified", "need_confirmed")


def test_nothing_is_proposed_once_the_client_took_the_consent_back(rita, anna):
    stock_the_shelf()
    consent = allow_offers(anna)
    card = make_card(anna, rita, stage="need_confirmed")
    consent.withdrawn_on = timezone.localdate()
    consent.save()
    with pytest.raises(Refused, match="consented"):
        move(card, rita, "proposed", "need_confirmed")
    card.refresh_from_db()
    assert card.stage == "need_confirmed"


def test_declining_takes_a_reason_and_the_product_rests(rita, anna):
    ready(anna, rita)
    card = take_up(anna, rita)
    actions.decline_opportunity(card, by=rita, reason="later")
    assert selectors.for_client(anna, timezone.localdate()).free == []
    Opportunity.objects.update(moved_at=timezone.now() - timedelta(days=91))
    assert [s.product_kind for s in selectors.for_client(anna, timezone.localdate()).free] == ["pension"]


def test_a_declined_card_without_a_reason_is_impossible(rita, anna):
    with pytest.raises(IntegrityError), transaction.atomic():
        make_card(anna, rita, stage="declined")


# --- facts from real data --------------------------------------------------------------------------------


def test_cash_counts_in_the_reporting_currency_and_a_missing_rate_is_no_guess(rita, cast):
    stock_the_shelf()
    client = make_client("Sven Berg", cast.rita_book, value=Decimal(50000), currency="SEK")
    allow_offers(client)
    assess(client, rita)
    open_account(client, "400000", currency="SEK")
    open_account(client, "100", kind="savings")
    today = timezone.localdate()
    assert selectors.for_client(client, today).free == []
    FxRate.objects.create(currency="SEK", on=today - timedelta(days=3), per_euro=Decimal(10), source="test")
    (found,) = selectors.for_client(client, today).free
    assert (found.product_kind, found.reason, found.facts["share"]) == ("fund", "cash_above_band", 80)


def test_a_life_event_a_complaint_and_the_target_market_are_read_from_the_file(rita, anna):
    stock_the_shelf(mortgage=["hnw"])
    allow_offers(anna)
    have_event(anna, "home")
    today = timezone.localdate()
    (held_back,) = selectors.for_client(anna, today).held_back
    assert "target market" in held_back.refusals[0]
    Interaction.objects.create(
        client=anna, channel="call", purpose="complaint", at=timezone.now(), summary="Unhappy", by=rita
    )
    assert "complained" in " ".join(selectors.for_client(anna, today).refusals)


def test_suggestions_take_the_same_queries_for_one_client_and_for_thirty(
    rita, cast, django_assert_num_queries
):
    ready(cast.anna, rita)
    today = timezone.localdate()
    reach(rita)  # once a request
    with CaptureQueriesContext(connection) as one:
        assert len(selectors.suggestions(rita, today)) == 1
    for number in range(30):
        client = make_client(f"Client {number}", cast.rita_book)
        allow_offers(client)
        want(client)
    with django_assert_num_queries(len(one)):
        assert len(selectors.suggestions(rita, today)) == 31
    assert len(one) == 15


def test_otto_is_suggested_nothing_of_ritas_clients(cast):
    ready(cast.anna, cast.rita)
    today = timezone.localdate()
    assert selectors.suggestions(cast.otto, today) == []
    assert [one.client for one in selectors.suggestions(cast.theo, today)] == [cast.anna]


# --- pages -----------------------------------------------------------------------------------------------


def test_the_board_counts_and_sums_every_column(cast, django_assert_num_queries):
    make_card(cast.anna, cast.rita)
    make_card(cast.anna, cast.theo, kind="fund")
    make_card(cast.omar, cast.otto)
    today = timezone.localdate()
    with django_assert_num_queries(4):  # books and grants, rates, figures, cards
        columns = selectors.board(cast.rita, today)
    assert (columns[0].key, columns[0].count, columns[0].total) == (
        "identified",
        2,
        Decimal(2000),
    )
    assert selectors.board(cast.theo, today, cast.theo.pk)[0].count == 1


def test_a_card_in_a_currency_without_a_rate_makes_no_sum(cast):
    make_card(cast.anna, cast.rita, currency="JPY")
    assert selectors.board(cast.rita, timezone.localdate())[0].total is None


def test_rita_drags_a_card_and_a_stale_one_is_marked(page_of, rita, anna):
    card = make_card(anna, rita, days_ago=20)
    browser = page_of(rita)
    board = browser.get(reverse("opportunities:pipeline"))
    assert "Waits too long" in board.content.decode()
    (shown,) = board.context["columns"][0]["cards"]
    answer = browser.post(shown["move_url"], {"to": "need_confirmed", "form_key": "k1"})
    assert answer.status_code == 303
    again = browser.post(shown["move_url"], {"to": "need_confirmed", "form_key": "k2"})
    assert again.status_code == 409
    assert "colleague" in again.content.decode()
    card.refresh_from_db()
    assert card.stage == "need_confirmed"


def test_a_card_is_stale_as_of_the_day_asked_for(db):
    assert selectors.stale_before(date(2026, 3, 20)) == datetime(2026, 3, 6, tzinfo=UTC)


def test_the_list_shows_what_waits_longest_first_and_filters(page_of, rita, anna):
    fresh, stale = make_card(anna, rita), make_card(anna, rita, kind="fund", days_ago=20)
    browser, url = page_of(rita), reverse("opportunities:pipeline")
    rows = browser.get(url, {"view": "list"}).context["page"].rows
    assert rows == [stale, fresh]
    assert browser.get(url, {"view": "list", "stale": "1"}).context["page"].rows == [stale]
    assert browser.get(url, {"view": "list", "stage": "nonsense"}).status_code == 200


def test_the_file_says_what_would_help_and_takes_it_up(page_of, rita, anna):
    ready(anna, rita)
    browser = page_of(rita)
    panel = browser.get(
        reverse("opportunities:client", args=[anna.pk]),
        headers={"HX-Request": "true", "HX-Target": "section#opportunities_panel"},
    )
    assert panel.content.decode().lstrip().startswith("<section")
    assert "no product that serves it" in panel.content.decode()
    taken = browser.post(reverse("opportunities:new", args=[anna.pk]), {"product_kind": "pension"})
    assert taken.status_code == 303
    card = browser.get(taken.headers["Location"])
    assert "Need confirmed" in card.content.decode()


def test_declining_without_a_reason_names_the_field(page_of, rita, anna):
    url = reverse("opportunities:closure", args=[make_card(anna, rita).pk])
    answer = page_of(rita).post(url, {"reason": ""})
    assert answer.status_code == 422
    for words in ("", "  "):
        answer = page_of(rita).post(url, {"reason": "other", "note": words})
        assert (answer.status_code, [*answer.context["form"].errors]) == (422, ["note"])
    assert page_of(rita).post(url, {"reason": "price"}).status_code == 303


def test_another_reason_to_decline_is_said_in_words(page_of, rita, anna):
    card = make_card(anna, rita)
    with pytest.raises(Refused, match="in words"):
        actions.decline_opportunity(card, by=rita, reason="other")
    browser = page_of(rita)
    browser.post(
        reverse("opportunities:closure", args=[card.pk]), {"reason": "other", "note": "Moves to Rome."}
    )
    page = browser.get(reverse("opportunities:opportunity", args=[card.pk])).content.decode()
    assert "Moves to Rome." in page


def test_cora_reads_a_card_in_the_file_but_has_no_pipeline(page_of, cora, rita, anna):
    card = make_card(anna, rita)
    browser = page_of(cora)
    assert browser.get(reverse("opportunities:pipeline")).status_code == 403
    page = browser.get(reverse("opportunities:opportunity", args=[card.pk]))
    assert page.status_code == 200
    assert "/stage/" not in page.content.decode()


def test_otto_gets_the_same_404_for_a_foreign_and_a_missing_card(page_of, otto, rita, anna):
    card = make_card(anna, rita)
    for name in ("opportunity", "stage", "closure"):
        method = "get" if name == "opportunity" else "post"
        answers = [
            getattr(page_of(otto), method)(
                reverse(f"opportunities:{name}", args=[pk]), {"to": "proposed", "reason": "price"}
            )
            for pk in (card.pk, 999_999)
        ]  # fmt: skip
        assert [answer.status_code for answer in answers] == [404, 404]


def test_a_card_that_waits_too_long_is_found_for_an_alert(rita, anna):
    make_card(anna, rita, kind="fund", days_ago=14)
    stale = make_card(anna, rita, days_ago=15)
    make_card(anna, rita, kind="card", stage="in_use", days_ago=40)
    today = timezone.localdate()
    with connection.cursor() as cursor:
        cursor.execute(STALE.find, {"first": 0, "last": 10**9, "today": today, **STALE.figures(today)})
        names = [column.name for column in cursor.description]
        (row,) = [dict(zip(names, values, strict=True)) for values in cursor.fetchall()]
    facts = json.loads(row["facts"])
    assert (row["client_id"], row["subject_id"], row["urgency"]) == (anna.pk, stale.pk, 3)
    assert row["due_on"] == today - timedelta(days=1)
    assert "Identified" in STALE.sentence(facts)
