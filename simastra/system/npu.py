"""One NPU: its units, put together."""

from __future__ import annotations

from dataclasses import dataclass

from simastra.config import SystemConfig
from simastra.engine import Agenda, Completion, Environment
from simastra.memory import RemoteMemory
from simastra.network import Envelope, Mailbox
from simastra.units import Bytes, NpuId

from .collective import CollectiveRequest, CollectiveUnit
from .communicator import Communicator
from .compute import ComputeUnit
from .endpoint import Endpoint, FixedDelayEndpoint, SharedBusEndpoint
from .shared_bus import LogGP
from .stream import Ports


@dataclass(frozen=True, slots=True)
class NpuSetup:
    """What all NPUs of a simulation share.

    Attributes:
        env: the environment.
        system: the system configuration.
        mailbox: the network, with matching.
        memory: the remote memory, None where there is none.
        npus: number of NPUs.
        dimensions: of the network.
        queues_per_dimension: logical queues of each dimension.
        injection_scale: factor on the endpoint delay.
    """

    env: Environment
    system: SystemConfig
    mailbox: Mailbox
    memory: RemoteMemory | None
    npus: int
    dimensions: int
    queues_per_dimension: int = 1
    injection_scale: float = 1.0


class Npu:
    """The units of one NPU. Each method begins an operation and returns the event of its end.

    Args:
        npu: its number.
        setup: what it shares with the others.
        communicator: who takes part in its collectives.
    """

    def __init__(self, npu: NpuId, setup: NpuSetup, communicator: Communicator) -> None:
        self.npu = npu
        self.env = setup.env
        self.communicator = communicator
        self.mailbox = setup.mailbox
        self.memory = setup.memory
        self.agenda = Agenda(setup.env)
        self.compute = ComputeUnit(self.agenda, setup.system)
        self.collectives = CollectiveUnit(
            setup.env,
            Ports(npu, _endpoint(self.agenda, setup), setup.mailbox),
            setup.system,
            npus=setup.npus,
            dimensions=setup.dimensions,
            queues_per_dimension=setup.queues_per_dimension,
        )

    def run_collective(self, request: CollectiveRequest) -> Completion:
        """Take part in a collective."""
        return self.collectives.run(request, self.communicator)

    def send(self, dst: NpuId, size: Bytes, tag: int) -> Completion:
        """Send a message; it ends when the message arrives at `dst` (behaviour 2.4)."""
        arrived = Completion(self.env)
        self.mailbox.send(Envelope(tag, self.npu, dst, size), arrived.fire)
        return arrived

    def receive(self, src: NpuId, size: Bytes, tag: int) -> Completion:
        """Receive a message; it ends when the message is here and has been asked for."""
        arrived = Completion(self.env)
        self.mailbox.receive(Envelope(tag, src, self.npu, size), arrived.fire)
        return arrived

    def access_memory(self, size: Bytes) -> Completion:
        """Load from or store to remote memory."""
        assert self.memory is not None  # traces are checked against the memory before the run
        return self.memory.access(self.npu, self.agenda, size)


def _endpoint(agenda: Agenda, setup: NpuSetup) -> Endpoint:
    system = setup.system
    if system.model_shared_bus:
        parameters = LogGP(
            latency=system.loggp_latency,
            overhead=system.loggp_overhead,
            gap=system.loggp_gap,
            gap_per_byte=system.loggp_gap_per_byte,
            reduction_delay=system.local_reduction_delay,
        )
        return SharedBusEndpoint(agenda, system.local_mem_bw, parameters)
    delay = system.endpoint_delay
    if "endpoint_delay" in system.model_fields_set:  # ASTRA-sim's default isn't scaled (1.1)
        delay = int(delay * setup.injection_scale)
    return FixedDelayEndpoint(agenda, system.local_mem_bw, delay)
