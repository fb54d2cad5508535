"""What messages cost that each hop forwards whole: what can't be otherwise, and what could."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from simastra.collectives import LogicalRing, Phase, RingSymmetry
from simastra.network import Topology
from simastra.simulation.experiment import Experiment
from simastra.simulation.platform import Platform
from simastra.simulation.promised import ring_symmetry
from simastra.system.endpoint import GROUP_DELAY, LocalMemory
from simastra.trace import ids_of
from simastra.units import Bytes, NpuId, Ns

from .certain_traffic import CertainTraffic, CertainTrafficOf
from .link_loads import Messages, message_loads
from .plan import PhaseSends, Planned, Round, phase_sends

_MOST_MESSAGES = 20_000
"""Kinds of messages of a phase's members, of which following each takes a tenth of a second."""


@dataclass(frozen=True, slots=True)
class ForwardingCost:
    """What a node's messages cost, in ns.

    Attributes:
        links: for how long the busiest link is busy with them, one round after the other.
        waits: latencies, endpoints and reductions of all that can't go on side by side.
        again: for how long such messages are on the wire of hops after the longest.
        size: bytes of the largest message.
        rounds: how often members wait for each other.
    """

    links: Ns
    waits: float
    again: Ns
    size: Bytes
    rounds: int = 0


class ForwardingCosts:
    """Knows what messages cost.

    Args:
        experiment: what has been simulated.
    """

    def __init__(self, experiment: Experiment) -> None:
        self._experiment = experiment
        self._platform = experiment.platform
        self._topology = experiment.platform.topology
        self._traffic = CertainTrafficOf(experiment)
        self._known: dict[int, ForwardingCost | None] = {}
        self._busy: dict[int, tuple[Messages, Ns]] = {}

    def of_npu(self, npu: NpuId) -> Iterator[tuple[int, CertainTraffic]]:
        """The ids of an NPU's nodes that communicate, each with what it sends."""
        program = self._experiment.programs[npu]
        ids = ids_of(program.graph.nodes)
        return ((ids[index], it) for index, it in self._traffic.of(npu, program))

    def of(self, npu: NpuId, it: CertainTraffic) -> ForwardingCost | None:
        """What a node costs; None where others may share its links, or looking takes too long."""
        if it.planned is None:
            src, dst = it.least.members
            return message_cost(self._topology, src, dst, round(it.least.sent + it.least.received))
        key = id(it.planned)
        if key not in self._known:
            self._known[key] = self._collective(npu, it, it.planned)
        return self._known[key]

    def _collective(
        self, npu: NpuId, it: CertainTraffic, planned: Planned
    ) -> ForwardingCost | None:
        operation, platform = it.least.operation, self._platform
        is_alone = len(it.least.members) == platform.npus
        assert operation is not None  # it is planned
        is_listed = platform.listed(npu, operation.group) is not None
        along_lines = platform.network.graph is None and not is_listed
        if not (is_alone or along_lines):
            return None
        parts = [self._phase(*each) for each in planned.phases]
        known = [part for part in parts if part is not None]
        if not known or len(known) < len(parts):
            return None
        return ForwardingCost(
            planned.chunks * sum(part.links for part in known),
            planned.chunks * sum(part.waits for part in known),
            planned.chunks * sum(part.again for part in known),
            max(part.size for part in known),
            planned.chunks * sum(part.rounds for part in known),
        )

    def _phase(self, phase: Phase, sends: PhaseSends) -> ForwardingCost | None:
        """Of one chunk: that of its rounds, one after the other."""
        rounds = _rounds_of_all(phase, sends)
        if rounds is None:
            return None
        own = phase.ring.members[phase.ring.position]
        ways = {it: message_cost(self._topology, own, *it) for it in sends.messages}
        size = max((size for _, size in sends.messages), default=0)
        links = again = 0
        waits = float((len(sends.rounds) + 1) * endpoint_time(self._platform, size))
        for each, messages in zip(sends.rounds, rounds, strict=True):
            links += self._busiest(messages)
            waits += max(ways[it].waits for it in each)
            again += min(ways[it].again for it in each)
        return ForwardingCost(links, waits, again, size, len(sends.rounds))

    def _busiest(self, messages: Messages) -> Ns:
        """For how long the busiest link is busy."""
        key = id(messages)  # rounds that are alike share one
        if key not in self._busy:
            loads = message_loads(self._topology, messages)
            self._busy[key] = messages, max((it.time for it in loads), default=0)
        return self._busy[key][1]


def switch_time(topology: Topology, phase: Phase) -> float:
    """For how long a phase's messages from and to switches take at the most, in ns.

    Up to the root and down again, each as large as all that a member puts in or gets.
    """
    own = phase.ring.members[phase.ring.position]
    time = 0.0
    for it in phase.aggregations():
        at, size = own, it.block * sum(map(len, it.part.blocks))
        while (above := it.tree.parent.get(at)) is not None:
            ways = message_cost(topology, at, above, size), message_cost(topology, above, at, size)
            time += sum(way.links + way.again + way.waits for way in ways)
            at = above
    return time


def endpoint_time(platform: Platform, size: Bytes) -> Ns:
    """For how long a packet passes an endpoint without a bus, and is reduced, at the most."""
    system, options = platform.system, platform.options
    memory = LocalMemory(system.local_mem_bw, si_rates=options.dialect.si_rates)
    scale = max(1.0, options.injection_scale)
    return int(max(GROUP_DELAY, system.endpoint_delay * scale)) + memory.reduction(size)


def message_cost(topology: Topology, src: NpuId, dst: NpuId, size: Bytes) -> ForwardingCost:
    """Of one message."""
    hops = topology.hops(src, dst)
    times = [hop.link[size][0] for hop in hops]
    longest = max(times, default=0)
    # Each hop's latency is cut to whole ns with the time on the wire.
    latency = sum(hop.link.latency + 1 for hop in hops)
    return ForwardingCost(longest, latency, sum(times) - longest, size)


def _rounds_of_all(phase: Phase, sends: PhaseSends) -> Sequence[Messages] | None:
    """What all members send in each round; None if that is too much to look at, or not all."""
    ring = phase.ring
    if phase.algorithm.uses_switches:
        return None
    if ring_symmetry(phase.algorithm) is RingSymmetry.SHIFTS:
        kinds = dict.fromkeys(sends.rounds)
        if len(ring) * sum(map(len, kinds)) > _MOST_MESSAGES:
            return None
        shifted = {it: _shifted(ring, it) for it in kinds}
        return [shifted[it] for it in sends.rounds]
    if len(ring) * sends.count > _MOST_MESSAGES:
        return None
    found: list[Messages] = [Counter() for _ in sends.rounds]
    for position, member in enumerate(ring.members):
        view = LogicalRing(ring.members, position, ring.is_group, ring.clockwise)
        rounds = phase_sends(replace(phase, ring=view)).rounds
        if len(rounds) != len(found):
            return None
        for messages, each in zip(found, rounds, strict=True):
            messages.update((member, *sent) for sent in each)
    return found


def _shifted(ring: LogicalRing, sent_at_once: Round) -> Messages:
    """What all members send, each the same to members as far away."""
    members, npus = ring.members, len(ring)
    places = {member: place for place, member in enumerate(members)}
    found: Messages = Counter()
    for to, size in sent_at_once:
        distance = places[to] - ring.position
        found.update(
            (member, members[(place + distance) % npus], size)
            for place, member in enumerate(members)
        )
    return found
