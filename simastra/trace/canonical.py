"""Nodes straight from their bytes, for records in the order in which every protobuf library writes.

Loading takes most of its time here, so this is written for speed: a record costs about 2 µs, and
5 µs as a protobuf message with an object for each attribute (``python -m benchmarks loading``
measures the whole). It pays because attributes repeat: what a block of them says is looked up.

A record that is laid out in any other way is legal, and is left to the protobuf library; so is one
that is wrong, for which that library's way has the messages.
"""

from collections.abc import Callable
from typing import Final, TypeAlias

from simastra.trace.attributes import Converted, Known
from simastra.trace.nodes import ATTRIBUTE_FIELDS, Node, NodeType, node_of
from simastra.units import Ns, micros_to_ns

_Values: TypeAlias = tuple[Converted | None, ...]  # of ATTRIBUTE_FIELDS

# A field's key in a record is its number in schemas/et_def.proto and how its value is laid out.
_ID, _NAME, _TYPE, _CTRL_DEPS, _DATA_DEPS = b"\x08\x12\x18\x22\x2a"
_START_MICROS, _DURATION_MICROS, _ATTRIBUTE = b"\x30\x38\x52"

MORE = 0x80
"""Set in each byte of a varint but the last."""

_BITS = 0x7F  # of a byte of a varint: the lowest come first
_VARINT_BYTES = 9  # with these 63 bits fit; a longer one is left to the protobuf library

_REMEMBERED = 4096  # blocks of attributes, single ones, and durations
_LONGEST_REMEMBERED = 1024  # bytes

_TYPES: Final = tuple(NodeType)
_FIELDS = {name: index for index, name in enumerate(ATTRIBUTE_FIELDS)}
_NO_VALUES: _Values = (None,) * len(_FIELDS)

_Placed: TypeAlias = tuple[int, Converted | None]  # an attribute: its place in _Values, its value
_NOWHERE = len(_FIELDS)
"""The place of attributes that no field is for."""


class Unusual(Exception):  # noqa: N818  # nothing is wrong: it says which way to go
    """Bytes are laid out in a way that is left to the protobuf library."""


class CanonicalDecoder:
    """Decodes the nodes of one file.

    Args:
        attribute: decodes the bytes of a single attribute; None for one that is to be skipped. A
            ValueError says that something is wrong with it.

    Attributes:
        attributes_at: where the attributes begin in the record that `node` was given last.
    """

    def __init__(self, attribute: Callable[[bytes], Known | None]) -> None:
        self._attribute = attribute
        self.attributes_at = 0
        self._attributes: dict[bytes, _Placed] = {}
        self._blocks: dict[bytes, _Values] = {}
        self._durations: dict[int, Ns] = {}

    @property
    def remembered(self) -> int:
        """How many attributes, and blocks of them, are known without decoding them again."""
        return len(self._attributes) + len(self._blocks)

    def node(self, record: bytes) -> Node | None:
        """Return the node in a record, None if the protobuf library has to see to it."""
        try:
            return self._node(record)
        except (Unusual, IndexError, ValueError):  # IndexError: the record ends within a field
            return None

    def like(self, node: Node, block: bytes) -> Node | None:
        """Return a node of which all but the attributes is as of another one; None as of `node`.

        Args:
            node: the other one.
            block: the attributes in the record.
        """
        try:
            known = self._blocks.get(block) or self._decode_block(block)
        except (Unusual, IndexError, ValueError):
            return None
        own = node.id, node.name, node.type, node.data_deps, node.ctrl_deps, node.duration
        return node_of(*own, known)

    def _node(self, record: bytes) -> Node:  # noqa: C901, PLR0912, PLR0915  # measured, see above
        end = len(record)
        if record[0] != _ID:
            raise Unusual
        identity = record[1]
        at = 2
        if identity >= MORE:
            identity, at = varint(record, 1)
        name = ""
        node_type = duration = 0
        ctrl_deps: tuple[int, ...] = ()
        data_deps: tuple[int, ...] = ()
        key = record[at] if at < end else 0
        if key == _NAME:
            stop = at + 2 + record[at + 1]
            if record[at + 1] >= MORE:
                length, at = varint(record, at + 1)
                name, stop = record[at : at + length].decode(), at + length
            else:
                name = record[at + 2 : stop].decode()
            at = stop
            key = record[at] if at < end else 0
        if key == _TYPE:
            node_type = record[at + 1]
            at += 2
            key = record[at] if at < end else 0
        if key == _CTRL_DEPS:
            ctrl_deps, at = _packed(record, at + 1)
            key = record[at] if at < end else 0
        if key == _DATA_DEPS:
            data_deps, at = _packed(record, at + 1)
            key = record[at] if at < end else 0
        if key == _START_MICROS:
            _, at = varint(record, at + 1)
            key = record[at] if at < end else 0
        if key == _DURATION_MICROS:
            duration, at = varint(record, at + 1)
            key = record[at] if at < end else 0
        if at > end or node_type >= len(_TYPES) or (at < end and key != _ATTRIBUTE):
            raise Unusual
        self.attributes_at = at
        block = record[at:]
        known = self._blocks.get(block)
        if known is None:
            known = self._decode_block(block)
        nanos = self._durations.get(duration)
        if nanos is None:
            nanos = self._nanos(duration)
        return node_of(identity, name, _TYPES[node_type], data_deps, ctrl_deps, nanos, known)

    def _nanos(self, duration: int) -> Ns:
        """Convert a duration in microseconds; nodes that take as long share one number."""
        if len(self._durations) >= _REMEMBERED:
            self._durations.clear()
        nanos = self._durations[duration] = micros_to_ns(duration)
        return nanos

    def _decode_block(self, block: bytes) -> _Values:
        """Decode all attributes of a record, and remember what they come to."""
        values: list[Converted | None] = [*_NO_VALUES, None]
        at, end = 0, len(block)
        while at < end:
            if block[at] != _ATTRIBUTE:
                raise Unusual
            length, start = block[at + 1], at + 2
            if length >= MORE:
                length, start = varint(block, at + 1)
            at = start + length
            if at > end:
                raise Unusual
            data = block[start:at]
            place, value = self._attributes.get(data) or self._decode_attribute(data)
            values[place] = value
        known = tuple(values[:_NOWHERE])
        if end <= _LONGEST_REMEMBERED:
            if len(self._blocks) >= _REMEMBERED:
                self._blocks.clear()
            self._blocks[block] = known
        return known

    def _decode_attribute(self, data: bytes) -> _Placed:
        decoded = self._attribute(data)
        placed = (_NOWHERE, None) if decoded is None else (_FIELDS[decoded[0]], decoded[1])
        if len(data) <= _LONGEST_REMEMBERED:
            if len(self._attributes) >= _REMEMBERED:
                self._attributes.clear()
            self._attributes[data] = placed
        return placed


def varint(data: bytes, at: int) -> tuple[int, int]:
    """Return the number at a place, and the place behind it.

    Raises:
        Unusual: it is larger than 63 bits.
        IndexError: the data ends within it.
    """
    # Up to three bytes, 2 million, without a loop: nearly all ids, times and lengths are below.
    first = data[at]
    if first < MORE:
        return first, at + 1
    second = data[at + 1]
    if second < MORE:
        return first & _BITS | second << 7, at + 2
    third = data[at + 2]
    if third < MORE:
        return first & _BITS | (second & _BITS) << 7 | third << 14, at + 3
    value, shift = first & _BITS | (second & _BITS) << 7 | (third & _BITS) << 14, 21
    for place in range(at + 3, at + _VARINT_BYTES):
        byte = data[place]
        value |= (byte & _BITS) << shift
        if byte < MORE:
            return value, place + 1
        shift += 7
    raise Unusual


def _packed(data: bytes, at: int) -> tuple[tuple[int, ...], int]:
    """The list of numbers at a place, with its length before it, and the place behind it."""
    length, at = varint(data, at)
    stop = at + length
    values = []
    while at < stop:
        value, at = varint(data, at)
        values.append(value)
    if at != stop:
        raise Unusual
    return tuple(values), stop
