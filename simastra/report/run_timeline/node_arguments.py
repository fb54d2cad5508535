"""What a node of a Chrome trace says of itself, for people who click on it and for SQL."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import compress, count, product
from operator import attrgetter
from typing import Any

from simastra.palette.chrome import CHROME_COLOURS
from simastra.report.run_records import RunRecords
from simastra.trace import CollectiveType, Node, NodeType
from simastra.trace.node_facts import NodeFacts
from simastra.units import NpuId
from simastra.workload.kind_of_work import KindOfWork, kind_of_facts

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

    def text(
        self, npu: NpuId, node_id: int, activity: str, told: NodeFacts | None, *, finished: bool
    ) -> str:
        """The JSON that ends a node's event: its arguments, the id first, and its colour.

        Args:
            npu: whose node it is.
            node_id: its id.
            activity: what the NPU spent its time on.
            told: its attributes FACTS; None where they have to be looked up.
            finished: whether it has.
        """
        facts = self._facts(npu, node_id) if told is None or self._trace is None else told
        if facts is None:
            return f'"args":{{"node":{node_id}{_WHETHER_FINISHED[finished]}}}}}'
        node_type, name, purpose, comm_type = facts[:4]
        kind = kind_of_facts(node_type, name, purpose, comm_type, activity)
        return (
            f'"args":{{"node":{node_id}{_TYPES_AND_KINDS[node_type, kind]}'
            f"{self._given(npu, node_id, comm_type, facts[4:])}"
            f"{_WHETHER_FINISHED[finished]}{_COLOURS[kind]}"
        )

    def _given(
        self, npu: NpuId, node_id: int, collective: CollectiveType | None, given: Sequence[Any]
    ) -> str:
        """What a node has, one by one; of a million nodes, most have but a few."""
        num_ops, tensor_size = given[:2]
        of_communication = given[2:7]
        group, involved_dim, sizes, data_deps, ctrl_deps = given[7:]
        told = "" if num_ops is None else f',"num_ops":{num_ops}'
        if tensor_size is not None:
            told += f',"tensor_size":{tensor_size}'
        if collective is not None or group is not None or of_communication != _NOTHING:
            told += _of_communication(collective, group, of_communication)
        if involved_dim and any(involved_dim):
            told += f',"dimensions":"{_joined(compress(count(), involved_dim))}"'
        if sizes is not None:
            told += f',"sizes":"{_first_sizes(sizes)}"'
        algorithms = self._algorithms and self._algorithms.get((npu, node_id))
        if algorithms:
            told += f',"algorithm":{json_line(", ".join(algorithms))}'
        if data_deps:
            told += f',"data_deps":"{_joined(data_deps)}"'
        return f'{told},"ctrl_deps":"{_joined(ctrl_deps)}"' if ctrl_deps else told

    def _facts(self, npu: NpuId, node_id: int) -> NodeFacts | None:
        node = self._node(npu, node_id)
        return None if node is None else _FACTS(node)

    def _node(self, npu: NpuId, node_id: int) -> Node | None:
        if self._trace is None:
            return None
        nodes = self._trace.npus[npu]
        # They mostly are numbered so.
        if 0 <= node_id < len(nodes):
            node = nodes[node_id]
            if node.id == node_id:
                return node
        by_id = self._by_id.get(id(nodes))
        if by_id is None:  # NPUs that are alike share their nodes
            by_id = self._by_id[id(nodes)] = {node.id: node for node in nodes}
        return by_id.get(node_id)


FACTS = (
    *("type", "name", "purpose", "comm_type"),
    *("num_ops", "tensor_size", "comm_size", "comm_src", "comm_dst", "comm_tag", "comm_priority"),
    *("pg_name", "involved_dim", "comm_sizes", "data_deps", "ctrl_deps"),
)
"""The attributes of a node that it tells."""

_FACTS = attrgetter(*FACTS)

_NOTHING = (None,) * 5


def _of_communication(
    collective: CollectiveType | None, group: str | None, given: Sequence[int | None]
) -> str:
    """What a node says of its communication."""
    size, src, dst, tag, priority = given
    told = (
        ("collective", None if collective is None else f'"{collective.name}"'),
        ("bytes", size),
        ("group", None if group is None else json_line(group)),
        ("src", src),
        ("dst", dst),
        ("tag", tag),
        ("priority", priority),
    )
    return "".join([f',"{name}":{value}' for name, value in told if value is not None])


def _joined(numbers: Iterable[int]) -> str:
    return ", ".join(map(str, numbers))


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

_WHETHER_FINISHED = (',"finished":false', "")
