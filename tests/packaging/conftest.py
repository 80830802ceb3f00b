from __future__ import annotations

import sys
from pathlib import Path

# The build's modules stand beside its scripts; they are no part of the installed program.
sys.path.append(str(Path(__file__).resolve().parents[2] / "packaging"))
