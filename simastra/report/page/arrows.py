"""Arrows of the page's timeline: from a node that sends to the node that receives."""

from collections import defaultdict, deque
from collections.abc import Collection, Iterator
from typing import Any, NamedTuple

from simastra.result import NodeRecord, Result
from simastra.simulation import Simulation
from simastra.trace import MESSAGE_TYPES, Node, NodeType
from simastra.units import NpuId, Ns

_MOST_ARROWS = 4000


class Arrow(NamedTuple):
    """A message between two nodes: when its sender issued it, and when its receiver had it."""

    src: NpuId
    dst: NpuId
    start: Ns
    end: Ns


class _Envelope(NamedTuple):
    src: NpuId
    dst: NpuId
    tag: int
    size: int


def arrow_data(simulation: Simulation, result: Result, first: Collection[NpuId]) -> dict[str, Any]:
    """Return the arrows in columns; if there are too many, those from the NPUs in `first` first."""
    arrows = list(_arrows(simulation, result))
    wanted = set(first)
    shown = sorted(arrows, key=lambda it: (it.src not in wanted, it.start, it))[:_MOST_ARROWS]
    shown.sort(key=lambda it: (it.start, it))
    return {
        "total": len(arrows),
        **{field: [getattr(it, field) for it in shown] for field in Arrow._fields},
    }


def _arrows(simulation: Simulation, result: Result) -> Iterator[Arrow]:
    """Messages of one envelope arrive in the order in which they were sent."""
    sent: defaultdict[_Envelope, deque[NodeRecord]] = defaultdict(deque)
    received: defaultdict[_Envelope, deque[NodeRecord]] = defaultdict(deque)
    for npu, (nodes, records) in enumerate(zip(simulation.trace.npus, result.nodes, strict=False)):
        ends = {node.id: node for node in nodes if node.type in MESSAGE_TYPES}
        if not ends:
            continue
        for record in sorted(records, key=lambda it: (it.issued, it.node)):
            node = ends.get(record.node)
            if node is not None:
                table = sent if node.type is NodeType.COMM_SEND else received
                table[_envelope(npu, node)].append(record)
    for envelope, senders in sent.items():
        for sender, receiver in zip(senders, received.get(envelope, ()), strict=False):
            yield Arrow(envelope.src, envelope.dst, sender.issued, receiver.finished)


def _envelope(npu: NpuId, node: Node) -> _Envelope:
    size, tag = node.comm_size or 0, node.comm_tag or 0
    if node.type is NodeType.COMM_SEND:
        return _Envelope(npu, -1 if node.comm_dst is None else node.comm_dst, tag, size)
    return _Envelope(-1 if node.comm_src is None else node.comm_src, npu, tag, size)
