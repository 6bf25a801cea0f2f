"""Hostile uploads: each refused with a sentence, whatever its name says; every good paper is taken."""

import base64
import random
import socket
import struct
import threading
import time
import zlib

import pytest
import typst
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from clients.actions import upload_document
from clients.models import Document
from clients.rules.contents import refusals_of_content
from clients.scanner import ScannerAway, scan
from tests.clients.papers import FLATE, PDF, a_chunk, a_jpeg, a_packed, a_pdf, a_png, a_tiff, a_zip, eicar
from ui.refusals import Refused

PDF_KIND, PNG, JPEG, TIFF = "application/pdf", "image/png", "image/jpeg", "image/tiff"
MOST = 100_000_000
SCRIPT = b"<script>alert(1)</script>"
RUNS = b"1 0 <</S/JavaScript/JS(1)>>"


def packed_as(was, now, pack=zlib.compress):
    """What runs, packed in a stream that says something else of itself."""
    assert was in FLATE
    return a_pdf(a_packed(RUNS, pack, FLATE.replace(was, now)))


def in_hex(content):
    return content.hex().encode() + b">"


GOOD = [
    (PDF_KIND, PDF),
    (PDF_KIND, PDF + b"\r\n"),
    (PDF_KIND, a_pdf(b"<</Type/Page/Note(Javascript is a word, /JS a name of no verb)>>")),
    (PDF_KIND, a_pdf(a_packed(b"1 0 <</Type/Page>>"))),
    (PDF_KIND, a_pdf(b"<</Type/Outlines/First 3 0 R/Last 4 0 R>>", b"<</Title(\xfe\xff)/XFA/EF>>")),
    (PNG, a_png()),
    (PNG, a_png(10_000, 10_000)),
    (PNG, a_png(extra=a_chunk(b"tEXt", b"Author\x00Rita"))),
    (JPEG, a_jpeg()),
    (JPEG, a_jpeg(comment=b"taken with a phone")),
    (JPEG, a_jpeg() + b"\x00" * 64),  # what some cameras leave behind
    (TIFF, a_tiff()),
]
HOSTILE = [
    # bombs: told by their headers, never unpacked
    (PNG, a_png(50_000, 50_000), "points"),
    (JPEG, a_jpeg(65_000, 65_000), "points"),
    (TIFF, a_tiff(50_000, 50_000), "points"),
    (PDF_KIND, a_pdf(a_packed(b"\x00" * (65 * 1024 * 1024))), "unpacks"),
    (PNG, a_png(0, 5), "damaged"),
    # two things at once
    (PDF_KIND, PDF[:-6] + a_zip() + b"%%EOF\n", "two things"),
    (PDF_KIND, PDF + a_zip(), "two things"),
    (PDF_KIND, PDF + SCRIPT, "two things"),
    (PDF_KIND, PDF.replace(b"\n1 0", b"\n%" + SCRIPT + b"\n1 0"), "two things"),
    (JPEG, a_jpeg() + a_zip(), "two things"),
    (JPEG, a_jpeg(comment=SCRIPT), "two things"),
    (JPEG, a_jpeg(comment=b"%PDF-1.7"), "two things"),
    (JPEG, a_jpeg() + b"<?php system($_GET[0]); ?>", "two things"),
    (PNG, a_png(extra=a_chunk(b"tEXt", SCRIPT)), "two things"),
    (PNG, a_png(extra=a_chunk(b"tEXt", b"<svg onload=alert(1)>")), "two things"),
    # what runs
    (PDF_KIND, a_pdf(b"<</S/JavaScript/JS(app.alert(1))>>"), "runs a program"),
    (PDF_KIND, a_pdf(b"<</S/J#61vaScript/JS(app.alert(1))>>"), "runs a program"),
    (PDF_KIND, a_pdf(a_packed(RUNS)), "runs a program"),
    (PDF_KIND, packed_as(b"ObjStm", b"#4fbjSt#6D"), "runs a program"),
    (PDF_KIND, packed_as(b"/Type/ObjStm", b""), "runs a program"),  # a browser looks at "First" alone
    (PDF_KIND, a_pdf(b"<</Subtype/FileAttachment/FS 5 0 R>>"), "runs a program"),
    (PDF_KIND, a_pdf(b"<</Type/Filespec/F(a.exe)/EF <</F 5 0 R>>>>"), "runs a program"),
    (PDF_KIND, a_pdf(b"<</Type/Filespec/F(a.exe)/EF%\n5 0 R>>"), "runs a program"),
    (PDF_KIND, a_pdf(b"<</AcroForm<</XFA 5 0 R>>>>"), "runs a program"),
    (PDF_KIND, a_pdf(a_packed(b"1 0 <</AcroForm<</XFA[(a) 5 0 R]>>>>")), "runs a program"),
    (PDF_KIND, a_pdf(b"<</S/GoToR/F(\\\\evil\\share)>>"), "runs a program"),
    # packed so that a reader unpacks it and we would not
    (PDF_KIND, packed_as(b"/FlateDecode", b"/ASCIIHexDecode", in_hex), "packed"),
    (PDF_KIND, packed_as(b"/FlateDecode", b"/ASCII85Decode", base64.a85encode), "packed"),
    (
        PDF_KIND,
        packed_as(
            b"/FlateDecode", b"[/ASCIIHexDecode/FlateDecode]", lambda text: in_hex(zlib.compress(text))
        ),
        "packed",
    ),
    (PDF_KIND, packed_as(b"/FlateDecode", b"[/FlateDecode/FlateDecode]"), "packed"),
    (PDF_KIND, packed_as(b"/FlateDecode", b" 9 0 R"), "packed"),
    (PDF_KIND, packed_as(b"/FlateDecode", b"[/FlateDecode 9 0 R]"), "packed"),
    (PDF_KIND, packed_as(b"/Filter", b"/DecodeParms 9 0 R/Filter"), "packed"),
    (PDF_KIND, packed_as(b"/N 1", b"/N 1/X(" + b"y" * 5000 + b")"), "packed"),
    (PDF_KIND, packed_as(b"/N 1", b"/N 1" + b" " * 5000), "packed"),
    (PDF_KIND, packed_as(b"<<", b"<</Filter/ASCIIHexDecode%\n7 0 obj<<", in_hex), "packed"),
    (PDF_KIND, packed_as(b"<<", b"<</Filter/ASCIIHexDecode%7 0 obj<<\n", in_hex), "packed"),
    (PDF_KIND, packed_as(b"stream\n", b"stream \r\n"), "packed"),
    (PDF_KIND, packed_as(b"", b"", lambda text: zlib.compress(text)[:-6]), "packed"),
    (PDF_KIND, a_pdf(b"<</S/Launch/F(cmd.exe)>>"), "runs a program"),
    (PDF_KIND, a_pdf(b"<</Names<</EmbeddedFiles 5 0 R>>>>"), "runs a program"),
    (PDF_KIND, PDF.replace(b"/Root", b"/Encrypt 9 0 R/Root"), "locked"),
    # damaged, or something else
    (PDF_KIND, b"\n" + PDF, "damaged"),
    (PDF_KIND, PDF.replace(b"%%EOF", b""), "damaged"),
    (PDF_KIND, PDF + b"\x00" * 2000, "damaged"),
    (PDF_KIND, b"%PDF-1.7\n%%EOF", "damaged"),
    (PNG, a_png()[:-4], "damaged"),
    (PNG, a_png() + b"more", "damaged"),
    (PNG, a_png().replace(b"IDAT", b"IDOT"), "damaged"),
    (PNG, b"\x89PNG\r\n\x1a\n", "damaged"),
    (PNG, a_png(data=b"")[:40], "damaged"),
    (JPEG, b"\xff\xd8\xff\xd9", "damaged"),
    (JPEG, a_jpeg()[:-2], "damaged"),
    (JPEG, a_jpeg()[:30], "damaged"),
    (TIFF, a_tiff()[:20], "damaged"),
    (TIFF, a_tiff(following=12), "damaged"),  # pages that follow each other for ever
    (TIFF, b"II+\x00" + a_tiff()[4:], "damaged"),  # BigTIFF
    (TIFF, b"II*\x00\x08\x00\x00\x00\x00\x00\x00\x00\x00\x00", "damaged"),
]


@pytest.mark.parametrize(("kind", "content"), GOOD)
def test_a_good_paper_is_taken(kind, content):
    assert refusals_of_content(content, kind, MOST) == []


@pytest.mark.parametrize(("kind", "content", "why"), HOSTILE)
def test_a_hostile_file_is_refused_with_a_sentence(kind, content, why):
    began = time.monotonic()
    (sentence,) = refusals_of_content(content, kind, MOST)
    assert why in sentence
    assert sentence.endswith(".")
    assert time.monotonic() - began < 5


@pytest.mark.parametrize("standard", ["1.5", "1.7", "ua-1"])
def test_a_paper_of_typst_is_taken(standard):
    """With an outline, a link and a font, as the bank's own papers are."""
    words = b'#set document(title: "T")\n= One\n== Two\nhttps://bank.example/'
    made = bytes(typst.compile(words, format="pdf", pdf_standards=[standard]))
    assert refusals_of_content(made, PDF_KIND, MOST) == []


@pytest.mark.parametrize(
    "said",
    [  # LaTeX, Word, LibreOffice, Acrobat, cairo
        b"\n<<\n/Type /ObjStm\n/N 9\n/First 8\n/Length %d      \n/Filter /FlateDecode\n>>\nstream\n",
        b"\r\n<</Type/ObjStm/N 6/First 38/Filter/FlateDecode/Length %d>>\r\nstream\r\n",
        b"\n<</Type/ObjStm/Length %d/N 4/First 20/Filter/FlateDecode>>\nstream\n",
        b"\r<</Extends 9 0 R/Filter/FlateDecode/First 5/Length %d/N 1/Type/ObjStm>>stream\r\n",
        b"\n<< /Type /ObjStm\n   /Length 7 0 R\n   /N 1\n /First 4\n /Filter [ /FlateDecode ]\n>>\nstream\n",
    ],
)
def test_objects_are_packed_as_ordinary_programs_do_it(said):
    assert refusals_of_content(a_pdf(a_packed(b"1 0 <</Type/Page>>", said=said)), PDF_KIND, MOST) == []


def test_a_large_good_file_is_looked_at_quickly():
    stream = b"<</Length 1>>stream\n" + bytes(range(256)) * (19 * 4096) + b"\nendstream "
    began = time.monotonic()
    assert refusals_of_content(a_pdf(stream), PDF_KIND, MOST) == []
    assert time.monotonic() - began < 5


def test_the_form_names_the_file_and_keeps_nothing(page_of, cast):
    sent = {"file": SimpleUploadedFile("scan.png", a_png(50_000, 50_000)), "kind": "identity"}
    answer = page_of(cast.rita).post(reverse("clients:documents", args=[cast.anna.pk]), sent)
    assert answer.status_code == 422
    assert "50000 × 50000 points" in answer.content.decode()
    assert not Document.objects.exists()


def test_what_is_handed_out_is_saved_and_never_run(page_of, cast):
    sent = SimpleUploadedFile("rep\u202eort<b>.pdf", PDF)
    kept = upload_document(cast.anna, by=cast.rita, file=sent, kind="other")
    assert kept.file.name.startswith("documents/")
    assert "rep" not in kept.file.name
    answer = page_of(cast.rita).get(reverse("clients:document", args=[cast.anna.pk, kept.pk]))
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert "\u202e" not in answer.headers["Content-Disposition"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer.headers["Cache-Control"] == "no-store"
    assert b"".join(answer.streaming_content) == PDF


# --- the scanner --------------------------------------------------------------------------------------------


class Clamd(threading.Thread):
    """Speaks as clamd does, on this machine alone: finds the test string, and otherwise nothing."""

    def __init__(self, answer=None, limit=25_000_000, wait=0.0):
        super().__init__(daemon=True)
        self.answer, self.limit, self.wait = answer, limit, wait
        self.received = b""
        self.server = socket.create_server(("127.0.0.1", 0))
        self.address = f"tcp://127.0.0.1:{self.server.getsockname()[1]}"
        self.start()

    def run(self):
        while True:
            try:
                line, _ = self.server.accept()
            except OSError:
                return
            with line:
                self.serve(line)

    def serve(self, line):
        said = line.makefile("rb")
        assert said.read(10) == b"zINSTREAM\0"
        self.received = b""
        while length := struct.unpack(">I", said.read(4))[0]:
            self.received += said.read(length)
            if len(self.received) > self.limit:
                line.sendall(b"INSTREAM size limit exceeded. ERROR\0")
                return
        time.sleep(self.wait)
        found = b"stream: Eicar-Signature FOUND\0" if eicar() in self.received else b"stream: OK\0"
        line.sendall(found if self.answer is None else self.answer)


@pytest.fixture
def clamd(settings):
    made = []

    def started(**how):
        server = Clamd(**how)
        made.append(server)
        settings.CLAMD = server.address
        return server

    yield started
    for server in made:
        server.server.close()


pytestmark = pytest.mark.enable_socket


def send(cast, content=PDF):
    file = SimpleUploadedFile("paper.pdf", content)
    return upload_document(cast.anna, by=cast.rita, file=file, kind="other")


def test_a_clean_file_is_streamed_whole_and_kept(cast, clamd):
    server = clamd()
    content = a_pdf(b"<</Length 1>>stream\n" + b"x" * 200_000 + b"\nendstream ")
    kept = send(cast, content)
    assert server.received == content
    assert kept.file.read() == content


def test_an_infected_file_is_not_kept(cast, clamd):
    clamd()
    with pytest.raises(Refused) as refused:
        send(cast, a_pdf(b"<</Note(" + eicar() + b")>>"))
    assert "Eicar-Signature" in refused.value.sentences[0]
    assert not Document.objects.exists()


@pytest.mark.parametrize(
    "how",
    [
        {"answer": b""},
        {"answer": b"stream: Can't allocate memory ERROR\0"},
        {"answer": b"UNKNOWN COMMAND\0"},
        {"answer": b"stream: OK and more\0"},
        {"limit": 10},
    ],
)
def test_without_a_verdict_nothing_is_taken(cast, clamd, how):
    clamd(**how)
    with pytest.raises(Refused) as refused:
        send(cast)
    assert "scanner does not answer" in refused.value.sentences[0]
    assert not Document.objects.exists()


@pytest.mark.parametrize(
    "address",
    [
        "tcp://127.0.0.1:1",
        "unix:///nowhere/clamd.ctl",
        "/nowhere/clamd.ctl",
        "http://127.0.0.1",
        "tcp://",
        "tcp://clamd:none",
        f"tcp://{'clamd' * 20}:3310",
    ],
)
def test_a_scanner_that_is_away_lets_nothing_in(cast, settings, address):
    settings.CLAMD = address
    with pytest.raises(Refused) as refused:
        send(cast)
    assert "try again" in refused.value.sentences[0]


def test_a_scanner_that_takes_too_long_gives_no_verdict(clamd):
    import io

    server = clamd(wait=2)
    with pytest.raises((ScannerAway, TimeoutError)):
        scan(io.BytesIO(PDF), server.address, seconds=0.3)


def test_it_is_asked_over_a_unix_socket_too(tmp_path):
    import io

    path = str(tmp_path / "clamd.ctl")
    server = Clamd()
    server.server.close()
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listening:
        listening.bind(path)
        listening.listen()
        answering = threading.Thread(target=lambda: server.serve(listening.accept()[0]), daemon=True)
        answering.start()
        assert scan(io.BytesIO(eicar()), f"unix://{path}") == "Eicar-Signature"


# --- files that are nothing but work for who looks at them ------------------------------------------------


def png_of_chunks(many):
    junk, idat = a_chunk(b"tEXt", b"") * many, a_chunk(b"IDAT", b"") * many
    head, end = a_png()[:33], a_chunk(b"IEND", b"")
    return head + junk + a_chunk(b"IDAT", zlib.compress(b"\0\0")) + idat + end


def pdf_of_streams(many):
    return b"%PDF-1.7\n1 0 obj\n" + b"/ObjStm stream\n" * many + b"\n%%EOF"


def pdf_of_packed(many):
    return b"%PDF-1.7\n1 0 obj\n" + (b"/ObjStm stream\n" + zlib.compress(b"x")) * many + b"\n%%EOF"


def tiff_of_pages(pages, tags=65_535, base=8):
    """Every page reads the same 800 kB of tags, each a tag further."""
    told = {1000: (256, 4, 1, 10), 1001: (257, 4, 1, 10), 1002: (273, 4, 1, 8)}
    entries = [struct.pack("<HHII", *told.get(at, (9, 4, 1, 0))) for at in range(tags)]
    for page in range(pages):
        entries[page] = struct.pack("<HHI", 9, 4, 1) + b"\0\0\xff\xff"  # its end counts the tags of the next
        following = base + 12 * (page + 1) if page < pages - 1 else 0
        entries.append(struct.pack("<I", following) + b"\0" * 8)
    return b"II*\0" + struct.pack("<I", base) + b"\xff\xff" + b"".join(entries)


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        (PNG, png_of_chunks(40_000)),  # took half a minute, and twice as many four times that
        (PDF_KIND, pdf_of_streams(150_000)),
        (PDF_KIND, pdf_of_packed(9_000) + b"\0" * 10_000_000 + b"%%EOF"),
        (TIFF, tiff_of_pages(400)),
    ],
)
def test_no_file_keeps_the_house_busy(kind, content):
    began = time.process_time()
    refusals_of_content(content, kind, MOST)
    assert time.process_time() - began < 2


def test_what_is_packed_is_read_to_its_end():
    """A script behind the first piece of an object stream is found too."""
    noise = random.Random(1).randbytes(60_000)  # for what does not pack small
    assert refusals_of_content(a_pdf(a_packed(noise)), PDF_KIND, MOST) == []
    assert "runs a program" in refusals_of_content(a_pdf(a_packed(noise + b"/Launch ")), PDF_KIND, MOST)[0]
