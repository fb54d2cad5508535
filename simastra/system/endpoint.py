"""The step between an NPU and its memory side that every packet of a collective takes.

(Behaviour 3.5: ASTRA-sim's "packet bundle".)
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from functools import partial
from typing import TYPE_CHECKING

from simastra.collectives import Packet
from simastra.config import SystemConfig
from simastra.deferred import deferred
from simastra.engine import Agenda, Call, Category
from simastra.quick_dataclass import dataclass
from simastra.units import NS_PER_SECOND, Bytes, BytesPerNs, Ns

if TYPE_CHECKING:
    from simastra.system import shared_bus
    from simastra.system.shared_bus import LogGP
else:  # few NPUs have one
    shared_bus = deferred("simastra.system.shared_bus")

GROUP_DELAY: Ns = 10
"""Endpoint delay in a process group, whatever the configuration says (behaviour 3.10)."""

# Packets are many, and to look a member of an enum up takes longer than a name.
_ENDPOINT, _REDUCTION = Category.ENDPOINT, Category.REDUCTION


@dataclass(frozen=True, slots=True)
class LocalMemory:
    """An NPU's local memory.

    Attributes:
        bytes_per_ns: its bandwidth; 0 makes accesses free, as in ASTRA-sim.
        si_rates: whether times are computed in seconds first, as later versions do.
    """

    bytes_per_ns: BytesPerNs
    si_rates: bool = False

    def reduction(self, size: Bytes) -> Ns:
        """Time to reduce a packet: two reads and a write, each truncated on its own."""
        if not self.bytes_per_ns:
            return 0
        if self.si_rates:
            return 3 * int(size / (self.bytes_per_ns * NS_PER_SECOND) * NS_PER_SECOND)
        return 3 * int(size / self.bytes_per_ns)


class PacketOwner(ABC):
    """Who is told when a packet has passed an endpoint."""

    __slots__ = ()

    @property
    @abstractmethod
    def tag(self) -> int:
        """Tag of the messages of the stream that it is a part of."""

    @abstractmethod
    def packet_passed(self) -> None:
        """A packet has passed, and has been reduced if it needed that."""


class Endpoint(ABC):
    """Lets packets pass, and reduces those that need it.

    Reductions run side by side.

    Args:
        agenda: of the NPU.
        memory: local memory, which reductions go through.
    """

    def __init__(self, agenda: Agenda, memory: LocalMemory) -> None:
        self.agenda = agenda
        self.memory = memory

    @abstractmethod
    def admit(self, packet: Packet, owner: PacketOwner) -> None:
        """Tell `owner` once the packet has passed and been reduced."""

    def _after_passing(self, packet: Packet, owner: PacketOwner) -> Call:
        """What comes when the packet has passed."""
        if packet.reduces:
            return partial(self.reduce, packet.size, owner)
        return owner.packet_passed

    def reduce(self, size: Bytes, owner: PacketOwner) -> None:
        """Reduce a packet that has passed.

        This takes an event of its own, as in ASTRA-sim, even where it takes no time.
        """
        self.agenda.call_later(self.memory.reduction(size), owner.packet_passed, _REDUCTION)


class FixedDelayEndpoint(Endpoint):
    """Every packet takes the same time; packets don't wait for each other.

    Args:
        agenda: of the NPU.
        memory: local memory.
        delay: ``endpoint-delay``, in ns.
    """

    def __init__(self, agenda: Agenda, memory: LocalMemory, delay: Ns) -> None:
        super().__init__(agenda, memory)
        self.delay = delay

    def admit(self, packet: Packet, owner: PacketOwner) -> None:
        """Wait for the delay."""
        self.agenda.call_later(self.delay, self._after_passing(packet, owner), _ENDPOINT)


class SharedBusEndpoint(Endpoint):
    """Packets share a bus (``model-shared-bus``).

    Args:
        agenda: of the NPU.
        memory: local memory.
        parameters: of the bus.
    """

    def __init__(self, agenda: Agenda, memory: LocalMemory, parameters: LogGP) -> None:
        super().__init__(agenda, memory)
        self.bus = shared_bus.SharedBus(agenda, parameters)

    def admit(self, packet: Packet, owner: PacketOwner) -> None:
        """Move the packet over the bus."""
        side = self.bus.npu_side if packet.toward_memory else self.bus.memory_side
        then = self._after_passing(packet, owner)
        side.request(shared_bus.Request(packet.size, packet.reduces, packet.send_back, then))


def loggp(system: SystemConfig) -> LogGP:
    """The parameters of the shared bus."""
    return shared_bus.LogGP(
        latency=system.loggp_latency,
        overhead=system.loggp_overhead,
        gap=system.loggp_gap,
        gap_per_byte=system.loggp_gap_per_byte,
        reduction_delay=system.local_reduction_delay,
    )


def fixed_delay(system: SystemConfig, injection_scale: float) -> Ns:
    """The delay of every packet where there is no bus; ASTRA-sim's default isn't scaled (1.1)."""
    if "endpoint_delay" not in system.model_fields_set:
        return system.endpoint_delay
    return int(system.endpoint_delay * injection_scale)
