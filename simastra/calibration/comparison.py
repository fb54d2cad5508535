"""A calibration held against measurements: how far it is off, and how many lie in its bands."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from statistics import fmean, median

from simastra.errors import InputError
from simastra.trace import CollectiveType
from simastra.units import NS_PER_MICROSECOND

from .calibration import Calibration
from .measurements import Measurement
from .priced import Knowledge, Priced, by_rank, half_width, whole_ns


@dataclass(frozen=True, slots=True)
class ComparedRow:
    """A measurement beside what a calibration says of it."""

    measurement: Measurement
    priced: Priced

    @property
    def measured(self) -> float:
        """What was measured, in ns."""
        return self.measurement.us * NS_PER_MICROSECOND

    @property
    def off(self) -> float:
        """How far the middle of the band is off: 0.1 if it is a tenth more than was measured."""
        return self.priced.mid / self.measured - 1

    @property
    def is_inside(self) -> bool:
        """Whether the band contains what was measured."""
        return self.priced.low <= whole_ns(self.measured) <= self.priced.high


@dataclass(frozen=True, slots=True)
class Compared:
    """Some measurements of one kind.

    Attributes:
        rows: one or more.
    """

    rows: tuple[ComparedRow, ...]

    @property
    def mape(self) -> float:
        """Mean of |calibrated - measured| / measured."""
        return fmean(abs(row.off) for row in self.rows)

    @property
    def coverage(self) -> float:
        """Share of measurements inside their band."""
        return fmean(row.is_inside for row in self.rows)

    @property
    def half_width(self) -> float:
        """Half of a band, relative to its middle: the median."""
        # A time that rounds to none has a band too.
        bands = ((max(row.priced.low, 1), max(row.priced.high, 1)) for row in self.rows)
        return median(half_width(low, high) for low, high in bands)

    @property
    def situations(self) -> tuple[Knowledge, ...]:
        """How the times are known, the best known first."""
        return by_rank(row.priced.situation for row in self.rows)

    def worst(self, count: int) -> Sequence[ComparedRow]:
        """The rows that are furthest off."""
        return sorted(self.rows, key=lambda row: -abs(row.off))[:count]


@dataclass(frozen=True, slots=True)
class Comparison:
    """A calibration beside measurements.

    Attributes:
        compared: measurements of which it says something.
        unknown: a message for each collective of which it doesn't.
    """

    compared: Compared
    unknown: tuple[str, ...]

    def by_curve(self) -> Iterator[tuple[tuple[CollectiveType, int, int], Compared]]:
        """Each collective, number of NPUs and number of nodes, with its measurements."""
        groups: dict[tuple[CollectiveType, int, int], list[ComparedRow]] = defaultdict(list)
        for row in self.compared.rows:
            it = row.measurement
            groups[it.collective, it.npus, it.nodes].append(row)
        for key in sorted(groups):
            yield key, Compared(tuple(groups[key]))


def compare(calibration: Calibration, measurements: Iterable[Measurement]) -> Comparison:
    """Hold a calibration against measurements.

    Raises:
        InputError: it says nothing of any of them.
    """
    rows: list[ComparedRow] = []
    unknown: dict[str, None] = {}
    for it in measurements:
        try:
            priced = calibration.collective(it.collective, it.size, it.npus, it.nodes)
        except InputError as error:
            unknown[str(error)] = None
        else:
            rows.append(ComparedRow(it, priced))
    if not rows:
        raise InputError("\n".join(unknown) or f"{calibration.source}: there is nothing to compare")
    return Comparison(Compared(tuple(rows)), tuple(unknown))
