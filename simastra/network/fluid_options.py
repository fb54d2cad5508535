"""What a network file may tell the fluid backend: ``backend_options: {fluid: {...}}``."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from fractions import Fraction
from typing import Annotated, ClassVar

from pydantic import AfterValidator, BeforeValidator, Field

from simastra.config import PartOptions
from simastra.config.fields import SMALLEST_RATE
from simastra.config.messages import problem, show
from simastra.config.quantities import Bandwidth


def _read_curve(value: object) -> dict[int, float]:
    if not isinstance(value, Mapping):
        raise problem(
            "must be a mapping of numbers of senders to parts of the bandwidth, such as "
            f"{{2: 0.97, 8: 0.8}}, not {show(value)}"
        )
    return {_senders(senders): _part(senders, part) for senders, part in value.items()}


def _senders(value: object) -> int:
    number = int(value) if isinstance(value, str) and value.isdecimal() else value
    if type(number) is not int or number <= 1:
        raise problem(f"has {show(value)} for a number of senders; write a whole number from 2 on")
    return number


def _part(senders: object, value: object) -> float:
    is_number = type(value) in {int, float}
    if not is_number or not SMALLEST_RATE <= value <= 1:  # type: ignore[operator]  # a number
        raise problem(
            f"has {show(value)} for {show(senders)} senders; write the part of the bandwidth that "
            f"is left, from {SMALLEST_RATE} to 1"
        )
    return float(value)  # type: ignore[arg-type]  # a number


def _at_least_a_rate(cap: Fraction) -> Fraction:
    if cap < SMALLEST_RATE:
        raise problem(f"is too small: {show(float(cap))} bytes per ns is below {SMALLEST_RATE}")
    return cap


class FluidOptions(PartOptions):
    """Limits beside the links' own."""

    word: ClassVar[str] = "options of fluid"

    nic_cap: Annotated[Bandwidth, Field(gt=0), AfterValidator(_at_least_a_rate)] | None = None
    """the most that an NPU sends in all, and receives in all, over however many links: 400Gb/s"""
    incast: Annotated[Mapping[int, float], BeforeValidator(_read_curve)] = Field(
        default_factory=dict
    )
    """part of its bandwidth that a link into an NPU has left, by how many NPUs send over it:
    {8: 0.8}; all of it, if left out"""

    @property
    def cap(self) -> float | None:
        """The cap of an NPU in bytes per ns; None for none."""
        return None if self.nic_cap is None else float(self.nic_cap)

    def efficiency(self, fan_in: int) -> float:
        """The part of a link's bandwidth that is left to so many senders.

        Straight lines lead from 1 for one sender to each measured point; behind the last it stays.

        >>> FluidOptions(incast={2: 0.875, 8: 0.5}).efficiency(4)
        0.75
        """
        points = [(1, 1.0), *sorted(self.incast.items())]
        at = bisect_right(points, (fan_in, 1.0))
        if at == len(points):
            return points[-1][1]
        (low, before), (high, after) = points[at - 1], points[at]
        return before + (after - before) * (fan_in - low) / (high - low)
