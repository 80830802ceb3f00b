"""What a figure has to be read beside: the machine, and how busy it was."""

from __future__ import annotations

import os
import platform
from typing import Any


def machine(load_at_start: float) -> dict[str, Any]:
    """Python, processors, and the load average (1 min) at the start and now."""
    return {
        "python": platform.python_version(),
        "processors": os.cpu_count(),
        "load_at_start_and_end": [round(load_at_start, 1), round(os.getloadavg()[0], 1)],
    }
