"""What a trace holds, counted."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from simastra.trace import CollectiveType, Node, NodeType, Trace
from simastra.units import Bytes


@dataclass(frozen=True, slots=True)
class CollectiveKind:
    """Collective nodes that are alike: of one type, with one size (None where it isn't given)."""

    type: CollectiveType
    size: Bytes | None


@dataclass(frozen=True, slots=True)
class WorkloadCounts:
    """Numbers of nodes, of all NPUs together.

    Attributes:
        nodes: by type, in the order of the types.
        collectives: by type and size, in that order.
    """

    nodes: dict[NodeType, int]
    collectives: dict[CollectiveKind, int]


def count_workload(trace: Trace) -> WorkloadCounts:
    """Count the nodes of all NPUs; NPUs that share theirs are looked at once."""
    sharers = Counter(id(nodes) for nodes in trace.npus)
    types: Counter[NodeType] = Counter()
    collectives: Counter[CollectiveKind] = Counter()
    for nodes in trace.distinct:
        for node in nodes:
            types[node.type] += sharers[id(nodes)]
        for kind in _kinds(nodes):
            collectives[kind] += sharers[id(nodes)]
    return WorkloadCounts(
        dict(sorted(types.items())),
        {kind: collectives[kind] for kind in sorted(collectives, key=_order)},
    )


def _kinds(nodes: Iterable[Node]) -> Iterable[CollectiveKind]:
    for node in nodes:
        if node.type is NodeType.COMM_COLL and node.comm_type is not None:
            yield CollectiveKind(node.comm_type, node.comm_size)


def _order(kind: CollectiveKind) -> tuple[int, int]:
    return (kind.type, -1 if kind.size is None else kind.size)
