"""The ownership of a client in the browser: drawn, as of a day, changed by two people at once."""

import re
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from audit.models import AuditEvent
from clients.actions import add_owner, end_holding, index_file, strike_holding
from clients.models import Client, Party, Relationship, SearchName
from compliance.actions import renew_owner
from compliance.models import ListedEntity, ListVersion, PartyToScreen, ScreeningHit
from compliance.rules.ownership import Edge, Graph
from compliance.rules.ownership.drawing import HEIGHT, WIDTH, draw
from compliance.selectors import ownership_of
from dashboards.selectors.history import file_at
from tests.cast import make_client
from tests.compliance.test_kyc import record
from ui.formats import moment_text
from ui.refusals import NotVisible, Refused

SINCE = date(2024, 1, 1)


@pytest.fixture
def firm(cast):
    return make_client("Lind AG", cast.rita_book, kind="organisation", segment="sme", stage="growth")


def party(client, name):
    return Party.objects.get(client=client, name=name)


def own(client, by, owner, of, share, kind="person", **how):
    """`owner` holds `share` of `of`; whoever is not on the file yet comes on it."""
    known = Party.objects.filter(client=client, name=owner).first()
    who = {"party_id": known.pk} if known else {"name": owner, "kind": kind}
    of_id = party(client, of).pk
    share = None if share is None else Decimal(share)
    return add_owner(client, by=by, of_id=of_id, share=share, **({"since_on": SINCE} | who | how))


@pytest.fixture
def circle(cast, firm):
    """Three layers that close: Top holds Lind, Lind holds Below, Below holds Top; Dan holds the rest."""
    own(firm, cast.rita, "Top AG", "Lind AG", 60, "organisation")
    own(firm, cast.rita, "Below AG", "Top AG", 51, "organisation")
    own(firm, cast.rita, "Lind AG", "Below AG", 100)
    own(firm, cast.rita, "Dan Lind", "Top AG", 49)
    own(firm, cast.rita, "Dan Lind", "Lind AG", 40)
    return firm


def address(client, name="compliance:ownership", *ids):
    return reverse(name, args=[client.pk, *ids])


def test_a_circle_of_three_layers_is_drawn_and_explained(page_of, cast, circle):
    shown = page_of(cast.rita).get(address(circle)).content.decode()
    assert shown.count('class="own-box') == 4
    assert shown.count(" ↻") == 2  # at its line, and in the words that explain it
    assert "49 % × 60 % = 29.4 %" in shown
    assert "round the circle again:" in shown
    assert "30.6 %" in shown
    assert " style=" not in shown.partition("<main")[2].partition("</main>")[0]


def test_what_others_ask_of_it(cast, circle, django_assert_num_queries):
    with django_assert_num_queries(3):
        found = ownership_of(circle, timezone.localdate())
    assert [each.party for each in found.owners] == [party(circle, "Dan Lind")]
    assert (found.missing, found.opaque, found.over, found.officials) == ([], False, {}, [])
    assert found.pack_version == 1


def test_without_owner_the_director_stands_in_and_the_page_says_so(page_of, cast, firm):
    assert ownership_of(firm, timezone.localdate()).missing == [
        "No owner is recorded: no beneficial owner is identified."
    ]
    for name in ("A", "B", "C", "D", "E"):
        own(firm, cast.rita, f"{name} Lind", "Lind AG", 20)
    assert "no director" in ownership_of(firm, timezone.localdate()).missing[0]
    director = party(firm, "A Lind")
    Relationship.objects.create(client=firm, party=director, of=party(firm, "Lind AG"), kind="director")
    found = ownership_of(firm, timezone.localdate())
    assert (found.officials, found.missing, found.owners) == ([director], [], [])
    assert "the senior managing official stands in" in page_of(cast.rita).get(address(firm)).content.decode()


def test_everyone_behind_a_trust_is_named_by_role(page_of, cast, firm):
    own(firm, cast.rita, "Lind Trust", "Lind AG", 30, "trust")
    own(firm, cast.rita, "Sue Lind", "Lind Trust", None, relation="settlor")
    own(firm, cast.rita, "Tom Lind", "Lind AG", 70)
    found = ownership_of(firm, timezone.localdate())
    assert [(each.party.name, each.role) for each in found.owners] == [
        ("Tom Lind", ""),
        ("Sue Lind", "Settlor"),
    ]
    assert "By role" in page_of(cast.rita).get(address(firm)).content.decode()


def test_shares_over_the_whole_are_told_and_nothing_is_computed(page_of, cast, firm):
    for share in (60, 50):
        owner = Party.objects.create(client=firm, kind="person", name=f"Holder {share}")
        Relationship.objects.create(
            client=firm, party=owner, of=party(firm, "Lind AG"), kind="owner", share=share
        )
    shown = page_of(cast.rita).get(address(firm)).content.decode()
    assert "its owners hold 110 % together" in shown
    assert "more than 100 percent" in ownership_of(firm, timezone.localdate()).missing[0]


def test_a_past_day_shows_what_was_and_lets_nothing_be_changed(page_of, cast, circle):
    browser = page_of(cast.rita)
    before = browser.get(address(circle) + "?on=2023-12-31").content.decode()
    assert "No owner is recorded on this day" in before
    assert "add-owner" not in before
    future = browser.get(address(circle) + "?on=2999-01-01").content.decode()
    assert "as of today" in future


# --- changed ------------------------------------------------------------------------------------------------

OWNER = {"relation": "owner", "kind": "person", "name": "Eva Lind", "share": "10", "since_on": "2024-02-01"}


def test_rita_adds_an_owner_in_the_browser(page_of, cast, firm):
    of_id = party(firm, "Lind AG").pk
    answer = page_of(cast.rita).post(address(firm, "compliance:owner_new"), OWNER | {"of_id": of_id})
    assert (answer.status_code, answer.url) == (303, address(firm))
    assert Relationship.objects.get(client=firm).party.name == "Eva Lind"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"share": "41"}, "id_share"),
        ({"share": "0"}, "id_share"),
        ({"share": "101"}, "id_share"),
        ({"share": "some"}, "id_share"),
        ({"since_on": "2999-01-01"}, "id_since_on"),
        ({"name": ""}, "id_name"),
        ({"party": "Lind AG"}, "id_party_id"),
        ({"relation": "settlor"}, "id_relation"),
    ],
)
def test_what_is_wrong_stands_at_its_field(page_of, cast, circle, wrong, field):
    sent = OWNER | {"of_id": party(circle, "Lind AG").pk} | wrong
    if name := sent.pop("party", ""):
        sent["party_id"] = party(circle, name).pk
    if wrong == {"share": "41"}:
        sent["share"] = "0.001"  # the circle and Dan hold it all
    answer = page_of(cast.rita).post(address(circle, "compliance:owner_new"), sent)
    assert answer.status_code == 422
    assert (
        f'id="error_1_{field}"' in answer.content.decode() or f'id="{field}_error"' in answer.content.decode()
    )
    assert Relationship.objects.filter(client=circle).count() == 5


def test_two_people_at_once_get_a_choice(page_of, cast, circle):
    """Rita and Theo open the same holding. Theo is quicker; Rita sees his share beside hers and chooses."""
    row = Relationship.objects.get(party__name="Dan Lind", of__name="Lind AG")
    share = address(circle, "compliance:holding_share", row.pk)
    assert page_of(cast.theo).post(share, {"share": "35", "from_on": "2025-01-01"}).status_code == 303
    answer = page_of(cast.rita).post(share, {"share": "30", "from_on": "2025-02-01"})
    shown = answer.content.decode()
    assert answer.status_code == 409
    assert "A colleague was quicker" in shown
    assert "35 %" in shown
    assert 'share in percent <span data-private="figure">30</span>' in shown
    now = Relationship.objects.get(party__name="Dan Lind", of__name="Lind AG", until_on=None)
    again = address(circle, "compliance:holding_share", now.pk)
    assert again in shown
    assert page_of(cast.rita).post(again, {"share": "30", "from_on": "2025-02-01"}).status_code == 303
    shares = Relationship.objects.filter(party=row.party_id, of=row.of_id).order_by("pk")
    assert [each.share for each in shares] == [40, 35, 30]


# --- entered by mistake -------------------------------------------------------------------------------------

RIGHT = {"share": "30", "since_on": "2024-03-01", "reason": "The register says 30"}


def row_of(owner, of="Lind AG"):
    return Relationship.objects.get(party__name=owner, of__name=of, until_on=None)


def test_a_share_entered_wrongly_is_corrected_and_stays_readable(page_of, cast, circle):
    row = row_of("Dan Lind")
    rita = page_of(cast.rita)
    page = words(rita.get(address(circle, "compliance:holding", row.pk)))
    assert "Correct it" in page
    assert "Strike it out" in page
    answer = rita.post(address(circle, "compliance:holding_correction", row.pk), RIGHT)
    assert (answer.status_code, answer.url) == (303, address(circle))
    right = row_of("Dan Lind")
    assert (right.share, right.since_on, right.instead_of_id) == (30, date(2024, 3, 1), row.pk)
    for day, share in ((date(2024, 2, 1), None), (date(2024, 3, 1), 30), (timezone.localdate(), 30)):
        held = Relationship.objects.on(day).filter(party=row.party_id, of=row.of_id)
        assert [each.share for each in held] == ([] if share is None else [share])
    found = ownership_of(circle, timezone.localdate())
    assert found.graph.owners[row.of_id][row.party_id] == Fraction(3, 10)
    told = words(rita.get(address(circle)))
    for said in ("corrected: owner 40 % of Lind AG, since 1 Jan 2024 in truth owner 30 %, since 1 Mar 2024",
                 "The register says 30 · Rita Muster"):  # fmt: skip
        assert said in told
    row.refresh_from_db()
    struck = next(each for each in file_at(circle, row.struck_at - timedelta(seconds=1)).events if each.lines)
    at = moment_text(timezone.localtime(row.struck_at), "en")
    assert [(line.label, line.then, line.now) for line in struck.lines] == [
        ("Struck out at", "–", at), ("Struck out by", "–", "Rita Muster"),
        ("What was wrong", "–", "The register says 30"),
    ]  # fmt: skip


def test_what_was_never_so_held_on_no_day_and_is_not_ended(page_of, cast, circle):
    row = row_of("Dan Lind")
    rita = page_of(cast.rita)
    strike = address(circle, "compliance:holding_mistake", row.pk)
    assert "id_reason" not in rita.post(strike, {"reason": " "}).content.decode()
    assert row_of("Dan Lind") == row
    assert rita.post(strike, {"reason": "Another Dan"}).status_code == 303
    for day in (SINCE, timezone.localdate()):
        assert not Relationship.objects.on(day).filter(party=row.party_id, of=row.of_id)
    told = words(rita.get(address(circle)))
    assert "Dan Lind struck out: owner 40 % of Lind AG, since 1 Jan 2024Another Dan · Rita Muster" in told
    assert "ended: owner 40 %" not in told
    gone = rita.get(address(circle, "compliance:holding", row.pk))
    assert "This was struck out: it held on no day." in words(gone)
    people = words(rita.get(reverse("client", args=[circle.pk])))
    assert "Dan LindOwner 49 % of Top AG" in people
    assert "Owner 40 %" not in people


def test_a_role_in_a_trust_is_corrected_by_its_kind(page_of, cast, firm):
    own(firm, cast.rita, "Lind Trust", "Lind AG", 30, "trust")
    own(firm, cast.rita, "Sue Lind", "Lind Trust", None, relation="settlor")
    row = row_of("Sue Lind", "Lind Trust")
    url = address(firm, "compliance:holding_correction", row.pk)
    sent = {"relation": "protector", "since_on": "", "reason": "By the deed of the trust"}
    page_of(cast.rita).post(url, sent | {"relation": "owner"})
    assert row_of("Sue Lind", "Lind Trust") == row
    assert page_of(cast.rita).post(url, sent).status_code == 303
    right = row_of("Sue Lind", "Lind Trust")
    assert (right.kind, right.share, right.since_on) == ("protector", None, None)
    (sue,) = ownership_of(firm, timezone.localdate()).owners
    assert (sue.party.name, sue.role) == ("Sue Lind", "Protector")


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"share": "40.001"}, "right-share"),  # Top holds 60
        ({"share": "0"}, "right-share"),
        ({"since_on": "2999-01-01"}, "right-since_on"),
        ({"reason": ""}, "right-reason"),
    ],
)
def test_a_wrong_correction_says_so_at_its_field_and_keeps_what_was_typed(page_of, cast, circle, sent, field):
    row = row_of("Dan Lind")
    answer = page_of(cast.rita).post(
        address(circle, "compliance:holding_correction", row.pk), RIGHT | {"reason": "Typed"} | sent
    )
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert f'id="error_1_{field}"' in shown or f'id="{field}_error"' in shown
    assert sent.get("reason", "Typed") in shown
    assert row_of("Dan Lind") == row


def test_what_stands_on_another_file_is_corrected_from_none_but_that(page_of, cast, circle):
    """Rita may write on both files, and on neither of Otto's: the number of a row opens nothing."""
    row = row_of("Dan Lind")
    anna, omar = ({"client_id": client.pk, "holding_id": row.pk} for client in (cast.anna, cast.omar))
    for place in (anna, omar, {"client_id": circle.pk, "holding_id": 999_999}):
        for name, sent in (("correction", RIGHT), ("mistake", {"reason": "No"})):
            url = reverse(f"compliance:holding_{name}", kwargs=place)
            assert page_of(cast.rita).post(url, sent).status_code == 404
    url = address(circle, "compliance:holding_correction", row.pk)
    assert page_of(cast.otto).post(url, RIGHT).status_code == 404
    assert page_of(cast.cora).post(url, RIGHT).status_code == 403
    assert row_of("Dan Lind") == row


def test_nothing_corrected_is_no_correction(page_of, cast, circle):
    row = row_of("Dan Lind")
    same = {"share": "40", "since_on": "2024-01-01", "reason": "None"}
    answer = page_of(cast.rita).post(address(circle, "compliance:holding_correction", row.pk), same)
    assert answer.status_code == 422
    assert "It stands there so already" in answer.content.decode()


def test_a_correction_and_an_end_at_once_lose_nothing(page_of, cast, circle):
    """Theo ends what Rita is correcting: she sees it, and her correction keeps his end."""
    row = row_of("Dan Lind")
    end = address(circle, "compliance:holding_end", row.pk)
    assert page_of(cast.theo).post(end, {"until_on": "2025-01-01"}).status_code == 303
    correct = address(circle, "compliance:holding_correction", row.pk)
    answer = page_of(cast.rita).post(correct, RIGHT)
    shown = answer.content.decode()
    assert answer.status_code == 409
    assert "A colleague was quicker" in shown
    form = shown.split(f'action="{correct}"')[1].split("</form>")[0]
    sent = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', form))
    assert page_of(cast.rita).post(correct, sent).status_code == 303
    right = Relationship.objects.get(instead_of=row)
    assert (right.share, right.since_on, right.until_on) == (30, date(2024, 3, 1), date(2025, 1, 1))


def test_two_corrections_at_once_get_a_choice(page_of, cast, circle):
    row = row_of("Dan Lind")
    correct = address(circle, "compliance:holding_correction", row.pk)
    assert page_of(cast.theo).post(correct, RIGHT | {"share": "35"}).status_code == 303
    answer = page_of(cast.rita).post(correct, RIGHT)
    assert answer.status_code == 409
    assert "35 %" in answer.content.decode()
    assert address(circle, "compliance:holding_correction", row_of("Dan Lind").pk) in answer.content.decode()
    strike = page_of(cast.rita).post(address(circle, "compliance:holding_mistake", row.pk), {"reason": "No"})
    assert strike.status_code == 409
    assert Relationship.ever.filter(client=circle).count() == 6


def test_a_double_click_corrects_once(page_of, cast, circle):
    row, rita = row_of("Dan Lind"), page_of(cast.rita)
    correct = address(circle, "compliance:holding_correction", row.pk)
    for _ in range(2):
        assert rita.post(correct, RIGHT | {"form_key": "one"}).status_code == 303
    assert Relationship.ever.filter(client=circle).count() == 6


def test_an_end_entered_by_mistake_is_taken_back(page_of, cast, circle):
    row, rita = row_of("Dan Lind"), page_of(cast.rita)
    rita.post(address(circle, "compliance:holding_end", row.pk), {"until_on": "2025-01-01"})
    assert address(circle, "compliance:holding", row.pk) in rita.get(address(circle)).content.decode()
    sent = {"share": "40", "since_on": "2024-01-01", "until_on": "", "seen_until": "2025-01-01"}
    correct = address(circle, "compliance:holding_correction", row.pk)
    assert rita.post(correct, sent | {"reason": "Another one left"}).status_code == 303
    assert row_of("Dan Lind").share == 40


# --- an owner who is a client already -----------------------------------------------------------------------


def test_a_client_is_looked_for_and_chosen_as_an_owner(page_of, cast, firm):
    Party.objects.filter(client=cast.anna).update(born_on="1980-05-05", nationality="CH")
    index_file(cast.anna)
    rita = page_of(cast.rita)
    search = address(firm, "compliance:owner_search")
    there = rita.post(search, {"q": "Keller"})
    assert there.status_code == 303
    assert "Keller" not in there.url
    found = rita.get(there.url).content.decode()
    chosen = f"{address(firm)}?known_id={cast.anna.pk}"
    assert chosen in found
    page = rita.get(chosen).content.decode()
    assert f'name="known_id" value="{cast.anna.pk}"' in page
    assert 'name="name"' not in page
    sent = {"of_id": party(firm, "Lind AG").pk, "relation": "owner", "share": "10", "known_id": cast.anna.pk}
    assert rita.post(address(firm, "compliance:owner_new"), sent).status_code == 303
    owner = Relationship.objects.get(client=firm).party
    assert (owner.client, owner.own_file, owner.is_client) == (firm, cast.anna.pk, False)
    assert (owner.name, str(owner.born_on), owner.nationality) == (cast.anna.name, "1980-05-05", "CH")
    again = rita.post(address(firm, "compliance:owner_new"), sent | {"form_key": "two"})
    assert again.status_code == 422
    assert "has that role already" in again.content.decode()
    assert Party.objects.filter(client=firm, own_file=cast.anna.pk).count() == 1


def test_that_an_owner_is_a_client_is_known_to_who_may_see_that_file(page_of, cast, firm):
    own_file = f'href="{reverse("client", args=[cast.anna.pk])}"'
    add_owner(
        firm,
        by=cast.rita,
        of_id=party(firm, "Lind AG").pk,
        since_on=None,
        share=Decimal(10),
        known_id=cast.anna.pk,
    )
    assert own_file in page_of(cast.rita).get(address(firm)).content.decode()
    Client.objects.filter(pk=cast.anna.pk).update(book=cast.otto_book)
    hidden = page_of(cast.rita).get(address(firm)).content.decode()
    assert own_file not in hidden
    assert cast.anna.number not in hidden
    history = page_of(cast.rita).get(reverse("file_history", args=[firm.pk])).content.decode()
    assert "Own file" not in history


def test_an_owner_whose_own_file_was_corrected_reads_so_to_who_sees_both(page_of, cast, firm):
    """Read at once and taken over by a person; nobody else learns from this file that there is another."""
    of = party(firm, "Lind AG").pk
    row = add_owner(firm, by=cast.rita, of_id=of, since_on=None, share=Decimal(10), known_id=cast.anna.pk)
    renewal = address(firm, "compliance:owner_renewal", row.party_id)
    rita, before = page_of(cast.rita), cast.anna.name
    assert renewal not in rita.get(address(firm)).content.decode(), "nothing differs"
    with pytest.raises(Refused, match="as on the own file already"):
        renew_owner(firm.pk, by=cast.rita, party_id=row.party_id)
    Party.objects.filter(client=cast.anna).update(name="Anna Keller-Amt", nationality="AT")
    Client.objects.filter(pk=cast.anna.pk).update(name="Anna Keller-Amt")

    shown = rita.get(address(firm)).content.decode()
    assert "Anna Keller-Amt" in shown
    assert "on this file still:" in shown
    assert before in shown
    assert renewal in shown
    Client.objects.filter(pk=cast.anna.pk).update(book=cast.otto_book)
    lead = make_client("Otto's", cast.otto_book)
    hidden = page_of(cast.rita).get(address(firm)).content.decode()
    assert before in hidden
    assert "Keller-Amt" not in hidden
    assert renewal not in hidden
    for pk in (
        row.party_id,
        of,
        lead.parties.get().pk,
        999_999,
    ):  # hidden, no client, foreign, missing: alike
        assert rita.post(address(firm, "compliance:owner_renewal", pk)).status_code == 404
    assert Party.objects.get(pk=row.party_id).name == before

    Client.objects.filter(pk=cast.anna.pk).update(book=cast.rita_book)
    PartyToScreen.objects.all().delete()
    assert page_of(cast.cora).post(renewal).status_code == 403
    assert rita.post(renewal).status_code == 303
    owner = Party.objects.get(pk=row.party_id)
    assert (owner.name, owner.nationality, owner.is_client) == ("Anna Keller-Amt", "AT", False)
    assert PartyToScreen.objects.filter(party_id=owner.pk).exists(), "compared with the lists anew"
    assert "keller" in SearchName.objects.get(client=firm).words
    event = AuditEvent.objects.get(verb="owner corrected")
    assert (event.by_login, event.client_id, event.payload) == ("rita", firm.pk, {"party_id": owner.pk})
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT by_id FROM clients_filechange"
            " WHERE kind = 'clients_party' AND row_id = %s AND was ->> 'name' = %s",
            [owner.pk, before],
        )
        assert cursor.fetchall() == [(cast.rita.pk,)], "what it was called stays, and who took it over"
    assert renewal not in rita.get(address(firm)).content.decode()


def test_a_rating_follows_the_country_that_is_taken_over(cast, firm):
    row = add_owner(
        firm, by=cast.rita, of_id=party(firm, "Lind AG").pk, since_on=None, share=Decimal(30),
        known_id=cast.anna.pk,
    )  # fmt: skip
    record(firm, cast.rita)
    Party.objects.filter(client=cast.anna).update(nationality="IR")
    renew_owner(firm.pk, by=cast.rita, party_id=row.party_id)
    assert Client.objects.get(pk=firm.pk).risk == "high"


def test_nobody_chooses_a_client_whom_one_may_not_see(page_of, cast, firm):
    """Found by no search; and by its number as one that is not there: page, form and verb."""
    index_file(cast.omar)
    rita = page_of(cast.rita)
    found = rita.get(rita.post(address(firm, "compliance:owner_search"), {"q": cast.omar.name}).url)
    assert f"known_id={cast.omar.pk}" not in found.content.decode()
    sent = {"of_id": party(firm, "Lind AG").pk, "relation": "owner", "share": "10"}
    for pk in (cast.omar.pk, 999_999):
        assert rita.get(address(firm), {"known_id": pk}).status_code == 404
        assert rita.post(address(firm, "compliance:owner_new"), sent | {"known_id": pk}).status_code == 404
        with pytest.raises(NotVisible):
            add_owner(firm, by=cast.rita, since_on=None, known_id=pk, of_id=sent["of_id"], share=Decimal(1))
    assert not Relationship.objects.filter(client=firm)
    assert rita.get(address(firm), {"known_id": "x"}).status_code == 200


# --- drawn --------------------------------------------------------------------------------------------------


def test_who_held_through_an_owner_that_ended_is_drawn_no_more(page_of, cast, circle):
    """Top AG holds Lind AG no more: what Below AG and Dan hold of it is told in the table, and not drawn."""
    end_holding(circle, by=cast.rita, relationship_id=row_of("Top AG").pk, until_on=timezone.localdate())
    rita = page_of(cast.rita)
    shown = rita.get(address(circle)).content.decode()
    drawn = re.findall(r'class="own-name"[^>]*>([^<]+)<', shown)
    assert sorted(drawn) == ["Below AG", "Dan Lind", "Lind AG", "Top AG"]  # Lind holds Below, which holds Top
    assert "own-line circle" not in shown
    end_holding(
        circle, by=cast.rita, relationship_id=row_of("Lind AG", "Below AG").pk, until_on=timezone.localdate()
    )
    shown = rita.get(address(circle)).content.decode()
    assert sorted(re.findall(r'class="own-name"[^>]*>([^<]+)<', shown)) == ["Dan Lind", "Lind AG"]
    assert shown.count("not drawn: leads to the client no more") == 2
    assert "ended: owner 60 % of Lind AG" in words(rita.get(address(circle)))


def test_an_owner_without_a_first_day_is_known_since_it_was_written_down(page_of, cast, firm):
    rita = page_of(cast.rita)
    sent = OWNER | {"of_id": party(firm, "Lind AG").pk, "since_on": ""}
    assert rita.post(address(firm, "compliance:owner_new"), sent).status_code == 303
    assert Relationship.objects.get(client=firm).since_on is None
    assert "known since" in words(rita.get(address(firm)))


def test_a_holding_is_ended_in_the_browser(page_of, cast, circle):
    row = Relationship.objects.get(party__name="Dan Lind", of__name="Lind AG")
    end = address(circle, "compliance:holding_end", row.pk)
    tomorrow = timezone.localdate() + timedelta(days=1)
    assert page_of(cast.rita).post(end, {"until_on": tomorrow}).status_code == 422
    assert page_of(cast.rita).post(end, {"until_on": "2025-01-01"}).status_code == 303
    row.refresh_from_db()
    assert row.until_on == date(2025, 1, 1)


# --- sanctions: for who may know ----------------------------------------------------------------------------


def test_blocked_owners_are_for_officers_alone(page_of, cast, circle):
    version = ListVersion.objects.create(source="ofac", published_on=SINCE, sha256="1" * 64, entities=1)
    entity = ListedEntity.objects.create(
        source="ofac", reference="1", content="2" * 64, since=version, kind="person", name="Dan Lindt"
    )
    ScreeningHit.objects.create(
        client=circle,
        party=party(circle, "Dan Lind"),
        entity=entity,
        score=95,
        sentence="Alike.",
        state="confirmed",
    )
    seen = page_of(cast.cora).get(address(circle)).content.decode()
    assert "Blocked by sanctions" in seen
    assert "On a sanctions list" in seen
    # 49 percent of Top and 40 of Lind: neither reaches a half.
    assert "Counts as blocked" not in seen
    hidden = page_of(cast.rita).get(address(circle)).content.decode()
    for word in ("Blocked by", "sanctions list", "Counts as blocked"):
        assert word not in hidden


def test_both_arithmetics_are_told_in_a_sentence_with_names_and_shares(page_of, cast, circle):
    """Dan holds 49 of Top; Eve, blocked too, 2 of it: together more than a half, and so Lind is blocked."""
    circular = row_of("Below AG", "Top AG")
    strike_holding(circle, by=cast.rita, relationship_id=circular.pk, seen_until=None, reason="No circle")
    own(circle, cast.rita, "Eve Lind", "Top AG", 2)
    version = ListVersion.objects.create(source="ofac", published_on=SINCE, sha256="1" * 64, entities=1)
    for at, name in enumerate(("Dan Lind", "Eve Lind")):
        entity = ListedEntity.objects.create(
            source="ofac", reference=name, content=str(at) * 64, since=version, kind="person", name=name
        )
        ScreeningHit.objects.create(
            client=circle, party=party(circle, name), entity=entity, score=95, sentence="Alike.",
            state="confirmed",
        )  # fmt: skip
    seen = words(page_of(cast.cora).get(address(circle)))
    assert (
        "Dan Lind (49 %) and Eve Lind (2 %) are blocked and own together 51 % of Top AG: owned to 50 %"
        " or more by blocked persons, it counts as blocked too (OFAC guidance of 13 August 2014)."
    ) in seen
    assert "it counts as blocked too (EU best practices; AMLR Art. 20(1)(d))." in seen
    assert (
        "Dan Lind (69.4 %) counts as beneficial owner: by 25 % or more, held directly or through others, or"
        " by a role in a trust that holds as much (EU AMLR Art. 51, 52, 58)."
    ) in seen


def words(answer):
    """What is read of a page."""
    return " ".join(re.sub("<[^>]+>", "", answer.content.decode()).split())


def test_nobody_else_sees_or_changes_it(page_of, cast, circle):
    row = Relationship.objects.filter(client=circle).first()
    assert page_of(cast.otto).get(address(circle)).status_code == 404
    assert page_of(cast.otto).get(address(circle, "compliance:holding", row.pk)).status_code == 404
    assert page_of(cast.cora).get(address(circle)).status_code == 200
    assert page_of(cast.cora).get(address(circle, "compliance:holding", row.pk)).status_code == 403


def test_the_page_costs_the_same_however_many_owners(page_of, cast, firm, django_assert_num_queries):
    browser = page_of(cast.rita)
    browser.get(address(firm))
    for count in (1, 8):
        for at in range(count):
            own(firm, cast.rita, f"Owner {count} {at}", "Lind AG", "5")
        with django_assert_num_queries(QUERIES):
            browser.get(address(firm))


def test_the_search_for_an_owner_asks_a_known_number_of_queries(
    page_of, cast, firm, django_assert_num_queries
):
    browser = page_of(cast.rita)
    found = browser.post(address(firm, "compliance:owner_search"), {"q": "Keller"}).url
    browser.get(found)
    with django_assert_num_queries(SEARCH):
        browser.get(found)


QUERIES, SEARCH = 15, 15


# --- the drawing --------------------------------------------------------------------------------------------


def test_no_two_boxes_touch_and_owners_stand_above():
    edges = [
        Edge("Top", "Firm", Fraction(1, 2)),
        Edge("ann", "Top", Fraction(1)),
        Edge("ann", "Firm", Fraction(1, 4)),
    ]
    edges += [Edge(f"p{n}", "Firm", Fraction(1, 100)) for n in range(20)]
    edges += [Edge("Firm", "Below", Fraction(1)), Edge("Below", "Top", Fraction(0, 1) + Fraction(1, 9))]
    found = draw(Graph(tuple(edges)), "Firm", {})
    boxes = {box.node: box for box in found.boxes}
    assert boxes["ann"].y < boxes["Top"].y < boxes["Firm"].y
    for one in boxes.values():
        assert 0 <= one.x <= found.width - WIDTH
        assert 0 <= one.y <= found.height - HEIGHT
        for other in boxes.values():
            if one is not other:
                assert abs(one.x - other.x) >= WIDTH or abs(one.y - other.y) >= HEIGHT
    assert [(line.owner, line.owned) for line in found.lines if line.in_circle] == [("Firm", "Below")]


@pytest.mark.parametrize("day", ["1999-12-31", "1900-01-01", "0001-01-01"])
def test_a_day_before_the_first_figures_is_no_day(cast, firm, page_of, day):
    page = page_of(cast.rita).get(reverse("compliance:ownership", args=[firm.pk]), {"on": day})
    assert page.status_code == 200
