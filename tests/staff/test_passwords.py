"""Passwords and session keys: what is taken, how it is kept, and that nobody is asked for more."""

import math
import re

import pytest
from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.backends.base import VALID_KEY_CHARS
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.urls import reverse

from staff.login.passwords import NotPutTogetherOfCommonOnes
from staff.models import User

OLD = "an old one of her own 1"
CHANGE = "account_change_password"


@pytest.fixture
def rita(rita):
    rita.set_password(OLD)
    rita.save()
    return rita


def change(browser, old, new):
    return browser.post(
        reverse(CHANGE), {"oldpassword": old, "password1": new, "password2": new}, follow=False
    )


@pytest.mark.parametrize(
    "typed",
    ["correct horse battery staple", "vier Wörter über dem See", "🔑 🔑 🔑 schlüssel", "x7" * 32, "9k" * 60],
)
def test_a_password_has_fifteen_signs_of_any_kind(page_of, rita, typed):
    """Blanks, other alphabets, 64 signs and more are taken; fourteen are not."""
    assert change(page_of(rita), OLD, typed).status_code == 302
    rita.refresh_from_db()
    assert rita.check_password(typed)
    with pytest.raises(ValidationError, match="15"):
        validate_password("only fourteen!", rita)


@pytest.mark.parametrize("old", ["", "not the old one 12", OLD.upper(), OLD[:-1]])
def test_changing_it_takes_the_old_one(page_of, rita, old):
    assert change(page_of(rita), old, "quite-another-9173").status_code == 200
    rita.refresh_from_db()
    assert rita.check_password(OLD)


@pytest.mark.parametrize(
    "common",
    [
        "1q2w3e4r5t6y7u8i9o0p", "1234567890123456789", "passwordpassword", "qwertyuiopasdfghjkl",
        "Password-Password-2026", "letmein letmein letmein", "aaaaaaaaaaaaaaaaaaaa",
    ],
)  # fmt: skip
def test_a_common_one_is_refused(rita, common):
    """Long lists of common passwords hold few of fifteen signs: two of eight put together are as common."""
    with pytest.raises(ValidationError):
        validate_password(common, rita)


@pytest.mark.parametrize(
    "of_the_bank",
    ["Winter2026 Winter2026", "Compliance-Bank-2026!", "rm crm portfolio 1", "Zermatter 2026 Bank"],
)
def test_one_made_of_the_banks_words_is_refused(rita, settings, of_the_bank):
    settings.BANK_NAME = "Zermatter Bank"
    with pytest.raises(ValidationError, match="four of your own"):
        NotPutTogetherOfCommonOnes().validate(of_the_bank, rita)


def test_four_words_of_ones_own_are_taken(rita):
    for typed in ("correct horse battery staple", "vier Wörter über dem See", "x7" * 32, "!?" * 10):
        NotPutTogetherOfCommonOnes().validate(typed, rita)


def test_it_is_taken_sign_by_sign_as_typed(page_of, rita):
    """Nothing is cut off, folded or trimmed."""
    typed = "  Long Enough And More " + "z" * 100 + "!"
    rita.set_password(typed)
    for other in (typed.strip(), typed.lower(), typed[:-1], typed[:72]):
        assert not rita.check_password(other)
    assert rita.check_password(typed)


def test_nobody_must_change_one_that_nobody_knows():
    kinds = [each["NAME"].rpartition(".")[2] for each in settings.AUTH_PASSWORD_VALIDATORS]
    assert not any(re.search("Age|Expir|History|Rotat|Upper|Symbol|Digit", kind) for kind in kinds)
    fields = {field.name for field in User._meta.fields}
    assert not any(re.search("expire|changed_at|must_change", name) for name in fields)


def test_there_is_no_hint_and_no_question(client, db):
    page = client.get(reverse("account_login")).content.decode()
    assert re.findall(r"<input[^>]*name=\"(\w+)\"", page).count("password") == 1
    fields = {field.name for field in User._meta.fields}
    assert not any(re.search("hint|question|answer", name) for name in fields)


def test_passwords_are_kept_by_argon2():
    """As the settings say it, not as the tests do, which hash quickly."""
    from rmcrm import settings as ours

    assert ours.PASSWORD_HASHERS == ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    hasher = Argon2PasswordHasher()
    decoded = hasher.decode(hasher.encode("x" * 15, hasher.salt()))
    assert decoded["variety"] == "argon2id"
    assert (decoded["memory_cost"] >= 19_456, decoded["time_cost"] >= 2) == (True, True)


def test_a_session_key_has_more_than_128_random_bits(page_of, rita):
    keys = set()
    for _ in range(3):
        page_of(rita).get("/clients/")
        keys |= set(Session.objects.values_list("session_key", flat=True))
    assert len(keys) == 3
    for key in keys:
        assert set(key) <= set(VALID_KEY_CHARS)
        assert len(key) * math.log2(len(VALID_KEY_CHARS)) >= 128


@pytest.mark.parametrize("path", ["/", "/clients/", "/inbox/", "/reviews/"])
def test_every_page_has_the_way_out(page_of, rita, path):
    page = page_of(rita).get(path, follow=True).content.decode()
    assert re.search(rf'(action|href)="{reverse("account_logout")}"', page)
