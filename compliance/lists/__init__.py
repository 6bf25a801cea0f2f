"""Readers of sanctions lists: each knows one publisher's file and gives `Entry`s. Pure, streaming."""

from collections.abc import Callable
from typing import IO

from compliance.lists import eu, ofac, own, un
from compliance.lists.reading import ListFile

READERS: dict[str, Callable[[IO[bytes]], ListFile]] = {
    "ofac": ofac.read,
    "eu": eu.read,
    "un": un.read,
    "csv": own.read,
}
