"""What a trace asks for that the machine can't do: found before the run, not in its middle."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from simastra.errors import TraceError
from simastra.trace import CollectiveType, Node, Trace, check_nodes
from simastra.units import NpuId

from .operation import (
    CollectiveOperation,
    MemoryOperation,
    Operation,
    OperationRules,
    ReceiveOperation,
    SendOperation,
)


@dataclass(frozen=True, slots=True)
class Machine:
    """What a trace may ask of the machine.

    Attributes:
        npus: number of NPUs.
        has_memory: whether there is remote memory.
        carries_to_self: whether the network carries a message to its own sender.
        check_collective: raises a ConfigError if a collective can't run with that ``involved_dim``.
    """

    npus: int
    has_memory: bool
    carries_to_self: bool
    check_collective: Callable[[CollectiveOperation], None]


def check_workload(trace: Trace, rules: OperationRules, machine: Machine) -> None:
    """Check every node of every NPU; NPUs that share their nodes share the work.

    Raises:
        TraceError: if nodes, their dependencies or their attributes are wrong, or ask for an NPU or
            a memory that doesn't exist.
        ConfigError: if the system configuration has no way to run a collective.
    """
    operations: dict[int, list[tuple[Node, Operation]]] = {}
    for npu, (nodes, source) in enumerate(zip(trace.npus, trace.sources, strict=True)):
        if id(nodes) not in operations:
            check_nodes(nodes, source, with_ctrl_deps=rules.dialect.follows_ctrl_deps)
            operations[id(nodes)] = list(_checked(nodes, source, rules, machine))
        for node, operation in operations[id(nodes)]:
            _check_peer(npu, node, operation, source, machine)


def _checked(
    nodes: tuple[Node, ...], source: str, rules: OperationRules, machine: Machine
) -> Iterator[tuple[Node, Operation]]:
    """Check what doesn't depend on the NPU; yield the point-to-point nodes, which do."""
    seen: set[tuple[CollectiveType, object]] = set()
    for node in nodes:
        try:
            operation = rules.operation(node)
        except TraceError as error:
            raise TraceError(error.problem, source=source, node=error.node) from None
        match operation:
            case CollectiveOperation(collective, _, involved):
                if (collective, involved) not in seen:
                    seen.add((collective, involved))
                    machine.check_collective(operation)
            case MemoryOperation() if not machine.has_memory:
                raise TraceError(
                    f"{node.name!r} accesses remote memory, and there is none; give a memory "
                    "configuration whose memory-type isn't NO_MEMORY_EXPANSION",
                    source=source,
                    node=node.id,
                )
            case SendOperation() | ReceiveOperation():
                yield node, operation
            case _:
                pass


def _check_peer(
    npu: NpuId, node: Node, operation: Operation, source: str, machine: Machine
) -> None:
    match operation:
        case SendOperation(dst):
            peer, attribute = dst, "comm_dst"
        case ReceiveOperation(src):
            peer, attribute = src, "comm_src"
        case _:
            return
    if peer >= machine.npus:
        raise TraceError(
            f"{node.name!r} has {attribute} {peer}, but the network's NPUs are "
            f"0 to {machine.npus - 1}",
            source=source,
            node=node.id,
        )
    if peer == npu and not machine.carries_to_self:
        raise TraceError(
            f"{node.name!r} has {attribute} {peer}, the NPU itself; no link leads back to it",
            source=source,
            node=node.id,
        )
