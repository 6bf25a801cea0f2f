"""PostgreSQL and Redis out of the wheels: closed to everybody but our roles, and back after a crash."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psycopg2
import pytest
import redis
from ground import processes, servers, settings, supervise
from ground.install import Installed
from ground.privileges import place_for_data, servers_user
from ground.supervise import Supervisor

TOOLS = Path(sys.prefix) / "rmcrm-tools"


@pytest.fixture(scope="module")
def folder():
    """Not below pytest's own folder, which is closed to the user that root's servers run as."""
    path = Path(tempfile.mkdtemp(prefix="rmcrm-test-"))
    path.chmod(0o711)
    yield path
    shutil.rmtree(path)


@pytest.fixture(scope="module")
def supervisor(folder):
    # In this process the other children are the test runner's own: a browser, for one.
    patch = pytest.MonkeyPatch()
    patch.setattr(supervise, "clear_strays", lambda known=(): None)
    installed = Installed(Path(sys.executable), TOOLS)
    if installed.servers is None:
        pytest.skip("this machine brought its own servers")
    home = settings.open_home(folder / "home")
    made = Supervisor(home, "test")
    programs = servers.find_programs(installed.servers, servers_user())
    place = place_for_data(home.path, servers_user(), folder / "public")
    made.postgres = servers.Postgres(home, place, programs, {"fsync": "off"})
    made.redis = servers.Redis(home, place, programs)
    for server in (made.postgres, made.redis):
        server.make()
        part = server.part()
        made.start(part)
        made.wait_for(part, server.is_ready, 20)
    yield made
    made.stop()
    patch.undo()


def until_it_answers(ask, supervisor):
    for _ in range(200):
        supervisor.look()
        try:
            return ask()
        except (psycopg2.OperationalError, redis.ConnectionError):
            time.sleep(0.05)
    return ask()


@pytest.mark.parametrize("role", settings.ROLES)
def test_each_role_logs_in_with_its_password_and_is_no_superuser(supervisor, role):
    with psycopg2.connect(supervisor.postgres.url(role)) as connection, connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolname, rolsuper, rolcreatedb, rolcreaterole FROM pg_roles WHERE rolname = user"
        )
        assert cursor.fetchone() == (f"rmcrm_{role}", False, role == "owner", False)
    connection.close()


def test_nobody_gets_in_without_the_password_and_the_superuser_not_at_all(supervisor):
    sockets = supervisor.postgres.sockets
    for user in ("rmcrm_app", "postgres"):
        with pytest.raises(
            psycopg2.OperationalError, match=r"password authentication failed|no pg_hba.conf entry"
        ):
            psycopg2.connect(settings.socket_url(sockets, user, "wrong"))


def test_postgres_listens_on_its_socket_only(supervisor):
    assert supervisor.postgres.settings["listen_addresses"] == ""
    assert supervisor.postgres.sockets.stat().st_mode & 0o777 == 0o700


@pytest.mark.skipif(os.getuid() != 0, reason="only root drops privileges")
def test_roots_servers_run_as_nobody(supervisor):
    for part in supervisor.parts:
        assert Path(f"/proc/{part.process.pid}").stat().st_uid == servers_user().pw_uid


def test_redis_wants_the_password_and_keeps_everything(supervisor):
    client = redis.Redis.from_url(supervisor.redis.url)
    assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
    assert client.config_get("appendonly") == {"appendonly": "yes"}
    assert client.config_get("bind") == {"bind": "127.0.0.1"}
    with pytest.raises(redis.AuthenticationError):
        redis.Redis(port=supervisor.redis.port).ping()


def test_killed_postgres_comes_back_with_its_data(supervisor):
    def ask(statement: str):
        connection = psycopg2.connect(supervisor.postgres.url("owner"))
        connection.autocommit = True
        try:
            with connection.cursor() as cursor:
                cursor.execute(statement)
                return cursor.fetchall()
        finally:
            connection.close()

    ask("CREATE TABLE kept (i int); INSERT INTO kept VALUES (7) RETURNING i")
    os.kill(supervisor.parts[0].process.pid, signal.SIGKILL)
    supervisor.parts[0].process.wait()
    assert until_it_answers(lambda: ask("SELECT i FROM kept"), supervisor) == [(7,)]


def test_a_stale_pid_file_of_a_living_stranger_does_not_block(supervisor, tmp_path):
    """After a power cut the number in postmaster.pid may belong to any process of ours."""
    server = servers.Postgres.__new__(servers.Postgres)
    server.place, server.user, server.data = tmp_path, None, tmp_path / "postgres"
    server.sockets = tmp_path / "socket"
    server.data.mkdir()
    stranger = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    try:
        (server.data / "postmaster.pid").write_text(f"{stranger.pid}\n", encoding="utf-8")
        server.clear_the_way()
        assert not (server.data / "postmaster.pid").exists()
        assert processes.start_time(stranger.pid) is not None
    finally:
        stranger.kill()
        stranger.wait()


def test_a_cluster_from_before_the_audit_was_sealed_gets_the_sealer(folder, supervisor):
    home = settings.open_home(folder / "older")
    place = place_for_data(home.path, servers_user(), folder / "older-public")
    programs = servers.find_programs(Installed(Path(sys.executable), TOOLS).servers, servers_user())
    postgres = servers.Postgres(home, place, programs, {"fsync": "off"})
    postgres.make()
    postgres.run_alone(postgres.data, "as it was", "DROP ROLE rmcrm_sealer;\n")
    access = postgres.data / "pg_hba.conf"
    access.write_text(access.read_text(encoding="utf-8").replace(",rmcrm_sealer", ""), encoding="utf-8")
    postgres.make()
    part = postgres.part()
    supervisor.start(part)
    try:
        supervisor.wait_for(part, postgres.is_ready, 20)
        psycopg2.connect(postgres.url("sealer"), dbname="rmcrm").close()
    finally:
        supervise.end_parts([part])
        supervisor.parts.remove(part)
    postgres.make()  # and once more, which changes nothing


def test_a_cluster_of_another_version_is_refused(supervisor, tmp_path):
    server = servers.Postgres.__new__(servers.Postgres)
    server.bin, server.data = supervisor.postgres.bin, tmp_path
    (tmp_path / "PG_VERSION").write_text("12\n", encoding="utf-8")
    with pytest.raises(servers.Refusal, match="was made by PostgreSQL 12"):
        server.refuse_other_version()


def test_extra_settings_are_read(monkeypatch):
    monkeypatch.setenv("RMCRM_PG_SETTINGS", "work_mem=64MB, fsync=off,")
    assert servers.extra_postgres_settings() == {"work_mem": "64MB", "fsync": "off"}
    monkeypatch.setenv("RMCRM_PG_SETTINGS", "work_mem")
    with pytest.raises(servers.Refusal, match="write name=value"):
        servers.extra_postgres_settings()
