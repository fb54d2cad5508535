"""The collectives of a simulation, each with all its members: when they came, when it was over."""

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from simastra.result import NodeRecord, Result
from simastra.simulation import Simulation
from simastra.trace import CollectiveType, Node, NodeType
from simastra.trace.nccl_tests import Rates, rates, total_size
from simastra.units import Bytes, NpuId, Ns
from simastra.workload import Collective, OperationRules


@dataclass(frozen=True, slots=True)
class CollectiveRecord:
    """One collective that all its members have finished.

    Attributes:
        name: of the ET node of its lowest NPU.
        collective: what it is.
        group: number of the process group; 0 for an NPU's usual one.
        turn: how many collectives each member had begun in that group before.
        npus: who took part, ascending.
        size: bytes, as nccl-tests counts them (`total_size`).
        first_issued: when the first member came, in ns.
        last_issued: when the last did.
        finished: when the last member had finished.
    """

    name: str
    collective: CollectiveType
    group: int
    turn: int
    npus: tuple[NpuId, ...]
    size: Bytes
    first_issued: Ns
    last_issued: Ns
    finished: Ns

    @property
    def time(self) -> Ns:
        """From when all had come to its end: what nccl-tests measures, whose members start alike.

        Waiting in the members' own queues, behind other collectives, counts.
        """
        return self.finished - self.last_issued

    @property
    def skew(self) -> Ns:
        """From the first member's coming to the last's."""
        return self.last_issued - self.first_issued

    @property
    def rates(self) -> Rates | None:
        """The bandwidths; None for a barrier, and for what took no time."""
        return rates(self.collective, self.size, len(self.npus), self.time)


@dataclass(frozen=True, slots=True)
class _Part:
    """One NPU's part in a collective that it has finished."""

    npu: NpuId
    operation: Collective
    record: NodeRecord


@dataclass(frozen=True, slots=True)
class _Key:
    """What the members' parts of one collective have in common."""

    group: int
    npus: tuple[NpuId, ...]
    turn: int


def collective_records(simulation: Simulation, result: Result) -> tuple[CollectiveRecord, ...]:
    """Return the collectives that all their members have finished, in the order of their ends.

    Args:
        simulation: that has run.
        result: its result.
    """
    members = _Members(simulation)
    parts: dict[_Key, list[_Part]] = {}
    for npu, collectives in enumerate(_finished_collectives(simulation, result)):
        turns: Counter[int] = Counter()
        for operation, record in collectives:
            key = _Key(operation.group, members.of(npu, operation), turns[operation.group])
            parts.setdefault(key, []).append(_Part(npu, operation, record))
            turns[operation.group] += 1
    complete = [
        _record(key, members) for key, members in parts.items() if len(members) == len(key.npus)
    ]
    return tuple(sorted(complete, key=lambda it: (it.finished, it.group, it.npus, it.turn)))


def _record(key: _Key, parts: Sequence[_Part]) -> CollectiveRecord:
    first = parts[0]  # in the order of the NPUs
    collective = first.operation.kind
    return CollectiveRecord(
        first.record.name,
        collective,
        key.group,
        key.turn,
        key.npus,
        total_size(collective, first.operation.size, len(key.npus)),
        min(part.record.issued for part in parts),
        max(part.record.issued for part in parts),
        max(part.record.finished for part in parts),
    )


def _finished_collectives(
    simulation: Simulation, result: Result
) -> Iterator[list[tuple[Collective, NodeRecord]]]:
    """For each NPU its collectives in the order in which it began them.

    They end in that order too, since an NPU has but one at a time.
    """
    decoded: dict[int, dict[int, Collective]] = {}  # NPUs may share their nodes
    for nodes, records in zip(simulation.trace.npus, result.nodes, strict=True):
        operations = decoded.get(id(nodes))
        if operations is None:
            operations = decoded[id(nodes)] = dict(_collectives(nodes, simulation.rules))
        yield [(operations[it.node], it) for it in records if it.node in operations]


def _collectives(nodes: Iterable[Node], rules: OperationRules) -> Iterator[tuple[int, Collective]]:
    for node in nodes:
        if node.type is NodeType.COMM_COLL:
            operation = rules.operation(node)
            if isinstance(operation, Collective):
                yield node.id, operation


class _Members:
    """Looks up who takes part in an NPU's collective."""

    def __init__(self, simulation: Simulation) -> None:
        self._platform = simulation.platform
        self._known: dict[Hashable, tuple[NpuId, ...]] = {}

    def of(self, npu: NpuId, operation: Collective) -> tuple[NpuId, ...]:
        """Who takes part, ascending."""
        involved = None if operation.involved is None else tuple(operation.involved)
        kind = npu, operation.group, operation.kind, involved
        if kind not in self._known:
            members = self._platform.participants(npu, operation).members
            self._known[kind] = tuple(sorted(members))
        return self._known[kind]
