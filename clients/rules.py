"""What may be so in a client file. Pure: no Django, dates are arguments."""

import unicodedata
from datetime import date, datetime, timedelta
from pathlib import PurePosixPath
from typing import Any

LATE_AFTER = timedelta(hours=24)  # an interaction logged later is marked so


def refusals_to_log_interaction(state: str, at: datetime, now: datetime) -> list[str]:
    """A contact that took place, with a client whose file is open. MiFID II 2017/565 Art. 76."""
    refusals = []
    if state == "closed":
        refusals.append("The file is closed: nothing more can be logged.")
    if at > now + timedelta(minutes=5):
        refusals.append("A contact in the future is a meeting to plan, not one to log.")
    return refusals


def is_late_entry(at: datetime, logged_at: datetime) -> bool:
    return logged_at - at > LATE_AFTER


def refusals_to_finish_task(done_at: datetime | None) -> list[str]:
    return ["This task is done already."] if done_at else []


def is_contact_overdue(segment: str, last_contact_on: date, today: date, cadence: dict[str, Any]) -> bool:
    """`cadence`: days between two contacts by segment (rule pack "contact")."""
    return (today - last_contact_on).days > int(cadence[segment])


# What the bank takes: paper, scanned. Nothing that a browser or an office program would run.
FILE_TYPES = {
    ".pdf": "application/pdf",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".tif": "image/tiff",
    ".tiff": "image/tiff",
}


def refusals_to_add_to_file(state: str) -> list[str]:
    """A closed file stays as it was closed."""
    return ["The file is closed: nothing more can be added."] if state == "closed" else []


def refusals_to_store_file(name: str, size: int, detected: str, max_bytes: int) -> list[str]:
    """Only a file of a kind we take, not too large, whose content (`detected`, a MIME type) is that kind.

    OWASP ASVS 5.0 V5.2.
    """
    if size == 0:
        return ["The file is empty. Choose it again."]
    if size > max_bytes:
        return [f"The file is larger than {max_bytes // (1024 * 1024)} MB. Scan it at a lower resolution."]
    expected = FILE_TYPES.get(PurePosixPath(name).suffix.lower())
    if expected is None:
        return ["Only PDF, JPEG, PNG and TIFF files are taken."]
    if detected != expected:
        return ["The file is not what its name says. Save it again as PDF, JPEG, PNG or TIFF and send that."]
    return []


def safe_title(name: str) -> str:
    """`name` as a title: the last part of a path, no control or direction marks, 200 characters at most."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    visible = "".join(
        char for char in last if unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Co", "Cn"}
    )
    title = " ".join(visible.split()).lstrip(".")
    if len(title) <= 200:
        return title
    suffix = PurePosixPath(title).suffix[:10]
    return title[: 200 - len(suffix)] + suffix
