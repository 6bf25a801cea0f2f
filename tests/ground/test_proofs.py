"""bin/drill proofs knows every test that is a drill."""

import re

from django.conf import settings
from ground.proofs import ROWS

TESTS = settings.BASE_DIR / "tests"


def test_every_drill_is_a_row_of_the_plan():
    named = {file for files in ROWS.values() for file in files}
    drills = {
        path.relative_to(settings.BASE_DIR).as_posix()
        for path in TESTS.rglob("test_*.py")
        if re.search(
            r"^from tests\.drills import .*\b(DRILL|drill)\b", path.read_text(encoding="utf-8"), re.M
        )
    }
    assert drills
    assert drills - named == set()
    assert [file for file in named if not (settings.BASE_DIR / file).is_file()] == []
