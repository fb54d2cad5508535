"""Between what a calibrated makespan is expected to lie."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from simastra.units import Ns


@dataclass(frozen=True, slots=True)
class Band:
    """A makespan's band: three runs, each with all times at one edge of their 90 % bands.

    The errors of one curve are common to all of its collectives; those of different curves may
    cancel each other, so that the band is rather too wide than too narrow.

    Attributes:
        low: the makespan if all takes as little as may be expected, in ns.
        mid: if all takes what is expected.
        high: if all takes as much as may be expected.
    """

    low: Ns
    mid: Ns
    high: Ns

    def to_dict(self) -> dict[str, Ns]:
        """The three times in ns, ready for JSON."""
        return asdict(self)

    def __str__(self) -> str:
        return f"{self.low:,} – {self.mid:,} – {self.high:,} ns"  # noqa: RUF001  # a range
