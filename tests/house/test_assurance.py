"""docs/assurance.md and docs/threat-model.md hold what they say: every id once, every test there is."""

import ast
import re
from functools import cache

import pytest
from django.conf import settings

DOCS = settings.BASE_DIR / "docs"
ROW = re.compile(r"^\| (V\d+\.\d+\.\d+) \| ([123]) \| ([^|]+) \| ([^|]+) \|$", re.M)
TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
LINK = re.compile(r"\]\(([^)]+)\)")
ANSWERS = ("Tested: ", "Written: ", "Not applicable: ", "Not yet (")
# What one of the standard's ids is called in the text; every row of the table is one.
ANY_ID = re.compile(r"^\|\s*V?\d+\.\d+", re.M)


def page(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def rows() -> list[tuple[str, str, str, str]]:
    return ROW.findall(page("assurance.md"))


@cache
def names_in(path: str) -> frozenset[str]:
    """The names of functions and classes in a file of tests; none when there is no such file."""
    file = settings.BASE_DIR / path
    if not file.is_file():
        return frozenset()
    tree = ast.parse(file.read_text(encoding="utf-8"))
    kinds = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
    return frozenset(node.name for node in tree.body if isinstance(node, kinds))


def needed() -> dict[str, str]:
    lines = [line.split() for line in page("asvs-5.0.0-ids.txt").splitlines() if not line.startswith("#")]
    return dict(lines)


def anchors(text: str) -> set[str]:
    """The anchors that a page's headings get."""
    heads = re.findall(r"^#+ (.+)$", text, re.M)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


def test_the_ids_are_those_of_the_standard():
    """70 of level 1 and 183 of level 2 has ASVS 5.0.0; of level 3 we take on what weighs in a bank."""
    levels = list(needed().values())
    assert (levels.count("1"), levels.count("2")) == (70, 183)
    assert levels.count("3") >= 26


def test_every_id_is_answered_once_at_its_level():
    found = [(name, level) for name, level, _asks, _answer in rows()]
    assert len(ANY_ID.findall(page("assurance.md"))) == len(found), "a row has another shape"
    assert len(found) == len(dict(found))
    assert dict(found) == needed()


def test_every_answer_is_a_test_a_page_or_a_reason():
    for name, _level, asks, answer in rows():
        assert len(asks.strip()) >= 3, name
        assert answer.startswith(ANSWERS), name
        if answer.startswith("Tested: "):
            assert TEST.findall(answer), name
        elif answer.startswith("Written: "):
            assert LINK.findall(answer), name
        else:
            reason = answer.partition(": ")[2]
            assert len(reason.split()) >= 2, name
            assert answer.endswith("."), name


@pytest.mark.parametrize("name", ["assurance.md", "threat-model.md", "security-rules.md"])
def test_every_test_that_is_named_exists(name):
    named = TEST.findall(page(name))
    assert named
    missing = [f"{path}::{test}" for path, test in named if test not in names_in(path)]
    assert missing == []
    loose = re.findall(r"`tests/[^`]*`", page(name))
    assert len(loose) == len(named), "a test is named as `tests/room/file.py::name`"


@pytest.mark.parametrize("name", ["assurance.md", "threat-model.md", "security-rules.md"])
def test_every_link_leads_somewhere(name):
    for link in LINK.findall(page(name)):
        if link.startswith("https://"):
            continue
        file, _sign, anchor = link.partition("#")
        target = DOCS / (file or name)
        assert target.exists(), link
        if anchor:
            assert anchor in anchors(target.read_text(encoding="utf-8")), link


def test_the_count_of_what_is_not_yet_there_is_told_and_right():
    """Whoever reads only the first lines learns how much is missing."""
    said = re.search(
        r"(\d+) tested, (\d+) written, (\d+) not applicable, (\d+) not yet", page("assurance.md")
    )
    assert said
    counted = tuple(sum(answer.startswith(kind) for *_, answer in rows()) for kind in ANSWERS)
    assert tuple(map(int, said.groups())) == counted


# --- what the rules on paper say, the settings do ---------------------------------------------------------


def test_the_figures_on_paper_are_those_in_force():
    text = page("security-rules.md")
    from rmcrm import settings as ours

    def says(sentence: str) -> bool:
        return sentence in re.sub(r"\s+", " ", text)

    assert says(
        f"{ours.SESSION_IDLE_SECONDS // 60} minutes idle, {ours.SESSION_TOTAL_SECONDS // 3600} hours in all"
    )
    assert says(f"{ours.UPLOAD_MAX_BYTES // 1024 // 1024} MB")
    assert says(f"{ours.DATA_UPLOAD_MAX_MEMORY_SIZE // 1024 // 1024} MB")
    minimum = ours.AUTH_PASSWORD_VALIDATORS[0]["OPTIONS"]["min_length"]
    assert says(f"at least {minimum} signs")


def test_the_roles_on_paper_are_those_in_force():
    from staff.roles import Role

    for role in Role:
        assert f"`{role}`" in page("security-rules.md"), role
