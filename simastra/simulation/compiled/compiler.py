"""How the loop is compiled: by numba, without Python's lock, and kept for the next process.

numba keeps what it has compiled beside this file (`__pycache__`), or, where that can't be written,
in the user's cache directory (``~/.cache/numba``), or in ``NUMBA_CACHE_DIR`` if that is set.
"""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from inspect import signature
from pathlib import Path
from typing import Any, TypeVar

from numba import njit, types

Function = TypeVar("Function", bound=Callable[..., object])

_SETTINGS: dict[str, Any] = {"nogil": True, "error_model": "numpy"}


def compiled(function: Function) -> Function:
    """A function of the loop, for arguments of 8 bytes.

    Fields have 4 bytes or 8, and numba would compile a function for each mixture that it is called
    with, which takes minutes.
    """
    made: Any = njit(**_SETTINGS)(function)
    wide = (types.int64,) * len(signature(function).parameters)
    ask = made.get_call_template

    def one_for_all(args: tuple[Any, ...], kws: dict[str, Any]) -> tuple[Any, ...]:
        template, pysig, _, _ = ask(wide, {})
        return template, pysig, args, kws

    made.get_call_template = one_for_all
    kept: Function = made
    return kept


def kept(make: Callable[[str], Function]) -> Function:
    """The loop itself, which is kept for as long as this package's sources stay as they are.

    Args:
        make: makes it, of a digest of the sources: numba looks at one file alone, but also at what
            a function knows from around it.
    """
    sources = sorted(Path(__file__).parent.glob("*.py"))
    digest = sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()
    function = make(digest)
    try:
        made: Function = njit(cache=True, **_SETTINGS)(function)
    except RuntimeError:  # there is no place to keep it
        made = njit(**_SETTINGS)(function)
    return made
