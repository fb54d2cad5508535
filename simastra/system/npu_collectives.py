"""What stands behind `Npu.run_collective`: how an NPU takes part in collectives."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from simastra.engine import Completion

from .communicator import Collective, Communicator

if TYPE_CHECKING:
    from .meeting import Meeting
    from .scheduler import StreamScheduler
    from .stream import Stream


class NpuCollectives(ABC):
    """Runs the collectives of one NPU.

    There are two ways: chunk by chunk and message by message, as ASTRA-sim does (`CollectiveUnit`),
    and as one whole that has a price (`PricedCollectives`). Which it is, the network's backend
    declares.
    """

    @abstractmethod
    def run(self, collective: Collective, communicator: Communicator) -> Completion:
        """Begin a collective; the event fires when this NPU's part in it has ended."""

    @property
    def queues(self) -> Sequence[Sequence[Stream]]:
        """Chunks in flight, by logical queue; no queues where there are no chunks."""
        return ()

    @property
    def meetings(self) -> Sequence[Meeting]:
        """Collectives in flight that are priced as a whole, the oldest first."""
        return ()

    @abstractmethod
    def reschedule(self, scheduler: Callable[[StreamScheduler], StreamScheduler]) -> None:
        """Have another scheduler of chunks, made of the present one, if there are chunks."""
