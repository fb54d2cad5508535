"""Symbolic numbers: sums, products and quotients of whole numbers and named symbols."""

import ast
import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from types import MappingProxyType

_BINARY: Mapping[type[ast.operator], Callable[[Fraction, Fraction], Fraction]] = MappingProxyType(
    {
        ast.Add: operator.add,
        ast.Sub: operator.sub,
        ast.Mult: operator.mul,
        ast.Div: operator.truediv,
    }
)
_LONGEST = 500  # letters of an expression; deep nesting would exhaust Python's stack
_LETTERS = re.compile(r"[\w\s()+*/-]*")
_RUN_TOGETHER = re.compile(r"\b\d+[^\W\d]")  # as in 2h, on which Python only warns at times


@dataclass(frozen=True, slots=True)
class SymbolicExpression:
    """An expression such as ``KExperts*Batch/Experts``; equal if written alike, blanks aside.

    Attributes:
        text: in its normal form.
        tree: the same, parsed.
    """

    text: str
    tree: ast.expr = field(compare=False, repr=False)

    @classmethod
    def parse(cls, text: str) -> "SymbolicExpression":
        """Read an expression.

        >>> SymbolicExpression.parse("(Seq / 2) * Head").evaluate({"Seq": 6, "Head": 5})
        Fraction(15, 1)

        Raises:
            ValueError: it isn't one; the text says what is wrong.
        """
        if len(text) > _LONGEST:
            raise ValueError(f"is longer than {_LONGEST} letters")
        if not _LETTERS.fullmatch(text) or _RUN_TOGETHER.search(text):
            raise ValueError(f"{text.strip()!r} isn't an expression such as Batch*Seq/2")
        try:
            tree = ast.parse(text.strip(), mode="eval").body
        except (SyntaxError, ValueError):
            raise ValueError(f"{text.strip()!r} isn't an expression such as Batch*Seq/2") from None
        return cls.of(tree)

    @classmethod
    def of(cls, tree: ast.expr) -> "SymbolicExpression":
        """Return the expression with this syntax tree.

        Raises:
            ValueError: there is more in it than + - * /, names and whole numbers.
        """
        _check(tree)
        return cls(ast.unparse(tree), tree)

    @property
    def names(self) -> tuple[str, ...]:
        """The symbols in it, each once, in order."""
        nodes = (node for node in ast.walk(self.tree) if isinstance(node, ast.Name))
        return tuple(dict.fromkeys(node.id for node in nodes))

    def evaluate(self, values: Mapping[str, int]) -> Fraction:
        """Return its value.

        Raises:
            ValueError: a symbol has no value, or something is divided by zero.
        """
        try:
            return _value(self.tree, values)
        except KeyError as error:
            raise ValueError(f"{self.text}: the symbol {error.args[0]!r} has no value") from None
        except ZeroDivisionError:
            raise ValueError(f"{self.text} divides by zero") from None

    def __str__(self) -> str:
        return self.text


def _check(tree: ast.expr) -> None:
    match tree:
        case ast.Name():
            return
        case ast.Constant(value=int()) if not isinstance(tree.value, bool):
            return
        case ast.BinOp(left, kind, right) if type(kind) in _BINARY:
            _check(left)
            _check(right)
        case _:
            raise ValueError(
                f"{ast.unparse(tree)!r} isn't made of names, whole numbers and + - * / alone"
            )


def _value(tree: ast.expr, values: Mapping[str, int]) -> Fraction:
    match tree:
        case ast.Name(name):
            return Fraction(values[name])
        case ast.Constant(int() as number):
            return Fraction(number)
        case ast.BinOp(left, kind, right):
            return _BINARY[type(kind)](_value(left, values), _value(right, values))
        case _:
            raise AssertionError("checked when it was parsed")
