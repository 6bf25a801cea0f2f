"""How pictures are put together: their parts one by one, never decoded. Pure."""

import re
import struct
from collections.abc import Iterator

MOST_PARTS = 20_000  # a long progressive photograph has a few hundred
MOST_TAGS = 500  # of a page of a TIFF, which has some twenty


def chunks_of_png(content: bytes) -> Iterator[tuple[bytes, int, int]]:
    """(kind, begin, end) up to the last chunk, or to the end of the file. struct.error where it breaks."""
    at, kind = 8, b""
    while at < len(content) and kind != b"IEND":
        length, kind = struct.unpack_from(">I4s", content, at)
        yield kind, at, at + 12 + length
        at += 12 + length


# Within the points of a scan 0xFF is followed by 0 or by a restart; any other mark ends them.
_BEHIND_POINTS = re.compile(rb"\xff[^\x00\xd0-\xd7]", re.DOTALL)


def segments_of_jpeg(content: bytes) -> Iterator[tuple[int, int, int]]:
    """(mark, begin, end) up to the end of the picture; the points of a scan belong to its mark.

    ValueError, IndexError or struct.error where it breaks.
    """
    at = 2
    for _ in range(MOST_PARTS):
        while content[at : at + 2] == b"\xff\xff":  # filling
            at += 1
        if content[at] != 0xFF:
            raise ValueError("no mark where one must be")
        mark = content[at + 1]
        if mark == 0xD9:
            yield mark, at, at + 2
            return
        (length,) = struct.unpack_from(">H", content, at + 2)
        if mark == 0xD8 or length < 2:
            raise ValueError("a picture within a picture, or a segment without a length")
        end = at + 2 + length
        if mark == 0xDA:
            behind = _BEHIND_POINTS.search(content, end)
            end = behind.start() if behind else len(content)
        yield mark, at, end
        at = end
    raise ValueError("more parts than a picture has")
