"""Expressions over a point: arithmetic and conditions, in Python's notation; nothing else of it.

>>> cost = StudyExpression.parse("npus * 30_000 if tp > 1 else max(npus, 8)")
>>> sorted(cost.names), cost.value({"npus": 16, "tp": 2}.__getitem__)
(['npus', 'tp'], 480000)

There are numbers, texts, comparisons, ``and``, ``or``, ``not``, ``in``, ``if``, lists, functions.
An expression is bounded: in its length, its depth, and the sizes of the numbers that come of it.
"""

import ast
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import singledispatch
from types import MappingProxyType
from typing import Any, TypeAlias

from simastra.arithmetic import COMPARED, MOST_BITS, UNARY, TooLargeError, calculated, calculates
from simastra.suggestions import unknown_name

Lookup: TypeAlias = Callable[[str], Any]
"""The value of a name, which may be a key path such as ``network.bandwidth[0]``."""

_LONGEST = 2000
_DEEPEST = 40

FUNCTIONS: Mapping[str, Callable[..., Any]] = MappingProxyType(
    {
        "abs": abs,
        "ceil": math.ceil,
        "floor": math.floor,
        "log2": math.log2,
        "max": max,
        "min": min,
        "round": round,
    }
)
"""What may be called, by name."""


class ExpressionError(ValueError):
    """An expression can't be read, or has no value; the text says why."""


Evaluator: TypeAlias = Callable[[Lookup], Any]
"""What a part of an expression is worth."""


@dataclass(frozen=True, slots=True)
class StudyExpression:
    """An expression.

    Attributes:
        text: as it is written.
        names: of what it asks.
        tree: as Python reads it, which has nothing but what is possible here.
    """

    text: str
    names: frozenset[str] = field(compare=False)
    tree: ast.expr = field(compare=False, repr=False)
    _evaluator: Evaluator = field(compare=False, repr=False)

    @classmethod
    def parse(cls, text: str) -> "StudyExpression":
        """Read it.

        Raises:
            ExpressionError: it isn't one.
        """
        if len(text) > _LONGEST:
            raise ExpressionError(f"has {len(text)} characters; at most {_LONGEST} are possible")
        try:
            tree = ast.parse(text.strip(), mode="eval").body
        except SyntaxError as error:
            raise ExpressionError(f"is no expression: {error.msg} in {text!r}") from None
        except ValueError:
            raise ExpressionError("is no expression: it has characters that no text has") from None
        except (RecursionError, MemoryError):
            raise ExpressionError("is no expression: it is nested too deeply") from None
        names: set[str] = set()
        evaluator = _compiled(tree, _Known(names, _DEEPEST))
        return cls(text, frozenset(names), tree, evaluator)

    def value(self, lookup: Lookup) -> Any:
        """What it is worth.

        Args:
            lookup: tells the value of a name.

        Raises:
            ExpressionError: it has no value, since something is divided by 0, for instance.
        """
        try:
            return self._evaluator(lookup)
        except ExpressionError:
            raise
        except (ArithmeticError, TypeError, ValueError) as error:
            raise ExpressionError(f"{self.text!r} has no value: {_reworded(error)}") from None
        except RecursionError:
            raise ExpressionError(f"{self.text!r} has no value: it is nested too deeply") from None

    def __reduce__(self) -> tuple[Callable[[str], "StudyExpression"], tuple[str]]:
        return StudyExpression.parse, (self.text,)  # closures don't pickle


def _reworded(error: Exception) -> str:
    return "something is divided by 0" if isinstance(error, ZeroDivisionError) else str(error)


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known on the way into an expression.

    Attributes:
        names: that have been found in it.
        depth: to which it may still be nested.
    """

    names: set[str]
    depth: int

    def inner(self, node: ast.expr) -> Evaluator:
        """What a part is worth."""
        if self.depth == 0:
            raise ExpressionError("is nested too deeply")
        return _compiled(node, _Known(self.names, self.depth - 1))


@singledispatch
def _compiled(node: ast.expr, known: _Known) -> Evaluator:
    """How to evaluate an expression, all of which is of the kinds below.

    Raises:
        ExpressionError: it isn't.
    """
    del known
    raise _not_here(node)


@_compiled.register
def _(node: ast.Constant, known: _Known) -> Evaluator:
    del known
    value = node.value
    if not isinstance(value, bool | int | float | str):
        raise ExpressionError(f"has {ast.unparse(node)!r}, which is no number, nor a text")
    is_large = isinstance(value, int) and value.bit_length() > MOST_BITS
    if is_large or (isinstance(value, float) and not math.isfinite(value)):
        raise ExpressionError("has a number that is too large")
    return lambda _: value


@_compiled.register(ast.Name)
@_compiled.register(ast.Attribute)
@_compiled.register(ast.Subscript)
def _(node: ast.expr, known: _Known) -> Evaluator:
    name = name_in(node)
    known.names.add(name)
    return lambda lookup: lookup(name)


@_compiled.register
def _(node: ast.Call, known: _Known) -> Evaluator:
    name = node.func.id if isinstance(node.func, ast.Name) else ast.unparse(node.func)
    if name not in FUNCTIONS:
        raise ExpressionError(unknown_name("function", name, FUNCTIONS))
    if node.keywords:
        raise ExpressionError(f"has {ast.unparse(node)!r}; arguments have no names here")
    function = FUNCTIONS[name]
    arguments = [known.inner(it) for it in node.args]
    return lambda lookup: function(*(it(lookup) for it in arguments))


@_compiled.register
def _(node: ast.BinOp, known: _Known) -> Evaluator:
    if not calculates(node.op):
        raise _not_here(node)
    sign, left, right = node.op, known.inner(node.left), known.inner(node.right)
    return lambda lookup: _finite(calculated(sign, left(lookup), right(lookup)))


@_compiled.register
def _(node: ast.UnaryOp, known: _Known) -> Evaluator:
    if type(node.op) not in UNARY:
        raise _not_here(node)
    function, operand = UNARY[type(node.op)], known.inner(node.operand)
    return lambda lookup: function(operand(lookup))


@_compiled.register
def _(node: ast.BoolOp, known: _Known) -> Evaluator:
    decides = isinstance(node.op, ast.Or)
    parts = [known.inner(it) for it in node.values]

    def joined(lookup: Lookup) -> Any:
        value: Any = not decides
        for part in parts:
            value = part(lookup)
            if bool(value) is decides:
                break
        return value

    return joined


@_compiled.register
def _(node: ast.Compare, known: _Known) -> Evaluator:
    if not {type(it) for it in node.ops} <= COMPARED.keys():
        raise _not_here(node)
    functions = [COMPARED[type(it)] for it in node.ops]
    operands = [known.inner(it) for it in (node.left, *node.comparators)]

    def compared(lookup: Lookup) -> bool:
        left = operands[0](lookup)
        for function, operand in zip(functions, operands[1:], strict=True):
            right = operand(lookup)
            if not function(left, right):
                return False
            left = right
        return True

    return compared


@_compiled.register
def _(node: ast.IfExp, known: _Known) -> Evaluator:
    test, body, other = (known.inner(it) for it in (node.test, node.body, node.orelse))
    return lambda lookup: body(lookup) if test(lookup) else other(lookup)


@_compiled.register(ast.List)
@_compiled.register(ast.Tuple)
def _(node: ast.List | ast.Tuple, known: _Known) -> Evaluator:
    parts = [known.inner(it) for it in node.elts]
    return lambda lookup: [part(lookup) for part in parts]


def _not_here(node: ast.expr) -> ExpressionError:
    return ExpressionError(f"has {ast.unparse(node)!r}, which expressions here don't have")


def _finite(value: Any) -> int | float:
    """A number that is one: neither complex, nor infinite."""
    if not isinstance(value, int | float):
        raise TypeError(f"{value} is no real number")
    if not isinstance(value, int) and not math.isfinite(value):
        raise TooLargeError("a number gets too large")
    return value


def name_in(node: ast.expr) -> str:
    """A name, or a key path, which Python reads as attributes and subscripts.

    Raises:
        ExpressionError: it is neither.
    """
    match node:
        case ast.Name():
            return node.id
        case ast.Attribute():
            return f"{name_in(node.value)}.{node.attr}"
        case ast.Subscript(slice=ast.Constant(value=int() as index)) if index >= 0:
            return f"{name_in(node.value)}[{index}]"
        case ast.Subscript(slice=ast.Constant(value=str() as key)):
            return f'{name_in(node.value)}["{key}"]'
        case _:
            raise ExpressionError(f"has {ast.unparse(node)!r}, which is no key path")
