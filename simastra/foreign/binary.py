"""Kinds of files that aren't text, by the bytes that they begin with."""

from . import kinds
from .kinds import FileKind

_MAGIC = (
    (b"SQLite format 3\x00", kinds.SQLITE),
    (b"PK\x03\x04", kinds.ZIP),
)
_TAR_MAGIC, _TAR_OFFSET = b"ustar", 257
_METADATA_KEYS = (0x0A, 0x12)  # version and attr, of the first record
_NODE_KEYS = (0x08, 0x12, 0x18)  # id, name and type, of the second


def kind_of_bytes(data: bytes) -> FileKind | None:
    """What a file is that begins so."""
    for magic, kind in _MAGIC:
        if data.startswith(magic):
            return kind
    if data[_TAR_OFFSET:].startswith(_TAR_MAGIC):
        return kinds.TAR
    return kinds.TRACE if _looks_like_a_trace(data) else None


def _looks_like_a_trace(data: bytes) -> bool:
    """Whether two records of Chakra's follow each other: metadata and a node."""
    length, start = _varint(data, 0)
    if length and data[start] not in _METADATA_KEYS:
        return False
    second, start = _varint(data, start + length)
    return second > 0 and start < len(data) and data[start] in _NODE_KEYS


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """A number of 7 bits a byte, and where it ends; 0 where there is none."""
    number = 0
    for shift, position in enumerate(range(at, min(at + 4, len(data) - 1))):
        number |= (data[position] & 0x7F) << 7 * shift
        if data[position] < 0x80:  # noqa: PLR2004  # the last has no high bit
            return number, position + 1
    return 0, 0
