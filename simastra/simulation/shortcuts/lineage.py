"""Who comes before whom in a nanosecond, when one event stands for many (see `fold`).

ASTRA-sim runs the events of a nanosecond in the order in which they were inserted. An event comes
before another of the same nanosecond, then, if it was inserted at an earlier time; or at the same
time, by an event that came earlier in that nanosecond; and so on back to the start, where NPU 0 is
before NPU 1. An `Entry` remembers what that takes: when it was inserted, by which entry, and how
many places away that one was.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

from simastra.engine import Call
from simastra.units import NpuId, Ns

from .frame import Frame

START: Ns = -1
"""When the start of an NPU's process counts as inserted."""


class Entry:
    """An event of the queue that stands for one such event on each NPU of an orbit.

    Attributes:
        call: what happens; None for the start of an NPU's process.
        inserted: when it was scheduled, in ns.
        parent: the entry that scheduled it; None for the start of an NPU's process.
        origin: the renumbering that takes this entry's place to its parent's.
        number: entries that one parent schedules have ascending numbers.
        npu: whose start it goes back to; for the start of a process, whose that is.
        start_place: the renumbering that takes this entry's place to that start's.
        has_rival: whether another event of the same nanosecond would have done just the same and
            comes first elsewhere, so that what follows goes back to either.
    """

    __slots__ = (
        "call",
        "has_rival",
        "inserted",
        "npu",
        "number",
        "origin",
        "parent",
        "start_place",
    )

    def __init__(self, call: Call | None, inserted: Ns, parent: Entry | None, number: int) -> None:
        self.call = call
        self.inserted = inserted
        self.parent = parent
        self.number = number
        self.has_rival = False
        self.origin = 0
        self.npu: NpuId = -1 if parent is None else parent.npu
        self.start_place: int = 0 if parent is None else parent.start_place

    @classmethod
    def start(cls, npu: NpuId) -> Entry:
        """The start of an NPU's process."""
        entry = cls(None, START, None, npu)
        entry.npu = npu
        return entry

    def comes_from(self, origin: int, frame: Frame) -> None:
        """Say that its parent is another place, the renumbering `origin` away."""
        self.origin = origin
        self.start_place = frame.move(origin, self.start_place)

    def ancestors(self, frame: Frame) -> Iterator[tuple[Entry, int]]:
        """This entry and those it goes back to, each with the renumbering that leads there."""
        entry: Entry | None = self
        place = 0
        while entry is not None:
            yield entry, place
            place = frame.move(place, entry.origin)
            entry = entry.parent


class Order(IntEnum):
    """How two events of one nanosecond lie to each other."""

    BEFORE = -1
    SAME = 0
    AFTER = 1


@dataclass(frozen=True, slots=True)
class Comparison:
    """How two events of one nanosecond lie to each other.

    Attributes:
        order: of the first to the second.
        by_number: whether all that tells them apart is the numbers of the NPUs that they go back
            to, so that other NPUs of the same orbits may see them the other way round.
    """

    order: Order
    by_number: bool = False


def compare(frame: Frame, first: Entry, at: int, second: Entry, there: int) -> Comparison:
    """Compare `first`, moved by the renumbering `at`, with `second`, moved by `there`.

    Both must be due in the same nanosecond.
    """
    if first is second and at == there:
        return Comparison(Order.SAME)
    by_number = False
    while True:
        if first.inserted != second.inserted:
            return Comparison(_order(first.inserted, second.inserted))
        if first.parent is None or second.parent is None:
            mine, theirs = frame.move(at, first.npu), frame.move(there, second.npu)
            return Comparison(_order(mine, theirs), by_number=True)
        at, there = frame.move(at, first.origin), frame.move(there, second.origin)
        if first.parent is second.parent and at == there:
            return Comparison(_order(first.number, second.number), by_number)
        first, second = first.parent, second.parent
        # Rivals were scheduled at the same times, all the way back; only who they are differs.
        by_number = by_number or first.has_rival or second.has_rival


def _order(mine: int, theirs: int) -> Order:
    if mine == theirs:
        return Order.SAME
    return Order.BEFORE if mine < theirs else Order.AFTER
