"""So many papers, and so many megabytes, a person may send in a day: nobody fills the disk (ASVS V5.2.4)."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from clients import rules
from clients.actions import upload_document
from clients.models import Document, UploadDay
from rulebook.models import RulePack
from tests.cast import make_client
from tests.clients.papers import PDF
from tests.onboarding.stage import a_file, begin
from ui.refusals import Refused

MB = 1024 * 1024


@pytest.fixture
def figures(db):
    """Three papers and two megabytes a day."""
    body = RulePack.objects.filter(name="access").latest("version").body
    RulePack.objects.create(
        name="access", version=9, valid_from=date(2020, 1, 1), activated_at=timezone.now(),
        body=body | {"upload": {"files_a_day": 3, "megabytes_a_day": 2}},
    )  # fmt: skip


def send(person, client, size=0):
    head, _line, rest = PDF.partition(b"\n")
    content = head + b"\n" * max(1, size - len(PDF) + 1) + rest
    return upload_document(client, by=person, file=SimpleUploadedFile("a.pdf", content), kind="other")


def test_the_fourth_of_three_is_refused_with_the_figure_and_what_to_do(cast, figures):
    other = make_client("Another", cast.rita_book)
    for client in (cast.anna, other, cast.anna):
        send(cast.rita, client)
    with pytest.raises(Refused) as refused:
        send(cast.rita, other)
    assert "the bank takes 3 a day" in refused.value.sentences[0]
    assert "tomorrow" in refused.value.sentences[0]
    assert Document.objects.count() == 3
    send(cast.theo, cast.anna)  # his own day


def test_so_are_too_many_bytes_and_a_smaller_paper_still_goes(cast, figures):
    send(cast.rita, cast.anna, int(1.5 * MB))
    with pytest.raises(Refused, match="more than 2 MB today"):
        send(cast.rita, cast.anna, MB)
    send(cast.rita, cast.anna, MB // 4)
    day = UploadDay.objects.get(person=cast.rita)
    assert (day.files, day.bytes) == (2, int(1.75 * MB))


def test_tomorrow_it_begins_anew(cast, figures):
    with time_machine.travel(datetime(2026, 11, 23, 9, tzinfo=UTC), tick=False) as clock:
        for _ in range(3):
            send(cast.rita, cast.anna)
        clock.shift(timedelta(days=1))
        send(cast.rita, cast.anna)


def test_a_paper_that_is_refused_for_another_reason_is_not_counted(cast, figures):
    for _ in range(4):
        with pytest.raises(Refused):
            upload_document(
                cast.anna, by=cast.rita, file=SimpleUploadedFile("a.pdf", b"no paper"), kind="other"
            )
    assert not UploadDay.objects.exists()


def test_the_page_says_so_at_the_field_and_keeps_what_was_typed(cast, page_of, figures):
    UploadDay.objects.create(person=cast.rita, on=timezone.localdate(), files=3)
    typed = {"file": SimpleUploadedFile("a.pdf", PDF), "kind": "contract", "title": "The contract of May"}
    answer = page_of(cast.rita).post(f"/clients/{cast.anna.pk}/documents/", typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "You have sent 3 papers today" in page
    assert "The contract of May" in page


def test_so_does_the_page_of_an_opening(cast, page_of, figures):
    onboarding = begin(cast)
    required = onboarding.client.required_documents.first()
    UploadDay.objects.create(person=cast.rita, on=timezone.localdate(), files=3)
    url = f"/onboarding/{onboarding.pk}/documents/{required.pk}/file/"
    answer = page_of(cast.rita).post(url, {f"{required.pk}-file": a_file()})
    assert (answer.status_code, "You have sent 3 papers" in answer.content.decode()) == (422, True)
    assert not Document.objects.exists()


def test_the_rule():
    def refused(files, sent, size):
        return bool(rules.refusals_to_send_another(files, sent, size, 3, 2))

    assert [refused(at, 0, 1) for at in range(5)] == [False, False, False, True, True]
    assert not refused(0, MB, MB)
    assert refused(0, MB, MB + 1)
