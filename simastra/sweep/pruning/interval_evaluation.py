"""Interval evaluation of expressions: some names are known only as intervals."""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Mapping
from functools import partial
from itertools import pairwise
from typing import Any, TypeAlias

from simastra.arithmetic import COMPARED
from simastra.sweep.study.expressions import name_in

from . import interval_arithmetic as intervals
from .interval_arithmetic import ANYTHING, EITHER, ValueInterval, exactly

Operand: TypeAlias = object
"""An `ValueInterval` of numbers; or a text or a list, which are known."""

Lookup: TypeAlias = Callable[[str], Operand]
"""What a name may be."""

_BINARY: Mapping[type[ast.AST], Callable[[ValueInterval, ValueInterval], ValueInterval]] = {
    ast.Add: intervals.added,
    ast.Sub: intervals.subtracted,
    ast.Mult: intervals.multiplied,
    ast.Div: intervals.divided,
    ast.FloorDiv: intervals.floor_divided,
    ast.Mod: intervals.remainder,
    ast.Pow: intervals.raised,
}

_UNARY: Mapping[type[ast.AST], Callable[[ValueInterval], ValueInterval]] = {
    ast.USub: intervals.negated,
    ast.UAdd: lambda one: one,
    ast.Not: intervals.inverted,
}

_COMPARED: Mapping[type[ast.AST], Callable[[ValueInterval, ValueInterval], ValueInterval]] = {
    ast.Lt: intervals.less,
    ast.Gt: lambda one, other: intervals.less(other, one),
    ast.LtE: lambda one, other: intervals.inverted(intervals.less(other, one)),
    ast.GtE: lambda one, other: intervals.inverted(intervals.less(one, other)),
    ast.Eq: intervals.equal,
    ast.NotEq: lambda one, other: intervals.inverted(intervals.equal(one, other)),
}

_OF_KNOWN = {ast.Eq, ast.NotEq, ast.In, ast.NotIn}
"""Comparisons that texts and lists have, too."""

_RISING: Mapping[str, Callable[[float], float]] = {
    "ceil": math.ceil,
    "floor": math.floor,
    "round": round,
}


def evaluated(tree: ast.expr, lookup: Lookup) -> ValueInterval:
    """What an expression may come to; anything, where it can't be said.

    Args:
        tree: of an `Expression`.
        lookup: of its names.
    """
    try:
        return _interval(_evaluated(tree, lookup))
    except (ArithmeticError, ValueError, TypeError, RecursionError):
        return ANYTHING


def operand(value: object) -> Operand:
    """What is known, as `Operand` has it."""
    return exactly(value) if isinstance(value, int | float) else value


def _interval(value: Operand) -> ValueInterval:
    return value if isinstance(value, ValueInterval) else ANYTHING


_Inner: TypeAlias = Callable[[ast.expr], Operand]


def _evaluated(node: ast.expr, lookup: Lookup) -> Operand:
    of_kind = _OF_KIND.get(type(node))
    if of_kind is None:
        return lookup(name_in(node))
    return of_kind(node, partial(_evaluated, lookup=lookup))


def _binary(node: ast.BinOp, inner: _Inner) -> ValueInterval:
    return _BINARY[type(node.op)](_interval(inner(node.left)), _interval(inner(node.right)))


def _chain(node: ast.Compare, inner: _Inner) -> ValueInterval:
    operands = [inner(it) for it in (node.left, *node.comparators)]
    found = [_compared(op, *pair) for op, pair in zip(node.ops, pairwise(operands), strict=True)]
    return intervals.smallest(found)


def _compared(comparison: ast.cmpop, one: Operand, other: Operand) -> ValueInterval:
    of_intervals = _COMPARED.get(type(comparison))
    if (
        of_intervals is not None
        and isinstance(one, ValueInterval)
        and isinstance(other, ValueInterval)
    ):
        return of_intervals(one, other)
    if type(comparison) not in _OF_KNOWN:
        return EITHER
    sides = (_known(one), _known(other))
    return EITHER if None in sides else exactly(COMPARED[type(comparison)](*sides))


def _known(value: Operand) -> object:
    """The value itself; None where it isn't known."""
    match value:
        case ValueInterval(low=low, high=high):
            return low if low == high else None
        case list():
            parts = [_known(it) for it in value]
            return None if None in parts else parts
        case _:
            return value


def _joined(node: ast.BoolOp, inner: _Inner) -> Operand:
    """Python's ``and`` and ``or`` come to the last part that they look at."""
    decides = isinstance(node.op, ast.Or)
    *parts, last = node.values
    possible: list[ValueInterval] = []
    for part in parts:
        value = _interval(inner(part))
        if value.is_true is decides:
            return intervals.hull(*possible, value)
        if value.is_true is None:
            possible.append(value)
    return intervals.hull(*possible, _interval(inner(last))) if possible else inner(last)


def _either(node: ast.IfExp, inner: _Inner) -> Operand:
    test = _interval(inner(node.test)).is_true
    if test is None:
        return intervals.hull(_interval(inner(node.body)), _interval(inner(node.orelse)))
    return inner(node.body if test else node.orelse)


def _called(node: ast.Call, inner: _Inner) -> ValueInterval:
    arguments = [inner(it) for it in node.args]
    name = node.func.id if isinstance(node.func, ast.Name) else ""
    if name in ("max", "min"):
        (first,) = arguments if len(arguments) == 1 else (arguments,)
        chosen = intervals.largest if name == "max" else intervals.smallest
        return chosen(map(_interval, first)) if isinstance(first, list) else ANYTHING
    first, *rest = arguments
    if name in _RISING:
        digits = [_known(it) for it in rest]
        return (
            ANYTHING
            if None in digits
            else intervals.rising(lambda number: _RISING[name](number, *digits), _interval(first))
        )
    return (
        intervals.absolute(_interval(first))
        if name == "abs"
        else intervals.logarithm(_interval(first))
    )


_OF_KIND: Mapping[type[ast.expr], Callable[[Any, _Inner], Operand]] = {
    ast.BinOp: _binary,
    ast.BoolOp: _joined,
    ast.Call: _called,
    ast.Compare: _chain,
    ast.Constant: lambda node, _: operand(node.value),
    ast.IfExp: _either,
    ast.List: lambda node, inner: [inner(it) for it in node.elts],
    ast.Tuple: lambda node, inner: [inner(it) for it in node.elts],
    ast.UnaryOp: lambda node, inner: _UNARY[type(node.op)](_interval(inner(node.operand))),
}
"""What an expression of each kind may come to; all others are names."""
