"""How the loop is compiled: by numba, without Python's lock."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from numba import types

from simastra.jit.emitting import lean

Function = TypeVar("Function", bound=Callable[..., object])


def compiled(function: Function) -> Function:
    """A function of the loop, for whole numbers of 8 bytes, and any kinds of records.

    Fields have 4 bytes or 8, and numba would compile a function for each mixture that it is called
    with, which takes minutes.
    """
    made: Any = lean(function)
    ask = made.get_call_template

    def one_for_all(args: tuple[Any, ...], kws: dict[str, Any]) -> tuple[Any, ...]:
        template, pysig, _, _ = ask(tuple(map(_wide, args)), {})
        return template, pysig, args, kws

    made.get_call_template = one_for_all
    kept: Function = made
    return kept


def _wide(argument: Any) -> Any:
    return types.int64 if isinstance(argument, types.Integer | types.Boolean) else argument
