"""The types of options whose values are sizes and durations."""

import argparse
import re
from collections.abc import Mapping

from simastra.units import Bytes, GiB, KiB, MiB

from .parser import whole_number

_UNITS: Mapping[str, Bytes] = {"": 1, "B": 1, "KIB": KiB, "MIB": MiB, "GIB": GiB}
_SIZE = re.compile(r"([0-9]{1,15})\s*([A-Z]*)")


def size(word: str) -> Bytes:
    """The type of an option whose value is a number of bytes, such as 1MiB.

    >>> size("64 KiB"), size("100")
    (65536, 100)

    Raises:
        argparse.ArgumentTypeError: if it isn't one.
    """
    match = _SIZE.fullmatch(word.strip().upper())
    if match is None or match[2] not in _UNITS:
        raise argparse.ArgumentTypeError(
            f"must be a whole number of bytes, KiB, MiB or GiB, such as 1MiB, not {word!r}"
        )
    return int(match[1]) * _UNITS[match[2]]


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
