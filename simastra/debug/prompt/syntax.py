"""What an expression at the prompt may say: a small part of Python's, so that a script is data."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator

from simastra.debug.command_error import CommandError
from simastra.debug.state import MOVED
from simastra.suggestions import unknown_name

MOST_CHARACTERS = 2000
MOST_LEVELS = 100
"""So deep may parentheses and the like be nested."""

_QUOTED = 80

_UNDERSTOOD = (
    ast.Attribute,
    ast.BinOp,
    ast.BoolOp,
    ast.Call,
    ast.Compare,
    ast.Constant,
    ast.GeneratorExp,
    ast.IfExp,
    ast.List,
    ast.ListComp,
    ast.Name,
    ast.Set,
    ast.SetComp,
    ast.Slice,
    ast.Subscript,
    ast.Tuple,
    ast.UnaryOp,
)
_OPERATORS = (
    *(ast.Add, ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Mod, ast.Pow),
    *(ast.USub, ast.UAdd, ast.Not),
)
_CONSTANTS = (bool, int, float, str, type(None))


def parsed(text: str, names: Collection[str], functions: Collection[str]) -> ast.expr:
    """Read an expression.

    Args:
        text: as it was typed.
        names: of what it may speak of.
        functions: of those that it may call.

    Raises:
        CommandError: if it is none, is too long, or says what isn't understood.
    """
    if len(text) > MOST_CHARACTERS:
        raise CommandError(f"an expression has at most {MOST_CHARACTERS:,} characters")
    try:
        tree = ast.parse(text, "<expression>", "eval").body
    except SyntaxError as error:
        raise CommandError(f"{shortened(text)} is no Python expression: {error.msg}") from None
    except ValueError as error:
        raise CommandError(f"{shortened(text)} is no Python expression: {error}") from None
    except (RecursionError, MemoryError):
        raise _too_deep(text) from None
    _check_levels(text, tree)
    _Check(text, tree, names, functions).check()
    return tree


def shortened(text: str) -> str:
    """An expression as a message quotes it."""
    return repr(text if len(text) <= _QUOTED else f"{text[: _QUOTED - 3]}...")


def called(call: ast.Call) -> str:
    """The name of the function that is called; empty where it is something else.

    ``state.npu(3)`` is ``npu(3)``.
    """
    match call.func:
        case ast.Name(id=name) | ast.Attribute(value=ast.Name(id="state"), attr=name):
            return name
        case _:
            return ""


def _too_deep(text: str) -> CommandError:
    return CommandError(f"{shortened(text)} is nested more than {MOST_LEVELS} levels deep")


def _check_levels(text: str, tree: ast.expr) -> None:
    level: list[ast.AST] = [tree]
    for _ in range(MOST_LEVELS):
        level = [child for node in level for child in ast.iter_child_nodes(node)]
        if not level:
            return
    raise _too_deep(text)


class _Check:
    """Whether all parts of an expression are understood."""

    def __init__(
        self, text: str, tree: ast.expr, names: Collection[str], functions: Collection[str]
    ) -> None:
        self._text = text
        self._tree = tree
        self._functions = functions
        self._calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
        self._names = {*names, *_variables(tree)}

    def check(self) -> None:
        """Raise a CommandError if there is a part that isn't."""
        functions = {id(call.func): call for call in self._calls}
        for node in ast.walk(self._tree):
            if id(node) in functions:
                self._check_call(functions[id(node)])
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                self._check_name(node.id)
            elif isinstance(node, ast.expr | ast.comprehension):
                self._check_part(node)

    def _check_name(self, name: str) -> None:
        if name in self._names:
            return
        if name in self._functions:
            raise CommandError(f"{name!r} is called, as in {name}(...)")
        if name in MOVED:
            raise CommandError(f"unknown name {name!r}; {MOVED[name]}")
        raise CommandError(unknown_name("name", name, sorted({*self._names, *self._functions})))

    def _check_call(self, call: ast.Call) -> None:
        name = called(call)
        if name not in self._functions:
            what = ast.unparse(call.func)
            raise CommandError(unknown_name("function", what, sorted(self._functions)))
        if call.keywords or any(isinstance(each, ast.Starred) for each in call.args):
            raise CommandError(f"{name!r} takes its arguments without names and stars")

    def _check_part(self, node: ast.expr | ast.comprehension) -> None:
        match node:
            case ast.comprehension(target=target, is_async=0):
                understood = all(
                    isinstance(each, ast.Name | ast.Tuple | ast.Store) for each in ast.walk(target)
                )
            case ast.BinOp(op=operator) | ast.UnaryOp(op=operator):
                understood = isinstance(operator, _OPERATORS)
            case ast.Constant(value=value):
                understood = isinstance(value, _CONSTANTS)
            case ast.Attribute(attr=name):
                understood = not name.startswith("_")
            case _:
                understood = isinstance(node, _UNDERSTOOD)
        if not understood:
            part = node.iter if isinstance(node, ast.comprehension) else node
            said = ast.get_source_segment(self._text, part) or self._text
            raise CommandError(
                f"{shortened(said)} isn't understood in an expression: it can name what is known, "
                "look into it, compare and calculate"
            )


def _variables(tree: ast.expr) -> Iterator[str]:
    """What comprehensions name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
