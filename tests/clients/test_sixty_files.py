"""T7. Sixty hostile files and forty good ones through the door where papers come in: none of the first is
kept, none of the others refused, none takes 5 seconds or 300 MB. In the drill a browser makes thirty more."""

import io
import re
import stat
import time
import zipfile
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from clients.actions import upload_document
from clients.models import Document
from tests.browser import *  # noqa: F403 - for the drill
from tests.clients.papers import PDF, a_chunk, a_jpeg, a_pdf, a_png, a_tiff
from tests.clients.test_documents import FILES
from tests.clients.test_uploads import GOOD, HOSTILE, PDF_KIND, PNG, SCRIPT
from tests.drills import drill, tell
from ui.refusals import Refused

MB = 1024 * 1024
ENDING = {PDF_KIND: "pdf", PNG: "png", "image/jpeg": "jpg", "image/tiff": "tif"}


def archive(**files: bytes) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as folder:
        for name, content in files.items():
            folder.writestr(name.replace("__", "/").replace("_", "."), content)
    return kept.getvalue()


def nested(times: int) -> bytes:
    inside = b"\0" * MB
    for _ in range(times):
        inside = archive(a_zip=inside, b_zip=inside)
    return inside


def with_a_link() -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as folder:
        link = zipfile.ZipInfo("passport.pdf")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        folder.writestr(link, "/etc/passwd")
    return kept.getvalue()


XXE = b"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY y SYSTEM 'file:///etc/passwd'>]><x>&y;</x>"
XHTML = b"<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'><script>1</script></html>"
GIF_JS = b"GIF89a/*\x00\x00*/=1;alert(1)//;"


def hostile_files():
    """(name, content)"""
    for at, (kind, content, _why) in enumerate(HOSTILE):
        yield f"scan-{at}.{ENDING[kind]}", content
    for name, content, kept in FILES:
        if not kept:
            yield name, content
    word = archive(word__document_xml=XXE)
    yield from (
        ("letter.pdf", word),
        ("letter.docx", word),
        ("letter.docm", archive(word__vbaProject_bin=b"\xd0\xcf\x11\xe0" + b"\0" * 500)),
        ("papers.pdf", nested(10)),
        ("papers.png", a_png() + nested(4)),
        ("papers.zip", with_a_link()),
        ("papers.tif", with_a_link()),
        ("page.xhtml", XHTML),
        ("page.pdf", XHTML),
        ("picture.gif", GIF_JS),
        ("picture.png", GIF_JS),
        ("picture.jpg", a_jpeg() + SCRIPT),
        ("passport\x00.pdf.exe", PDF),
        ("pdf.\u202efdp.exe", PDF),
        ("x" * 300 + ".exe", PDF),
        ("../../etc/cron.d/x", PDF),
        ("large.pdf", a_pdf(b"x" * 100 * MB)),
        ("empty.png", b""),
    )


def good_files():
    for at, (kind, content) in enumerate(GOOD):
        yield f"scan-{at}.{ENDING[kind]}", content
    for name, content, kept in FILES:
        if kept:
            yield name, content
    for name in ("Müller  Pass.pdf", "пасcпорт.pdf", "旅券.pdf", "../../etc/passwd.pdf", "x" * 300 + ".pdf",
                 "pass\x00port\r\n.pdf", "exe.\u202efdp.pdf", "<b>.pdf", "'; DROP TABLE x.pdf",
                 "=1+1.pdf"):  # fmt: skip
        yield name, PDF
    for version in (b"1.3", b"1.4", b"1.5", b"1.6", b"2.0"):
        yield f"{version.decode()}.pdf", PDF.replace(b"1.7", version)
    for width, height in ((2480, 3508), (100, 1), (1, 100), (9999, 9999)):
        yield f"{width}.png", a_png(width, height)
        yield f"{width}.jpg", a_jpeg(width, height)
        yield f"{width}.tif", a_tiff(width, height)
    yield "exif.png", a_png(extra=a_chunk(b"eXIf", b"MM\x00*\x00\x00\x00\x08" + b"\0" * 60))
    yield "exif.jpg", a_jpeg(comment=b"Canon EOS, 47.37 N 8.54 E")
    yield "large.pdf", a_pdf(b"<</Length 1>>stream\n" + b"\x80scan" * 3 * MB + b"\nendstream ")


def peak() -> int:
    return int(re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())[1]) // 1024


SENTENCES: dict[str, tuple[str, float]] = {}  # file that was refused -> why, and after how long


def taken(cast, name: str, content: bytes) -> float | None:
    """Seconds; None when it was refused."""
    began = time.monotonic()
    try:
        upload_document(cast.anna, by=cast.rita, file=SimpleUploadedFile(name, content), kind="other")
    except Refused as refused:
        SENTENCES[name] = (refused.sentences[0], time.monotonic() - began)
        return None
    return time.monotonic() - began


def test_sixty_hostile_files_are_refused_and_forty_good_ones_kept(cast, settings):
    hostile, good = list(hostile_files()), list(good_files())
    assert len(hostile) >= 60
    assert len(good) >= 40
    Path("/proc/self/clear_refs").write_text("5")  # the peak of this process is counted from here
    before = peak()
    assert [name for name, content in hostile if taken(cast, name, content) is not None] == []
    assert all(why.endswith(".") and seconds < 5 for why, seconds in SENTENCES.values())
    assert not Document.objects.exists()
    spent = {name: taken(cast, name, content) for name, content in good}
    assert [name for name, seconds in spent.items() if seconds is None] == []
    assert max(spent.values()) < 5
    assert Document.objects.count() == len(good)
    grown = peak() - before
    assert grown < 300
    settings.CLAMD = "tcp://127.0.0.1:1"
    assert [name for name, content in good[:3] if taken(cast, name, content) is not None] == []
    tell("T7", hostile=len(hostile), good=len(good), megabytes=grown, longest=f"{max(spent.values()):.2f} s")


PAGES = [
    "<h1>Passport</h1>", "<p lang=ar dir=rtl>شيك</p>", "<p>旅券 паспорт</p>", "<table><tr><td>1</table>",
    "<a href='https://bank.example/?a=1&b=2'>our site</a>", "<p>JavaScript, /JS and /Launch are words</p>",
    "<svg width=200 height=200><circle r=90 cx=100 cy=100 fill=teal /></svg>", "<input value='a form'>",
    "<p>" + "A long contract. " * 4000 + "</p>", "<div style='background:linear-gradient(red,blue)'>",
]  # fmt: skip


@drill
@pytest.mark.browser
@pytest.mark.django_db(transaction=True)  # as all that drives a browser: else those come early, for its sake
def test_what_a_real_program_makes_is_taken(cast, browser):
    """Thirty papers more that nobody here put together: printed and photographed by Chromium."""
    page, kept = browser.new_page(), {}
    for at, body in enumerate(PAGES):
        page.set_content(f"<!doctype html><title>Paper</title>{body}")
        for name, content in (
            (f"{at}.pdf", page.pdf(format="A4", tagged=at % 2 == 0, print_background=True)),
            (f"{at}.png", page.screenshot(full_page=True)),
            (f"{at}.jpg", page.screenshot(type="jpeg", quality=10 * at + 5)),
        ):
            kept[name] = taken(cast, name, content)
    page.close()
    tell("T7", made_by_a_browser=len(kept), refused=sum(each is None for each in kept.values()))
    assert [name for name, seconds in kept.items() if seconds is None] == []
