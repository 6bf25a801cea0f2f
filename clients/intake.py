"""What a sent file must pass before it is kept: name, size, content, the virus scanner, the day's quota."""

from typing import Any, BinaryIO, cast

import puremagic
from django import forms
from django.conf import settings
from django.core.files.base import File
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clients import rules
from clients.models import UploadDay
from clients.rules.contents import refusals_of_content
from clients.scanner import refusals_of_scanner
from rulebook.selectors import pack
from staff.models import User
from ui.refusals import refuse_if

TAKEN = _("PDF, JPEG, PNG or TIFF, at most 20 MB. Where and with what a picture was taken is not kept.")


def refusals_to_keep(file: File, detected: str, *, with_scanner: bool = True) -> list[str]:
    """Sentences, [] when it may be kept. `detected`: the MIME type of its first bytes."""
    name, size = rules.safe_title(file.name or ""), file.size or 0
    if refusals := rules.refusals_to_store_file(name, size, detected, settings.UPLOAD_MAX_BYTES):
        return refusals
    file.seek(0)
    content = file.read()
    file.seek(0)
    if refusals := refusals_of_content(content, detected, settings.UPLOAD_MAX_PIXELS):
        return refusals
    return refusals_of_scanner(cast(BinaryIO, file), settings.CLAMD) if with_scanner else []


def detected_type(file: File) -> str:
    """What the content itself says it is: a MIME type, "" when it is nothing known."""
    file.seek(0)
    head = file.read(64 * 1024)
    file.seek(0)
    try:
        return str(puremagic.magic_string(head)[0].mime_type)
    except (puremagic.PureError, ValueError):  # unknown, or empty
        return ""


def refusals_of_quota(day: UploadDay, size: int) -> list[str]:
    """Has this person sent enough for today? The figures are the bank's: rule pack "access"."""
    figures = pack("access", day.on)["upload"]
    return rules.refusals_to_send_another(
        day.files, day.bytes, size, figures["files_a_day"], figures["megabytes_a_day"]
    )


def sent_today(person: User) -> UploadDay:
    """What a person has sent so far today. 1 query."""
    on = timezone.localdate()
    return UploadDay.objects.filter(person=person, on=on).first() or UploadDay(person=person, on=on)


def count_upload(person: User, size: int) -> None:
    """One more, unless it is one too many: two at once are counted one after the other."""
    day, _made = UploadDay.objects.select_for_update().get_or_create(person=person, on=timezone.localdate())
    refuse_if(refusals_of_quota(day, size))
    day.files, day.bytes = day.files + 1, day.bytes + size
    day.save(update_fields=["files", "bytes"])


class TakesFile:
    """Mix into a form with a field `file`: the action's rules, with the sentence at the field, so that what
    else was typed stays. `person`: who sends it, None for an empty form.

    The scanner is asked once, by the action.
    """

    cleaned_data: dict

    def __init__(self, *args: Any, person: User | None = None, **kwargs: Any) -> None:
        self.person = person
        super().__init__(*args, **kwargs)

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        refusals = refusals_to_keep(file, detected_type(file), with_scanner=False)
        if not refusals and self.person is not None:
            refusals = refusals_of_quota(sent_today(self.person), file.size or 0)
        for sentence in refusals:
            raise forms.ValidationError(sentence)
        return file
