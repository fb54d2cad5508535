"""Who takes part in a collective that an NPU has begun, and which one in order it is."""

from __future__ import annotations

from dataclasses import dataclass

from simastra.collectives import EXTENDED_COLLECTIVES
from simastra.system import CollectiveRequest, Communicator
from simastra.units import NpuId
from simastra.workload import NpuProcess


@dataclass(frozen=True, slots=True)
class Participation:
    """One NPU's part in a collective.

    Attributes:
        group: number of the process group.
        communicator: the NPU's view of it.
        turn: how many collectives the NPU has begun in it before.
        request: what its node asks for.
        active: dimensions that take part.
        others: the other NPUs that take part.
    """

    group: int
    communicator: Communicator
    turn: int
    request: CollectiveRequest
    active: tuple[int, ...]
    others: tuple[NpuId, ...]


def participation(process: NpuProcess, group: int, node: int) -> Participation:
    """The part of an NPU in the collective that its node `node` has begun."""
    communicator = process.npu.communicators[group]
    turn, request = next(
        (turn, request) for turn, request in enumerate(communicator.issued) if request.node == node
    )
    active = active_dimensions(communicator, request)
    npu = process.npu.npu
    others = (member for member in members_of(communicator, request, active) if member != npu)
    return Participation(group, communicator, turn, request, active, tuple(others))


def active_dimensions(communicator: Communicator, request: CollectiveRequest) -> tuple[int, ...]:
    """Dimensions that take part; none for the collectives that run as one ring of everybody."""
    if request.collective in EXTENDED_COLLECTIVES:
        return ()
    return communicator.active(request.collective, request.involved)


def described(request: CollectiveRequest) -> str:
    """What a node asks for, in words."""
    return f"{request.collective.name} of {request.size} bytes"


def members_of(
    communicator: Communicator, request: CollectiveRequest, active: tuple[int, ...]
) -> tuple[NpuId, ...]:
    """Who takes part in what a node asks for, the NPU itself among them.

    Args:
        communicator: the NPU's view of the process group.
        request: what its node asks for.
        active: dimensions that take part.
    """
    if request.collective in EXTENDED_COLLECTIVES:
        return tuple(communicator.ring(request.involved).members)
    dimensions = communicator.dimensions(request.collective)
    if any(len(dimensions[index].ring) == len(communicator.members) for index in active):
        return tuple(communicator.members)  # one ring of everybody
    last = max(active, default=-1)
    return tuple(communicator.ring([index in active for index in range(last + 1)]).members)
