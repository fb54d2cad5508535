"""The arrays that the kernel fills, and what it is told of attributes."""

from __future__ import annotations

from typing import Final, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from simastra.trace.attributes import ATTRIBUTES
from simastra.trace.nodes import ATTRIBUTE_FIELDS, CollectiveType

Int64s: TypeAlias = NDArray[np.int64]
UInt32s: TypeAlias = NDArray[np.uint32]
UInt8s: TypeAlias = NDArray[np.uint8]
Flags: TypeAlias = NDArray[np.bool_]

NUMBER, FLAG, VALUE, LIST = range(4)
"""What a column holds of an attribute: a number; nothing, as a bit says whether it is true; the
number of one of the distinct values; likewise of a list, which may be without a value in a file."""

PLACES: Final = {name: place for place, name in enumerate(ATTRIBUTE_FIELDS)}
"""The row of `NodeArrays.attributes` of each attribute, and its bit in `NodeArrays.given`."""

FLAGS: Final = {"is_cpu_op": 1 << 24, "comm_uneven": 1 << 25}
"""Attributes that are true or false, and the bits in `NodeArrays.given` that are set if so."""

NUMBERS: Final = {
    "num_ops": 2**63 - 1,
    "tensor_size": 2**63 - 1,
    "comm_type": max(CollectiveType),
    "comm_size": 2**63 - 1,
    "comm_priority": 2**63 - 1,
    "comm_src": 2**63 - 1,
    "comm_dst": 2**63 - 1,
    "comm_tag": 2**63 - 1,
    "duration_nanos": 2**63 - 1,
}
"""Attributes that are numbers, and the largest that is sound."""

_FEWEST_VALUES = 1024

ID, DURATION, TYPE, GIVEN, CTRL_END, DATA_END, FIRST_ATTRIBUTE = range(7)
"""Places in a row as the kernel decodes it, before its numbers go into columns; attributes follow.

The kernel's functions hand on few arrays: each costs them 10 ns."""

LENGTH, KIND, LARGEST, TRUTH, LETTERS = range(5)
"""Places in what the kernel is told of an attribute; the letters of its name follow."""

STARTS, STOPS, BUCKETS = range(3)
"""Rows of what the kernel notes of distinct values, by their numbers from 1; the count of numbers
stands in place of the start of value 0. Buckets hold numbers, by the hashes of values."""


class NodeArrays(NamedTuple):
    """What the kernel fills, a row for each record.

    Attributes:
        offsets: where records begin, with their lengths.
        ids, durations, types: of the nodes; durations are in ns.
        given: which attributes there are, and which are true.
        attributes: for each place the numbers of all rows; 0 where there is none.
        ends: for each row where its control dependencies end, and where its data dependencies do,
            which come next; one more row before the first.
        dependencies: one row's after the other's.
        odd: whether a row is left to the usual decoder; it has no number then but its offset.
        values: where the distinct values lie, as attributes with their names.
    """

    offsets: Int64s
    ids: Int64s
    durations: Int64s
    types: UInt8s
    given: UInt32s
    attributes: NDArray[np.int64]
    ends: NDArray[np.int64]
    dependencies: Int64s
    odd: UInt8s
    values: NDArray[np.int64]

    @property
    def had_room(self) -> bool:
        """Whether all dependencies and values are there."""
        has_dependencies = self.ends[-1, 1] <= len(self.dependencies)
        return bool(has_dependencies and 2 * self.values[STARTS, 0] < self.values.shape[1])


def attributes() -> NDArray[np.int64]:
    """What the kernel is told of attributes, a row for each place."""
    told = np.zeros((len(PLACES), LETTERS + max(map(len, PLACES))), np.int64)
    for name, place in PLACES.items():
        told[place, :LETTERS] = (len(name), _kind(name), NUMBERS.get(name, 0), FLAGS.get(name, 0))
        told[place, LETTERS : LETTERS + len(name)] = list(name.encode())
    return told


def tables(rows: int, dependencies: int, values: int) -> NodeArrays:
    """Empty ones. What is never written to takes no memory: the system hands out pages of zeros.

    Args:
        rows: how many there are.
        dependencies: how many there is room for.
        values: likewise distinct values, at least.
    """
    room = 1 << max(_FEWEST_VALUES, values).bit_length()
    return NodeArrays(
        offsets=np.zeros(rows, np.int64),
        ids=np.zeros(rows, np.int64),
        durations=np.zeros(rows, np.int64),
        types=np.zeros(rows, np.uint8),
        given=np.zeros(rows, np.uint32),
        attributes=np.zeros((len(PLACES), rows), np.int64),
        ends=np.zeros((rows + 1, 2), np.int64),
        dependencies=np.zeros(dependencies, np.int64),
        odd=np.zeros(rows, np.uint8),
        values=np.zeros((BUCKETS + 1, 2 * room), np.int64),
    )


def _kind(name: str) -> int:
    if name in FLAGS:
        return FLAG
    if name in NUMBERS:
        return NUMBER
    return VALUE if ATTRIBUTES[name].without_value is None else LIST
