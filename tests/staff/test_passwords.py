"""Passwords and session keys: what is taken, how it is kept, and that nobody is asked for more."""

import hashlib
import math
import re

import pytest
from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.contrib.auth.password_validation import get_default_password_validators, validate_password
from django.contrib.sessions.backends.base import VALID_KEY_CHARS
from django.contrib.sessions.models import Session
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.urls import reverse

from staff.login.passwords import NotBreached, NotPutTogetherOfCommonOnes, is_listed
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


@pytest.mark.parametrize("of_hers", ["Rita Relationship 1", "rita rita rita rita", "RelationshipRita2026"])
def test_one_made_of_the_own_name_is_refused(page_of, rita, of_hers):
    rita.name = "Rita Relationship"
    rita.save()
    assert change(page_of(rita), OLD, of_hers).status_code == 200
    rita.refresh_from_db()
    assert rita.check_password(OLD)


def test_four_words_of_ones_own_are_taken(rita):
    for typed in ("correct horse battery staple", "vier Wörter über dem See", "x7" * 32, "!?" * 10):
        NotPutTogetherOfCommonOnes().validate(typed, rita)


# --- breached ones ----------------------------------------------------------------------------------------


def as_listed(passwords, ends="\n"):
    """As "Pwned Passwords" are given out: sorted hashes, each with how often it was seen."""
    lines = sorted(hashlib.sha1(each.encode()).hexdigest().upper() for each in passwords)
    return ends.join(f"{line}:{1 + at * 37 % 9999}" for at, line in enumerate(lines)) + ends


@pytest.fixture
def listed(tmp_path, settings):
    """A bank's list, and the passwords in it."""
    passwords = [f"stolen {at} somewhere else" for at in range(1000)]
    (tmp_path / "list").write_bytes(as_listed(passwords).encode())
    settings.BREACHED_LIST = str(tmp_path / "list")
    get_default_password_validators.cache_clear()
    yield passwords
    get_default_password_validators.cache_clear()


def test_a_breached_one_is_refused_when_it_is_changed(page_of, rita, listed):
    """Long, of words of one's own, in no list of common ones, and yet stolen somewhere else."""
    answer = change(page_of(rita), OLD, listed[17])
    assert (answer.status_code, "stolen" in answer.content.decode()) == (200, True)
    rita.refresh_from_db()
    assert rita.check_password(OLD)
    assert change(page_of(rita), OLD, listed[17] + "!").status_code == 302


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
@pytest.mark.parametrize("many", [0, 1, 2, 3, 10, 999])
def test_each_line_of_a_list_is_found_and_none_between_them(tmp_path, many, ends):
    passwords = [f"password {at}" for at in range(many)]
    path = tmp_path / "list"
    path.write_bytes(as_listed(passwords, ends).encode() if many else b"")
    assert all(is_listed(str(path), each) for each in passwords)
    assert not any(is_listed(str(path), f"another {at}") for at in range(300))
    if many:  # without the last line's end, without counts, in small letters
        plain = "\n".join(line.split(":")[0].lower() for line in as_listed(passwords).splitlines())
        path.write_text(plain, encoding="utf-8")
        assert all(is_listed(str(path), each) for each in passwords)


def test_a_list_that_is_not_there_lets_no_password_pass_unseen(settings):
    settings.BREACHED_LIST = "/nowhere/list"
    with pytest.raises(ImproperlyConfigured, match="no file /nowhere/list"):
        NotBreached()


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
