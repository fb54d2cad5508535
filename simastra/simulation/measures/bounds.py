"""What a run can't be faster than: see `simastra.metrics.bound`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence

from simastra.metrics import Bound, BoundPart, BoundPlace, LowerBound
from simastra.result import LinkRecord, NodeRecord
from simastra.simulation.experiment import Experiment
from simastra.units import NpuId, Ns
from simastra.workload import Collective, Program, of_each_template

from .certain_order import CollectiveOrders
from .certain_traffic import CertainTraffic, CertainTrafficOf
from .durations import Durations
from .least_time import least_time
from .link_loads import busiest_link
from .message_chain import Alike, message_chain, paired_messages
from .message_classes import message_classes, template_classes
from .ports import ports_of

_ROUNDING = 1e-6

_Part = tuple[BoundPart, Ns, BoundPlace]


def bound(
    experiment: Experiment,
    npus: Iterable[NpuId],
    every: Sequence[Sequence[NodeRecord]],
    links: Sequence[LinkRecord],
    makespan: Ns,
) -> Bound:
    """Return the bound of a run; of a calibrated one, what an NPU does by itself counts alone.

    Args:
        experiment: what has been simulated.
        npus: one of each kind.
        every: the records of all NPUs.
        links: what the links have carried.
        makespan: of the run.
    """
    durations = Durations(experiment, every.__getitem__)
    if experiment.platform.prices is None:
        found = _largest(_bounds(experiment, npus, durations, links))
    else:  # what is priced takes no time from links: the network file's say nothing of it
        found = _largest(_alone(experiment, durations))
    return Bound(found.parts, found.places, makespan=makespan)


def lower_bound(experiment: Experiment) -> LowerBound:
    """Return what no run can be faster than, without running it.

    It is like that of a run, but for what only a run can say: what nodes took that others may
    shorten, and what links carried where that depends on the order of things. On a backend that
    doesn't promise to keep to its links' bandwidth nothing counts but what an NPU does by itself.

    Args:
        experiment: what is to be simulated.
    """
    durations = Durations(experiment)
    if experiment.platform.backend.respects_bandwidth:
        return _largest(_bounds(experiment, _npu_of_each_kind(experiment), durations, ()))
    return _largest(_alone(experiment, durations))


def _largest(bounds: Iterable[_Part]) -> LowerBound:
    parts: dict[BoundPart, Ns] = {}
    places: dict[BoundPart, BoundPlace] = {}
    for part, time, place in bounds:
        if time > parts.get(part, -1):
            parts[part], places[part] = time, place
    return LowerBound(parts, places)


def _npu_of_each_kind(experiment: Experiment) -> Iterator[NpuId]:
    """One of those that run a program in groups of the same places; of a graph, all."""
    platform = experiment.platform
    if platform.network.graph is not None:
        return iter(range(platform.npus))
    span = ports_of(platform).span
    first: dict[Hashable, NpuId] = {}
    for npu, program in enumerate(experiment.programs):
        groups = [
            (number, size, span(platform.members(npu, number)))
            for number, size in platform.group_sizes(npu)
        ]
        first.setdefault((id(program), tuple(groups)), npu)
    return iter(first.values())


def _alone(experiment: Experiment, durations: Durations) -> Iterator[_Part]:
    """What an NPU does by itself."""
    for npu, _ in of_each_template(experiment.programs):
        yield BoundPart.COMPUTE, durations.computing(npu), _npu(npu)
        times = {**durations.own(npu), **_priced(experiment, npu)}
        chain = message_chain(experiment, [Alike((npu,), times)], {})
        yield BoundPart.DEPENDENCIES, chain.time, _npu(npu)


def _priced(experiment: Experiment, npu: NpuId) -> Mapping[int, Ns]:
    """What collectives take alone, where they are priced: others on their links add to that."""
    platform = experiment.platform
    if platform.prices is None:
        return {}
    return {
        node.id: platform.price(npu, operation)
        for node, operation in experiment.programs[npu]
        if isinstance(operation, Collective)
    }


def _bounds(
    experiment: Experiment,
    npus: Iterable[NpuId],
    durations: Durations,
    links: Sequence[LinkRecord],
) -> Iterator[_Part]:
    traffic = CertainTrafficOf(experiment)
    alike: defaultdict[int, dict[NpuId, list[CertainTraffic]]] = defaultdict(dict)
    for npu in npus:
        program, place = experiment.programs[npu], _npu(npu)
        yield BoundPart.COMPUTE, durations.computing(npu), place
        known = alike[id(program.template)][npu] = list(traffic.of(npu, program))
        yield BoundPart.PORTS, whole(traffic.ports_need(npu, known)), place
    busiest = busiest_link(experiment, links)
    if busiest is not None:
        src, dst = busiest.src, busiest.dst
        words = experiment.platform.network.device_names.link(src, dst)
        yield BoundPart.LINKS, busiest.time, BoundPlace(words, src, dst)
    yield from _chains(experiment, alike, _LeastTimes(experiment, durations, traffic))


def whole(time: float) -> Ns:
    """A time in whole ns; what is short of one by a float's rounding alone is that one."""
    return int(time + _ROUNDING)


def _npu(npu: NpuId) -> BoundPlace:
    return BoundPlace(f"NPU {npu}", npu)


def _chains(
    experiment: Experiment,
    alike: Mapping[int, Mapping[NpuId, Sequence[CertainTraffic]]],
    least_times: _LeastTimes,
) -> Iterator[_Part]:
    """The longest chain of nodes, each as short as on any of the NPUs whose programs are alike.

    A collective takes as long as a port needs for what a member receives, and a latency, from the
    first member's coming to any one's end; or as long as it takes round its rings. If all members'
    programs are alike, none comes sooner than this chain says; otherwise it counts for no more than
    it has taken. So does a message, beside its way: its receiver may come late. What has run
    may have taken longer on some NPU than on those like it: there its own chain is longer.

    Args:
        experiment: what is simulated.
        alike: traffic of one NPU of each kind, by the identity of what their programs are made of.
        least_times: of nodes.
    """
    pairs, npus = paired_messages(experiment), template_classes(experiment)
    times = {key: least_times.of_alike(each) for key, each in alike.items()}
    found = [message_chain(experiment, [Alike(npus[key], it) for key, it in times.items()], pairs)]
    finer = message_classes(experiment, pairs) if pairs else None
    if finer is not None:
        keys = [id(experiment.programs[each[0]].template) for each in finer]
        sets = [Alike(each, times[key]) for each, key in zip(finer, keys, strict=True)]
        found.append(message_chain(experiment, sets, pairs))
    if pairs and least_times.are_of_run:
        alone = [Alike((npu,), least_times.taken(npu)) for npu in range(experiment.platform.npus)]
        found.append(message_chain(experiment, alone, pairs))
    for chain in found:
        yield BoundPart.DEPENDENCIES, chain.time, _npu(chain.npu)


class _LeastTimes:
    """Knows what each node of an NPU takes at the least, by id, as far as that can be said.

    Args:
        experiment: what is simulated.
        durations: of its nodes.
        traffic: what they send.
    """

    def __init__(
        self, experiment: Experiment, durations: Durations, traffic: CertainTrafficOf
    ) -> None:
        self._platform = experiment.platform
        self._round: dict[int, Ns] = {}
        self._orders = CollectiveOrders()
        self._programs = experiment.programs
        self._durations = durations
        self._traffic = traffic

    @property
    def are_of_run(self) -> bool:
        """Whether something has run."""
        return self._durations.are_of_run

    def of_alike(self, communicated: Mapping[NpuId, Iterable[CertainTraffic]]) -> Mapping[int, Ns]:
        """Those of members of collectives that all come as late: the least of some NPUs.

        Args:
            communicated: what the nodes of each of them send and receive.
        """
        least = [self._of(npu, list(each)) for npu, each in communicated.items()]
        if len(least) == 1:
            return least[0]
        return {node: min(it[node] for it in least) for node in set.intersection(*map(set, least))}

    def _of(self, npu: NpuId, communicated: Sequence[CertainTraffic]) -> Mapping[int, Ns]:
        if not communicated:
            return self._durations.own(npu)
        taken = self._durations.taken(npu, {it.node.id for it in communicated})
        least = dict(self._durations.own(npu))
        for it in communicated:
            need = self._need(npu, it)
            is_common = it.planned is not None and self._is_common(npu, it)
            least[it.node.id] = need if is_common else min(need, taken.get(it.node.id, 0))
        return least

    def taken(self, npu: NpuId) -> Mapping[int, Ns]:
        """Those of this NPU, whoever comes last: no node takes longer than it has."""
        communicated = list(self._traffic.of(npu, self._programs[npu]))
        taken = self._durations.taken(npu, {it.node.id for it in communicated})
        least = dict(self._durations.own(npu))
        for it in communicated:
            least[it.node.id] = min(self._need(npu, it), taken.get(it.node.id, 0))
        return least

    def _need(self, npu: NpuId, it: CertainTraffic) -> Ns:
        sent, received = self._traffic.needs(npu, [it])
        latency = self._traffic.ports.latency
        if it.planned is None:
            return whole(max(sent, received) + latency)
        key = id(it.planned)
        if key not in self._round:
            self._round[key] = least_time(self._platform, it.planned, latency)
        return max(whole(received + latency), self._round[key])

    def _is_common(self, npu: NpuId, it: CertainTraffic) -> bool:
        """Whether all members ask for a collective at the same place of programs that are alike.

        And in the same turn: it waits for those before it that are like it, and those after it
        for it. Otherwise one member's may be another one's next. Of an uneven one, some member
        may end sooner than another.
        """
        program = self._programs[npu]
        index = program.graph.index_of(it.node)
        operation = program.operations[index]
        if isinstance(operation, Collective) and operation.parts is not None:
            return False
        if not self._orders.is_certain(program, index):
            return False
        others = {id(other): other for other in map(self._programs.__getitem__, it.least.members)}
        return all(
            other is program
            or (other.template is program.template and _ask_alike(program, other, index))
            for other in others.values()
        )


def _ask_alike(program: Program, other: Program, index: int) -> bool:
    """Whether two programs ask at one place for the same collective, in groups of one number."""
    match program.operations[index], other.operations[index]:
        case Collective() as first, Collective() as second:
            return first.group == second.group and first.matches(second)
        case _:
            return False
