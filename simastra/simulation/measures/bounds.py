"""What a run can't be faster than: see `simastra.metrics.bound`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence, Set

from simastra.metrics import Bound, BoundPart, BoundPlace, LowerBound
from simastra.result import LinkRecord, Result
from simastra.simulation.experiment import Experiment
from simastra.units import NpuId, Ns
from simastra.workload import Collective, Program, of_each_template

from .certain_order import CollectiveOrders
from .certain_traffic import CertainTraffic, CertainTrafficOf
from .communicating import ByKind
from .durations import Durations
from .least_time import least_time
from .link_loads import busiest_link
from .lone_chain import Alike
from .message_chain import message_chain, paired_messages
from .message_classes import message_classes, template_classes
from .ports import ports_of
from .traffic import TrafficBounds

_ROUNDING = 1e-6

_Part = tuple[BoundPart, Ns, BoundPlace]


def bound(
    experiment: Experiment, npus: Iterable[NpuId], result: Result, traffic: TrafficBounds
) -> Bound:
    """Return the bound of a run; of a calibrated one, what an NPU does by itself counts alone.

    Args:
        experiment: what has been simulated.
        npus: one of each kind.
        result: what came of it.
        traffic: the least of its nodes.
    """
    durations = Durations(experiment, result.nodes.__getitem__)
    if experiment.platform.prices is None:
        certain = CertainTrafficOf(experiment, traffic)
        found = _largest(_bounds(experiment, npus, durations, certain, result.links))
    else:  # what is priced takes no time from links: the network file's say nothing of it
        found = _largest(_alone(experiment, durations))
    return Bound(found.parts, found.places, makespan=result.makespan)


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
        traffic = CertainTrafficOf(experiment)
        return _largest(_bounds(experiment, _npu_of_each_kind(experiment), durations, traffic, ()))
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
        times = list(durations.own(npu))
        for index, time in _priced(experiment, npu):
            times[index] = time
        chain = message_chain(experiment, [Alike((npu,), times)], {})
        yield BoundPart.DEPENDENCIES, chain.time, _npu(npu)


def _priced(experiment: Experiment, npu: NpuId) -> Iterator[tuple[int, Ns]]:
    """What collectives take alone, where they are priced: others on their links add to that."""
    platform, program = experiment.platform, experiment.programs[npu]
    for index in program.collectives if platform.prices is not None else ():
        operation = program.operations[index]
        assert isinstance(operation, Collective)  # as its kind says
        yield index, platform.price(npu, operation)


def _bounds(
    experiment: Experiment,
    npus: Iterable[NpuId],
    durations: Durations,
    traffic: CertainTrafficOf,
    links: Sequence[LinkRecord],
) -> Iterator[_Part]:
    alike: defaultdict[int, dict[NpuId, ByKind[CertainTraffic]]] = defaultdict(dict)
    for npu in npus:
        program, place = experiment.programs[npu], _npu(npu)
        yield BoundPart.COMPUTE, durations.computing(npu), place
        known = alike[id(program.template)][npu] = traffic.of(npu, program)
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
    alike: Mapping[int, Mapping[NpuId, ByKind[CertainTraffic]]],
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
    """Knows what each node of an NPU takes at the least, by index; 0 where that can't be said.

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
        self._unlike: dict[tuple[int, int], Set[int]] = {}
        """By identities of programs, which live as long."""
        self._programs = experiment.programs
        self._durations = durations
        self._traffic = traffic

    @property
    def are_of_run(self) -> bool:
        """Whether something has run."""
        return self._durations.are_of_run

    def of_alike(self, communicated: Mapping[NpuId, ByKind[CertainTraffic]]) -> Sequence[Ns]:
        """Those of members of collectives that all come as late: the least of some NPUs.

        Args:
            communicated: what the nodes of each of them send and receive.
        """
        least = [self._of(npu, each) for npu, each in communicated.items()]
        return least[0] if len(least) == 1 else list(map(min, zip(*least, strict=True)))

    def _of(self, npu: NpuId, communicated: ByKind[CertainTraffic]) -> Sequence[Ns]:
        if not len(communicated):
            return self._durations.own(npu)
        common = [self._common(npu, it) for it in communicated.kinds]
        return self._with_needs(npu, communicated, common)

    def taken(self, npu: NpuId) -> Sequence[Ns]:
        """Those of this NPU, whoever comes last: no node takes longer than it has."""
        communicated = self._traffic.of(npu, self._programs[npu])
        return self._with_needs(npu, communicated, [frozenset()] * len(communicated.kinds))

    def _with_needs(
        self, npu: NpuId, communicated: ByKind[CertainTraffic], common: Sequence[Set[int]]
    ) -> Sequence[Ns]:
        """Those of an NPU: what communicates takes what it needs, and no longer than it has taken
        unless it is common to all members.

        Args:
            npu: which.
            communicated: by its nodes.
            common: of each kind, the indices of those that are.
        """
        needs = [self._need(npu, it) for it in communicated.kinds]
        least = list(self._durations.own(npu))
        taken: Sequence[Ns] | None = None
        for index, number in zip(communicated.index, communicated.which, strict=True):
            if index in common[number]:
                least[index] = needs[number]
            else:
                taken = self._durations.taken(npu) if taken is None else taken
                least[index] = min(needs[number], taken[index])
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

    def _common(self, npu: NpuId, it: CertainTraffic) -> Set[int]:
        """Indices of the collectives of which all members ask for them at the same place of
        programs that are alike.

        And in the same turn: it waits for those before it that are like it, and those after it
        for it. Otherwise one member's may be another one's next. Of an uneven one, some member
        may end sooner than another.
        """
        program, operation = self._programs[npu], it.least.operation
        if operation is None or operation.parts is not None:
            return frozenset()
        others = {id(other): other for other in map(self._programs.__getitem__, it.least.members)}
        others.pop(id(program), None)
        if any(other.template is not program.template for other in others.values()):
            return frozenset()
        certain = self._orders.certain(program)
        unlike = [self._asking_unlike(program, other) for other in others.values()]
        return certain.difference(*unlike) if any(unlike) else certain

    def _asking_unlike(self, program: Program, other: Program) -> Set[int]:
        """Indices of the collectives in the place of which a program like it asks for another."""
        key = id(program), id(other)
        if key not in self._unlike:
            ours, theirs = program.columns.collectives, other.columns.collectives
            pairs = list(zip(ours.which, theirs.which, strict=True))
            unlike = {
                (one, another)
                for one, another in set(pairs)
                if not _ask_alike(ours.distinct[one], theirs.distinct[another])
            }
            each = zip(ours.index, pairs, strict=True) if unlike else ()
            self._unlike[key] = frozenset(index for index, pair in each if pair in unlike)
        return self._unlike[key]


def _ask_alike(one: Collective, other: Collective) -> bool:
    """Whether two ask for the same collective, in groups of one number."""
    return one.group == other.group and one.matches(other)
