"""One NPU: its units, put together."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, TypeAlias

from simastra.config import SystemConfig
from simastra.deferred import deferred
from simastra.dialect import HOTI2024, Dialect
from simastra.engine import Agenda, Completion, Environment
from simastra.memory import RemoteMemory
from simastra.network import Envelope, Mailbox
from simastra.quick_dataclass import dataclass
from simastra.units import Bytes, NpuId, Ns

from .collective import CollectiveUnit
from .communicator import Collective, Communicator
from .compute import ComputeUnit, PricedComputeUnit
from .custom_collectives import CustomCollectives
from .endpoint import (
    GROUP_DELAY,
    Endpoint,
    FixedDelayEndpoint,
    LocalMemory,
    SharedBusEndpoint,
    fixed_delay,
    loggp,
)
from .npu_collectives import NpuCollectives
from .ports import Ports
from .switches import Switches
from .tags import Tags

if TYPE_CHECKING:
    from . import priced_collectives
    from .priced_collectives import Meetings
else:  # for what is calibrated
    priced_collectives = deferred("simastra.system.priced_collectives")


@dataclass(frozen=True, slots=True)
class NpuSetup:
    """What all NPUs of a simulation share.

    Attributes:
        env: the environment.
        system: the system configuration.
        mailbox: the network, with matching.
        memory: the remote memory, None where there is none.
        switches: those of the network that reduce.
        npus: number of NPUs.
        dimensions: of the network.
        custom: collectives that are played from ETs.
        dialect: which ASTRA-sim is reproduced.
        queues_per_dimension: logical queues of each dimension.
        injection_scale: factor on the endpoint delay.
        meetings: where the members of priced collectives meet; None where collectives are played
            chunk by chunk.
    """

    env: Environment
    system: SystemConfig
    mailbox: Mailbox
    memory: RemoteMemory | None
    switches: Switches
    npus: int
    dimensions: int
    custom: CustomCollectives
    dialect: Dialect = HOTI2024
    queues_per_dimension: int = 1
    injection_scale: float = 1.0
    meetings: Meetings | None = None

    @property
    def tags(self) -> Tags:
        """How messages are tagged."""
        return Tags(separate=self.dialect.separate_tags)


class Npu:
    """The units of one NPU. Each method begins an operation and returns the event of its end.

    Args:
        npu: its number.
        setup: what it shares with the others.
        communicators: who takes part in its collectives, by number of the process group; 0 is its
            usual one.
    """

    def __init__(
        self, npu: NpuId, setup: NpuSetup, communicators: Mapping[int, Communicator]
    ) -> None:
        self.npu = npu
        self.env = setup.env
        self.communicators = communicators
        self.tags = setup.tags
        self.memory = setup.memory
        self.agenda = setup.env.agenda(npu)
        agenda, self.mailbox = self._agenda_and_mailbox(setup)
        self.compute = _compute_unit(agenda, setup)
        self.custom = setup.custom
        self.collectives = self._make_collectives(setup, agenda)

    def _agenda_and_mailbox(self, setup: NpuSetup) -> tuple[Agenda, Mailbox]:
        """What its units schedule by, and send and receive by."""
        return self.agenda, setup.mailbox

    def _make_collectives(self, setup: NpuSetup, agenda: Agenda) -> NpuCollectives:
        if setup.meetings is not None:
            return priced_collectives.PricedCollectives(self.npu, setup.meetings)
        memory = LocalMemory(setup.system.local_mem_bw, si_rates=setup.dialect.si_rates)
        ports = Ports(
            self.npu,
            agenda,
            _endpoint(agenda, memory, setup),
            FixedDelayEndpoint(agenda, memory, GROUP_DELAY),
            self.mailbox,
            self.tags,
            setup.switches,
            setup.mailbox.probe,
        )
        return CollectiveUnit(
            setup.env,
            ports,
            setup.system,
            setup.custom,
            npus=setup.npus,
            dimensions=setup.dimensions,
            queues_per_dimension=setup.queues_per_dimension,
        )

    def end_of(self, start: Ns, work: Ns) -> Ns | None:
        """When a computation ends that begins at `start` and takes `work` ns; None for never."""
        return start + work

    def lost(self, start: Ns, work: Ns) -> str:
        """What such a computation loses to events of a scenario, in words; empty for nothing."""
        return ""

    def standstill(self) -> str:
        """Why it stands still, in words; empty for an NPU that works."""
        return ""

    def waking(self) -> Completion:
        """An event that comes when it works; somebody asks only one that stands still."""
        raise AssertionError("it never stands still")

    @property
    def separate_tags(self) -> bool:
        """Whether collectives and sends have tags of their own."""
        return self.tags.separate

    @property
    def played(self) -> CollectiveUnit:
        """What runs its collectives, for who looks at their chunks: none may be priced."""
        assert isinstance(self.collectives, CollectiveUnit)
        return self.collectives

    def run_collective(self, collective: Collective) -> Completion:
        """Take part in a collective."""
        return self.collectives.run(collective, self.communicators[collective.group])

    def send(self, dst: NpuId, size: Bytes, tag: int) -> Completion:
        """Send a message; it ends when the message arrives at `dst` (behaviour 2.4)."""
        arrived = Completion(self.env)
        self.mailbox.send(Envelope(self.tags.of_send(tag), self.npu, dst, size), arrived.fire)
        return arrived

    def receive(self, src: NpuId, size: Bytes, tag: int) -> Completion:
        """Receive a message; it ends when the message is here and has been asked for."""
        arrived = Completion(self.env)
        self.mailbox.receive(Envelope(self.tags.of_send(tag), src, self.npu, size), arrived.fire)
        return arrived

    def access_memory(self, size: Bytes) -> Completion:
        """Load from or store to remote memory."""
        assert self.memory is not None  # traces are checked against the memory before the run
        return self.memory.access(self.npu, self.agenda, size)


MakeNpu: TypeAlias = Callable[[NpuId, NpuSetup, Mapping[int, Communicator]], Npu]
"""Makes an NPU of that number, of what it shares with others, and of its communicators."""


def _compute_unit(agenda: Agenda, setup: NpuSetup) -> ComputeUnit:
    si_rates = setup.dialect.si_rates
    if setup.meetings is None:
        return ComputeUnit(agenda, setup.system, si_rates=si_rates)
    prices = setup.meetings.prices
    return PricedComputeUnit(agenda, setup.system, si_rates=si_rates, prices=prices)


def _endpoint(agenda: Agenda, memory: LocalMemory, setup: NpuSetup) -> Endpoint:
    system = setup.system
    if system.model_shared_bus:
        return SharedBusEndpoint(agenda, memory, loggp(system))
    return FixedDelayEndpoint(agenda, memory, fixed_delay(system, setup.injection_scale))
