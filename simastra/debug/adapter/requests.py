"""All requests that are answered, and what a client is told of that.

To add one: a `Handler` in one of the files, in its table. Its capabilities are told by that.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .arguments import InitializeArguments
from .breakpoint_requests import BREAKPOINTS
from .evaluation_requests import EVALUATIONS
from .framing import JsonObject
from .handler import Handler, Needs
from .lifecycle import FILTERS, LIFECYCLE, initialize
from .look_requests import LOOKS
from .move_requests import MOVES

_OTHERS: Mapping[str, Handler[Any]] = {
    **LIFECYCLE,
    **MOVES,
    **BREAKPOINTS,
    **LOOKS,
    **EVALUATIONS,
}

CAPABILITIES: JsonObject = {
    **{name: True for handler in _OTHERS.values() for name in handler.capabilities},
    "exceptionBreakpointFilters": FILTERS,
    "completionTriggerCharacters": [".", " ", "("],
}
"""What a client is told that it can ask."""

REQUESTS: Mapping[str, Handler[Any]] = {
    "initialize": Handler(
        InitializeArguments, lambda asked: initialize(asked, CAPABILITIES), Needs.NOTHING
    ),
    **_OTHERS,
}
"""By their names."""
