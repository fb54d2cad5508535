"""The machine that ring, direct and halving-doubling share: a pipeline of packets (behaviour 3.6).

`window` packets enter at the start and one more with every message received. Each passes the
endpoint; whenever one has, the oldest packet that is waiting goes out, and the receive that belongs
to it is registered. The last `window` packets are not sent: passing the endpoint completes them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import compress, islice

from simastra.units import Bytes, NpuId

from .machine import Exchange, Packet, PhaseMachine


class PacketPipeline(PhaseMachine):
    """Plays a sequence of packets.

    Packets, targets and sources are taken in order and from the beginning again when they come to
    their end. Nothing but numbers changes in a pipeline, so that its machines can share them.

    Args:
        packets: in order of entry.
        targets: to whom each packet goes once it has passed the endpoint, if it is sent.
        sources: from whom a message is received in exchange for each packet that is sent.
        exchanges: how many packets are sent.
        window: how many enter at the start.
        barrier: 0, or for direct all-reduce the number of receives that must be in before the same
            number of last exchanges may begin (its second half needs all of the first).
        blocks: which blocks each packet carries.
    """

    __slots__ = (
        "_barrier",
        "_blocks",
        "_entered",
        "_exchanges",
        "_free",
        "_packets",
        "_partners",
        "_period",
        "_received",
        "_sent",
        "_sources",
        "_targets",
        "_window",
    )

    def __init__(  # noqa: PLR0913  # a pipeline is described by these
        self,
        packets: Sequence[Packet],
        targets: Sequence[NpuId],
        sources: Sequence[NpuId],
        *,
        exchanges: int,
        window: int,
        barrier: int = 0,
        blocks: Callable[[], Iterable[Sequence[int]]],
    ) -> None:
        self._packets = packets
        self._period = len(packets)
        self._partners = len(targets)
        self._targets = targets
        self._sources = sources
        self._exchanges = exchanges
        self._window = window
        self._barrier = barrier
        self._blocks = blocks
        self._entered = 0
        self._free = 0
        """Packets that have passed the endpoint and not yet been used for an exchange."""
        self._sent = 0
        self._received = 0

    def start(self, exchange: Exchange) -> None:
        """Let the first `window` packets in."""
        for _ in range(self._window):
            self._enter(exchange)

    def received(self, exchange: Exchange) -> None:
        """Let the next packet in."""
        self._received += 1
        self._enter(exchange)

    def admitted(self, exchange: Exchange) -> None:
        """Send what may go out now, oldest first."""
        self._free += 1
        releases = 1
        if self._exchanges - self._sent <= self._barrier:
            if self._received < self._barrier:
                return
            releases = self._window
        while releases and self._free and self._sent < self._exchanges:
            releases -= 1
            self._exchange_next(exchange)
        if self._free == self._window and self._sent == self._exchanges:
            exchange.finish()

    def blocks(self) -> Iterable[Sequence[int]]:
        """Those of the packets."""
        return self._blocks()

    def _enter(self, exchange: Exchange) -> None:
        number = self._entered
        self._entered = number + 1
        exchange.admit(self._packets[number % self._period])

    def _exchange_next(self, exchange: Exchange) -> None:
        number = self._sent
        self._sent = number + 1
        self._free -= 1
        size = self._packets[number % self._period].size
        place = number % self._partners
        exchange.send(self._targets[place], size)
        exchange.receive(self._sources[place], size)


class UnevenPipeline(PacketPipeline):
    """A pipeline whose messages have sizes of their own.

    What has no bytes isn't sent, and counts as received as soon as it might be asked for. A packet
    that comes in has the size of the message that was asked for in its turn: where messages
    overtake each other, only their sum is right.

    Args:
        costs: the packets of a pipeline of equal ones, whose costs these have, too.
        targets: as of a pipeline.
        sources: likewise.
        sent: bytes of each message.
        expected: bytes of what is received in exchange for each.
        window: as of a pipeline.
        blocks: which blocks each message carries.
    """

    __slots__ = ("_expected", "_sizes")

    def __init__(  # noqa: PLR0913  # a pipeline is described by these
        self,
        costs: Iterable[Packet],
        targets: Sequence[NpuId],
        sources: Sequence[NpuId],
        *,
        sent: Sequence[Bytes],
        expected: Sequence[Bytes],
        window: int,
        blocks: Callable[[], Iterable[Sequence[int]]],
    ) -> None:
        sizes = (*sent[:window], *expected)  # what it sends first, then what it receives
        packets = [replace(cost, size=size) for size, cost in zip(sizes, costs, strict=False)]
        super().__init__(
            packets, targets, sources, exchanges=len(sent), window=window, blocks=blocks
        )
        self._sizes = sent
        self._expected = expected

    def blocks(self) -> Iterable[Sequence[int]]:
        """Those of the messages that are sent."""
        return compress(self._blocks(), self._sizes)

    def _exchange_next(self, exchange: Exchange) -> None:
        number = self._sent
        self._sent = number + 1
        self._free -= 1
        place = number % self._partners
        if size := self._sizes[number]:
            exchange.send(self._targets[place], size)
        if size := self._expected[number]:
            exchange.receive(self._sources[place], size)
        else:
            self.received(exchange)


# A memo of a pure function: all members and chunks of a phase have the same packets, N of them a
# member. A simulation has few kinds of phases at a time.
@lru_cache(maxsize=64)
def equal_packets(  # the rhythm is described by these
    *, size: Bytes, window: int, batch: int, reduces: bool, gathers_after: bool, count: int
) -> tuple[Packet, ...]:
    """The first `count` packets of a pipeline whose packets are equal, or one period of them.

    See `rhythm`, which repeats itself after one round, or two if it `gathers_after`.
    """
    period = (window + batch) * (2 if gathers_after else 1)
    packets = rhythm(
        size=size, window=window, batch=batch, reduces=reduces, gathers_after=gathers_after
    )
    return tuple(islice(packets, min(count, period)))


def rhythm(
    *, size: Bytes, window: int, batch: int, reduces: bool, gathers_after: bool
) -> Iterator[Packet]:
    """Endpoint costs of equal packets, in ASTRA-sim's rhythm (behaviour 3.6, ``insert``).

    Packets enter in batches: `window` that bring local data in at no reduction, then `batch` that
    came from others. The latter are reduced if the collective `reduces`; if it also gathers after
    reducing (all-reduce), only in every other round. With a window smaller than the number of peers
    this charges a reduce-scatter for alternate batches only: a quirk that costs cycles, kept.
    """
    local = Packet(size, reduces=False, toward_memory=True)
    first_round = True
    while True:
        charged = reduces and (first_round or not gathers_after)
        passed_on = Packet(size, charged, toward_memory=False, send_back=True)
        last = Packet(size, charged, toward_memory=False)
        for _ in range(window):
            yield local
        for left in range(batch, 0, -1):
            yield passed_on if left > window else last
        first_round = not first_round
