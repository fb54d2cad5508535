"""What a node of a Chrome trace says of itself, for people who click on it and for SQL."""

from collections.abc import Mapping

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
        arguments.update([entry for entry in _given(node) if entry[1] is not None])
        lists = (
            ("dimensions", [at for at, involved in enumerate(node.involved_dim or ()) if involved]),
            ("algorithm", self._algorithms.get((npu, node_id), ())),
            ("data_deps", node.data_deps),
            ("ctrl_deps", node.ctrl_deps),
        )
        arguments.update([(name, ", ".join(map(str, them))) for name, them in lists if them])
        event["cname"] = CHROME_COLOURS[kind]

    def _node(self, npu: NpuId, node_id: int) -> Node | None:
        if self._trace is None:
            return None
        nodes = self._trace.npus[npu]
        by_id = self._by_id.get(id(nodes))
        if by_id is None:  # NPUs that are alike share their nodes
            by_id = self._by_id[id(nodes)] = {node.id: node for node in nodes}
        return by_id.get(node_id)


def _given(node: Node) -> tuple[tuple[str, object], ...]:
    """What a node may have, None for what it hasn't."""
    return (
        ("num_ops", node.num_ops),
        ("tensor_size", node.tensor_size),
        ("collective", None if node.comm_type is None else node.comm_type.name),
        ("bytes", node.comm_size),
        ("group", node.pg_name),
        ("src", node.comm_src),
        ("dst", node.comm_dst),
        ("tag", node.comm_tag),
        ("priority", node.comm_priority),
    )
