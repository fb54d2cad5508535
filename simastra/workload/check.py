"""What a trace asks for that the machine can't do: found before the run, not in its middle."""

from collections.abc import Hashable, Iterator
from dataclasses import dataclass, replace
from typing import Protocol

from simastra.errors import TraceError
from simastra.trace import Node, Trace, check_nodes
from simastra.units import NpuId

from .operation import (
    CollectiveOperation,
    MemoryOperation,
    Operation,
    OperationRules,
    ReceiveOperation,
    SendOperation,
)


class Machine(Protocol):
    """What a trace may ask of the machine."""

    @property
    def npus(self) -> int:
        """Number of NPUs."""

    @property
    def has_memory(self) -> bool:
        """Whether there is remote memory."""

    @property
    def carries_to_self(self) -> bool:
        """Whether the network carries a message to its own sender."""

    def collective_problem(self, npu: NpuId, operation: CollectiveOperation) -> str | None:
        """What is wrong with a node's process group or root on `npu`, None if nothing is."""

    def kind(self, operation: CollectiveOperation) -> Hashable:
        """Collectives of the same kind are checked once."""

    def check_collective(self, npu: NpuId, operation: CollectiveOperation) -> None:
        """Raise a ConfigError if the system configuration can't run a collective."""


@dataclass(frozen=True, slots=True)
class _Located:
    """A node in question: its operation, and where it stands."""

    node: Node
    operation: Operation
    source: str

    def error(self, problem: str) -> TraceError:
        return TraceError(f"{self.node.name!r} {problem}", source=self.source, node=self.node.id)


def check_workload(trace: Trace, rules: OperationRules, machine: Machine) -> None:
    """Check every node of every NPU; NPUs that share their nodes share the work.

    Raises:
        TraceError: if nodes, their dependencies or their attributes are wrong, or ask for an NPU, a
            process group or a memory that doesn't exist.
        ConfigError: if the system configuration has no way to run a collective.
    """
    per_npu: dict[int, list[_Located]] = {}
    for npu, (nodes, source) in enumerate(zip(trace.npus, trace.sources, strict=True)):
        if id(nodes) not in per_npu:
            check_nodes(nodes, source, with_ctrl_deps=rules.dialect.follows_ctrl_deps)
            per_npu[id(nodes)] = list(_checked(nodes, source, rules, machine))
        for located in per_npu[id(nodes)]:
            here = replace(located, source=source)  # a mistake may be this NPU's alone
            _check_on_npu(npu, here, rules, machine)


def _checked(
    nodes: tuple[Node, ...], source: str, rules: OperationRules, machine: Machine
) -> Iterator[_Located]:
    """Check what is alike for every NPU that has these nodes; yield the nodes with more to check.

    Of collectives of the same kind, one stands for all.
    """
    seen: set[object] = set()
    for node in nodes:
        try:
            operation = rules.operation(node)
        except TraceError as error:
            raise TraceError(error.problem, source=source, node=error.node) from None
        located = _Located(node, operation, source)
        match operation:
            case CollectiveOperation():
                kind = machine.kind(operation)
                if kind not in seen:
                    seen.add(kind)
                    yield located
            case SendOperation() | ReceiveOperation():
                yield located
            case MemoryOperation() if not machine.has_memory:
                raise located.error(
                    "accesses remote memory, and there is none; give a memory configuration "
                    "whose memory-type isn't NO_MEMORY_EXPANSION"
                )
            case _:
                pass


def _check_on_npu(npu: NpuId, located: _Located, rules: OperationRules, machine: Machine) -> None:
    match located.operation:
        case CollectiveOperation() as operation:
            problem = machine.collective_problem(npu, operation)
            if problem:
                raise located.error(problem)
            machine.check_collective(npu, operation)
        case SendOperation(dst):
            sender = located.node.comm_src
            if rules.dialect.checks_sender and sender not in {None, npu}:
                raise located.error(f"has comm_src {sender}, but NPU {npu} is the one that sends")
            _check_peer(npu, dst, "comm_dst", located, machine)
        case ReceiveOperation(src):
            _check_peer(npu, src, "comm_src", located, machine)
        case _:
            pass


def _check_peer(
    npu: NpuId, peer: NpuId, attribute: str, located: _Located, machine: Machine
) -> None:
    if peer >= machine.npus:
        raise located.error(
            f"has {attribute} {peer}, but the network's NPUs are 0 to {machine.npus - 1}"
        )
    if peer == npu and not machine.carries_to_self:
        raise located.error(f"has {attribute} {peer}, the NPU itself; no link leads back to it")
