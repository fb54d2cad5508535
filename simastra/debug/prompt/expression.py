"""Python expressions at the prompt: what they can name, and their errors as messages."""

from __future__ import annotations

import ast
from collections.abc import Callable
from operator import attrgetter
from types import CodeType

from simastra.debug.breakpoints import Condition
from simastra.debug.command_error import CommandError
from simastra.debug.state import State

NAMES: dict[str, Callable[[State], object]] = {
    name: attrgetter(name)
    for name in (
        "now",
        "next_time",
        "position",
        "ended",
        "happened",
        "npu",
        "link",
        "links",
        "in_flight",
        "expected",
        "unclaimed",
        "simulation",
    )
}
NAMES["state"] = lambda state: state
"""What an expression can name, beside what Python itself has."""


class Expression:
    """A Python expression about a state.

    Args:
        text: as it was typed.

    Raises:
        CommandError: if it can't be read.
    """

    def __init__(self, text: str) -> None:
        self.text = text.strip()
        try:
            tree = ast.parse(self.text, "<expression>", "eval")
            self._code: CodeType = compile(tree, "<expression>", "eval")
        except (SyntaxError, ValueError) as error:
            raise CommandError(f"{self.text!r} is no Python expression: {error}") from None
        used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        self._used = sorted(used & NAMES.keys())

    def __call__(self, state: State) -> object:
        """Its value.

        Raises:
            CommandError: if it fails.
        """
        names = {name: NAMES[name](state) for name in self._used}
        try:
            return eval(self._code, names)  # the person at the prompt wrote it
        except CommandError:
            raise
        except Exception as error:
            raise CommandError(f"{self.text!r} failed: {type(error).__name__}: {error}") from None


def condition(text: str) -> Condition:
    """A condition to stop at; it raises CommandError if it fails when it is asked.

    Raises:
        CommandError: if it can't be read.
    """
    expression = Expression(text)
    return Condition(expression, expression.text)
