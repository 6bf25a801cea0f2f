"""What a sent file must pass before it is kept: name, size, real content, the virus scanner."""

from typing import BinaryIO, cast

import puremagic
from django import forms
from django.conf import settings
from django.core.files.base import File
from django.core.files.uploadedfile import UploadedFile

from clients import rules
from clients.rules.contents import refusals_of_content
from clients.scanner import refusals_of_scanner


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


class TakesFile:
    """Mix into a form with a field `file`: the action's rules, with the sentence at the field.

    The scanner is asked once, by the action.
    """

    cleaned_data: dict

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        for sentence in refusals_to_keep(file, detected_type(file), with_scanner=False):
            raise forms.ValidationError(sentence)
        return file
