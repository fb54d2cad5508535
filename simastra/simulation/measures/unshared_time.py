"""How long collectives take at the most where messages share nothing, told without simulating."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from simastra.network import Queueing
from simastra.simulation.experiment import Experiment
from simastra.simulation.platform import Platform
from simastra.system.collective import running_per_queue
from simastra.trace import Node
from simastra.units import NpuId, Ns
from simastra.workload import of_each_template

from .certain_traffic import CertainTraffic, CertainTrafficOf
from .forwarding_costs import endpoint_time, message_cost, switch_time
from .plan import Planned
from .windows import MOST_RECORDS


@dataclass(frozen=True, slots=True)
class TooShort:
    """A collective that will be over sooner than an NPU's links could carry it.

    Attributes:
        npu: whose links.
        node: which asks for it.
        traffic: what it sends.
        need: for how long its links need for it, in ns, at the least.
        time: from the last member's coming to its end, in ns, at the most.
        is_sent: whether it is what the NPU sends that takes them so long, and not what it receives.
    """

    npu: NpuId
    node: Node
    traffic: CertainTraffic
    need: float
    time: Ns
    is_sent: bool

    @property
    def factor(self) -> float:
        """How many times their bandwidth the links would have to carry, at the least."""
        return self.need / max(self.time, 1)


def too_short(experiment: Experiment) -> Iterator[TooShort]:
    """Find them, of one NPU of those whose programs are alike."""
    platform, programs = experiment.platform, experiment.programs
    backend, options = platform.backend, platform.options
    is_known = backend.queueing is Queueing.NOWHERE and backend.is_exact
    if not is_known or options.rendezvous or platform.system.model_shared_bus:
        return
    if experiment.is_disturbed:  # other things take time as well
        return
    traffic = CertainTrafficOf(experiment)
    for npu, program in of_each_template(programs):
        if len(program.operations) > MOST_RECORDS:
            continue
        for index, it in traffic.of(npu, program):
            if it.planned is not None:
                needs, time = traffic.needs(npu, [it]), longest_time(platform, it.planned)
                if max(needs) > time:
                    is_sent = needs[0] >= needs[1]
                    node = program.graph.nodes[index]
                    yield TooShort(npu, node, it, max(needs), time, is_sent)


def longest_time(platform: Platform, planned: Planned) -> Ns:
    """For how long a collective takes at the most once all members have come, in ns.

    Each message takes as long as it would alone; so many chunks are under way as may be.

    Args:
        platform: with a backend on which messages meet nowhere.
        planned: what a member sends.
    """
    running = running_per_queue(platform.system, platform.options.queues_per_dimension)
    time = 0.0
    for phase, sends in planned.phases:
        own = phase.ring.members[phase.ring.position]
        ways = {it: message_cost(platform.topology, own, *it) for it in sends.messages}
        alone = {it: way.links + way.waits for it, way in ways.items()}
        time += sum(max(map(alone.__getitem__, each)) for each in sends.rounds)
        time += switch_time(platform.topology, phase)
        largest = max(size for _, size in sends.messages)
        time += (len(sends.rounds) + 1) * endpoint_time(platform, largest)
    return int(-(-planned.chunks // running) * time)
