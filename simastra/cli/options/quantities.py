"""The types of options whose values are quantities with units."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from simastra.deferred import deferred
from simastra.units import Bytes

if TYPE_CHECKING:
    from fractions import Fraction

    from simastra import quantities
    from simastra.quantities import QuantityKind
else:  # for who gives such an option
    quantities = deferred("simastra.quantities")

_LARGEST: Bytes = 2**63 - 1  # what ASTRA-sim's numbers hold


def size(word: str) -> Bytes:
    """The type of an option whose value is a number of bytes, such as 1MiB.

    >>> size("64 KiB"), size("1MB"), size("100")
    (65536, 1000000, 100)

    Raises:
        argparse.ArgumentTypeError: if it isn't one.
    """
    return size_in(word, quantities.SIZE)


def size_in(word: str, kind: QuantityKind) -> Bytes:
    """Read a number of bytes.

    Args:
        word: a number, and a unit behind it.
        kind: which units there are, in bytes.

    Raises:
        argparse.ArgumentTypeError: if it isn't a whole number of bytes, or is too large.
    """
    value = _read(word, kind, "B")
    if value > _LARGEST:
        raise argparse.ArgumentTypeError(f"must be at most 2^63 - 1 bytes, 8 EiB, not {word!r}")
    return _whole(value, word, "bytes")


def sizes(word: str) -> tuple[Bytes, ...]:
    """The type of an option whose value is a list of sizes with commas between.

    Raises:
        argparse.ArgumentTypeError: if one of them isn't one.
    """
    return tuple(size(part) for part in word.split(","))


def micros(word: str) -> int:
    """The type of an option whose value is a duration, in whole microseconds if it has no unit.

    >>> micros("50"), micros("2ms")
    (50, 2000)

    Raises:
        argparse.ArgumentTypeError: if it isn't a whole number of microseconds.
    """
    value = _in(word, quantities.DURATION, "us")
    if value > _LARGEST // 1000:
        raise argparse.ArgumentTypeError(f"must be at most 292 years, not {word!r}")
    return _whole(value, word, "microseconds")


def teraflops(word: str) -> float:
    """The type of an option whose value is a rate of operations, in TFLOPS if it has no unit.

    >>> teraflops("312"), teraflops("0.312 PFLOP/s")
    (312.0, 312.0)

    Raises:
        argparse.ArgumentTypeError: if it isn't one.
    """
    return float(_in(word, quantities.COMPUTE_RATE, "TFLOPS"))


def gigabytes_per_second(word: str) -> float:
    """The type of an option whose value is a bandwidth, in GB/s of 10^9 bytes if it has no unit.

    >>> gigabytes_per_second("1600"), gigabytes_per_second("2TB/s")
    (1600.0, 2000.0)

    Raises:
        argparse.ArgumentTypeError: if it isn't one.
    """
    return float(_in(word, quantities.BANDWIDTH, "GB/s"))


def _in(word: str, kind: QuantityKind, unit: str) -> Fraction:
    """A quantity in a unit, which is that of a plain number, too."""
    return _read(word, kind, unit) / kind.units[unit]


def _read(word: str, kind: QuantityKind, bare: str) -> Fraction:
    try:
        return kind.read(word, bare=bare)
    except quantities.QuantityError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _whole(value: Fraction, word: str, what: str) -> int:
    if value.denominator != 1:
        raise argparse.ArgumentTypeError(f"must be a whole number of {what}, not {word!r}")
    return int(value)
