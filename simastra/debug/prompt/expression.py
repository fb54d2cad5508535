"""Expressions at the prompt: what they can name, and their errors as messages.

They look like Python's and mean the same, but only as much of Python is understood as it takes to
look at data (`syntax`), and that is bounded (`evaluation`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from operator import attrgetter
from typing import Generic, TypeVar

from simastra.arithmetic import TooLargeError
from simastra.debug.command_error import CommandError
from simastra.debug.state import State

from .evaluation import FUNCTIONS, Evaluation, Function, attributes
from .syntax import parsed, shortened

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Named(Generic[T]):
    """Something of a state that an expression can name: how it is found, and its meaning."""

    find: Callable[[State], T]
    meaning: str


NAMES: dict[str, Named[object]] = {
    "now": Named(attrgetter("now"), "the time of the last event, in ns"),
    "next_time": Named(attrgetter("next_time"), "the time of the next event, in ns"),
    "position": Named(attrgetter("position"), "how many events have been executed"),
    "ended": Named(attrgetter("ended"), "whether nothing comes any more"),
    # A list that the next event would change is no value to compare with.
    "happened": Named(lambda state: tuple(state.happened), "what the last event did"),
    "concerned": Named(attrgetter("concerned"), "the NPUs at which the last event did something"),
    "links": Named(attrgetter("links"), "what each link carries that has been used"),
    "in_flight": Named(attrgetter("in_flight"), "messages that are on their way"),
    "posted_receives": Named(attrgetter("posted_receives"), "receives that wait"),
    "unexpected_messages": Named(
        attrgetter("unexpected_messages"), "messages that nobody has received"
    ),
}
"""What an expression can name; ``state`` has the same as attributes."""

LOOKUPS: dict[str, Named[Function]] = {
    "npu": Named(attrgetter("npu"), "what an NPU is doing: npu(3)"),
    "link": Named(
        attrgetter("link"), "what a link carries: link(2, 3), or link('npu.2', 'leaf.0')"
    ),
}
"""What of a state an expression can ask for by number."""


EXPLAINED: dict[str, str] = {
    **{name: named.meaning for name, named in NAMES.items()},
    **{name: named.meaning for name, named in LOOKUPS.items()},
}
"""What all of these mean."""


def _dir(*values: object) -> list[str]:
    """What can be named; or what a value has."""
    if not values:
        return sorted({*NAMES, *LOOKUPS, *FUNCTIONS, "dir", "state"})
    (value,) = values
    return sorted(attributes(value))


class Expression:
    """An expression about a state.

    Args:
        text: as it was typed.

    Raises:
        CommandError: if it isn't understood.
    """

    def __init__(self, text: str) -> None:
        self.text = text.strip()
        self._tree = parsed(self.text, {*NAMES, "state"}, {*FUNCTIONS, *LOOKUPS, "dir"})

    def __eq__(self, other: object) -> bool:
        return self.text == other.text if isinstance(other, Expression) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.text)

    def __call__(self, state: State) -> object:
        """Its value.

        Raises:
            CommandError: if it fails.
        """
        names: dict[str, Callable[[], object]] = {
            name: partial(named.find, state) for name, named in NAMES.items()
        }
        names["state"] = lambda: {name: find() for name, find in names.items() if name != "state"}
        lookups = {name: named.find(state) for name, named in LOOKUPS.items()}
        functions = {**FUNCTIONS, **lookups, "dir": _dir}
        try:
            return Evaluation(names, functions).value(self._tree)
        except (CommandError, TooLargeError) as error:
            raise CommandError(f"{shortened(self.text)} failed: {error}") from None
        except Exception as error:  # as many as Python has
            raise CommandError(
                f"{shortened(self.text)} failed: {type(error).__name__}: {error}"
            ) from None
