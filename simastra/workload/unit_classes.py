"""What depends on a node's type and on `is_cpu_op` alone, for all nodes in columns at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from simastra.trace import Node

from .coded import Coded

if TYPE_CHECKING:
    from simastra.trace.columnar import Int64s, NodeTable

_Value = TypeVar("_Value")

_PLACEMENTS = 3
"""On the CPU, not there, and nothing said of it."""


def of_each_unit_class(
    nodes: Sequence[Node], columns: NodeTable, answer: Callable[[Node], _Value]
) -> Coded[_Value]:
    """An answer for each node that depends on its type and on `is_cpu_op` alone."""
    placed = columns.has("is_cpu_op").astype(np.uint8) + columns.is_true("is_cpu_op")
    codes = _PLACEMENTS * columns.type.astype(np.int32) + placed
    first = first_of_each(codes)
    numbers = np.zeros(int(codes.max(initial=0)) + 1, np.uint8)
    numbers[codes[first]] = np.arange(len(first))
    return Coded(numbers[codes].tobytes(), [answer(nodes[row]) for row in first.tolist()])


def first_of_each(codes: NDArray[np.integer[Any]]) -> Int64s:
    """Where each number comes first, ascending."""
    first = np.full(int(codes.max(initial=0)) + 1, len(codes))
    first[codes[::-1]] = np.arange(len(codes))[::-1]  # the first of each is written last
    return np.sort(first[first < len(codes)])
