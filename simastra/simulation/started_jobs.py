"""Where the jobs of an experiment are, and what a run says of each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from simastra.result import JobRecord, NodeRecord, NpuFinish
from simastra.trace.edit import PlacedJob
from simastra.units import NpuId, Ns


@dataclass(frozen=True, slots=True)
class StartedJob:
    """A job on a machine.

    Attributes:
        placed: where it is, and which nodes are its.
        start: when it begins, in ns.
        first_node: id of the node that ends then; None where it begins at once.
        runs: how often it runs.
        widths: of each rank, how far ids of its runs are apart.
        files: those that it was read from.
    """

    placed: PlacedJob
    start: Ns
    first_node: int | None = None
    runs: int = 1
    widths: tuple[int, ...] = ()
    files: tuple[str | Path, ...] = ()

    def record(self, nodes: Sequence[Sequence[NodeRecord]]) -> JobRecord:
        """What has become of it.

        Args:
            nodes: for each NPU those that have finished.
        """
        finishes = []
        ends = [self.start] * self.runs
        for npu, width in zip(self.placed.placement, self.widths, strict=True):
            last = self.start
            for record in self._own(nodes[npu]):
                last = max(last, record.finished)
                run = min((record.node - self.placed.first_id) // width, self.runs - 1)
                ends[run] = max(ends[run], record.finished)
            finishes.append(NpuFinish(npu, last))
        placed = self.placed
        return JobRecord(placed.name, placed.placement, self.start, tuple(finishes), tuple(ends))

    def _own(self, records: Sequence[NodeRecord]) -> Iterator[NodeRecord]:
        first, after = self.placed.first_id, self.placed.after_id
        yield from (it for it in records if first <= it.node < after)


def lone_jobs(jobs: Iterable[StartedJob]) -> dict[NpuId, str]:
    """The name of the job of each NPU that has one alone."""
    names: dict[NpuId, list[str]] = {}
    for job in jobs:
        for npu in job.placed.placement:
            names.setdefault(npu, []).append(job.placed.name)
    return {npu: found[0] for npu, found in names.items() if len(found) == 1}
