"""The load of links over time, in bins of equal width that widens as the simulation goes on.

How long a simulation will be isn't known before its end. So there is a largest number of bins, and
where time passes the last of them, each two neighbours become one of twice the width: exact sums in
bounded space, however long the simulation and however many its messages.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

from simastra.units import Ns

LinkEnds: TypeAlias = tuple[int, int]
"""The devices at a link's sending and receiving end."""

_Bins: TypeAlias = dict[int, float]  # only those that aren't 0; there may be a million links

_Length = TypeVar("_Length", Ns, float)

MOST_BINS = 512


@dataclass(frozen=True, slots=True)
class LinkLoad:
    """One link's load. Bin k lasts from ``k * width`` up to ``(k + 1) * width``.

    Attributes:
        src: device at its sending end.
        dst: device at its receiving end.
        busy: by bin, for how many ns of it the transmitter was busy; bins with none are left out.
        waiting: by bin, for how many ns messages waited in the queue, added up over the messages;
            over the bin's width that is the mean length of the queue.
    """

    src: int
    dst: int
    busy: Mapping[int, Ns]
    waiting: Mapping[int, Ns]


@dataclass(frozen=True, slots=True)
class LoadRecord:
    """The load of all links.

    Attributes:
        width: of a bin, in ns; a power of 2.
        bins: how many there are.
        links: those that were used, in order of first use.
    """

    width: Ns
    bins: int
    links: tuple[LinkLoad, ...]

    def busiest_first(self) -> list[LinkLoad]:
        """The links, those that were busy longest first."""
        return sorted(self.links, key=lambda it: (-sum(it.busy.values()), it.src, it.dst))

    def coarser(self, most_bins: int) -> "LoadRecord":
        """The same in bins of twice the width, and so on until there are at most `most_bins`."""
        record = self
        while record.bins > max(most_bins, 1):
            links = tuple(
                LinkLoad(it.src, it.dst, _halved(it.busy), _halved(it.waiting))
                for it in record.links
            )
            record = LoadRecord(record.width * 2, -(-record.bins // 2), links)
        return record


class LoadBins:
    """Gathers intervals for many links.

    Args:
        most_bins: how many bins there are at most.

    Attributes:
        width: of a bin, in ns.
        end: the end of the latest interval.
    """

    def __init__(self, most_bins: int = MOST_BINS) -> None:
        self.width: Ns = 1
        self.end: Ns = 0
        self._most_bins = most_bins
        self._busy: dict[LinkEnds, _Bins] = {}
        self._waiting: dict[LinkEnds, _Bins] = {}

    def add_busy(self, link: LinkEnds, start: Ns, end: Ns, use: float = 1) -> None:
        """The link's transmitter was busy from `start` to `end`, or a part of its bandwidth was."""
        self._widen(end)
        bins = self._busy.get(link)
        if bins is None:
            bins = self._busy[link] = {}
        _add(bins, start, end, self.width, use)

    def add_waiting(self, link: LinkEnds, start: Ns, end: Ns) -> None:
        """A message waited at the link from `start` to `end`."""
        self._widen(end)
        _add(self._waiting.setdefault(link, {}), start, end, self.width)

    def record(self) -> LoadRecord:
        """What has been gathered so far."""
        links = tuple(
            LinkLoad(*link, _whole(busy), _whole(self._waiting.get(link, {})))
            for link, busy in self._busy.items()
        )
        return LoadRecord(self.width, -(-self.end // self.width), links)

    def _widen(self, end: Ns) -> None:
        if end <= self.end:
            return
        self.end = end
        while end > self.width * self._most_bins:
            self.width *= 2
            for bins_by_link in (self._busy, self._waiting):
                for link, bins in bins_by_link.items():
                    bins_by_link[link] = _halved(bins)


def _whole(bins: _Bins) -> dict[int, Ns]:
    """In whole ns, where parts of bandwidths have been added up."""
    return {index: whole for index, length in bins.items() if (whole := round(length))}


def _add(bins: _Bins, start: Ns, end: Ns, width: Ns, use: float = 1) -> None:
    """Cut an interval at the bins' borders, and add each piece to its bin."""
    index = start // width
    while start < end:
        border = (index + 1) * width
        piece = (end if end < border else border) - start  # min() takes 7 times as long
        bins[index] = bins.get(index, 0) + piece * use
        start += piece
        index += 1


def _halved(bins: Mapping[int, _Length]) -> dict[int, _Length]:
    halved: dict[int, _Length] = {}
    for index, length in bins.items():
        halved[index // 2] = halved.get(index // 2, 0) + length
    return halved
