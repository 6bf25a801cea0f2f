"""What was killed runs again; what was stopped leaves nothing behind."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from ground.processes import boot, session_members, start_time
from ground.settings import Home
from ground.supervise import Supervisor, rotate_logs

BIN = Path(__file__).resolve().parents[2] / "bin"
# A part with a child of its own, which forgets to end with it, as web servers' workers do.
PART = """
import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
print(child.pid, flush=True)
time.sleep(60)
"""
SUPERVISE = f"""
import sys
sys.path.insert(0, {str(BIN)!r})
from pathlib import Path
from ground.processes import Stopped, listen_to_signals, pause
from ground.settings import Home
from ground.supervise import Part, Supervisor
home = Path(sys.argv[1])
listen_to_signals()
supervisor = Supervisor(Home(home), "test")
part = Part("part", [sys.executable, "-c", {PART!r}], dict(), home / "logs" / "part.log")
try:
    supervisor.start(part)
    while True:
        supervisor.look()
        pause(0.05)
except Stopped:
    pass
finally:
    supervisor.stop()
"""


def wait_for(condition, limit: float = 8):
    end = time.monotonic() + limit
    while not (found := condition()):
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)
    return found


@pytest.fixture
def home(tmp_path):
    (tmp_path / "logs").mkdir()
    return tmp_path


@pytest.fixture
def running(home):
    process = subprocess.Popen(
        [sys.executable, "-c", SUPERVISE, str(home)],
        stdout=(home / "said").open("wb"),
        stderr=subprocess.STDOUT,
    )
    yield process
    process.kill()
    process.wait()


def part_of(home: Path) -> int | None:
    try:
        return json.loads((home / "run.json").read_text(encoding="utf-8"))["parts"]["part"][0]
    except (OSError, ValueError, KeyError):
        return None


def children_of_part(home: Path) -> list[int]:
    log = home / "logs" / "part.log"
    return [int(line) for line in log.read_text(encoding="utf-8").split()] if log.exists() else []


def test_a_killed_part_runs_again_and_its_orphans_are_gone(home, running):
    first = wait_for(lambda: children_of_part(home) and part_of(home))
    os.kill(first, signal.SIGKILL)
    wait_for(lambda: len(children_of_part(home)) == 2)
    wait_for(lambda: part_of(home) not in (first, None))  # written down when it has started
    orphan, second = children_of_part(home)
    assert start_time(orphan) is None
    assert start_time(second) is not None
    assert "part was killed (SIGKILL): starting it again" in (home / "said").read_text(encoding="utf-8")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_stop_leaves_nothing_behind(home, running, number):
    part = wait_for(lambda: children_of_part(home) and part_of(home))
    running.send_signal(number)
    assert running.wait(timeout=8) == 0
    assert [start_time(pid) for pid in (part, *children_of_part(home))] == [None, None]
    assert not (home / "run.json").exists()


def test_killed_itself_it_takes_its_parts_along_and_the_next_start_clears_the_rest(home, running):
    part = wait_for(lambda: children_of_part(home) and part_of(home))
    running.kill()
    running.wait()
    wait_for(lambda: start_time(part) is None)
    assert session_members(part) == children_of_part(home)
    Supervisor(Home(home), "test").clean_up_after_a_crash()
    assert session_members(part) == []


def test_a_stranger_with_a_recorded_number_is_left_alone(home):
    stranger = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], start_new_session=True)
    try:
        record = {"boot": boot(), "parts": {"web": [stranger.pid, "1"]}}  # it began at another time
        (home / "run.json").write_text(json.dumps(record), encoding="utf-8")
        Supervisor(Home(home), "test").clean_up_after_a_crash()
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_a_long_log_is_turned_over_while_its_writer_goes_on(home):
    log = home / "logs" / "web.log"
    with log.open("ab") as writer:
        writer.write(b"old\n" * 100)
        writer.flush()
        rotate_logs(home / "logs", limit=100)
        writer.write(b"new\n")
    assert log.read_bytes() == b"new\n"
    assert (home / "logs" / "web.log.1").read_bytes() == b"old\n" * 100
