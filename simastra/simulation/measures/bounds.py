"""What a run can't be faster than: see `simastra.metrics.bound`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from simastra.metrics import Bound, BoundPart
from simastra.result import NodeRecord
from simastra.simulation.scenario import Scenario
from simastra.trace import DependencyGraph
from simastra.units import NpuId, Ns
from simastra.workload import Activity, Program

from .traffic import LeastTraffic, PortRates, TrafficBounds


def bound(scenario: Scenario, nodes: Mapping[NpuId, Sequence[NodeRecord]], makespan: Ns) -> Bound:
    """Return the bound of a run.

    No part is more than the makespan. It could be by rounding only: ASTRA-sim cuts the time of each
    message to whole ns, so that many small ones are faster than their bytes.

    Args:
        scenario: what has been simulated.
        nodes: records of one NPU of each kind.
        makespan: of the run.
    """
    parts = bound_parts(scenario, nodes)
    return Bound(makespan, {part: min(time, makespan) for part, time in parts.items()})


def bound_parts(
    scenario: Scenario, nodes: Mapping[NpuId, Sequence[NodeRecord]]
) -> dict[BoundPart, Ns]:
    """Return what bounds a run, as the bytes have it; arguments as of `bound`."""
    parts: dict[BoundPart, Ns] = {}
    traffic, rates = TrafficBounds(scenario), PortRates(scenario.platform.dimensions)
    # A graph's NPUs have links of their own each, and share those beyond.
    by_ports = scenario.platform.queues_at_links and bool(scenario.platform.dimensions)
    for npu, records in nodes.items():
        program = scenario.programs[npu]
        communicated = [it for it in traffic.of(npu, program) if it.is_equal]
        known = communicated if by_ports else None
        for part, time in _parts_of(program, records, known, rates):
            parts[part] = max(parts.get(part, 0), time)
    return parts


def _parts_of(
    program: Program,
    records: Sequence[NodeRecord],
    communicated: Sequence[LeastTraffic] | None,
    rates: PortRates,
) -> Iterator[tuple[BoundPart, Ns]]:
    """The parts of one NPU; what it communicates is None where messages share no links."""
    computed = (it.finished - it.issued for it in records if it.activity is Activity.COMPUTE)
    yield BoundPart.COMPUTE, sum(computed)
    times = _durations(program, records)
    if communicated is not None:
        yield BoundPart.PORTS, _ports(communicated, rates)
        times.update(
            (it.node.id, int(it.sent / rates.along(rates.spanned(it.members))))
            for it in communicated
            if it.sent
        )
    yield BoundPart.DEPENDENCIES, _longest_chain(program.graph, times)


def _durations(program: Program, records: Sequence[NodeRecord]) -> dict[int, Ns]:
    """How long each node took that concerns the NPU alone, by id; it can't be shorter."""
    external = {program.graph.nodes[index].id for index in program.external_operations}
    return {it.node: it.finished - it.issued for it in records if it.node not in external}


def _ports(communicated: Sequence[LeastTraffic], rates: PortRates) -> Ns:
    """How long the links need for it, along the dimensions where that is longest."""
    sums: dict[frozenset[int], list[float]] = {}
    for it in communicated:
        total = sums.setdefault(rates.spanned(it.members), [0.0, 0.0])
        total[0] += it.sent
        total[1] += it.received
    if not sums:
        return 0
    whole = frozenset[int]().union(*sums)
    return max(
        int(max(map(sum, zip(*within, strict=True))) / rates.along(dimensions))
        for dimensions in {*sums, whole}
        if (within := [total for spanned, total in sums.items() if spanned <= dimensions])
    )


def _longest_chain(graph: DependencyGraph, times: Mapping[int, Ns]) -> Ns:
    """The end of the last node, if each begins as soon as those that it waits for have ended."""
    starts = [0] * len(graph.nodes)
    waits_for = list(graph.parents)
    ready = graph.roots
    latest: Ns = 0
    for index in ready:  # which grows meanwhile
        end = starts[index] + times.get(graph.nodes[index].id, 0)
        latest = max(latest, end)
        for child in graph.children[index]:
            starts[child] = max(starts[child], end)
            waits_for[child] -= 1
            if not waits_for[child]:
                ready.append(child)
    return latest
