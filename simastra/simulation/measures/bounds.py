"""What a run can't be faster than: see `simastra.metrics.bound`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from simastra.metrics import Bound, BoundPart, BoundPlace
from simastra.result import LinkRecord, NodeRecord
from simastra.simulation.scenario import Scenario
from simastra.trace import DependencyGraph
from simastra.units import NpuId, Ns
from simastra.workload import Activity

from .certain_traffic import CertainTraffic, CertainTrafficOf
from .link_loads import busiest_link
from .message_chain import message_chain

_ROUNDING = 1e-6

_Part = tuple[BoundPart, Ns, BoundPlace]


def bound(
    scenario: Scenario,
    nodes: Mapping[NpuId, Sequence[NodeRecord]],
    every: Sequence[Sequence[NodeRecord]],
    links: Sequence[LinkRecord],
    makespan: Ns,
) -> Bound:
    """Return the bound of a run.

    Args:
        scenario: what has been simulated.
        nodes: records of one NPU of each kind.
        every: those of all NPUs.
        links: what the links have carried.
        makespan: of the run.
    """
    parts: dict[BoundPart, Ns] = {}
    places: dict[BoundPart, BoundPlace] = {}
    for part, time, place in _bounds(scenario, nodes, every, links):
        if time > parts.get(part, -1):
            parts[part], places[part] = time, place
    return Bound(makespan, parts, places)


def _bounds(
    scenario: Scenario,
    nodes: Mapping[NpuId, Sequence[NodeRecord]],
    every: Sequence[Sequence[NodeRecord]],
    links: Sequence[LinkRecord],
) -> Iterator[_Part]:
    traffic = CertainTrafficOf(scenario)
    alike: defaultdict[int, dict[NpuId, list[CertainTraffic]]] = defaultdict(dict)
    for npu, records in nodes.items():
        program, place = scenario.programs[npu], _npu(npu)
        computed = (it.finished - it.issued for it in records if it.activity is Activity.COMPUTE)
        yield BoundPart.COMPUTE, sum(computed), place
        known = alike[id(program)][npu] = list(traffic.of(npu, program))
        yield BoundPart.PORTS, whole(traffic.ports_need(npu, known)), place
    busiest = busiest_link(scenario, links)
    if busiest is not None:
        src, dst = busiest.src, busiest.dst
        words = scenario.platform.network.device_names.link(src, dst)
        yield BoundPart.LINKS, busiest.time, BoundPlace(words, src, dst)
    for each in alike.values():
        yield _chain(scenario, each, nodes, traffic)
    across = message_chain(scenario, partial(_times_taken, scenario, traffic, every))
    if across is not None:
        yield BoundPart.DEPENDENCIES, across.time, _npu(across.npu)


def whole(time: float) -> Ns:
    """A time in whole ns; what is short of one by a float's rounding alone is that one."""
    return int(time + _ROUNDING)


def _npu(npu: NpuId) -> BoundPlace:
    return BoundPlace(f"NPU {npu}", npu)


def _chain(
    scenario: Scenario,
    communicated: Mapping[NpuId, Sequence[CertainTraffic]],
    nodes: Mapping[NpuId, Sequence[NodeRecord]],
    traffic: CertainTrafficOf,
) -> _Part:
    """The longest chain of NPUs that run one program: each node as short as on any of them.

    A collective takes as long as the ports need, and a latency, from the first member's coming to
    the last one's end. If all members run this program, one of them at the least has all that still
    before it that follows; otherwise it counts for no more than it has taken. So does a message:
    its receiver may come late.
    """
    npu = next(iter(communicated))
    program = scenario.programs[npu]
    least = [
        _least_times(scenario, each, nodes[each], known, traffic)
        for each, known in communicated.items()
    ]
    times = {node: min(it[node] for it in least) for node in set.intersection(*map(set, least))}
    return BoundPart.DEPENDENCIES, _longest_chain(program.graph, times), _npu(npu)


def _times_taken(
    scenario: Scenario,
    traffic: CertainTrafficOf,
    every: Sequence[Sequence[NodeRecord]],
    npu: NpuId,
) -> dict[int, Ns]:
    """As `_least_times`, but no node takes longer than it has."""
    communicated = list(traffic.of(npu, scenario.programs[npu]))
    least = _least_times(scenario, npu, every[npu], communicated, traffic)
    taken = {it.node: it.finished - it.issued for it in every[npu]}
    return {node: min(time, taken.get(node, 0)) for node, time in least.items()}


def _least_times(
    scenario: Scenario,
    npu: NpuId,
    records: Sequence[NodeRecord],
    communicated: Sequence[CertainTraffic],
    traffic: CertainTrafficOf,
) -> dict[int, Ns]:
    """What each node of an NPU takes at the least, by id; those that it can't be said of have 0."""
    program = scenario.programs[npu]
    times = {it.node: it.finished - it.issued for it in records}
    external = [program.graph.nodes[index].id for index in program.external_operations]
    least = {**times, **dict.fromkeys(external, 0)}
    for it in communicated:
        need = whole(traffic.ports_need(npu, [it]) + traffic.ports.latency)
        is_common = it.planned is not None and all(
            scenario.programs[member] is program for member in it.least.members
        )
        least[it.node.id] = need if is_common else min(need, times.get(it.node.id, 0))
    return least


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
