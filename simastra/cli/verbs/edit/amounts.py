"""About how much an edit makes: files, and nodes of each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from simastra.trace.edit import Grouped
from simastra.units import Bytes

from .words import OtherTrace, Resizing

Amount: TypeAlias = Callable[[Grouped, Any], tuple[int, int]]
"""Tells how many NPUs there will be, and about how many nodes each has; of the option's value."""


def _nodes(given: Grouped) -> int:
    return max(map(len, given.trace.npus))


def of_repeating(given: Grouped, times: int) -> tuple[int, int]:
    """Of ``--repeat``."""
    return len(given.trace.npus), _nodes(given) * max(times, 1)


def of_replicating(given: Grouped, npus: int) -> tuple[int, int]:
    """Of ``--replicate``."""
    return max(npus, 1), _nodes(given)


def of_resizing(given: Grouped, value: Resizing) -> tuple[int, int]:
    """Of ``--resize``, at the most: there are two replicas at the least."""
    return len(given.trace.npus) * max(value.degree // 2, 1), _nodes(given)


def of_bucketing(given: Grouped, size: Bytes) -> tuple[int, int]:
    """Of ``--bucket``; a size below 1 makes nothing, as the edit says."""
    if size < 1:
        return len(given.trace.npus), _nodes(given)
    pieces = (sum((it.comm_size or 0) // size for it in nodes) for nodes in given.trace.distinct)
    return len(given.trace.npus), _nodes(given) + max(pieces)


def of_placing(given: Grouped, places: tuple[int, ...]) -> tuple[int, int]:
    """Of ``--place``."""
    return max(places) + 1, _nodes(given)


def of_merging(given: Grouped, value: OtherTrace) -> tuple[int, int]:
    """Of ``--merge``, but for the nodes of the other trace."""
    return max(max(value.npus) + 1, len(given.trace.npus)), _nodes(given)
