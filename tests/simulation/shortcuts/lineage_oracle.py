"""What a lineage says, read step by step all the way back."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

from simastra.simulation.shortcuts.fold_environment import FoldEnvironment
from simastra.simulation.shortcuts.lineage import Entry
from simastra.simulation.shortcuts.symmetry_group import SymmetryGroup


@dataclass(frozen=True)
class Walked:
    """How two events of one nanosecond lie to each other: -1, 0 or 1, and whether by number."""

    order: int
    by_number: bool = False


def walk(
    symmetries: SymmetryGroup,
    turns: dict[Entry, int],
    first: Entry,
    at: int,
    second: Entry,
    there: int,
) -> Walked:
    """Compare two moved events; `turns` numbers events in the order of their scheduling."""
    if first is second and at == there:
        return Walked(0)
    by_number = False
    while True:
        if first.inserted != second.inserted:
            return Walked(_order(first.inserted, second.inserted))
        if first.parent is None or second.parent is None:
            mine, theirs = symmetries.move(at, first.npu), symmetries.move(there, second.npu)
            return Walked(_order(mine, theirs), by_number=True)
        at, there = symmetries.move(at, first.origin), symmetries.move(there, second.origin)
        if first.parent is second.parent and at == there:
            return Walked(_order(turns[first], turns[second]), by_number)
        first, second = first.parent, second.parent
        by_number = by_number or first.has_rival or second.has_rival


def _order(mine: int, theirs: int) -> int:
    return (mine > theirs) - (mine < theirs)


@dataclass(frozen=True)
class Touched:
    """That an event touched something."""

    entry: Entry
    place: int
    kind: Hashable


class AllTouches:
    """Remembers every touch of a nanosecond, and compares each with all before it."""

    def __init__(self, env: FoldEnvironment, turns: dict[Entry, int]) -> None:
        self._env = env
        self._turns = turns
        self._time = -1
        self._seen: dict[int, list[Touched]] = {}

    def is_decided_by_number(self, what: int, kind: Hashable) -> bool:
        """Whether only numbers tell the event that runs from one before it, of another kind."""
        env = self._env
        if env.now != self._time:
            self._time = env.now
            self._seen = {}
        now = Touched(env.running, env.symmetries.inverse(env.acting), kind)
        before = self._seen.setdefault(what, [])
        found = any(
            walk(
                env.symmetries, self._turns, seen.entry, seen.place, now.entry, now.place
            ).by_number
            for seen in before
            if kind is None or kind != seen.kind
        )
        before.append(now)
        return found
