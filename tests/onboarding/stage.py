"""A lead, and the way of it to a submitted onboarding."""

import re
from datetime import date, timedelta
from importlib import import_module
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

import rulebook
from clients.models import ContactPoint, Party
from onboarding.actions import (
    record_certification,
    record_facts,
    record_wealth,
    review_document,
    start_onboarding,
    submit_onboarding,
    take_consents,
    upload_document,
)
from onboarding.models import Onboarding, RequiredDocument
from onboarding.rules.tax import Residence
from tests.cast import make_client

FACTS = {
    "source_of_funds": "salary",
    "purpose": "savings",
    "pep": False,
    "born_on": date(1980, 5, 1),
    "nationality": "CH",
    "residence": "CH",
}


def figures_of_an_opening():
    """Version 2 of the figures "onboarding", as the product brings them."""
    (path,) = Path(rulebook.__path__[0], "migrations").glob("*_what_an_opening_needs.py")
    return import_module(f"rulebook.migrations.{path.stem}").NEW


def a_file(name="passport.pdf", content=b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"):
    return SimpleUploadedFile(name, content, "application/pdf")


def make_lead(cast, name="Lea Lind", **fields):
    lead = make_client(
        name, cast.rita_book, **({"state": "lead", "kyc_due_on": timezone.localdate()} | fields)
    )
    party = Party.objects.get(client=lead)
    ContactPoint.objects.create(client=lead, party=party, kind="phone", value="+41791234567")
    return lead


def begin(cast, **fields):
    return start_onboarding(make_lead(cast, **fields), by=cast.rita, products=["current"])


def upload_all(onboarding, by):
    for required in RequiredDocument.objects.filter(onboarding=onboarding, state="missing"):
        upload_document(
            onboarding,
            by=by,
            required_id=required.pk,
            file=a_file(),
            issued_on=timezone.localdate(),
            expires_on=timezone.localdate() + timedelta(days=900),
        )


def approve_papers(onboarding, by):
    for required in RequiredDocument.objects.filter(onboarding=onboarding, state="in_review"):
        review_document(onboarding, by=by, required_id=required.pk, verdict="approved")


def certify(onboarding, by, *, party=None, country="CH", form="crs", **fields):
    """A CRS form with a reason instead of a number, and an explanation of whatever contradicts the file."""
    party = party or Party.objects.get(client=onboarding.client_id, is_client=True)
    said = {"signed_on": timezone.localdate(), "explanation": "Moved here last month"} | fields
    residences = [Residence(country, "", "not_obtained")]
    return record_certification(
        onboarding, by=by, party_id=party.pk, form=form, residences=residences, **said
    )


def tell_the_rest(onboarding, by):
    """What is asked beside papers and facts: tax, consents, and the source of wealth."""
    certify(onboarding, by)
    take_consents(onboarding, by=by, purposes=["data_processing", "recording"])
    party = Party.objects.get(client=onboarding.client_id, is_client=True)
    record_wealth(
        onboarding,
        by=by,
        party_id=party.pk,
        source_of_wealth="business",
        wealth_note="Sold the family firm in 2019",
    )


def read_review(browser, onboarding):
    """What the page of what is approved gives along to its button."""
    page = browser.get(reverse("onboarding:review", args=[onboarding.pk])).content.decode()
    address = reverse("onboarding:approval", args=[onboarding.pk])
    form = page.partition(f'action="{address}"')[2].partition("</form>")[0]
    return dict(re.findall(r'name="(seen)" value="([^"]*)"', form))


def submitted(cast, *, by=None, read=True, **facts):
    """An onboarding that waits for a second person; with `read`, its papers are approved by Cora."""
    onboarding = begin(cast)
    person = by or cast.rita
    record_facts(onboarding, by=person, **(FACTS | facts))
    tell_the_rest(onboarding, person)
    upload_all(onboarding, person)
    if read:
        approve_papers(onboarding, cast.cora)
    submit_onboarding(onboarding, by=person)
    return Onboarding.objects.get(pk=onboarding.pk)
