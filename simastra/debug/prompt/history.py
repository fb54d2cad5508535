"""Where the lines of former sessions are kept."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from simastra.writing import WriteError, write_file

HISTORY_LINES = 1000
"""So many are kept."""


def history_path() -> Path:
    """Where the XDG base directory specification wants it."""
    state = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    return Path(state) / "simastra" / "debug_history"


def read_history() -> list[str]:
    """The lines of former sessions, the latest last; none where they can't be read."""
    try:
        return history_path().read_text("utf-8", "replace").splitlines()[-HISTORY_LINES:]
    except OSError:
        return []


def add_to_history(line: str) -> None:
    """Add a line; a home that can't be written costs the history, nothing else."""
    lines = [*read_history(), line.replace("\n", " ")]
    path = history_path()
    with suppress(OSError, WriteError):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_file(path, "\n".join([*lines[-HISTORY_LINES:], ""]).encode())
