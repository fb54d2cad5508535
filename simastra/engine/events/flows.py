"""How messages flow that share the bandwidth of their links."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from simastra.units import BytesPerNs, NpuId, Ns
from simastra.view.ends import device_words

from .messages import Envelope


class Flowed(NamedTuple):
    """A message has flowed over all links of its way at one rate, from `time` to `until`.

    Told at the end of it: when the rate changes, or with whom it is shared, or when the message
    leaves the links. By networks whose messages share links.

    Attributes:
        envelope: of the message.
        time: in ns.
        until: in ns.
        rate: in bytes per ns; in the last nanosecond there may have been less to carry.
        links: devices at the ends of each link, in order.
        uses: the part of each link's bandwidth that the message had, on average.
        bottleneck: devices at the ends of the link that set the rate, an NPU twice where its NIC
            did; None where nothing was shared.
        sharers: the NPUs whose messages shared that link, the message's own among them, each once.
        began: when the message was sent, in ns.
        is_last: whether it has left the links.
    """

    envelope: Envelope
    time: Ns
    until: Ns
    rate: BytesPerNs
    links: Sequence[tuple[int, int]]
    uses: Sequence[float]
    bottleneck: tuple[int, int] | None
    sharers: Sequence[NpuId]
    began: Ns
    is_last: bool

    @property
    def npus(self) -> tuple[NpuId, ...]:
        """Nobody: the network does it."""
        return ()

    def words(self, link: str) -> str:
        """What happened, with what to call the link that set the rate, such as "8 -> 0"."""
        _, src, dst, size = self.envelope
        limit = ""
        if self.bottleneck is not None:
            limit = f", which {_limit_words(self.bottleneck, link)} allows"
        return (
            f"{size:,} B from {device_words(src)} to {device_words(dst)} flowed for "
            f"{self.until - self.time:,} ns at {self.rate:.4g} B/ns{limit}"
        )

    def __str__(self) -> str:
        src, dst = self.bottleneck or (0, 0)
        return self.words(f"{src} -> {dst}")


def _limit_words(bottleneck: tuple[int, int], link: str) -> str:
    """Name what limits a flow: a link, by what it is called, or an NPU's NIC.

    >>> _limit_words((8, 0), "8 -> 0"), _limit_words((3, 3), "3 -> 3")
    ('link 8 -> 0', "NPU 3's NIC")
    """
    src, dst = bottleneck
    return f"NPU {src}'s NIC" if src == dst else f"link {link}"
