"""As a superuser nothing of the application starts: neither web nor worker, shell or command."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import psycopg2
import pytest
from ground import servers, settings, supervise
from ground.install import Installed
from ground.privileges import place_for_data, servers_user
from ground.supervise import Supervisor

from rmcrm.standing import StandsTooHigh, refuse_above_the_wall

ROOT = Path(__file__).resolve().parents[2]
TOOLS = Path(sys.prefix) / "rmcrm-tools"
HIGH = {
    "superuser": ("rmcrm_app", "is a superuser"),
    "bypassrls": ("rmcrm_loader", "has BYPASSRLS"),
    "owner": ("rmcrm_owner", "has the rights of the owner of staff_user"),
}
STARTS = {
    "web": ["-c", "import rmcrm.wsgi"],
    "worker": ["-m", "celery", "-A", "rmcrm", "worker", "--pool", "solo", "--without-heartbeat"],
    "shell": ["manage.py", "shell", "-c", "print('in')"],
    "command": ["manage.py", "drain"],
}


class Mighty(servers.Postgres):
    def first_statements(self) -> str:
        return super().first_statements() + (
            "ALTER ROLE rmcrm_app SUPERUSER;\nALTER ROLE rmcrm_loader BYPASSRLS;\n"
        )


@pytest.fixture(scope="module")
def postgres():
    # In this process the other children are the test runner's own.
    patch = pytest.MonkeyPatch()
    patch.setattr(supervise, "clear_strays", lambda known=(): None)
    installed = Installed(Path(sys.executable), TOOLS)
    if installed.servers is None:
        pytest.skip("this machine brought its own servers")
    folder = Path(tempfile.mkdtemp(prefix="rmcrm-test-"))
    folder.chmod(0o711)
    home = settings.open_home(folder / "home")
    supervisor = Supervisor(home, "test")
    programs = servers.find_programs(installed.servers, servers_user())
    made = Mighty(
        home, place_for_data(home.path, servers_user(), folder / "public"), programs, {"fsync": "off"}
    )
    made.make()
    part = made.part()
    supervisor.start(part)
    supervisor.wait_for(part, made.is_ready, 20)
    link = psycopg2.connect(made.url("owner"))
    with link, link.cursor() as cursor:
        cursor.execute("CREATE TABLE staff_user (id int)")
    link.close()
    yield made
    supervisor.stop()
    patch.undo()
    shutil.rmtree(folder)


def started(postgres, role, command, **more):
    url = postgres.url(role.removeprefix("rmcrm_"))
    env = os.environ | {
        "DATABASE_URL": url, "DATABASE_LOADER_URL": url, "RMCRM_DATABASE_ROLE": "app", "RMCRM_MODE": "test",
        "DJANGO_SETTINGS_MODULE": "rmcrm.settings",
    } | more  # fmt: skip
    return subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=env, capture_output=True, text=True, timeout=60, check=False
    )


@pytest.mark.parametrize("what", STARTS)
@pytest.mark.parametrize("how", HIGH)
def test_nothing_starts_above_the_wall(postgres, what, how):
    role, why = HIGH[how]
    told = started(postgres, role, STARTS[what])
    assert told.returncode != 0
    assert f"the database role {role} of DATABASE_URL {why}" in told.stderr
    assert "in" not in told.stdout.split()


# What a role is not itself, and may become or is let through to.
BY_ANOTHER = {
    "GRANT rmcrm_owner TO quiet WITH INHERIT FALSE": "has the rights of the owner of staff_user",
    "GRANT rmcrm_loader TO quiet WITH INHERIT FALSE": "may become rmcrm_loader, which has BYPASSRLS",
    "GRANT rmcrm_app TO quiet": "may become rmcrm_app, which is a superuser",
    "CREATE POLICY of_the_loader ON staff_user TO quiet USING (true)":
        "is let through to all of staff_user, as the loader is",
}  # fmt: skip


@pytest.mark.parametrize("statement", BY_ANOTHER)
def test_nor_does_it_start_as_a_role_that_may_become_such_a_one(postgres, statement):
    link = psycopg2.connect(postgres.url("app"))  # here a superuser, to make what a careless bank has made
    with link.cursor() as cursor:
        cursor.execute("CREATE ROLE quiet; SET ROLE quiet")
        refuse_above_the_wall(link)
        cursor.execute(f"RESET ROLE; {statement}; SET ROLE quiet")
        with pytest.raises(StandsTooHigh, match=BY_ANOTHER[statement]):
            refuse_above_the_wall(link)
    link.close()


@pytest.mark.parametrize("what", ["web", "worker", "shell"])
def test_what_serves_takes_no_other_role_by_a_setting(postgres, what):
    told = started(postgres, "sealer", STARTS[what], RMCRM_DATABASE_ROLE="loader")
    assert told.returncode != 0
    assert "RMCRM_DATABASE_ROLE is loader" in told.stderr
