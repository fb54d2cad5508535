"""What a node of a Chrome trace says of itself, for people who click on it and for SQL."""

from collections.abc import Mapping, Sequence
from itertools import product

from simastra.palette.chrome import CHROME_COLOURS
from simastra.report.run_records import RunRecords
from simastra.trace import Node, NodeType
from simastra.units import NpuId
from simastra.workload.kind_of_work import KindOfWork, kind_of_work

from .event_text import json_line


class NodeArguments:
    """Looks nodes up in the trace that was simulated, and in what was recorded.

    Args:
        records: with the trace, or without one; then there is nothing to tell.
    """

    def __init__(self, records: RunRecords) -> None:
        self._trace = records.trace
        self._by_id: dict[int, Mapping[int, Node]] = {}  # by the identity of an NPU's nodes
        self._algorithms: dict[tuple[NpuId, int], dict[str, None]] = {}
        for it in records.phases.records:
            if it.node is not None:
                self._algorithms.setdefault((it.npu, it.node), {})[it.algorithm] = None

    def text(self, npu: NpuId, node_id: int, activity: str, *, finished: bool) -> str:
        """The JSON that ends a node's event: its arguments, the id first, and its colour.

        Args:
            npu: whose node it is.
            node_id: its id.
            activity: what the NPU spent its time on.
            finished: whether it has.
        """
        node = self._node(npu, node_id)
        parts = [f'"args":{{"node":{node_id}']
        end = "}}"
        if node is not None:
            kind = kind_of_work(node, activity)
            parts.append(_TYPES_AND_KINDS[node.type, kind])
            parts += self._told(npu, node)
            end = _COLOURS[kind]
        if not finished:
            parts.append(',"finished":false')
        return "".join((*parts, end))

    def _told(self, npu: NpuId, node: Node) -> list[str]:
        """What a node has, one by one; of a million nodes, most have but a few."""
        given = zip(_GIVEN, _given(node), strict=True)
        told = [f"{name}{value}" for name, value in given if value is not None]
        if node.involved_dim:
            involved = [str(at) for at, is_involved in enumerate(node.involved_dim) if is_involved]
            if involved:
                told.append(f',"dimensions":"{", ".join(involved)}"')
        if node.comm_sizes is not None:
            told.append(f',"sizes":"{_first_sizes(node.comm_sizes)}"')
        if self._algorithms:
            algorithms = self._algorithms.get((npu, node.id), ())
            if algorithms:
                told.append(f',"algorithm":{json_line(", ".join(algorithms))}')
        if node.data_deps:
            told.append(f',"data_deps":"{", ".join(map(str, node.data_deps))}"')
        if node.ctrl_deps:
            told.append(f',"ctrl_deps":"{", ".join(map(str, node.ctrl_deps))}"')
        return told

    def _node(self, npu: NpuId, node_id: int) -> Node | None:
        if self._trace is None:
            return None
        nodes = self._trace.npus[npu]
        # They mostly are numbered so.
        if 0 <= node_id < len(nodes) and nodes[node_id].id == node_id:
            return nodes[node_id]
        by_id = self._by_id.get(id(nodes))
        if by_id is None:  # NPUs that are alike share their nodes
            by_id = self._by_id[id(nodes)] = {node.id: node for node in nodes}
        return by_id.get(node_id)


_MOST_SIZES = 16


def _first_sizes(sizes: Sequence[int]) -> str:
    """Bytes for each member, the first of many."""
    shown = ", ".join(map(str, sizes[:_MOST_SIZES]))
    return f"{shown}, ..." if len(sizes) > _MOST_SIZES else shown


_TYPES_AND_KINDS = {
    (kind, work): f',"type":"{kind.name}","kind":"{work.value}"'
    for kind, work in product(NodeType, KindOfWork)
}

_COLOURS = {kind: f'}},"cname":"{colour}"}}' for kind, colour in CHROME_COLOURS.items()}

_GIVEN = tuple(
    f',"{name}":'
    for name in (
        "num_ops",
        "tensor_size",
        "collective",
        "bytes",
        "group",
        "src",
        "dst",
        "tag",
        "priority",
    )
)


def _given(node: Node) -> tuple[object, ...]:
    """What a node may have, in the order of `_GIVEN` and as JSON; None for what it hasn't."""
    return (
        node.num_ops,
        node.tensor_size,
        None if node.comm_type is None else f'"{node.comm_type.name}"',
        node.comm_size,
        None if node.pg_name is None else json_line(node.pg_name),
        node.comm_src,
        node.comm_dst,
        node.comm_tag,
        node.comm_priority,
    )
