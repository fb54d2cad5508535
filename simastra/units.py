"""Units of the model, and the only conversions into them.

Inside simastra time is a whole number of nanoseconds, a size a whole number of bytes, a rate a
float of bytes per nanosecond. Files speak otherwise; they are converted at the edge, here.
(Behaviour 4.1 and 5.1; docs/units.md.)
"""

from typing import TypeAlias

Ns: TypeAlias = int
"""Simulated time or a duration, in nanoseconds (ASTRA-sim's cycle or tick)."""

LATEST_TIME: Ns = 2**63 - 1
"""The latest simulated time, some 292 years: up to it, ASTRA-sim's conversions are defined."""

Bytes: TypeAlias = int
"""A size in bytes."""

BytesPerNs: TypeAlias = float
"""A rate in bytes per nanosecond (equal to decimal GB/s)."""

NpuId: TypeAlias = int
"""Index of an NPU in the whole system, from 0."""

KiB: Bytes = 1024
"""2^10 bytes."""
MiB: Bytes = 1024 * KiB
"""2^20 bytes."""
GiB: Bytes = 1024 * MiB
"""2^30 bytes."""

NS_PER_MICROSECOND = 1000
NS_PER_SECOND = 1_000_000_000
OPS_PER_TERAOP = 1_000_000_000_000


def micros_to_ns(micros: int) -> Ns:
    """Convert a Chakra duration, in whole microseconds, to nanoseconds.

    >>> micros_to_ns(50)
    50000
    """
    return micros * NS_PER_MICROSECOND


def ns_to_micros(time: Ns) -> float:
    """Convert to microseconds and parts of them, as Chrome traces have them.

    >>> ns_to_micros(1500)
    1.5
    """
    return time / NS_PER_MICROSECOND


def ns_to_whole_micros(time: Ns) -> int:
    """Round to Chakra's whole microseconds, halves up.

    Rounded, not cut off: of many short durations, cutting would lose half a microsecond each.

    >>> ns_to_whole_micros(1499), ns_to_whole_micros(1500)
    (1, 2)
    """
    return (time + NS_PER_MICROSECOND // 2) // NS_PER_MICROSECOND


def network_bandwidth_to_bytes_per_ns(gib_per_second: float) -> BytesPerNs:
    """Convert a network file's bandwidth: its "GB/s" are 2**30 bytes a second (behaviour 4.1).

    >>> network_bandwidth_to_bytes_per_ns(50)
    53.6870912
    """
    return gib_per_second * GiB / NS_PER_SECOND
