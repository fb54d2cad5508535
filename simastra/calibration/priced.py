"""What a calibrated time is: a low, a middle and a high edge, and how it is known."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from simastra.units import Ns


class BandEdge(StrEnum):
    """Which of a band's three times."""

    LOW = "low"
    MID = "mid"
    HIGH = "high"


class Knowledge(StrEnum):
    """How a time is known: what was measured nearest to it. The later, the less is known."""

    MEASURED = "measured"
    """That size, among as many NPUs and nodes."""
    BETWEEN_SIZES = "between-sizes"
    """Sizes next to it on both sides."""
    N_BETWEEN = "n-between"
    """Fewer NPUs and more, of as many nodes."""
    SIZE_GAP = "size-gap"
    """Sizes far from it only: in a gap, or beyond the smallest or the largest."""
    N_BEYOND = "n-beyond"
    """Only fewer NPUs, or only more."""
    OTHER_COLLECTIVE = "other-collective"
    """Other collectives of this system."""
    RELATIVE = "relative"
    """Other systems of its generation."""
    DATASHEET = "datasheet"
    """Nothing: its bandwidth is all that is known."""

    @property
    def rank(self) -> int:
        """Position in the order of this enumeration."""
        return list(Knowledge).index(self)

    @property
    def is_measured(self) -> bool:
        """Whether somebody measured this curve, at this size or others."""
        return self.rank <= Knowledge.BETWEEN_SIZES.rank


USUAL_HALF_WIDTH: Mapping[Knowledge, float] = MappingProxyType(
    {
        Knowledge.MEASURED: 0.10,
        Knowledge.BETWEEN_SIZES: 0.12,
        Knowledge.N_BETWEEN: 0.13,
        Knowledge.SIZE_GAP: 0.22,
        Knowledge.N_BEYOND: 0.19,
        Knowledge.OTHER_COLLECTIVE: 0.32,
        Knowledge.RELATIVE: 0.18,
        Knowledge.DATASHEET: 0.55,
    }
)
"""Half of a band, relative to its middle, where a file has none of its own.

They are what public systems show without a relative in the library (docs/calibration.md).
"""


FAR_APART = 8.5
"""Ratio of neighbouring sizes from which on what lies between is a gap: every third power of two is
near."""

COVERAGE = 0.9
"""Share of measurements that bands are to hold."""


def half_width(low: float, high: float) -> float:
    """Half of a band from its edges, relative to its middle.

    >>> half_width(50, 200)
    1.0
    """
    return math.sqrt(high / low) - 1


def by_rank(situations: Iterable[Knowledge]) -> tuple[Knowledge, ...]:
    """Each once, the best known first."""
    return tuple(sorted(set(situations), key=lambda it: it.rank))


@dataclass(frozen=True, slots=True)
class Priced:
    """What something takes, with its 90 % band.

    Attributes:
        low: the lower edge, in ns.
        mid: what is expected.
        high: the upper edge.
        situation: how it is known.
    """

    low: Ns
    mid: Ns
    high: Ns
    situation: Knowledge

    def at(self, edge: BandEdge) -> Ns:
        """One of the three times."""
        return {BandEdge.LOW: self.low, BandEdge.MID: self.mid, BandEdge.HIGH: self.high}[edge]


@dataclass(frozen=True, slots=True)
class CollectiveTime:
    """What a collective's time consists of, in ns; the parts' sum is the total.

    Attributes:
        total: all of it.
        launch_and_hops: c + h·s: what it takes whatever its size.
        protocol: γ·√b: the price of protocols, and of pipelines that fill.
        bandwidth: b/β: what the links are busy with it.
    """

    total: Ns
    launch_and_hops: Ns
    protocol: Ns
    bandwidth: Ns


def whole_ns(time: float) -> Ns:
    """Round a time in ns, halves up: the one place where calibrated times become whole.

    >>> whole_ns(1.5), whole_ns(2.5)
    (2, 3)
    """
    return int(time + 0.5)
