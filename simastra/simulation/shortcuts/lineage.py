"""Who comes before whom in a nanosecond, when one event stands for many (see `fold`).

ASTRA-sim runs the events of a nanosecond in the order in which they were inserted. An event comes
before another of the same nanosecond, then, if it was inserted at an earlier time; or at the same
time, by an event that came earlier in that nanosecond; and so on back to the start, where NPU 0 is
before NPU 1.

To go all the way back for each pair would take time with the square of what happens, and more where
all of it happens in one nanosecond. It isn't needed: events whose lineages have the same times all
the way back run one after the other, a *cohort*. So an `Entry` knows its cohort, and which start it
goes back to, and that settles the order of any two.
"""

from __future__ import annotations

import sys

from simastra.engine import Call
from simastra.units import NpuId, Ns

from .symmetry_group import SymmetryGroup

START: Ns = -1
"""When the start of an NPU's process counts as inserted."""


class Entry:
    """An event of the queue that stands for one such event on each NPU of an orbit.

    Attributes:
        call: what happens; None for the start of an NPU's process.
        inserted: when it was scheduled, in ns.
        parent: the entry that scheduled it; None for the start of an NPU's process.
        origin: the renumbering that takes this entry's place to its parent's.
        npu: whose start it goes back to; for the start of a process, whose that is.
        start_place: the renumbering that takes this entry's place to that start's.
        cohort: of the nanosecond's events, those that are told apart by the start that they go back
            to, or by who was first to be scheduled by the same event; ascending in the order in
            which events run. 0 for the start of a process, -1 for what hasn't run.
        has_rival: whether another event of the same nanosecond would have done just the same and
            comes first elsewhere, so that what follows goes back to either.
        rival: the last entry that this one goes back to, itself aside, that has a rival; itself,
            where its own place among others of its cohort isn't the same everywhere.
        rival_place: the renumbering that takes this entry's place to that one's.
        turn: how many entries had been scheduled before it.
        alternatives: what may come in its place elsewhere; None where that isn't kept.
        kept: all entries of its run; None where they aren't kept (see `kept_entries`).
    """

    __slots__ = (
        "alternatives",
        "call",
        "cohort",
        "has_rival",
        "inserted",
        "kept",
        "npu",
        "origin",
        "parent",
        "rival",
        "rival_place",
        "start_place",
        "turn",
    )

    def __init__(self, call: Call | None, inserted: Ns, parent: Entry | None) -> None:
        self.call = call
        self.inserted = inserted
        self.parent = parent
        self.cohort = -1
        self.has_rival = False
        self.rival: Entry | None = None
        self.rival_place = 0
        self.turn = 0
        self.alternatives: object = None
        self.kept: KeptEntries | None = None
        self.origin = 0
        self.npu: NpuId = -1 if parent is None else parent.npu
        self.start_place: int = 0 if parent is None else parent.start_place

    @classmethod
    def start(cls, npu: NpuId) -> Entry:
        """The start of an NPU's process."""
        entry = cls(None, START, None)
        entry.npu = npu
        entry.cohort = 0
        return entry

    def comes_from(self, origin: int, symmetries: SymmetryGroup) -> None:
        """Say that its parent is another place, the renumbering `origin` away."""
        self.origin = origin
        self.start_place = symmetries.move(origin, self.start_place)

    def run_after(self, before: Entry | None, newest: int, symmetries: SymmetryGroup) -> int:
        """Say that it runs now, after `before` in the same nanosecond; None where it is the first.

        Args:
            before: what has just run.
            newest: the number of the newest cohort.
            symmetries: the renumberings.

        Returns:
            The number of the newest cohort.
        """
        parent = self.parent
        assert parent is not None  # starts aren't scheduled
        if parent.has_rival:  # all of the parent's nanosecond that could be its rival has run
            self.rival, self.rival_place = parent, self.origin
        elif parent.rival is not None:
            self.rival = parent.rival
            self.rival_place = symmetries.move(self.origin, parent.rival_place)
        goes_on = (
            before is not None
            and before.parent is not None
            and before.parent.cohort == parent.cohort
        )
        self.cohort = newest if goes_on else newest + 1
        return self.cohort

    def mark(self) -> None:
        """Say that it may come in another place elsewhere, and what follows from it with it."""
        self.has_rival = True
        self.rival, self.rival_place = self, 0

    def part(self) -> Entry:
        """A part of it, of which parts other NPUs see the one or the other first."""
        part = Entry(None, self.inserted, self.parent)
        part.origin, part.npu, part.start_place = self.origin, self.npu, self.start_place
        part.cohort = self.cohort
        part.mark()
        return part

    def position(self, place: int, symmetries: SymmetryGroup) -> tuple[int, NpuId, int, int]:
        """What `by_number` compares: only numbers tell two apart whose positions differ in more
        than the first, their cohort."""
        rival = 0 if self.rival is None else id(self.rival)
        rival_at = 0 if self.rival is None else symmetries.move(place, self.rival_place)
        return self.cohort, self.start_at(place, symmetries), rival, rival_at

    def start_at(self, place: int, symmetries: SymmetryGroup) -> NpuId:
        """The NPU whose start it goes back to, if it is moved by the renumbering `place`."""
        return symmetries.move(symmetries.move(place, self.start_place), self.npu)


class KeptEntries(list[Entry]):
    """All entries of a run, which are freed together: they hold it, and it holds them.

    Python frees what an object holds from within freeing the object, and sees to it that its stack
    suffices. In a browser it is the browser's that ends, within some thousand entries of a lineage.
    So the lineages are taken apart first.
    """

    def __del__(self) -> None:
        for entry in self:
            entry.parent = entry.rival = None


def kept_entries() -> KeptEntries | None:
    """What keeps the entries of a new run; None where Python needs no help in freeing them."""
    return KeptEntries() if sys.platform == "emscripten" else None


def by_number(symmetries: SymmetryGroup, first: Entry, at: int, second: Entry, there: int) -> bool:
    """Whether all that tells two events of one nanosecond apart is the numbers of NPUs.

    Other NPUs of the same orbits may see them the other way round then. Both must have run, `first`
    moved by the renumbering `at`, and `second` by `there`.
    """
    if first.cohort != second.cohort:
        return False
    if first.start_at(at, symmetries) != second.start_at(there, symmetries):
        return True
    # They go back to one event. If either went through another one that has a rival since, it might
    # as well go back to that: then the last such ones aren't the same.
    if first.rival is None or second.rival is None:
        return first.rival is not second.rival
    mine, theirs = (
        symmetries.move(at, first.rival_place),
        symmetries.move(there, second.rival_place),
    )
    return first.rival is not second.rival or mine != theirs
