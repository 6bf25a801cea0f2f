"""What every answer tells the browser, whoever asks and however it ends: page, file, refusal, mistake."""

import json
import logging
import re

import pytest
from django.conf import settings
from django.test import Client as Browser
from django.urls import reverse

from rmcrm.middleware import StaticFiles
from tests.cast import browser_of
from tests.house.doors import DOORS, OPEN
from tests.house.stage import Stage
from tests.house.test_doors import address_of

ORDERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
CHARSET = {"text/html": "text/html; charset=utf-8", "text/csv": "text/csv; charset=utf-8"}
KINDS = {
    "application/json",
    "application/pdf",
    "application/zip",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    *CHARSET,
}


@pytest.fixture
def stage(cast):
    return Stage(cast)


def visitor(person=None):
    how = {"raise_request_exception": False}
    return Browser(**how) if person is None else browser_of(person, **how)


def lacking(answer) -> list[str]:
    """Which orders an answer lacks."""
    found = answer.headers
    wrong = [name for name, value in ORDERS.items() if found.get(name) != value]
    wrong += [] if "no-store" in found.get("Cache-Control", "") else ["Cache-Control"]
    policy = found.get("Content-Security-Policy", "")
    if policy != "sandbox; default-src 'none'":  # what a file to be saved has
        for part in ("default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "form-action 'self'"):
            wrong += [] if part in policy else [f"policy: {part}"]
    wrong += ["a policy with unsafe"] if "unsafe" in policy else []
    wrong += [name for name in found if name.lower().startswith("access-control-")]
    wrong += [name for name in ("Server", "X-Powered-By", "Via") if name in found]
    wrong += [] if found.get("Permissions-Policy") else ["Permissions-Policy"]
    return wrong


def kind_of(answer) -> str:
    return answer.headers.get("Content-Type", "")


# --- on every answer -------------------------------------------------------------------------------------


def test_every_door_gives_the_browser_its_orders(stage):
    wrong, browsers = [], {}
    for door in DOORS:
        person = (door.get or door.post).split()[0]
        browser = browsers.setdefault(person, visitor(stage.people[person]))
        answer = browser.get(address_of(door, stage, False), headers={"Origin": "https://evil.example"})
        wrong += [f"{door.name} {answer.status_code}: {each}" for each in lacking(answer)]
    assert wrong == []


def test_so_do_the_open_doors_for_who_is_outside(db):
    for door in OPEN:
        assert lacking(visitor().get(reverse(door.name, kwargs=door.ids))) == [], door.name


def breaks(*_args, **_more):
    raise ValueError("Anna Keller")


def test_so_do_refusals_and_mistakes(stage, monkeypatch):
    """To the login, 401, 403, 404, 405, 400 and 500."""
    rita, theo, nobody = visitor(stage.people["rita"]), visitor(stage.people["theo"]), visitor()
    answers = {
        302: nobody.get("/clients/"),
        401: nobody.get("/api/v1/clients/"),
        403: rita.get("/compliance/hits/"),
        404: rita.get("/clients/999999/"),
        405: rita.delete("/clients/"),
        400: rita.get("/clients/", headers={"Host": "evil.example"}),
    }
    answers[4040] = rita.get("/nowhere/")
    answers[4041] = rita.get("/api/v1/nowhere/")
    monkeypatch.setattr("clients.selectors.lists.client_page", breaks)
    answers[500] = theo.get("/clients/")
    monkeypatch.setattr("clients.selectors.client_page", breaks)
    answers[5000] = theo.get("/api/v1/clients/")
    for status, answer in answers.items():
        assert str(status).startswith(str(answer.status_code)), status
        assert lacking(answer) == [], status
        assert "Keller" not in answer.content.decode()
        assert "Traceback" not in answer.content.decode()


def test_the_kind_of_every_answer_is_said_with_its_letters(stage):
    """Where a kind has letters, the way they are written; JSON is UTF-8 by its own law."""
    wrong = []
    for door in DOORS:
        if not door.get:
            continue
        answer = visitor(stage.people[door.get.split()[0]]).get(address_of(door, stage, False))
        kind = kind_of(answer)
        plain = kind.partition(";")[0]
        if plain not in KINDS or kind not in (CHARSET.get(plain, plain), f"{plain}; charset=utf-8"):
            wrong.append(f"{door.name}: {kind}")
        if plain not in ("text/html", "application/json"):
            saved = answer.headers["Content-Disposition"].startswith("attachment")
            wrong += [] if saved else [f"{door.name} is shown"]
    assert wrong == []


def test_a_question_from_another_site_gets_no_leave(stage):
    """No CORS: a preflight is answered without one Access-Control header."""
    asked = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
    for url in ("/clients/", "/api/v1/clients/", "/api/v1/schema/", "/accounts/login/", "/healthz"):
        answer = browser_of(stage.people["rita"]).options(url, headers=asked)
        assert [name for name in answer.headers if name.lower().startswith("access-control")] == [], url


def test_options_does_nothing_and_tells_nothing_of_a_client(stage):
    for door in DOORS:
        answer = browser_of(stage.people["rita"]).options(address_of(door, stage, False))
        assert answer.status_code in (200, 404, 405), door.name
        assert b"Keller" not in answer.content, door.name
        assert answer.status_code != 200 or door.is_api, door.name


# --- files that are public -------------------------------------------------------------------------------


def test_nothing_but_the_rooms_files_is_served_as_a_file():
    """No listing, no source control, no settings, no way up."""
    for url in (
        "/static/", "/static/ui/", "/static/ui", "/.git/config", "/.git/HEAD", "/.env", "/manage.py",
        "/static/../manage.py", "/static/%2e%2e/manage.py", "/static/ui/..%2f..%2f..%2fmanage.py",
        "/uploads/", "/media/", "/admin/", "/docs/", "/metrics", "/debug/", "/__debug__/", "/silk/",
        "/server-status", "/package.json", "/static/ui/rmcrm.js.map", "/static/vendor/",
    ):  # fmt: skip
        assert visitor().get(url).status_code == 404, url


def test_what_is_served_as_a_file_says_what_it_is():
    answer = visitor().get("/static/ui/rmcrm.js")
    assert answer.status_code == 200
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert kind_of(answer).startswith("text/javascript")


def test_no_other_site_reads_or_embeds_a_file():
    answer = visitor().get("/static/ui/rmcrm.js", headers={"Origin": "https://evil.example"})
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert "no-store" not in answer.headers["Cache-Control"]


def test_the_list_of_all_files_is_not_served(tmp_path, settings):
    for name in ("staticfiles.json", "staticfiles.json.gz", "rmcrm.0123456789ab.css"):
        (tmp_path / name).write_text("{}")
    settings.STATIC_ROOT, settings.WHITENOISE_USE_FINDERS = tmp_path, False
    assert list(StaticFiles(lambda request: None).files) == ["/static/rmcrm.0123456789ab.css"]


def test_no_file_points_at_its_source():
    """A map of a packed script is for its makers."""
    files = [path for path in (settings.BASE_DIR / "static").rglob("*") if path.suffix in {".js", ".css"}]
    assert len(files) > 5
    assert [path.name for path in files if b"sourceMappingURL" in path.read_bytes()] == []
    assert list((settings.BASE_DIR / "static").rglob("*.map")) == []


# --- what a browser stopped --------------------------------------------------------------------------------


@pytest.fixture
def told():
    """What our own log says meanwhile."""
    lines = []
    handler = logging.Handler()
    handler.emit = lambda record: lines.append(record.getMessage())
    log = logging.getLogger("rmcrm.policy")
    log.addHandler(handler)
    yield lines
    log.removeHandler(handler)


def a_report(directive) -> str:
    page = {"document-uri": "/clients/7/", "blocked-uri": "https://evil.example/?Anna+Keller"}
    return json.dumps({"csp-report": page | {"effective-directive": directive}})


def test_what_the_policy_stopped_is_reported_and_told_in_one_word(stage, told):
    browser = browser_of(stage.people["rita"], enforce_csrf_checks=True)
    policy = browser.get("/clients/").headers["Content-Security-Policy"]
    assert f"report-uri {reverse('policy_report')}" in policy
    for body in (
        a_report("script-src-elem"), a_report("img-src"), a_report("Anna\nKeller"), "no JSON", "[]", "{}",
        '{"csp-report": 7}', '{"csp-report": {}}', "\xff", "[" * 100_000,
    ):  # fmt: skip
        answer = browser.post(reverse("policy_report"), body, content_type="application/csp-report")
        assert (answer.status_code, answer.content) == (204, b"")
    assert [line.rpartition(": ")[2] for line in told] == [
        "script-src",
        "img-src",
        "something else",
        "something else",
    ]
    assert "Keller" not in "".join(told)


def test_a_stranger_reports_nothing(told):
    answer = visitor().post(reverse("policy_report"), a_report("img-src"), content_type="application/json")
    assert answer.status_code == 302
    assert told == []


# --- the login's form ------------------------------------------------------------------------------------


def test_the_login_form_hides_what_is_typed_and_lets_a_password_manager_fill_it():
    page = visitor().get("/accounts/login/").content.decode()
    (field,) = re.findall(r"<input[^>]*name=\"password\"[^>]*>", page)
    assert 'type="password"' in field
    assert 'autocomplete="current-password"' in field
    assert "maxlength" not in field
    assert "onpaste" not in page
    assert "hint" not in re.sub(r"form-hint", "", page).lower()
