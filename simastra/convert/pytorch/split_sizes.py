"""How much of a collective is each member's, where the program said so or passed lists of tensors.

An all-to-all's split sizes are rows of the first dimension, of which each has as many bytes
(``torch.distributed.all_to_all_single``); an empty list stands for equal parts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from simastra.trace import CollectiveType
from simastra.units import Bytes

from .names import PARAMETERS
from .operators import Json, Operator, size_of, tensors

_WITH_SPLITS = {
    # Arguments that say how many rows each rank sends to, and receives from, each other one.
    "c10d::alltoall_base_": (4, 3),
    "_c10d_functional::all_to_all_single": (2, 1),
    "_c10d_functional_autograd::all_to_all_single": (2, 1),
    "c10d_functional::all_to_all_single": (2, 1),
    PARAMETERS: (5, 6),
}
_EXCHANGED_LISTS = "c10d::alltoall_"  # takes and gives a tensor for each rank, of any sizes
_LISTS = {
    # Which argument holds a tensor for each rank.
    (CollectiveType.ALL_TO_ALL, _EXCHANGED_LISTS): 1,
    (CollectiveType.ALL_GATHER, "c10d::allgather_"): 0,
    (CollectiveType.REDUCE_SCATTER, "c10d::reduce_scatter_"): 1,
}


class Splits(NamedTuple):
    """Rows of an all-to-all; empty for equal parts, None where they aren't known.

    Attributes:
        sent: to each rank.
        received: from each rank.
    """

    sent: tuple[int, ...] | None
    received: tuple[int, ...] | None


def splits_of(operator: Operator) -> Splits | None:
    """The split sizes that a kernel or an operator was given; None if none are said."""
    told = operator.kernel.splits
    return _splits(operator) if told is None else Splits(*told)


def is_uneven(chain: Sequence[Operator]) -> bool:
    """Whether an all-to-all may have parts of different sizes: the program said how large."""
    return any(op.name == _EXCHANGED_LISTS or splits_of(op) is not None for op in chain)


def member_sizes(
    kind: CollectiveType, chain: Sequence[Operator], size: Bytes | None, members: int
) -> tuple[Bytes, ...] | None:
    """Bytes for each member, as an ET's ``comm_sizes``; None if they are equal, or not known.

    Args:
        kind: the collective.
        chain: the operator that does it, and its callers that are about communication.
        size: bytes that go into an all-to-all, if that is known.
        members: how many take part, 0 if that isn't known.
    """
    for sizes in _told(kind, chain, size):
        if len(sizes) == (members or len(sizes)):
            differ = len(set(sizes)) > 1 or kind is CollectiveType.ALL_TO_ALL
            return sizes if differ else None
    return None


def _told(
    kind: CollectiveType, chain: Sequence[Operator], size: Bytes | None
) -> Iterator[tuple[Bytes, ...]]:
    """What is said of it, the surest first."""
    for operator in chain:
        at = _LISTS.get((kind, operator.name))
        values = operator.inputs.values
        if at is not None and at < len(values):
            yield tuple(map(size_of, tensors(values[at])))
    if kind is CollectiveType.ALL_TO_ALL and size is not None:
        for splits in filter(None, map(splits_of, chain)):
            rows = _rows(splits)
            if rows is not None and size % (sum(rows) or 1) == 0:
                each = size // (sum(rows) or 1)
                yield tuple(row * each for row in rows)


def _rows(splits: Splits) -> tuple[int, ...] | None:
    """Rows that are sent to each rank."""
    if splits.sent is None or splits.sent:
        return splits.sent
    return (1,) * len(splits.received) if splits.received else None


def _splits(operator: Operator) -> Splits | None:
    positions = _WITH_SPLITS.get(operator.name)
    if positions is None:
        return None
    values = operator.inputs.values
    found = Splits(*(_counts(values[at]) if at < len(values) else None for at in positions))
    return found if found.sent or found.received else None


def _counts(value: Json) -> tuple[int, ...] | None:
    if not isinstance(value, list):
        return None
    counts = tuple(item for item in value if isinstance(item, int) and item >= 0)
    return counts if len(counts) == len(value) else None
