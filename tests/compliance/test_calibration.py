"""How well the scorer judges is told; a file is screened and nothing stored; bad files are sentences."""

import json

import pytest
from django.core.management import CommandError, call_command

from compliance.models import ScreeningHit
from tests.compliance.stage import KONY, bring
from tests.rmcrm.shared import shared_data

pytestmark = pytest.mark.django_db


def written(tmp_path, text, encoding="utf-8"):
    file = tmp_path / "file.csv"
    file.write_bytes(text.encode(encoding))
    return str(file)


def told(capsys, *command):
    call_command(*command, "--json")
    return json.loads(capsys.readouterr().out)


def test_the_scorer_is_calibrated_on_labelled_pairs(tmp_path, capsys):
    file = written(
        tmp_path,
        "query,candidate,expected,source,more\n"
        "Olaf Scholze,Olaf Scholz,match,a,\nEmma Daniels,EMMA LLC,nomatch,b,\n"
        "Olaf Scholze,Olaf Scholz,TRUE,a,\nEmma Daniels,EMMA LLC,0,b,\n"
        "A,B,score 85,b,\nA,B,perhaps,b,\n",
        "utf-8-sig",
    )
    found = told(capsys, "calibrate_screening", file)
    assert (found["precision"], found["recall"], found["f1"], found["pairs"]) == (1.0, 1.0, 1.0, 4)
    assert (found["threshold"], found["scorer"], found["reference_scores"]) == (85, 7, 1)
    assert found["bad_rows"] == [{"line": 7, "why": "expected is “perhaps”, not match or nomatch"}]
    assert set(found["sources"]) == {"a", "b"}


def test_a_person_on_a_list_is_found_and_nothing_is_stored(tmp_path, capsys):
    bring(KONY)
    file = written(
        tmp_path,
        "full_name,date_of_birth,nationality\nJosef Kony,1964-09-18,Uganda\nAnna Berg,,\nJoe,31.12.1999,\n",
    )
    found = told(capsys, "screen_file", file)
    assert (found["persons"], found["persons_with_hits"]) == (2, 1)
    assert (found["hits"][0]["reference"], found["hits"][0]["list"]) == ("1", "ofac")
    assert "the date of birth is the same; the country agrees: Uganda" in found["hits"][0]["sentence"]
    assert found["bad_rows"][0]["line"] == 4
    assert not ScreeningHit.objects.exists()


def test_a_file_of_a_spreadsheet_that_parts_by_semicolons_is_read_too(tmp_path, capsys):
    bring(KONY)
    file = written(tmp_path, "\ufefffull_name;date_of_birth;nationality\r\nJosef Kony;1964-09-18;Uganda\r\n")
    assert [hit["line"] for hit in told(capsys, "screen_file", file)["hits"]] == [2]


def test_nobody_is_left_out_because_of_a_sign_before_them(tmp_path, capsys):
    """A quote that was closed nowhere took everyone behind it for one name: one person, no hit."""
    bring(KONY)
    file = written(tmp_path, 'full_name,nationality\n\nAnna Berg,CH\n"Ivan Petrov,RU\nJosef Kony,Uganda\n')
    with pytest.raises(CommandError, match=r"Line 4 of .* opens a quote that is closed nowhere"):
        call_command("screen_file", file, "--json")
    assert capsys.readouterr().out == ""
    file = written(tmp_path, "full_name,nationality\nKony, Josef,Uganda\nBerg\nJosef Kony,Uganda\n")
    found = told(capsys, "screen_file", file)
    assert found["bad_rows"] == [
        {"line": 2, "why": "it has 3 cells where the first line has 2"},
        {"line": 3, "why": "it has 1 cells where the first line has 2"},
    ]
    assert [hit["line"] for hit in found["hits"]] == [4]
    file = written(tmp_path, 'query,candidate,expected\nJosef,Yosef,match\nJosef,"Josef, M.,match\n')
    with pytest.raises(CommandError, match=r"Line 3 of .* opens a quote"):
        call_command("calibrate_screening", file)


def test_what_cannot_be_read_is_a_sentence(tmp_path):
    with pytest.raises(CommandError, match="No sanctions list is active"):
        call_command("screen_file", written(tmp_path, "full_name\n"))
    with pytest.raises(CommandError, match="line 2 holds a byte that is no letter"):
        call_command(
            "calibrate_screening", written(tmp_path, "query,candidate,expected\nJosé,b,match", "latin-1")
        )
    with pytest.raises(CommandError, match="has no column expected"):
        call_command("calibrate_screening", written(tmp_path, "query,candidate\n"))


def test_the_quality_promised_holds_on_the_development_pairs(capsys):
    found = told(capsys, "calibrate_screening", str(shared_data("matching/dev_pairs.csv")))
    assert found["f1"] >= 0.95
