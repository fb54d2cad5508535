"""What is read of a file's nodes as arrays, a row for each node in the order of the file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np

from simastra.trace.attribute_bytes import decode_attribute
from simastra.trace.attributes import Converted
from simastra.trace.nodes import Node

from .tables import (
    FLAGS,
    NUMBERS,
    PLACES,
    STARTS,
    STOPS,
    Flags,
    Int64s,
    NodeArrays,
    UInt8s,
    UInt32s,
)


@dataclass(frozen=True, slots=True)
class Lists:
    """A list of numbers for each row, one row's after the other's.

    Attributes:
        starts: where each row's begin, and one more for the end of the last one's.
        flat: all of them.
    """

    starts: Int64s
    flat: Int64s

    @property
    def counts(self) -> Int64s:
        """How many each row has."""
        counts: Int64s = np.diff(self.starts)
        return counts

    def __getitem__(self, row: int) -> Int64s:
        return self.flat[self.starts[row] : self.starts[row + 1]]


class NodeColumns:
    """The nodes of a file as arrays.

    Args:
        tables: what the kernel has filled.
        data: the file's content.
        odd: the nodes in rows that the kernel has left out, by row.

    Attributes:
        data: the file's content.
        offsets: where each record begins in it, with its length.
        id, type, duration: as of a `Node`; a duration is in ns.
        given: a bit for each of `ATTRIBUTE_FIELDS` that is not None, the lowest for the first.
        data_deps, ctrl_deps: as the file lists them.
        odd: rows that the kernel has left out, which are as complete as others.
        metadata: of the few nodes that have some, by row.

    Raises:
        OverflowError: a number is too large for a column.
    """

    def __init__(self, tables: NodeArrays, data: bytes, odd: Mapping[int, Node]) -> None:
        self.data = data
        self.offsets = tables.offsets
        self.id = tables.ids
        self.type: UInt8s = tables.types
        self.duration = tables.durations
        self.given: UInt32s = tables.given
        self.ctrl_deps, self.data_deps = _dependencies(tables)
        self.odd = np.fromiter(odd, np.int64)
        self.metadata = {row: node.metadata for row, node in odd.items() if node.metadata}
        self._attributes = tables.attributes
        self._in_file = int(tables.values[STARTS, 0])
        self._values = tables.values[: STOPS + 1, : self._in_file + 1].copy()
        self._odd_values: list[Converted] = []
        if odd:
            self._fill(odd)

    def __len__(self) -> int:
        return len(self.id)

    def has(self, attribute: str) -> Flags:
        """Whether a node has an attribute, one of `ATTRIBUTE_FIELDS`."""
        flags: Flags = (self.given & np.uint32(1 << PLACES[attribute])) != 0
        return flags

    def number(self, attribute: str) -> Int64s:
        """An attribute of each node: what it is, if it is a number; else the number of its value.

        Where it isn't given, it is 0; `has` tells. Values have numbers from 1, the same ones if
        they are written in the same bytes.
        """
        column: Int64s = self._attributes[PLACES[attribute]]
        return column

    def is_true(self, flag: str) -> Flags:
        """Whether ``is_cpu_op`` or ``comm_uneven`` is given and true."""
        flags: Flags = (self.given & np.uint32(FLAGS[flag])) != 0
        return flags

    @property
    def values(self) -> int:
        """How many distinct values there are."""
        return self._in_file + len(self._odd_values)

    def value(self, number: int) -> Converted | None:
        """What a Node holds, of a value's number; None of 0.

        Raises:
            ValueError: it is of no use, which whoever makes columns asks for.
        """
        if not number:
            return None
        if number > self._in_file:
            return self._odd_values[number - self._in_file - 1]
        start, stop = self._values[:, number].tolist()
        known = decode_attribute(self.data[start:stop])
        return None if known is None else known[1]

    def _fill(self, odd: Mapping[int, Node]) -> None:
        for row, node in odd.items():
            self.id[row], self.type[row], self.duration[row] = node.id, node.type, node.duration
            for name, place in PLACES.items():
                value = getattr(node, name)
                if value is None:
                    continue
                self.given[row] |= np.uint32(1 << place)
                if name in FLAGS:
                    self.given[row] |= np.uint32(FLAGS[name] if value else 0)
                elif name in NUMBERS:
                    self._attributes[place, row] = value
                else:
                    self._odd_values.append(value)
                    self._attributes[place, row] = self.values
        rows = self.odd
        self.data_deps = _inserted(self.data_deps, rows, [it.data_deps for it in odd.values()])
        self.ctrl_deps = _inserted(self.ctrl_deps, rows, [it.ctrl_deps for it in odd.values()])


def _dependencies(tables: NodeArrays) -> tuple[Lists, Lists]:
    """Control and data dependencies, which lie in turn."""
    ends, flat = tables.ends, tables.dependencies[: tables.ends[-1, 1]]
    counts = ends[1:, 0] - ends[:-1, 1]
    if not counts.any():  # most files have none, and zeros that nobody writes take no memory
        return Lists(np.zeros(len(ends), np.int64), flat[:0]), Lists(ends[:, 1].copy(), flat)
    ctrl = _starts(counts)
    is_data = np.repeat(np.arange(2 * len(ctrl) - 2) % 2 == 1, np.diff(ends.ravel()[1:]))
    data = _starts(ends[1:, 1] - ends[1:, 0])
    return Lists(ctrl, flat[~is_data]), Lists(data, flat[is_data])


def _inserted(lists: Lists, rows: Int64s, more: Sequence[tuple[int, ...]]) -> Lists:
    """Lists of which some rows, that have been empty, are those."""
    counts = lists.counts
    counts[rows] = lengths = np.fromiter(map(len, more), np.int64)
    flat = np.array(list(chain.from_iterable(more)), np.int64)
    places = np.repeat(lists.starts[rows], lengths)
    return Lists(_starts(counts), np.insert(lists.flat, places, flat))


def _starts(counts: Int64s) -> Int64s:
    starts = np.zeros(len(counts) + 1, np.int64)
    np.cumsum(counts, out=starts[1:])
    return starts
