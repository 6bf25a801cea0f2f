"""What a camera or a program leaves in a picture beside the picture: place, device, time, author. Pure.

It is left out before the paper is kept (OWASP ASVS 5.0 V14.2.8); not a point of the picture changes, nor how
it is turned. A PDF is kept as it was sent: what its program wrote is part of the paper.
"""

import struct
from collections.abc import Iterator
from itertools import chain

from clients.rules.pictures import MOST_TAGS, chunks_of_png, segments_of_jpeg


def without_traces(content: bytes, kind: str) -> bytes:
    """`content`: a file that `refusals_of_content` takes; `kind`: its MIME type."""
    leave_out = {"image/png": _png, "image/jpeg": _jpeg, "image/tiff": _tiff}.get(kind)
    return leave_out(content) if leave_out else content


_TELLING = {b"eXIf", b"tEXt", b"zTXt", b"iTXt", b"tIME"}  # PNG 3, 11.3: all others make the picture


def _png(content: bytes) -> bytes:
    kept = (content[begin:end] for kind, begin, end in chunks_of_png(content) if kind not in _TELLING)
    return content[:8] + b"".join(kept)


_STAYS = (b"JFIF\x00", b"ICC_PROFILE\x00", b"Adobe")  # of what applications write: the others tell about it


def _jpeg(content: bytes) -> bytes:
    """The colours stay, and of Exif how it is turned. What stands behind the end, as a second picture of the
    same moment, goes."""
    kept = [content[:2]]
    for mark, begin, end in segments_of_jpeg(content):
        if mark == 0xE1 and content.startswith(b"Exif\x00\x00", begin + 4):
            kept.append(_turned(content[begin + 10 : end]))
        elif not (0xE0 <= mark <= 0xEF or mark == 0xFE) or content.startswith(_STAYS, begin + 4):
            kept.append(content[begin:end])
    return b"".join(kept)


def _turned(exif: bytes) -> bytes:
    """A segment of Exif that says how the picture is turned and nothing else; b"" where it stands upright."""
    try:
        order = _ORDERS[exif[:4]]
        (at,) = struct.unpack_from(order + "I", exif, 4)
        turns = [
            struct.unpack(order + "H", value[:2])[0]
            for tag, *_, value in _tags(exif, order, at)
            if tag == _TURN
        ]
    except (struct.error, KeyError):  # cut off, or nonsense: then nobody could read it either
        return b""
    if not turns or turns[0] not in range(2, 9):
        return b""
    body = b"Exif\x00\x00MM\x00*" + struct.pack(">IHHHIHHI", 8, 1, _TURN, 3, 1, turns[0], 0, 0)
    return b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body


# --- pages of tags: of a TIFF, and of Exif, which is one ---------------------------------------------------

_ORDERS = {b"II*\x00": "<", b"MM\x00*": ">"}
_TURN = 0x0112
# Description, maker, model, program, time, artist, host, copyright, XMP, IPTC, Photoshop; Exif and place,
# which lead to pages of their own.
_ABOUT = {270, 271, 272, 305, 306, 315, 316, 33432, 700, 33723, 34377, 34665, 34853}
_LEADING = {34665, 34853}
_WIDTHS = {2: 1, 3: 2, 4: 4, 5: 8, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}
MOST_LED_TO = 500

Tag = tuple[int, int, int, bytes]  # its number, kind of its values, how many, the values or where they lie


def _tags(content: bytes, order: str, at: int) -> Iterator[Tag]:
    (count,) = struct.unpack_from(order + "H", content, at)
    for place in range(min(count, MOST_TAGS)):
        yield struct.unpack_from(order + "HHI4s", content, at + 2 + 12 * place)


def _tiff(content: bytes) -> bytes:
    """In place, as all of a TIFF is found by where it lies: such tags go, what they held becomes zeros."""
    order, kept = _ORDERS[content[:4]], bytearray(content)
    blank: list[tuple[int, int]] = []
    pages: dict[int, bytes] = {}
    led_to: set[int] = set()
    (at,) = struct.unpack_from(order + "I", content, 4)
    while at and at not in pages:
        tags = list(_tags(content, order, at))
        staying = b"".join(struct.pack(order + "HHI4s", *tag) for tag in tags if tag[0] not in _ABOUT)
        for tag in tags:
            if tag[0] in _ABOUT:
                blank += _lying(content, order, tag, led_to)
        end = at + 2 + 12 * len(tags)
        following = content[end : end + 4]
        page = struct.pack(order + "H", len(staying) // 12) + staying + following
        pages[at] = page.ljust(end + 4 - at, b"\x00")
        (at,) = struct.unpack(order + "I", following)
    end = 8
    for begin, to in sorted(blank):
        begin, to = max(begin, end), min(to, len(kept))
        if begin < to:
            kept[begin:to] = bytes(to - begin)
            end = to
    for at, page in pages.items():
        kept[at : at + len(page)] = page
    return bytes(kept)


def _lying(content: bytes, order: str, tag: Tag, led_to: set[int]) -> Iterator[tuple[int, int]]:
    """Where the values of a tag lie, and those of a page of tags that it leads to: (begin, end)."""
    number, kind, many, value = tag
    size = _WIDTHS.get(kind, 1) * many
    (at,) = struct.unpack(order + "I", value)
    if number not in _LEADING:
        if size > 4:  # less lies in the tag itself, which goes
            yield at, at + size
    elif at not in led_to and len(led_to) < MOST_LED_TO:
        led_to.add(at)
        try:
            tags = list(_tags(content, order, at))
        except struct.error:  # it leads nowhere
            return
        yield at, at + 2 + 12 * len(tags) + 4
        yield from chain.from_iterable(_lying(content, order, (0, *inner[1:]), led_to) for inner in tags)
