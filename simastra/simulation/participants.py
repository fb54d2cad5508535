"""Who takes part in a collective that an NPU has begun, and which one in order it is."""

from __future__ import annotations

from dataclasses import dataclass

from simastra.system import Collective, Communicator
from simastra.system.communicator import Participants
from simastra.units import NpuId
from simastra.workload import NpuProcess


@dataclass(frozen=True, slots=True)
class Participation:
    """One NPU's part in a collective that it has begun.

    Attributes:
        npu: the NPU.
        communicator: its view of the process group.
        index: how many collectives it has begun in it before.
        collective: what its node asks for.
    """

    npu: NpuId
    communicator: Communicator
    index: int
    collective: Collective

    @property
    def group(self) -> int:
        """Number of the process group."""
        return self.collective.group

    @property
    def participants(self) -> Participants:
        """Who takes part."""
        return self.communicator.participants(self.collective)

    @property
    def others(self) -> tuple[NpuId, ...]:
        """The other NPUs that take part."""
        return tuple(member for member in self.participants.members if member != self.npu)


def participation(process: NpuProcess, collective: Collective) -> Participation:
    """The part of an NPU in a collective that it has begun."""
    communicator = process.npu.communicators[collective.group]
    issued = communicator.issued  # those under way are the last ones
    index = next(it for it in reversed(range(len(issued))) if issued[it] is collective)
    return Participation(process.npu.npu, communicator, index, collective)
