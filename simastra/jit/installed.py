"""Whether numba is there, and what it has kept; nothing of it is loaded here."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from importlib.util import find_spec
from itertools import chain
from os import environ
from pathlib import Path

OFF = "NUMBA_DISABLE_JIT"
"""Where this is set in the environment, numba is told to compile nothing."""


def is_installed() -> bool:
    """Whether numba is there (the extra ``fast``)."""
    return find_spec("numba") is not None


def is_off() -> bool:
    """Whether numba is told to compile nothing."""
    return environ.get(OFF, "0") != "0"


def is_kept(module: Path, function: str) -> bool:
    """Whether numba has kept a function, for this Python, since what it is made from has changed.

    What numba looks at itself is known only once numba is loaded.

    Args:
        module: the file that it is in; it may be made from all those beside it.
        function: its qualified name, without what isn't part of a file's name.
    """
    here = module.parent
    python = f"py{sys.version_info.major}{sys.version_info.minor}"
    pattern = f"{module.stem}.{function}-*.{python}.nbi"
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
