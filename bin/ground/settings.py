"""Where this copy lives, its secrets, and the environment that its processes get."""

import contextlib
import fcntl
import json
import os
import secrets
import shutil
import socket
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO
from urllib.parse import quote

from ground.processes import boot, start_time
from ground.say import Refusal

CLONE = Path(__file__).resolve().parent.parent.parent
ROLES = ("owner", "app", "loader", "sealer")
FIRST_START_NEEDS = 1_500_000_000
LATER_START_NEEDS = 200_000_000


@dataclass(frozen=True)
class Home:
    """RMCRM_HOME: data, secrets, uploads, logs."""

    path: Path
    secrets: dict[str, str] = field(default_factory=dict, repr=False)

    @property
    def logs(self) -> Path:
        return self.path / "logs"

    @property
    def record(self) -> Path:
        return self.path / "run.json"

    @property
    def logins(self) -> Path:
        return self.path / "demo-logins.json"


def home_path(variable: str = "RMCRM_HOME", default: str = ".rmcrm") -> Path:
    return Path(os.path.realpath(os.environ.get(variable) or CLONE / default))


def open_home(path: Path) -> Home:
    try:
        if not path.exists():
            # Started as root, the servers run as nobody and must be able to pass through.
            path.mkdir(parents=True)
            path.chmod(0o711 if os.getuid() == 0 else 0o700)
        if path.stat().st_uid != os.getuid():
            raise Refusal(
                f"{path} is another user's: start as that user, or set RMCRM_HOME to another folder."
            )
        for name in ("logs", "uploads"):
            (path / name).mkdir(mode=0o700, exist_ok=True)
    except (PermissionError, FileExistsError, NotADirectoryError) as error:
        raise Refusal(
            f"{path} cannot be used ({error.strerror}): set RMCRM_HOME to a folder of yours."
        ) from error
    return Home(path, load_secrets(path / "secrets.json"))


def load_secrets(file: Path) -> dict[str, str]:
    """Made once, readable by us alone."""
    names = ("secret_key", "redis", *ROLES)
    if not file.exists():
        made = {name: secrets.token_hex(32 if name == "secret_key" else 20) for name in names}
        write_private(file, json.dumps(made, indent=1))
    known = json.loads(file.read_text(encoding="utf-8"))
    if (
        "sealer" not in known
    ):  # a home from before the audit was sealed: its cluster gets the role at this start
        known["sealer"] = secrets.token_hex(20)
        write_private(file, json.dumps(known, indent=1))
    if missing := [name for name in names if not known.get(name)]:
        raise Refusal(f"{file} has no {', '.join(missing)}: put the file back as it was made.")
    return known


def write_private(file: Path, text: str) -> None:
    """All or nothing, and never for a moment readable by others."""
    new = file.with_name(f"{file.name}.new-{os.getpid()}")
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    new.replace(file)


# --- who is using this home ------------------------------------------------------------------------------
def take(file: Path, *, exclusive: bool = True, wait: bool = False) -> IO[str] | None:
    """A lock that ends with its holder, however it ends; None when somebody else has it."""
    handle = open(file, "a+", encoding="utf-8")  # noqa: SIM115 - open as long as the lock is held
    try:
        fcntl.flock(handle, (fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH) | (0 if wait else fcntl.LOCK_NB))
    except BlockingIOError:
        handle.close()
        return None
    return handle


def read_record(home: Home) -> dict:
    try:
        return json.loads(home.record.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def is_alive(record: dict) -> bool:
    return bool(record) and record["boot"] == boot() and start_time(record["pid"]) == record["began"]


# --- refusals before anything is done --------------------------------------------------------------------
def read_port() -> int:
    text = os.environ.get("PORT") or "8000"
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise Refusal(f"PORT={text} is no port: PORT=8000 bin/run.")
    return int(text)


def refuse_taken_port(port: int) -> None:
    """localhost is two addresses; a stranger on either would get our visitors."""
    other = 8001 if port == 8000 else port + 1 if port < 65535 else 8000
    for family, address in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        try:
            with socket.socket(family, socket.SOCK_STREAM) as attempt:
                attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                attempt.bind((address, port))
        except PermissionError:
            raise Refusal(f"port {port} is only for root: choose another one, PORT=8000 bin/run.") from None
        except OSError as error:
            if family == socket.AF_INET or error.errno == 98:  # a machine without IPv6 is fine
                raise Refusal(f"port {port} is taken: choose another one, PORT={other} bin/run.") from None


def refuse_full_disk(folders: list[Path], needed: int) -> None:
    for folder in folders:
        while not folder.exists():
            folder = folder.parent
        free = shutil.disk_usage(folder).free
        if free < needed:
            raise Refusal(
                f"{folder} has {free / 1e9:.1f} GB free and {needed / 1e9:.1f} GB are needed: "
                "free some space, or set RMCRM_HOME to a folder on another disk."
            )


# --- addresses and the environment -----------------------------------------------------------------------
def socket_url(directory: Path, user: str, password: str, database: str = "rmcrm") -> str:
    """libpq's form for a Unix socket: the folder, percent-encoded, stands where the host would."""
    return f"postgres://{user}:{quote(password, safe='')}@{quote(str(directory), safe='')}/{database}"


def given_urls() -> dict[str, str]:
    """Servers that the machine's owner provides."""
    names = (
        "DATABASE_URL",
        "DATABASE_OWNER_URL",
        "DATABASE_LOADER_URL",
        "DATABASE_SEALER_URL",
        "REDIS_URL",
    )
    given = {name: os.environ[name] for name in names if os.environ.get(name)}
    if "DATABASE_URL" in given and "DATABASE_OWNER_URL" not in given:
        raise Refusal(
            "DATABASE_URL is set: set DATABASE_OWNER_URL too, the role that owns the tables and migrates."
        )
    if "DATABASE_URL" in given:
        given.setdefault("DATABASE_LOADER_URL", given["DATABASE_OWNER_URL"])
        given.setdefault("DATABASE_SEALER_URL", given["DATABASE_OWNER_URL"])
    elif given.keys() & {"DATABASE_OWNER_URL", "DATABASE_LOADER_URL", "DATABASE_SEALER_URL"}:
        raise Refusal("DATABASE_OWNER_URL is set without DATABASE_URL: set both, or neither.")
    return given


def environment(
    home: Home, urls: dict[str, str], mode: str, port: int, python: Path, *, trusted: bool
) -> dict[str, str]:
    """What a child gets; `trusted` are management commands, the web, the worker and beat are not."""
    env = {name: value for name, value in os.environ.items() if name not in ("PYTHONHOME", "PYTHONPATH")}
    env |= {
        **urls,
        "DJANGO_SETTINGS_MODULE": "rmcrm.settings",
        "PATH": f"{python.parent}{os.pathsep}{env.get('PATH', os.defpath)}",
        "PORT": str(port),
        "PYTHONUNBUFFERED": "1",
        "RMCRM_HOME": str(home.path),
        "RMCRM_MODE": mode,
        "RMCRM_SECRET_KEY": os.environ.get("RMCRM_SECRET_KEY") or home.secrets["secret_key"],
        "VIRTUAL_ENV": str(python.parent.parent),
    }
    if not env.keys() & {"RMCRM_FIELD_KEYS", "RMCRM_FIELD_KEYS_FILE"}:
        env["RMCRM_FIELD_KEYS_FILE"] = str(field_keys(home))
    if not trusted:
        for name in (
            "DATABASE_OWNER_URL",
            "DATABASE_LOADER_URL",
            "DATABASE_SEALER_URL",
            "RMCRM_DATABASE_ROLE",
            "RMCRM_SEAL_KEY",
            "RMCRM_SEAL_KEY_FILE",
        ):
            env.pop(name, None)
    return env


def field_keys(home: Home) -> Path:
    """The keys of what is encrypted in the application, made once; vault/keys.py says their form."""
    file = home.path / "field.keys"
    if not file.exists():
        made = [f"{name} {secrets.token_hex(32)}\n" for name in ("index", secrets.token_hex(4))]
        write_private(file, "".join(made))
    return file


def sealers_environment(home: Home, urls: dict[str, str], lesser: dict[str, str]) -> dict[str, str]:
    """What an untrusted child gets, and the sealer's own address and key; the key is made once, for us
    alone."""
    key = home.path / "seal.key"
    if not key.exists():
        write_private(key, secrets.token_hex(32) + "\n")
    given = os.environ.get("RMCRM_SEAL_KEY_FILE") or str(key)
    without = {name: value for name, value in lesser.items() if not name.startswith("RMCRM_FIELD_KEYS")}
    return {**without, "DATABASE_SEALER_URL": urls["DATABASE_SEALER_URL"], "RMCRM_SEAL_KEY_FILE": given}


def running_urls(home: Home) -> dict[str, str] | None:
    """Addresses of servers that another command of ours has started for this home."""
    record = read_record(home)
    with contextlib.suppress(KeyError):
        if is_alive(record) and record["serving"]:
            return record["urls"]
    return None
