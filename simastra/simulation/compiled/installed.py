"""Whether the compiled loop can be had, and is worth loading; nothing of it is loaded here."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from simastra.deferred import deferred
from simastra.jit import installed as jit
from simastra.jit.function import KeptFunction
from simastra.jit.place import CachePlace

if TYPE_CHECKING:
    from . import loop
else:  # which needs numba
    loop = deferred("simastra.simulation.compiled.loop")

LOADING = 40_000
"""So many links crossed, as `choice` counts them, take as long event by event as it takes to load
NumPy and the loop, and to make its tables: some 0.12 s of processor time."""

COMPILING = 3_000_000
"""So many take as long as it takes to compile the loop, which is done once: some 15 s."""

_HERE = Path(__file__).parent

PLAY = KeptFunction(
    CachePlace("loop", _HERE, tuple(_HERE.glob("*.py"))), numbers=1, make=lambda: loop.play
)
"""The loop (`loop.play`), of the address of a machine."""


@dataclass
class Compilation:
    """What a person who waits for the loop wants to know.

    Attributes:
        is_under_way: whether it is being compiled just now.
        is_done: whether this process has compiled it, rather than loaded what was kept.
    """

    is_under_way: bool = False
    is_done: bool = False

    @contextmanager
    def going_on(self) -> Iterator[None]:
        """Meanwhile it is compiled, unless it is kept."""
        self.is_under_way = not PLAY.is_kept
        try:
            yield
        finally:
            self.is_done = self.is_done or self.is_under_way
            self.is_under_way = False


COMPILATION = Compilation()
"""Of this process."""


def is_worth(events: int) -> bool:
    """Whether so many events are worth it.

    Args:
        events: links crossed, as `choice` counts them.
    """
    return events > LOADING and not what_is_missing(events)


def what_is_missing(events: int | None = None) -> str:
    """What keeps so many events, enough to load the loop for, out of it; nothing if it is empty.

    Args:
        events: as of `is_worth`; None if it doesn't matter how many there are.
    """
    if not jit.is_installed():
        return "it needs numba (pip install 'simastra[fast]')"
    if events is None:
        return ""
    if jit.is_off():
        return f"{jit.OFF} is set"
    if events > COMPILING or PLAY.is_kept:
        return ""
    return (
        "it would have to be compiled, once, in some 15 s, which pays from some "
        f"{COMPILING:,} messages on, or a third as many nodes (shortcuts 'always' does it)"
    )
