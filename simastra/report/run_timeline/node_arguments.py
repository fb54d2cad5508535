"""What a node of a Chrome trace says of itself, for people who click on it and for SQL."""

from collections.abc import Collection, Mapping

from simastra.palette.chrome import CHROME_COLOURS
from simastra.report.run_records import RunRecords
from simastra.report.timeline import ChromeEvent
from simastra.trace import Node
from simastra.units import NpuId
from simastra.workload.kind_of_work import kind_of_work


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

    def complete(self, event: ChromeEvent, npu: NpuId, node_id: int, activity: str) -> None:
        """Give a node's event its arguments, the id first, and its colour."""
        node = self._node(npu, node_id)
        arguments: dict[str, object] = {"node": node_id}
        event["args"] = arguments
        if node is None:
            return
        kind = kind_of_work(node, activity)
        arguments["type"] = node.type.name
        arguments["kind"] = kind.value
        given = zip(_GIVEN, _given(node), strict=True)
        arguments.update([entry for entry in given if entry[1] is not None])
        if node.involved_dim:
            involved = [str(at) for at, is_involved in enumerate(node.involved_dim) if is_involved]
            _tell(arguments, "dimensions", involved)
        if self._algorithms:
            _tell(arguments, "algorithm", self._algorithms.get((npu, node_id), ()))
        _tell(arguments, "data_deps", node.data_deps)
        _tell(arguments, "ctrl_deps", node.ctrl_deps)
        event["cname"] = CHROME_COLOURS[kind]

    def _node(self, npu: NpuId, node_id: int) -> Node | None:
        if self._trace is None:
            return None
        nodes = self._trace.npus[npu]
        if (
            0 <= node_id < len(nodes) and nodes[node_id].id == node_id
        ):  # as they mostly are numbered
            return nodes[node_id]
        by_id = self._by_id.get(id(nodes))
        if by_id is None:  # NPUs that are alike share their nodes
            by_id = self._by_id[id(nodes)] = {node.id: node for node in nodes}
        return by_id.get(node_id)


_GIVEN = (
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


def _given(node: Node) -> tuple[object, ...]:
    """What a node may have, in the order of `_GIVEN`; None for what it hasn't."""
    return (
        node.num_ops,
        node.tensor_size,
        None if node.comm_type is None else node.comm_type.name,
        node.comm_size,
        node.pg_name,
        node.comm_src,
        node.comm_dst,
        node.comm_tag,
        node.comm_priority,
    )


def _tell(arguments: dict[str, object], name: str, items: Collection[object]) -> None:
    """Add a list, if there is something in it."""
    if items:
        arguments[name] = ", ".join(map(str, items))
