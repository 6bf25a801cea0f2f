"""A relationship ends: asked for by who serves the client, confirmed by a second person, and then kept."""

import html
import threading
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from alerts.actions import look_at_everything
from alerts.models import Alert
from audit.models import AuditEvent
from clients.models import Client, Party, Relationship, State, Task
from compliance.models import LegalHold, ScreeningHit
from compliance.rules.keeping import years_after
from compliance.selectors.keeping import keeping_of
from onboarding.actions import ask_end, confirm_end, return_end, start_onboarding, take_back_end
from onboarding.models import Ending
from onboarding.rules import endings as rules
from onboarding.selectors.endings import end_rules, to_see_to
from portfolios.models import Account
from suspicion.rules import kept_until as case_kept_until
from tests.cast import lend, make_cast, make_person
from tests.house.stage import Stage
from tests.portfolios.make import account
from ui.refusals import NotPermitted, NotVisible, Refused

WISH = {"cause": "wish", "reason": "She moves to Lisbon and takes a bank there"}
CHECK = "A compliance check of this client is open."


def url(name, *args):
    return reverse(f"onboarding:{name}", args=args)


def read(browser, address):
    return html.unescape(browser.get(address).content.decode())


def words(person, client):
    return " ".join(found.sentence for found in to_see_to(person, client))


def test_rita_asks_theo_confirms_and_the_file_is_kept_for_its_years(page_of, cast):
    anna, today = cast.anna, timezone.localdate()
    rita, theo, otto = page_of(cast.rita), page_of(cast.theo), page_of(cast.otto)
    file, page = reverse("client", args=[anna.pk]), url("ending", anna.pk)
    bank_account = account(anna)
    Task.objects.create(
        client=anna, kind="call", title="Call", assigned_to=cast.rita, due_on=today, promise=True
    )
    assert otto.get(page).status_code == 404
    assert otto.post(page, WISH).status_code == 404
    grant = lend(anna, cast.otto, cast.rita, ends_at=timezone.now() + timedelta(days=9))
    later = lend(anna, cast.otto, cast.rita, starts_at=timezone.now() + timedelta(days=20))
    assert page in read(rita, file)  # "End the relationship"
    shown = read(rita, page)
    for said in ("1 account is still open", "1 promise to", "is lent to 2 colleagues", "Before the end"):
        assert said in shown
    wrong = rita.post(page, WISH | {"reason": ""})
    assert wrong.status_code == 422
    assert '<option value="wish" selected>' in wrong.content.decode()
    assert rita.post(page, WISH).status_code == 303
    ending = Ending.objects.get()
    assert "Is being ended" in read(rita, file)
    assert "Is being ended" in read(otto, page)
    assert Client.objects.get(pk=anna.pk).state == "active", "served as before"
    assert "A lead of the team or compliance confirms or returns it" in read(otto, page)
    for desk in (reverse("team"), url("endings")):
        assert "She moves" not in read(theo, desk)
        assert page in read(theo, desk)
    assert page in read(page_of(cast.cora), reverse("compliance"))
    again = rita.post(page, WISH)
    assert again.status_code == 409
    assert "waits for a second person" in again.content.decode()
    with pytest.raises(IntegrityError), transaction.atomic():
        Ending.objects.create(client=anna, asked_by=cast.rita, fingerprint="", **WISH)

    yes = url("ending_confirmation", ending.pk)
    assert rita.post(yes).status_code == 403
    refused = theo.post(yes)
    assert refused.status_code == 409
    assert "have it closed in the core system" in refused.content.decode()
    Account.objects.filter(pk=bank_account.pk).update(closed_on=today)
    assert 'aria-disabled="true"' not in read(theo, page)
    assert theo.post(yes).status_code == 303

    closed = Client.objects.get(pk=anna.pk)
    assert (closed.state, closed.closed_on) == ("closed", today)
    told = read(rita, file)
    assert "asked for by Rita Muster, approved by Theo Muster. Why: The client's wish." in told
    assert "Nobody reopens a closed file" in read(rita, page)
    assert otto.get(file).status_code == 404, "what was lent has ended with it"
    grant.refresh_from_db()
    assert grant.ended_by == cast.theo
    assert not type(later).objects.filter(pk=later.pk).exists(), "what had not begun never was"
    for who, deed in ((theo, yes), (rita, url("ending_withdrawal", ending.pk))):
        assert who.post(deed).status_code == 409
    ended = rita.post(page, WISH)
    assert "The relationship has ended already." in ended.content.decode()
    with pytest.raises(Refused, match="Only a lead is onboarded"):
        start_onboarding(anna.pk, by=cast.rita, products=["current"])
    kept = keeping_of(closed, today)
    assert (kept.ended_on, kept.until) == (today, years_after(today, 5))
    assert "How long it is kept" in read(page_of(cast.cora), page)
    assert "How long it is kept" not in read(rita, page)
    verbs = AuditEvent.objects.filter(client_id=anna.pk, verb__contains="relationship")
    assert [*verbs.order_by("id").values_list("verb", "by_login")] == [
        ("end of the relationship asked for", "rita"), ("relationship ended", "theo"),
    ]  # fmt: skip


def test_it_is_returned_with_a_reason_taken_back_and_asked_for_anew(page_of, cast):
    anna, rita, theo = cast.anna, page_of(cast.rita), page_of(cast.theo)
    first = ask_end(anna.pk, by=cast.rita, **WISH)
    no = url("ending_return", first.pk)
    assert theo.post(no, {"answer": " "}).status_code == 422
    assert rita.post(no, {"answer": "No"}).status_code == 403
    assert page_of(cast.otto).post(no, {"answer": " "}).status_code == 404
    assert theo.post(no, {"answer": "Speak with her once more"}).status_code == 303
    shown = read(rita, url("ending", anna.pk))
    assert "Speak with her once more" in shown
    assert "Is being ended" not in read(rita, reverse("client", args=[anna.pk]))
    look_at_everything(timezone.localdate())
    told = Alert.objects.get(rule="onboarding.end_returned")
    assert (told.client_id, told.closed_at) == (anna.pk, None)
    second = ask_end(anna.pk, by=cast.rita, **WISH)
    look_at_everything(timezone.localdate())
    told.refresh_from_db()
    assert told.closed_at
    with pytest.raises(Refused, match="Only who asked takes it back"):
        take_back_end(second.pk, by=cast.theo)
    assert rita.post(url("ending_withdrawal", second.pk)).status_code == 303
    with pytest.raises(Refused, match="This was decided already"):
        confirm_end(second.pk, by=cast.theo)
    listed = read(rita, url("endings"))
    assert listed.count(url("ending", anna.pk)) == 2
    assert url("ending", anna.pk) not in read(page_of(cast.otto), url("endings"))
    assert Client.objects.get(pk=anna.pk).state == "active"


def test_who_asks_does_not_confirm_and_what_compliance_wants_an_officer_confirms(cast, page_of):
    asked = ask_end(cast.anna.pk, by=cast.theo, cause="risk_appetite", reason="The bank leaves the country")
    with pytest.raises(Refused, match="You asked for this"):
        confirm_end(asked.pk, by=cast.theo)
    head = make_person("helga", "regional_head", cast.theo.team)
    for deed in (lambda: confirm_end(asked.pk, by=head), lambda: return_end(asked.pk, by=head, answer="No")):
        with pytest.raises(Refused, match="an officer of compliance decides"):
            deed()
    assert "You are not the second person here" in read(page_of(head), url("ending", cast.anna.pk))
    with pytest.raises(NotPermitted):
        confirm_end(asked.pk, by=cast.rita)
    with pytest.raises(NotVisible):
        confirm_end(asked.pk, by=make_person("lars", "team_lead", cast.otto.team))
    assert confirm_end(asked.pk, by=cast.cora).client.state == "closed"


def test_nobody_confirms_what_is_no_longer_so(cast):
    stale = "has changed since it was asked for"
    held = account(cast.anna)

    def asked():
        Ending.objects.all().delete()
        return ask_end(cast.anna.pk, by=cast.rita, **WISH).pk

    waits = asked()
    Account.objects.filter(pk=held.pk).update(closed_on=timezone.localdate())
    another = account(cast.anna)
    with pytest.raises(Refused, match=stale):
        confirm_end(waits, by=cast.theo)
    Account.objects.filter(pk=another.pk).update(closed_on=timezone.localdate())
    waits = asked()
    main = Party.objects.get(client=cast.anna, is_client=True)
    beat = Party.objects.create(client=cast.anna, kind="person", name="Beat Keller")
    Relationship.objects.create(client=cast.anna, party=beat, of=main, kind="holder")
    with pytest.raises(Refused, match=stale):
        confirm_end(waits, by=cast.theo)
    waits = asked()
    Client.objects.filter(pk=cast.anna.pk).update(book=cast.otto_book)
    with pytest.raises(NotVisible):
        confirm_end(waits, by=cast.theo)
    with pytest.raises(Refused, match=stale):
        confirm_end(waits, by=cast.cora)
    Client.objects.filter(pk=cast.anna.pk).update(book=cast.rita_book)
    assert confirm_end(waits, by=cast.theo).state == "confirmed"


def test_what_stops_it_is_said_neutrally_and_of_an_officers_hold_nothing(cast, page_of):
    stage, anna = Stage(cast), cast.anna
    LegalHold.objects.create(client=anna, kind="legal", reason="A raid", set_by=cast.cora, pack_version=1)
    assert words(cast.rita, anna) == words(cast.cora, anna) == ""
    assert "Nothing stands in the way" in read(page_of(cast.rita), url("ending", anna.pk))
    assert stage.hit.state == "open"
    assert words(cast.rita, anna) == CHECK
    waits = ask_end(anna.pk, by=cast.rita, **WISH)
    with pytest.raises(Refused, match=CHECK):
        confirm_end(waits.pk, by=cast.theo)
    take_back_end(waits.pk, by=cast.rita)
    ScreeningHit.objects.update(frozen=True)
    assert words(cast.rita, anna) == CHECK, "once, though two rules say it"
    refused = page_of(cast.rita).post(url("ending", anna.pk), WISH)
    assert refused.status_code == 409
    assert CHECK in refused.content.decode()


def test_every_room_says_what_it_knows_and_to_nobody_more_than_he_may_know(
    cast, page_of, django_assert_num_queries
):
    stage, anna = Stage(cast), cast.anna
    assert [rule.stops for rule in end_rules()] == sorted(
        (rule.stops for rule in end_rules()), key=["asking", "end", "nothing"].index
    )
    rita = page_of(cast.rita)
    rita.get(url("ending", anna.pk))
    # With a request: whether it is so still, and whether the reader is another person.
    for asked, lists in ((24, 11), (28, 12)):
        with django_assert_num_queries(asked):
            rita.get(url("ending", anna.pk))
        with django_assert_num_queries(lists):
            rita.get(url("endings"))
        assert all((stage.handover, stage.opportunity, stage.review, stage.ending, stage.task))
    known = words(cast.theo, anna)
    for said in ("1 opportunity is under way", "a colleague: that is", "1 task is", "A portfolio review"):
        assert said in known
    assert "handed over" not in words(cast.rita, anna), "she learns of it when it is done"


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_wins_and_the_other_reads_a_sentence():
    cast = make_cast()

    def at_once(*deeds):
        start, said = threading.Barrier(len(deeds)), []

        def run(deed):
            try:
                start.wait()
                deed()
                said.append("done")
            except Refused as refused:
                said.append(refused.sentences[0])
            finally:
                connection.close()

        windows = [threading.Thread(target=run, args=(deed,)) for deed in deeds]
        for window in windows:
            window.start()
        for window in windows:
            window.join()
        return sorted(said)

    asking = [lambda by=by: ask_end(cast.anna.pk, by=by, **WISH) for by in (cast.rita, cast.theo)]
    assert at_once(*asking) == [
        "Its end was asked for already, and waits for a second person.", "done",
    ]  # fmt: skip
    waits = Ending.objects.get()
    officer = make_person("clea", "compliance")
    assert at_once(
        lambda: confirm_end(waits.pk, by=officer), lambda: return_end(waits.pk, by=cast.cora, answer="No")
    ) == ["This was decided already.", "done"]
    waits.refresh_from_db()
    assert (Client.objects.get(pk=cast.anna.pk).state == "closed") == (waits.state == "confirmed")


@pytest.mark.parametrize(
    ("state", "waits", "stops", "sentence"),
    [
        ("active", False, [], None),
        ("dormant", False, [], None),
        ("lead", False, [], "no client yet"),
        ("onboarding", False, [], "not decided yet"),
        ("closed", True, [], "ended already"),
        ("active", True, ["x"], "waits for a second person"),
        ("active", False, ["x"], "x"),
    ],
)
def test_of_whom_an_end_may_be_asked(state, waits, stops, sentence):
    found = rules.refusals_to_ask_end(state, waits, stops)
    assert found == [] if sentence is None else sentence in found[0]


def test_an_end_has_a_reason_from_the_list_and_words():
    assert rules.refusals_to_give_cause("wish", "Moves") == []
    assert "from the list" in rules.refusals_to_give_cause("suspicion", "Moves")[0]
    assert "in words" in rules.refusals_to_give_cause("wish", " ")[0]
    assert {each.value for each in Ending.Cause} == set(rules.CAUSES)
    assert set(rules.RELATIONSHIP) == {*State.values, *rules.DERIVED}


def test_years_that_end_on_no_day_end_on_the_last_of_february_for_a_file_and_for_a_case():
    leap = date(2024, 2, 29)
    assert years_after(leap, 5) == date(2029, 2, 28)
    assert case_kept_until(leap, None, {"keep_years": 5}) == date(2029, 2, 28)
    assert case_kept_until(leap, date(2024, 3, 1), {"keep_years": 4}) == date(2028, 3, 1)
    assert years_after(leap, 4) == date(2028, 2, 29)
