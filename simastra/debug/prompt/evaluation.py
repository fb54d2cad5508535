"""The value of an expression at the prompt, in bounded time and memory.

Nothing is called but the functions that are listed here, attributes are those of frozen data, and
numbers and steps are counted: an expression can't change a simulation, reach what is outside it, or
not end.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Iterable, Iterator, Mapping, Sized
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import TypeAlias

from simastra.arithmetic import COMPARED, UNARY, bounded, calculated
from simastra.debug.command_error import CommandError
from simastra.debug.npu_state import NpuState
from simastra.engine import Envelope, MessageStep, ModelEvent

from .syntax import called

MOST_STEPS = 1_000_000
_MOST_DIGITS = 300

Function: TypeAlias = Callable[..., object]


def _rounded(number: float, digits: int = 0) -> float:
    if abs(digits) > _MOST_DIGITS:
        raise ValueError(f"round takes at most {_MOST_DIGITS} digits")
    return round(number, digits) if digits else round(number)


def _sum(numbers: Iterable[float]) -> float:
    return sum(numbers)


FUNCTIONS: Mapping[str, Function] = {
    "abs": abs,
    "all": all,
    "any": any,
    "len": len,
    "max": max,
    "min": min,
    "round": _rounded,
    "sorted": sorted,
    "sum": _sum,
}
"""What an expression can call, beside a state's ``npu`` and ``link``."""

_COMPARED: Mapping[type[ast.cmpop], Function] = {
    **COMPARED,
    ast.Is: operator.is_,
    ast.IsNot: operator.is_not,
}


class Evaluation:
    """One evaluation of an expression.

    Args:
        names: what it can name; each is asked for when it is named.
        functions: what it can call.
    """

    def __init__(
        self, names: Mapping[str, Callable[[], object]], functions: Mapping[str, Function]
    ) -> None:
        self._names = names
        self._functions = functions
        self._variables: dict[str, object] = {}
        self._steps = 0

    def value(self, tree: ast.expr) -> object:
        """The value.

        Raises:
            CommandError: if it takes too many steps.
            TooLargeError: if a number gets too large.
            Exception: as Python's own, where the expression fails.
        """
        found = self._found(tree)
        self._count(_weight(found))
        return found

    def _found(self, tree: ast.expr) -> object:
        match tree:
            case ast.Constant(value=value):
                return bounded(value)
            case ast.Name(id=name):
                return self._variables[name] if name in self._variables else self._names[name]()
            case ast.Attribute(value=of, attr=name):
                return self._attribute(of, name)
            case ast.Call():
                return self._call(tree)
            case ast.Subscript(value=of, slice=at):
                return self._item(of, at)
            case _:
                return self._calculate(tree)

    def _calculate(self, tree: ast.expr) -> object:  # noqa: PLR0911  # one for each kind
        match tree:
            case ast.Compare():
                return self._compare(tree)
            case ast.IfExp(test=test, body=body, orelse=other):
                return self.value(body if self.value(test) else other)
            case ast.BoolOp(op=ast.And(), values=values):
                return self._first(values, truth=False)
            case ast.BoolOp(values=values):
                return self._first(values, truth=True)
            case ast.UnaryOp(op=sign, operand=operand):
                return UNARY[type(sign)](self.value(operand))
            case ast.BinOp(left=left, op=sign, right=right):
                return calculated(sign, self.value(left), self.value(right))
            case _:
                return self._collect(tree)

    def _collect(self, tree: ast.expr) -> object:
        match tree:
            case ast.Tuple(elts=items):
                return tuple(map(self.value, items))
            case ast.List(elts=items):
                return list(map(self.value, items))
            case ast.Set(elts=items):
                return set(map(self.value, items))
            case ast.SetComp(elt=item, generators=loops):
                return set(self._loop(item, loops))
            case (
                ast.ListComp(elt=item, generators=loops)
                | ast.GeneratorExp(elt=item, generators=loops)
            ):
                return list(self._loop(item, loops))
            case _:
                raise CommandError(f"{ast.unparse(tree)!r} isn't understood in an expression")

    def _first(self, values: list[ast.expr], *, truth: bool) -> object:
        """The value that settles an ``and`` or ``or``."""
        found: object = None
        for each in values:
            found = self.value(each)
            if bool(found) is truth:
                break
        return found

    def _compare(self, tree: ast.Compare) -> object:
        left = self.value(tree.left)
        found: object = True
        for sign, term in zip(tree.ops, tree.comparators, strict=True):
            right = self.value(term)
            self._count(_weight(left) + _weight(right))
            found = _COMPARED[type(sign)](left, right)
            if not found:
                return found
            left = right
        return found

    def _attribute(self, of: ast.expr, name: str) -> object:
        if isinstance(of, ast.Name) and of.id == "state" and name in self._names:
            return self._names[name]()
        return attribute(self.value(of), name)

    def _item(self, of: ast.expr, at: ast.expr) -> object:
        whole = self.value(of)
        if isinstance(at, ast.Slice):
            ends = (at.lower, at.upper, at.step)
            place: object = slice(*(None if end is None else self.value(end) for end in ends))
        else:
            place = self.value(at)
        return whole[place]  # type: ignore[index]  # what can't be indexed raises TypeError

    def _call(self, tree: ast.Call) -> object:
        values = [self.value(each) for each in tree.args]
        return bounded(self._functions[called(tree)](*values))

    def _loop(self, item: ast.expr, loops: list[ast.comprehension]) -> Iterator[object]:
        if not loops:
            yield self.value(item)
            return
        loop, *inner = loops
        for each in _iterated(self.value(loop.iter)):
            self._count(1)
            self._bind(loop.target, each)
            if all(self.value(test) for test in loop.ifs):
                yield from self._loop(item, inner)

    def _bind(self, target: ast.expr, value: object) -> None:
        if isinstance(target, ast.Name):
            self._variables[target.id] = value
            return
        assert isinstance(target, ast.Tuple)
        for name, each in zip(target.elts, _iterated(value), strict=True):
            self._bind(name, each)

    def _count(self, steps: int) -> None:
        self._steps += steps
        if self._steps > MOST_STEPS:
            raise CommandError(f"it takes more than {MOST_STEPS:,} steps")


def attribute(whole: object, name: str) -> object:
    """A field or property of a piece of data.

    Raises:
        AttributeError: if it is no data, or has none of that name.
    """
    known = attributes(whole)
    if name not in known:
        has = f"; it has {', '.join(known)}" if known else ""
        raise AttributeError(f"{type(whole).__name__} has no attribute {name!r}{has}")
    return getattr(whole, name)


def attributes(whole: object) -> list[str]:
    """The names of a value's fields and properties; none if it is no data."""
    if isinstance(whole, Enum):
        return ["name", "value"]
    return [] if isinstance(whole, type) else fields_of(type(whole))


def fields_of(kind: type) -> list[str]:
    """The names of the fields and properties of a kind of data; none if it is no data."""
    if is_dataclass(kind):
        known = [field.name for field in fields(kind)]
    elif issubclass(kind, ModelEvent | MessageStep | Envelope):
        known = list(kind._fields)
    else:
        return []
    known += [each for each in dir(kind) if isinstance(getattr(kind, each), property)]
    return [each for each in known if not each.startswith("_")]


def _weight(value: object) -> int:
    """About how much it takes to make it or look at all of it."""
    if isinstance(value, NpuState):
        return value.nodes + 1
    return len(value) + 1 if isinstance(value, Sized) else 1


def _iterated(whole: object) -> Iterator[object]:
    if isinstance(whole, str) or not hasattr(whole, "__iter__"):
        raise TypeError(f"{type(whole).__name__} isn't a list")
    return iter(whole)
