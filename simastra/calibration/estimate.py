"""An estimate before it is rounded: a time, how far it may be off, and what it consists of."""

import math
from dataclasses import dataclass

from .base import BaseTime
from .priced import USUAL_HALF_WIDTH, BandEdge, CollectiveTime, Knowledge, Priced, whole_ns


@dataclass(frozen=True, slots=True)
class Widths:
    """How far a time may be off, as logarithms of ratios.

    Attributes:
        below: ln(mid / low).
        above: ln(high / mid).
    """

    below: float
    above: float

    @classmethod
    def usual(cls, situation: Knowledge) -> "Widths":
        """Those of a situation, where a file has none of its own."""
        width = math.log1p(USUAL_HALF_WIDTH[situation])
        return cls(width, width)

    def and_also(self, other: "Widths") -> "Widths":
        """Both, if they have nothing to do with each other."""
        return Widths(math.hypot(self.below, other.below), math.hypot(self.above, other.above))

    def at(self, edge: BandEdge) -> float:
        """ln of an edge's ratio to the middle."""
        return {BandEdge.LOW: -self.below, BandEdge.MID: 0.0, BandEdge.HIGH: self.above}[edge]

    def times(self, factor: float) -> "Widths":
        """So many times as wide."""
        return Widths(factor * self.below, factor * self.above)


@dataclass(frozen=True, slots=True)
class CollectiveEstimate:
    """What a collective takes.

    Attributes:
        mid: expected, in ns.
        widths: how far that may be off.
        situation: how it is known.
        proportions: what it consists of; only the ratios count.
    """

    mid: float
    widths: Widths
    situation: Knowledge
    proportions: BaseTime

    def time(self, edge: BandEdge) -> float:
        """One edge of its band, in ns."""
        return self.mid * math.exp(self.widths.at(edge))

    def priced(self) -> Priced:
        """The same in whole ns."""
        low, mid, high = (whole_ns(self.time(edge)) for edge in BandEdge)
        return Priced(low, mid, high, self.situation)

    def parts(self, edge: BandEdge) -> CollectiveTime:
        """What it consists of, in whole ns; what rounding leaves over is bandwidth's."""
        time = self.time(edge)
        total = whole_ns(time)
        scale = time / self.proportions.total
        launch = min(whole_ns(scale * self.proportions.launch_and_hops), total)
        protocol = min(whole_ns(scale * self.proportions.protocol), total - launch)
        return CollectiveTime(total, launch, protocol, total - launch - protocol)
