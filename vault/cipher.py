"""Encrypting single values, and finding them again by an index that tells nothing without its key.

What stands in the database:  v1.<index>.<key id>.<nonce, ciphertext and tag in base64>

AES-256-GCM under the key of that id. Bound to it, so that it is readable nowhere else: the head before it,
the table and column, and ids of the row (ADR 20 says which, and why not its own). The index is an HMAC-SHA256
of the folded value, cut to 128 bits; empty where nobody looks for the value.
"""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from functools import lru_cache
from os import urandom
from unicodedata import normalize

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from vault.keys import Ring, read_ring

BEGIN = "v1."
INDEX_LENGTH = 22


class Unreadable(Exception):
    """A value whose key is not here, or that is not what was put there. Says where, and nothing of it."""


def folded(text: str) -> str:
    """What counts of a number, however it is written: "ch93 0076-2011" and "CH9300762011" are one."""
    if text.isascii() and text.isalnum():
        return text.lower()
    return "".join(filter(str.isalnum, normalize("NFKC", text))).casefold()


class Box:
    """Encrypts and decrypts under one key ring."""

    def __init__(self, ring: Ring) -> None:
        self.writes = ring.writes
        self._index = hmac.new(ring.index, digestmod="sha256")  # begun; each value goes on from here
        self._ciphers = {name: AESGCM(key) for name, key in ring.data.items()}
        self._write = self._ciphers[ring.writes]

    def index_of(self, place: str, text: str) -> str:
        """The blind index of a value in "table.column"; two places have nothing in common."""
        what = folded(text)
        if not what:
            return ""
        index = self._index.copy()
        index.update(f"{place}\0{what}".encode())
        return urlsafe_b64encode(index.digest()[:16])[:INDEX_LENGTH].decode()

    def encrypt(self, place: str, bound: Sequence[int], text: str, *, indexed: bool = False) -> str:
        index = self.index_of(place, text) if indexed else ""
        head, nonce = f"{BEGIN}{index}.{self.writes}.", urandom(12)
        sealed = self._write.encrypt(nonce, text.encode(), _bound(head, place, bound))
        return head + urlsafe_b64encode(nonce + sealed).decode()

    def decrypt(self, place: str, bound: Sequence[int], stored: str) -> str:
        head, _, rest = stored.rpartition(".")
        name = key_id(stored)
        if name not in self._ciphers:
            raise Unreadable(f"{place} of {tuple(bound)}: the key {name or '?'} is not among the field keys")
        try:
            sealed = urlsafe_b64decode(rest)
            if urlsafe_b64encode(sealed).decode() != rest:  # the same bytes can be written in several ways
                raise ValueError
            opened = self._ciphers[name].decrypt(sealed[:12], sealed[12:], _bound(f"{head}.", place, bound))
            return opened.decode()
        except (InvalidTag, ValueError):
            # Not "from" it: a traceback with the frames of the library tells more than is needed.
            raise Unreadable(
                f"{place} of {tuple(bound)}: not what was encrypted there by key {name}"
            ) from None

    def reads(self, name: str) -> bool:
        return name in self._ciphers


def _bound(head: str, place: str, bound: Sequence[int]) -> bytes:
    return f"{head}\0{place}\0{','.join(map(str, bound))}".encode()


def key_id(stored: str) -> str:
    parts = stored.split(".")
    return parts[2] if len(parts) == 4 and stored.startswith(BEGIN) else ""


def box() -> Box:
    """Under the keys of this process."""
    return _box_of(settings.FIELD_KEYS)


@lru_cache(maxsize=8)
def _box_of(text: str) -> Box:
    return Box(read_ring(text))
