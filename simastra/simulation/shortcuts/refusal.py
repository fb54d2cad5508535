"""How a shortcut says that it doesn't apply."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import TypeAlias

from simpy.events import Event

from simastra.engine import Environment
from simastra.shortcut_use import Shortcut

Walk: TypeAlias = Generator[Event, int, None]
"""What an NPU's process runs."""


class Refused(Exception):  # noqa: N818  # not an error: it says which way is not open
    """A shortcut doesn't apply, or turns out not to while it is tried; nothing has come of it.

    Attributes:
        reason: why, for people.
        shortcut: which.
    """

    def __init__(self, reason: str, shortcut: Shortcut = Shortcut.FOLD) -> None:
        super().__init__(reason)
        self.reason = reason
        self.shortcut = shortcut


def run_processes(env: Environment, walks: Sequence[Walk]) -> None:
    """Run these processes until nothing is left.

    Raises:
        Refused: if one of them is refused. SimPy holds back what a process raises until a later
            event, and then raises a copy of less content; what fails before that, because the
            process is gone, is left out.
    """
    refusals: list[Refused] = []
    for walk in walks:
        env.process(_noting(walk, refusals))
    try:
        env.run()
    except (RuntimeError, Refused):
        if not refusals:
            raise
        raise refusals[0] from None


def _noting(walk: Walk, refusals: list[Refused]) -> Walk:
    try:
        yield from walk
    except Refused as refused:
        refusals.append(refused)
        raise
