"""The laws of the house that a reader could break without noticing. Imports between rooms: import-linter."""

import ast
import importlib
import inspect
import re
import subprocess
import tomllib
from functools import cache

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models

from clients.access import FileQuerySet
from clients.models import Client

ROOT = settings.BASE_DIR
ROOMS = settings.ROOMS

# Models that lead to a client through several steps or by choice of a row, and how they are locked instead.
NOT_ON_A_FILE = {
    "alerts.Delivery": "is a person's own: read by its recipient alone, its alert through the lock",
    "clients.BarrierFile": "what barriers are managed by: a number, for who manages them and is not inside",
    "clients.SearchWord": "holds words, not whose they are",
}
# Public functions of actions modules that are no business verb of a person. A reason a line.
INSIDE = "called inside a verb that is guarded: it continues that verb's transaction"
SWEEP = "goes through the whole bank by itself, with set-based SQL: nobody's own act on one client"
NO_VERB = {
    "alerts.actions.end_proposals": SWEEP,
    "alerts.actions.look": SWEEP,
    "alerts.actions.look_at_client": INSIDE,
    "alerts.actions.look_at_everything": SWEEP,
    "alerts.actions.mark_read": "a person's own inbox: nobody else learns of it",
    "alerts.actions.send_again": SWEEP,
    "alerts.actions.send_mail": "does one job: the mail is a row already, and holds no client data",
    "alerts.actions.write_login_mails": SWEEP,
    "alerts.actions.write_mails": SWEEP,
    "alerts.actions.write_mail": INSIDE,
    "clients.actions.closing.close_file": INSIDE,
    "clients.actions.contacts.write_addendum": INSIDE,
    "clients.actions.documents.drop_document": INSIDE,
    "clients.actions.files.rename": INSIDE,
    "clients.actions.owners.read_as_own_file": INSIDE,
    "clients.actions.search_rows.add_account_key": INSIDE,
    "clients.actions.search_rows.add_search_key": INSIDE,
    "clients.actions.search_rows.index_file": INSIDE,
    "clients.actions.search_rows.remove_search_key": INSIDE,
    "compliance.actions.approvals.ask_approval": INSIDE,
    "compliance.actions.approvals.decide_approval": INSIDE,
    "compliance.actions.approvals.withdraw_approval": INSIDE,
    "compliance.actions.auditing.asker": "reads whose job it is, writes nothing",
    "compliance.actions.auditing.check_audit": "does one job that its guarded verb asked for",
    "compliance.actions.auditing.days": "counts, writes nothing",
    "compliance.actions.auditing.told_days": "words, writes nothing",
    "compliance.actions.auditing.forget_audit_exports": SWEEP,
    "compliance.actions.auditing.hand_out": "looks at the right itself, and records that the file went out",
    "compliance.actions.auditing.make_or_ask": INSIDE,
    "compliance.actions.auditing.second_person": "reads a job, writes nothing",
    "compliance.actions.auditing.make_audit_export": "does one job that its guarded verb asked for",
    "compliance.actions.bulk.ask_for_many": "counts the rows for the audit of its guarded twin",
    "compliance.actions.bulk.by_client": "sorts, writes nothing",
    "compliance.actions.bulk.by_chunks": "does one job: keeps what the guarded verb of each row told",
    "compliance.actions.bulk.outcome": "calls a guarded verb and tells what came of it",
    "compliance.actions.bulk.work_through": "does one job: row by row through the guarded verbs of one",
    "compliance.actions.recertification.open_recertifications": SWEEP,
    "compliance.actions.sampling.open_attestations": SWEEP,
    "compliance.actions.sweep.sweep": SWEEP,
    "compliance.actions.sweep.sweep_hourly": SWEEP,
    "compliance.actions.exposure.client_of": INSIDE,
    "compliance.actions.exposure.rate_anew": INSIDE,
    "compliance.actions.figures.rerate_all": SWEEP,
    "compliance.actions.figures.try_figures": "does one job: only looks, and notes what it saw",
    "compliance.actions.keeping.take_papers": "does one job that its guarded verb asked for",
    "compliance.actions.kyc.holder_said": INSIDE,
    "compliance.actions.kyc.make_current": INSIDE,
    "compliance.actions.kyc.settle_measures": INSIDE,
    "compliance.actions.kyc.want_products": INSIDE,
    "compliance.actions.hits.decide_each": "does one job: row by row through the verbs of one hit",
    "compliance.actions.hits.decide_hits": "counts the rows for the audit of its guarded twin",
    "compliance.actions.hits.decide_one": "one of many: goes through the guarded verbs of a single hit",
    "compliance.actions.night.ask_rerating": SWEEP,
    "compliance.actions.night.look": SWEEP,
    "compliance.actions.rating.end": INSIDE,
    "compliance.actions.rating.move_review": INSIDE,
    "compliance.actions.rating.rate": INSIDE,
    "compliance.actions.rating.set_off_review": INSIDE,
    "compliance.actions.screening.screen_all": SWEEP,
    "compliance.actions.screening.screen_changes": SWEEP,
    "compliance.actions.screening.screen_lane": SWEEP,
    "compliance.actions.settling.facts_of": "reads what is compared, writes nothing",
    "compliance.actions.settling.settle": INSIDE,
    "compliance.actions.trials.try_clients": "does one job of a room: only looks, keeps whom it would move",
    "dashboards.actions.hand_out_pack": "looks at the right itself, and records that the file went out",
    "dashboards.actions.make_pack": "does one job that its guarded verb asked for",
    "jobs.actions.ask": "puts work on the list in the transaction of a guarded verb",
    "jobs.actions.heartbeat": "the machinery of work that is due",
    "jobs.actions.keep_result": "the machinery of work that is due",
    "jobs.actions.progress": "the machinery of work that is due",
    "jobs.actions.run_due": "the machinery of work that is due; what it does to a client is a guarded verb",
    "jobs.actions.wake": "the machinery of work that is due",
    "onboarding.actions.imports.checking.check_import": "chunk by chunk through guarded verbs",
    "onboarding.actions.imports.files.ask_for": INSIDE,
    "onboarding.actions.imports.files.drop_file": INSIDE,
    "onboarding.actions.imports.files.forget": INSIDE,
    "onboarding.actions.imports.files.hold_import": INSIDE,
    "onboarding.actions.imports.files.refuse_work": "a worker was refused: nothing of a client is written",
    "onboarding.actions.imports.undoing.count_touched": "counts, writes nothing",
    "onboarding.actions.duplicates.compare_openings": SWEEP,
    "onboarding.actions.papers.ask_all_papers": SWEEP,
    "onboarding.actions.papers.expire_all": SWEEP,
    "onboarding.actions.steps.fall": INSIDE,
    "onboarding.actions.steps.hold_client": INSIDE,
    "onboarding.actions.steps.move": INSIDE,
    "onboarding.actions.steps.refuse_lost_update": INSIDE,
    "onboarding.actions.steps.remember_step": INSIDE,
    "onboarding.actions.steps.require_documents": INSIDE,
    "onboarding.actions.steps.withdraw": INSIDE,
    "retention.actions.mark_values": SWEEP,
    "rulebook.actions.try_pack": "does one job of a room: only looks, and notes that a draft was tried",
    "rulebook.actions.note_dry_run": "called inside the job that showed the effect of a draft",
    "suspicion.actions.figures_on": "reads the figures in force, writes nothing",
}
ROOT_LISTING = {
    # files
    ".ci", ".gitignore", ".npmrc", "README.md", "manage.py", "package-lock.json", "package.json",
    "pyproject.toml", "requirements-embedded.txt", "requirements-test.txt", "requirements.txt",
    "docker-compose.yml", "Containerfile", ".dockerignore",
    # beside the rooms
    "bench", "bin", "deploy", "docs", "locale", "static", "templates", "tests",
}  # fmt: skip


def sources(*kinds: str):
    """(dotted name, path) of each module of these kinds: "views" finds views.py and views/*.py."""
    found = []
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            parts = path.relative_to(ROOT / room).with_suffix("").parts
            if "migrations" in parts or (kinds and parts[0] not in kinds):
                continue
            dotted = ".".join((room, *(part for part in parts if part != "__init__")))
            found.append((dotted, path))
    return found


@cache
def tree_of(path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def ids(pairs):
    return [dotted for dotted, _path in pairs]


def each(*kinds: str):
    pairs = sources(*kinds)
    return pytest.mark.parametrize(("dotted", "path"), pairs, ids=ids(pairs))


# --- the lock --------------------------------------------------------------------------------------------


def bound_models() -> set[type[models.Model]]:
    """Every model of a room with a way to Client over foreign keys."""
    rooms = [model for model in apps.get_models() if model._meta.app_label in ROOMS]
    found: set[type[models.Model]] = {Client}
    while True:
        more = {
            model
            for model in rooms
            if model not in found
            and any(field.is_relation and field.related_model in found for field in model._meta.fields)
        }
        if not more:
            return found
        found |= more


BOUND = sorted(bound_models(), key=lambda model: model._meta.label)


@pytest.mark.parametrize("model", BOUND, ids=lambda model: model._meta.label)
def test_what_hangs_on_a_client_obeys_its_lock(model):
    if model._meta.label in NOT_ON_A_FILE:
        return
    assert issubclass(model._default_manager._queryset_class, FileQuerySet), "use clients.access.FileManager"
    path = model.client_path
    assert path == "" if model is Client else model._meta.get_field(path).related_model is Client


def test_the_exceptions_from_the_lock_exist():
    known = {model._meta.label for model in apps.get_models()}
    assert set(NOT_ON_A_FILE) <= known
    gone = [
        name
        for name in NO_VERB
        if not hasattr(importlib.import_module(name.rpartition(".")[0]), name.rpartition(".")[2])
    ]
    assert gone == []


@each("actions")
def test_every_public_function_of_actions_is_wrapped_by_action(dotted, path):
    module = importlib.import_module(dotted)
    unguarded = [
        name
        for name, thing in vars(module).items()
        if inspect.isfunction(thing)
        and not name.startswith("_")
        and inspect.unwrap(thing).__module__ == dotted
        and not hasattr(thing, "may")
        and f"{dotted}.{name}" not in NO_VERB
    ]
    assert unguarded == []


WRITES = {
    "save", "create", "delete", "bulk_create", "bulk_update", "get_or_create", "update_or_create",
    "select_for_update",
}  # fmt: skip


def writes_in(tree: ast.Module) -> list[str]:
    """Calls that write through the ORM. `.update()` counts on a queryset, not on a dict."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            on_a_call = isinstance(node.func.value, ast.Call)
            if node.func.attr in WRITES or (node.func.attr == "update" and on_a_call):
                found.append(f"line {node.lineno}: .{node.func.attr}()")
    return found


@each("views", "api")
def test_a_view_neither_asks_nor_writes_the_database(dotted, path):
    tree = tree_of(path)
    asks = [
        f"line {node.lineno}: .{node.attr}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in {"objects", "_default_manager", "cursor"}
    ]
    assert asks + writes_in(tree) == []


@each("views", "api")
def test_a_view_catches_nothing(dotted, path):
    assert [node.lineno for node in ast.walk(tree_of(path)) if isinstance(node, ast.Try)] == []


@each("selectors", "alerts", "forms")
def test_what_only_reads_writes_nothing(dotted, path):
    allowed = {".save()"} if dotted.endswith("forms") else set()
    assert [found for found in writes_in(tree_of(path)) if found.split(": ")[1] not in allowed] == []


def imports_of(tree: ast.Module) -> set[str]:
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module or "")
    return names


@each("rules")
def test_a_rule_is_pure(dotted, path):
    impure = {"django", "psycopg2", "rest_framework", "celery", "redis", "requests"}
    found = {name for name in imports_of(tree_of(path)) if name.split(".")[0] in impure or ".models" in name}
    assert found == set()
    clocks = re.findall(r"\b(?:date\.today|datetime\.now|timezone\.now|localdate)\(", path.read_text("utf-8"))
    assert clocks == [], "dates are arguments"


# --- names and words -------------------------------------------------------------------------------------


@each()
def test_a_module_says_what_it_is_for(dotted, path):
    text = path.read_text(encoding="utf-8")
    assert not text.strip() or ast.get_docstring(tree_of(path)), "one line is enough"


def test_there_is_no_drawer_for_everything():
    names = {
        "utils",
        "util",
        "helpers",
        "helper",
        "services",
        "service",
        "common",
        "misc",
        "signals",
        "admin",
    }
    assert [dotted for dotted in ids(sources()) if set(dotted.split(".")) & names] == []


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_has_only_the_furniture_of_every_room(room):
    furniture = {
        "__init__", "rules", "models", "selectors", "actions", "forms", "views", "api", "alerts", "tasks",
        "urls", "migrations", "management", "words",
    }  # fmt: skip
    extra = {
        "rmcrm": {
            "settings", "celery", "schedule", "middleware", "wsgi", "context", "health", "navigation",
            "synthetic", "apps",
        },
        "clients": {"access", "wall"},
        "staff": {"lock", "roles", "night", "accounts"},
        "audit": {"record"},
        "jobs": {"registry"},
        "alerts": {"registry"},
        "vault": {"keys", "cipher", "fields"},
        "ui": {"pages", "carrying", "paging", "refusals", "formats", "templatetags", "screen", "sessions"},
    }.get(room, set())  # fmt: skip
    found = {
        path.stem
        for path in (ROOT / room).iterdir()
        if path.suffix == ".py" or (path.is_dir() and any(path.glob("*.py")))
    }
    # Further files are named by a noun of the trade (compliance/lists/); they are few, and say what they are.
    more = found - furniture - extra
    assert len(more) <= 4, sorted(more)


def constraints():
    for model in apps.get_models():
        if model._meta.app_label in ROOMS:
            for constraint in model._meta.constraints:
                yield model._meta.label, constraint.name


def test_every_constraint_is_named_as_a_sentence():
    short = [(label, name) for label, name in constraints() if len(name.split("_")) < 3]
    assert short == []
    names = [name for _label, name in constraints()]
    assert len(names) == len(set(names))


# --- what must not get into logs ---------------------------------------------------------------------------

SAID = {"debug", "info", "warning", "error", "exception", "critical", "log"}
PRIVATE = {
    "client", "party", "name", "native_name", "email", "phone", "summary", "notes", "title", "value",
    "number", "person", "user", "request", "form", "cleaned_data", "body", "address", "answers",
}  # fmt: skip


@each()
def test_a_log_line_takes_ids_and_codes_and_nothing_of_a_client(dotted, path):
    """An approximation: no f-string, and no argument whose last word is a client's or a person's."""
    wrong = []
    for node in ast.walk(tree_of(path)):
        if not (
            isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in SAID
        ):
            continue
        if getattr(node.func.value, "id", "") not in {"log", "logger", "logging"}:
            continue
        for argument in node.args:
            last = getattr(argument, "attr", getattr(argument, "id", ""))
            if isinstance(argument, ast.JoinedStr) or last in PRIVATE:
                wrong.append(node.lineno)
    assert wrong == []


# --- settings, requirements, the root ----------------------------------------------------------------------


def test_the_policy_for_the_browser_has_no_hole():
    policy = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    words = [str(word) for values in policy.values() for word in values]
    assert not [word for word in words if "unsafe" in word or "*" in word or "http" in word]
    assert policy["default-src"] == ["'none'"]
    assert policy["frame-ancestors"] == policy["base-uri"] == ["'none'"]


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-test.txt", "requirements-embedded.txt"])
def test_requirements_are_pinned_by_hash_and_name_no_address(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    assert not re.search(r"https?://|--(extra-)?index-url|--find-links", text)
    lines = [line for line in text.replace("\\\n", " ").splitlines() if line.strip() and line[0] not in "# "]
    assert lines
    assert [line[:60] for line in lines if "==" not in line or "--hash=sha256:" not in line] == []


def test_the_front_end_lock_has_hashes_and_names_no_address():
    text = (ROOT / "package-lock.json").read_text(encoding="utf-8")
    assert '"resolved"' not in text
    assert not re.search(r"https?://(?!(opencollective|github|www\.patreon|tidelift))", text)


def test_every_dependency_says_why_it_is_there():
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    project = tomllib.loads(text)["project"]
    wanted = [
        *project["dependencies"],
        *(one for extra in project["optional-dependencies"].values() for one in extra),
    ]
    lines = text.splitlines()
    silent = [one for one in wanted if not any(f'"{one}"' in line and "# " in line for line in lines)]
    assert silent == []


def test_the_root_reads_like_the_banks_day():
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.split("\0")
    if not any(listed):
        pytest.skip("not a git checkout")
    found = {path.split("/")[0] for path in listed if path}
    assert found - ROOT_LISTING - set(ROOMS) == set()
    assert set(ROOMS) <= found


def test_no_source_holds_a_byte_that_nobody_sees():
    """A replacement that was written as one byte instead of its two letters searched for nothing, unseen."""
    kinds = ["*.py", "*.html", "*.js", "*.css", "*.md", "*.toml", "*.yml", "*.txt"]
    listed = subprocess.run(
        ["git", "ls-files", "-z", *kinds], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.split("\0")
    paths = [path for path in listed if path and (ROOT / path).is_file()]
    if not paths:
        pytest.skip("not a git checkout")
    unseen = bytes({*range(32), 127} - set(b"\t\n\r"))
    assert [
        path
        for path in paths
        if (ROOT / path).read_bytes().translate(None, unseen) != (ROOT / path).read_bytes()
    ] == []


def test_the_import_contracts_know_every_room():
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    assert set(contracts["root_packages"]) == set(ROOMS)
    layers = [room for line in contracts["contracts"][0]["layers"] for room in line.split(" | ")]
    assert set(layers) == set(ROOMS)


# --- icons -------------------------------------------------------------------------------------------------


def test_every_icon_that_is_named_exists():
    """A wrong name breaks a page only when it is drawn."""
    from rmcrm.navigation import DOORS, NEW
    from ui.templatetags.ui import _drawings

    named = {door.icon: door.url for door in [*DOORS, *NEW]}
    for path in (ROOT / "templates").rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        for icon in re.findall(r"""{% lucide "([\w-]+)"|icon="([\w-]+)\"""", text):
            named["".join(icon)] = path.name
    for path in [path for _dotted, path in sources("views", "selectors")]:
        for icon in re.findall(r"""["']icon["']: ["']([\w-]+)["']""", path.read_text(encoding="utf-8")):
            named[icon] = path.name
    drawn = set(_drawings().namelist())
    assert [(icon, where) for icon, where in named.items() if f"{icon}.svg" not in drawn] == []
    assert len(named) > 20
