"""The bisection of a small network, by looking at all of its cuts."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, combinations
from math import comb

from simastra.units import BytesPerNs

from .merged import Capacities

_MOST_STEPS = 2_000_000
"""Links looked at, of all cuts together: about a second."""


def small_bisection(given: Capacities) -> BytesPerNs | None:
    """The bisection bandwidth, exactly; None if there are too many cuts."""
    switches = given.devices - given.npus
    halves = comb(given.npus, given.npus // 2)
    if switches > 20 or halves * 2**switches * len(given.links) > _MOST_STEPS:  # noqa: PLR2004 - lest 2^n be huge
        return None
    links = [((1 << src, 1 << dst), rate) for (src, dst), rate in given.links.items()]
    best = float("inf")
    for half in _halves(given.npus):
        for sending in _with_switches(half, given):
            there = back = 0.0
            for (src, dst), rate in links:
                if sending & src:
                    there += 0.0 if sending & dst else rate
                elif sending & dst:
                    back += rate
            best = min(best, there, back)
    return best


def _halves(npus: int) -> Iterator[int]:
    """All halves as numbers with a bit for each NPU; of an even number those with the first."""
    first = 1 - npus % 2
    for others in combinations(range(first, npus), npus // 2 - first):
        yield sum(1 << npu for npu in chain(range(first), others))


def _with_switches(half: int, given: Capacities) -> Iterator[int]:
    """A half with each choice of the switches."""
    return (half | it << given.npus for it in range(2 ** (given.devices - given.npus)))
