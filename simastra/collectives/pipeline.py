"""The machine that ring, direct and halving-doubling share: a pipeline of packets (behaviour 3.6).

`window` packets enter at the start and one more with every message received. Each passes the
endpoint; whenever one has, the oldest packet that is waiting goes out, and the receive that belongs
to it is registered. The last `window` packets are not sent: passing the endpoint completes them.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from simastra.units import Bytes, NpuId

from .machine import Action, Admit, Finished, PhaseMachine, Receive, Send


class Packet(NamedTuple):
    """One packet: what it costs at the endpoint, and the exchange that it allows after that."""

    admit: Admit
    send_to: NpuId
    receive_from: NpuId
    blocks: range


class PacketPipeline(PhaseMachine):
    """Plays a sequence of packets.

    Args:
        packets: all packets in order of entry; read as they enter.
        exchanges: how many of them are sent.
        window: how many enter at the start.
        barrier: 0, or for direct all-reduce the number of receives that must be in before the same
            number of last exchanges may begin (its second half needs all of the first).
    """

    __slots__ = ("_barrier", "_free", "_left", "_packets", "_received", "_waiting", "_window")

    def __init__(
        self, packets: Iterator[Packet], *, exchanges: int, window: int, barrier: int = 0
    ) -> None:
        self._packets = packets
        self._left = exchanges
        self._window = window
        self._barrier = barrier
        self._received = 0
        self._free = 0
        """Packets that have passed the endpoint and not yet been used for an exchange."""
        self._waiting: deque[Packet] = deque()

    def start(self) -> Sequence[Action]:
        """Let the first `window` packets in."""
        return [self._enter() for _ in range(self._window)]

    def received(self) -> Sequence[Action]:
        """Let the next packet in."""
        self._received += 1
        return (self._enter(),)

    def admitted(self) -> Sequence[Action]:
        """Send what may go out now, oldest first."""
        self._free += 1
        releases = 1
        if self._left <= self._barrier:
            if self._received < self._barrier:
                return ()
            releases = self._window
        actions: list[Action] = []
        while releases and self._left and self._free and self._waiting:
            releases -= 1
            self._left -= 1
            self._free -= 1
            admit, send_to, receive_from, blocks = self._waiting.popleft()
            actions.append(Send(send_to, admit.size, blocks))
            actions.append(Receive(receive_from, admit.size))
        if not self._left and self._free == self._window:
            actions.append(Finished())
        return actions

    def _enter(self) -> Admit:
        packet = next(self._packets)
        self._waiting.append(packet)
        return packet.admit


def admissions(
    *, size: Bytes, window: int, batch: int, reduces: bool, gathers_after: bool
) -> Iterator[Admit]:
    """Endpoint costs of equal packets, in ASTRA-sim's rhythm (behaviour 3.6, ``insert``).

    Packets enter in batches: `window` that bring local data in at no reduction, then `batch` that
    came from others. The latter are reduced if the collective `reduces`; if it also gathers after
    reducing (all-reduce), only in every other round. With a window smaller than the number of peers
    this charges a reduce-scatter for alternate batches only: a quirk that costs cycles, kept.
    """
    local = Admit(size, reduces=False, toward_memory=True)
    first_round = True
    while True:
        charged = reduces and (first_round or not gathers_after)
        for _ in range(window):
            yield local
        for left in range(batch, 0, -1):
            yield Admit(size, charged, toward_memory=False, send_back=left > window)
        first_round = not first_round
