"""An NPU whose operations end as soon as they can, and a network that takes no time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from simastra.engine import Category, Completion, Environment
from simastra.network import Link, Message, Network
from simastra.system import Collective, Communicator, Npu, NpuSetup
from simastra.system.compute import ComputeUnit
from simastra.units import Bytes, NpuId, Ns

from .meetings import UntimedMeetings


class MessagingNpu(Npu):
    """One NPU of a run without time whose collectives send their messages.

    Args:
        npu: its number.
        setup: what it shares with the others.
        communicators: who takes part in its collectives, by number of the process group.
    """

    def __init__(
        self, npu: NpuId, setup: NpuSetup, communicators: Mapping[int, Communicator]
    ) -> None:
        super().__init__(npu, setup, communicators)
        si_rates = setup.dialect.si_rates
        self.compute = _AtOnce(self.agenda, setup.system, si_rates=si_rates)

    def access_memory(self, size: Bytes) -> Completion:
        """Load or store: it ends by itself."""
        return self.compute.replay(0)


class UntimedNpu(MessagingNpu):
    """One NPU of a run without time, whose collectives are a single step.

    Args:
        npu: its number.
        setup: what it shares with the others.
        communicators: who takes part in its collectives, by number of the process group.
        meetings: where members of collectives meet.
    """

    def __init__(
        self,
        npu: NpuId,
        setup: NpuSetup,
        communicators: Mapping[int, Communicator],
        *,
        meetings: UntimedMeetings,
    ) -> None:
        super().__init__(npu, setup, communicators)
        self._meetings = meetings

    def run_collective(self, collective: Collective) -> Completion:
        """Come to a collective; it ends when all members have."""
        return self._meetings.come(self.npu, collective, self.communicators[collective.group])


class _AtOnce(ComputeUnit):
    """Computations end by themselves."""

    def replay(self, duration: Ns, category: Category = Category.COMPUTE) -> Completion:
        """End, by an event of its own."""
        finished = Completion(self.agenda.env)
        self.agenda.env.call_later(0, finished.fire)
        return finished

    def roofline(self, num_ops: int, tensor_size: Bytes) -> Completion:
        """The same."""
        return self.replay(0)


class UntimedNetwork(Network):
    """Messages arrive at once, in the order in which they are sent.

    Args:
        env: the environment.
    """

    def __init__(self, env: Environment) -> None:
        self._env = env

    def transfer(self, src: NpuId, dst: NpuId, size: Bytes, tag: int = 0) -> Message:
        """Send, and arrive by an event of its own."""
        message = Message(self._env, src, dst, size, tag)
        self._env.call_later(0, message.arrive)
        return message

    @property
    def links(self) -> Iterable[Link]:
        """None."""
        return ()
