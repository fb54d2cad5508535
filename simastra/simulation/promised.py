"""What the parts of a machine promise to shortcuts; the least where a promise doesn't count."""

from __future__ import annotations

from collections.abc import Callable

from simastra.collectives import Algorithm, RingSymmetry
from simastra.memory import RemoteMemory
from simastra.network.topology import LineSymmetry, Topology
from simastra.promises import states
from simastra.units import Bytes, Ns


def line_symmetry(topology: Topology) -> LineSymmetry:
    """Which renumberings of a dimension's NPUs take every route to a route."""
    return topology.symmetry if states(topology, "symmetry") else LineSymmetry.NONE


def ring_symmetry(algorithm: Algorithm) -> RingSymmetry:
    """Which renumberings of positions take every exchange to an exchange."""
    return algorithm.symmetry if states(algorithm, "symmetry") else RingSymmetry.NONE


def alternates(algorithm: Algorithm) -> bool:
    """Whether an algorithm may do otherwise in another turn."""
    return not states(algorithm, "alternates") or algorithm.alternates


def period(algorithm: Algorithm) -> int | None:
    """After how many turns an algorithm does the same again; None where that isn't known."""
    if not alternates(algorithm):
        return 1
    return algorithm.period if states(algorithm, "period") else None


def has_scores(algorithm: Algorithm) -> bool:
    """Whether an algorithm's machines only count."""
    return states(algorithm, "has_scores") and algorithm.has_scores


def is_ring(algorithm: Algorithm) -> bool:
    """Whether all members of an algorithm send to the next alone, a message at a time, always."""
    says_so = states(algorithm, "is_ring") and algorithm.is_ring
    return says_so and ring_symmetry(algorithm) is RingSymmetry.SHIFTS and not alternates(algorithm)


def is_shared(memory: RemoteMemory) -> bool:
    """Whether NPUs may have to wait for each other at a memory."""
    return not states(memory, "is_shared") or memory.is_shared


def is_uniform(memory: RemoteMemory) -> bool:
    """Whether a memory serves every NPU alike."""
    return states(memory, "is_uniform") and memory.is_uniform


def least_access(memory: RemoteMemory | None) -> Callable[[Bytes], Ns] | None:
    """What an access of so many bytes takes at the least, once it is served; None for unknown."""
    if memory is None or not (states(memory, "serves_in_turn") and memory.serves_in_turn):
        return None
    return memory.duration
