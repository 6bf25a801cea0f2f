"""Who comes in needs a password, and now and then a clock that stands still, and a browser."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from allauth.mfa.totp.internal import auth as totp

from tests.browser import *  # noqa: F403
from tests.staff.comers import PASSWORD, SECRET


@pytest.fixture
def clock():
    """Time stands still until it is shifted."""
    with time_machine.travel(datetime(2026, 11, 21, 8, 0, tzinfo=UTC), tick=False) as traveller:
        yield traveller


@pytest.fixture
def keen(rita):
    """Rita, with a password."""
    rita.set_password(PASSWORD)
    rita.save()
    return rita


@pytest.fixture
def with_app(keen, clock):
    """Rita, with an app for codes, set up an hour ago."""
    totp.TOTP.activate(keen, SECRET)
    clock.shift(timedelta(hours=1))
    return keen
