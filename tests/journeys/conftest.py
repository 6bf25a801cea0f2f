"""The stage of the journeys: a real browser before the served bank, and people with passwords."""

import pytest

from tests.browser import *  # noqa: F403
from tests.cast import make_cast

PASSWORD = "correct horse battery staple"


@pytest.fixture
def cast(transactional_db):
    """The cast, committed, so that the served application sees it."""
    made = make_cast()
    made.rita.set_password(PASSWORD)
    made.rita.save()
    return made


@pytest.fixture(autouse=True)
def _own_counters(settings):
    """Tries at the login are counted in the cache; each story has its own."""
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
