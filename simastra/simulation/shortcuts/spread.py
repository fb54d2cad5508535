"""From what representatives did to what all NPUs do, in ASTRA-sim's order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, cmp_to_key
from itertools import groupby
from typing import overload

from simastra.network import Grid
from simastra.result import LinkRecord, NodeRecord, NpuFinish
from simastra.simulation.scenario import Scenario
from simastra.units import NpuId
from simastra.workload import Program

from .fold import FoldedFinish, FoldedRun
from .folded_network import FoldedLink
from .frame import Frame
from .lineage import compare

_MOST_COMPARED = 4096
"""So many NPUs that finish in one nanosecond, in different events, are put in order one by one."""


@dataclass(frozen=True, slots=True)
class Finishes:
    """All NPUs' ends.

    Attributes:
        in_order: in the order in which they finish.
        is_known: whether the order within a nanosecond is ASTRA-sim's; otherwise it is by number
            wherever it couldn't be told.
    """

    in_order: tuple[NpuFinish, ...]
    is_known: bool


def all_finishes(run: FoldedRun) -> Finishes:
    """All NPUs, in the order in which they finish.

    Within a nanosecond ASTRA-sim's order goes back to the numbers of the NPUs at the start. It
    can't be told where events that do the same come in different orders at different NPUs.
    """
    finishes: list[NpuFinish] = []
    is_known = True
    for time, group in groupby(run.finishes, key=lambda finish: finish.time):
        events = tuple(group)
        if _order_is_known(events, run):
            npus = _in_order(events, run.frame)
        else:
            is_known = False
            npus = sorted(
                run.frame.move(place, finish.npu)
                for place in run.frame.renumberings()
                for finish in events
            )
        finishes.extend(NpuFinish(npu, time) for npu in npus)
    return Finishes(tuple(finishes), is_known)


def _order_is_known(finishes: Sequence[FoldedFinish], run: FoldedRun) -> bool:
    several = len({finish.entry for finish in finishes}) > 1
    if several and len(finishes) * run.frame.order > _MOST_COMPARED:
        return False
    return not run.has_rivals or not any(
        ancestor.has_rival
        for finish in finishes
        for ancestor, _ in finish.entry.ancestors(run.frame)
    )


def _in_order(finishes: Sequence[FoldedFinish], frame: Frame) -> list[NpuId]:
    """The NPUs that finish in these events of one nanosecond."""
    if len({finish.entry for finish in finishes}) == 1:
        return _by_start(finishes, frame)
    # What one event ends is in the order in which it does so: sorting leaves it like that.
    moved = [(finish, place) for finish in finishes for place in frame.renumberings()]

    def order(one: tuple[FoldedFinish, int], other: tuple[FoldedFinish, int]) -> int:
        (finish, at), (its_finish, there) = one, other
        at, there = frame.move(at, finish.place), frame.move(there, its_finish.place)
        return compare(frame, finish.entry, at, its_finish.entry, there).order

    moved.sort(key=cmp_to_key(order))
    return [frame.move(place, finish.npu) for finish, place in moved]


def _by_start(finishes: Sequence[FoldedFinish], frame: Frame) -> list[NpuId]:
    """One event on each NPU: they come in the order of the starts that they go back to."""

    def start(moved: tuple[FoldedFinish, int]) -> NpuId:
        finish, at = moved
        place = frame.move(at, finish.place)
        return frame.move(frame.move(place, finish.entry.start_place), finish.entry.npu)

    everywhere = [(finish, place) for finish in finishes for place in frame.renumberings()]
    return [frame.move(place, finish.npu) for finish, place in sorted(everywhere, key=start)]


class SpreadNodes(Sequence[tuple[NodeRecord, ...]]):
    """For each NPU its nodes; the records are made when somebody looks at them.

    NPUs with the same program share them.

    Args:
        run: what the representatives did.
        scenario: what all NPUs are.
    """

    def __init__(self, run: FoldedRun, scenario: Scenario) -> None:
        self._run = run
        self._scenario = scenario
        self._shared: dict[NpuId, tuple[NodeRecord, ...]] = {}

    def __len__(self) -> int:
        return len(self._scenario.programs)

    @overload
    def __getitem__(self, index: int) -> tuple[NodeRecord, ...]: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[tuple[NodeRecord, ...]]: ...

    def __getitem__(
        self, index: int | slice
    ) -> tuple[NodeRecord, ...] | Sequence[tuple[NodeRecord, ...]]:
        npus = range(len(self))[index]
        return self._of(npus) if isinstance(npus, int) else tuple(map(self._of, npus))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return hash(tuple(self))

    def _of(self, npu: NpuId) -> tuple[NodeRecord, ...]:
        representative = self._run.frame.representative(npu)
        programs = self._scenario.programs
        program = programs[npu]
        if program is not programs[representative]:
            return self._records(representative, program)
        if representative not in self._shared:
            self._shared[representative] = self._records(representative, program)
        return self._shared[representative]

    def _records(self, representative: NpuId, program: Program) -> tuple[NodeRecord, ...]:
        """The nodes of an NPU with that program; ids and names may be its own."""
        theirs = self._scenario.programs[representative].graph
        own = program.graph.nodes
        activity = self._scenario.rules.activity
        return tuple(
            NodeRecord(node.id, node.name, activity(node), folded.issued, folded.finished)
            for folded in self._run.nodes[representative]
            for node in (own[theirs.index_of(folded.node)],)
        )


class SpreadLinks(Sequence[LinkRecord]):
    """What each link carried; the records are made when somebody looks at them.

    A network of 65,536 NPUs has hundreds of thousands of links.

    Args:
        run: what the representatives' links carried.
        grid: the network's shape.
    """

    def __init__(self, run: FoldedRun, grid: Grid) -> None:
        self._links = run.links
        self._frame = run.frame
        self._grid = grid

    def __len__(self) -> int:
        return len(self._links) * self._frame.order

    @overload
    def __getitem__(self, index: int) -> LinkRecord: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[LinkRecord]: ...

    def __getitem__(self, index: int | slice) -> LinkRecord | Sequence[LinkRecord]:
        return self._records[index]

    def __iter__(self) -> Iterator[LinkRecord]:
        return iter(self._records)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and self._records == tuple(other)

    def __hash__(self) -> int:
        return hash(self._records)

    @cached_property
    def _records(self) -> tuple[LinkRecord, ...]:
        return tuple(self._record(link, at) for link in self._links for at in self._places)

    @cached_property
    def _places(self) -> tuple[int, ...]:
        return tuple(self._frame.renumberings())

    def _record(self, link: FoldedLink, place: int) -> LinkRecord:
        src, dst, index = link.example
        move = self._frame.move
        hop = self._grid.hops(move(place, src), move(place, dst))[index]
        return LinkRecord(hop.src, hop.dst, link.busy, link.size, link.messages)
