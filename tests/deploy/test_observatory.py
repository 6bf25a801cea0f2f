"""The front page as production serves it, scored by the rules that Mozilla's HTTP Observatory publishes.

Offline: a process of its own with a bank's settings answers, and the points are added up here. The rules are
those of the scanner's own score table (mdn/mdn-http-observatory, src/grader/charts.js, algorithm 5): 100 to
begin with, points off for what is missing, points on only for who keeps 90 without them.
"""

import json
import re

import pytest

from tests.deploy.test_production_settings import python

ASKED = """
import json, os
os.environ["DJANGO_SETTINGS_MODULE"] = "rmcrm.settings"
import django
django.setup()
from django.test import Client
evil = {"Origin": "https://evil.example"}
with_key = {"Authorization": "Token 0123456789012345678901234567890123456789"}
told = {}
for name, path, secure, headers in (
    ("login", "/accounts/login/", True, evil),
    ("plain", "/accounts/login/", False, evil),
    ("plain api", "/api/v1/clients/", False, with_key),
    ("nowhere", "/nowhere/", True, evil),
    ("to the login", "/clients/", True, evil),
    ("wrong host", "/clients/", True, {"Host": "evil.example"}),
    ("no database", "/clients/", True, {"Cookie": "__Host-session=abcdefghijklmnopqrstuvwxyz012345"}),
    ("no database, api", "/api/v1/clients/", True, with_key),
    ("probe", "/healthz", False, {"Host": "crm.bank.example"}),
):
    headers = {"Host": "crm.bank.example"} | headers
    got = Client(raise_request_exception=False).get(path, secure=secure, headers=headers)
    told[name] = {
        "status": got.status_code,
        "headers": {name.lower(): value for name, value in got.headers.items()},
        "cookies": [cookie.OutputString() for cookie in got.cookies.values()],
        "body": got.content.decode(),
    }
print(json.dumps(told))
"""


@pytest.fixture(scope="module")
def answers(tmp_path_factory):
    """What production answers while its database and its Redis cannot be reached."""
    ran = python(
        "-c",
        ASKED,
        RMCRM_HOME=str(tmp_path_factory.mktemp("home")),
        RMCRM_STATIC_ROOT=str(a_manifest(tmp_path_factory.mktemp("static"))),
        DATABASE_URL="postgres://app:a-password-1@127.0.0.1:1/rmcrm",
        REDIS_URL="redis://:a-password-2@127.0.0.1:1/0",
    )
    assert ran.returncode == 0, ran.stderr[-2000:]
    return json.loads(ran.stdout.splitlines()[-1])


def a_manifest(folder):
    """Files as `collectstatic` leaves them: the pages name them with a hash of what they hold."""
    ran = python(
        "manage.py", "collectstatic", "--noinput", "-v", "0",
        RMCRM_MODE="demo", RMCRM_SECRET_KEY=None, RMCRM_STATIC_ROOT=str(folder),
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr[-2000:]
    return folder


# --- the score -------------------------------------------------------------------------------------------


def policy_of(answer) -> dict[str, set[str]]:
    parts = answer["headers"].get("content-security-policy", "").split(";")
    return {name: set(words) for name, *words in (part.split() for part in parts if part.strip())}


BROAD = {"*", "http:", "https:", "ftp:", "http://*", "https://*"}


def points_of_policy(policy) -> int:
    if not policy:
        return -25
    script, style, objects = (
        policy.get(name, policy.get("default-src", {"*"}))
        for name in ("script-src", "style-src", "object-src")
    )
    if script & (BROAD | {"'unsafe-inline'", "data:"}) or objects & BROAD:
        return -20
    if any(word.startswith(("http:", "ftp:")) for words in policy.values() for word in words):
        return -20
    if "'unsafe-eval'" in script | style:
        return -10
    if style & (BROAD | {"'unsafe-inline'", "data:"}):
        return 0
    return 10 if policy.get("default-src") == {"'none'"} else 5


def points_of_cookies(cookies) -> int:
    if not cookies:
        return 0
    points = 5
    for cookie in map(str.lower, cookies):
        if "secure" not in cookie:
            points = min(points, -10)
        if "httponly" not in cookie and ("sess" in cookie or "login" in cookie):
            points = min(points, -30)
        if "samesite=lax" not in cookie and "samesite=strict" not in cookie:
            points = min(points, -20 if "csrf" in cookie else 0)
    return points


def points_of_scripts(page) -> int:
    """Integrity is asked of scripts of other origins; ours come from ours."""
    sources = re.findall(r"<script[^>]*\ssrc=\"([^\"]+)\"", page)
    return 0 if all(re.match(r"/(?!/)", source) for source in sources) else -5


def score(answer, plain) -> dict[str, int]:
    """What each test of the Observatory gives or takes."""
    headers, policy = answer["headers"], policy_of(answer)
    age = re.search(r"max-age=(\d+)", headers.get("strict-transport-security", ""))
    safe_referrers = {"no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin"}
    isolating = {"same-origin", "same-origin-allow-popups", "noopener-allow-popups"}
    framed = "frame-ancestors" in policy or headers.get("x-frame-options") in {"DENY", "SAMEORIGIN"}
    to_tls = plain["headers"].get("location", "").startswith("https://crm.bank.example/")
    return {
        "policy": points_of_policy(policy),
        "cookies": points_of_cookies(answer["cookies"]),
        "cors": -50 if "access-control-allow-origin" in headers else 0,
        "redirection": 0 if plain["status"] in (301, 308) and to_tls else -20,
        "referrer": 5 if headers.get("referrer-policy") in safe_referrers else -5,
        "transport": -20 if age is None else 0 if int(age[1]) >= 15_768_000 else -10,
        "scripts": points_of_scripts(answer["body"]),
        "kind": 0 if headers.get("x-content-type-options") == "nosniff" else -5,
        "frames": 5 if framed else -20,
        "resources": 10 if headers.get("cross-origin-resource-policy") in {"same-origin", "same-site"} else 0,
        "opener": 10 if headers.get("cross-origin-opener-policy") in isolating else 0,
        "embedder": 10
        if headers.get("cross-origin-embedder-policy") in {"require-corp", "credentialless"}
        else 0,
    }


def total(points: dict[str, int]) -> int:
    lost = 100 + sum(each for each in points.values() if each < 0)
    return lost if lost < 90 else 100 + sum(points.values())


def test_the_observatory_would_give_at_least_115_points(answers):
    points = score(answers["login"], answers["plain"])
    assert min(points.values()) >= 0, points
    assert total(points) >= 115, points


@pytest.mark.parametrize(
    ("name", "worse", "at_most"),
    [
        ("content-security-policy", "default-src 'none'; script-src 'unsafe-inline'", 80),
        ("content-security-policy", "", 75),
        ("strict-transport-security", "max-age=600", 140),
        ("x-content-type-options", "", 140),
        ("referrer-policy", "unsafe-url", 140),
    ],
)
def test_the_score_sees_what_is_missing(answers, name, worse, at_most):
    answer = answers["login"] | {"headers": answers["login"]["headers"] | {name: worse}}
    assert total(score(answer, answers["plain"])) <= at_most
    assert total(score(answer, answers["plain"])) < total(score(answers["login"], answers["plain"]))


# --- over TLS alone --------------------------------------------------------------------------------------


def test_every_answer_over_tls_says_that_there_is_no_other_way(answers):
    for name in ("login", "nowhere", "to the login", "wrong host", "no database", "no database, api"):
        told = answers[name]["headers"]["strict-transport-security"]
        assert told == "max-age=63072000; includeSubDomains; preload", name


def test_who_comes_without_tls_is_sent_to_it_and_told_nothing(answers):
    plain = answers["plain"]
    assert (plain["status"], plain["body"], plain["cookies"]) == (301, "", [])
    assert plain["headers"]["location"] == "https://crm.bank.example/accounts/login/"


def test_a_program_without_tls_is_refused_and_not_sent_on(answers):
    """A key that travelled in the open must be noticed, not carried on (ASVS 5.0 V4.1.2)."""
    told = answers["plain api"]
    assert told["status"] == 403
    assert "location" not in told["headers"]


def test_the_probe_is_answered_without_tls_and_tells_no_more_than_which_part_is_away(answers):
    probe = answers["probe"]
    assert probe["status"] == 503
    assert json.loads(probe["body"]) == {
        "ok": False,
        "missing": ["database", "sealer", "redis", "worker", "beat"],
    }


def test_cookies_stay_on_this_host_and_out_of_reach_of_scripts(answers):
    (token,) = answers["login"]["cookies"]
    assert token.startswith("__Host-csrf=")
    for part in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
        assert part in token
    assert "Domain" not in token


# --- while something is away -----------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["no database", "no database, api"])
def test_without_its_database_it_serves_nothing_and_tells_nothing(answers, name):
    told = answers[name]
    assert told["status"] in (500, 503)
    for word in ("password", "127.0.0.1", "Traceback", "psycopg", "OperationalError", "postgres", ".py"):
        assert word not in told["body"], word


def test_a_wrong_host_is_refused_without_a_word(answers):
    assert answers["wrong host"]["status"] == 400
    assert "evil.example" not in answers["wrong host"]["body"]
