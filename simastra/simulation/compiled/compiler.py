"""How the loop is compiled: each of its functions once, and the whole kept for the next process."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar

from numba import njit, types

from simastra.jit import compiler

from .installed import COMPILATION

Function = TypeVar("Function", bound=Callable[..., object])

_ADDRESS = (types.int64,)
_INSIDE: dict[str, Any] = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}
"""Of functions that Python never calls: to compile them takes a sixth less."""


def compiled(function: Function) -> Function:
    """A function of the loop, for whole numbers of 8 bytes, and any kinds of records.

    Fields have 4 bytes or 8, and numba would compile a function for each mixture that it is called
    with, which takes minutes.
    """
    made: Any = njit(**compiler.SETTINGS, **_INSIDE)(function)
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
        make: makes it, of a digest of the sources.
    """

    @cache
    def loaded() -> Any:
        made = make(compiler.digest(__file__))
        with COMPILATION.going_on():
            return compiler.loaded(made, _ADDRESS)

    def call(address: int) -> Any:
        return loaded()(address)

    made: Any = call
    function: Function = made
    return function
