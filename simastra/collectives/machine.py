"""What an algorithm says and hears: a phase as a machine without a clock.

A `PhaseMachine` plays one NPU's part in one phase (one collective over one dimension for one
chunk). It is told what has happened and answers with what to do; it never waits, sends or looks at
a clock. The collective player of simastra.system carries its actions out in simulated time; the
conformance suite carries them out in any order that a network may choose.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import NamedTuple, TypeAlias

from simastra.units import Bytes, NpuId


class Admit(NamedTuple):
    """Pass one packet through the NPU's endpoint, then tell `PhaseMachine.admitted`.

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


class Send(NamedTuple):
    """Send a message. `blocks`: which blocks of the collective's data it carries."""

    to: NpuId
    size: Bytes
    blocks: range


class Receive(NamedTuple):
    """Expect a message, and tell `PhaseMachine.received` when it is here."""

    source: NpuId
    size: Bytes


class Finished(NamedTuple):
    """This NPU's part in the phase is over; nothing follows."""


Action: TypeAlias = Admit | Send | Receive | Finished


class PhaseMachine(ABC):
    """One NPU's part in one phase."""

    @abstractmethod
    def start(self) -> Sequence[Action]:
        """Begin."""

    @abstractmethod
    def received(self) -> Sequence[Action]:
        """A message that was asked for is here."""

    @abstractmethod
    def admitted(self) -> Sequence[Action]:
        """A packet has passed the endpoint. Packets may overtake each other there."""
