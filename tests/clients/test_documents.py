"""Papers of a client file: what is kept, what is refused, who gets them."""

import hashlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from clients import rules
from clients.actions import upload_document
from clients.models import Document
from tests.cast import make_client
from tests.clients.papers import PDF, a_jpeg, a_png, a_tiff, a_zip
from ui.refusals import NotPermitted, NotVisible, Refused

MB = 1024 * 1024


JPEG, TIFF = a_jpeg(), a_tiff()
HTML = b"<html><script>alert(1)</script></html>"
SVG = b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>"
PROGRAM = b"MZ\x90\x00" + b"\x00" * 200


FILES = [
    ("passport.pdf", PDF, True),
    ("PASSPORT.PDF", PDF, True),
    ("scan.jpg", JPEG, True),
    ("scan.jpeg", JPEG, True),
    ("scan.png", a_png(), True),
    ("scan.tif", TIFF, True),
    ("scan.tiff", TIFF, True),
    ("passport.pdf", HTML, False),  # another thing under a good name
    ("passport.pdf", PROGRAM, False),
    ("passport.pdf", a_png(), False),
    ("passport.pdf", a_zip(), False),
    ("scan.png", JPEG, False),
    ("scan.jpg", SVG, False),
    ("scan.pdf", b"only some text", False),
    ("page.html", HTML, False),  # honest, but not taken
    ("drawing.svg", SVG, False),
    ("tool.exe", PROGRAM, False),
    ("letter.docx", a_zip(), False),
    ("nothing.pdf", b"", False),
    ("passport.pdf.exe", PDF, False),
    ("passport", PDF, False),
]


@pytest.mark.parametrize(("name", "content", "kept"), FILES)
def test_a_file_is_kept_only_when_it_is_what_it_says(cast, name, content, kept):
    sent = SimpleUploadedFile(name, content)
    if not kept:
        with pytest.raises(Refused) as refused:
            upload_document(cast.anna, by=cast.rita, file=sent, kind="identity")
        assert refused.value.sentences[0].endswith(".")
        assert not Document.objects.exists()
        return
    document = upload_document(cast.anna, by=cast.rita, file=sent, kind="identity")
    assert document.file.read() == content
    assert document.sha256 == hashlib.sha256(content).hexdigest()
    assert document.title == name
    assert "passport" not in document.file.name.lower()  # stored under a name of ours


def test_the_size_has_a_limit():
    def refusals(size):
        return rules.refusals_to_store_file("a.pdf", size, "application/pdf", 20 * MB)

    assert not refusals(20 * MB)
    assert "20 MB" in refusals(20 * MB + 1)[0]
    assert "empty" in refusals(0)[0]


@pytest.mark.parametrize(
    ("sent", "title"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\rita\\passport.pdf", "passport.pdf"),
        ("pass\x00port\r\n.pdf", "passport.pdf"),
        ("exe.\u202efdp.pdf", "exe.fdp.pdf"),
        ("..hidden.pdf", "hidden.pdf"),
        ("Müller  Pass.pdf", "Müller Pass.pdf"),
        ("", ""),
    ],
)
def test_a_title_is_made_safe(sent, title):
    assert rules.safe_title(sent) == title


def test_a_long_title_keeps_its_ending():
    title = rules.safe_title("x" * 300 + ".pdf")
    assert len(title) == 200
    assert title.endswith(".pdf")


def test_a_closed_file_takes_no_paper(cast):
    closed = make_client("Ines Frei", cast.rita_book, state="closed")
    with pytest.raises(Refused):
        upload_document(closed, by=cast.rita, file=SimpleUploadedFile("a.pdf", PDF), kind="other")


def test_nobody_else_can_upload(cast):
    with pytest.raises(NotVisible):
        upload_document(cast.anna, by=cast.otto, file=SimpleUploadedFile("a.pdf", PDF), kind="other")
    with pytest.raises(NotPermitted):
        upload_document(cast.anna, by=cast.cora, file=SimpleUploadedFile("a.pdf", PDF), kind="other")
