"""How bytes become nanoseconds: the one place where they do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from simastra.units import Bytes, BytesPerNs, Ns


class LinkTiming(dict[Bytes, tuple[Ns, Ns]]):
    """The price of a link: its latency and its rate, and so the times of a message, by its size.

    For how long a message occupies the transmitter, and when it is at the other end; ASTRA-sim
    truncates each on its own (behaviour 4.1). Links of equal latency and rate are priced alike.

    Args:
        latency: in ns, a float as the network file has it.
        bytes_per_ns: bandwidth.

    >>> LinkTiming(latency=500.0, bytes_per_ns=53.687)[5368]
    (99, 599)
    """

    # A dict: to look up takes 44 ns, to compute 136; there are few sizes.
    __slots__ = ("bytes_per_ns", "latency")

    def __init__(self, latency: float, bytes_per_ns: BytesPerNs) -> None:
        super().__init__()
        self.latency = latency
        self.bytes_per_ns = bytes_per_ns

    def __missing__(self, size: Bytes) -> tuple[Ns, Ns]:
        on_wire = size / self.bytes_per_ns
        times = int(on_wire), int(self.latency + on_wire)
        self[size] = times
        return times

    def __eq__(self, other: object) -> bool:
        # Not NotImplemented for others: a dict would then compare what is in it.
        if not isinstance(other, LinkTiming):
            return False
        return (self.latency, self.bytes_per_ns) == (other.latency, other.bytes_per_ns)

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:  # type: ignore[override]  # a dict has none; this one has a price
        return hash((self.latency, self.bytes_per_ns))

    def __repr__(self) -> str:
        return f"LinkTiming(latency={self.latency}, bytes_per_ns={self.bytes_per_ns})"


def in_series(links: Iterable[LinkTiming]) -> LinkTiming:
    """Some links, one at the least, as one: latency for each, serialisation once, at the slowest.

    >>> in_series([LinkTiming(500.0, 50.0), LinkTiming(500.0, 25.0)])
    LinkTiming(latency=1000.0, bytes_per_ns=25.0)
    """
    counted = Counter(links)
    latency = sum(count * link.latency for link, count in counted.items())
    return LinkTiming(latency, min(link.bytes_per_ns for link in counted))
