"""What an expression may be worth where some names are known only as ranges."""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Mapping
from functools import partial
from itertools import pairwise
from typing import Any, TypeAlias

from simastra.arithmetic import COMPARED
from simastra.sweep.study.expressions import name_in

from . import ranges
from .ranges import ANYTHING, EITHER, Range, exactly

Worth: TypeAlias = object
"""A `Range` of numbers; or a text or a list, which are known."""

Lookup: TypeAlias = Callable[[str], Worth]
"""What a name may be worth."""

_BINARY: Mapping[type[ast.AST], Callable[[Range, Range], Range]] = {
    ast.Add: ranges.added,
    ast.Sub: ranges.subtracted,
    ast.Mult: ranges.multiplied,
    ast.Div: ranges.divided,
    ast.FloorDiv: ranges.floor_divided,
    ast.Mod: ranges.remainder,
    ast.Pow: ranges.raised,
}

_UNARY: Mapping[type[ast.AST], Callable[[Range], Range]] = {
    ast.USub: ranges.negated,
    ast.UAdd: lambda one: one,
    ast.Not: ranges.inverted,
}

_COMPARED: Mapping[type[ast.AST], Callable[[Range, Range], Range]] = {
    ast.Lt: ranges.less,
    ast.Gt: lambda one, other: ranges.less(other, one),
    ast.LtE: lambda one, other: ranges.inverted(ranges.less(other, one)),
    ast.GtE: lambda one, other: ranges.inverted(ranges.less(one, other)),
    ast.Eq: ranges.equal,
    ast.NotEq: lambda one, other: ranges.inverted(ranges.equal(one, other)),
}

_OF_KNOWN = {ast.Eq, ast.NotEq, ast.In, ast.NotIn}
"""Comparisons that texts and lists have, too."""

_RISING: Mapping[str, Callable[[float], float]] = {
    "ceil": math.ceil,
    "floor": math.floor,
    "round": round,
}


def worth(tree: ast.expr, lookup: Lookup) -> Range:
    """What an expression may be worth; anything, where it can't be said.

    Args:
        tree: of an `Expression`.
        lookup: of its names.
    """
    try:
        return _range(_worth(tree, lookup))
    except (ArithmeticError, ValueError, TypeError, RecursionError):
        return ANYTHING


def shown(value: object) -> Worth:
    """What is known, as `Worth` has it."""
    return exactly(value) if isinstance(value, int | float) else value


def _range(value: Worth) -> Range:
    return value if isinstance(value, Range) else ANYTHING


_Inner: TypeAlias = Callable[[ast.expr], Worth]


def _worth(node: ast.expr, lookup: Lookup) -> Worth:
    of_kind = _OF_KIND.get(type(node))
    if of_kind is None:
        return lookup(name_in(node))
    return of_kind(node, partial(_worth, lookup=lookup))


def _binary(node: ast.BinOp, inner: _Inner) -> Range:
    return _BINARY[type(node.op)](_range(inner(node.left)), _range(inner(node.right)))


def _chain(node: ast.Compare, inner: _Inner) -> Range:
    operands = [inner(it) for it in (node.left, *node.comparators)]
    found = [_compared(op, *pair) for op, pair in zip(node.ops, pairwise(operands), strict=True)]
    return ranges.smallest(found)


def _compared(comparison: ast.cmpop, one: Worth, other: Worth) -> Range:
    of_ranges = _COMPARED.get(type(comparison))
    if of_ranges is not None and isinstance(one, Range) and isinstance(other, Range):
        return of_ranges(one, other)
    if type(comparison) not in _OF_KNOWN:
        return EITHER
    sides = (_known(one), _known(other))
    return EITHER if None in sides else exactly(COMPARED[type(comparison)](*sides))


def _known(value: Worth) -> object:
    """The value itself; None where it isn't known."""
    match value:
        case Range(low=low, high=high):
            return low if low == high else None
        case list():
            parts = [_known(it) for it in value]
            return None if None in parts else parts
        case _:
            return value


def _joined(node: ast.BoolOp, inner: _Inner) -> Worth:
    """Python's ``and`` and ``or`` are worth the last part that they look at."""
    decides = isinstance(node.op, ast.Or)
    *parts, last = node.values
    possible: list[Range] = []
    for part in parts:
        value = _range(inner(part))
        if value.is_true is decides:
            return ranges.hull(*possible, value)
        if value.is_true is None:
            possible.append(value)
    return ranges.hull(*possible, _range(inner(last))) if possible else inner(last)


def _either(node: ast.IfExp, inner: _Inner) -> Worth:
    test = _range(inner(node.test)).is_true
    if test is None:
        return ranges.hull(_range(inner(node.body)), _range(inner(node.orelse)))
    return inner(node.body if test else node.orelse)


def _called(node: ast.Call, inner: _Inner) -> Range:
    arguments = [inner(it) for it in node.args]
    name = node.func.id if isinstance(node.func, ast.Name) else ""
    if name in ("max", "min"):
        (first,) = arguments if len(arguments) == 1 else (arguments,)
        chosen = ranges.largest if name == "max" else ranges.smallest
        return chosen(map(_range, first)) if isinstance(first, list) else ANYTHING
    first, *rest = arguments
    if name in _RISING:
        digits = [_known(it) for it in rest]
        return (
            ANYTHING
            if None in digits
            else ranges.rising(lambda number: _RISING[name](number, *digits), _range(first))
        )
    return ranges.absolute(_range(first)) if name == "abs" else ranges.logarithm(_range(first))


_OF_KIND: Mapping[type[ast.expr], Callable[[Any, _Inner], Worth]] = {
    ast.BinOp: _binary,
    ast.BoolOp: _joined,
    ast.Call: _called,
    ast.Compare: _chain,
    ast.Constant: lambda node, _: shown(node.value),
    ast.IfExp: _either,
    ast.List: lambda node, inner: [inner(it) for it in node.elts],
    ast.Tuple: lambda node, inner: [inner(it) for it in node.elts],
    ast.UnaryOp: lambda node, inner: _UNARY[type(node.op)](_range(inner(node.operand))),
}
"""What an expression of each kind may be worth; all others are names."""
