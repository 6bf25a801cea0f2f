"""One stage for all that goes through every door: it stands for a module, each request undoes what it did.

`from tests.house.standing import *` in a module puts it there.
"""

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client as Browser
from django.test import override_settings

from tests.cast import browser_of, make_cast
from tests.house.stage import Stage

__all__ = ["_own_uploads", "logged_in", "stage"]


@pytest.fixture(scope="module")
def _own_uploads(tmp_path_factory):
    """For as long as the stage stands, whose files lie there. On a slow machine nobody is idle meanwhile."""
    place = {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": tmp_path_factory.mktemp("uploads")},
    }
    long = {"SESSION_IDLE_SECONDS": 3600, "STEP_UP_SECONDS": 3600}
    with override_settings(STORAGES=settings.STORAGES | {"default": place}, **long):
        yield


@pytest.fixture(scope="module")
def stage(django_db_setup, django_db_blocker, _own_uploads):
    """One for all doors, in a transaction that is undone after the last: each request undoes what it did."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield Stage(make_cast())
        transaction.set_rollback(True)


class Browsers(dict):
    """Name -> browser, logged in when first asked for. "strict" is Rita's, and minds the token."""

    def __init__(self, stage: Stage) -> None:
        super().__init__()
        self.stage = stage

    def __missing__(self, person: str) -> Browser:
        how = {"raise_request_exception": False, "enforce_csrf_checks": person == "strict"}
        browser = Browser(**how)
        if person != "anonymous":
            user = self.stage.people["rita" if person == "strict" else person]
            browser = browser_of(user, **how)
            if person == "dora":  # disabled after she logged in
                user.is_active = False
                user.save(update_fields=["is_active"])
        self[person] = browser
        return browser


@pytest.fixture(scope="module")
def logged_in(stage):
    return Browsers(stage)
