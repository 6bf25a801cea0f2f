"""Where the heads of the chains are kept outside the database, so that its administrator cannot rewrite
them."""

import errno
import json
import os
import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

SYSLOG_PRIORITY = 13 * 8 + 5  # facility "log audit", severity notice (RFC 5424)
TIMEOUT = 1  # seconds; an anchor that does not answer must not hold up the sealing


@dataclass
class FileAnchor:
    """A file that only grows: on another disk, a mounted share, or read away by a log shipper."""

    name: str
    path: Path

    def write(self, lines: list[str]) -> None:
        """Append and wait for the disk. The newest file alone is open to its owner only."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT
        text = "".join(f"{line}\n" for line in lines)
        with os.fdopen(os.open(self.path, flags, 0o640), "ab", buffering=0) as out:
            size = out.seek(0, os.SEEK_END)
            try:
                data = ("\n" * self._is_torn(size) + text).encode()
                if out.write(data) != len(data):
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
                os.fsync(out.fileno())
            except OSError:
                with suppress(
                    OSError
                ):  # a file that can only grow keeps half a line; the next begins its own
                    out.truncate(size)
                raise

    def _is_torn(self, size: int) -> bool:
        """Does it end in the middle of a line?"""
        if not size:
            return False
        with self.path.open("rb") as file:
            file.seek(size - 1)
            return file.read(1) != b"\n"

    def lines(self) -> Iterator[str] | None:
        """What it holds; None where this process cannot read it."""
        try:
            file = self.path.open(encoding="utf-8", errors="replace")
        except FileNotFoundError:
            return iter(())
        except OSError:
            return None
        return _closing(file)


def _closing(file: Any) -> Iterator[str]:
    with file:
        yield from file


@dataclass
class SyslogAnchor:
    """A syslog daemon: `syslog:/dev/log`, or another host's by TCP or UDP. It can be written to, never read
    here."""

    name: str
    place: str

    def write(self, lines: list[str]) -> None:
        url = urlsplit(self.place)
        if url.scheme in ("tcp", "udp"):
            kind = socket.SOCK_STREAM if url.scheme == "tcp" else socket.SOCK_DGRAM
            family, address = socket.AF_INET, (url.hostname or "", url.port or 514)
        else:
            family, kind, address = socket.AF_UNIX, socket.SOCK_DGRAM, self.place  # type: ignore[assignment]
        with socket.socket(family, kind) as out:
            out.settimeout(TIMEOUT)
            out.connect(address)
            for line in lines:
                stamp = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
                text = f"<{SYSLOG_PRIORITY}>1 {stamp} {socket.gethostname()} rmcrm-seal - - - {line}"
                # RFC 6587 octet counting on a stream, one datagram a line otherwise.
                data = text.encode()
                out.sendall(b"%d %s" % (len(data), data) if url.scheme == "tcp" else data)

    def lines(self) -> None:
        return None


AnyAnchor = FileAnchor | SyslogAnchor


def anchors_of(setting: str) -> list[AnyAnchor]:
    """RMCRM_ANCHORS: `file:/path` and `syslog:/dev/log` or `syslog:tcp://host:port`, by comma."""
    found: list[AnyAnchor] = []
    for each in (each.strip() for each in setting.split(",")):
        kind, _colon, place = each.partition(":")
        if kind == "file" and place:
            found.append(FileAnchor(each, Path(place)))
        elif kind == "syslog" and place:
            found.append(SyslogAnchor(each, place))
        elif each:
            raise ValueError(f"RMCRM_ANCHORS has {each!r}: write file:/path or syslog:/dev/log.")
    return found


def as_line(record: dict[str, Any]) -> str:
    return json.dumps(record, separators=(",", ":"))
