"""How long collectives take at the least, as their members wait for each other round a ring."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

from simastra.collectives import LogicalRing, Phase
from simastra.network.topology import LineSymmetry
from simastra.simulation.platform import Platform
from simastra.simulation.promised import is_ring, line_symmetry
from simastra.system.collective import running_per_queue
from simastra.units import Ns

from .message_chain import least_way
from .plan import PhaseSends, Planned


def least_time(platform: Platform, planned: Planned, latency: float) -> Ns:
    """From the first member's coming to when any member is done, in ns, at the least.

    On a ring each message waits for the one before, which a neighbour has sent: a member is done no
    sooner than as many messages after the first coming as each sends. A queue runs so many chunks
    at once; before each of these have gone round once no other begins, whichever they are. Other
    algorithms count for nothing here.

    Args:
        platform: the machine.
        planned: what a member sends.
        latency: the least of any link, in ns.
    """
    options = platform.options
    if options.queues_per_dimension > 1:
        return 0  # chunks go both ways, in queues of their own
    times = [_round_trip(platform, *each, latency) for each in planned.phases]
    turns = -(-planned.chunks // running_per_queue(platform.system, 1))
    return sum(times) + (turns - 1) * max(times, default=0)


def _round_trip(platform: Platform, phase: Phase, sends: PhaseSends, latency: float) -> Ns:
    """For how long a chunk is in a phase."""
    if not is_ring(phase.algorithm):
        return 0
    if not _hops_are_alike(platform, phase.ring):
        return sends.count * max(0, int(latency) - 1)
    own = phase.ring.members[phase.ring.position]
    return sum(
        count * least_way(platform.topology, own, to, size)
        for (to, size), count in sends.messages.items()
    )


def _hops_are_alike(platform: Platform, ring: LogicalRing) -> bool:
    """Whether all members are as far from the next: on a symmetric dimension of the network."""
    members: Sequence[int] = ring.members
    if platform.network.graph is not None or ring.is_group:
        return False
    counts = platform.network.npus_count
    for dimension, topology in enumerate(platform.dimensions):
        stride = abs(members[1] - members[0])
        if stride == prod(counts[:dimension]) and len(members) == counts[dimension]:
            return line_symmetry(topology) is not LineSymmetry.NONE
    return False
