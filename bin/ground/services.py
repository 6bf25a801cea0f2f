"""The servers and the set-up that bin/run, bin/manage and bin/test have in common."""

from collections.abc import Mapping
from pathlib import Path

from ground.install import Installed, digest, is_stamped, one_at_a_time, stamp
from ground.privileges import servers_user
from ground.processes import run_step
from ground.say import Refusal, progress
from ground.servers import Postgres, Redis, data_place, extra_postgres_settings, find_programs
from ground.settings import CLONE, Home, given_urls, read_record, take
from ground.supervise import Supervisor


def hold(home: Home, command: str, hint: str) -> Supervisor:
    """The right to run servers for this home, for as long as this process lives."""
    lock = take(home.path / "lock")
    if lock is None:
        holder = read_record(home)
        who = f"{holder['command']} (process {holder['pid']})" if holder else "another command"
        raise Refusal(f"{who} already runs with {home.path}: {hint}")
    return supervisor_with(lock, home, command)


def supervisor_with(lock: object, home: Home, command: str) -> Supervisor:
    supervisor = Supervisor(home, command)
    supervisor.lock = lock
    supervisor.clean_up_after_a_crash()
    supervisor.record()
    return supervisor


def start_servers(
    supervisor: Supervisor,
    installed: Installed,
    given: dict[str, str],
    settings: Mapping[str, str] | None = None,
) -> None:
    """Those that nobody has given us."""
    home, urls = supervisor.home, dict(given)
    if "DATABASE_URL" not in given or "REDIS_URL" not in given:
        programs = find_programs(installed.servers, servers_user())
        place = data_place(home)
        if "DATABASE_URL" not in given:
            postgres = Postgres(home, place, programs, {**(settings or {}), **extra_postgres_settings()})
            postgres.make()
            with progress("starting PostgreSQL"):
                part = postgres.part()
                supervisor.start(part)
                supervisor.wait_for(part, postgres.is_ready)
            names = {
                "DATABASE_URL": "app",
                "DATABASE_OWNER_URL": "owner",
                "DATABASE_LOADER_URL": "loader",
                "DATABASE_SEALER_URL": "sealer",
            }
            urls |= {name: postgres.url(role) for name, role in names.items()}
        if "REDIS_URL" not in given:
            redis = Redis(home, place, programs)
            redis.make()
            with progress("starting Redis"):
                part = redis.part()
                supervisor.start(part)
                supervisor.wait_for(part, redis.is_ready)
            urls["REDIS_URL"] = redis.url
    supervisor.urls, supervisor.serving = urls, True
    supervisor.record()


def manage_step(
    home: Home, installed: Installed, env: Mapping[str, str], title: str, *arguments: str | Path
) -> None:
    command = [installed.python, CLONE / "manage.py", *arguments]
    run_step(title, command, env=env, cwd=CLONE, log=home.logs / "setup.log")


def migrate(home: Home, installed: Installed, env: Mapping[str, str]) -> None:
    """The tables that this code asks for; our own server is asked once for each set of migrations."""
    files = sorted(str(file.relative_to(CLONE)) for file in CLONE.glob("[a-z]*/migrations/[0-9]*.py"))
    mark, done = "\n".join(files), home.path / "migrated"
    with one_at_a_time():
        if "DATABASE_URL" in given_urls() or not is_stamped(done, mark):
            manage_step(home, installed, env, "migrating the database", "migrate", "--noinput")
            stamp(done, mark)


def vendor_assets(home: Home, installed: Installed, env: Mapping[str, str]) -> None:
    """Copies the front-end packages' files to where Django finds them, once for each lock file."""
    lock, done = CLONE / "package-lock.json", installed.tools / "vendored"
    mark = digest(lock, CLONE / "ui" / "management" / "commands" / "vendor_assets.py")
    if not lock.exists():
        return
    with one_at_a_time():
        if not is_stamped(done, mark) or not (CLONE / "static" / "vendor").exists():
            manage_step(home, installed, env, "placing front-end files", "vendor_assets")
            stamp(done, mark)
