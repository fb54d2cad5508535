"""What a run can't be faster than: see `simastra.metrics.bound`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from simastra.metrics import Bound, BoundPart
from simastra.result import NodeRecord
from simastra.simulation.scenario import Scenario
from simastra.trace import DependencyGraph
from simastra.units import NpuId, Ns
from simastra.workload import Activity, Program

from .traffic import LeastTraffic, PortRates, Traffic


def bound(scenario: Scenario, nodes: Mapping[NpuId, Sequence[NodeRecord]], makespan: Ns) -> Bound:
    """Return the bound of a run.

    No part is more than the makespan. It could be by rounding only: ASTRA-sim cuts the time of each
    message to whole ns, so that many small ones are faster than their bytes.

    Args:
        scenario: what has been simulated.
        nodes: records of one NPU of each kind.
        makespan: of the run.
    """
    traffic, rates = Traffic(scenario), PortRates(scenario.platform.dimensions)
    shares_links = scenario.platform.queues_at_links
    parts = dict.fromkeys(BoundPart, 0)
    for npu, records in nodes.items():
        program = scenario.programs[npu]
        communicated = list(traffic.of(npu, program))
        computed = sum(it.finished - it.issued for it in records if it.activity is Activity.COMPUTE)
        times = _durations(program, records)
        if shares_links:
            ports = _ports(communicated, rates)
            parts[BoundPart.PORTS] = max(parts[BoundPart.PORTS], ports)
            times.update(
                (it.node.id, int(it.sent / rates.along(rates.spanned(it.members))))
                for it in communicated
                if it.is_equal and it.sent
            )
        parts[BoundPart.COMPUTE] = max(parts[BoundPart.COMPUTE], computed)
        chain = _longest_chain(program.graph, times)
        parts[BoundPart.DEPENDENCIES] = max(parts[BoundPart.DEPENDENCIES], chain)
    if not shares_links:
        del parts[BoundPart.PORTS]
    return Bound(makespan, {part: min(time, makespan) for part, time in parts.items()})


def _durations(program: Program, records: Sequence[NodeRecord]) -> dict[int, Ns]:
    """How long each node took that concerns the NPU alone, by id; it can't be shorter."""
    external = {program.graph.nodes[index].id for index in program.external_operations}
    return {it.node: it.finished - it.issued for it in records if it.node not in external}


def _ports(communicated: Sequence[LeastTraffic], rates: PortRates) -> Ns:
    """How long the links need for it, along the dimensions where that is longest."""
    sums: dict[frozenset[int], list[float]] = {}
    for it in communicated:
        if it.is_equal:
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
