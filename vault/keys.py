"""The key ring: which keys read what stands in the database, which one writes, which makes the index. Pure.

A ring is text of one key a line, its name and 64 hexadecimal digits (32 random bytes):

    index    3f0c…   the blind index: never used to encrypt, and there is one
    a41c07e2 9b1d…   reads
    0d5be9f4 77e0…   reads, and as the last one writes

It comes from the environment or a file (docs/configuration.md) and is never in the database.
"""

import hmac
import re
import secrets
from dataclasses import dataclass, field
from functools import lru_cache

INDEX = "index"
_LINE = re.compile(r"([a-z0-9]{1,16})\s+([0-9a-fA-F]{64})")


class BadRing(ValueError):
    """The text is no key ring. The sentence names a line by its number, never what stands there."""


@dataclass(frozen=True)
class Ring:
    data: dict[str, bytes] = field(repr=False)  # key id -> key
    writes: str  # the id of the key that encrypts
    index: bytes = field(repr=False)

    def fingerprints(self) -> dict[str, str]:
        """Key id -> what tells this key from another of the same name, and tells nothing of the key."""
        keys = {**self.data, INDEX: self.index}
        return {name: hmac.digest(key, b"fingerprint", "sha256").hex()[:32] for name, key in keys.items()}


@lru_cache(maxsize=8)
def read_ring(text: str) -> Ring:
    data: dict[str, bytes] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        found = _LINE.fullmatch(line.strip())
        if found is None:
            raise BadRing(f"Line {number} of the field keys is not a name and 64 hexadecimal digits.")
        name, key = found[1], bytes.fromhex(found[2])
        if name in data:
            raise BadRing(f"Line {number} of the field keys names a key that stands above already.")
        if key in data.values():
            raise BadRing(f"Line {number} of the field keys repeats a key: each is to be made anew.")
        data[name] = key
    index = data.pop(INDEX, None)
    if index is None or not data:
        raise BadRing("The field keys need a line “index” and at least one key beside it.")
    return Ring(data, list(data)[-1], index)


def new_key(name: str = "") -> str:
    """A line of a ring. A name of chance: keys of two rings never have the same one."""
    return f"{name or secrets.token_hex(4)} {secrets.token_hex(32)}\n"
