"""manage.py ownership: both results of a file of edges, or every reason why it is refused."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from compliance.rules.ownership.edges_file import read_edges

HEAD = "owner,owned,share,owner_kind,blocked\n"


def run(tmp_path, text, *arguments):
    file = tmp_path / "edges.csv"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    out = StringIO()
    call_command("ownership", str(file), *arguments, stdout=out)
    return out.getvalue()


def test_an_auditor_recomputes_a_case(db, tmp_path):
    text = HEAD + (
        "Top,Firm,60,company,\nFirm,Below,100 %,company,\nBelow,Top,51%,company,\n"
        "Dan,Top,49,person,true\nDan,Firm,40,person,true\n"
    )
    told = json.loads(run(tmp_path, text, "--json"))
    assert (told["threshold"]["percent"], told["threshold"]["or_more"], told["pack_version"]) == (25, True, 1)
    firm = next(each for each in told["entities"] if each["entity"] == "Firm")
    (dan,) = firm["beneficial_owners"]
    assert (dan["owner"], dan["percent"], dan["fraction"], dan["circle_percent"]) == ("Dan", 100, "1", 30.6)
    assert [way["shown"] for way in dan["chains"]] == ["40 %", "49 % × 60 % = 29.4 %"]
    assert told["circles"] == [["Top", "Firm", "Below"]]
    assert {each["entity"] for each in told["blocked"]["ofac"]} == {"Dan"}
    shown = run(tmp_path, text)
    assert "Dan > Top > Firm: 49 % × 60 % = 29.4 %" in shown
    assert "round the circle again: 30.6 %" in shown


def test_blocked_owners_cascade_where_beneficial_owners_multiply(db, tmp_path):
    text = HEAD + "x,A,50,person,true\nA,B,50,company,false\ny,B,50,person,false\n"
    told = json.loads(run(tmp_path, text, "--json"))
    assert {each["entity"] for each in told["blocked"]["ofac"]} == {"x", "A", "B"}
    assert {each["entity"] for each in told["blocked"]["eu"]} == {"x"}
    b = next(each for each in told["entities"] if each["entity"] == "B")
    assert {each["owner"]: each["percent"] for each in b["beneficial_owners"]} == {"y": 50, "x": 25}


def test_a_country_may_be_stricter(db, tmp_path):
    text = HEAD + "ann,Firm,12,person,\n"
    assert not json.loads(run(tmp_path, text, "--json"))["entities"][0]["beneficial_owners"]
    assert json.loads(run(tmp_path, text, "--json", "--country", "in"))["entities"][0]["beneficial_owners"]
    with pytest.raises(CommandError, match="the two letters of a country"):
        run(tmp_path, text, "--country", "India")  # or its stricter rule would be left out, and nobody told


def test_of_a_day_before_there_were_rules_nothing_is_computed(db, tmp_path):
    with pytest.raises(CommandError, match="No rule pack 'ownership' is in force on 1990-01-01"):
        run(tmp_path, HEAD + "ann,Firm,12,person,\n", "--json", "--on", "1990-01-01")


@pytest.mark.parametrize(
    ("lines", "line", "column", "reason"),
    [
        ("ann,Firm,60,person,\nbob,Firm,41,person,\n", 3, "owned", "101 %"),
        ("Firm,Firm,10,company,\n", 2, "owned", "Nobody owns itself."),
        ("ann,Firm,-5,person,\n", 2, "share", "negative"),
        ("ann,Firm,0,person,\n", 2, "share", "Nothing is held"),
        ("ann,Firm,101,person,\n", 2, "share", "More than 100"),
        ("ann,Firm,many,person,\n", 2, "share", "Not a number"),
        ("ann,Firm,nan,person,\n", 2, "share", "Not a number"),
        ("ann,Firm,1e2,person,\n", 2, "share", "Not a number"),
        ('ann,Firm,"12,5",person,\n', 2, "share", "with a point"),
        ("ann,Firm,,person,\n", 2, "share", "empty"),
        ("ann,Firm,50,robot,\n", 2, "owner_kind", "One of person"),
        ("ann,Firm,50,person,perhaps\n", 2, "blocked", "true or false"),
        ("ann,Firm,50,person,true\nann,Top,50,person,false\n", 3, "blocked", "Line 2"),
        ("ann,Firm,50,person,\nann,Top,50,company,\n", 3, "owner_kind", "Line 2"),
        ("ann,Firm,50,person,\nTop,ann,50,company,\n", 3, "owned", "A person is not owned"),
        (",Firm,50,person,\n", 2, "owner", "empty"),
        ("ann,Firm,50\n", 2, "", "3 cells"),
        ("", 0, "", "names nobody"),
    ],
)
def test_what_is_wrong_is_named_by_line_column_value_and_reason(lines, line, column, reason):
    graph, problems = read_edges((HEAD + lines).encode())
    assert graph is None
    assert (problems[0].line, problems[0].column) == (line, column)
    assert reason in problems[0].reason


def test_all_wrong_lines_are_named_and_the_exit_says_so(db, tmp_path):
    text = HEAD + "ann,Firm,x,person,\nbob,Firm,-1,person,\n"
    with pytest.raises(CommandError) as refused:
        run(tmp_path, text)
    assert "line 2, share 'x'" in str(refused.value)
    assert "line 3, share '-1'" in str(refused.value)
    assert refused.value.returncode == 1


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"owner;owned;share;owner_kind;blocked\n", "Separate columns by commas"),
        (b"owner,owned\n", "share, owner_kind, blocked"),
        (b"", "These columns are missing"),
        (HEAD.encode() + b"\xff\xfe,Firm,1,person,\n", "not UTF-8"),
        (HEAD.encode() + b'"ann,Firm,1,person,\n', "not CSV"),
    ],
)
def test_what_is_no_file_of_edges_is_refused(content, reason):
    graph, problems = read_edges(content)
    assert graph is None
    assert reason in problems[0].reason
