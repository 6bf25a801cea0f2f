"""bin/drill NAME …: what the product promises and only a long run can show. `bin/drill NAME --help` says
what; `bin/drill proofs` is of tests (bin/ground/proofs.py)."""

import sys
from collections.abc import Callable

from bench import audit
from bench.screening import drill as screening

DRILLS: dict[str, Callable[[list[str]], int]] = {"audit": audit.main, "screening": screening.main}


def main() -> int:
    name, *arguments = sys.argv[1:] or [""]
    if name not in DRILLS:
        print(f"bin/drill {'|'.join([*DRILLS, 'proofs'])} …", file=sys.stderr)
        return 2
    return DRILLS[name](arguments)


if __name__ == "__main__":
    sys.exit(main())
