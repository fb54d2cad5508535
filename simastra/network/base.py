"""What a network backend has to do."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from typing import Protocol

from simastra.engine import WatchedLink
from simastra.units import Bytes, BytesPerNs, NpuId, Ns

from .message import HeldMessage, Message


class NetworkLink(WatchedLink, Protocol):
    """What may be asked of a link of any backend, by those who look at a run."""

    @property
    def bytes_per_ns(self) -> BytesPerNs:
        """Bandwidth."""

    @property
    def is_busy(self) -> bool:
        """Whether a message is being put on the wire."""

    @property
    def on_wire(self) -> Sequence[Message]:
        """The messages that are being put on the wire; several where they share the link."""

    @property
    def shares(self) -> Sequence[tuple[Message, BytesPerNs]]:
        """The messages that share it and what each gets; none where it carries one at a time."""

    @property
    def items(self) -> Sequence[Message]:
        """The messages that wait for it, the oldest first."""

    def count(self, busy: Ns, size: Bytes, messages: int) -> None:
        """Count further messages as carried, for which it would have been busy so long."""


class Network(ABC):
    """Moves bytes between NPUs in time.

    Laws that every backend keeps (tests/conformance): messages of one size between one pair arrive
    in the order in which they were sent; nothing is lost or invented; nothing arrives before
    latency + size / bandwidth; the same calls give the same times.
    """

    @abstractmethod
    def transfer(self, src: NpuId, dst: NpuId, size: Bytes, tag: int = 0) -> Message:
        """Send `size` bytes now; the message is the event of its arrival, so ``yield`` it."""

    def says(self, _call: object) -> str:
        """What a call that it has scheduled for itself does, in words."""
        return "the network goes on"

    @property
    def held(self) -> Iterable[HeldMessage]:
        """The messages that wait for links that are down, the oldest first at each."""
        return ()

    @property
    @abstractmethod
    def links(self) -> Iterable[NetworkLink]:
        """The links that have been used so far, in order of first use."""
