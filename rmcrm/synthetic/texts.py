"""Reads the lists in data/: "field: value" lines, indented lines go on, a blank line parts records."""

from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data"


@cache
def records(name: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = [{}]
    field = ""
    for line in (DATA / name).read_text(encoding="utf-8").splitlines():
        if not line.strip():
            found.append({})
        elif line.startswith(" "):
            found[-1][field] += " " + line.strip()
        else:
            field, _, value = line.partition(":")
            found[-1][field] = value.strip()
    return [record for record in found if record]


def listed(text: str) -> list[str]:
    """Things parted by commas."""
    return [item.strip() for item in text.split(",")]
