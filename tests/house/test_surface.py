"""What an attacker looks for in the code, read from it: is anything ever run, built or called like that?

Each test reads every room; what is allowed stands here with its reason.
"""

import ast
import io
import logging
import re
import re._parser as patterns
import socket
import subprocess
import sys
import time
import tomllib
from functools import cache as remembered
from html import unescape

import pytest
from django.conf import settings
from django.contrib.sessions.serializers import JSONSerializer
from django.core.cache import cache
from django.test import Client as Browser

from audit.models import AuditEvent
from clients.models import Client
from rmcrm.logs import WithoutValues
from tests.cast import browser_of
from tests.house.doors import DOORS
from tests.house.stage import Stage
from tests.house.test_contracts import ROOT, imports_of, sources, tree_of
from tests.house.test_doors import address_of
from ui.api import ApiView
from ui.parsers import Json

SCRIPTS = sorted((ROOT / "static" / "ui").glob("*.js"))
CADDY = (ROOT / "deploy" / "Caddyfile").read_text(encoding="utf-8")


@pytest.fixture
def stage(cast):
    return Stage(cast)


@remembered
def calls(path):
    walked = ast.walk(tree_of(path))
    return [(node, ast.unparse(node.func)) for node in walked if isinstance(node, ast.Call)]


def found_in(*kinds: str, says) -> list[str]:
    """`room.module:line` of every call for which `says(node, name)` is true."""
    return [
        f"{dotted}:{node.lineno} {name}"
        for dotted, path in sources(*kinds)
        for node, name in calls(path)
        if says(node, name)
    ]


# --- what is run, built, called --------------------------------------------------------------------------


def test_the_linter_looks_for_what_bandit_looks_for():
    """Ruff's S rules are bandit's; no room is excused. A single line is, by a noqa that says why."""
    lint = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["ruff"]["lint"]
    assert "S" in lint["select"]
    assert [rule for rule in lint["ignore"] if rule.startswith("S") and rule != "S101"] == ["SIM108"]
    excused = {place for place, rules in lint["per-file-ignores"].items() if "S" in rules}
    assert excused == {"tests/*", "bench/*", "bin/*"}
    bare = [
        f"{dotted}:{at}"
        for dotted, path in sources()
        for at, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if re.search(r"#\s*noqa(?!: [A-Z])", line)
    ]
    assert bare == []


DANGEROUS = {"eval", "exec", "compile", "__import__", "os.system", "os.popen", "os.execv", "yaml.load"}
DANGEROUS_MODULES = {"subprocess", "pickle", "marshal", "shelve", "dill", "pty", "code", "ctypes"}


def test_no_room_starts_a_command_or_evaluates_a_text():
    assert found_in(says=lambda node, name: name in DANGEROUS) == []
    imported = {dotted: imports_of(tree_of(path)) & DANGEROUS_MODULES for dotted, path in sources()}
    assert {dotted: names for dotted, names in imported.items() if names} == {}


CALLERS = {"requests", "httpx", "urllib.request", "urllib3", "http.client", "ftplib", "smtplib", "socket"}
MAY_CALL = {
    "audit.seals.anchors": {
        "socket"
    },  # the syslog that keeps the heads of the seals, at the address in the settings
    "clients.scanner": {"socket"},  # the virus scanner, at the address in the settings
    "jobs.actions": {"socket"},  # the name of this machine, for the lease
    "alerts.actions": {"smtplib"},  # an error's name; mail goes through Django to the server in the settings
}


def test_no_room_calls_another_address():
    """So there is nothing that could be made to call where input points, and no redirect to follow."""
    imported = {dotted: imports_of(tree_of(path)) & CALLERS for dotted, path in sources()}
    assert {dotted: names for dotted, names in imported.items() if names} == MAY_CALL
    tried = found_in(says=lambda node, name: name.endswith(("urlopen", "create_connection")))
    assert [each.partition(":")[0] for each in tried] == ["clients.scanner"]


def test_no_template_is_made_of_what_somebody_typed():
    made = found_in(says=lambda node, name: name.endswith(("from_string", "Template")))
    assert made == []
    # format_html escapes what it is given; a first argument that was already filled would pass by that.
    filled = found_in(
        says=lambda node, name: (
            name in {"format_html", "format_html_join"} and isinstance(node.args[0], ast.JoinedStr)
        )
    )
    assert filled == []
    templates = (ROOT / "templates").rglob("*.html")
    assert [
        path.name for path in templates if re.search(r"\|\s*safe\b|autoescape off", path.read_text("utf-8"))
    ] == []


def is_ours(text: ast.expr) -> bool:
    """A text that stands in the code: a constant, one of those by name, one of those translated."""
    if isinstance(text, ast.Call):
        return ast.unparse(text.func) in WORDS or all(isinstance(each, ast.Constant) for each in text.args)
    if isinstance(text, ast.Subscript):
        return is_ours(text.value)
    if isinstance(text, ast.Name | ast.Attribute):
        last = ast.unparse(text).split(".")[-1]
        return last in OUR_WORDS or last.strip("_").isupper()
    return isinstance(text, ast.Constant)


WORDS = {"_", "gettext", "ngettext"}
# Local names of texts out of our own tables.
OUR_WORDS = {"label", "text", "statement", "super", "told", "sentence"}


def test_no_room_formats_by_a_text_that_somebody_typed():
    """`text.format(...)` follows attributes: the text must be ours."""
    foreign = found_in(
        says=lambda node, name: (
            isinstance(node.func, ast.Attribute)
            and node.func.attr in {"format", "format_map"}
            and not is_ours(node.func.value)
        )
    )
    # logging.Formatter.format takes a record and no text.
    assert [each for each in foreign if not each.startswith("rmcrm.logs:")] == []


# --- patterns --------------------------------------------------------------------------------------------

ASKS = {"compile", "search", "match", "fullmatch", "sub", "split", "findall", "finditer"}
MAY_BE_MADE = {
    "clients.rules.contents": "out of our own pieces",
    "clients.rules.numbers": "out of our own pieces",
    "compliance.rules.screening.names": "out of our own words",
    "compliance.rules.screening.scripts": "out of our own words",
    "compliance.rules.screening.spelling": "out of our own words",
    "onboarding.rules.imports.values": "out of a format of our own list",
    "ui.screen": "out of texts of a page, escaped",
    "ui.api": "out of a validator of our own forms",
}


def test_no_pattern_is_made_of_what_somebody_typed():
    made = found_in(
        says=lambda node, name: (
            name in {f"re.{ask}" for ask in ASKS} and not isinstance(node.args[0], ast.Constant)
        )
    )
    assert {each.partition(":")[0] for each in made} <= set(MAY_BE_MADE)


def patterns_of_ours():
    """(where, the pattern, how it is asked: "search" where the code only compiles it)."""
    for dotted, path in sources():
        for node, name in calls(path):
            ask = name.removeprefix("re.")
            if name != ask and ask in ASKS and isinstance(node.args[0], ast.Constant):
                yield dotted, node.args[0].value, ask if ask in {"match", "fullmatch"} else "search"


ENDLESS = 1000


def parts(kind, value) -> list:
    """What an element of a pattern is made of."""
    if kind in (patterns.MAX_REPEAT, patterns.MIN_REPEAT):
        return [value[2]]
    if kind is patterns.SUBPATTERN:
        return [value[3]]
    return list(value[1]) if kind is patterns.BRANCH else []


def is_endless(kind, value) -> bool:
    return kind in (patterns.MAX_REPEAT, patterns.MIN_REPEAT) and value[1] > ENDLESS


def ends_openly(parsed) -> bool:
    """Is the last thing in it without end? Then where one round of a repetition ends is open."""
    if not len(parsed):
        return False
    return is_endless(*parsed[-1]) or any(ends_openly(part) for part in parts(*parsed[-1]))


def runs_away(parsed) -> bool:
    """A repetition without end of what ends openly: the ways to read it double with every sign."""
    for kind, value in parsed:
        if is_endless(kind, value) and ends_openly(value[2]):
            return True
        if any(runs_away(part) for part in parts(kind, value)):
            return True
    return False


def test_no_pattern_of_ours_runs_away():
    assert runs_away(patterns.parse(r"(a+)+$"))
    assert (
        runs_away(patterns.parse(r"^(\w+\s?|x)*$")) is False
    )  # the blank may be missing: told by the clock below
    ours = list(patterns_of_ours())
    assert len(ours) > 20
    assert [(dotted, text) for dotted, text, _how in ours if runs_away(patterns.parse(text))] == []


def test_no_pattern_of_ours_is_slow_on_a_long_line():
    """Five thousand signs and one that does not fit, against each of our patterns, asked as we ask it."""
    slow = []
    for sign in ("a", " ", "-", "1,", "<a", '"'):
        line = sign * (5_000 // len(sign)) + "\x00"
        for dotted, text, how in patterns_of_ours():
            given = line.encode() if isinstance(text, bytes) else line
            began = time.process_time()
            getattr(re.compile(text), how)(given)
            if time.process_time() - began > 1:
                slow.append((dotted, text, sign))
    assert slow == []


# --- formats ---------------------------------------------------------------------------------------------


def test_jobs_and_sessions_are_kept_as_json():
    assert settings.CELERY["task_serializer"] == "json"
    assert settings.CELERY["accept_content"] == ["json"]
    from django.utils.module_loading import import_string

    assert import_string(settings.SESSION_SERIALIZER) is JSONSerializer
    assert settings.MESSAGE_STORAGE.endswith("SessionStorage")


def api_views(base=ApiView):
    for view in base.__subclasses__():
        yield view
        yield from api_views(view)


def test_json_is_read_by_one_parser():
    views = list(api_views())
    assert len(views) > 4
    assert [view.__name__ for view in views if view.parser_classes != [Json]] == []


def test_no_form_or_serializer_takes_every_field():
    """Each field that may be set is named; what else is sent is not looked at."""
    everything = [
        f"{dotted}:{node.lineno}"
        for dotted, path in sources()
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Assign)
        and any(getattr(target, "id", "") in {"fields", "exclude"} for target in node.targets)
        and (ast.unparse(node.targets[0]) == "exclude" or "__all__" in ast.unparse(node.value))
    ]
    assert everything == []
    spread = found_in(
        says=lambda node, name: any(
            word.arg is None and re.search(r"request\.(POST|data)", ast.unparse(word.value))
            for word in node.keywords
        )
    )
    assert spread == []


def test_a_parameter_twice_or_in_the_wrong_place_is_one_parameter(page_of, cast):
    """A form reads what was posted and never the address; of two values the last one, and that is checked."""
    url = f"/clients/{cast.anna.pk}/tasks/new/"
    good = {"kind": "call", "title": "Call", "due_on": "2099-01-01"}
    assert page_of(cast.rita).post(f"{url}?title=From+the+address", {**good, "title": ""}).status_code == 422
    twice = {**good, "kind": ["call", "nonsense"]}
    assert page_of(cast.rita).post(url, twice).status_code == 422
    assert page_of(cast.rita).post(url, {**good, "kind": ["nonsense", "call"]}).status_code == 303


# --- ciphers and hashes ----------------------------------------------------------------------------------

MAY_DRAW = {"rmcrm.synthetic.dice", "rmcrm.synthetic.files"}  # a made-up bank is to be the same each time


def test_no_room_has_a_cipher_of_its_own():
    """Hashes, keys and random numbers come from the standard library, Django or `cryptography`."""
    drawn = [dotted for dotted, path in sources() if {"random"} & imports_of(tree_of(path))]
    assert set(drawn) <= MAY_DRAW
    other = {"Crypto", "nacl", "rsa", "M2Crypto", "pyaes", "ecdsa"}
    assert [dotted for dotted, path in sources() if other & imports_of(tree_of(path))] == []


# Lists of breached passwords are given out by SHA-1: one call finds a line there, keeps and proves nothing.
MAY_LOOK_UP_BY_SHA1 = ["staff.login.passwords"]


def test_no_room_uses_a_weak_hash():
    weak = re.compile(r"\b(md5|sha1|crc32|adler32|new)\b")
    used = found_in(says=lambda node, name: name.startswith("hashlib.") and bool(weak.search(name)))
    assert [each.partition(":")[0] for each in used] == MAY_LOOK_UP_BY_SHA1
    assert "hashlib.sha1(password.encode(), usedforsecurity=False)" in (
        ROOT / "staff" / "login" / "passwords.py"
    ).read_text(encoding="utf-8")


def test_every_clock_is_utc(db):
    from django.db import connection

    assert (settings.TIME_ZONE, settings.USE_TZ, settings.CELERY["timezone"]) == ("UTC", True, "UTC")
    with connection.cursor() as cursor:
        cursor.execute("SHOW timezone")
        assert cursor.fetchone() == ("UTC",)
        cursor.execute(
            "SELECT data_type FROM information_schema.columns"
            " WHERE table_name = 'audit_event' AND column_name = 'at'"
        )
        assert cursor.fetchone() == ("timestamp with time zone",)


# --- the browser -----------------------------------------------------------------------------------------


# Tabs of one browser cover each other: a BroadcastChannel reaches our own origin only; nothing of it is read.
OF_OUR_TABS = r'others\?\.(addEventListener\("message", \(\) => \{|postMessage\()'


def test_our_scripts_take_no_message_of_another_window():
    for script in SCRIPTS:
        text = re.sub(OF_OUR_TABS, "", script.read_text(encoding="utf-8"))
        assert not re.search(r"[\"']message[\"']|postMessage|onmessage|window\.(opener|name)\b", text), (
            script.name
        )


def test_there_are_no_web_sockets():
    for script in SCRIPTS:
        assert not re.search(r"WebSocket|EventSource|RTCPeer", script.read_text(encoding="utf-8")), (
            script.name
        )
    for file in ("docker-compose.yml", "Containerfile"):
        assert "--no-ws" in (ROOT / file).read_text(encoding="utf-8"), file


def test_our_scripts_copy_no_foreign_keys():
    """A key out of data, written into an object, could be `__proto__`."""
    for script in SCRIPTS:
        text = script.read_text(encoding="utf-8")
        assert not re.search(r"__proto__|\.prototype\b|for \((const|let) \w+ in |setPrototypeOf", text), (
            script.name
        )


# --- the proxy and the server ----------------------------------------------------------------------------


def test_the_proxy_sends_people_to_tls_and_refuses_programs():
    plain = re.search(r"^http://\{\$RMCRM_DOMAIN\} \{\n(.*?)^\}", CADDY, re.M | re.S)
    assert plain
    assert re.search(r"handle /api/\* \{\s*respond .* 403\s*\}", plain[1])
    assert re.search(r"handle \{\s*redir https://\{host\}\{uri\} permanent\s*\}", plain[1])
    assert "reverse_proxy" not in plain[1]


def test_the_proxy_lowers_nothing_of_tls():
    """Caddy's own defaults: TLS 1.2 and 1.3, forward secrecy. A word here could only weaken it."""
    plain = re.sub(r"^\s*#.*$", "", CADDY, flags=re.M)
    assert not re.search(r"tls1\.|ciphers|curves|insecure|tls_insecure_skip_verify|auto_https off", plain)
    assert "tls {$RMCRM_TLS}" in plain


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """The web server of production with an application of the standard library behind it."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [
        sys.executable, "-m", "granian", "--interface=wsgi", "wsgiref.simple_server:demo_app",
        "--host=127.0.0.1", f"--port={port}", "--no-ws", "--no-access-log",
    ]  # fmt: skip
    running = subprocess.Popen(
        command, cwd=tmp_path_factory.mktemp("web"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    for _ in range(300):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            break
        except OSError:
            time.sleep(0.1)
    yield port
    running.terminate()
    running.wait(20)


def said(port: int, head: bytes) -> list[bytes]:
    """The statuses that the server answers to these bytes."""
    with socket.create_connection(("127.0.0.1", port), 10) as to:
        to.sendall(head)
        to.settimeout(1.5)
        answer = b""
        try:
            while more := to.recv(65_536):
                answer += more
        except (TimeoutError, ConnectionResetError):
            pass
    return re.findall(rb"HTTP/1\.1 (\d+)", answer)


HIDDEN = b"GET /hidden HTTP/1.1\r\nHost: x\r\n\r\n"


@pytest.mark.parametrize(
    "lengths",
    [
        b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef",
        b"Content-Length: 5, 6\r\n\r\nabcdef",
        b"Content-Length: +5\r\n\r\nabcde",
        b"Content-Length: 5 \x0b\r\n\r\nabcde",
        b"Content-Length: -1\r\n\r\n",
        b"Transfer-Encoding: chunked\r\n\r\nZ\r\nabc\r\n0\r\n\r\n",
        b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
        b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
    ],
)
def test_a_request_of_two_lengths_hides_no_other(server, lengths):
    """Else what one of two servers takes for a body, the other takes for somebody's next request."""
    plain = b"POST / HTTP/1.1\r\nHost: x\r\n"
    assert said(server, plain + b"Content-Length: 5\r\n\r\nabcde" + HIDDEN) == [b"200", b"200"]
    assert len(said(server, plain + lengths + HIDDEN)) <= 1


# --- what must not be where ------------------------------------------------------------------------------

ADDRESS = re.compile(r"""(?:href|src|action|hx-get|hx-post)=["'](/[^"']*)""")


def test_no_link_of_a_page_carries_a_name(stage):
    """Ids, words of ours and dates: an address lands in histories and in the logs of proxies."""
    Client.objects.filter(pk=stage.client.pk).update(name="Anna Zzyzx")
    stage.party.name = "Anna Zzyzx"
    for person in ("rita", "cora"):
        browser = browser_of(stage.people[person])
        for door in DOORS:
            if person in door.get.split() and door.name != "search":
                answer = browser.get(address_of(door, stage, False))
                if answer.streaming:
                    continue
                found = [unescape(link) for link in ADDRESS.findall(answer.content.decode(errors="replace"))]
                assert [link for link in found if re.search("zzyzx|keller|44668", link, re.I)] == [], (
                    door.name
                )


def test_redis_holds_no_client():
    """What the rooms keep there are signs of life and counted tries."""
    kept = found_in(
        says=lambda node, name: name.startswith("cache.") and name.split(".")[1] in {"set", "add", "set_many"}
    )
    assert [each.partition(":")[0] for each in kept] == ["rmcrm.celery"]
    assert not any("cache" in name.lower() for name in settings.MIDDLEWARE)
    assert cache is not None


def test_every_refusal_is_an_event(page_of, cast):
    """Foreign, missing and not permitted: who asked, from where, for what."""
    for person, url, why in (
        (cast.otto, f"/clients/{cast.anna.pk}/", "not found"),
        (cast.otto, "/clients/999999/", "not found"),
        (cast.rita, "/compliance/hits/", "not permitted"),
        (cast.rita, f"/api/v1/clients/{cast.omar.pk}/", "not found"),
    ):
        assert page_of(person).get(url).status_code in (403, 404)
        event = AuditEvent.objects.filter(verb="denied").latest("id")
        assert (event.by_id, event.why, event.source) == (person.pk, why, f"GET {url}")
        assert event.payload["asked"]
        assert event.request_id


def test_no_line_of_a_log_is_forged():
    """An address may carry a line break; a line of a log may not."""
    page = io.StringIO()
    handler = logging.StreamHandler(page)
    handler.setFormatter(WithoutValues("%(levelname)s %(message)s"))
    log = logging.getLogger("django.request")
    log.addHandler(handler)
    try:
        Browser().get("/nowhere/%0aERROR forged%0d%1b[2J")
        log.warning("asked: %s", "a\nERROR forged\u2028b")
    finally:
        log.removeHandler(handler)
    lines = page.getvalue().splitlines()
    assert len(lines) == 2, lines
    assert not re.search(r"[\x00-\x08\x0b-\x1f]", page.getvalue())
