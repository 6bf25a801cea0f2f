"""The papers of a client file."""

from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import BinaryIO, cast

from clients.models import Client, Document
from ui.refusals import NotVisible, Refused


@dataclass(frozen=True)
class Paper:
    """A stored file as it is handed out."""

    content: BinaryIO
    name: str
    kind: str


def document_list(client: Client) -> list[Document]:
    """The papers of a file that was opened, the newest first. 1 query."""
    papers = Document.objects.filter(client=client).select_related("uploaded_by")
    return list(papers.order_by("-uploaded_at", "-id")[:200])


def document(client_id: int, document_id: int) -> Paper:
    """One paper of a file that was opened. 1 query. NotVisible when it belongs to another file."""
    found = Document.objects.filter(pk=document_id, client_id=client_id).first()
    if found is None:
        raise NotVisible(f"clients.Document {document_id}")
    if not found.file or not found.file.storage.exists(found.file.name):
        raise Refused(["The file is not in the store of this bank; only its entry is."])
    suffix = PurePosixPath(found.file.name).suffix
    name = found.title if found.title.lower().endswith(suffix) else found.title + suffix
    return Paper(cast(BinaryIO, found.file.open("rb")), name, found.content_type)
