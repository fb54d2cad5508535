"""What workers are given: a few points at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

LARGEST = 32

Numbers = tuple[int, ...]
"""Of the points of a slice, in their order."""


def slices(numbers: Iterable[int]) -> Iterator[Numbers]:
    """Points as workers get them: a few at first, so that all have something to do; then more.

    >>> [len(it) for it in slices(range(100))]
    [1, 1, 2, 2, 4, 4, 8, 8, 16, 16, 32, 6]
    """
    remaining = iter(numbers)
    count, size = 0, 1
    while some := tuple(islice(remaining, size)):
        yield some
        count += 1
        size = min(2 ** (count // 2), LARGEST)
