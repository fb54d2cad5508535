"""Whether the compiled loop can be had, and is worth loading; nothing of it is loaded here."""

from __future__ import annotations

import sys
from importlib.util import find_spec
from os import environ
from pathlib import Path

LOADING = 120_000
"""So many events, as `event_count` has them, take as long event by event as it takes to load numba
and the loop, some 0.4 s of processor time."""

COMPILING = 3_000_000
"""So many take as long as it takes to compile the loop, which is done once: some 10 s."""


def is_installed() -> bool:
    """Whether numba is there (the extra ``fast``)."""
    return "numba" in sys.modules or find_spec("numba") is not None


def is_worth(events: int) -> bool:
    """Whether so many events are worth it.

    Args:
        events: as `event_count` has them.
    """
    return is_installed() and events > (LOADING if _is_kept() else COMPILING)


def _is_kept() -> bool:
    """Whether the loop is compiled, for this Python at least, where numba keeps it by default."""
    python = f"py{sys.version_info.major}{sys.version_info.minor}"
    pattern = f"loop._play.locals.play-*.{python}.nbi"
    if chosen := environ.get("NUMBA_CACHE_DIR"):
        return any(Path(chosen).glob(f"*/{pattern}"))
    beside = Path(__file__).parent / "__pycache__"
    return any(beside.glob(pattern)) or any(_users_place().glob(f"*/{pattern}"))


def _users_place() -> Path:
    """Where numba keeps what it can't keep beside the source."""
    if sys.platform == "darwin":
        return Path.home() / "Library/Caches/numba"
    return Path(environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "numba"
