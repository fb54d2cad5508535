"""The types of options whose values are sizes and durations."""

import argparse
import re
from collections.abc import Mapping

from simastra.units import Bytes, GiB, KiB, MiB

from .parser import whole_number

_UNITS: Mapping[str, Bytes] = {"": 1, "B": 1, "KIB": KiB, "MIB": MiB, "GIB": GiB}
_SIZE = re.compile(r"([0-9]+)\s*([A-Z]*)")
_MOST_DIGITS = 19  # more are too large, whatever the unit, and may be more than Python reads
_LARGEST: Bytes = 2**63 - 1  # what ASTRA-sim's numbers hold


def size(word: str) -> Bytes:
    """The type of an option whose value is a number of bytes, such as 1MiB.

    >>> size("64 KiB"), size("100")
    (65536, 100)

    Raises:
        argparse.ArgumentTypeError: if it isn't one.
    """
    return size_in(word, _UNITS, "bytes, KiB, MiB or GiB, such as 1MiB")


def size_in(word: str, units: Mapping[str, Bytes], wanted: str) -> Bytes:
    """Read a number of bytes.

    Args:
        word: digits, and a unit behind them.
        units: what each unit is worth, in capital letters.
        wanted: what the number may be of, for a message.

    Raises:
        argparse.ArgumentTypeError: if it isn't one, or is too large.
    """
    match = _SIZE.fullmatch(word.strip().upper())
    if match is None or match[2] not in units:
        raise argparse.ArgumentTypeError(f"must be a whole number of {wanted}, not {word!r}")
    digits = match[1].lstrip("0") or "0"
    if len(digits) > _MOST_DIGITS or (value := int(digits) * units[match[2]]) > _LARGEST:
        raise argparse.ArgumentTypeError(f"must be at most 2^63 - 1 bytes, 8 EiB, not {word!r}")
    return value


def sizes(word: str) -> tuple[Bytes, ...]:
    """The type of an option whose value is a list of sizes with commas between.

    Raises:
        argparse.ArgumentTypeError: if one of them isn't one.
    """
    return tuple(size(part) for part in word.split(","))


def micros(word: str) -> int:
    """The type of an option whose value is a duration in whole microseconds.

    Raises:
        argparse.ArgumentTypeError: if it isn't one.
    """
    value = whole_number(word)
    if value < 0:
        raise argparse.ArgumentTypeError(f"must be 0 or more microseconds, not {word!r}")
    return value
