"""Whether the compiled loop can be had, and is worth loading; nothing of it is loaded here."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from importlib.util import find_spec
from itertools import chain
from os import environ
from pathlib import Path

LOADING = 120_000
"""So many events, as `event_count` has them, take as long event by event as it takes to load numba
and the loop, some 0.4 s of processor time."""

COMPILING = 3_000_000
"""So many take as long as it takes to compile the loop, which is done once: some 10 s."""

_OFF = "NUMBA_DISABLE_JIT"


def is_installed() -> bool:
    """Whether numba is there (the extra ``fast``)."""
    return find_spec("numba") is not None


def is_worth(events: int) -> bool:
    """Whether so many events are worth it.

    Args:
        events: as `event_count` has them.
    """
    if events <= LOADING or environ.get(_OFF, "0") != "0" or not is_installed():
        return False
    return events > COMPILING or _is_kept()


def _is_kept() -> bool:
    """Whether numba has kept the loop, for this Python, since what it is made from has changed.

    What numba looks at itself is known only once numba is loaded.
    """
    python = f"py{sys.version_info.major}{sys.version_info.minor}"
    pattern = f"loop._play.locals.play-*.{python}.nbi"
    here = Path(__file__).parent
    chosen = environ.get("NUMBA_CACHE_DIR")
    beside = () if chosen else (here / "__pycache__").glob(pattern)
    found = chain(beside, (Path(chosen) if chosen else _users_place()).glob(f"*/{pattern}"))
    made_of = (here, *here.glob("*.py"), *map(Path, _numba_folders()))
    changed = max(path.stat().st_mtime for path in made_of)
    return any(path.stat().st_mtime > changed for path in found)


def _numba_folders() -> Iterable[str]:
    spec = find_spec("numba")
    return (spec and spec.submodule_search_locations) or ()


def _users_place() -> Path:
    """Where numba keeps what it can't keep beside the source."""
    if sys.platform == "darwin":
        return Path.home() / "Library/Caches/numba"
    return Path(environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "numba"
