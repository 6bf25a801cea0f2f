"""docker-compose.yml: valid by the Compose specification, complete for our settings, no secret in it."""

import ast
import importlib.resources
import json
import os
import re
import subprocess
import sys

import jsonschema
import pytest
import yaml
from django.conf import settings

ROOT = settings.BASE_DIR
TEXT = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
COMPOSE = yaml.safe_load(TEXT)
SERVICES = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if "build" in service}
CONTAINERFILE = (ROOT / "Containerfile").read_text(encoding="utf-8")
PLAIN = re.sub(r"^\s*#.*$", "", TEXT, flags=re.M)
GIVEN = {
    "RMCRM_DOMAIN": "crm.bank.example", "RMCRM_MAIL_FROM": "crm@bank.example",
    "RMCRM_BREACHED_LIST": "/breached/pwned.txt",
    "SMTP_HOST": "mail.bank.example", "RMCRM_TLS": "ops@bank.example", "RMCRM_BANK_NAME": "Bank of Example",
}  # fmt: skip


def settings_variables() -> dict[str, bool]:
    """Each variable that settings.py reads -> has it a default?"""
    tree = ast.parse((ROOT / "rmcrm" / "settings.py").read_text(encoding="utf-8"))
    found = {}
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and getattr(node.func, "id", "") == "env"
            and isinstance(node.args[0], ast.Constant)
        ):
            found[node.args[0].value] = len(node.args) > 1 and not _none_in_production(node.args[1])
    for names in re.findall(
        r'"(DATABASE_\w*URL)"', (ROOT / "rmcrm" / "settings.py").read_text(encoding="utf-8")
    ):
        found.setdefault(names, True)
    return found


def _none_in_production(default: ast.expr) -> bool:
    return isinstance(default, ast.IfExp) and getattr(default.test, "id", "") == "PRODUCTION"


READ = settings_variables()


def filled(value, given=GIVEN):
    """${NAME}, ${NAME:-default} and ${NAME:?what is missing} as Compose fills them in."""

    def one(match):
        name, _sign, rest = match.groups()
        sign = _sign or ""
        if given.get(name):
            return given[name]
        assert not sign.endswith("?"), f"{name} is required: {rest}"
        return rest or ""

    return re.sub(r"\$\{(\w+)(:-|:\?)?([^}]*)\}", one, str(value))


# --- the file --------------------------------------------------------------------------------------------


def test_it_is_valid_by_the_compose_specification():
    vendor = (
        importlib.resources.files("check_jsonschema") / "builtin_schemas" / "vendor" / "compose-spec.json"
    )
    schema = json.loads(vendor.read_text(encoding="utf-8"))
    validator = jsonschema.validators.validator_for(schema)(schema)
    assert [f"{list(error.absolute_path)}: {error.message}" for error in validator.iter_errors(COMPOSE)] == []
    broken = json.loads(json.dumps(COMPOSE))
    broken["services"]["web"]["healtcheck"] = {}
    assert list(validator.iter_errors(broken)), "the schema sees a misspelt key"


def test_what_is_named_is_there():
    for name, service in SERVICES.items():
        assert set(service.get("depends_on", {})) <= set(SERVICES), name
        assert set(service.get("secrets", [])) <= set(COMPOSE["secrets"]), name
        assert set(service.get("networks", [])) <= set(COMPOSE["networks"]), name
        for volume in service.get("volumes", []):
            source = volume.split(":")[0] if not volume.startswith("$") else ""
            if source.startswith("./"):
                assert (ROOT / source).exists(), volume
            elif source:
                assert source in COMPOSE["volumes"], volume
    used = {volume.split(":")[0] for service in SERVICES.values() for volume in service.get("volumes", [])}
    assert set(COMPOSE["volumes"]) <= used
    used = {secret for service in SERVICES.values() for secret in service.get("secrets", [])}
    assert set(COMPOSE["secrets"]) == used


def test_the_parts_of_the_bank_are_there_and_who_is_waited_for_has_a_probe():
    assert set(SERVICES) == {"proxy", "web", "sealer", "worker", "beat", "migrate", "postgres", "redis"}
    for name, service in SERVICES.items():
        for other, how in service.get("depends_on", {}).items():
            if how["condition"] == "service_healthy":
                assert "healthcheck" in SERVICES[other], (name, other)
    assert all("healthcheck" in service for name, service in SERVICES.items() if name != "migrate")


def test_images_are_pinned_by_version():
    images = [filled(service["image"]) for service in SERVICES.values()]
    images += re.findall(r"^FROM (\S+)", (ROOT / "Containerfile").read_text(encoding="utf-8"), re.M)
    assert len(images) == 11
    for image in images:
        assert re.search(r":\d+\.\d+(\.\d+)?(-\w+)*$", image), image


def test_no_secret_stands_in_the_file_or_has_a_default():
    # A password, a key or an address with a password comes as a file, or is asked for.
    assert not re.search(
        r"(?i)(password|secret_key|database\w*url|redis_url)\w*:\s*(?!/run/secrets/)[^\s{&*\[]", PLAIN
    )
    assert "demo" not in PLAIN
    for service in SERVICES.values():
        for name, value in (service.get("environment") or {}).items():
            if re.search(r"PASSWORD|SECRET|_URL", name) and name != "RMCRM_BASE_URL":
                assert name.endswith("_FILE"), name
                assert value.removeprefix("/run/secrets/") in service["secrets"], name


def test_nothing_runs_as_root_or_may_become_it():
    for name, service in SERVICES.items():
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert "no-new-privileges:true" in service["security_opt"], name
        assert "privileged" not in service, name
    assert {name for name, service in SERVICES.items() if "user" not in service} == set(OURS)
    assert not [
        name for name, service in SERVICES.items() if re.match(r"(0|root)\b", service.get("user", ""))
    ]
    assert [name for name, service in SERVICES.items() if "cap_add" in service] == ["proxy"]
    # An owner among a tmpfs' options is Docker's alone: Podman starts nothing that has one.
    asked = [place for service in SERVICES.values() for place in service.get("tmpfs", [])]
    assert not [place for place in asked if re.search(r"[ug]id=", place)]
    assert re.search(r"^USER 10001", (ROOT / "Containerfile").read_text(encoding="utf-8"), re.M)


def test_only_the_proxy_can_be_reached_from_outside():
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["proxy"]
    assert COMPOSE["networks"]["back"]["internal"] is True
    assert "back" not in SERVICES["proxy"]["networks"]


# --- against our settings --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(OURS))
def test_every_variable_is_one_that_settings_read_and_every_required_one_is_set(name):
    given = {variable.removesuffix("_FILE") for variable in OURS[name]["environment"]}
    assert given <= set(READ)
    assert {variable for variable, has_default in READ.items() if not has_default} <= given


def test_the_owner_of_the_tables_is_known_to_the_migration_alone():
    who = [name for name, service in SERVICES.items() if "database_owner_url" in service.get("secrets", [])]
    assert who == ["migrate"]
    for secret in ("seal_key", "database_sealer_url"):
        who = [name for name, service in SERVICES.items() if secret in service.get("secrets", [])]
        assert set(who) <= {"sealer", "migrate"}, secret
    who = [name for name, service in SERVICES.items() if "seal_key" in service.get("secrets", [])]
    assert who == ["sealer"]
    who = [name for name, service in SERVICES.items() if "field_keys" in service.get("secrets", [])]
    assert sorted(who) == ["beat", "migrate", "web", "worker"]


def test_each_part_logs_in_as_itself_and_by_no_password():
    """V13.2.1: a key of its own, in its own container alone, for some months; nothing that stays."""
    for role, parts in {
        "app": {"web", "worker", "beat"}, "owner": {"migrate"}, "loader": {"migrate"}, "sealer": {"sealer"},
    }.items():  # fmt: skip
        assert {n for n, each in SERVICES.items() if f"{role}_login" in each.get("secrets", [])} == parts
    # PostgreSQL's client reads no key that others may read, so each starts with a copy of its own.
    for name, service in OURS.items():
        assert "install -m 0600 -t /tmp /run/secrets/*_login" in " ".join(service["entrypoint"]), name
    roles = (ROOT / "deploy" / "postgres" / "10-roles.sh").read_text(encoding="utf-8")
    access = re.search(r"pg_hba.conf\" <<'HBA'\n(.*?)HBA", roles, re.S)
    lines = [line.split() for line in access[1].splitlines()]
    assert [(line[0], line[-1]) for line in lines] == [("local", "peer"), ("hostssl", "cert")]
    assert "PASSWORD" not in roles


def test_what_must_be_told_is_asked_for():
    for missing in GIVEN:
        given = {name: value for name, value in GIVEN.items() if name != missing}
        with pytest.raises(AssertionError, match="is required"):
            filled(TEXT, given)
    assert "${" not in filled(PLAIN)


@pytest.fixture
def secrets_made(tmp_path):
    ran = subprocess.run(
        [sys.executable, "deploy/make_secrets.py", str(tmp_path / "secrets")],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    for file in (tmp_path / "secrets").iterdir():
        content = file.read_text(encoding="utf-8")
        assert not content or content not in ran.stdout
    return tmp_path / "secrets"


def test_what_one_part_says_to_another_goes_by_tls(secrets_made):
    """As the shape starts them: each server with its certificate and with no door in plain, each caller with
    the one authority that counts (tests/rmcrm/test_connections.py tries the certificates)."""

    def made(name):
        return (secrets_made / name).read_text(encoding="utf-8")

    for name in ("database_url", "database_owner_url", "database_loader_url", "database_sealer_url"):
        assert "?sslmode=verify-full&sslrootcert=/run/secrets/ca_cert&sslcert=/tmp/" in made(name), name
    assert made("redis_url").startswith("rediss://redis:6379/0?ssl_ca_certs=/run/secrets/ca_cert&")
    assert {"port 0", "tls-port 6379", "tls-auth-clients yes"} <= set(made("redis_conf").splitlines())
    started = set(SERVICES["postgres"]["command"])
    assert {
        "ssl=on",
        "ssl_cert_file=/run/secrets/postgres_cert",
        "ssl_ca_file=/run/secrets/ca_cert",
    } <= started
    assert "--ssl-certificate=/run/secrets/web_cert" in SERVICES["web"]["command"]
    caddy = (ROOT / "deploy" / "Caddyfile").read_text(encoding="utf-8")
    assert "reverse_proxy https://web:8000" in caddy
    assert "tls_trust_pool file /run/secrets/ca_cert" in caddy
    assert "tls_insecure_skip_verify" not in caddy
    for name, service in OURS.items():
        assert "ca_cert" in service["secrets"], name
    for server in ("postgres", "redis", "web"):
        assert {f"{server}_cert", f"{server}_key"} <= set(SERVICES[server]["secrets"])
        who = [name for name, service in SERVICES.items() if f"{server}_key" in service.get("secrets", [])]
        assert who == [server]


def test_certificates_are_made_anew_all_together(secrets_made):
    for ask in ([], ["--renew"]):
        before = {file.name: file.read_text(encoding="utf-8") for file in secrets_made.iterdir()}
        if not ask:
            (secrets_made / "web_key").unlink()
        subprocess.run(
            [sys.executable, "deploy/make_secrets.py", str(secrets_made), *ask],
            cwd=ROOT,
            check=True,
            capture_output=True,
        )
        after = {file.name: file.read_text(encoding="utf-8") for file in secrets_made.iterdir()}
        changed = {name for name in after if after[name] != before[name]}
        signed = {name for name in after if name.endswith(("_cert", "_key", "_login"))}
        assert changed == signed - OUR_OWN


OUR_OWN = {"secret_key", "seal_key"}


def test_a_folder_that_was_there_is_closed_to_others_before_a_secret_lies_in_it(tmp_path):
    folder = tmp_path / "secrets"
    folder.mkdir(mode=0o755)
    subprocess.run([sys.executable, "deploy/make_secrets.py", str(folder)], check=True, cwd=ROOT)
    assert folder.stat().st_mode & 0o777 == 0o700


def test_the_secrets_are_those_the_file_wants_and_are_made_once(secrets_made):
    assert {file.name for file in secrets_made.iterdir()} == set(COMPOSE["secrets"])
    assert secrets_made.stat().st_mode & 0o777 == 0o700
    before = {file.name: file.read_text(encoding="utf-8") for file in secrets_made.iterdir()}
    (secrets_made / "database_url").unlink()
    subprocess.run(
        [sys.executable, "deploy/make_secrets.py", str(secrets_made)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    assert {file.name: file.read_text(encoding="utf-8") for file in secrets_made.iterdir()} == before


@pytest.mark.parametrize("name", sorted(OURS))
def test_each_part_of_ours_starts_its_settings_as_the_file_says(name, secrets_made):
    env = {
        key: value
        for key, value in os.environ.items()
        if not key.startswith(("RMCRM_", "DATABASE_", "REDIS_", "SMTP_", "PORT"))
    }
    for variable, value in OURS[name]["environment"].items():
        env[variable] = filled(value).replace("/run/secrets/", f"{secrets_made}/")
    code = (
        "from rmcrm import settings as s;"
        "print(s.MODE, s.APP_ROLE, s.DATABASES['default']['HOST'], s.ALLOWED_HOSTS, s.EMAIL_HOST, s.PROXIES)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=env, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr[-800:]
    hosts, proxies = ["crm.bank.example", "localhost"], ["172.30.240.0/28"]
    expected = f"production rmcrm_app postgres {hosts} mail.bank.example {proxies}"
    assert ran.stdout.strip() == expected


@pytest.mark.parametrize("name", sorted(OURS))
def test_each_command_is_one_that_the_image_has(name):
    program = OURS[name]["command"][0]
    assert program in {"granian", "celery", "python"}
    options = [word.split("=")[0] for word in OURS[name]["command"] if word.startswith("--")]
    ask = {"granian": ["-m", "granian", "--help"], "celery": ["-m", "celery", "-A", "rmcrm", name, "--help"]}
    if program in ask:
        helped = subprocess.run(
            [sys.executable, *ask[program]], cwd=ROOT, capture_output=True, text=True, check=True
        ).stdout
        base = subprocess.run(
            [sys.executable, "-m", "celery", "--help"], cwd=ROOT, capture_output=True, text=True, check=True
        ).stdout
        plain = re.sub(r"\x1b\[[0-9;]*m", "", helped + base)
        assert [
            option for option in options if option not in plain and option.replace("--no-", "--") not in plain
        ] == []


# --- the image -------------------------------------------------------------------------------------------


def test_the_image_is_built_from_what_is_there_and_pinned_by_hash():
    text = (ROOT / "Containerfile").read_text(encoding="utf-8")
    for sources in re.findall(r"^COPY (?!--from)(.+) \S+$", text, re.M):
        assert all((ROOT / source).exists() for source in sources.split()), sources
    assert "--require-hashes" in text
    assert "npm ci --ignore-scripts" in text
    assert not re.search(r"(?i)^(ARG|ENV).*(secret|password|token)", text, re.M)


def test_the_images_static_files_are_collected_as_it_says(tmp_path):
    """The line of the Containerfile, run here: without a database, and with hashed names."""
    if not (ROOT / "static" / "vendor").is_dir():
        pytest.skip("static/vendor is empty: bin/test fills it")
    exported = re.search(r"^RUN export (.+?) \\$", CONTAINERFILE, re.M)
    assert exported
    env = {
        key: value
        for key, value in os.environ.items()
        if not key.startswith(("RMCRM_", "DATABASE_", "REDIS_", "PORT"))
    }
    env |= dict(pair.split("=", 1) for pair in exported[1].split()) | {"RMCRM_STATIC_ROOT": str(tmp_path)}
    command = [sys.executable, "manage.py", "collectstatic", "--noinput", "-v", "0"]
    ran = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr[-800:]
    assert (tmp_path / "staticfiles.json").exists()
    assert list(tmp_path.glob("ui/rmcrm.*.css"))
    # Who serves them is not who collected them, and that one keeps everything to himself.
    opened = re.search(r"collectstatic .*?&& (chmod .+?) /app \\$", CONTAINERFILE, re.M | re.S)
    subprocess.run([*opened[1].split(), str(tmp_path)], check=True)
    assert not [each for each in [tmp_path, *tmp_path.rglob("*")] if not each.stat().st_mode & 0o004]


def test_what_is_private_stays_out_of_the_image():
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    assert {".*", "secrets", "tests"} <= set(ignored)


# --- the words about it ----------------------------------------------------------------------------------


def documented(page: str) -> set[str]:
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    return set(re.findall(r"^\| `([A-Z][A-Z_]+)`", text, re.M))


def test_the_page_about_configuration_lists_every_variable_and_no_other():
    assert documented("configuration.md") >= set(READ)
    other = documented("configuration.md") - set(READ)
    read = [path for folder in ("bin", "tests") for path in (ROOT / folder).rglob("*.py")]
    code = "\n".join(path.read_text(encoding="utf-8") for path in read)
    assert [name for name in other if f'"{name}"' not in code] == []


def test_the_page_about_deployment_lists_every_variable_of_the_compose_file():
    asked = set(re.findall(r"\$\{(\w+)", PLAIN))
    assert documented("deployment.md") == asked
