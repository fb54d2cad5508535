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
class ValueInterval:
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


ANYTHING = ValueInterval(-math.inf, math.inf)
"""All numbers."""

EITHER = ValueInterval(False, True)  # noqa: FBT003  # its ends
"""A truth value that isn't known."""


def exactly(value: float) -> ValueInterval:
    """A number that is known."""
    return ValueInterval(value, value) if value == value else ANYTHING  # noqa: PLR0124  # which NaN isn't


def hull(*intervals: ValueInterval) -> ValueInterval:
    """All of several."""
    return ValueInterval(min(it.low for it in intervals), max(it.high for it in intervals))


def added(one: ValueInterval, other: ValueInterval) -> ValueInterval:
    """Sums."""
    return ValueInterval(one.low + other.low, one.high + other.high)


def negated(one: ValueInterval) -> ValueInterval:
    """With the other sign."""
    return ValueInterval(-one.high, -one.low)


def subtracted(one: ValueInterval, other: ValueInterval) -> ValueInterval:
    """Differences."""
    return ValueInterval(one.low - other.high, one.high - other.low)


def multiplied(one: ValueInterval, other: ValueInterval) -> ValueInterval:
    """Products."""
    return _at_corners(lambda a, b: a * b if a and b else 0, one, other)


def divided(one: ValueInterval, other: ValueInterval) -> ValueInterval:
    """Quotients; anything where the divisor may be 0."""
    return ANYTHING if other.low <= 0 <= other.high else _at_corners(operator.truediv, one, other)


def floor_divided(one: ValueInterval, other: ValueInterval) -> ValueInterval:
    """Whole quotients; anything where the divisor may be 0."""
    if other.low <= 0 <= other.high or math.inf in (abs(one.low), abs(one.high)):
        quotient = divided(one, other)
        return ValueInterval(
            _whole(math.floor, quotient.low) - 1, _whole(math.floor, quotient.high) + 1
        )
    return _at_corners(operator.floordiv, one, other)


def remainder(one: ValueInterval, other: ValueInterval) -> ValueInterval:
    """What is left of a division, which has the sign of the divisor."""
    if one.low == one.high and other.low == other.high and other.low:
        return exactly(one.low % other.low)
    if other.low > 0:
        return ValueInterval(0, other.high)
    return ValueInterval(other.low, 0) if other.high < 0 else ANYTHING


def raised(one: ValueInterval, other: ValueInterval) -> ValueInterval:
    """Powers; anything where some base is negative and the exponent may change."""
    if one.low == one.high and other.low == other.high:
        return _at_corners(_power, one, other)
    if one.low < 0 or (one.low == 0 and other.low < 0):
        return ANYTHING
    return _with_room(_at_corners(_power, one, other))


def _power(base: float, exponent: float) -> float:
    result: float = calculated(ast.Pow(), base, exponent)
    return result


def absolute(one: ValueInterval) -> ValueInterval:
    """Without signs."""
    low = 0 if one.low <= 0 <= one.high else min(abs(one.low), abs(one.high))
    return ValueInterval(low, max(abs(one.low), abs(one.high)))


def rising(function: Callable[[float], float], one: ValueInterval) -> ValueInterval:
    """A function that never falls, such as rounding; what is infinite stays so."""
    return ValueInterval(_whole(function, one.low), _whole(function, one.high))


def logarithm(one: ValueInterval) -> ValueInterval:
    """To the base 2; of what isn't larger than 0 there is none."""
    low = math.log2(one.low) if one.low > 0 else -math.inf
    return _with_room(ValueInterval(low, math.log2(one.high))) if one.high > 0 else ANYTHING


def smallest(intervals: Iterable[ValueInterval]) -> ValueInterval:
    """The smallest of several."""
    known = list(intervals)
    return ValueInterval(min(it.low for it in known), min(it.high for it in known))


def largest(intervals: Iterable[ValueInterval]) -> ValueInterval:
    """The largest of several."""
    known = list(intervals)
    return ValueInterval(max(it.low for it in known), max(it.high for it in known))


def less(one: ValueInterval, other: ValueInterval) -> ValueInterval:
    """Whether one is less than another."""
    if one.high < other.low:
        return exactly(value=True)
    return exactly(value=False) if one.low >= other.high else EITHER


def equal(one: ValueInterval, other: ValueInterval) -> ValueInterval:
    """Whether two are the same."""
    if one.low == one.high == other.low == other.high:
        return exactly(value=True)
    apart = one.high < other.low or other.high < one.low
    return exactly(value=False) if apart else EITHER


def inverted(one: ValueInterval) -> ValueInterval:
    """Whether it isn't so."""
    return EITHER if one.is_true is None else exactly(not one.is_true)


def _at_corners(
    function: Callable[[float, float], float], one: ValueInterval, other: ValueInterval
) -> ValueInterval:
    """Of a function that only rises or only falls in each of its arguments."""
    corners = [function(*ends) for ends in product((one.low, one.high), (other.low, other.high))]
    if any(isinstance(it, complex) or it != it for it in corners):  # noqa: PLR0124  # NaN
        return ANYTHING
    return ValueInterval(min(corners), max(corners))


def _whole(function: Callable[[float], float], number: float) -> float:
    return function(number) if math.isfinite(number) else number


def _with_room(one: ValueInterval) -> ValueInterval:
    low, high = one.low, one.high
    return ValueInterval(
        low - abs(low) * _ROOM if math.isfinite(low) else low,
        high + abs(high) * _ROOM if math.isfinite(high) else high,
    )
