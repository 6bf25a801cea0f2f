"""bin/drill proofs [T3 …]: each row of the security test plan to its full figures, with what it counted.

A short form of each runs in every bin/test; these take from one to twenty minutes.
"""

import os

from ground import check
from ground.say import Refusal, refuse

ROWS: dict[str, list[str]] = {
    "T3": ["tests/house/test_two_walls.py", "tests/house/test_pooled.py"],
    "T5": ["tests/house/test_replay.py"],
    "T6": ["tests/house/test_api_roles.py"],
    "T7": ["tests/clients/test_sixty_files.py", "tests/clients/test_uploads.py"],
    "T8": ["tests/ui/test_spreadsheets.py"],
    "T9": ["tests/house/test_scripts.py", "tests/house/test_hygiene.py"],
    "T10": ["tests/house/test_forgery.py"],
    "T12": ["tests/staff/test_throttle.py"],
    "T13": ["tests/staff/test_enumeration.py"],
    "T15": ["tests/house/test_audit_complete.py"],
    "T24": ["tests/house/test_races.py"],
    "lists": ["tests/compliance/test_delta.py"],
}


def main(rows: list[str]) -> int:
    if unknown := [row for row in rows if row not in ROWS]:
        return refuse("bin/drill proofs", Refusal(f"{', '.join(unknown)}: there are {', '.join(ROWS)}."))
    os.environ["RMCRM_DRILLS"] = "1"
    files = [file for row in rows or ROWS for file in ROWS[row]]
    return check.main(["-q", "-s", "-o", "faulthandler_timeout=0", *files])
