"""What only this application reads again: sealed with the secret key (Fernet: AES-128-CBC, HMAC-SHA256)."""

import base64
import hmac
import json
from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


def seal(purpose: str, what: Any) -> str:
    return _seal_of(purpose, _keys()).encrypt(json.dumps(what).encode()).decode()


def unseal(purpose: str, sealed: str, *, within: int | None = None) -> Any:
    """What was sealed for this purpose (at most `within` seconds ago), or None. Old secret keys read."""
    try:
        return json.loads(_seal_of(purpose, _keys()).decrypt(sealed.encode(), ttl=within))
    except (InvalidToken, ValueError):
        return None


def _keys() -> tuple[str, ...]:
    return (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)


@lru_cache(maxsize=32)
def _seal_of(purpose: str, keys: tuple[str, ...]) -> MultiFernet:
    derived = (hmac.digest(key.encode(), f"staff.sealing {purpose}".encode(), "sha256") for key in keys)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(each)) for each in derived])
