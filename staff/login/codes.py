"""Codes that are as good as a password for once: random, long, kept as hashes, shown to their owner alone.

24 signs of 31 are 118 random bits: too many to guess, so that a plain hash keeps them (ASVS V6.5.2 asks for
a salted, slow one below 112).
"""

import hashlib
import secrets

SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is mistaken for another
LENGTH = 24
RECOVERY = 10


def new_code() -> str:
    """Four signs, a stroke, four signs: as a person copies it."""
    signs = "".join(secrets.choice(SIGNS) for _ in range(LENGTH))
    return "-".join(signs[at : at + 4] for at in range(0, LENGTH, 4))


def plain(typed: str) -> str:
    return "".join(sign for sign in typed.lower() if sign.isalnum())


def hashed(typed: str) -> str:
    return hashlib.sha256(plain(typed).encode()).hexdigest()
