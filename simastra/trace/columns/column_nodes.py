"""The nodes of a file, each of which comes into being when it is asked for."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from simastra.deferred import deferred
from simastra.on_demand import AT_ONCE, OnDemand
from simastra.trace.canonical import MORE, CanonicalDecoder, varint
from simastra.trace.framing import Record, framed_record, payload_of
from simastra.trace.marks import MarkedNodes, NodeMark
from simastra.trace.node_facts import NodeFacts
from simastra.trace.nodes import Node

from . import facts, marks
from .name_places import name_places
from .node_columns import NodeColumns
from .tables import Int64s

if TYPE_CHECKING:
    from simastra.trace import protobuf
else:
    protobuf = deferred("simastra.trace.protobuf")

_ID, _NAME = 0x08, b"\x12"  # keys in a record, as in `canonical`


class Records:
    """Decodes nodes out of a file's content, one at a time.

    Args:
        data: the content.
        source: what error messages call the file.
        decoder: decodes records; several files may share it.
    """

    def __init__(self, data: bytes, source: Path | str, decoder: CanonicalDecoder) -> None:
        self._data = data
        self._source = source
        self._decoder = decoder

    def node(self, offset: int) -> Node:
        """The node in the record at a place.

        Raises:
            TraceError: it is no sound one.
        """
        payload = self.payload(offset)
        node = self._decoder.node(payload)
        return node or protobuf.decode_record(Record(offset, payload), self._source)

    def name(self, offset: int) -> str:
        """The name of that node, without the rest of it; of one that isn't odd."""
        payload = self.payload(offset)
        at = varint(payload, 1)[1] if payload[0] == _ID else 0
        if payload[at : at + 1] != _NAME:
            return ""
        length, at = varint(payload, at + 1)
        return payload[at : at + length].decode("ascii")

    def payload(self, offset: int) -> bytes:
        """The record at a place, without its length."""
        data = self._data
        length = data[offset]
        if length < MORE:
            return data[offset + 1 : offset + 1 + length]
        record = framed_record(data, offset)
        assert record is not None  # the kernel has seen that it is whole
        return payload_of(record)


class ColumnNodes(OnDemand[Node], MarkedNodes):
    """The nodes of a file as columns, and as objects on demand.

    Args:
        columns: of the nodes.
        records: decodes them.

    Attributes:
        columns: of the nodes.
    """

    def __init__(self, columns: NodeColumns, records: Records) -> None:
        self.columns = columns
        self._records = records
        self._odd = frozenset(columns.odd.tolist())

    def __len__(self) -> int:
        return len(self.columns)

    def _make(self, index: int) -> Node:
        return self._records.node(int(self.columns.offsets[index]))

    def _make_some(self, places: range) -> list[Node]:
        rows = np.arange(places.start, places.stop, places.step)
        return list(map(self._records.node, self.columns.offsets[rows].tolist()))

    def marked(self, mark: NodeMark) -> bytes:
        """As of `MarkedNodes`."""
        return marks.marked(self.columns, mark).tobytes()

    @cached_property
    def types(self) -> bytes:
        """As of `MarkedNodes`."""
        return self.columns.type.tobytes()

    @property
    def computed_operations(self) -> int:
        """As of `MarkedNodes`."""
        return marks.computed_operations(self.columns)

    @cached_property
    def ids(self) -> Sequence[int]:
        """As of `MarkedNodes`."""
        return array("q", self.columns.id.tobytes())

    def facts(self, places: Sequence[int], names: tuple[str, ...]) -> Iterator[NodeFacts]:
        """As of `HasFacts`."""
        rows = np.fromiter(places, np.int64, len(places))
        for some in np.split(rows, range(AT_ONCE, len(rows), AT_ONCE)):
            columns = (
                self.names(some) if name == "name" else facts.values(self.columns, some, name)
                for name in names
            )
            yield from zip(*columns, strict=True)

    def names(self, rows: Int64s) -> list[str]:
        """The names of nodes, without the rest of them."""
        data = self.columns.data
        begins, lengths = name_places(np.frombuffer(data, np.uint8), self.columns.offsets[rows])
        if self._odd:
            lengths[np.isin(rows, self.columns.odd)] = -1
        ends = (begins + lengths).tolist()
        places = zip(begins.tolist(), ends, rows.tolist(), strict=True)
        return [
            data[first:end].decode("ascii") if end >= first else self.name(row)
            for first, end, row in places
        ]

    def record(self, index: int) -> bytes:
        """The bytes of a node."""
        return self._records.payload(int(self.columns.offsets[index]))

    def name(self, index: int) -> str:
        """The name of a node, without the rest of it."""
        if index in self._odd:
            return self[index].name
        return self._records.name(int(self.columns.offsets[index]))
