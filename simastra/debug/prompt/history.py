"""Where the lines of former sessions are kept."""

from __future__ import annotations

import os
from pathlib import Path

HISTORY_LINES = 1000
"""So many are kept."""


def history_path() -> Path:
    """Where the XDG base directory specification wants it."""
    state = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    return Path(state) / "simastra" / "debug_history"
