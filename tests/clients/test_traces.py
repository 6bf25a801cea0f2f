"""What a camera wrote into a picture is not kept; the picture is, to the last point."""

import struct
import time

from django.core.files.uploadedfile import SimpleUploadedFile

from clients.actions import upload_document
from clients.rules.contents import refusals_of_content
from clients.rules.traces import without_traces
from tests.clients.papers import PDF, a_chunk, a_jpeg, a_png, a_tiff

PLACE = b"47.3769 N 8.5417 E"


def a_segment(mark: int, body: bytes) -> bytes:
    return b"\xff" + bytes([mark]) + struct.pack(">H", len(body) + 2) + body


def exif(turn: int, order: str = ">") -> bytes:
    """Of a camera: its maker, how it was held, and where."""
    head = b"MM\x00*" if order == ">" else b"II*\x00"
    tags = [(271, 2, len(PLACE), 8 + 2 + 24 + 4), (0x0112, 3, 1, turn << 16 if order == ">" else turn)]
    page = struct.pack(order + "H", 2) + b"".join(struct.pack(order + "HHII", *tag) for tag in tags)
    return b"Exif\x00\x00" + head + struct.pack(order + "I", 8) + page + struct.pack(order + "I", 0) + PLACE


def of_a_camera(*segments: bytes) -> bytes:
    """The smallest picture, with this in front of it and a second one behind, as telephones leave."""
    plain = a_jpeg()
    return plain[:2] + b"".join(segments) + plain[2:] + a_jpeg(comment=PLACE)


def test_a_photograph_says_no_place_no_device_and_no_time():
    found = without_traces(
        of_a_camera(
            a_segment(0xE1, exif(1)),
            a_segment(0xE1, b"http://ns.adobe.com/xap/1.0/\x00" + PLACE),
            a_segment(0xED, b"Photoshop 3.0\x00" + PLACE),
            a_segment(0xE2, b"MPF\x00" + PLACE),
            a_segment(0xFE, PLACE),
        ),
        "image/jpeg",
    )
    assert found == a_jpeg()


def test_it_stands_as_it_was_held_and_has_its_colours():
    profile = a_segment(0xE2, b"ICC_PROFILE\x00\x01\x01profile")
    for order in "<>":
        found = without_traces(of_a_camera(a_segment(0xE1, exif(6, order)), profile), "image/jpeg")
        assert PLACE not in found
        assert profile in found
        turned = found[found.index(b"Exif") + 6 :]
        assert struct.unpack_from(">IHHHIH", turned, 4) == (8, 1, 0x0112, 3, 1, 6)
        assert refusals_of_content(found, "image/jpeg", 100) == []


def test_points_that_look_like_marks_stay_to_the_last():
    plain = a_jpeg()
    scans = plain[:-2] + b"\xff\x00\xff\xd0\x12" + plain[-16:-2] + b"\xff\x00\x34\xff\xd9"
    assert without_traces(scans + b"\x00" * 64, "image/jpeg") == scans


def test_a_png_says_nothing_beside_its_points():
    told = b"".join(a_chunk(kind, PLACE) for kind in (b"eXIf", b"tEXt", b"zTXt", b"iTXt", b"tIME"))
    colours = a_chunk(b"gAMA", struct.pack(">I", 45455))
    assert without_traces(a_png(extra=told + colours), "image/png") == a_png(extra=colours)


def test_a_scan_keeps_its_page_and_forgets_who_made_it():
    for order in "<>":
        found = without_traces(a_scan(order), "image/tiff")
        assert PLACE not in found
        assert found.count(b"POINTS") == 1
        (at,) = struct.unpack_from(order + "I", found, 4)
        (count,) = struct.unpack_from(order + "H", found, at)
        tags = [struct.unpack_from(order + "H", found, at + 2 + 12 * place)[0] for place in range(count)]
        assert tags == [256, 257, 273, 279]
        assert refusals_of_content(found, "image/tiff", 100) == []
    assert without_traces(a_tiff(), "image/tiff") == a_tiff()


def a_scan(order: str) -> bytes:
    """One page with points, an artist, and a place in a page of tags of its own."""
    data = b"POINTS" + PLACE  # at 8 and 14
    place_at = 8 + len(data)
    places = struct.pack(order + "HHHII", 1, 2, 2, len(PLACE), place_at + 18) + bytes(4) + PLACE
    page_at = place_at + len(places)
    entries = [
        (256, 4, 1, 1), (257, 4, 1, 1), (273, 4, 1, 8), (279, 4, 1, 6),
        (315, 2, len(PLACE), 14), (34853, 4, 1, place_at),
    ]  # fmt: skip
    page = struct.pack(order + "H", 6) + b"".join(struct.pack(order + "HHII", *entry) for entry in entries)
    head = (b"MM\x00*" if order == ">" else b"II*\x00") + struct.pack(order + "I", page_at)
    return head + data + places + page + bytes(4)


def test_nonsense_where_tags_should_be_breaks_nothing():
    """Whatever lies in them: what the content check took is kept, and shorter at most."""
    for wild in (exif(6)[:-30], b"Exif\x00\x00MM\x00*\xff\xff\xff\xff", b"Exif\x00\x00", exif(700)):
        assert without_traces(of_a_camera(a_segment(0xE1, wild)), "image/jpeg") == a_jpeg()
    for at in (0, 4, 2**31, 2**32 - 1):
        wild = bytearray(a_scan("<"))
        wild[-8:-4] = struct.pack("<I", at)
        assert len(without_traces(bytes(wild), "image/tiff")) == len(wild)


def test_a_picture_of_very_many_parts_is_refused_or_done_with_soon():
    many = a_jpeg()[:2] + b"\xff\xfe\x00\x02" * 1_000_000 + a_jpeg()[2:]
    points = a_jpeg()[:-2] + b"\xff\x00" * 5_000_000 + b"\xff\xd9"
    tags = struct.pack("<H", 500) + struct.pack("<HHII", 315, 2, 5_000_000, 8) * 500
    begun = time.process_time()
    assert refusals_of_content(many, "image/jpeg", 100) != []
    assert without_traces(points, "image/jpeg") == points
    without_traces(b"II*\x00" + struct.pack("<I", 8) + tags + bytes(6_000_000), "image/tiff")
    assert time.process_time() - begun < 2


def test_what_rita_sends_is_kept_without_and_the_paper_itself_as_it_was(cast):
    for name, sent, kept in (
        ("a.jpg", of_a_camera(a_segment(0xE1, exif(1))), a_jpeg()),
        ("b.pdf", PDF, PDF),
    ):
        document = upload_document(
            cast.anna, by=cast.rita, file=SimpleUploadedFile(name, sent), kind="identity"
        )
        with document.file.open() as file:
            assert file.read() == kept
        assert document.size == len(kept)
