"""The web server of production before the database of the tests. `from tests.served import *` in a conftest.

served(threads=1)    its port; `threads` in each of its two processes, of which production has one
"""

import os
import socket
import subprocess
import sys
import time
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.conf import settings
from django.db import connection

__all__ = ["served"]
NOT_THE_WEBS = (
    "DATABASE_OWNER_URL",
    "DATABASE_LOADER_URL",
    "DATABASE_SEALER_URL",
    "DJANGO_ALLOW_ASYNC_UNSAFE",
)


@pytest.fixture
def served(transactional_db, tmp_path):
    running = []

    def start(*, threads=1):
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        command = [
            sys.executable, "-m", "granian", "--interface=wsgi", "rmcrm.wsgi:application", "--host=127.0.0.1",
            f"--port={port}", "--no-ws", "--no-access-log", "--log-level=warning", "--workers=2",
            f"--blocking-threads={threads}",
        ]  # fmt: skip
        url = urlsplit(os.environ["DATABASE_URL"])
        env = {name: value for name, value in os.environ.items() if name not in NOT_THE_WEBS}
        env["DATABASE_URL"] = urlunsplit(url._replace(path=f"/{connection.settings_dict['NAME']}"))
        log = (tmp_path / f"web-{port}.log").open("wb")
        running.append(subprocess.Popen(command, cwd=settings.BASE_DIR, env=env, stdout=log, stderr=log))
        for _ in range(300):
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                return port
            except OSError:
                assert running[-1].poll() is None, (tmp_path / f"web-{port}.log").read_text()
                time.sleep(0.1)
        raise AssertionError("the web server does not start")

    yield start
    for server in running:
        server.terminate()
        server.wait(20)
