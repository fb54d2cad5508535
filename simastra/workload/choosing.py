"""Some of many, by a byte each: the places of a few among a million, without asking each."""

from __future__ import annotations

from array import array
from collections.abc import Set
from functools import cache
from itertools import compress, count

_BYTES = 256


def chosen(kinds: bytes, wanted: Set[int]) -> bytes:
    """For each operation a byte: 1 where it is of one of some kinds, 0 elsewhere.

    So for other bytes, such as the types of nodes.
    """
    return kinds.translate(_telling(frozenset(wanted)))


@cache
def _telling(wanted: frozenset[int]) -> bytes:
    return bytes(kind in wanted for kind in range(_BYTES))


def places(chosen: bytes, *further: bytes) -> array[int]:
    """The indices of what is chosen, ascending.

    Args:
        chosen: a byte each, 1 or 0.
        further: the same of further choices: only what is chosen in all of them counts.
    """
    if any(1 not in each for each in (chosen, *further)):
        return array("i")
    for each in further:
        both = int.from_bytes(chosen) & int.from_bytes(each)  # thousands of bytes at once
        chosen = both.to_bytes(len(chosen))
    return array("i", compress(count(), chosen))
