"""Goes on with a Python that fits, or says which one to install; an old Python can read this file."""

import os
import subprocess
import sys

OLDEST = (3, 11)
NEWEST = (3, 13)
TRIED = "RMCRM_PYTHON_TRIED"


def fits(version):
    return OLDEST <= tuple(version[:2]) <= NEWEST


def works(name):
    """A name on PATH may be a stub of a version manager that cannot start: only trying tells."""
    try:
        with open(os.devnull, "w") as nowhere:
            return subprocess.call([name, "-c", "import venv"], stdout=nowhere, stderr=nowhere) == 0
    except OSError:
        return False


def ensure(command):
    if fits(sys.version_info):
        os.environ.pop(TRIED, None)
        return
    if TRIED not in os.environ:
        os.environ[TRIED] = "1"
        for name in ("python3.13", "python3.12", "python3.11"):
            if works(name):
                os.execvp(name, [name] + sys.argv)  # noqa: RUF005 - an old Python reads this
    found = ".".join(str(number) for number in sys.version_info[:3])
    sys.stderr.write(
        command
        + ": RM CRM needs Python 3.11, 3.12 or 3.13 and found "
        + found
        + ": install one of these (Debian: apt-get install python3 python3-venv) and put it on PATH.\n"
    )
    sys.exit(1)
