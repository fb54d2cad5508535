"""The nodes that Chakra's own converter makes: the same types, dependencies and durations.

Its rules, wrong ones too, are those of docs/chakra.md 2.5. What makes it crash doesn't here:
a communication kernel that it doesn't know stays a computation.
"""

from collections.abc import Iterator
from dataclasses import replace

from simastra.trace import COMMUNICATION_TYPES, CollectiveType, NodeType
from simastra.units import Bytes, micros_to_ns

from .edges import EdgeReason, Edges
from .encode import CommunicationAttributes, ConvertedNode
from .names import PARAMETERS
from .operators import THREAD_ROOTS, Operator, size_of
from .read import LinkedTrace

_COLLECTIVES = (
    ("allreduce", CollectiveType.ALL_REDUCE),
    ("alltoall", CollectiveType.ALL_TO_ALL),
    ("allgather", CollectiveType.ALL_GATHER),
    ("reducescatter", CollectiveType.REDUCE_SCATTER),
    ("broadcast", CollectiveType.BROADCAST),
)
_SEND_RECEIVE = "ncclDevKernel_SendRecv"


def chakra_edges(trace: LinkedTrace) -> Edges:
    """Return the data dependencies that Chakra's converter finds."""
    trace = _as_chakra_links(trace)
    by_id = {operator.id: operator for operator in trace.operators}
    children = _children(trace, by_id)
    edges = Edges()
    converted = _converted(trace, by_id)
    for root in converted:
        if root.name in THREAD_ROOTS:
            _order_thread(root, children, edges)
    edges.keep_only(operator.id for operator in converted)
    return edges


def chakra_nodes(trace: LinkedTrace, edges: Edges) -> Iterator[ConvertedNode]:
    """Yield the nodes that Chakra's converter writes, in order of id."""
    trace = _as_chakra_links(trace)
    by_id = {operator.id: operator for operator in trace.operators}
    converted = _converted(trace, by_id)
    needed = {needs for operator in converted for needs in edges.of(operator.id)}
    place = {operator.id: position for position, operator in enumerate(converted)}
    for operator in sorted(converted, key=lambda op: op.id):
        deps = edges.of(operator.id)
        if not deps and operator.id not in needed:
            continue  # the process, and what no thread holds
        parent = operator.parent
        before = parent is not None and place.get(parent, len(place)) < place[operator.id]
        kind = _type(operator, by_id)
        yield ConvertedNode(
            operator,
            kind,
            0
            if "Optimizer.step" in operator.name
            else micros_to_ns(int(operator.exclusive_micros)),
            deps,
            (parent,) if before and parent is not None else (),
            on_cpu=not operator.on_device,
            communication=_communication(operator, kind, by_id),
            with_arguments=True,
        )


def _as_chakra_links(trace: LinkedTrace) -> LinkedTrace:
    """Leave out what Chakra's linker never writes: memory that the device sets."""
    kept = tuple(op for op in trace.operators if op.category != "gpu_memset")
    return replace(trace, operators=kept)


def _converted(trace: LinkedTrace, by_id: dict[int, Operator]) -> list[Operator]:
    """Operators in the order in which Chakra makes nodes of them: each with its kernels."""
    kernels: dict[int, list[Operator]] = {}
    for operator in trace.operators:
        if operator.on_device and operator.parent in by_id and not operator.tells_groups:
            kernels.setdefault(operator.parent or 0, []).append(operator)
    order: dict[int, Operator] = {}
    for operator in trace.operators:
        if not operator.on_device or operator.tells_groups:
            order.setdefault(operator.id, operator)
            for kernel in kernels.get(operator.id, ()):
                order.setdefault(kernel.id, kernel)
    return list(order.values())


def _children(trace: LinkedTrace, by_id: dict[int, Operator]) -> dict[int, list[Operator]]:
    children: dict[int, list[Operator]] = {}
    for operator in trace.operators:
        if operator.parent in by_id:
            children.setdefault(operator.parent or 0, []).append(operator)
    return children


def _order_thread(root: Operator, children: dict[int, list[Operator]], edges: Edges) -> None:
    """Chain what a thread root calls, callers before called; a kernel hangs on its launcher."""
    visited: set[int] = set()
    stack = [root]
    last: int | None = None
    while stack:
        operator = stack.pop()
        if operator.id in visited:
            continue
        visited.add(operator.id)
        if operator.inter_thread_dep and not operator.on_device:
            edges.add(operator.id, operator.inter_thread_dep, EdgeReason.RECORDED)
        if last is not None:
            edges.add(operator.id, last, EdgeReason.THREAD)
        if not operator.on_device:
            last = operator.id
        called = sorted(children.get(operator.id, ()), key=lambda op: op.id, reverse=True)
        stack += [child for child in called if child.id not in visited]


def _type(operator: Operator, by_id: dict[int, Operator]) -> NodeType:
    if operator.tells_groups:
        return NodeType.METADATA
    if not operator.on_device:
        return NodeType.COMP
    if _SEND_RECEIVE in operator.name:
        keyword = _keyword(operator, by_id)
        if "send" in keyword:
            return NodeType.COMM_SEND
        if "recv" in keyword:
            return NodeType.COMM_RECV
    known = "ncclKernel" in operator.name or "ncclDevKernel" in operator.name
    return NodeType.COMM_COLL if known and _collective(operator.name) else NodeType.COMP


def _keyword(operator: Operator, by_id: dict[int, Operator]) -> str:
    parent = None if operator.parent is None else by_id.get(operator.parent)
    if parent is not None and parent.name == PARAMETERS and parent.parent is not None:
        parent = by_id.get(parent.parent)
    return "" if parent is None else parent.name


def _collective(name: str) -> tuple[CollectiveType] | None:
    normal = name.replace("_", "").replace("-", "").lower()
    for fragment, collective in _COLLECTIVES:
        if fragment in normal:
            return (collective,)
    return (CollectiveType.ALL_TO_ALL,) if _SEND_RECEIVE in name else None


def _communication(
    operator: Operator, kind: NodeType, by_id: dict[int, Operator]
) -> CommunicationAttributes | None:
    if kind not in COMMUNICATION_TYPES:
        return None
    found = _collective(operator.name) if kind is NodeType.COMM_COLL else None
    pg_name = operator.pg_name
    parent = None if operator.parent is None else by_id.get(operator.parent)
    if _SEND_RECEIVE in operator.name and parent is not None and parent.name == PARAMETERS:
        pg_name = parent.pg_name or pg_name
    return CommunicationAttributes(
        None if found is None else found[0], _size(operator), pg_name=pg_name
    )


def _size(operator: Operator) -> Bytes:
    """Bytes of all inputs, results that are passed as such included."""
    return sum(
        size_of(value)
        for value, kind in zip(operator.inputs.values, operator.inputs.types, strict=False)
        if isinstance(kind, str) and "Tensor" in kind
    )
