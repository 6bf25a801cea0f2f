"""Which public keys are trusted when the audit is verified."""

from pathlib import Path

from django.conf import settings


def trusted_keys() -> list[str]:
    """RMCRM_SEAL_PUBLIC_KEYS, or those the sealer left in RMCRM_HOME/seal.pub; none: those the anchors
    hold."""
    if settings.SEAL_PUBLIC_KEYS:
        return list(settings.SEAL_PUBLIC_KEYS)
    place = Path(settings.HOME) / "seal.pub"
    return place.read_text(encoding="utf-8").split() if place.exists() else []
