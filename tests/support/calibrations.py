"""A calibration with round numbers, for all tests: tests/calibration/made-up.json.

All-reduce has curves of 2, 4 and 8 NPUs; all-gather, reduce-scatter and all-to-all of 8; broadcast
one of 8 and no base; reduce nothing at all. Nodes have 8 GPUs, and adapters of 50 GB/s for each.
"""

import json
from pathlib import Path
from typing import Any

from simastra.calibration import Calibration

MADE_UP = Path(__file__).parent.parent / "calibration" / "made-up.json"


def made_up() -> Calibration:
    return Calibration.load(MADE_UP)


def made_up_keys() -> dict[str, Any]:
    """The same as its file's keys and values, to be changed."""
    keys: dict[str, Any] = json.loads(MADE_UP.read_text())
    return keys
