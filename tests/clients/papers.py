"""Small true files, and what hostile ones are made of."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable

PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def a_chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def a_png(width: int = 1, height: int = 1, extra: bytes = b"", data: bytes = b"\x00\xff\xff\xff") -> bytes:
    """The smallest picture there is, whatever size its header claims."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = a_chunk(b"IHDR", header) + extra + a_chunk(b"IDAT", zlib.compress(data)) + a_chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def a_jpeg(width: int = 1, height: int = 1, comment: bytes = b"") -> bytes:
    said = b"\xff\xfe" + struct.pack(">H", len(comment) + 2) + comment if comment else b""
    frame = b"\xff\xc0\x00\x0b\x08" + struct.pack(">HH", height, width) + b"\x01\x01\x11\x00"
    scan = b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00\x37\xff\xd9"
    return b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00" + said + frame + scan


def a_tiff(width: int = 1, height: int = 1, following: int = 0) -> bytes:
    """One page; `following` is where its next one is said to be."""
    entries = [(256, 4, 1, width), (257, 4, 1, height), (273, 4, 1, 8), (279, 4, 1, 1)]
    page = b"".join(struct.pack("<HHII", *entry) for entry in entries)
    return (
        b"II*\x00"
        + struct.pack("<I", 12)
        + b"\x00" * 4
        + struct.pack("<H", 4)
        + page
        + struct.pack("<I", following)
    )


def a_pdf(*objects: bytes) -> bytes:
    body = b"".join(b"%d 0 obj%bendobj\n" % (at, each) for at, each in enumerate(objects, 2))
    return PDF.replace(b"trailer", body + b"trailer")


FLATE = b"<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %d>>stream\n"


def a_packed(inside: bytes, pack: Callable[[bytes], bytes] = zlib.compress, said: bytes = FLATE) -> bytes:
    """An object stream: objects packed, so that their words do not stand in the file."""
    packed = pack(inside)
    return said.replace(b"%d", b"%d" % len(packed)) + packed + b"\nendstream "


def a_zip() -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as archive:
        archive.writestr("a.txt", "a")
    return kept.getvalue()


def eicar() -> bytes:
    """What every scanner answers to, as harmless as it is known; never written down in one piece."""
    halves = ("X5O!P%@AP[4\\PZX54(P^)7CC)7}$", "EICAR-STANDARD-ANTIVIRUS-TEST-FILE", "!$H+H*")
    return "".join(halves).encode()
