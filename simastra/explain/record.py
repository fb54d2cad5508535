"""An explanation as plain data: what is kept of it in results and in files, and compared."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from simastra.engine import Category
from simastra.trace import Node
from simastra.units import Bytes, NpuId, Ns
from simastra.view.devices import DeviceNames
from simastra.workload import (
    NODE_KINDS,
    Activity,
    Collective,
    Program,
    Resource,
    distinct_programs,
)
from simastra.workload.kind_of_work import KindOfWork, kind_of_work

from .attribution import Attribution
from .spans import Span
from .tables import like_npus_table

_PRINTED_ROWS = 20


@dataclass(frozen=True, slots=True)
class SpanRecord:
    """A span as plain data.

    Attributes:
        start: in ns.
        end: in ns, after `start`.
        category: what it is spent on.
        npu: as of `Span`.
        node: id of the ET node, None where that isn't known.
        name: the node's name; None likewise.
        peer: as of `Span`.
        link: as of `Span`.
        collective: what the node communicates, such as "ALL_REDUCE"; None if it is no collective.
        size: bytes of the collective, as its node gives them; None likewise.
        group: number of its process group, 0 for an NPU's usual one; None likewise.
        work: what kind of work the node is; None where the node isn't known.
        sharers: as of `Span`.
        because: as of `Span`.
    """

    start: Ns
    end: Ns
    category: Category
    npu: NpuId | None = None
    node: int | None = None
    name: str | None = None
    peer: NpuId | None = None
    link: tuple[int, int] | None = None
    collective: str | None = None
    size: Bytes | None = None
    group: int | None = None
    work: KindOfWork | None = None
    sharers: tuple[NpuId, ...] = ()
    because: str = ""

    @property
    def duration(self) -> Ns:
        """Its length, in ns."""
        return self.end - self.start

    def to_dict(self) -> dict[str, Any]:
        """Plain lists, numbers and strings, ready for JSON; times in ns."""
        link = None if self.link is None else list(self.link)
        work = None if self.work is None else self.work.value
        told = {**asdict(self), "category": self.category.value, "link": link, "work": work}
        del told["sharers"], told["because"]
        if self.sharers:
            told["sharers"] = list(self.sharers)
        return {**told, "because": self.because} if self.because else told


@dataclass(frozen=True, slots=True)
class ExplanationRecord:
    """An explanation as plain data, which can be copied, pickled and written.

    Attributes:
        makespan: when the last NPU finished, in ns.
        last: that NPU; the lowest where several did at one time.
        attributions: what each NPU's time went to, by NPU.
        path: the critical path of the last NPU: spans that follow each other from 0 to `makespan`.
        names: what the network's file calls the devices; None where it gives no names.
    """

    makespan: Ns
    last: NpuId
    attributions: tuple[Attribution, ...]
    path: tuple[SpanRecord, ...]
    names: DeviceNames | None = field(default=None, compare=False)

    @property
    def device_names(self) -> DeviceNames:
        """What devices are called."""
        return self.names or DeviceNames(self.npus)

    @property
    def npus(self) -> int:
        """Number of NPUs."""
        return len(self.attributions)

    def __str__(self) -> str:
        times: dict[Category, Ns] = {}
        for span in self.path:
            times[span.category] = times.get(span.category, 0) + span.end - span.start
        spent = ", ".join(f"{it} {times[it]}" for it in Category if times.get(it))
        return (
            f"{like_npus_table(self.attributions, _PRINTED_ROWS)}\n\n"
            f"critical path of NPU {self.last}, which finishes last, at {self.makespan} ns: {spent}"
        )

    def to_dict(self) -> dict[str, Any]:
        """Plain dicts, lists, numbers and strings, ready for JSON; times in ns."""
        return {
            "makespan": self.makespan,
            "attributions": [each.to_dict() for each in self.attributions],
            "critical_path": {"npu": self.last, "spans": [span.to_dict() for span in self.path]},
        }


def span_records(path: Sequence[Span], programs: Sequence[Program]) -> tuple[SpanRecord, ...]:
    """The spans of a path as plain data.

    Args:
        path: of NPUs that did what `programs` say.
        programs: by NPU.
    """
    # By identity: nodes hash slowly, and NPUs may share them.
    nodes = {id(span.node) for span in path if span.node is not None}
    collectives: dict[int, Collective] = {}
    on_cpu: set[int] = set()
    for program in distinct_programs(programs):
        columns = zip(program.graph.nodes, program.operations, program.resources, strict=True)
        for node, operation, resource in columns:
            if id(node) in nodes:
                if isinstance(operation, Collective):
                    collectives[id(node)] = operation
                if resource is Resource.CPU:
                    on_cpu.add(id(node))
    return tuple(_record(span, collectives, on_cpu) for span in path)


def _record(
    span: Span, collectives: Mapping[int, Collective], on_cpu: Collection[int]
) -> SpanRecord:
    node: Node | None = span.node
    if node is None:
        return SpanRecord(
            span.start,
            span.end,
            span.category,
            span.npu,
            peer=span.peer,
            link=span.link,
            sharers=span.sharers,
            because=span.because,
        )
    found = collectives.get(id(node))
    is_on_cpu = id(node) in on_cpu and NODE_KINDS[node.type].runs_on_cpu
    activity = Activity.CPU if is_on_cpu else NODE_KINDS[node.type].activity
    return SpanRecord(
        span.start,
        span.end,
        span.category,
        span.npu,
        node.id,
        node.name,
        span.peer,
        span.link,
        None if found is None else found.kind.name,
        None if found is None else found.size,
        None if found is None else found.group,
        kind_of_work(node, activity),
        span.sharers,
        span.because,
    )
