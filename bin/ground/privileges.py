"""PostgreSQL refuses to run as root, so root's servers run as nobody, in places where nobody may go."""

import hashlib
import os
import pwd
import shutil
from pathlib import Path

from ground.say import Refusal, say

PUBLIC_PLACE = Path("/var/lib/rmcrm")
LONGEST_SOCKET = 107  # bytes, by the kernel


def servers_user() -> pwd.struct_passwd | None:
    return pwd.getpwnam("nobody") if os.getuid() == 0 else None


def can_reach(user: pwd.struct_passwd, path: Path) -> bool:
    """Asked by a child that has become that user: no rule of ours could know every mount and every ACL."""
    child = os.fork()
    if child == 0:
        try:
            os.setgroups([])
            os.setgid(user.pw_gid)
            os.setuid(user.pw_uid)
            os._exit(0 if os.access(path, os.R_OK | os.X_OK if path.is_file() else os.X_OK) else 1)
        except OSError:
            os._exit(1)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def place_for_data(home: Path, user: pwd.struct_passwd | None, public: Path = PUBLIC_PLACE) -> Path:
    """The home itself, or for root's servers below a closed home a public place that the home remembers."""
    note = home / "servers-live-in"
    if note.exists():
        return Path(note.read_text(encoding="utf-8").strip())
    if user is None or can_reach(user, home):
        return home
    name = hashlib.sha256(os.fsencode(home)).hexdigest()[:12]
    place, number = public / name, 1
    while place.exists():  # of an earlier home at this path, which was removed: not ours to delete
        say(f"  note: {place} holds the data of an earlier {home}; remove it if you do not need it")
        number += 1
        place = public / f"{name}-{number}"
    make_public(public)
    place.mkdir(mode=0o711)
    place.chmod(0o711)
    note.write_text(f"{place}\n", encoding="utf-8")
    return place


def make_public(folder: Path) -> None:
    """Ours alone to write, everybody's to pass through; the folders above stay as they are."""
    folder.mkdir(parents=True, exist_ok=True)
    if folder.stat().st_uid != os.getuid():
        raise Refusal(f"{folder} belongs to another user: remove it, or have it given to root.")
    folder.chmod(0o711)


def reachable_copy(
    programs: Path, probe: Path, user: pwd.struct_passwd | None, public: Path = PUBLIC_PLACE
) -> Path:
    """The folder of programs itself, or a copy where the servers' user can run them."""
    if user is None or can_reach(user, probe):
        return programs
    copy = public / f"programs-{hashlib.sha256(os.fsencode(programs)).hexdigest()[:12]}"
    stamp = programs / "complete"
    if copy.exists() and (copy / "complete").read_text(encoding="utf-8") == stamp.read_text(encoding="utf-8"):
        return copy
    make_public(public)
    new = copy.with_name(f"{copy.name}.new-{os.getpid()}")
    shutil.copytree(programs, new, symlinks=True)
    for folder, _, files in os.walk(new):
        os.chmod(folder, 0o755)
        for file in files:
            path = Path(folder, file)
            path.chmod(0o755 if path.stat().st_mode & 0o100 else 0o644)
    shutil.rmtree(copy, ignore_errors=True)
    new.rename(copy)
    return copy


def own_folder(folder: Path, user: pwd.struct_passwd | None) -> Path:
    """A folder for the servers' user alone."""
    folder.mkdir(mode=0o700, exist_ok=True)
    facts = folder.lstat()
    wanted = user.pw_uid if user else os.getuid()
    if folder.is_symlink() or facts.st_uid not in (wanted, os.getuid()):
        raise Refusal(f"{folder} belongs to another user: remove it, and start again.")
    if facts.st_uid != wanted and user:
        os.chown(folder, user.pw_uid, user.pw_gid)
    folder.chmod(0o700)
    return folder


def socket_folder(place: Path, user: pwd.struct_passwd | None) -> Path:
    """Beside the data, or in /tmp where the path would be too long for a socket."""
    near = place / "socket"
    if len(os.fsencode(near / ".s.PGSQL.5432")) <= LONGEST_SOCKET:
        return own_folder(near, user)
    name = hashlib.sha256(os.fsencode(place)).hexdigest()[:12]
    return own_folder(Path("/tmp") / f"rmcrm-{name}", user)
