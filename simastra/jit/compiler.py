"""How a function is compiled: by numba, without Python's lock, and kept for the next process."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from os import utime
from pathlib import Path
from typing import Any, Final

from numba import config, njit

from .installed import OFF

_numba: Any = config  # what it reads from the environment, its types don't know
if _numba.DISABLE_JIT:
    raise ImportError(f"it is told to compile nothing ({OFF})")

SETTINGS: Final[dict[str, Any]] = {"nogil": True, "error_model": "numpy"}


def digest(module: str) -> str:
    """What the sources beside a module say: numba looks at one file alone, but also at what a
    function knows from around it.

    Args:
        module: its ``__file__``.
    """
    sources = sorted((*Path(module).parent.glob("*.py"), Path(__file__)))
    return sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()


def loaded(
    function: Callable[..., object], signature: tuple[object, ...], **settings: object
) -> Any:
    """A function compiled for such arguments, of what is kept if there is something.

    Args:
        function: what is compiled.
        signature: numba's types of its arguments.
        settings: further ones of numba's.
    """
    chosen: dict[str, Any] = SETTINGS | settings
    try:
        made: Any = njit(cache=True, **chosen)(function)
        try:
            made.compile(signature)
        except Exception:  # a file that is damaged fails as anything whatever
            made.recompile()  # forgets what is kept
            made.compile(signature)
        _make_young(Path(made._cache.cache_path))
    except Exception:  # there is no place to keep it, or none is left in it
        made = njit(**chosen)(function)
        made.compile(signature)
    return made


def _make_young(folder: Path) -> None:
    """Have `installed` see that what is kept is made from these sources.

    numba goes by what they say, and leaves it as old as it is where they were written anew with the
    same text, by a checkout for instance.
    """
    for path in folder.glob("*.nbi"):
        utime(path)
