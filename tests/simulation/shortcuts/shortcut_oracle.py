"""A shortcut's result beside the plain path's."""

from __future__ import annotations

from dataclasses import dataclass

from random_case import RandomCase

from simastra.errors import DeadlockError
from simastra.result import Result
from simastra.shortcut_use import ShortcutUse
from simastra.simulation import Simulation


@dataclass(frozen=True)
class Compared:
    """What came of running a case by shortcuts and event by event.

    Attributes:
        differences: what isn't the same; nothing if all is well.
        shortcuts: which were taken and refused.
        deadlock: whether the NPUs don't finish.
        order_is_known: whether the order of the NPUs' ends was compared too.
    """

    differences: tuple[str, ...]
    shortcuts: tuple[ShortcutUse, ...]
    deadlock: bool = False
    order_is_known: bool = True


def compare_case(case: RandomCase) -> Compared:
    """Run it both ways."""
    return compare_simulation(case.simulation())


def compare_simulation(simulation: Simulation) -> Compared:
    """Run it both ways."""
    plain = _outcome(simulation, "off")
    shortened = _outcome(simulation, "always")
    if isinstance(plain, str) or isinstance(shortened, str):
        same = plain == shortened
        return Compared(() if same else (f"{shortened}, not {plain}",), (), deadlock=True)
    known = order_is_known(shortened)
    found = [
        name
        for name, one, other in (
            ("cycles", shortened.cycles, plain.cycles),
            ("nodes", shortened.nodes, plain.nodes),
            ("links", links(shortened), links(plain)),
            ("times in order", _times(shortened), _times(plain)),
        )
        if one != other
    ]
    if known and shortened.finish_order != plain.finish_order:
        found.append("order")
    return Compared(tuple(found), shortened.shortcuts, order_is_known=known)


def _outcome(simulation: Simulation, shortcuts: str) -> Result | str:
    try:
        return simulation.run(shortcuts=shortcuts)
    except DeadlockError as error:
        return str(error)


def links(result: Result) -> list[tuple[int, int, int, int, int]]:
    """What each link carried, by its ends."""
    return sorted((it.src, it.dst, it.busy, it.size, it.messages) for it in result.links)


def _times(result: Result) -> list[int]:
    return [finish.cycles for finish in result.finishes]


def order_is_known(result: Result) -> bool:
    """Whether NPUs that end in the same nanosecond are in ASTRA-sim's order."""
    return all(use.order_is_known for use in result.shortcuts)
