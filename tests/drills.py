"""What takes longer than a test may: with RMCRM_DRILLS=1, or all of it by name with `bin/drill proofs`."""

import os

import pytest

DRILL = os.environ.get("RMCRM_DRILLS") == "1"
drill = pytest.mark.skipif(not DRILL, reason="a drill: bin/drill proofs")


def tell(row: str, **figures: object) -> None:
    """The figures of a row of the test plan, on a line of their own."""
    print(f"\n{row}: " + ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in figures.items()))
