"""The rounding rule of the fluid backend: the one place where its times become whole nanoseconds.

Rates change at whole nanoseconds only; between two of them a flow goes on for a real number of
nanoseconds. With s the last nanosecond at which its rate changed, b the bytes that were left then,
r its rate since and l the latency of its way, its message

- arrives at s + floor(l + b / r), as in the congestion-unaware backend, and so at the same
  nanosecond where nothing is shared (behaviour 4.1);
- leaves its links at s + ceil(b / r), a nanosecond after s at the earliest, so that no link ever
  carries more than its bandwidth allows.

Times are floats. One that floats alone keep from being whole is taken for whole: a seventh of a
bandwidth isn't a float, and 3 flows of 250 bytes end after 15 ns at 50 bytes a nanosecond, not 14.
"""

from math import ceil, floor

from simastra.units import Ns

_SLACK = 2.0**-20
"""Times nearer to a whole nanosecond than this (a millionth) are whole, the short ones at least."""

_RELATIVE_SLACK = 2.0**-44
"""The same for long ones, as a part of them: beyond some 18 s floats tell no millionths apart."""


def floored(time: float) -> Ns:
    """The last whole nanosecond that is not after `time`.

    >>> floored(140.9), floored(250 / (50 / 3)), 250 / (50 / 3) < 15
    (140, 15, True)
    """
    return floor(time + _SLACK + time * _RELATIVE_SLACK)


def raised(time: float) -> Ns:
    """The first whole nanosecond that is not before `time`.

    >>> raised(140.1), raised(140.0000000001)
    (141, 140)
    """
    return ceil(time - _SLACK - time * _RELATIVE_SLACK)
