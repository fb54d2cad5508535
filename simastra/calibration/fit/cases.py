"""How a point lies to what was measured: situations, as finely as errors differ by them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

import numpy as np

from simastra.calibration.priced import FAR_APART, Knowledge

from .points import Floats, Points


class Case(StrEnum):
    """A situation, or a part of one whose errors are of a size of their own."""

    MEASURED = "measured"
    BETWEEN_SIZES = "between-sizes"
    GAP_SMALL = "gap-small"
    """In a gap of sizes, where latency counts."""
    GAP_LARGE = "gap-large"
    """In a gap of sizes, where bandwidth counts."""
    BELOW = "below"
    """Smaller than all sizes."""
    ABOVE = "above"
    """Larger than all sizes."""
    N_BETWEEN = "n-between"
    N_BEYOND = "n-beyond"
    """Beyond several numbers of NPUs."""
    ONE_N_ABOVE = "one-n-above"
    """More NPUs than the one number that was measured."""
    ONE_N_BELOW = "one-n-below"
    """Fewer NPUs than the one number that was measured."""
    OTHER_COLLECTIVE = "other-collective"
    RELATIVE = "relative"
    DATASHEET = "datasheet"

    @property
    def situation(self) -> Knowledge:
        """What the calibration file says of it."""
        return _SITUATIONS.get(self) or Knowledge(self.value)


_SITUATIONS: Mapping[Case, Knowledge] = MappingProxyType(
    {
        Case.GAP_SMALL: Knowledge.SIZE_GAP,
        Case.GAP_LARGE: Knowledge.SIZE_GAP,
        Case.BELOW: Knowledge.SIZE_GAP,
        Case.ABOVE: Knowledge.SIZE_GAP,
        Case.ONE_N_ABOVE: Knowledge.N_BEYOND,
        Case.ONE_N_BELOW: Knowledge.N_BEYOND,
    }
)

_SAME_SIZE = 1.001

_LATENCY_US = 0.7
"""What a link carries in that time is where latency's regime ends: 256 KiB at 450 GB/s."""


@dataclass(frozen=True, slots=True)
class Known:
    """What was measured of one system.

    Attributes:
        sizes: by collective's number and number of NPUs, ascending.
        without: the case of all points where nothing at all was measured.
    """

    sizes: Mapping[tuple[int, int], Floats]
    without: Case

    @classmethod
    def of(cls, points: Points, *, has_relative: bool) -> "Known":
        """What measurements at some points make known."""
        keys = set(zip(points.kind.tolist(), points.npus.astype(int).tolist(), strict=True))
        sizes = {
            (kind, npus): np.unique(points.size[(points.kind == kind) & (points.npus == npus)])
            for kind, npus in keys
        }
        return cls(sizes, Case.RELATIVE if has_relative else Case.DATASHEET)

    def cases(self, points: Points) -> list[Case]:
        """How each point lies to what is known."""
        columns = (points.kind, points.npus.astype(int), points.size, points.link)
        return [self._case(*it) for it in zip(*(c.tolist() for c in columns), strict=True)]

    def _case(self, kind: int, npus: int, size: float, link: float) -> Case:
        sizes = self.sizes.get((kind, npus))
        if sizes is not None:
            return _among_sizes(sizes, size, link)
        known = [n for other, n in self.sizes if other == kind]
        if known:
            return _among_npus(known, npus)
        return Case.OTHER_COLLECTIVE if self.sizes else self.without

    def farther(self, points: Points) -> Floats:
        """How many times as far as anybody tried each point lies from what was measured, from 1.

        Tried are two doublings of the number of NPUs, and five of the size.
        """
        columns = (points.kind, points.npus.astype(int), points.size)
        return np.array(
            [self._farther(*it) for it in zip(*(c.tolist() for c in columns), strict=True)]
        )

    def _farther(self, kind: int, npus: int, size: float) -> float:
        if not self.sizes:
            return 1.0
        sizes = self.sizes.get((kind, npus))
        if sizes is not None:
            return max(_outside(size, sizes) / _SIZES_TRIED, 1.0)
        known = [n for other, n in self.sizes if other == kind] or [n for _, n in self.sizes]
        return max(_outside(npus, np.array(known)) / _NPUS_TRIED, 1.0)


_SIZES_TRIED, _NPUS_TRIED = 5, 2


def _outside(value: float, known: Floats) -> float:
    """Doublings from the range of what is known."""
    return float(max(np.log2(value / known.max()), np.log2(known.min() / value), 0.0))


def _among_sizes(sizes: Floats, size: float, link: float) -> Case:
    smaller, larger = sizes[sizes <= size * _SAME_SIZE], sizes[sizes >= size / _SAME_SIZE]
    if not len(smaller):
        return Case.BELOW
    if not len(larger):
        return Case.ABOVE
    lower, upper = smaller[-1], larger[0]
    if upper <= lower * _SAME_SIZE**2:
        return Case.MEASURED
    if upper / lower <= FAR_APART:
        return Case.BETWEEN_SIZES
    return Case.GAP_LARGE if size > link * _LATENCY_US else Case.GAP_SMALL


def _among_npus(known: Collection[int], npus: int) -> Case:
    if min(known) < npus < max(known):
        return Case.N_BETWEEN
    if len(set(known)) > 1:
        return Case.N_BEYOND
    return Case.ONE_N_ABOVE if npus > max(known) else Case.ONE_N_BELOW
