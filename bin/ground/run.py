"""bin/run: from a fresh clone to a served bank, in the foreground until it is stopped."""

import datetime
import hashlib
import http.client
import json
import shlex
import time

from ground.install import Installed, install, is_stamped, stamp
from ground.processes import Stopped, listen_to_signals, pause
from ground.say import Refusal, progress, refuse, say, tail
from ground.services import hold, manage_step, migrate, start_servers, vendor_assets
from ground.settings import (
    CLONE,
    FIRST_START_NEEDS,
    LATER_START_NEEDS,
    Home,
    environment,
    given_urls,
    home_path,
    open_home,
    read_port,
    refuse_full_disk,
    refuse_taken_port,
    sealers_environment,
)
from ground.supervise import Part, Supervisor

DEMO_CLIENTS = "1500"
DEMO_SEED = "1"
PATIENCE = 60  # seconds for the first answer


def main() -> int:
    listen_to_signals()
    try:
        return run()
    except Stopped as stopped:
        return stopped.exit_code
    except (Refusal, OSError) as why:
        return refuse("bin/run", why)


def run() -> int:
    port, given, path = read_port(), given_urls(), home_path()
    needed = LATER_START_NEEDS if (path / "bank-made").exists() else FIRST_START_NEEDS
    refuse_full_disk([CLONE, path], needed)
    home = open_home(path)
    supervisor = hold(home, f"bin/run on port {port}", "stop it, or set another RMCRM_HOME and PORT.")
    ready = False
    try:
        refuse_taken_port(port)
        say(f"RM CRM in {CLONE}, data in {home.path}")
        installed = install(home, servers=not {"DATABASE_URL", "REDIS_URL"} <= given.keys())
        start_servers(supervisor, installed, given)
        set_up(
            home, installed, environment(home, supervisor.urls, "demo", port, installed.python, trusted=True)
        )
        lesser = environment(home, supervisor.urls, "demo", port, installed.python, trusted=False)
        sealing = sealers_environment(home, supervisor.urls, lesser)
        for part in application_parts(home, installed, lesser, sealing, port):
            supervisor.start(part)
        wait_until_healthy(supervisor, port)
        ready = True
        greet(home, port)
        while True:
            supervisor.look()
            pause(0.2)
    except Stopped as stopped:
        if ready:
            say("stopping")
            return 0
        return stopped.exit_code
    finally:
        supervisor.stop()


def set_up(home: Home, installed: Installed, env: dict[str, str]) -> None:
    vendor_assets(home, installed, env)
    mark, done = static_mark(), home.path / "static-collected"
    if not is_stamped(done, mark):
        manage_step(home, installed, env, "collecting static files", "collectstatic", "--noinput", "--clear")
        stamp(done, mark)
    migrate(home, installed, env)
    made = home.path / "bank-made"
    if not made.exists():
        today = datetime.date.today().isoformat()  # noqa: DTZ011 - the person's own day
        bank = ["--clients", DEMO_CLIENTS, "--seed", DEMO_SEED, "--as-of", today, "--if-empty"]
        manage_step(home, installed, env, "making the demo bank", "make_bank", *bank)
        manage_step(home, installed, env, "making the demo's own list", "make_demo_list")
        manage_step(home, installed, env, "screening the demo bank", "screen", "--full")
        manage_step(home, installed, env, "leaving work on the demo's desks", "make_demo_work")
        manage_step(home, installed, env, "deciding some of the demo's hits", "make_demo_screening")
        manage_step(home, installed, env, "drawing and reviewing the demo's sample", "make_demo_audit")
        home.logins.touch(mode=0o600)
        manage_step(home, installed, env, "making the demo logins", "make_logins", "--file", home.logins)
        home.logins.chmod(0o600)
        stamp(made, today)
    else:
        manage_step(home, installed, env, "moving the demo's market on", "move_market")


def static_mark() -> str:
    """Changes when a file does that collectstatic would copy."""
    folders = [CLONE / "static", *CLONE.glob("[a-z]*/static")]
    files = sorted(file for folder in folders for file in folder.rglob("*") if file.is_file())
    files.append(CLONE / "requirements.txt")
    facts = [f"{file} {file.stat().st_size} {file.stat().st_mtime_ns}" for file in files]
    return hashlib.sha256("\n".join(facts).encode()).hexdigest()


def application_parts(
    home: Home, installed: Installed, env: dict[str, str], sealing: dict[str, str], port: int
) -> list[Part]:
    """They stay the user who started us, root too: a clone below root's closed home is open to nobody else.

    This is for trying; a bank's own service files name a user for them.
    """

    beat = home.path / "beat"
    beat.mkdir(mode=0o700, exist_ok=True)
    # No access log: an address may name a client.
    commands = {
        "web": "granian --interface wsgi rmcrm.wsgi:application --no-ws --no-access-log --log-level warning"
        f" --host 127.0.0.1 --port {port} --workers 2 --blocking-threads 1"
        " --respawn-failed-workers --workers-kill-timeout 10",
        "worker": "celery -A rmcrm worker --concurrency 2 --prefetch-multiplier 1"
        " --without-gossip --without-mingle -l warning",
        "beat": f"celery -A rmcrm beat -s {shlex.quote(str(beat / 'schedule'))} --pidfile= -l warning",
    }
    sealer = Part(
        name="sealer",
        command=[installed.python, CLONE / "manage.py", "seal"],
        env=sealing,
        cwd=CLONE,
        log=home.logs / "sealer.log",
    )
    return [
        sealer,
        *(
            Part(
                name=name,
                command=[installed.python, "-m", *shlex.split(command)],
                env=env,
                cwd=CLONE,
                log=home.logs / f"{name}.log",
            )
            for name, command in commands.items()
        ),
    ]


def wait_until_healthy(supervisor: Supervisor, port: int) -> None:
    with progress("waiting for the first page") as line:
        end = time.monotonic() + PATIENCE
        while True:
            status, words = ask_health(port)
            if status == 200:
                return
            if time.monotonic() > end:
                log = supervisor.home.logs / "web.log"
                raise Refusal(
                    f"/healthz answers {status or 'nothing'}: {words}\nthe end of {log} says:\n{tail(log)}"
                )
            supervisor.look()
            pause(0.2)
            line.tick()


def ask_health(port: int) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/healthz", headers={"Host": f"localhost:{port}"})
        answer = connection.getresponse()
        return answer.status, answer.read(500).decode(errors="replace").strip()
    except (OSError, http.client.HTTPException) as error:
        return 0, str(error)
    finally:
        connection.close()


def greet(home: Home, port: int) -> None:
    say(f"ready http://localhost:{port}")
    try:
        logins = json.loads(home.logins.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        logins = {}
    for person in logins.values():
        say(f"  log in as {person['login']} with {person['password']}")
    say(f"logs are in {home.logs}; Ctrl-C stops everything")
