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


def started(postgres, role, command):
    url = postgres.url(role.removeprefix("rmcrm_"))
    env = os.environ | {
        "DATABASE_URL": url, "DATABASE_LOADER_URL": url, "RMCRM_DATABASE_ROLE": "app", "RMCRM_MODE": "test",
        "DJANGO_SETTINGS_MODULE": "rmcrm.settings",
    }  # fmt: skip
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
