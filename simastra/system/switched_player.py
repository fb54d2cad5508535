"""Plays a phase in which switches take part."""

from simastra.network import Envelope
from simastra.units import Bytes, NpuId
from simastra.view.ends import is_switch

from .player import PhasePlayer
from .tags import tag_of_part


class SwitchedPlayer(PhasePlayer):
    """One NPU's part in a phase, in which messages to and from switches have tags of their own."""

    __slots__ = ()

    def send(self, to: NpuId, size: Bytes) -> None:
        """Send with the stream's tag, or that of the switch's part."""
        self._mailbox.send(Envelope(self._tag_of(to), self._npu, to, size))

    def receive(self, source: NpuId, size: Bytes) -> None:
        """Receive with the same tag."""
        envelope = Envelope(self._tag_of(source), source, self._npu, size)
        self._mailbox.receive(envelope, self.message_received)

    def _tag_of(self, end: NpuId) -> int:
        return tag_of_part(self.tag, end.part) if is_switch(end) else self.tag
