"""Real data, for tests alone. It is no part of the product: where it is absent the test says so."""

import os
from pathlib import Path

import pytest
from django.conf import settings


def shared_data(path: str) -> Path:
    root = Path(os.environ.get("RMCRM_SHARED_DATA", settings.BASE_DIR.parent / "shared" / "data"))
    if not (root / path).exists():
        pytest.skip(f"the real data {path} is not on this machine (RMCRM_SHARED_DATA)")
    return root / path
