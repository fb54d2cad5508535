"""A file's content as columns, where the kernel is sure of it."""

from __future__ import annotations

import io
from collections import deque
from fractions import Fraction
from operator import eq
from pathlib import Path

import numpy as np

from simastra.errors import TraceError
from simastra.trace.attribute_bytes import decode_attribute
from simastra.trace.canonical import CanonicalDecoder
from simastra.trace.decoding import DecodedTrace, Form, decode_records, form_of
from simastra.trace.framing import framed_record, stream_records

from .calling import decode
from .column_nodes import ColumnNodes, Records
from .node_columns import NodeColumns
from .tables import STARTS, NodeArrays, UInt8s, attributes, tables

_FEW = 8
"""One row of so many may be odd; with more of them, columns would save nothing."""

_GROWTH = 8
_MOST_OTHERS = 16
_SAMPLED = 256  # records, or a few more
_ALIKE = Fraction(3, 4)  # of records


class ColumnDecoder:
    """Decodes files, which share what they know of attributes.

    Attributes:
        are_alike: whether the last one had most of its records in common with one before.
    """

    def __init__(self) -> None:
        self.are_alike = False
        self._samples: deque[tuple[int, list[bytes]]] = deque(maxlen=_MOST_OTHERS)
        """Of files before: how many records each had, and some of these."""
        self._attributes = attributes()
        self._canonical = CanonicalDecoder(decode_attribute)

    def decoded(self, data: bytes, source: Path | str) -> DecodedTrace | None:
        """What is in a file's uncompressed content; None if the usual decoder has to see to it.

        So it is with all that is wrong: that decoder says what.
        """
        first = framed_record(data, 0)
        if first is None or form_of(data) is not Form.PROTOBUF:
            return None
        try:
            metadata = decode_records(stream_records(io.BytesIO(first), source), source)
            filled = self._filled(np.frombuffer(data, np.uint8), len(first))
            if filled is None:
                return None
            nodes = self._nodes(filled, data, source)
        except (TraceError, OverflowError):
            return None
        if nodes is None:
            return None
        sample = _sample(nodes)
        others = (other for count, other in self._samples if count == len(nodes))
        self.are_alike = any(sum(map(eq, sample, other)) > _ALIKE * len(sample) for other in others)
        self._samples.append((len(nodes), sample))
        return DecodedTrace(nodes, metadata.annotations)

    def _nodes(self, filled: NodeArrays, data: bytes, source: Path | str) -> ColumnNodes | None:
        """The nodes, if odd rows are few and all values are sound.

        Raises:
            TraceError: an odd row is wrong.
            OverflowError: one has a number that is too large for a column.
        """
        odd = np.flatnonzero(filled.odd)
        if len(odd) * _FEW > len(filled.odd):
            return None
        records = Records(data, source, self._canonical)
        nodes = {row: records.node(int(filled.offsets[row])) for row in odd.tolist()}
        columns = NodeColumns(filled, data, nodes)
        return ColumnNodes(columns, records) if _has_sound_values(columns) else None

    def _filled(self, data: UInt8s, at: int) -> NodeArrays | None:
        """The tables of the records from a place on; None if they aren't whole."""
        rows = decode(data, at, self._attributes, tables(0, 0, 0))
        if rows < 0:
            return None
        made = tables(rows, 2 * rows, 0)
        decode(data, at, self._attributes, made)
        while not made.had_room:
            made = tables(rows, int(made.ends[-1, 1]), int(made.values[STARTS, 0]) * _GROWTH)
            decode(data, at, self._attributes, made)
        return made


def _has_sound_values(columns: NodeColumns) -> bool:
    try:
        return None not in map(columns.value, range(1, columns.values + 1))
    except ValueError:
        return False


def _sample(nodes: ColumnNodes) -> list[bytes]:
    """Some records; of files with as many of them, the same ones."""
    return [nodes.record(row) for row in range(0, len(nodes), len(nodes) // _SAMPLED + 1)]
