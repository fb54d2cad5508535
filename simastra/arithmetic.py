"""What operators in expressions of users mean: as in Python, and bounded.

The debugger and sweeps each have a part of Python's expressions, read with `ast`. Neither may take
longer, or more memory, than what is written there deserves.
"""

import ast
import operator
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, TypeAlias

MOST_BITS = 1024
"""Of a whole number."""

_Function: TypeAlias = Callable[..., Any]

_BINARY: Mapping[type[ast.operator], _Function] = MappingProxyType(
    {
        ast.Add: operator.add,
        ast.Sub: operator.sub,
        ast.Mult: operator.mul,
        ast.Div: operator.truediv,
        ast.FloorDiv: operator.floordiv,
        ast.Mod: operator.mod,
        ast.Pow: operator.pow,
    }
)
UNARY: Mapping[type[ast.unaryop], _Function] = MappingProxyType(
    {ast.USub: operator.neg, ast.UAdd: operator.pos, ast.Not: operator.not_}
)
"""Signs, and ``not``."""

COMPARED: Mapping[type[ast.cmpop], _Function] = MappingProxyType(
    {
        ast.Eq: operator.eq,
        ast.NotEq: operator.ne,
        ast.Lt: operator.lt,
        ast.LtE: operator.le,
        ast.Gt: operator.gt,
        ast.GtE: operator.ge,
        ast.In: lambda item, whole: item in whole,
        ast.NotIn: lambda item, whole: item not in whole,
    }
)
"""Comparisons, but for ``is``."""


class TooLargeError(ArithmeticError):
    """A number is, or would be, larger than any that means something."""


def calculates(sign: ast.operator) -> bool:
    """Whether it is one of those that `calculated` knows."""
    return type(sign) in _BINARY


def calculated(sign: ast.operator, left: object, right: object) -> Any:
    """What comes of two numbers.

    Raises:
        TypeError: one isn't a number.
        TooLargeError: what comes of them is too large; the time for it isn't spent.
        ArithmeticError: as Python's own.
    """
    for each in (left, right):
        if not isinstance(each, int | float):
            raise TypeError(f"one calculates with numbers, not with {type(each).__name__}")
    match sign, left, right:
        # No less than 2**(bits - 1) to that power.
        case ast.Pow(), int(), int() if right > 0 and (left.bit_length() - 1) * right > MOST_BITS:
            raise _too_large()
        case _:
            pass
    return bounded(_BINARY[type(sign)](left, right))


def bounded(value: Any) -> Any:
    """A value as it is.

    Raises:
        TooLargeError: it is a whole number of more bits than `MOST_BITS`.
    """
    if isinstance(value, int) and value.bit_length() > MOST_BITS:
        raise _too_large()
    return value


def _too_large() -> TooLargeError:
    return TooLargeError(f"a number gets larger than 2**{MOST_BITS}")
