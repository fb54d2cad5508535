"""The ET wire format written by hand, so that no writer or schema of simastra's is trusted."""

import struct
from collections.abc import Callable
from typing import Any

VERSION_004 = bytes.fromhex("07 0a 05 30 2e 30 2e 34")
"""A whole record: GlobalMetadata with version "0.0.4"."""

_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5


def varint(value: int) -> bytes:
    value &= (1 << 64) - 1  # a negative number is written as 64 bits of two's complement
    out = b""
    while value > 0x7F:
        out += bytes([value & 0x7F | 0x80])
        value >>= 7
    return out + bytes([value])


def zigzag(value: int) -> int:
    return value << 1 if value >= 0 else (-value << 1) - 1


def number(field: int, value: int) -> bytes:
    return varint(field << 3 | _VARINT) + varint(value)


def block(field: int, payload: bytes) -> bytes:
    return varint(field << 3 | _BYTES) + varint(len(payload)) + payload


def fixed(field: int, layout: str, value: float) -> bytes:
    payload = struct.pack("<" + layout, value)
    return varint(field << 3 | (_FIXED64 if len(payload) == 8 else _FIXED32)) + payload


SCALARS: dict[str, Callable[[Any], bytes]] = {
    "double_val": lambda v: fixed(3, "d", v),
    "float_val": lambda v: fixed(5, "f", v),
    "int32_val": lambda v: number(7, v),
    "int64_val": lambda v: number(9, v),
    "uint32_val": lambda v: number(11, v),
    "uint64_val": lambda v: number(13, v),
    "sint32_val": lambda v: number(15, zigzag(v)),
    "sint64_val": lambda v: number(17, zigzag(v)),
    "fixed32_val": lambda v: fixed(19, "I", v),
    "fixed64_val": lambda v: fixed(21, "Q", v),
    "sfixed32_val": lambda v: fixed(23, "i", v),
    "sfixed64_val": lambda v: fixed(25, "q", v),
    "bool_val": lambda v: number(27, int(v)),
    "string_val": lambda v: block(29, v.encode()),
    "bytes_val": lambda v: block(31, v),
}
"""By kind of attribute: from a value to the oneof's field."""

LISTS: dict[str, tuple[int, Callable[[Any], bytes]]] = {
    "double_list": (4, lambda v: struct.pack("<d", v)),
    "float_list": (6, lambda v: struct.pack("<f", v)),
    "int32_list": (8, varint),
    "int64_list": (10, varint),
    "uint32_list": (12, varint),
    "uint64_list": (14, varint),
    "sint32_list": (16, lambda v: varint(zigzag(v))),
    "sint64_list": (18, lambda v: varint(zigzag(v))),
    "fixed32_list": (20, lambda v: struct.pack("<I", v)),
    "fixed64_list": (22, lambda v: struct.pack("<Q", v)),
    "sfixed32_list": (24, lambda v: struct.pack("<i", v)),
    "sfixed64_list": (26, lambda v: struct.pack("<q", v)),
    "bool_list": (28, lambda v: varint(int(v))),
}
"""By kind of packed list: the oneof's field and how an item is written."""


def attribute(name: str, kind: str | None = None, value: Any = None) -> bytes:
    """Return a node's attribute, or one without a value."""
    body = block(1, name.encode())
    if kind in SCALARS:
        body += SCALARS[kind](value)
    elif kind in LISTS:
        field, item = LISTS[kind]
        body += block(field, block(1, b"".join(map(item, value))))
    elif kind == "string_list":
        body += block(30, b"".join(block(1, item.encode()) for item in value))
    return block(10, body)


def record(payload: bytes) -> bytes:
    return varint(len(payload)) + payload


def node(*attributes: bytes, id: int = 1, type: int = 4) -> bytes:
    """Return a node's record with the name "n"."""
    return record(number(1, id) + block(2, b"n") + number(3, type) + b"".join(attributes))


def trace(*records: bytes) -> bytes:
    """Return a whole trace file."""
    return VERSION_004 + b"".join(records)
