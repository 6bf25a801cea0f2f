"""What bin/run refuses, it refuses before doing anything, with a sentence that says what to do."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from ground import settings
from ground.say import DISK_FULL, Refusal, refuse

CLONE = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(("family", "address"), [(socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")])
def test_a_taken_port_is_named_with_the_next_one_to_try(family, address):
    with socket.socket(family, socket.SOCK_STREAM) as stranger:
        try:
            stranger.bind((address, 0))
        except OSError:
            pytest.skip("this machine has no such address")
        stranger.listen()
        port = stranger.getsockname()[1]
        with pytest.raises(Refusal, match=f"port {port} is taken.*PORT={port + 1} bin/run"):
            settings.refuse_taken_port(port)


def test_a_free_port_is_not_refused():
    with socket.socket() as attempt:
        attempt.bind(("127.0.0.1", 0))
        port = attempt.getsockname()[1]
    settings.refuse_taken_port(port)


@pytest.mark.parametrize("text", ["web", "0", "70000", "-1"])
def test_a_port_must_be_a_port(monkeypatch, text):
    monkeypatch.setenv("PORT", text)
    with pytest.raises(Refusal, match=f"PORT={text} is no port"):
        settings.read_port()


def test_a_full_disk_is_refused_up_front(tmp_path):
    with pytest.raises(Refusal, match="GB are needed: free some space, or set RMCRM_HOME"):
        settings.refuse_full_disk([tmp_path / "not" / "yet"], needed=10**18)


def test_a_disk_that_fills_up_later_is_said_in_the_same_words(capsys):
    assert refuse("bin/run", OSError(28, "No space left on device")) == 1
    assert capsys.readouterr().err == f"bin/run: {DISK_FULL}\n"


@pytest.mark.parametrize("name", ["DATABASE_URL", "DATABASE_OWNER_URL"])
def test_half_a_database_is_refused(monkeypatch, name):
    for other in ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_LOADER_URL", "DATABASE_SEALER_URL"):
        monkeypatch.delenv(other, raising=False)
    monkeypatch.setenv(name, "postgres://x:y@localhost/z")
    with pytest.raises(Refusal, match="DATABASE_OWNER_URL"):
        settings.given_urls()


def ensure_as(version: tuple[int, ...], path: Path) -> subprocess.CompletedProcess[str]:
    """python_version.ensure, told that it runs in another Python."""
    program = (
        f"import sys; sys.version_info = {version}; sys.path.insert(0, {str(CLONE / 'bin')!r}); "
        "from ground import python_version; python_version.ensure('bin/run'); print('goes on')"
    )
    env = {"PATH": str(path)}
    return subprocess.run(
        [sys.executable, "-c", program], env=env, capture_output=True, text=True, timeout=20
    )


@pytest.mark.parametrize("version", [(3, 10, 13), (3, 6, 9), (3, 14, 0)])
def test_a_python_that_does_not_fit_is_told_which_does(tmp_path, version):
    ended = ensure_as(version, tmp_path)
    assert ended.returncode == 1
    assert "needs Python 3.11, 3.12 or 3.13 and found " + ".".join(map(str, version)) in ended.stderr
    assert ended.stderr.count("\n") == 1


def test_an_old_python_hands_over_to_a_new_one_on_the_path(tmp_path):
    for name, code in (("python3.13", 127), ("python3.12", 0)):  # the first is a version manager's stub
        script = tmp_path / name
        script.write_text(
            f"#!/bin/sh\n[ {code} = 0 ] || exit {code}\necho new python: $1\n", encoding="utf-8"
        )
        script.chmod(0o755)
    assert "new python: -c" in ensure_as((3, 9, 18), tmp_path).stdout


def test_the_commands_can_be_run():
    for name in ("bin/run", "bin/manage", "bin/test", ".ci/run"):
        assert os.access(CLONE / name, os.X_OK)
