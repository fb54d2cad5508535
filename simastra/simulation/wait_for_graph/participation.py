"""An NPU's part in a collective that it has begun: which one in order it is, and who takes part."""

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
        participants: who takes part.
        others: those but for the NPU itself.
    """

    npu: NpuId
    communicator: Communicator
    index: int
    collective: Collective
    participants: Participants
    others: tuple[NpuId, ...]

    @property
    def group(self) -> int:
        """Number of the process group."""
        return self.collective.group


def participation(process: NpuProcess, collective: Collective) -> Participation:
    """The part of an NPU in a collective that it has begun."""
    npu, communicator = process.npu.npu, process.npu.communicators[collective.group]
    issued = communicator.issued  # those under way are the last ones
    index = next(it for it in reversed(range(len(issued))) if issued[it] is collective)
    participants = communicator.participants(collective)
    others = tuple(member for member in participants.members if member != npu)
    return Participation(npu, communicator, index, collective, participants, others)
