"""Decodes files that are nearly the same as one before, as those of NPUs of a large run are.

They differ in whom they communicate with, in a few records out of thousands. What is the same is
found by comparing bytes, many records at a time; only the others are decoded.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from simastra.trace.annotations import Annotations
from simastra.trace.attribute_bytes import decode_attribute
from simastra.trace.canonical import CanonicalDecoder
from simastra.trace.decoding import DecodedTrace, Form, KnownNodes, form_of, note_known
from simastra.trace.framing import framed_record, is_compressed, payload_of
from simastra.trace.nodes import Node
from simastra.units import Bytes, MiB

LARGEST: Bytes = 16 * MiB
"""Larger files are read block by block instead: whoever has many of them has few NPUs."""

_CHUNK = 64  # records
_MOST_BASES = 16

_MOST_UNSHARED = 10_000
"""After so many nodes, one after the other, that no file had before, further ones aren't sought."""

_Framed: TypeAlias = bytes
"""A record with its length before it."""


@dataclass(slots=True)
class _Base:
    """The records of a file that was decoded, or of several: each with the node that is in it."""

    annotations: Annotations
    records: list[_Framed]
    nodes: list[Node]
    chunks: list[bytes] = field(init=False)
    heads: list[bytes | None] = field(init=False)
    """Of each record what comes before its attributes; None where nobody has looked yet."""

    def __post_init__(self) -> None:
        self.heads = [None] * len(self.records)
        starts = range(0, len(self.records), _CHUNK)
        self.chunks = [b"".join(self.records[start : start + _CHUNK]) for start in starts]


class AlikeFiles:
    """Knows files that have been decoded, one of each kind.

    Args:
        known: nodes of all files, by their bytes, which are shared.
    """

    def __init__(self, known: KnownNodes) -> None:
        self._known = known
        self._bases: dict[_Framed, _Base] = {}
        """By their first records, which are the metadata."""
        self._canonical = CanonicalDecoder(decode_attribute)
        self._unshared = 0

    def decoded(self, data: bytes) -> DecodedTrace | None:
        """What is in a file of that content; None if it isn't like any before, or looks wrong."""
        start = framed_record(data, 0)
        base = None if start is None else self._bases.get(start)
        if start is None or base is None or form_of(data) is not Form.PROTOBUF:
            return None
        at = len(start)
        for number, chunk in enumerate(base.chunks):
            if data.startswith(chunk, at):
                at += len(chunk)
                continue
            end = self._changed_chunk(base, number, data, at)
            if end is None:
                return None
            at = end
        return DecodedTrace(tuple(base.nodes), base.annotations) if at == len(data) else None

    def learn(self, data: bytes, decoded: DecodedTrace) -> None:
        """Remember a file of that content, in which that is."""
        if is_compressed(data) or form_of(data) is not Form.PROTOBUF:
            return
        start, *records = _framed_records(data)
        if len(self._bases) >= _MOST_BASES:
            self._bases.clear()
        self._bases[start] = _Base(decoded.annotations, records, list(decoded.nodes))

    def _changed_chunk(self, base: _Base, number: int, data: bytes, at: int) -> int | None:
        """Decode what has changed in a chunk, and return the place behind it, None if it is odd.

        Each record of the base keeps a node of its own, so that it doesn't matter where this ends.
        """
        place = slice(number * _CHUNK, (number + 1) * _CHUNK)
        try:
            for index, record in enumerate(base.records[place], place.start):
                if data.startswith(record, at):
                    at += len(record)
                    continue
                changed = self._changed_record(base, index, data, at)
                if changed is None:
                    return None
                at += len(changed)
            return at
        finally:
            base.chunks[number] = b"".join(base.records[place])

    def _changed_record(self, base: _Base, index: int, data: bytes, at: int) -> _Framed | None:
        """Decode a record, and return it; None if it is odd."""
        before, head = base.records[index], base.heads[index]
        stop = at + len(before)
        # With the same length before it, what was decoded of the head needn't be again.
        is_like = head is not None and stop <= len(data) and data.startswith(head, at)
        record = data[at:stop] if is_like else framed_record(data, at)
        if record is None:
            return None
        if is_like and head is not None and self._unshared > _MOST_UNSHARED:
            node = self._canonical.like(base.nodes[index], record[len(head) :])
        else:
            node, head = self._shared(record)
        if node is None:
            return None
        base.records[index], base.nodes[index], base.heads[index] = record, node, head
        return record

    def _shared(self, record: _Framed) -> tuple[Node | None, bytes | None]:
        """The node in a record, one for all files; and its head, where it had to be decoded."""
        payload = payload_of(record)
        node, head = self._known.get(payload), None
        if node is not None:
            self._unshared = 0
            return node, head
        node = self._canonical.node(payload)
        if node is not None:
            self._unshared += 1
            note_known(self._known, payload, node)
            head = record[: len(record) - len(payload) + self._canonical.attributes_at]
        return node, head


def _framed_records(data: bytes) -> Iterator[_Framed]:
    """The records of a file that is sound."""
    at = 0
    while (record := framed_record(data, at)) is not None:
        yield record
        at += len(record)
