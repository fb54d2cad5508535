"""What an algorithm says and hears: a phase as a machine without a clock.

A `PhaseMachine` plays one NPU's part in one phase (one collective over one dimension for one
chunk). It is told what has happened and says what to do next, by calling an `Exchange`; it never
waits or looks at a clock. The phase player of simastra.system is an exchange in simulated time;
that of the conformance suite lets things happen in any order that a network may choose.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence

from simastra.quick_dataclass import dataclass
from simastra.units import Bytes, NpuId


@dataclass(frozen=True, slots=True)
class Packet:
    """What passes the NPU's endpoint.

    Attributes:
        size: bytes in the packet.
        reduces: whether the packet is reduced with local data first, at local memory bandwidth.
        toward_memory: whether it goes from the NPU to its memory side (matters to a shared bus).
        send_back: whether a shared bus returns it once processed (LogGP mode only, behaviour 3.11).
    """

    size: Bytes
    reduces: bool
    toward_memory: bool
    send_back: bool = False


class Exchange(ABC):
    """What a machine can have done. Nothing that it asks for has happened when the call returns."""

    # Without this, the slots of a player would be no slots at all.
    __slots__ = ()

    @abstractmethod
    def admit(self, packet: Packet) -> None:
        """Pass a packet through the NPU's endpoint, then tell `PhaseMachine.admitted`."""

    @abstractmethod
    def send(self, to: NpuId, size: Bytes) -> None:
        """Send a message."""

    @abstractmethod
    def receive(self, source: NpuId, size: Bytes) -> None:
        """Expect a message, and tell `PhaseMachine.received` when it is here."""

    @abstractmethod
    def finish(self) -> None:
        """This NPU's part in the phase is over; nothing follows."""


class PhaseMachine(ABC):
    """One NPU's part in one phase."""

    __slots__ = ()

    @abstractmethod
    def start(self, exchange: Exchange) -> None:
        """Begin."""

    @abstractmethod
    def received(self, exchange: Exchange) -> None:
        """A message that was asked for is here."""

    @abstractmethod
    def admitted(self, exchange: Exchange) -> None:
        """A packet has passed the endpoint. Packets may overtake each other there."""

    @abstractmethod
    def blocks(self) -> Iterable[Sequence[int]]:
        """Which blocks of the collective's data each message carries, in order of sending.

        By number: of an all-to-all among N, ``s * N + d`` is what position s has for position d; of
        the others, 0 to N - 1 are the shares of the data, or each position's shard. There are as
        many or more of them as there are messages. Only the conformance suite asks: a simulation
        moves bytes, whatever they mean.
        """
