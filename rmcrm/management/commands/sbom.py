"""The list of every package that runs in the bank (SBOM), as CycloneDX 1.6: `bin/manage sbom > sbom.json`.

Read from the locks that the image is installed from: requirements.txt and package-lock.json. No tool that
makes such lists reads both, and what is to be read is short.
"""

import base64
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

_PINNED = re.compile(r"^([A-Za-z0-9._-]+)==(\S+?)(?: *;.*?)?((?: --hash=sha256:[0-9a-f]{64})+)$")


def components_of_python(lock: str) -> Iterator[dict[str, Any]]:
    """Each line of a compiled requirements.txt; a package has a hash for each of its files."""
    for line in lock.replace("\\\n", " ").splitlines():
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        found = _PINNED.match(re.sub(r"\s+", " ", line.partition(" #")[0]).strip())
        if found is None:
            raise ValueError(f"not a package with version and hash: {line[:60]}")
        name, version, hashes = found.groups()
        plain = re.sub(r"[-_.]+", "-", name).lower()
        yield _component(plain, version, f"pkg:pypi/{plain}@{version}", re.findall(r"sha256:(\w+)", hashes))


def components_of_front_end(lock: str) -> Iterator[dict[str, Any]]:
    """Each package of package-lock.json, with the hash of its archive."""
    for place, package in json.loads(lock)["packages"].items():
        if not place:  # ourselves
            continue
        name = place.rpartition("node_modules/")[2]
        kind, _sign, value = package["integrity"].partition("-")
        if kind != "sha512":
            raise ValueError(f"{name}: hashed by {kind}")
        path = name.replace("@", "%40", 1)
        hashed = base64.b64decode(value).hex()
        yield _component(name, package["version"], f"pkg:npm/{path}@{package['version']}", [hashed])


def _component(name: str, version: str, purl: str, hashes: list[str]) -> dict[str, Any]:
    kinds = {64: "SHA-256", 128: "SHA-512"}
    return {
        "type": "library",
        "bom-ref": purl,
        "name": name,
        "version": version,
        "purl": purl,
        "hashes": [{"alg": kinds[len(value)], "content": value} for value in hashes],
    }


def sbom(root: Path) -> dict[str, Any]:
    """The whole list, in the same order every time."""
    project = re.search(r'^version = "(.+)"', (root / "pyproject.toml").read_text(encoding="utf-8"), re.M)
    components = [
        *components_of_python((root / "requirements.txt").read_text(encoding="utf-8")),
        *components_of_front_end((root / "package-lock.json").read_text(encoding="utf-8")),
    ]
    version = project[1] if project else ""
    ours = {"type": "application", "bom-ref": "rm-crm", "name": "rm-crm", "version": version}
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": ours},
        "components": sorted(components, key=lambda each: each["purl"]),
    }


class Command(BaseCommand):
    help = "Print the list of every package that runs (SBOM, CycloneDX 1.6 as JSON)."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(json.dumps(sbom(settings.BASE_DIR), indent=1))
