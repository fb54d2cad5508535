"""The answer: what each NPU's time went to, and the chain that set the end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from simastra.errors import OptionError
from simastra.units import NpuId, Ns
from simastra.view.devices import DeviceNames
from simastra.view.html import joined, notebook_table, title
from simastra.view.table import Table
from simastra.workload import Program

from .attribution import Attribution, attribution
from .causal_event import CausalEvent
from .critical_path import critical_path
from .node_waits import NodeWait, node_waits
from .other_jobs import OtherJobs
from .path_groups import PathGroup, path_groups
from .path_segments import PathSegment, path_segments
from .record import ExplanationRecord, span_records
from .slower import Longer
from .spans import Span
from .tables import (
    attribution_table,
    faults_table,
    groups_table,
    like_npus_table,
    other_jobs_table,
    segments_table,
    slower_table,
)
from .timeline import OnWire, timeline

_PRINTED_ROWS = 20  # of more, those are printed that took most, and what the others come to


class Explanation:
    """Why a simulation took as long as it did.

    Args:
        ends: the event in which each NPU finished, by NPU.
        programs: what each NPU did, by NPU.
        node_times: for each NPU, when each node was issued and when it finished, by id.
        on_wire: serialisation of a message in a network without links.
        names: what the network's file calls the devices; None where it gives no names.
        longer: says which computations a scenario makes longer; None where there is none.
        other_jobs: says what of waiting at links is other jobs' doing; None where there are none.
    """

    def __init__(  # noqa: PLR0913 - the parts of an explanation
        self,
        ends: Mapping[NpuId, CausalEvent],
        programs: Sequence[Program],
        node_times: Sequence[Mapping[int, tuple[Ns, Ns]]],
        on_wire: OnWire,
        names: DeviceNames | None = None,
        longer: Longer | None = None,
        *,
        other_jobs: OtherJobs | None = None,
    ) -> None:
        self._other_jobs = other_jobs
        self._names = names
        self._longer = longer
        self._ends = ends
        self._programs = programs
        self._node_times = node_times
        self._on_wire = on_wire
        # Of the NPU that has been asked about last: long ones take seconds.
        self._paths: dict[NpuId, tuple[Span, ...]] = {}
        self._segments: dict[NpuId, tuple[PathSegment, ...]] = {}

    @property
    def npus(self) -> int:
        """Number of NPUs."""
        return len(self._programs)

    @property
    def device_names(self) -> DeviceNames:
        """What devices are called."""
        return self._names or DeviceNames(self.npus)

    @cached_property
    def makespan(self) -> Ns:
        """When the last NPU finished, in ns."""
        return max(end.time for end in self._ends.values())

    @cached_property
    def last(self) -> NpuId:
        """The NPU that finished last; the lowest where several did at one time."""
        return min(self._ends, key=lambda npu: (-self._ends[npu].time, npu))

    def timeline(self, npu: NpuId) -> tuple[Span, ...]:
        """What an NPU's own time went to: spans that follow each other from 0 to its finish.

        Raises:
            OptionError: if there is no such NPU.
        """
        spans = timeline(npu, self._end(npu), self._on_wire, self._longer)
        return spans if self._other_jobs is None else self._other_jobs.told(npu, spans)

    def attribution(self, npu: NpuId) -> Attribution:
        """What an NPU's time went to, in sums.

        Raises:
            OptionError: if there is no such NPU.
        """
        return attribution(npu, self.timeline(npu), self._end(npu).time, self.makespan)

    @cached_property
    def attributions(self) -> tuple[Attribution, ...]:
        """What each NPU's time went to, by NPU."""
        return tuple(map(self.attribution, range(self.npus)))

    def critical_path(self, npu: NpuId | None = None) -> tuple[Span, ...]:
        """The chain of last causes that set when an NPU finished: spans from 0 to its finish.

        Args:
            npu: the NPU; the one that finished last by default.

        Raises:
            OptionError: if there is no such NPU.
        """
        whose = self.last if npu is None else npu
        if whose not in self._paths:
            spans = critical_path(self._end(whose), self._on_wire)
            if self._other_jobs is not None:
                spans = self._other_jobs.told(whose, spans)
            self._paths = {whose: spans}
            self._segments.clear()
        return self._paths[whose]

    def segments(self, npu: NpuId | None = None) -> tuple[PathSegment, ...]:
        """The critical path in short: one segment for all that is for nodes of one name.

        Args:
            npu: the NPU; the one that finished last by default.

        Raises:
            OptionError: if there is no such NPU.
        """
        path, whose = self.critical_path(npu), self.last if npu is None else npu
        if whose not in self._segments:
            self._segments[whose] = path_segments(path)
        return self._segments[whose]

    def path_groups(self, npu: NpuId | None = None) -> tuple[PathGroup, ...]:
        """The critical path by names: nodes whose names differ in numbers alone are one group.

        Args:
            npu: the NPU; the one that finished last by default.

        Returns:
            the groups, those that took most first; their times sum to the NPU's finish.

        Raises:
            OptionError: if there is no such NPU.
        """
        return path_groups(self.segments(npu))

    def node_waits(self, npu: NpuId) -> tuple[NodeWait, ...]:
        """How long each node of an NPU waited for others and for its unit, and how long it ran.

        Raises:
            OptionError: if there is no such NPU.
        """
        self._end(npu)
        return tuple(node_waits(npu, self._programs[npu], self._node_times[npu]))

    def attribution_table(self) -> Table:
        """What each NPU's time went to: a row an NPU, a column a category, times in ns."""
        return attribution_table(self.attributions)

    def like_npus_table(self, top: int | None = None) -> Table:
        """What the time went to: a row for all NPUs that are alike, times of each in ns.

        Args:
            top: how many rows there are at most, beside one for what all others spent together;
                None for all.
        """
        return like_npus_table(self.attributions, top)

    def faults_table(self) -> Table | None:
        """What each event of a scenario has cost the NPUs, in ns; None if none has cost any."""
        return faults_table(self.attributions)

    def slower_table(self) -> Table | None:
        """Who waited for NPUs that a scenario makes slower, in ns; None if nobody did."""
        return slower_table(self.attributions)

    def other_jobs_table(self) -> Table | None:
        """What each job has cost the NPUs of others, in ns; None if none has cost any."""
        return other_jobs_table(self.attributions)

    def path_groups_table(self, npu: NpuId | None = None, top: int | None = None) -> Table:
        """The critical path by names: a row a group, those that took most first, times in ns.

        Args:
            npu: the NPU; the one that finished last by default.
            top: how many rows there are at most, beside one for all others together; None for all.

        Raises:
            OptionError: if there is no such NPU.
        """
        return groups_table(self.path_groups(npu), top)

    def path_table(self, npu: NpuId | None = None) -> Table:
        """The segments of a critical path: a row a segment, times in ns.

        Args:
            npu: the NPU; the one that finished last by default.

        Raises:
            OptionError: if there is no such NPU.
        """
        return segments_table(self.segments(npu))

    def __str__(self) -> str:
        long = len(self.segments()) > _PRINTED_ROWS
        path = self.path_groups_table(top=_PRINTED_ROWS) if long else self.path_table()
        many = self.npus > _PRINTED_ROWS
        npus = self.like_npus_table(_PRINTED_ROWS) if many else self.attribution_table()
        return (
            f"{npus}\n\n"
            f"critical path of NPU {self.last}, which finishes last, at {self.makespan} ns\n"
            f"{path}"
        )

    def _repr_html_(self) -> str:
        chain = f"of NPU {self.last}, which finishes last, at {self.makespan:,} ns"
        return joined(
            title("Where the time went", aside="in ns"),
            notebook_table(self.attribution_table()),
            title("Critical path", aside=chain),
            notebook_table(self.path_table()),
        )

    def record(self) -> ExplanationRecord:
        """All of it as plain data, to be kept or compared; of critical paths, the last NPU's."""
        path = span_records(self.critical_path(), self._programs)
        return ExplanationRecord(self.makespan, self.last, self.attributions, path, self._names)

    def to_dict(self) -> dict[str, Any]:
        """Plain dicts, lists, numbers and strings, ready for JSON; times in ns."""
        document = self.record().to_dict()
        document["critical_path"]["legs"] = [each.to_dict() for each in self.segments()]
        return document

    def _end(self, npu: NpuId) -> CausalEvent:
        if npu not in self._ends:
            raise OptionError("npu", f"must be from 0 to {self.npus - 1}, not {npu}")
        return self._ends[npu]
