"""What links have to carry: as they did, or as the plan of a run has it that knows no links."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from simastra.network import Topology
from simastra.result import LinkRecord
from simastra.simulation.event_count import FEW_EVENTS, event_count
from simastra.simulation.experiment import Experiment
from simastra.simulation.promised import alternates
from simastra.trace import CollectiveType
from simastra.units import Bytes, NpuId, Ns
from simastra.workload import Collective

from .communicating import communicating
from .plan import chunk_count, phase_messages

Messages = Counter[tuple[NpuId, NpuId, Bytes]]
"""How many messages of each (sender, receiver, size)."""


@dataclass(frozen=True, slots=True)
class LinkDemand:
    """What a link has to carry.

    Attributes:
        src: device at its sending end.
        dst: device at its receiving end.
        time: for how long that keeps it busy at the least, in ns.
    """

    src: int
    dst: int
    time: Ns


def busiest_link(
    experiment: Experiment, links: Sequence[LinkRecord], most: int = FEW_EVENTS
) -> LinkDemand | None:
    """Return the link that is busy longest; None where that isn't known.

    Args:
        experiment: what has been simulated.
        links: what the links have carried; none of a backend without links.
        most: crossings of links, of which it is still counted what messages keep each busy for.
    """
    if links:
        found = max(links, key=lambda it: it.busy)
        return LinkDemand(found.src, found.dst, found.busy)
    platform = experiment.platform
    if platform.topology.multipath or event_count(experiment) > most:
        return None
    messages = _planned_messages(experiment)
    if messages is None:
        return None
    loads = message_loads(platform.topology, messages)
    return max(loads, key=lambda it: it.time, default=None)


def message_loads(topology: Topology, messages: Messages) -> list[LinkDemand]:
    """What messages keep each link busy for, each on its way.

    Args:
        topology: has one way for each pair.
        messages: how many of each (sender, receiver, size).
    """
    times: Counter[tuple[int, int]] = Counter()
    for (src, dst, size), count in messages.items():
        for hop in topology.hops(src, dst):
            on_wire, _ = hop.link[size]
            times[hop.src, hop.dst] += count * on_wire
    return [LinkDemand(*ends, time) for ends, time in times.items()]


def _planned_messages(experiment: Experiment) -> Messages | None:
    """All messages of a run; None where they depend on the order of things."""
    found: Messages = Counter()
    custom = experiment.platform.custom
    for npu, program in enumerate(experiment.programs):
        for it, count in communicating(program, custom).counted():
            if isinstance(it, Collective):
                planned = _collective(experiment, npu, it)
                if planned is None:
                    return None
                for sent, messages in planned.items():
                    found[sent] += messages * count
            elif it.is_send:
                found[npu, it.partner, it.size] += count
    return found


def _collective(experiment: Experiment, npu: NpuId, operation: Collective) -> Messages | None:
    """What an NPU sends for a collective."""
    platform = experiment.platform
    if operation.kind is CollectiveType.BARRIER:
        return Counter()  # next to nothing
    if operation.gathers_nothing:
        return Counter()
    if platform.custom.prefix(operation) is not None or platform.options.queues_per_dimension > 1:
        return None  # ETs say it, or a chunk's turn at the queues in which direction it goes
    chunks, phases = chunk_count(platform, operation), platform.phases(npu, operation)
    if any(alternates(phase.algorithm) for phase in phases):
        return None
    found: Messages = Counter()
    for phase in phases:
        for (to, size), count in phase_messages(phase).items():
            found[npu, to, size] += chunks * count
    return found
