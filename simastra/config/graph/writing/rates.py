"""Bandwidths as numbers of one unit, GB/s or GiB/s, whichever are shorter; exact in any case."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from simastra.config.fields import LARGEST_NUMBER, SMALLEST_RATE
from simastra.errors import InputError
from simastra.units import NS_PER_SECOND, BytesPerNs, GiB, network_bandwidth_to_bytes_per_ns

_MOST_DECIMALS = 12


@dataclass(frozen=True, slots=True)
class WrittenRates:
    """What bandwidths are written as.

    Attributes:
        unit: "GB" or "GiB", of all of them.
        numbers: by bandwidths in bytes per ns.
    """

    unit: str
    numbers: dict[BytesPerNs, float]

    @classmethod
    def of(cls, rates: Iterable[BytesPerNs]) -> WrittenRates:
        """The shorter numbers: GB/s of 10^9 bytes are bytes per ns, so that these are always exact.

        >>> WrittenRates.of([53.6870912, 26.8435456])
        WrittenRates(unit='GiB', numbers={53.6870912: 50.0, 26.8435456: 25.0})
        >>> WrittenRates.of([50.0, 25.0]).unit
        'GB'

        Raises:
            InputError: if one is too small or too large to be read.
        """
        in_gb = {rate: rate for rate in rates}
        in_gib = {rate: _in_gib(rate) for rate in in_gb}
        exact = {rate: number for rate, number in in_gib.items() if number is not None}
        choices = [cls("GB", in_gb)]
        if len(exact) == len(in_gb):
            choices.append(cls("GiB", exact))
        fitting = [it for it in choices if all(map(_may_be_read, it.numbers.values()))]
        if not fitting:
            wrong = next(rate for rate in in_gb if not _may_be_read(rate))
            raise InputError(f"a bandwidth of {wrong} GB/s can't be written; no network has it")
        return min(fitting, key=lambda it: sum(len(str(number)) for number in it.numbers.values()))


def _may_be_read(number: float) -> bool:
    return SMALLEST_RATE <= number <= LARGEST_NUMBER


def _in_gib(rate: BytesPerNs) -> float | None:
    """The shortest number of GiB/s that is read as exactly this rate; None if none is found."""
    return next((it for it in _near(rate) if network_bandwidth_to_bytes_per_ns(it) == rate), None)


def _near(rate: BytesPerNs) -> Iterator[float]:
    number = rate * NS_PER_SECOND / GiB
    yield from (round(number, decimals) for decimals in range(_MOST_DECIMALS))
    yield number
    for end in (0.0, math.inf):
        near = number
        for _ in range(2):
            near = math.nextafter(near, end)
            yield near
