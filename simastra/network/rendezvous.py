"""Messages that are preceded by a handshake (behaviour 3.9)."""

from functools import partial

from simastra.engine import Call, Envelope, Environment, Probe
from simastra.units import Bytes

from .base import Network
from .mailbox import Mailbox

HANDSHAKE_SIZE: Bytes = 8192


class RendezvousMailbox(Mailbox):
    """The receiver tells the sender that it is ready before anything is sent.

    Args:
        env: the environment.
        network: carries the messages, handshakes included.
        tag_offset: added to a message's tag for its handshake.
        probe: is told of messages sent and arrived, handshakes included.
    """

    def __init__(
        self, env: Environment, network: Network, tag_offset: int, probe: Probe | None = None
    ) -> None:
        super().__init__(env, network, probe)
        self._tag_offset = tag_offset

    @property
    def handshake_tag_offset(self) -> int:
        """What is added to a message's tag for its handshake."""
        return self._tag_offset

    def is_handshake(self, envelope: Envelope) -> bool:
        """Whether a message of this kind is the handshake of another."""
        return envelope.tag >= self._tag_offset and envelope.size == HANDSHAKE_SIZE

    def send(self, envelope: Envelope, then: Call | None = None) -> None:
        """Send once the receiver's handshake is here."""
        super().receive(self._handshake(envelope), partial(super().send, envelope, then))

    def receive(self, envelope: Envelope, then: Call) -> None:
        """Send the handshake; the receive itself counts from the handshake's arrival."""
        super().send(self._handshake(envelope), partial(super().receive, envelope, then))

    def _handshake(self, envelope: Envelope) -> Envelope:
        """It travels from the receiver to the sender."""
        return Envelope(envelope.tag + self._tag_offset, envelope.dst, envelope.src, HANDSHAKE_SIZE)
