"""bin/ is no package of the application: bin/run puts it on the path, and so do its tests."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "bin"))
