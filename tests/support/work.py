"""How much work something is, without a clock."""

import sys
from collections.abc import Callable
from types import FrameType


def calls_in(function: Callable[[], object]) -> int:
    """How many Python functions are called while it runs."""
    calls = 0

    def count(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event == "call"

    sys.setprofile(count)
    try:
        function()
    finally:
        sys.setprofile(None)
    return calls
