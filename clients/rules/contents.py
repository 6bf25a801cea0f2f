"""Is a file what it says, inside too? Read by its structure, never decoded: headers tell a bomb. Pure.

OWASP ASVS 5.0 V5.2: real content, size of the picture, nothing that runs, nothing that is two things at once.
"""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator

from clients.rules.pictures import MOST_TAGS, chunks_of_png, segments_of_jpeg

MOST_PAGES = 500
MOST_INFLATED = 64 * 1024 * 1024  # of the object streams of one PDF
MOST_STREAMS = 10_000  # of them; a PDF of 500 pages has a few hundred
PIECE = 16 * 1024
_BROKEN = "The file is damaged or not what its name says: open it, save it again and send that."
_ACTIVE = "The PDF runs a program, asks for data or carries other files: print it to a new PDF and send that."
_PACKED = "The PDF is packed so that nobody can look into it: print it to a new PDF and send that."
_LOCKED = "The PDF is locked, so that nobody can look into it: save it without a password and send that."
_TWO_THINGS = "The file is two things at once, of which one is hidden: scan the paper again and send that."
_BOMB = "The PDF unpacks to more than the bank takes: print it to a new PDF and send that."
_PAGES = f"The file has more than {MOST_PAGES} pages: send it in parts."


def refusals_of_content(content: bytes, kind: str, max_pixels: int) -> list[str]:
    """`kind`: the MIME type that name and first bytes agree on."""
    looks = {
        "application/pdf": _look_at_pdf,
        "image/png": _look_at_png,
        "image/jpeg": _look_at_jpeg,
        "image/tiff": _look_at_tiff,
    }
    try:
        if kind == "application/pdf":
            return looks[kind](content, max_pixels)
        return looks[kind](content, max_pixels) or _hidden(content)
    except (struct.error, IndexError, zlib.error, ValueError):
        return [_BROKEN]


def _hidden(content: bytes) -> list[str]:
    """An archive behind a picture, a page or a PDF inside it: each reader takes it for something else."""
    pages = re.search(rb"<\s*(script|iframe|html|!doctype|\?php)\b", content, re.IGNORECASE)
    if pages or b"%PDF-" in content[:2048] or b"<svg" in content[:2048].lower() or _is_archive(content):
        return [_TWO_THINGS]
    return []


_ARCHIVES = (b"Rar!\x1a\x07\x01\x00", b"Rar!\x1a\x07\x00", b"7z\xbc\xaf\x27\x1c")


def _is_archive(content: bytes) -> bool:
    """A zip is known by its end; a RAR or 7-Zip archive by its beginning, wherever that is."""
    return zipfile.is_zipfile(io.BytesIO(content)) or any(sign in content for sign in _ARCHIVES)


# --- PDF --------------------------------------------------------------------------------------------------

_GAP = rb"[\0\t\n\f\r ]"  # what PDF takes for blank
_RUNS = re.compile(
    rb"/(JavaScript|Launch|EmbeddedFiles?|FileAttachment|RichMedia|SubmitForm|ImportData|GoTo[ER]|Rendition)\b"
    # So short that a picture may hold them by chance: with what follows there, or a comment. Not JS: it runs
    # in an action that is called JavaScript or Rendition, and nowhere else.
    rb"|/(?:EF|XFA)%b*(?:<<|\[|%%|\d+%b+\d+%b+R\b)" % (_GAP, _GAP, _GAP)
)


def _look_at_pdf(content: bytes, _: int) -> list[str]:
    """Begins and ends as a PDF, is not locked, and nothing in it runs. ISO 32000-2."""
    if not re.match(rb"%PDF-[12]\.\d", content) or b"%%EOF" not in content[-1024:] or b" obj" not in content:
        return [_BROKEN]
    behind = content[content.rindex(b"%%EOF") :]
    if re.search(rb"<\s*(script|html|svg|\?php|!doctype)\b", content[:1024] + behind, re.IGNORECASE):
        return [_TWO_THINGS]
    if _is_archive(content):
        return [_TWO_THINGS]
    plain = _unescaped(content)
    if b"/Encrypt" in plain:
        return [_LOCKED]
    if _RUNS.search(plain):
        return [_ACTIVE]
    inflated = 0
    for place, part in enumerate(_object_streams(content), 1):
        if part is None:
            return [_PACKED]
        inflated += len(part)
        if inflated > MOST_INFLATED or place > MOST_STREAMS:
            return [_BOMB]
        if _RUNS.search(_unescaped(part)):
            return [_ACTIVE]
    return []


def _unescaped(content: bytes) -> bytes:
    """/J#61vaScript is /JavaScript to every reader."""
    return re.sub(rb"#([0-9A-Fa-f]{2})", lambda found: bytes([int(found[1], 16)]), content)


def _written(name: bytes) -> bytes:
    """A pattern of this name, with any of its letters escaped."""
    return b"/" + b"".join(b"(?:%c|(?i:#%02x))" % (sign, sign) for sign in name)


# What only an object stream says; readers look at its type or, at least one of them, just at its "First".
_OBJECT_STREAM = re.compile(
    rb"%b\b|%b%b*\d+(?!\d|%b+\d+%b+R\b)" % (_written(b"ObjStm"), _written(b"First"), *[_GAP] * 3)
)
# As ordinary writers begin one, and no reader takes it for anything else: on a line of its own, so that it
# stands in no comment, without texts, comments and objects inside, in which a second one could hide.
_BEFORE = re.compile(rb"[\r\n][\0\t\f ]*\d{1,10}%b{1,9}\d{1,5}%b{1,9}obj%b{0,9}\Z" % (_GAP, _GAP, _GAP))
_BEGIN = re.compile(rb"<<([^<>()%%]{,4096})>>%b{,9}stream\r?\n" % _GAP)
_KEYS = {b"Type", b"ObjStm", b"N", b"First", b"Length", b"Extends", b"Filter", b"FlateDecode"}
_FILTER = re.compile(rb"/Filter%b*(?:/FlateDecode\b|\[%b*/FlateDecode%b*\])" % (_GAP, _GAP, _GAP))


def _object_streams(content: bytes) -> Iterator[bytes | None]:
    """Objects that are packed, each at most as long as all may be; None where we might read other ones."""
    seen = set()
    for found in _OBJECT_STREAM.finditer(content):
        start = content.rfind(b"<<", max(found.start() - 4096, 0), found.start())
        begin = _BEGIN.match(content, max(start, 0))
        if (
            begin is None
            or begin.end() < found.end()
            or not _BEFORE.search(content[max(start - 64, 0) : start])
        ):
            yield None
        elif begin.end() not in seen:
            seen.add(begin.end())
            yield _inflated(content, begin.end()) if _is_plainly_packed(begin[1]) else None


def _is_plainly_packed(said: bytes) -> bool:
    """By Flate, once, and by nothing else: what could unpack it otherwise, no ordinary writer says."""
    plain = _unescaped(said)
    names = re.findall(rb"/([^/\[\]\0\t\n\f\r ]*)", plain)
    return _FILTER.search(plain) is not None and set(names) <= _KEYS and len(names) == len(set(names))


def _inflated(content: bytes, at: int) -> bytes | None:
    """What is packed from here on, piece by piece: the file is not copied anew for each beginning."""
    unpack, parts, left = zlib.decompressobj(), [], MOST_INFLATED + 1
    try:
        while at < len(content) and left > 0 and not unpack.eof:
            parts.append(unpack.decompress(content[at : at + PIECE], left))
            at, left = at + PIECE, left - len(parts[-1])
    except zlib.error:
        return None
    return b"".join(parts) if unpack.eof or left <= 0 else None


# --- pictures: their size by their headers ------------------------------------------------------------------


def _too_large(width: int, height: int, max_pixels: int) -> list[str]:
    if not width or not height:
        return [_BROKEN]
    if width * height > max_pixels:
        most = f"{width} × {height} points, more than {max_pixels // 1_000_000} million"
        return [f"The picture has {most}: scan it at a lower resolution."]
    return []


def _look_at_png(content: bytes, max_pixels: int) -> list[str]:
    """Every chunk whole, the size first, the end last and nothing behind it."""
    size, first, kind, end, packed = (0, 0), b"", b"", 0, False
    for kind, begin, end in chunks_of_png(content):
        body = content[begin + 8 : end - 4]
        (check,) = struct.unpack_from(">I", content, end - 4)
        if zlib.crc32(kind + body) != check:
            return [_BROKEN]
        if kind == b"IHDR":
            size = struct.unpack_from(">II", body)
        if kind == b"IDAT" and not packed:
            zlib.decompressobj().decompress(body, 1024)
            packed = True
        first = first or kind
    if first != b"IHDR" or kind != b"IEND" or not packed or end != len(content):
        return [_BROKEN]
    return _too_large(*size, max_pixels)


_FRAMES = {0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF}


def _look_at_jpeg(content: bytes, max_pixels: int) -> list[str]:
    """Segment by segment to the end: a frame with its size must come before the first scan."""
    size, scanned = (0, 0), False
    for mark, begin, _ in segments_of_jpeg(content):
        scanned = scanned or mark == 0xDA
        if mark in _FRAMES:
            height, width = struct.unpack_from(">HH", content, begin + 5)
            size = max(size, (width, height), key=lambda each: each[0] * each[1])
    return _too_large(*size, max_pixels) if scanned else [_BROKEN]


def _look_at_tiff(content: bytes, max_pixels: int) -> list[str]:
    """Page by page: each with a size and with strips or tiles that lie in the file."""
    order = {b"II*\x00": "<", b"MM\x00*": ">"}.get(content[:4])
    if order is None:
        return [_BROKEN]
    (at,) = struct.unpack_from(order + "I", content, 4)
    seen: set[int] = set()
    while at:
        if at in seen or len(seen) >= MOST_PAGES:
            return [_BROKEN if at in seen else _PAGES]
        seen.add(at)
        (count,) = struct.unpack_from(order + "H", content, at)
        if count > MOST_TAGS:
            return [_BROKEN]
        tags = {}
        for entry in range(count):
            tag, kind, values = struct.unpack_from(order + "HHI", content, at + 2 + entry * 12)
            form = "H" if kind == 3 else "I"
            tags[tag] = (values, struct.unpack_from(order + form, content, at + 10 + entry * 12)[0])
        if 256 not in tags or 257 not in tags or not tags.keys() & {273, 324}:
            return [_BROKEN]
        values, place = tags.get(273) or tags[324]
        if place >= len(content) or values > len(content):
            return [_BROKEN]
        if refusals := _too_large(tags[256][1], tags[257][1], max_pixels):
            return refusals
        (at,) = struct.unpack_from(order + "I", content, at + 2 + count * 12)
    return [] if seen else [_BROKEN]
