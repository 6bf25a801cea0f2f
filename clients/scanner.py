"""The virus scanner: clamd asked over its socket (INSTREAM), so that it needs no access to our files.

Set RMCRM_CLAMD to tcp://host:3310 or unix:///run/clamav/clamd.ctl. Set, and without an
answer, nothing is taken: fail closed.
"""

import logging
import socket
import struct
import time
from typing import BinaryIO
from urllib.parse import urlsplit

SECONDS = 30  # for the whole of one file
CHUNK = 64 * 1024
LONGEST_ANSWER = 4096
log = logging.getLogger("rmcrm.scanner")


class ScannerAway(Exception):
    """It did not answer, or not with a verdict."""


def refusals_of_scanner(content: BinaryIO, address: str) -> list[str]:
    """[] when the scanner finds nothing, or none is set up (`address` is "")."""
    if not address:
        return []
    try:
        found = scan(content, address)
    except (OSError, ScannerAway, ValueError) as error:  # ValueError: an address that is none
        log.error("the virus scanner gives no verdict: %s", error)
        return ["The virus scanner does not answer, so nothing is taken now: try again in a few minutes."]
    if found:
        log.warning("the virus scanner found %s", found)
        return [f"The virus scanner found {found} in this file: it is not taken. Tell your security desk."]
    return []


def scan(content: BinaryIO, address: str, seconds: float = SECONDS) -> str:
    """The name of what was found, "" for nothing. ScannerAway or OSError when there is no verdict."""
    until = time.monotonic() + seconds
    with _connected(address, until) as to:
        try:
            to.sendall(b"zINSTREAM\0")
            content.seek(0)
            while chunk := content.read(CHUNK):
                _be_in_time(to, until)
                to.sendall(struct.pack(">I", len(chunk)) + chunk)
            to.sendall(struct.pack(">I", 0))
        except (BrokenPipeError, ConnectionResetError):
            pass  # it had enough, of its limit for one; its last word says why
        finally:
            content.seek(0)
        answer = b""
        while b"\0" not in answer and len(answer) < LONGEST_ANSWER:
            _be_in_time(to, until)
            if not (more := to.recv(LONGEST_ANSWER)):
                break
            answer += more
    return _verdict(answer.rstrip(b"\0\n").decode("ascii", "replace"))


def _verdict(answer: str) -> str:
    if answer == "stream: OK":
        return ""
    if answer.startswith("stream: ") and answer.endswith(" FOUND"):
        name = answer.removeprefix("stream: ").removesuffix(" FOUND")
        return "".join(sign for sign in name if sign.isalnum() or sign in ".-_/:")[:100] or "something"
    raise ScannerAway(answer[:100] or "it closed the line without an answer")


def _connected(address: str, until: float) -> socket.socket:
    parts = urlsplit(address if "://" in address else f"unix://{address}")
    left = max(until - time.monotonic(), 0.1)
    if parts.scheme == "tcp" and parts.hostname:
        return socket.create_connection((parts.hostname, parts.port or 3310), timeout=left)
    if parts.scheme == "unix" and parts.path:
        to = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        to.settimeout(left)
        try:
            to.connect(parts.path)
        except OSError:
            to.close()
            raise
        return to
    raise ScannerAway("RMCRM_CLAMD is neither tcp://host:port nor unix:///path")


def _be_in_time(to: socket.socket, until: float) -> None:
    left = until - time.monotonic()
    if left <= 0:
        raise ScannerAway("it took too long")
    to.settimeout(left)
