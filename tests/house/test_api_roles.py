"""T6. The API against its own description, role by role: schemathesis with all its checks and phases
(examples, bounds, made-up requests, chains of calls), from outside, over HTTP, with another seed each time.

In every run tests/rmcrm/test_api_schema.py asks less, of three roles, inside the process.
"""

import json
import random
import subprocess
import sys

import pytest
from rest_framework.authtoken.models import Token

from tests.cast import make_cast, make_client
from tests.drills import drill, tell
from tests.house.stage import Stage
from tests.rmcrm.test_api_schema import DESCRIPTION

OURS = 2_000_000_000
EXAMPLES = 200
OPERATIONS = sum(len(verbs) for verbs in DESCRIPTION["paths"].values())
ROLES = ("rita", "theo", "cora", "mira", "udo")  # RM, lead, officer, MLRO, auditor
SETTINGS = f"""
[parameters]
"path.client_id" = {OURS}
[generation]
allow-x00 = false  # PostgreSQL stores none; tests/rmcrm/test_api_schema.py sends it by hand
"""


@drill
@pytest.mark.slow
@pytest.mark.parametrize("who", ROLES)
def test_every_role_is_answered_as_described(who, served, tmp_path):
    stage = Stage(make_cast())
    make_client("Nora Lind", stage.book, id=OURS)
    assert all([stage.task, stage.interaction, stage.contact_point])
    seed, port = random.SystemRandom().randrange(10**6), served()
    (tmp_path / "settings.toml").write_text(SETTINGS, encoding="utf-8")
    token = Token.objects.create(user=stage.people[who]).key
    command = [
        sys.executable, "-m", "schemathesis.cli", "--config-file", "settings.toml", "run",
        f"http://127.0.0.1:{port}/api/v1/schema/", "-H", f"Authorization: Token {token}", "--checks", "all",
        "--max-examples", str(EXAMPLES), "--seed", str(seed), "--no-color", "--continue-on-failure",
        "--generation-database", "none", "--report-har-path", "record.har",
    ]  # fmt: skip
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    record = json.loads((tmp_path / "record.har").read_text(encoding="utf-8"))["log"]["entries"]
    assert record, ran.stdout[-9000:]
    times = sorted(each["time"] for each in record)
    p99 = times[int(len(times) * 0.99)]
    broken = sum(each["response"]["status"] >= 500 for each in record)
    told = {"broken": broken, "p99_ms": round(p99), "exit_code": ran.returncode}
    tell("T6", role=who, seed=seed, requests=len(record), **told)
    assert ran.returncode == 0, ran.stdout[-9000:]
    assert broken == 0
    assert p99 < 1000
    assert len(record) >= EXAMPLES * OPERATIONS
