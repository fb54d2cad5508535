"""ET files written by hand, so that simastra's reader is not tested with its own writer.

Only what the golden cases hold (behaviour 1.8): a field is a key varint ``number << 3 | wire``,
then a varint (wire 0) or a length and bytes (wire 2).
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

AttributeValue: TypeAlias = Sequence[Any]
"""A pair of the name of an AttributeProto field, and the value."""

_TYPES = (
    "INVALID_NODE",
    "METADATA_NODE",
    "MEM_LOAD_NODE",
    "MEM_STORE_NODE",
    "COMP_NODE",
    "COMM_SEND_NODE",
    "COMM_RECV_NODE",
    "COMM_COLL_NODE",
)
_SCALARS = {"int32_val": 7, "int64_val": 9, "uint32_val": 11, "uint64_val": 13, "bool_val": 27}
_STRING = 29
_BOOL_LIST = 28


def varint(number: int) -> bytes:
    """Seven bits a byte, lowest first; a negative number as its 64-bit two's complement."""
    number &= 2**64 - 1
    encoded = bytearray()
    while number > 0x7F:
        encoded.append(number & 0x7F | 0x80)
        number >>= 7
    encoded.append(number)
    return bytes(encoded)


def number_field(field: int, value: int) -> bytes:
    return varint(field << 3) + varint(value)


def bytes_field(field: int, value: bytes) -> bytes:
    return varint(field << 3 | 2) + varint(len(value)) + value


def packed(numbers: Iterable[int]) -> bytes:
    return b"".join(varint(number) for number in numbers)


def attribute(name: str, kind: str, value: Any) -> bytes:
    encoded = bytes_field(1, name.encode())
    if kind in _SCALARS:
        return encoded + number_field(_SCALARS[kind], int(value))
    if kind == "string_val":
        return encoded + bytes_field(_STRING, value.encode())
    assert kind == "bool_list", kind
    return encoded + bytes_field(_BOOL_LIST, bytes_field(1, packed(map(int, value))))


def node(description: Mapping[str, Any]) -> bytes:
    encoded = [
        number_field(1, description["id"]),
        bytes_field(2, description["name"].encode()),
        number_field(3, _TYPES.index(description["type"])),
    ]
    for field, key in ((4, "ctrl_deps"), (5, "data_deps")):
        if description.get(key):
            encoded.append(bytes_field(field, packed(description[key])))
    if description.get("duration_micros"):
        encoded.append(number_field(7, description["duration_micros"]))
    for name, (kind, value) in description.get("attr", {}).items():
        encoded.append(bytes_field(10, attribute(name, kind, value)))
    return b"".join(encoded)


def et_file(nodes: Iterable[Mapping[str, Any]]) -> bytes:
    """A whole file: the metadata message, then each node, all with their lengths before them."""
    messages = [bytes_field(1, b"0.0.4"), *map(node, nodes)]
    return b"".join(varint(len(message)) + message for message in messages)
