"""Plays a phase: has done, in simulated time, what an algorithm's machine asks for."""

from simastra.collectives import Exchange, Packet, Phase
from simastra.engine import Call
from simastra.network import Envelope
from simastra.units import Bytes, NpuId

from .endpoint import PacketOwner
from .ports import Ports


class PhasePlayer(Exchange, PacketOwner):
    """One NPU's part in one phase.

    Args:
        phase: what is played.
        ports: what it acts upon.
        stream: number of the stream.
        ended: called at the end.
    """

    __slots__ = ("_ended", "_endpoint", "_expected", "_machine", "_mailbox", "_npu", "_sent")

    def __init__(self, phase: Phase, ports: Ports, stream: int, ended: Call) -> None:
        self._machine = phase.machine()
        self._endpoint = ports.group_endpoint if phase.ring.is_group else ports.endpoint
        self._mailbox = ports.mailbox
        self._npu = ports.npu
        self._ended = ended
        # Made anew only where partner or size change, at 156 ns; a ring has one of each.
        self._sent = self._expected = Envelope(
            ports.tags.of_stream(stream), ports.npu, ports.npu, 0
        )

    @property
    def tag(self) -> int:
        """As of any owner of packets."""
        return self._sent.tag

    def begin(self) -> None:
        """Begin."""
        self._machine.start(self)

    # What the machine asks for.

    def admit(self, packet: Packet) -> None:
        """Let it pass the endpoint."""
        self._endpoint.admit(packet, self)

    def send(self, to: NpuId, size: Bytes) -> None:
        """Send with the stream's tag."""
        tag, npu, last_to, last_size = self._sent
        if to != last_to or size != last_size:
            self._sent = Envelope(tag, npu, to, size)
        self._mailbox.send(self._sent)

    def receive(self, source: NpuId, size: Bytes) -> None:
        """Receive with the stream's tag."""
        tag, last_source, npu, last_size = self._expected
        if source != last_source or size != last_size:
            self._expected = Envelope(tag, source, npu, size)
        self._mailbox.receive(self._expected, self.message_received)

    def finish(self) -> None:
        """Tell that the phase has ended."""
        self._ended()

    # What the machine is told.

    def message_received(self) -> None:
        """A message is here and has been asked for."""
        self._machine.received(self)

    def packet_passed(self) -> None:
        """A packet has passed the endpoint, its reduction included."""
        self._machine.admitted(self)
