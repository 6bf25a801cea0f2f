"""RMCRM_HOME: closed to others, one command at a time, and the web never learns the owner's password."""

import json
import os
import stat
from pathlib import Path

import pytest
from ground import settings
from ground.say import Refusal

from rmcrm.settings import database
from vault.keys import read_ring


def test_secrets_are_made_once_and_for_us_alone(tmp_path):
    first = settings.open_home(tmp_path / "home")
    file = tmp_path / "home" / "secrets.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert settings.open_home(tmp_path / "home").secrets == first.secrets
    assert len(first.secrets["secret_key"]) >= 50
    assert len(set(first.secrets.values())) == len(first.secrets)


def test_secrets_are_not_printed_by_accident(tmp_path):
    home = settings.open_home(tmp_path / "home")
    assert home.secrets["owner"] not in repr(home)


def test_logs_and_uploads_are_closed(tmp_path):
    settings.open_home(tmp_path / "home")
    for name in ("logs", "uploads"):
        assert stat.S_IMODE((tmp_path / "home" / name).stat().st_mode) == 0o700


def test_a_damaged_secrets_file_is_not_replaced(tmp_path):
    (tmp_path / "secrets.json").write_text(json.dumps({"owner": "x"}), encoding="utf-8")
    with pytest.raises(Refusal, match="has no secret_key"):
        settings.load_secrets(tmp_path / "secrets.json")


def test_a_home_that_cannot_be_made_is_refused(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(Refusal, match="set RMCRM_HOME to a folder of yours"):
        settings.open_home(tmp_path / "file")


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give a folder away")
def test_a_home_of_somebody_else_is_refused(tmp_path):
    (tmp_path / "home").mkdir()
    os.chown(tmp_path / "home", 65534, 65534)
    with pytest.raises(Refusal, match="is another user's"):
        settings.open_home(tmp_path / "home")


def test_a_lock_is_held_by_one_and_freed_with_its_holder(tmp_path):
    held = settings.take(tmp_path / "lock")
    assert held is not None
    assert settings.take(tmp_path / "lock") is None
    held.close()
    assert settings.take(tmp_path / "lock") is not None


def test_the_address_of_a_socket_is_understood_by_the_application():
    url = settings.socket_url(Path("/tmp/a b/socket"), "rmcrm_app", "p@ss/word")
    known = database(url)
    assert (known["HOST"], known["USER"], known["PASSWORD"]) == ("/tmp/a b/socket", "rmcrm_app", "p@ss/word")
    assert (known["NAME"], known["PORT"]) == ("rmcrm", "")


def test_the_web_is_only_the_application(tmp_path, monkeypatch):
    monkeypatch.setenv("RMCRM_DATABASE_ROLE", "owner")
    monkeypatch.setenv("DATABASE_OWNER_URL", "postgres://somebody")
    monkeypatch.delenv("RMCRM_FIELD_KEYS_FILE", raising=False)  # of the tests themselves
    home = settings.open_home(tmp_path / "home")
    urls = {"DATABASE_URL": "a", "DATABASE_OWNER_URL": "o", "DATABASE_LOADER_URL": "l"}
    urls |= {"DATABASE_SEALER_URL": "s", "REDIS_URL": "r"}
    python = tmp_path / "venv" / "bin" / "python"
    web = settings.environment(home, urls, "demo", 8000, python, trusted=False)
    command = settings.environment(home, urls, "demo", 8000, python, trusted=True)
    assert web["DATABASE_URL"] == "a"
    closed = {"DATABASE_OWNER_URL", "DATABASE_LOADER_URL", "DATABASE_SEALER_URL", "RMCRM_DATABASE_ROLE"}
    assert not closed & web.keys()
    sealer = settings.sealers_environment(home, urls, web)
    assert sealer["DATABASE_SEALER_URL"] == "s"
    assert not {"DATABASE_OWNER_URL", "DATABASE_LOADER_URL"} & sealer.keys()
    key = Path(sealer["RMCRM_SEAL_KEY_FILE"])
    assert (len(key.read_text().strip()), key.stat().st_mode & 0o777) == (64, 0o600)
    made = key.read_text()
    settings.sealers_environment(home, urls, web)
    assert key.read_text() == made
    ring = Path(web["RMCRM_FIELD_KEYS_FILE"])
    assert (len(read_ring(ring.read_text()).data), ring.stat().st_mode & 0o777) == (1, 0o600)
    assert "RMCRM_FIELD_KEYS_FILE" not in sealer
    assert settings.environment(home, urls, "demo", 8000, python, trusted=True) == command  # made once
    monkeypatch.setenv("RMCRM_FIELD_KEYS", "the bank's own")
    assert "RMCRM_FIELD_KEYS_FILE" not in settings.environment(
        home, urls, "demo", 8000, python, trusted=False
    )
    assert command["DATABASE_OWNER_URL"] == "o"
    assert web["RMCRM_SECRET_KEY"] == command["RMCRM_SECRET_KEY"]
