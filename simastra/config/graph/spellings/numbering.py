"""The order of NPUs that a file names as it likes: by the ranks that it gives them, or its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeGuard

from pydantic_core import PydanticCustomError

from simastra.config.fields import exactly_whole
from simastra.config.graph.wrong import KeyedError
from simastra.config.messages import show

MOST_DIGITS = 9
"""Of a rank, or of a number of nodes or links."""


def in_order_of_ranks(npus: Sequence[str], ranks: Mapping[str, object]) -> list[str]:
    """NPUs by their ranks; in their own order if none has a rank.

    Args:
        npus: their names, in the file's order.
        ranks: of NPUs that have one, numbers or their text.

    Raises:
        KeyedError: some have no rank, two have the same, or one is no number below their count.
    """
    if not ranks:
        return list(npus)
    by_rank: dict[int, str] = {}
    for name in npus:
        if name not in ranks:
            text = f"{name} has no rank, and others have one; give each NPU one, or none"
            raise KeyedError(text)
        rank = _rank(ranks[name], name, len(npus))
        if rank in by_rank:
            raise KeyedError(f"{by_rank[rank]} and {name} both have rank {rank}; give each its own")
        by_rank[rank] = name
    return [by_rank[rank] for rank in range(len(npus))]


def _is_number(value: object) -> TypeGuard[str]:
    return isinstance(value, str) and value.isdecimal() and len(value) <= MOST_DIGITS


def _rank(value: object, name: str, npus: int) -> int:
    try:
        rank = exactly_whole(int(value) if _is_number(value) else value)
    except PydanticCustomError:
        rank = -1
    if not 0 <= rank < npus:
        wanted = f"a whole number from 0 to {npus - 1}, since there are {npus} NPUs"
        raise KeyedError(f"{name} has the rank {show(value)}; write {wanted}")
    return rank
