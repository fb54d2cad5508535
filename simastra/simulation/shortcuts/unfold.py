"""From what representatives did to what all NPUs do, in ASTRA-sim's order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from math import inf
from typing import Any, final, overload

from simastra.result import LinkRecord, NodeRecord, NpuFinish, record_of
from simastra.simulation.experiment import Experiment
from simastra.units import NpuId
from simastra.workload import Program

from .finish_order import FinishOrder
from .fold import FoldedFinish, FoldedLink, FoldedRun
from .outcome import LazyNodes
from .symmetry_group import SymmetryGroup

LITTLE = 20_000
"""So many events are sorted in a few hundredths of a second."""


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


def all_finishes(run: FoldedRun, *, needs_order: bool) -> Finishes:
    """All NPUs, in the order in which they finish.

    Within a nanosecond ASTRA-sim's order goes back to the numbers of the NPUs at the start. Where
    events that do the same come in different orders at different NPUs, it is made out if that is
    little work or somebody needs it, and can't always be told.

    Args:
        run: what the representatives did.
        needs_order: whether somebody does.
    """
    finishes: list[NpuFinish] = []
    is_known = True
    most = inf if needs_order else LITTLE
    for time, group in groupby(run.finishes, key=lambda finish: finish.time):
        events = tuple(group)
        if _goes_back_to_one(events):
            npus = _in_order(events, run.symmetries)
        else:
            found = _made_out(events, run.symmetries, most)
            is_known = is_known and found is not None
            npus = sorted(_everywhere(events, run.symmetries)) if found is None else found
        finishes.extend(NpuFinish(npu, time) for npu in npus)
    return Finishes(tuple(finishes), is_known)


def _goes_back_to_one(finishes: Sequence[FoldedFinish]) -> bool:
    ended_by = [finish.act.entry for finish in finishes]
    return not any(entry.has_rival or entry.rival for entry in ended_by)


def _everywhere(finishes: Sequence[FoldedFinish], symmetries: SymmetryGroup) -> list[NpuId]:
    """The NPUs that finish in these events."""
    return [
        symmetries.move(at, finish.npu) for finish in finishes for at in symmetries.renumberings()
    ]


def _in_order(finishes: Sequence[FoldedFinish], symmetries: SymmetryGroup) -> list[NpuId]:
    """The same, in ASTRA-sim's order.

    Cohorts come one after the other; in a cohort, events in the order of the starts that they go
    back to. What goes back to one start, or is ended by one event, is in order: sorting leaves it.
    """
    order = [
        (act.entry.cohort, act.entry.start_at(symmetries.move(at, act.place), symmetries))
        for act in (finish.act for finish in finishes)
        for at in symmetries.renumberings()
    ]
    return _sorted_by(order, _everywhere(finishes, symmetries))


def _made_out(
    finishes: Sequence[FoldedFinish], symmetries: SymmetryGroup, most: float
) -> list[NpuId] | None:
    """The same, where events before come in other orders at other NPUs; None if that is unknown."""
    found = FinishOrder(symmetries, [finish.act.entry for finish in finishes], most)
    if not found.is_known:
        return None
    npus: list[NpuId] = []
    for _, group in groupby(finishes, key=lambda finish: finish.act.entry.cohort):
        together = tuple(group)
        order = [at for column in found.columns(it.act for it in together) for at in column]
        npus += _sorted_by(order, _everywhere(together, symmetries))
    return npus


def _sorted_by(order: Sequence[Any], npus: Sequence[NpuId]) -> list[NpuId]:
    return [npus[index] for index in sorted(range(len(npus)), key=order.__getitem__)]


@final
class UnfoldedNodes(LazyNodes):
    """What all NPUs did; NPUs with the same program share their records.

    Args:
        run: what the representatives did.
        experiment: what all NPUs are.
    """

    def __init__(self, run: FoldedRun, experiment: Experiment) -> None:
        super().__init__(len(experiment.programs))
        self._nodes = run.nodes
        self._symmetries = run.symmetries
        self._experiment = experiment
        self._shared: dict[NpuId, tuple[NodeRecord, ...]] = {}

    def _of(self, npu: NpuId) -> tuple[NodeRecord, ...]:
        representative = self._symmetries.representative(npu)
        programs = self._experiment.programs
        program = programs[npu]
        if program is not programs[representative]:
            return self._records(representative, program)
        if representative not in self._shared:
            self._shared[representative] = self._records(representative, program)
        return self._shared[representative]

    def _records(self, representative: NpuId, program: Program) -> tuple[NodeRecord, ...]:
        """The nodes of an NPU with that program; ids and names may be its own."""
        theirs = self._experiment.programs[representative].graph
        own = program.graph.nodes
        activity = self._experiment.rules.activity
        return tuple(
            record_of(node, activity(node), folded.issued, folded.finished)
            for folded in self._nodes[representative]
            for node in (own[theirs.index_of(folded.node)],)
        )


class UnfoldedLinks(Sequence[LinkRecord]):
    """What each link carried; the records are made when somebody looks at them.

    A network of 65,536 NPUs has hundreds of thousands of links.

    Args:
        run: what the representatives' links carried.
    """

    def __init__(self, run: FoldedRun) -> None:
        self._links = run.links
        self._symmetries = run.symmetries
        self._topology = run.topology

    def __len__(self) -> int:
        return len(self._links) * self._symmetries.order

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

    def __reduce__(self) -> tuple[object, ...]:
        return tuple, (self._records,)  # what it is made from need not go with a result

    @cached_property
    def _records(self) -> tuple[LinkRecord, ...]:
        return tuple(self._record(link, at) for link in self._links for at in self._places)

    @cached_property
    def _places(self) -> tuple[int, ...]:
        return tuple(self._symmetries.renumberings())

    def _record(self, link: FoldedLink, place: int) -> LinkRecord:
        hop = self._topology.image(self._topology.crossings[link.src, link.dst], place)
        carried = (link.busy_time, link.bytes_carried, link.messages_carried)
        return LinkRecord(hop.src, hop.dst, *carried)
