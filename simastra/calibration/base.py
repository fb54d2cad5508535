"""The base of a collective's time: t₀ = c + h·s + b/β + γ·√b (docs/calibration.md).

Of S bytes, as nccl-tests counts them, among n: s steps, one after the other, and b bytes that each
link has to carry at the least.
"""

import math
from dataclasses import dataclass

from simastra.trace import CollectiveType
from simastra.trace.nccl_tests import BUS_FACTORS
from simastra.units import NS_PER_MICROSECOND, Bytes, KiB

from .document import BaseSection


def steps(kind: CollectiveType, npus: int) -> int:
    """How many steps follow each other: 2(n - 1) for an all-reduce, n - 1 otherwise.

    >>> steps(CollectiveType.ALL_REDUCE, 8), steps(CollectiveType.BROADCAST, 8)
    (14, 7)
    """
    return (2 if kind is CollectiveType.ALL_REDUCE else 1) * (npus - 1)


def bus_bytes(kind: CollectiveType, size: Bytes, npus: int) -> float:
    """Bytes that each link carries at the least, b = f·S.

    >>> bus_bytes(CollectiveType.ALL_REDUCE, 800, 8)
    1400.0
    """
    return BUS_FACTORS[kind](npus) * size


@dataclass(frozen=True, slots=True)
class BaseTime:
    """The three parts of t₀, in ns.

    Attributes:
        launch_and_hops: c + h·s.
        protocol: γ·√b.
        bandwidth: b/β.
    """

    launch_and_hops: float
    protocol: float
    bandwidth: float

    @property
    def total(self) -> float:
        """t₀."""
        return self.launch_and_hops + self.protocol + self.bandwidth

    def times(self, factor: float) -> "BaseTime":
        """Each part so many times as long."""
        return BaseTime(
            factor * self.launch_and_hops, factor * self.protocol, factor * self.bandwidth
        )


def base_time(base: BaseSection, kind: CollectiveType, size: Bytes, npus: int) -> BaseTime:
    """The base at one size, among so many."""
    moved = bus_bytes(kind, size, npus)
    return BaseTime(
        NS_PER_MICROSECOND * (base.launch_us + base.hop_us * steps(kind, npus)),
        NS_PER_MICROSECOND * base.root_us_per_sqrt_kib * math.sqrt(moved / KiB),
        moved / base.gb_s,
    )
