"""The outer layer of a trace file: records, each a varint32 length and then that many bytes.

Knows byte offsets and gzip; what is inside a record is protobuf's business.
(Specification: astra-sim-behaviour.md 1.8.)
"""

import gzip
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from simastra.errors import TraceError

_GZIP_MAGIC = b"\x1f\x8b"
_MORE = 0x80  # set in each byte of a varint but the last
_LENGTH_BYTES = 5  # a varint32 has 7 bits a byte


class Record(NamedTuple):
    """One record of a trace.

    Attributes:
        offset: of its length prefix, in the uncompressed file.
        payload: the record without its length prefix.
    """

    offset: int
    payload: bytes


def inflate(data: bytes, source: Path | str) -> bytes:
    """Return a file's content, decompressed if it begins as gzip does.

    Raises:
        TraceError: the compressed data is truncated or corrupt.
    """
    if not data.startswith(_GZIP_MAGIC):
        return data
    try:
        return gzip.decompress(data)
    except (OSError, EOFError, zlib.error) as error:
        raise TraceError(
            f"the file is gzip-compressed and damaged ({error}); compress or copy it again",
            source=source,
        ) from error


def split_records(data: bytes, source: Path | str) -> Iterator[Record]:
    """Yield the records of uncompressed trace data, in order.

    Raises:
        TraceError: the data ends within a record, or a length is no varint32.
    """
    offset = 0
    end = len(data)
    while offset < end:
        position = offset
        length = shift = 0
        while True:
            if position == end:
                raise _damaged("the file ends within a record's length", data, offset, source)
            if position - offset == _LENGTH_BYTES:
                raise _damaged(
                    "a record's length is not a varint of at most 5 bytes", data, offset, source
                )
            byte = data[position]
            position += 1
            length |= (byte & ~_MORE) << shift
            if byte < _MORE:
                break
            shift += 7
        if length > end - position:
            raise _damaged(
                f"a record of {length} bytes is announced and {end - position} are left; "
                "the file is truncated or not a Chakra trace",
                data,
                offset,
                source,
            )
        yield Record(offset, data[position : position + length])
        offset = position + length


def join_records(payloads: Iterable[bytes]) -> bytes:
    """Return trace data, uncompressed, that `split_records` takes apart into these payloads."""
    data = bytearray()
    for payload in payloads:
        data += _varint(len(payload))
        data += payload
    return bytes(data)


def text_hint(data: bytes) -> str:
    """Return words to add to an error about a file's first record, if the file is text."""
    start = data[:64].decode("ascii", errors="replace")
    is_text = all(letter.isprintable() or letter.isspace() for letter in start)
    return " (the file is text; a trace is protobuf)" if is_text and "\ufffd" not in start else ""


def _damaged(problem: str, data: bytes, offset: int, source: Path | str) -> TraceError:
    hint = text_hint(data) if offset == 0 else ""
    return TraceError(problem + hint, source=source, offset=offset)


def _varint(value: int) -> bytes:
    low_first = bytearray()
    while value >= _MORE:
        low_first.append(value & ~_MORE & 0xFF | _MORE)
        value >>= 7
    low_first.append(value)
    return bytes(low_first)
