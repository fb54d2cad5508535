"""How the loop is compiled: by numba, without Python's lock, and kept for the next process.

numba keeps what it has compiled beside this file (`__pycache__`), or, where that can't be written,
in the user's cache directory (``~/.cache/numba``), or in ``NUMBA_CACHE_DIR`` if that is set.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from hashlib import sha256
from os import utime
from pathlib import Path
from typing import Any, TypeVar

from numba import config, njit, types

from .installed import COMPILATION

_numba: Any = config  # what it reads from the environment, its types don't know
if _numba.DISABLE_JIT:
    raise ImportError("it is told to compile nothing (NUMBA_DISABLE_JIT)")

Function = TypeVar("Function", bound=Callable[..., object])

_ADDRESS = (types.int64,)
_SETTINGS: dict[str, Any] = {"nogil": True, "error_model": "numpy"}
_INSIDE: dict[str, Any] = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}
"""Of functions that Python never calls: to compile them takes a sixth less."""


def compiled(function: Function) -> Function:
    """A function of the loop, for whole numbers of 8 bytes, and any kinds of records.

    Fields have 4 bytes or 8, and numba would compile a function for each mixture that it is called
    with, which takes minutes.
    """
    made: Any = njit(**_SETTINGS, **_INSIDE)(function)
    ask = made.get_call_template

    def one_for_all(args: tuple[Any, ...], kws: dict[str, Any]) -> tuple[Any, ...]:
        template, pysig, _, _ = ask(tuple(map(_wide, args)), {})
        return template, pysig, args, kws

    made.get_call_template = one_for_all
    kept: Function = made
    return kept


def _wide(argument: Any) -> Any:
    return types.int64 if isinstance(argument, types.Integer | types.Boolean) else argument


def kept(make: Callable[[str], Function]) -> Function:
    """The loop itself, which is kept for as long as this package's sources stay as they are.

    It is loaded, or compiled, once it is called.

    Args:
        make: makes it, of a digest of the sources: numba looks at one file alone, but also at what
            a function knows from around it.
    """

    @cache
    def loaded() -> Any:
        sources = sorted(Path(__file__).parent.glob("*.py"))
        made = make(sha256(b"".join(path.read_bytes() for path in sources)).hexdigest())
        with COMPILATION.going_on():
            return _loaded(made)

    def call(address: int) -> Any:
        return loaded()(address)

    made: Any = call
    function: Function = made
    return function


def _loaded(function: Callable[..., object]) -> Any:
    """Compiled, of what is kept if there is something."""
    try:
        made: Any = njit(cache=True, **_SETTINGS)(function)
        try:
            made.compile(_ADDRESS)
        except Exception:  # a file that is damaged fails as anything whatever
            made.recompile()  # forgets what is kept
            made.compile(_ADDRESS)
        _make_young(Path(made._cache.cache_path))
    except Exception:  # there is no place to keep it, or none is left in it
        made = njit(**_SETTINGS)(function)
        made.compile(_ADDRESS)
    return made


def _make_young(folder: Path) -> None:
    """Have `installed` see that what is kept is made from these sources.

    numba goes by what they say, and leaves it as old as it is where they were written anew with the
    same text, by a checkout for instance.
    """
    for path in folder.glob("*.nbi"):
        utime(path)
