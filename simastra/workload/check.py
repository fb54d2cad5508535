"""What a trace asks for that the machine can't do: found before the run, not in its middle."""

from collections.abc import Hashable, Iterator, Mapping, Sequence, Set
from typing import NamedTuple, Protocol

from simastra.dialect import Dialect
from simastra.errors import TraceError
from simastra.quick_dataclass import dataclass
from simastra.system import Collective
from simastra.trace import Node
from simastra.units import NpuId

from .operation import (
    Operation,
    ReceiveOperation,
    SendOperation,
)
from .operation_columns import NOT_NAMED
from .operation_kinds import OperationKind
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
        self._given: set[tuple[Hashable, Hashable]] = set()

    def has_one(self, npu: NpuId, kind: Hashable, operation: Collective) -> bool:
        """Whether an NPU like this has asked for one of that kind; notes that this one does."""
        group = self._machine.group_seen(npu, operation)
        if group is None:
            return False
        known = (kind, group) in self._given
        self._given.add((kind, group))
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
    asked: dict[int, _Asked] = {}
    answers = _Answers(machine)
    for npu, (program, source) in enumerate(zip(programs, sources, strict=True)):
        if id(program) not in asked:
            asked[id(program)] = _asked(program, source, machine)
        this = asked[id(program)]
        are_right = not any(_ends_problem(npu, it, dialect, machine) for it in this.ends)
        for kind, operation in this.collectives.items() if are_right else ():
            # A mistake may be this NPU's alone.
            if not answers.has_one(npu, kind, operation):
                _check_on_npu(npu, _Located(operation.node, operation, source), dialect, machine)
        for node, what in () if are_right else _reaching_out(program):
            _check_on_npu(npu, _Located(node, what, source), dialect, machine)


class _Ends(NamedTuple):
    """The ends of a message, as one of its nodes names them.

    Attributes:
        sends: whether that is a send.
        own: the end that should be its NPU; None where it names none.
        peer: the other one.
    """

    sends: bool
    own: NpuId | None
    peer: NpuId


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a program asks for, as far as it takes an NPU to tell whether that is right.

    Attributes:
        collectives: of those of the same kind, one stands for all; by kind.
        ends: those of all messages.
    """

    collectives: Mapping[Hashable, Collective]
    ends: Set[_Ends]


def _asked(program: Program, source: str, machine: WorkloadTarget) -> _Asked:
    """Check what is alike for every NPU with this program, and tell the rest."""
    if OperationKind.MEMORY in program.kinds and not machine.has_memory:
        index = program.kinds.index(OperationKind.MEMORY)
        found = _Located(program.graph.nodes[index], program.operations[index], source)
        raise found.error(
            "accesses remote memory, and there is none; give a memory configuration "
            "whose memory-type isn't NO_MEMORY_EXPANSION"
        )
    collectives: dict[Hashable, Collective] = {}
    for operation in program.columns.collectives.distinct:
        collectives.setdefault(machine.kind(operation), operation)
    messages = program.messages
    ends = set(zip(messages.is_send, messages.own, messages.partner, strict=True))
    named = ((bool(sends), None if own == NOT_NAMED else own, peer) for sends, own, peer in ends)
    return _Asked(collectives, {_Ends(*each) for each in named})


def _reaching_out(program: Program) -> Iterator[tuple[Node, Operation]]:
    """The nodes that concern more than their NPU."""
    nodes, operations = program.graph.nodes, program.operations
    return ((nodes[index], operations[index]) for index in program.external_operations)


def _ends(node: Node, operation: SendOperation | ReceiveOperation) -> _Ends:
    if isinstance(operation, SendOperation):
        return _Ends(sends=True, own=node.comm_src, peer=operation.dst)
    return _Ends(sends=False, own=node.comm_dst, peer=operation.src)


def _check_on_npu(npu: NpuId, located: _Located, dialect: Dialect, machine: WorkloadTarget) -> None:
    match located.operation:
        case Collective() as operation:
            problem = machine.collective_problem(npu, operation)
            if problem:
                raise located.error(problem)
            machine.check_collective(npu, operation)
        case (SendOperation() | ReceiveOperation()) as operation:
            problem = _ends_problem(npu, _ends(located.node, operation), dialect, machine)
            if problem:
                raise located.error(problem)
        case _:
            pass


def _ends_problem(npu: NpuId, ends: _Ends, dialect: Dialect, machine: WorkloadTarget) -> str | None:
    """What is wrong with a message of an NPU; None if nothing is."""
    sends, own, peer = ends
    if dialect.checks_own_end and own not in {None, npu}:
        here, does = ("comm_src", "sends") if sends else ("comm_dst", "receives")
        return f"has {here} {own}, but NPU {npu} is the one that {does}"
    there = "comm_dst" if sends else "comm_src"
    if peer >= machine.npus:
        return f"has {there} {peer}, but the network's NPUs are 0 to {machine.npus - 1}"
    if peer == npu and not machine.carries_to_self:
        return f"has {there} {peer}, the NPU itself; no link leads back to it"
    return None
