"""Attributes straight from their bytes, where these are as every protobuf library writes them.

This is for starting quickly: usual traces need no google.protobuf, which takes longer to import
than a small trace to simulate. What is laid out in another way is left to that library.
"""

import struct
from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from simastra.deferred import deferred
from simastra.trace.attributes import Known, Stored, known_value
from simastra.trace.canonical import MORE, Unusual, varint

if TYPE_CHECKING:
    from simastra.trace import protobuf
else:
    protobuf = deferred("simastra.trace.protobuf")

_VERSION, _METADATA_ATTRIBUTE = b"\x0a", b"\x12"  # the keys in a GlobalMetadata
_NAME = 0x0A  # the key in an AttributeProto
_ITEMS = b"\x0a"  # the key of the values in a list

_LARGEST = {7: 2**31 - 1, 9: 2**63 - 1, 11: 2**32 - 1, 13: 2**64 - 1}
"""What int32_val, int64_val, uint32_val and uint64_val hold; negative numbers look larger."""

_Read = Callable[[bytes], Stored]


def decode_attribute(data: bytes) -> Known | None:
    """Return the field of a Node and its value, None for an attribute that has none.

    Raises:
        ValueError: the value is of no use, or these bytes are no attribute.
    """
    try:
        name, stored = stored_attribute(data)
    except (Unusual, IndexError, UnicodeDecodeError):
        return protobuf.decode_attribute_bytes(data)
    return known_value(name, stored)


def stored_attribute(data: bytes) -> tuple[str, Stored | None]:
    """Return an attribute's name and what it holds, None for nothing.

    Raises:
        Unusual, IndexError, UnicodeDecodeError: the protobuf library has to see to it.
    """
    # As `_text` does, but for long names; an attribute takes a fifth less time in this way.
    length = data[1]
    at, end = 2 + length, len(data)
    if data[0] != _NAME or length >= MORE or at > end:
        raise Unusual
    name = data[2:at].decode()
    if at == end:
        return name, None
    stop = at + (1 if data[at] < MORE else 2)
    read = _VALUES.get(data[at:stop])
    if read is None:
        raise Unusual
    return name, read(data[stop:])


def metadata_is_usual(payload: bytes) -> bool:
    """Return whether a record surely is GlobalMetadata: a version, attributes, and nothing else."""
    return usual_metadata(payload) is not None


def usual_metadata(payload: bytes) -> list[tuple[str, Stored | None]] | None:
    """Return the attributes in a record that surely is GlobalMetadata, None for any other."""
    at, end = 0, len(payload)
    found = []
    try:
        if payload[:1] == _VERSION:
            version, at = _text(payload, at, _VERSION)
            version.decode()
        while at < end:
            attribute, at = _text(payload, at, _METADATA_ATTRIBUTE)
            found.append(stored_attribute(attribute))
    except (Unusual, IndexError, UnicodeDecodeError):
        return None
    return found


def _text(data: bytes, at: int, key: bytes) -> tuple[bytes, int]:
    """The bytes at a place, with a key and their length before them; and the place behind."""
    if data[at : at + 1] != key:
        raise Unusual
    length, start = _shortest_varint(data, at + 1)
    stop = start + length
    if stop > len(data):
        raise Unusual
    return data[start:stop], stop


def _shortest_varint(data: bytes, at: int) -> tuple[int, int]:
    """As `varint`, in no more bytes than it takes: on longer ones, libraries disagree."""
    value, stop = varint(data, at)
    if stop > at + 1 and not data[stop - 1]:
        raise Unusual
    return value, stop


# -- the values, each from the bytes behind its key --------------------------------------------


def _whole(data: bytes, largest: int) -> int:
    value, stop = _shortest_varint(data, 0)
    if value > largest or stop != len(data):
        raise Unusual
    return value


def _flag(data: bytes) -> bool:
    return bool(_whole(data, 1))


def _float(data: bytes, layout: str) -> float:
    if len(data) != struct.calcsize(layout):
        raise Unusual
    (value,) = struct.unpack(layout, data)
    return float(value)


def _block(data: bytes) -> bytes:
    """All of the bytes, of which the first ones tell how many follow."""
    length, start = _shortest_varint(data, 0)
    if start + length != len(data):
        raise Unusual
    return data[start:]


def _string(data: bytes) -> str:
    return _block(data).decode()


def _flags(data: bytes) -> tuple[bool, ...]:
    block = _block(data)
    if not block:
        return ()
    flags, stop = _text(block, 0, _ITEMS)
    if stop != len(block) or not all(flag <= 1 for flag in flags):
        raise Unusual
    return tuple(map(bool, flags))


def _strings(data: bytes) -> tuple[str, ...]:
    return tuple(_items(_block(data)))


def _items(block: bytes) -> Iterator[str]:
    at = 0
    while at < len(block):
        item, at = _text(block, at, _ITEMS)
        yield item.decode()


def _key(number: int, layout: int) -> bytes:
    """A field's key: its number in schemas/et_def.proto, and how its value is laid out."""
    key = number << 3 | layout
    return bytes((key,)) if key < MORE else bytes((key & 0x7F | MORE, key >> 7))


_VARINT, _EIGHT_BYTES, _LENGTH_FIRST, _FOUR_BYTES = 0, 1, 2, 5

_VALUES: dict[bytes, _Read] = {
    **{_key(it, _VARINT): partial(_whole, largest=most) for it, most in _LARGEST.items()},
    _key(3, _EIGHT_BYTES): partial(_float, layout="<d"),
    _key(5, _FOUR_BYTES): partial(_float, layout="<f"),
    _key(27, _VARINT): _flag,
    _key(28, _LENGTH_FIRST): _flags,
    _key(29, _LENGTH_FIRST): _string,
    _key(30, _LENGTH_FIRST): _strings,
}
"""How the kinds of value are read that tools write, by their keys."""
