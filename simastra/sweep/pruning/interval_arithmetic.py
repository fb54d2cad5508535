"""Arithmetic with numbers of which only ends are known (Moore, Interval Analysis, 1966).

An operation on intervals has every value that it has on numbers in them. At the ends the same
operations are done as on numbers themselves, and rounded alike; since rounding never changes the
order of two numbers, no value lies outside. Powers and logarithms, which libraries round as they
like, have a little room.
"""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import product

from simastra.arithmetic import bounded, calculated

_ROOM = 1e-9


@dataclass(frozen=True, slots=True)
class Interval:
    """The numbers from `low` to `high`, both included where they are finite.

    Truth values are numbers, as in Python: what may be either lies between them.
    """

    low: float
    high: float

    def __post_init__(self) -> None:
        bounded(self.low)
        bounded(self.high)
        if not self.low <= self.high:
            raise ValueError(f"no interval from {self.low} to {self.high}")

    @property
    def is_true(self) -> bool | None:
        """Whether all of it is true, or none; None where that isn't said."""
        if self.low > 0 or self.high < 0:
            return True
        return False if self.low == self.high else None


ANYTHING = Interval(-math.inf, math.inf)
"""All numbers."""

EITHER = Interval(False, True)  # noqa: FBT003  # its ends
"""A truth value that isn't known."""


def exactly(value: float) -> Interval:
    """A number that is known."""
    return Interval(value, value) if value == value else ANYTHING  # noqa: PLR0124  # which NaN isn't


def hull(*intervals: Interval) -> Interval:
    """All of several."""
    return Interval(min(it.low for it in intervals), max(it.high for it in intervals))


def added(one: Interval, other: Interval) -> Interval:
    """Sums."""
    return Interval(one.low + other.low, one.high + other.high)


def negated(one: Interval) -> Interval:
    """With the other sign."""
    return Interval(-one.high, -one.low)


def subtracted(one: Interval, other: Interval) -> Interval:
    """Differences."""
    return Interval(one.low - other.high, one.high - other.low)


def multiplied(one: Interval, other: Interval) -> Interval:
    """Products."""
    return _at_corners(lambda a, b: a * b if a and b else 0, one, other)


def divided(one: Interval, other: Interval) -> Interval:
    """Quotients; anything where the divisor may be 0."""
    return ANYTHING if other.low <= 0 <= other.high else _at_corners(operator.truediv, one, other)


def floor_divided(one: Interval, other: Interval) -> Interval:
    """Whole quotients; anything where the divisor may be 0."""
    if other.low <= 0 <= other.high or math.inf in (abs(one.low), abs(one.high)):
        quotient = divided(one, other)
        return Interval(_whole(math.floor, quotient.low) - 1, _whole(math.floor, quotient.high) + 1)
    return _at_corners(operator.floordiv, one, other)


def remainder(one: Interval, other: Interval) -> Interval:
    """What is left of a division, which has the sign of the divisor."""
    if one.low == one.high and other.low == other.high and other.low:
        return exactly(one.low % other.low)
    if other.low > 0:
        return Interval(0, other.high)
    return Interval(other.low, 0) if other.high < 0 else ANYTHING


def raised(one: Interval, other: Interval) -> Interval:
    """Powers; anything where some base is negative and the exponent may change."""
    if one.low == one.high and other.low == other.high:
        return _at_corners(_power, one, other)
    if one.low < 0 or (one.low == 0 and other.low < 0):
        return ANYTHING
    return _with_room(_at_corners(_power, one, other))


def _power(base: float, exponent: float) -> float:
    result: float = calculated(ast.Pow(), base, exponent)
    return result


def absolute(one: Interval) -> Interval:
    """Without signs."""
    low = 0 if one.low <= 0 <= one.high else min(abs(one.low), abs(one.high))
    return Interval(low, max(abs(one.low), abs(one.high)))


def rising(function: Callable[[float], float], one: Interval) -> Interval:
    """A function that never falls, such as rounding; what is infinite stays so."""
    return Interval(_whole(function, one.low), _whole(function, one.high))


def logarithm(one: Interval) -> Interval:
    """To the base 2; of what isn't larger than 0 there is none."""
    low = math.log2(one.low) if one.low > 0 else -math.inf
    return _with_room(Interval(low, math.log2(one.high))) if one.high > 0 else ANYTHING


def smallest(intervals: Iterable[Interval]) -> Interval:
    """The smallest of several."""
    known = list(intervals)
    return Interval(min(it.low for it in known), min(it.high for it in known))


def largest(intervals: Iterable[Interval]) -> Interval:
    """The largest of several."""
    known = list(intervals)
    return Interval(max(it.low for it in known), max(it.high for it in known))


def less(one: Interval, other: Interval) -> Interval:
    """Whether one is less than another."""
    if one.high < other.low:
        return exactly(value=True)
    return exactly(value=False) if one.low >= other.high else EITHER


def equal(one: Interval, other: Interval) -> Interval:
    """Whether two are the same."""
    if one.low == one.high == other.low == other.high:
        return exactly(value=True)
    apart = one.high < other.low or other.high < one.low
    return exactly(value=False) if apart else EITHER


def inverted(one: Interval) -> Interval:
    """Whether it isn't so."""
    return EITHER if one.is_true is None else exactly(not one.is_true)


def _at_corners(
    function: Callable[[float, float], float], one: Interval, other: Interval
) -> Interval:
    """Of a function that only rises or only falls in each of its arguments."""
    corners = [function(*ends) for ends in product((one.low, one.high), (other.low, other.high))]
    if any(isinstance(it, complex) or it != it for it in corners):  # noqa: PLR0124  # NaN
        return ANYTHING
    return Interval(min(corners), max(corners))


def _whole(function: Callable[[float], float], number: float) -> float:
    return function(number) if math.isfinite(number) else number


def _with_room(one: Interval) -> Interval:
    low, high = one.low, one.high
    return Interval(
        low - abs(low) * _ROOM if math.isfinite(low) else low,
        high + abs(high) * _ROOM if math.isfinite(high) else high,
    )
