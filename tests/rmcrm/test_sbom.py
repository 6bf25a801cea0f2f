"""The list of packages: every one that runs, with its hash, and none that does not."""

import io
import json
import re
from importlib.metadata import version

import pytest
from django.conf import settings
from django.core.management import call_command

from rmcrm.management.commands.sbom import components_of_front_end, components_of_python


@pytest.fixture(scope="module")
def made():
    told = io.StringIO()
    call_command("sbom", stdout=told)
    return json.loads(told.getvalue())


def test_every_package_that_runs_is_on_the_list_with_its_hash(made):
    text = (settings.BASE_DIR / "requirements.txt").read_text(encoding="utf-8")
    pinned = {
        f"pkg:pypi/{re.sub('[-_.]+', '-', name).lower()}@{number}"
        for name, number in re.findall(r"^([A-Za-z0-9._-]+)==(\S+)", text, re.M)
    }
    listed = {each["purl"] for each in made["components"]}
    assert {each for each in listed if each.startswith("pkg:pypi/")} == pinned
    assert len(pinned) > 40
    assert {"pkg:npm/%40tabler/core@1.6.1", "pkg:npm/chart.js@4.6.1"} <= listed
    assert all(each["hashes"] for each in made["components"])
    assert len(listed) == len(made["components"])


def test_it_names_what_is_installed_here(made):
    listed = {(each["name"], each["version"]) for each in made["components"]}
    for name in ("django", "cryptography", "psycopg2-binary", "granian"):
        assert (name, version(name)) in listed


def test_it_is_a_cyclonedx_list_and_the_same_every_time(made):
    assert (made["bomFormat"], made["specVersion"]) == ("CycloneDX", "1.6")
    assert made["metadata"]["component"]["name"] == "rm-crm"
    for each in made["components"]:
        assert {"type", "name", "version", "purl", "bom-ref"} <= set(each)
        for value in each["hashes"]:
            assert len(value["content"]) == {"SHA-256": 64, "SHA-512": 128}[value["alg"]]
    again = io.StringIO()
    call_command("sbom", stdout=again)
    assert json.loads(again.getvalue()) == made


@pytest.mark.parametrize("line", ["django>=5.2", "django==5.2.19", "django @ file:///x", "-e ."])
def test_a_package_without_version_and_hash_is_an_error(line):
    with pytest.raises(ValueError, match="version and hash"):
        list(components_of_python(line))
    with pytest.raises(KeyError):
        list(components_of_front_end('{"packages": {"node_modules/x": {"version": "1"}}}'))
