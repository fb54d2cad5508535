"""Whether the compiled loop can be had, and is worth loading; nothing of it is loaded here."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import chain
from os import environ
from pathlib import Path

LOADING = 120_000
"""So many links crossed, as `choice` counts them, take as long event by event as it takes to load
numba and the loop, some 0.4 s of processor time."""

COMPILING = 3_000_000
"""So many take as long as it takes to compile the loop, which is done once: some 15 s."""

_OFF = "NUMBA_DISABLE_JIT"


@dataclass
class Compilation:
    """What a person who waits for the loop wants to know.

    Attributes:
        is_under_way: whether it is being compiled just now.
        is_done: whether this process has compiled it, rather than loaded what was kept.
    """

    is_under_way: bool = False
    is_done: bool = False

    @contextmanager
    def going_on(self) -> Iterator[None]:
        """Meanwhile it is compiled, unless it is kept."""
        self.is_under_way = not is_kept()
        try:
            yield
        finally:
            self.is_done = self.is_done or self.is_under_way
            self.is_under_way = False


COMPILATION = Compilation()
"""Of this process."""


def is_installed() -> bool:
    """Whether numba is there (the extra ``fast``)."""
    return find_spec("numba") is not None


def is_worth(events: int) -> bool:
    """Whether so many events are worth it.

    Args:
        events: links crossed, as `choice` counts them.
    """
    return events > LOADING and not what_is_missing(events)


def what_is_missing(events: int | None = None) -> str:
    """What keeps so many events, enough to load the loop for, out of it; nothing if it is empty.

    Args:
        events: as of `is_worth`; None if it doesn't matter how many there are.
    """
    if not is_installed():
        return "it needs numba (pip install 'simastra[fast]')"
    if events is None:
        return ""
    if environ.get(_OFF, "0") != "0":
        return f"{_OFF} is set"
    if events > COMPILING or is_kept():
        return ""
    return (
        "it would have to be compiled, once, in some 15 s, which pays from some "
        f"{COMPILING:,} messages on, or a third as many nodes (shortcuts 'always' does it)"
    )


def is_kept() -> bool:
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
