"""A lead, and the way of it to a submitted onboarding."""

from datetime import date, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from clients.models import ContactPoint, Party
from onboarding.actions import (
    record_facts,
    review_document,
    start_onboarding,
    submit_onboarding,
    upload_document,
)
from onboarding.models import Onboarding, RequiredDocument
from tests.cast import make_client

FACTS = {
    "source_of_funds": "salary",
    "purpose": "savings",
    "pep": False,
    "born_on": date(1980, 5, 1),
    "nationality": "CH",
    "residence": "CH",
}


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
            expires_on=timezone.localdate() + timedelta(days=900),
        )


def approve_papers(onboarding, by):
    for required in RequiredDocument.objects.filter(onboarding=onboarding, state="in_review"):
        review_document(onboarding, by=by, required_id=required.pk, verdict="approved")


def submitted(cast, *, by=None, read=True, **facts):
    """An onboarding that waits for a second person; with `read`, its papers are approved by Cora."""
    onboarding = begin(cast)
    person = by or cast.rita
    record_facts(onboarding, by=person, **(FACTS | facts))
    upload_all(onboarding, person)
    if read:
        approve_papers(onboarding, cast.cora)
    submit_onboarding(onboarding, by=person)
    return Onboarding.objects.get(pk=onboarding.pk)
