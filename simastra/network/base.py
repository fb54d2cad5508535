"""What a network backend has to do."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import TYPE_CHECKING

from simastra.units import Bytes, NpuId

from .message import Message

if TYPE_CHECKING:
    from .link import Link


class Network(ABC):
    """Moves bytes between NPUs in time.

    Laws that every backend keeps (tests/conformance): messages of one size between one pair arrive
    in the order in which they were sent; nothing is lost or invented; nothing arrives before
    latency + size / bandwidth; the same calls give the same times.
    """

    @abstractmethod
    def transfer(self, src: NpuId, dst: NpuId, size: Bytes, tag: int = 0) -> Message:
        """Send `size` bytes now; the message is the event of its arrival, so ``yield`` it."""

    @property
    @abstractmethod
    def links(self) -> Iterable[Link]:
        """The links that have been used so far, in order of first use."""
