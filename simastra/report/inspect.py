"""What is in a trace: counts, bytes, times and problems, without simulating it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from simastra.notices import Notice
from simastra.simulation.checks.trace import trace_notices
from simastra.trace import Node, NodeType
from simastra.units import Bytes, NpuId, Ns

from .critical_path import critical_path

if TYPE_CHECKING:  # it loads google.protobuf, which not every command needs
    from simastra.trace.contents import TraceContents

_NO_TYPE = "not given"


@dataclass(frozen=True, slots=True)
class NpuFile:
    """The trace file of one NPU.

    Attributes:
        npu: the NPU.
        name: what to call the file.
        contents: what it holds.
    """

    npu: NpuId
    name: str
    contents: TraceContents


@dataclass(frozen=True, slots=True)
class Traffic:
    """Communication or memory nodes that are alike.

    Attributes:
        what: the collective's type, or the node's.
        group: the process group of a collective; empty if the node names none.
        nodes: how many.
        size: bytes of all of them together.
    """

    what: str
    group: str
    nodes: int
    size: Bytes


@dataclass(frozen=True, slots=True)
class NodesSummary:
    """What the nodes of one NPU, or of several with the same nodes, come to.

    Attributes:
        sources: the files that hold them.
        form: how they are written down, "protobuf" or "JSON".
        schema: what the file says of the schema; empty if nothing.
        nodes: how many, by name of the type.
        traffic: communication and remote memory.
        compute: recorded durations of computations on the GPU together, in ns.
        cpu: those of nodes that are marked as the CPU's.
        critical_path: recorded durations along the longest chain of dependencies, in ns; None, as
            the next three, if dependencies go in a circle.
        critical_nodes: nodes on that chain.
        depth: nodes on the chain with the most nodes.
        width: the most nodes that could run side by side, if all took equally long.
        parallelism: all recorded durations by those of the longest chain: how many nodes run side
            by side on average, if only dependencies hold them back; None also if all are zero.
        edits: what `simastra edit` has done to it, as its metadata says.
    """

    sources: tuple[str, ...]
    form: str
    schema: str
    nodes: dict[str, int]
    traffic: tuple[Traffic, ...]
    compute: Ns
    cpu: Ns
    critical_path: Ns | None
    critical_nodes: int | None
    depth: int | None
    width: int | None
    parallelism: float | None
    edits: tuple[str, ...] = ()

    @property
    def count(self) -> int:
        """Number of nodes, of one NPU."""
        return sum(self.nodes.values())


@dataclass(frozen=True, slots=True)
class TraceSummary:
    """What a trace comes to.

    Attributes:
        npus: number of files.
        nodes: how many of all NPUs together, by name of the type.
        traffic: that of all NPUs together.
        parts: one for each set of nodes that differs from the others, in order of first NPU.
        findings: what is wrong or doubtful.
    """

    npus: int
    nodes: dict[str, int]
    traffic: tuple[Traffic, ...]
    parts: tuple[NodesSummary, ...]
    findings: tuple[Notice, ...]

    def to_dict(self) -> dict[str, Any]:
        """Plain dicts, lists, numbers and strings, ready for JSON; sizes in bytes, times in ns."""
        return asdict(self)


def inspect_trace(files: Sequence[NpuFile], source: str) -> TraceSummary:
    """Sum up a trace.

    Args:
        files: those of all NPUs, in order, or that of any one. NPUs with the same contents (``is``)
            are summed up once.
        source: what to call all of it.
    """
    names: dict[int, list[str]] = {}
    distinct: dict[int, TraceContents] = {}
    for file in files:
        names.setdefault(id(file.contents), []).append(file.name)
        distinct[id(file.contents)] = file.contents
    parts = [_summary(distinct[key], tuple(sources)) for key, sources in names.items()]
    unknown: Counter[str] = Counter()
    for file in files:
        unknown.update(file.contents.other_attributes)
    npus = {file.npu: file.contents.nodes for file in files}
    names_of_files = {file.npu: file.name for file in files}
    findings = trace_notices(npus, names_of_files, unknown, source)
    return TraceSummary(
        len(files), _all_nodes(parts), _all_traffic(parts), tuple(parts), tuple(findings)
    )


def _summary(contents: TraceContents, sources: tuple[str, ...]) -> NodesSummary:
    nodes = contents.nodes
    types = Counter(node.type for node in nodes)
    on_cpu = sum(node.exact_duration for node in nodes if node.is_cpu_op)
    compute = sum(
        node.exact_duration for node in nodes if node.type is NodeType.COMP and not node.is_cpu_op
    )
    path = critical_path(nodes)
    total = sum(node.exact_duration for node in nodes)
    return NodesSummary(
        sources=sources,
        form=contents.form.value,
        schema=contents.schema,
        nodes={node_type.name: types[node_type] for node_type in sorted(types)},
        traffic=_traffic(nodes),
        compute=compute,
        cpu=on_cpu,
        critical_path=None if path is None else path.time,
        critical_nodes=None if path is None else len(path.nodes),
        depth=None if path is None else path.depth,
        width=None if path is None else path.width,
        parallelism=total / path.time if path and path.time else None,
        edits=contents.edits,
    )


def _traffic(nodes: Sequence[Node]) -> tuple[Traffic, ...]:
    counts: Counter[tuple[str, str]] = Counter()
    sizes: Counter[tuple[str, str]] = Counter()
    for node in nodes:
        match node.type:
            case NodeType.COMM_COLL:
                what = node.comm_type.name if node.comm_type is not None else _NO_TYPE
                key, size = (what, node.pg_name or ""), node.comm_size
            case NodeType.COMM_SEND | NodeType.COMM_RECV:
                key, size = (node.type.name, ""), node.comm_size
            case NodeType.MEM_LOAD | NodeType.MEM_STORE:
                key, size = (node.type.name, ""), node.tensor_size
            case _:
                continue
        counts[key] += 1
        sizes[key] += size or 0
    return tuple(Traffic(*key, count, sizes[key]) for key, count in sorted(counts.items()))


def _all_nodes(parts: Sequence[NodesSummary]) -> dict[str, int]:
    counts: Counter[str] = Counter()
    for part in parts:
        counts.update({name: count * len(part.sources) for name, count in part.nodes.items()})
    return {kind.name: counts[kind.name] for kind in NodeType if kind.name in counts}


def _all_traffic(parts: Sequence[NodesSummary]) -> tuple[Traffic, ...]:
    counts: Counter[tuple[str, str]] = Counter()
    sizes: Counter[tuple[str, str]] = Counter()
    for part in parts:
        for traffic in part.traffic:
            counts[traffic.what, traffic.group] += traffic.nodes * len(part.sources)
            sizes[traffic.what, traffic.group] += traffic.size * len(part.sources)
    return tuple(Traffic(*key, count, sizes[key]) for key, count in sorted(counts.items()))
