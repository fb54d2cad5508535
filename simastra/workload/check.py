"""What a trace asks for that the machine can't do: found before the run, not in its middle."""

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from simastra.dialect import Dialect
from simastra.errors import TraceError
from simastra.gc_policy import collector_paused
from simastra.system import Collective
from simastra.trace import Node
from simastra.units import NpuId

from .operation import (
    MemoryOperation,
    Operation,
    ReceiveOperation,
    SendOperation,
)
from .program import Program


class WorkloadTarget(Protocol):
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

    def collective_problem(self, npu: NpuId, operation: Collective) -> str | None:
        """What is wrong with a node's process group or root on `npu`, None if nothing is."""

    def kind(self, operation: Collective) -> Hashable:
        """Collectives of the same kind are checked once."""

    def group_seen(self, npu: NpuId, operation: Collective) -> Hashable | None:
        """The process group of a node on `npu`: NPUs of equal ones get the same answers.

        None where the answer may be this NPU's alone.
        """

    def check_collective(self, npu: NpuId, operation: Collective) -> None:
        """Raise a ConfigError if the system configuration can't run a collective."""


@dataclass(frozen=True, slots=True)
class _Located:
    """A node in question: its operation, and where it stands."""

    node: Node
    operation: Operation
    source: str

    def error(self, problem: str) -> TraceError:
        return TraceError(f"{self.node.name!r} {problem}", source=self.source, node=self.node.id)


class _Answers:
    """What has been asked of the machine: NPUs of one group get the same answer."""

    def __init__(self, machine: WorkloadTarget) -> None:
        self._machine = machine
        self._given: set[tuple[int, Hashable]] = set()

    def has_one(self, npu: NpuId, operation: Operation) -> bool:
        """Whether an NPU like this has asked the same; notes that this one does."""
        if not isinstance(operation, Collective):
            return False
        group = self._machine.group_seen(npu, operation)
        if group is None:
            return False
        asked = id(operation), group
        known = asked in self._given
        self._given.add(asked)
        return known


def check_workload(
    programs: Sequence[Program], sources: Sequence[str], dialect: Dialect, machine: WorkloadTarget
) -> None:
    """Check every node of every NPU; NPUs that share their program share most of the work.

    Args:
        programs: of each NPU.
        sources: what messages call each NPU's trace.
        dialect: which ASTRA-sim is reproduced.
        machine: what the programs are to run on.

    Raises:
        TraceError: if a node asks for an NPU, a process group or a memory that doesn't exist.
        ConfigError: if the system configuration has no way to run a collective.
    """
    with collector_paused():
        per_program: dict[int, list[tuple[Node, Operation]]] = {}
        answers = _Answers(machine)
        for npu, (program, source) in enumerate(zip(programs, sources, strict=True)):
            if id(program) not in per_program:
                per_program[id(program)] = list(_checked(program, source, machine))
            for node, operation in per_program[id(program)]:
                # A mistake may be this NPU's alone.
                if not answers.has_one(npu, operation):
                    _check_on_npu(npu, _Located(node, operation, source), dialect, machine)


def _checked(
    program: Program, source: str, machine: WorkloadTarget
) -> Iterator[tuple[Node, Operation]]:
    """Check what is alike for every NPU with this program; yield the nodes with more to check.

    Of collectives of the same kind, one stands for all.
    """
    seen: set[object] = set()
    for index in program.external_operations:
        node, operation = program.graph.nodes[index], program.operations[index]
        match operation:
            case Collective():
                kind = machine.kind(operation)
                if kind not in seen:
                    seen.add(kind)
                    yield node, operation
            case SendOperation() | ReceiveOperation():
                yield node, operation
            case MemoryOperation() if not machine.has_memory:
                raise _Located(node, operation, source).error(
                    "accesses remote memory, and there is none; give a memory configuration "
                    "whose memory-type isn't NO_MEMORY_EXPANSION"
                )
            case _:
                pass


def _check_on_npu(npu: NpuId, located: _Located, dialect: Dialect, machine: WorkloadTarget) -> None:
    match located.operation:
        case Collective() as operation:
            problem = machine.collective_problem(npu, operation)
            if problem:
                raise located.error(problem)
            machine.check_collective(npu, operation)
        case SendOperation(dst):
            sender = located.node.comm_src
            if dialect.checks_own_end and sender not in {None, npu}:
                raise located.error(f"has comm_src {sender}, but NPU {npu} is the one that sends")
            _check_peer(npu, dst, "comm_dst", located, machine)
        case ReceiveOperation(src):
            receiver = located.node.comm_dst
            if dialect.checks_own_end and receiver not in {None, npu}:
                problem = f"has comm_dst {receiver}, but NPU {npu} is the one that receives"
                raise located.error(problem)
            _check_peer(npu, src, "comm_src", located, machine)
        case _:
            pass


def _check_peer(
    npu: NpuId, peer: NpuId, attribute: str, located: _Located, machine: WorkloadTarget
) -> None:
    if peer >= machine.npus:
        raise located.error(
            f"has {attribute} {peer}, but the network's NPUs are 0 to {machine.npus - 1}"
        )
    if peer == npu and not machine.carries_to_self:
        raise located.error(f"has {attribute} {peer}, the NPU itself; no link leads back to it")
