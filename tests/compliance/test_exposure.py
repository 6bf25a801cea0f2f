"""Offices make a person politically exposed for a time; adverse information is compliance's alone."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from clients.models import Client, Party, Relationship
from compliance.actions import (
    ask_review,
    close_adverse,
    end_pep_role,
    record_adverse,
    record_pep_role,
    review_kyc,
)
from compliance.actions.night import look
from compliance.models import KycFile, PepRole, RatingRecord, ReviewTrigger
from compliance.rules import pep as rules
from compliance.rules.reviews import trigger_due
from rulebook.days import add_months
from rulebook.selectors import pack
from staff.night import night_shift
from tests.compliance.stage import second_officer
from tests.compliance.test_kyc import record
from ui.refusals import NotPermitted, NotVisible, Refused

A_ROLE = {
    "capacity": "holder", "function": "parliament", "country": "CH", "level": "national",
    "source": "The client's word",
}  # fmt: skip
A_NOTE = {"severity": "high", "source": "The Daily Gazette", "text": "Charged with fraud."}


def exposed(client, by, party=None, **how):
    return record_pep_role(client, by=by, party_id=(party or client.parties.get()).pk, **(A_ROLE | how))


def noted(client, by, **how):
    given = {"party_id": client.parties.first().pk, "source_on": timezone.localdate()} | A_NOTE | how
    return record_adverse(client, by=by, **given)


def rating_of(client):
    return KycFile.objects.get(client=client).rating


def relative(client, kind):
    main = client.parties.get(is_client=True)
    party = Party.objects.create(client=client, kind="person", name="Beat Keller")
    Relationship.objects.create(client=client, party=party, of=main, kind=kind)
    return party


def test_an_office_makes_the_client_high_whatever_the_sum(rita, anna):
    record(anna, rita)
    exposed(anna, rita)
    assert rating_of(anna) == "high"
    row = next(row for row in RatingRecord.objects.latest("pk").factors if row["code"] == "pep")
    assert (row["source"], row["by"], row["note"]) == ("pep_role", rita.pk, "The client's word")


@pytest.mark.parametrize(
    ("kind", "level"), [("owner", "high"), ("spouse", "high"), ("director", "high"), ("adviser", "low")]
)
def test_a_client_is_exposed_when_somebody_relevant_on_the_file_is(rita, anna, kind, level):
    record(anna, rita)
    exposed(anna, rita, relative(anna, kind), capacity="family", holder="A minister")
    assert rating_of(anna) == level


@pytest.mark.parametrize(
    ("left", "on", "stand"),
    [
        (None, date(2026, 11, 1), "holds"),
        (date(2026, 11, 1), date(2026, 11, 1), "holds"),
        (date(2025, 11, 2), date(2026, 11, 1), "tail"),
        (date(2025, 11, 1), date(2026, 11, 1), "over"),
        (date(2024, 2, 29), date(2025, 2, 27), "tail"),
        (date(2024, 2, 29), date(2025, 2, 28), "over"),
    ],
)
def test_a_former_office_counts_for_twelve_months(left, on, stand):
    assert rules.stand_of(left, on, 12) == stand


def test_after_its_tail_the_office_lapses_by_itself(rita, anna):
    record(anna, rita)
    role = exposed(anna, rita)
    today = timezone.localdate()
    end_pep_role(role, by=rita, until_on=add_months(today, -11))
    assert rating_of(anna) == "high", "it counts for its tail"
    assert look(night_shift()) == 0
    PepRole.objects.update(until_on=add_months(today, -13))
    assert look(night_shift()) == 1
    assert rating_of(anna) == "low"
    assert RatingRecord.objects.latest("pk").cause == "pep_tail"
    assert look(night_shift()) == 0


def test_the_clients_own_yes_counts_until_the_office_is_recorded(rita, anna):
    record(anna, rita, pep=True)
    assert rating_of(anna) == "high"
    exposed(anna, rita, until_on=date(2020, 1, 1))
    assert rating_of(anna) == "low", "the office is known, and long over"
    record(anna, rita, pep=True)
    assert rating_of(anna) == "high", "asked anew, the client says yes again"


def test_a_new_office_sets_off_a_review_of_a_reviewed_client(rita, cora, anna):
    record(anna, rita)
    review_kyc(anna, by=cora)
    exposed(anna, rita)
    client = Client.objects.get(pk=anna.pk)
    assert client.kyc_due_on == timezone.localdate() + timedelta(days=14)
    assert {each.code for each in ReviewTrigger.objects.all()} == {"new_pep", "rating_raised"}
    review_kyc(anna, by=cora)
    assert not ReviewTrigger.objects.filter(settled_at__isnull=True).exists()
    assert Client.objects.get(pk=anna.pk).kyc_due_on == add_months(timezone.localdate(), 12)


def test_what_is_refused(rita, anna):
    tomorrow = timezone.localdate() + timedelta(days=1)
    with pytest.raises(Refused, match="begins in the future"):
        exposed(anna, rita, since_on=tomorrow)
    with pytest.raises(Refused, match="before the first"):
        exposed(anna, rita, since_on=date(2020, 1, 1), until_on=date(2019, 1, 1))
    role = exposed(anna, rita, since_on=date(2020, 1, 1), until_on=date(2021, 1, 1))
    with pytest.raises(Refused, match="recorded already"):
        end_pep_role(role, by=rita, until_on=date(2022, 1, 1))


def test_who_serves_the_client_does_not_end_what_compliance_recorded(rita, cora, anna):
    """Else a last day of long ago makes a high risk a low one, which needs no officer to approve."""
    record(anna, rita)
    role = exposed(anna, cora, since_on=date(2010, 1, 1))
    with pytest.raises(Refused, match="only compliance ends it"):
        end_pep_role(role.pk, by=rita, until_on=date(2011, 1, 1))
    assert rating_of(anna) == "high"
    end_pep_role(role.pk, by=second_officer(), until_on=date(2011, 1, 1))
    assert rating_of(anna) == "low"


def test_an_office_that_ended_long_ago_sets_off_a_review_of_a_reviewed_client(rita, cora, anna):
    record(anna, rita)
    role = exposed(anna, rita)
    review_kyc(anna, by=cora)
    end_pep_role(role.pk, by=rita, until_on=date(2011, 1, 1))
    assert [each.code for each in ReviewTrigger.objects.filter(settled_at__isnull=True)] == ["facts_changed"]


def test_an_office_until_the_last_day_there_is_breaks_no_page(page_of, rita, anna):
    exposed(anna, rita, until_on=date.max)
    assert page_of(rita).get(reverse("compliance:pep", args=[anna.pk])).status_code == 200


def test_an_office_that_is_still_to_begin_is_told_at_its_field(page_of, rita, anna):
    tomorrow = timezone.localdate() + timedelta(days=1)
    form = A_ROLE | {"party_id": anna.parties.get().pk, "since_on": tomorrow}
    answer = page_of(rita).post(reverse("compliance:pep", args=[anna.pk]), form)
    assert answer.status_code == 422
    assert "begins in the future" in str(answer.context["form"].errors["since_on"])


def test_nobody_else_can_record_an_office(cast):
    with pytest.raises(NotVisible):
        exposed(cast.anna, cast.otto)
    with pytest.raises(NotVisible):  # a party of another file
        exposed(cast.anna, cast.rita, cast.omar.parties.get())


# --- adverse information ---------------------------------------------------------------------------------


def test_adverse_information_counts_and_stops_counting(rita, cora, anna):
    record(anna, rita)
    note = noted(anna, cora)
    assert rating_of(anna) == "medium"
    noted(anna, cora, severity="low")
    assert RatingRecord.objects.latest("pk").points == 30, "only the gravest counts"
    close_adverse(note, by=second_officer(), reason="Acquitted")
    assert rating_of(anna) == "low"
    with pytest.raises(Refused, match="closed already"):
        close_adverse(note, by=cora, reason="Twice")


def test_nobody_but_compliance_writes_or_reads_it(cast, page_of):
    for person in (cast.rita, cast.theo):
        with pytest.raises(NotPermitted):
            noted(cast.anna, person)
        assert page_of(person).get(reverse("compliance:adverse", args=[cast.anna.pk])).status_code == 403


def test_no_page_of_those_who_serve_the_client_tells_of_it(cast, page_of, client):
    record(cast.anna, cast.rita)
    record(cast.anna, cast.rita, source_of_funds="gift", purpose="cross_border")  # medium without the note
    review_kyc(cast.anna, by=cast.cora)
    pages = [
        reverse("compliance:client", args=[cast.anna.pk]),
        reverse("compliance:rating", args=[cast.anna.pk]),
        reverse("compliance:pep", args=[cast.anna.pk]),
        reverse("client", args=[cast.anna.pk]),
        reverse("compliance:kyc"),
    ]
    noted(cast.anna, cast.cora, severity="low")
    for url in pages:
        text = page_of(cast.rita).get(url).content.decode().lower()
        for word in ("adverse", "gazette", "fraud", "charged"):
            assert word not in text, (url, word)
    assert "outside the cycle" in page_of(cast.rita).get(pages[0]).content.decode().lower()
    assert "compliance asked for it" in page_of(cast.rita).get(pages[0]).content.decode()
    assert "adverse information was recorded" in page_of(cast.cora).get(pages[0]).content.decode()


@pytest.mark.parametrize("code", ["hit_confirmed", "adverse_information"])
def test_nor_does_the_day_by_which_the_file_is_reviewed(rita, cora, anna, code):
    """It reads as compliance's own wish, so it is due when such a wish is, whatever the figures say."""
    today = timezone.localdate()
    for figures in (pack("kyc", today).body, {"triggers": {code: 3, "officer": 90}}, {}):
        assert trigger_due(code, today, figures) == trigger_due("officer", today, figures) > today
    record(anna, rita, source_of_funds="gift", purpose="cross_border")  # medium without the note
    review_kyc(anna, by=cora)
    noted(anna, cora, severity="low")
    told = Client.objects.get(pk=anna.pk).kyc_due_on
    review_kyc(anna, by=cora)
    ask_review(anna, by=cora)
    assert Client.objects.get(pk=anna.pk).kyc_due_on == told


def test_a_record_of_an_earlier_rating_is_not_shown_to_an_rm(cast, page_of):
    record(cast.anna, cast.rita)
    first = RatingRecord.objects.get()
    noted(cast.anna, cast.cora)
    url = reverse("compliance:rating", args=[cast.anna.pk])
    assert page_of(cast.cora).get(f"{url}?record={first.pk}").context["found"].record == first
    assert page_of(cast.rita).get(f"{url}?record={first.pk}").status_code == 404
    record(cast.omar, cast.otto)
    foreign = RatingRecord.objects.latest("pk")
    assert page_of(cast.cora).get(f"{url}?record={foreign.pk}").status_code == 404


def test_a_yes_leads_to_the_offices(cast, page_of):
    form = {
        "born_on": "1980-05-05", "nationality": "CH", "residence": "CH", "source_of_funds": "salary",
        "purpose": "wealth", "pep": "yes",
    }  # fmt: skip
    answer = page_of(cast.rita).post(reverse("compliance:facts", args=[cast.anna.pk]), form)
    url = reverse("compliance:pep", args=[cast.anna.pk])
    assert answer["Location"] == url
    assert "The client said yes" in page_of(cast.rita).get(url).content.decode()
    role = A_ROLE | {"party_id": cast.anna.parties.get().pk, "capacity": "family"}
    answer = page_of(cast.rita).post(url, role)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["holder"])
    assert page_of(cast.rita).post(url, role | {"holder": "A minister"}).status_code == 303
    assert "The client said yes" not in page_of(cast.rita).get(url).content.decode()
