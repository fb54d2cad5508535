"""Expressions at the prompt: what they can name, and their errors as messages.

They look like Python's and mean the same, but only as much of Python is understood as it takes to
look at data (`syntax`), and that is bounded (`evaluation`).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from operator import attrgetter

from simastra.debug.breakpoints import Condition
from simastra.debug.command_error import CommandError
from simastra.debug.state import State

from .evaluation import FUNCTIONS, Evaluation, Function
from .syntax import parsed, shortened

NAMES: dict[str, Callable[[State], object]] = {
    name: attrgetter(name)
    for name in (
        "now",
        "next_time",
        "position",
        "ended",
        "happened",
        "concerned",
        "links",
        "in_flight",
        "posted_receives",
        "unexpected_messages",
    )
}
"""What an expression can name; ``state`` has the same as attributes."""

LOOKUPS: dict[str, Callable[[State], Function]] = {
    "npu": attrgetter("npu"),
    "link": attrgetter("link"),
}
"""What of a state an expression can ask for by number."""


class Expression:
    """An expression about a state.

    Args:
        text: as it was typed.

    Raises:
        CommandError: if it isn't understood.
    """

    def __init__(self, text: str) -> None:
        self.text = text.strip()
        self._tree = parsed(self.text, {*NAMES, "state"}, {*FUNCTIONS, *LOOKUPS})

    def __call__(self, state: State) -> object:
        """Its value.

        Raises:
            CommandError: if it fails.
        """
        names: dict[str, Callable[[], object]] = {
            name: partial(find, state) for name, find in NAMES.items()
        }
        names["state"] = lambda: {name: find() for name, find in names.items() if name != "state"}
        functions = {**FUNCTIONS, **{name: find(state) for name, find in LOOKUPS.items()}}
        try:
            return Evaluation(names, functions).value(self._tree)
        except CommandError as error:
            raise CommandError(f"{shortened(self.text)} failed: {error}") from None
        except Exception as error:  # as many as Python has
            raise CommandError(
                f"{shortened(self.text)} failed: {type(error).__name__}: {error}"
            ) from None


def condition(text: str) -> Condition:
    """A condition to stop at; it raises CommandError if it fails when it is asked.

    Raises:
        CommandError: if it can't be read.
    """
    expression = Expression(text)
    return Condition(expression, expression.text)
