"""The step between an NPU and its memory side that every packet of a collective takes.

(Behaviour 3.5: ASTRA-sim's "packet bundle".)
"""

from abc import ABC, abstractmethod
from functools import partial

from simastra.collectives import Admit
from simastra.engine import Agenda, Call
from simastra.units import Bytes, BytesPerNs, Ns

from .shared_bus import LogGP, Request, SharedBus

GROUP_DELAY: Ns = 10
"""Endpoint delay in a process group, whatever the configuration says (behaviour 3.10)."""


class Endpoint(ABC):
    """Lets packets pass, and reduces those that need it.

    Reductions run side by side; each takes two reads and a write of local memory.

    Args:
        agenda: of the NPU.
        local_mem_bw: local memory bandwidth; 0 makes reductions free, as in ASTRA-sim.
    """

    def __init__(self, agenda: Agenda, local_mem_bw: BytesPerNs) -> None:
        self.agenda = agenda
        self.local_mem_bw = local_mem_bw

    def admit(self, packet: Admit, then: Call, *, in_group: bool) -> None:
        """Call `then` once the packet has passed and been reduced."""
        if packet.reduces:
            # An event of its own, as in ASTRA-sim, even where the reduction takes no time.
            then = partial(self.agenda.call_later, self.reduction(packet.size), then)
        if in_group:
            self.agenda.call_later(GROUP_DELAY, then)
        else:
            self._pass(packet, then)

    def reduction(self, size: Bytes) -> Ns:
        """Time to reduce a packet: three memory accesses, each truncated on its own."""
        if not self.local_mem_bw:
            return 0
        return 3 * int(size / self.local_mem_bw)

    @abstractmethod
    def _pass(self, packet: Admit, then: Call) -> None:
        """Call `then` once the packet has passed."""


class FixedDelayEndpoint(Endpoint):
    """Every packet takes the same time; packets don't wait for each other.

    Args:
        agenda: of the NPU.
        local_mem_bw: local memory bandwidth.
        delay: ``endpoint-delay``, in ns.
    """

    def __init__(self, agenda: Agenda, local_mem_bw: BytesPerNs, delay: Ns) -> None:
        super().__init__(agenda, local_mem_bw)
        self.delay = delay

    def _pass(self, packet: Admit, then: Call) -> None:
        self.agenda.call_later(self.delay, then)


class SharedBusEndpoint(Endpoint):
    """Packets share a bus (``model-shared-bus``).

    Args:
        agenda: of the NPU.
        local_mem_bw: local memory bandwidth.
        parameters: of the bus.
    """

    def __init__(self, agenda: Agenda, local_mem_bw: BytesPerNs, parameters: LogGP) -> None:
        super().__init__(agenda, local_mem_bw)
        self.bus = SharedBus(agenda, parameters)

    def _pass(self, packet: Admit, then: Call) -> None:
        side = self.bus.npu_side if packet.toward_memory else self.bus.memory_side
        side.request(Request(packet.size, packet.reduces, packet.send_back, then))
