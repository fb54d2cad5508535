"""How long a computation takes, as a program gives it: in microseconds, also in parts of them."""

from operator import index
from typing import Any, SupportsIndex

from simastra.units import Ns, micros_to_ns

_WANTED = "a number of microseconds, 0 or more"


def duration_of_micros(micros: Any) -> Ns:
    """Return microseconds, of any type of numbers, as a duration rounded to whole ns, halves up.

    >>> duration_of_micros(1.5), duration_of_micros(0.0005)
    (1500, 1)

    Raises:
        ValueError: it is no such number, or more than nothing and would round to it; the text says
            what is wanted.
    """
    numerator, denominator = _ratio(micros)
    if numerator < 0 or isinstance(micros, bool):
        raise ValueError(_WANTED)
    nanoseconds, part = divmod(micros_to_ns(numerator), denominator)
    rounded = nanoseconds + (2 * part >= denominator)
    if numerator and not rounded:
        raise ValueError(f"{_WANTED}, in steps of 0.001,")
    return rounded


def _ratio(micros: Any) -> tuple[int, int]:
    if isinstance(micros, SupportsIndex):  # whole numbers, NumPy's too
        return index(micros), 1
    try:
        numerator, denominator = micros.as_integer_ratio()
    except (AttributeError, ValueError, OverflowError):  # no number, NaN, infinite
        raise ValueError(_WANTED) from None
    return numerator, denominator
