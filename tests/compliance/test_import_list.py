"""A sanctions list comes into force whole, or the active version stays."""

import io
import json
from datetime import date

import pytest
from django.core.management import CommandError, call_command

from audit.models import AuditEvent
from compliance.actions import import_list
from compliance.models import ListedEntity, ListedName, ListVersion
from staff.night import night_shift
from tests.compliance.stage import ALFA, BARAN, HEAD, KONY, SHIP, bring, entry, xml
from ui.refusals import NotPermitted, Refused

pytestmark = pytest.mark.django_db


def active():
    return ListVersion.objects.get(source="ofac", active=True)


def listed():
    return set(ListedEntity.objects.listed().values_list("reference", flat=True))


def test_entries_come_in_with_their_names_dates_and_countries():
    version = bring(KONY, BARAN, SHIP, ALFA)
    assert (version.entities, version.added, version.active) == (4, 4, True)
    assert version.published_on == date(2024, 5, 7)
    kony = ListedEntity.objects.get(reference="1")
    assert (kony.kind, kony.name, kony.born_on, kony.countries) == (
        "person",
        "Joseph KONY",
        "18 Sep 1964",
        "UG",
    )
    assert set(kony.names.values_list("name", "strong")) == {
        ("Joseph KONY", True),
        ("OPIO", False),
    }
    assert ListedEntity.objects.get(reference="3").kind == "vessel"


def test_a_new_version_ends_what_is_gone_or_changed_and_keeps_the_rest():
    bring(KONY, BARAN, SHIP, ALFA, day="01/01/2024")
    before = dict(ListedEntity.objects.values_list("reference", "pk"))
    changed = entry(2, "BARAN", "Ivan Petrovich", born="1968", country="Russia")
    version = bring(KONY, changed, SHIP, entry(5, "NOVA"), day="02/01/2024")
    assert (version.added, version.amended, version.removed) == (1, 1, 1)
    now = dict(ListedEntity.objects.listed().values_list("reference", "pk"))
    assert now["1"] == before["1"]
    assert now["3"] == before["3"]
    assert now["2"] != before["2"]
    assert set(now) == {"1", "2", "3", "5"}
    assert (
        ListedEntity.objects.get(pk=before["4"]).until == version
    )  # what stood before can still be asked for
    assert ListVersion.objects.filter(active=True).count() == 1


def test_the_same_file_again_says_so_and_changes_nothing(tmp_path, capsys):
    path = tmp_path / "sdn.xml"
    path.write_bytes(xml(KONY, BARAN))
    call_command("import_list", "ofac", str(path))
    rows = ListedName.objects.count()
    capsys.readouterr()
    call_command("import_list", "ofac", str(path))
    assert "nothing was changed" in capsys.readouterr().out
    call_command("import_list", "ofac", str(path), "--json")
    assert json.loads(capsys.readouterr().out)["changed"] is False
    assert (ListVersion.objects.count(), ListedName.objects.count()) == (1, rows)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"MZ\x90 not xml", "not XML"),
        (f"{HEAD}<sdnEntry><uid>1</uid>".encode(), "cut short or broken at line"),
        (xml(KONY, BARAN).replace(b"</sdnEntry></sdnList>", b"</sdnList>"), "cut short or broken"),
        (xml(KONY, BARAN)[:-5], "cut short or broken"),
        (b"<html><body>Log in</body></html>", "begins with"),
        (b'<!DOCTYPE x [<!ENTITY a "aaaa">]><sdnList>&a;</sdnList>', "DTD"),
        (b'<!DOCTYPE x SYSTEM "http://127.0.0.1/x.dtd"><sdnList></sdnList>', "DTD"),
        (xml(KONY, count=2), "says it holds 2"),
        (xml(KONY, count="9" * 5000), "says it holds 999"),
        (xml(entry("1" * 41, "KONY")), "more than 40 signs"),
        (xml(KONY).replace(b'version="1.0"', b'version="1.0" encoding="rot13"'), "encoding"),
        (xml(KONY).replace(b'version="1.0"', b'version="1.0" encoding="shift_jis"'), "encoding"),
        (xml(KONY, KONY), "twice"),
        (xml(entry("", "KONY")), "no uid"),
        (xml(entry(1, "KONY", kind="Robot")), "Robot"),
        (xml(KONY).replace(b"Publish_Date", b"Date"), "of which day"),
        (xml(KONY, BARAN, day="04/01/2024"), "older than the active"),
        (xml(KONY), "fewer than half"),
    ],
)
def test_a_broken_file_is_refused_with_a_sentence_and_the_active_version_stays(content, words):
    before = bring(KONY, BARAN, SHIP)
    with pytest.raises(Refused) as refused:
        import_list(None, by=night_shift(), source="ofac", file=io.BytesIO(content))
    assert words in " ".join(refused.value.sentences)
    assert active() == before
    assert listed() == {"1", "2", "3"}


def test_the_command_says_what_is_wrong_and_that_the_active_version_stays(tmp_path):
    bring(KONY)
    path = tmp_path / "cut.xml"
    path.write_bytes(xml(KONY)[:-10])
    with pytest.raises(CommandError, match=r"cut short.*The active version stays"):
        call_command("import_list", "ofac", str(path))
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("import_list", "ofac", str(tmp_path / "absent.xml"))


def test_an_rm_imports_no_list(rita):
    with pytest.raises(NotPermitted):
        import_list(None, by=rita, source="ofac", file=io.BytesIO(xml(KONY)))


def test_the_import_is_remembered_without_a_name():
    bring(KONY)
    event = AuditEvent.objects.get(verb="sanctions list imported")
    assert event.payload == {"source": "ofac"}
    assert event.by_login == "night shift"
