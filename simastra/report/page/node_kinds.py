"""What nodes of a result are called, and their kinds of work, one after the other."""

from collections.abc import Iterator, Mapping

from simastra.metrics import ACTIVITIES, node_times
from simastra.result import Result
from simastra.result.timed_records import node_ids, told_in_order
from simastra.simulation import Simulation
from simastra.units import NpuId
from simastra.workload.kind_of_work import KindOfWork, kind_of_facts, kind_of_work

_FACTS = ("type", "purpose", "comm_type")


def kinds_in_order(
    simulation: Simulation, result: Result, npu: NpuId
) -> Iterator[tuple[str, KindOfWork]]:
    """The name and the kind of work of each node that an NPU has finished, in that order."""
    records = result.nodes[npu]
    known: Mapping[int, KindOfWork] | None = None
    each = zip(
        node_ids(records),
        map(ACTIVITIES.__getitem__, node_times(records).activities),
        told_in_order(records, _FACTS),
        strict=True,
    )
    for node, activity, (name, facts) in each:
        if facts is not None:
            node_type, purpose, collective = facts
            yield name, kind_of_facts(node_type, name, purpose, collective, activity)
            continue
        if known is None:
            known = kinds_of_nodes(simulation, npu)
        yield name, known.get(node, KindOfWork.OTHER)


def kinds_of_nodes(simulation: Simulation, npu: NpuId) -> Mapping[int, KindOfWork]:
    """The kind of work of each node of an NPU's trace, by id."""
    rules = simulation.rules
    nodes = simulation.trace.npus[npu] if npu < len(simulation.trace.npus) else ()
    return {node.id: kind_of_work(node, rules.activity(node)) for node in nodes}
