"""What a new relationship manager brings is as old as it says of itself, and not as its upload."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from clients.models import Document, Party
from onboarding.actions import record_certification, review_document, upload_document
from onboarding.models import RequiredDocument, SelfCertification
from onboarding.rules.tax import Residence
from rulebook.days import add_months
from rulebook.selectors import pack
from tests.onboarding.stage import a_file, begin
from ui.refusals import Refused

pytestmark = pytest.mark.django_db


def url(name, *args):
    return reverse(f"onboarding:{name}", args=args)


def send(browser, onboarding, paper, **days):
    sent = {f"{paper.pk}-file": a_file("bill.pdf")} | {
        f"{paper.pk}-{name}": day for name, day in days.items()
    }
    return browser.post(url("document_file", onboarding.pk, paper.pk), sent)


def test_a_proof_of_address_is_dated_by_the_bill_and_ends_by_it(page_of, cast):
    onboarding, rita, today = begin(cast), page_of(cast.rita), timezone.localdate()
    paper = RequiredDocument.objects.get(onboarding=onboarding, kind="address")
    page = rita.get(url("workspace", onboarding.pk)).content.decode()
    assert "At most 3 months old." in page
    assert f'name="{paper.pk}-issued_on"' in page
    identity = RequiredDocument.objects.get(onboarding=onboarding, kind="identity")
    assert f'name="{identity.pk}-issued_on"' not in page
    for day, words in (
        ("", "on which day this paper was issued"),
        (add_months(today, -4), "at most 3 months old"),
        (today + timedelta(days=1), "in the future"),
        ("31.02.2026", "Enter a valid date"),
    ):
        answer = send(rita, onboarding, paper, issued_on=day)
        assert answer.status_code == 422
        (shown,) = [each for each in answer.context["documents"] if each["row"].pk == paper.pk]
        assert words in str(shown["upload"].errors["issued_on"]), day
        assert f'value="{day}"' in answer.content.decode()
    assert not Document.objects.filter(client=onboarding.client_id).exists()

    issued = today - timedelta(days=60)
    assert send(rita, onboarding, paper, issued_on=issued).status_code == 303
    review_document(onboarding, by=cast.cora, required_id=paper.pk, verdict="approved")
    paper.refresh_from_db()
    months = pack("onboarding", today)["valid_months"]["address"]
    assert (paper.document.issued_on, paper.valid_until) == (issued, add_months(issued, months))
    assert "issued on" in page_of(cast.cora).get(url("workspace", onboarding.pk)).content.decode()


def test_the_guard_says_what_the_form_says(cast):
    onboarding = begin(cast)
    paper = RequiredDocument.objects.get(onboarding=onboarding, kind="address")
    with pytest.raises(Refused, match="on which day"):
        upload_document(onboarding, by=cast.rita, required_id=paper.pk, file=a_file())
    with pytest.raises(Refused, match="at most 3 months old"):
        upload_document(
            onboarding, by=cast.rita, required_id=paper.pk, file=a_file(), issued_on=date(2001, 1, 1)
        )


def test_a_paper_that_ended_while_it_waited_is_not_approved(cast):
    onboarding, today = begin(cast), timezone.localdate()
    paper = RequiredDocument.objects.get(onboarding=onboarding, kind="identity")
    upload_document(onboarding, by=cast.rita, required_id=paper.pk, file=a_file(), expires_on=today)
    Document.objects.update(expires_on=today - timedelta(days=1))
    with pytest.raises(Refused, match="has ended since it was brought"):
        review_document(onboarding, by=cast.cora, required_id=paper.pk, verdict="approved")
    review_document(onboarding, by=cast.cora, required_id=paper.pk, verdict="to_revise", reason="expired")


def test_a_paper_on_the_file_has_its_date_too(page_of, cast):
    rita, today = page_of(cast.rita), timezone.localdate()
    page = reverse("clients:documents", args=[cast.anna.pk])
    wrong = {"file": a_file(), "kind": "contract", "issued_on": today + timedelta(days=1)}
    answer = rita.post(page, wrong)
    assert "in the future" in str(answer.context["form"].errors["issued_on"])
    wrong = {
        "file": a_file(),
        "kind": "contract",
        "issued_on": today,
        "expires_on": today - timedelta(days=1),
    }
    assert "expires_on" in rita.post(page, wrong).context["form"].errors
    assert rita.post(page, {"file": a_file(), "kind": "contract", "issued_on": today}).status_code == 303
    assert Document.objects.get(client=cast.anna).issued_on == today
    assert "issued on" in rita.get(page).content.decode()


def test_a_w8ben_of_1999_is_refused_at_its_day_with_the_rule(page_of, cast):
    onboarding, rita = begin(cast), page_of(cast.rita)
    party = Party.objects.get(client=onboarding.client_id, is_client=True)
    sent = {"form": "w8ben", "country1": "CH", "number1": "", "missing1": "not_obtained"}
    answer = rita.post(url("certification", onboarding.pk, party.pk), sent | {"signed_on": "1999-05-01"})
    assert answer.status_code == 422
    assert "to the end of calendar year 3 after its signature" in str(
        answer.context["form"].errors["signed_on"]
    )
    assert 'value="1999-05-01"' in answer.content.decode()
    with pytest.raises(Refused, match="this one held until 31 Dec 2002"):
        record_certification(
            onboarding, by=cast.rita, party_id=party.pk, form="w8ben", signed_on=date(1999, 5, 1),
            residences=[Residence("CH", "", "not_obtained")],
        )  # fmt: skip
    assert not SelfCertification.objects.exists()
    last = date(timezone.localdate().year - 3, 1, 1)
    rita.post(url("certification", onboarding.pk, party.pk), sent | {"signed_on": last.isoformat()})
    assert SelfCertification.objects.get().valid_until == date(last.year + 3, 12, 31)
