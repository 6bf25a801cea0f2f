"""Papers on a client file."""

import hashlib
from datetime import date
from functools import partial
from pathlib import Path
from uuid import uuid4

from django.core.files.base import ContentFile, File
from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone

from clients import rules
from clients.intake import count_upload, detected_type, refusals_to_keep
from clients.models import Client, Document
from clients.rules.documents import wrongs_of_dates
from clients.rules.traces import without_traces
from staff.lock import action
from staff.models import User
from staff.roles import May
from ui.refusals import Refused, refuse_if


@action(
    May.DOCUMENTS_UPLOAD,
    "document uploaded",
    on="clients.Client",
    hold="parent",
    remember=("kind", "issued_on", "expires_on"),
)
def upload_document(
    client: Client,
    *,
    by: User,
    file: File,
    kind: str,
    title: str = "",
    issued_on: date | None = None,
    expires_on: date | None = None,
) -> Document:
    """Keep a file that is what its name says, under a name of ours, without what a camera wrote into it.
    Refused with a sentence if it is not."""
    sent_as = rules.safe_title(file.name or "")
    detected = detected_type(file)
    refuse_if(rules.refusals_to_add_to_file(client.state) or refusals_to_keep(file, detected))
    refuse_if(wrong.sentence for wrong in wrongs_of_dates(issued_on, expires_on, timezone.localdate()))
    count_upload(by, file.size or 0)
    file.seek(0)
    kept = without_traces(file.read(), detected)
    document = Document(
        client=client,
        kind=kind,
        title=rules.safe_title(title) or sent_as,
        content_type=detected,
        size=len(kept),
        sha256=hashlib.sha256(kept).hexdigest(),
        issued_on=issued_on,
        expires_on=expires_on,
        uploaded_by=by,
    )
    document.file.save(f"{uuid4().hex}{Path(sent_as).suffix.lower()}", ContentFile(kept), save=False)
    document.save()
    return document


def drop_document(document: Document) -> None:
    """Inside a verb that has locked its file: gone, and off the disk once that is sure."""
    name, store = str(document.file.name), document.file.storage
    try:
        document.delete()
    except ProtectedError as error:
        raise Refused(["Something on the file stands on this paper: it stays."]) from error
    transaction.on_commit(partial(store.delete, name))
