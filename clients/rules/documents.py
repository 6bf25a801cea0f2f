"""What a paper on a client file must be. Pure: no Django."""

import unicodedata
from datetime import date
from pathlib import PurePosixPath

from clients.rules.owners import Wrong

# What the bank takes: paper, scanned. Nothing that a browser or an office program would run.
FILE_TYPES = {
    ".pdf": "application/pdf",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".tif": "image/tiff",
    ".tiff": "image/tiff",
}


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


def wrongs_of_dates(issued_on: date | None, expires_on: date | None, today: date) -> list[Wrong]:
    """The two days that stand on a paper, as far as it has them."""
    if issued_on is None:
        return []
    if issued_on > today:
        return [Wrong("issued_on", "The day of issue is in the future.")]
    if expires_on is not None and expires_on < issued_on:
        return [Wrong("expires_on", "This paper would end before it was issued.")]
    return []


MEGABYTE = 1024 * 1024


def refusals_to_send_another(
    files: int, sent: int, size: int, files_a_day: int, megabytes_a_day: int
) -> list[str]:
    """After `files` papers of `sent` bytes today: one of `size` more? OWASP ASVS 5.0 V5.2.4."""
    after = "Send the rest tomorrow, or ask compliance, which sets the figure."
    if files >= files_a_day:
        return [f"You have sent {files} papers today, and the bank takes {files_a_day} a day. {after}"]
    if sent + size > megabytes_a_day * MEGABYTE:
        return [f"With this paper you would have sent more than {megabytes_a_day} MB today. {after}"]
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
