"""How long nodes take: what needs nobody else, as its program has it; the rest, as it did."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import compress, repeat
from operator import sub

from simastra.metrics import ACTIVITIES, node_times
from simastra.number_column import number_column
from simastra.result import NodeRecord
from simastra.result.timed_records import node_places
from simastra.simulation.experiment import Experiment
from simastra.units import NpuId, Ns
from simastra.workload import Activity, Program

from .activities import activity_places


@dataclass(frozen=True, slots=True)
class _Own:
    """What nodes of a program take at the least whatever others do.

    Attributes:
        times: of each, in ns, by its index: all of a computation, an access to memory once served.
        computing: the sum of its computations, in ns.
    """

    times: Sequence[Ns]
    computing: Ns


class Durations:
    """Knows how long nodes take.

    Args:
        experiment: what is simulated.
        records: the nodes that an NPU has finished, of a run; None where nothing has run.
    """

    def __init__(
        self,
        experiment: Experiment,
        records: Callable[[NpuId], Sequence[NodeRecord]] | None = None,
    ) -> None:
        self._experiment = experiment
        self._records = records
        self._known: dict[int, _Own] = {}
        """By the identity of the template: programs that share one compute the same."""

    @property
    def are_of_run(self) -> bool:
        """Whether something has run."""
        return self._records is not None

    def own(self, npu: NpuId) -> Sequence[Ns]:
        """Of an NPU's nodes, in ns, by their indices, whatever others do; 0 for those that
        communicate."""
        return self._of(npu).times

    def computing(self, npu: NpuId) -> Ns:
        """For how long an NPU computes."""
        return self._of(npu).computing

    def taken(self, npu: NpuId) -> Sequence[Ns]:
        """What an NPU's nodes have taken, by their indices; 0 where nothing has run."""
        nodes = self._experiment.programs[npu].graph.nodes
        taken = [0] * len(nodes)
        if self._records is not None:
            records = self._records(npu)
            times = node_times(records)
            durations = map(sub, times.finished, times.issued)
            for place, duration in zip(node_places(records, nodes), durations, strict=True):
                taken[place] = duration
        return taken

    def _of(self, npu: NpuId) -> _Own:
        template = self._experiment.programs[npu].template
        known = self._known.get(id(template))
        if known is None:
            known = self._known[id(template)] = self._own(template)
        return known

    def _own(self, program: Program) -> _Own:
        times = [0] * len(program.kinds)
        for index, time in self._times(program):
            times[index] = time
        places = activity_places(self._experiment.rules, program.graph.nodes)
        computes = places.translate(bytes(it is Activity.COMPUTE for it in _BYTES))
        return _Own(number_column(times), sum(compress(times, computes)))

    def _times(self, program: Program) -> Iterator[tuple[int, Ns]]:
        """What takes time of its own."""
        platform, columns = self._experiment.platform, program.columns
        replays, rooflines, accesses = columns.replays, columns.rooflines, columns.accesses
        yield from zip(replays.index, replays.duration, strict=True)
        estimates = map(platform.roofline_duration, rooflines.num_ops, rooflines.tensor_size)
        yield from zip(rooflines.index, estimates, strict=True)
        yield from zip(accesses.index, map(platform.least_access, accesses.size), strict=True)


_BYTES = (*ACTIVITIES, *repeat(None, 256 - len(ACTIVITIES)))
"""What each byte of activities stands for."""
