"""What comes by npm: exact versions, integrity hashes, no addresses, nothing of it in our repository."""

import json
import re
import subprocess

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from ui.management.commands.vendor_assets import FILES

ROOT = settings.BASE_DIR
LOCK = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))


def test_versions_are_exact():
    wanted = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))["dependencies"]
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in wanted.values())
    assert LOCK["packages"][""]["dependencies"] == wanted


def test_every_package_is_pinned_by_its_hash_and_comes_from_no_named_place():
    for name, package in LOCK["packages"].items():
        if name:
            assert package["integrity"].startswith("sha512-")
            assert "resolved" not in package
    settings_file = (ROOT / ".npmrc").read_text(encoding="utf-8")
    assert "omit-lockfile-registry-resolved=true" in settings_file
    assert "://" not in settings_file


def test_no_third_party_file_is_committed():
    tracked = subprocess.run(
        ["git", "ls-files", "static", "node_modules"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.split()
    assert [name for name in tracked if not name.startswith("static/ui/")] == []


def test_the_files_are_copied_without_pointing_at_maps_that_are_not_there(settings, tmp_path):
    for name in FILES:
        file = tmp_path / "node_modules" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(
            "body{}\n/*# sourceMappingURL=x.map */\n//# sourceMappingURL=y.map\n", encoding="utf-8"
        )
    settings.BASE_DIR = tmp_path
    call_command("vendor_assets", verbosity=0)
    for name, as_name in FILES.items():
        text = (tmp_path / "static" / "vendor" / as_name).read_text(encoding="utf-8")
        assert ("sourceMappingURL" in text) == name.endswith(".md")


def test_without_the_packages_it_says_what_to_do(settings, tmp_path):
    settings.BASE_DIR = tmp_path
    with pytest.raises(CommandError, match="npm ci"):
        call_command("vendor_assets")
    (tmp_path / "node_modules").mkdir()
    with pytest.raises(CommandError, match="lacks"):
        call_command("vendor_assets")
