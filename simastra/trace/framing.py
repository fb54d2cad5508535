"""The outer layer of a trace file: records, each a varint32 length and then that many bytes.

Knows byte offsets and gzip; what is inside a record is protobuf's business. Files are read in
blocks, so that a large one is never in memory as a whole.
(Behaviour 1.8.)
"""

import gzip
import io
import zlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple, Protocol, TypeAlias

from simastra.errors import TraceError
from simastra.reading import largest_inflated, raising
from simastra.units import Bytes, MiB

BLOCK: Bytes = 1 * MiB
"""How much of a file is read at once."""

_GZIP_MAGIC = b"\x1f\x8b"
_MORE = 0x80  # set in each byte of a varint but the last
_LENGTH_BYTES = 5  # a varint32 has 7 bits a byte


class ByteStream(Protocol):
    """What bytes can be read from, as from a file."""

    def read(self, size: int = -1, /) -> bytes:
        """Return up to `size` bytes, none only at the end; all that are left, if it is negative."""


Watch: TypeAlias = Callable[[Bytes], None]
"""Is told, as a file is read, how many of its bytes have been."""


class Record(NamedTuple):
    """One record of a trace.

    Attributes:
        offset: of its length prefix, in the uncompressed file.
        payload: the record without its length prefix.
    """

    offset: int
    payload: bytes


class Watched:
    """A stream whose reading is watched.

    Args:
        stream: what is read.
        position: tells how much has been read of the file that the stream comes from.
        watch: is told, whenever a block has been read.
    """

    def __init__(self, stream: ByteStream, position: Callable[[], Bytes], watch: Watch) -> None:
        self._stream = stream
        self._position = position
        self._watch = watch

    def read(self, size: int = -1, /) -> bytes:
        """As of `ByteStream`."""
        data = self._stream.read(size)
        self._watch(self._position())
        return data


def inflate(data: bytes, source: Path | str) -> bytes:
    """Return a file's content, decompressed if it begins as gzip does.

    Raises:
        TraceError: the compressed data is truncated or corrupt.
    """
    return inflated(io.BytesIO(data), source).read() if is_compressed(data) else data


def inflated(stream: io.BufferedIOBase, source: Path | str) -> ByteStream:
    """Return a stream of a file's content, decompressed if it begins as gzip does.

    Args:
        stream: the file, at its beginning; one that can be rewound.
        source: what error messages call it.

    Reading from the result raises TraceError where the compressed data is truncated or corrupt.
    """
    start = stream.read(len(_GZIP_MAGIC))
    stream.seek(0)
    return _Inflated(stream, source) if start == _GZIP_MAGIC else stream


class _Inflated:
    """What comes of compressed content; its amount is bounded (see `simastra.reading`)."""

    def __init__(self, stream: io.BufferedIOBase, source: Path | str) -> None:
        self._compressed = stream.seek(0, io.SEEK_END)
        stream.seek(0)
        self._file = gzip.GzipFile(fileobj=stream)
        self._source = source
        try:
            self._limit = largest_inflated(self._compressed)
        except ValueError as error:
            raise TraceError(f"the file can't be read: {error}", source=source) from None
        self._left = self._limit

    def read(self, size: int = -1, /) -> bytes:
        wanted = self._left + 1 if size < 0 else min(size, self._left + 1)
        try:
            data = self._file.read(wanted)
        except (OSError, EOFError, zlib.error) as error:
            raise TraceError(
                f"the file is gzip-compressed and damaged ({error}); compress or copy it again",
                source=self._source,
            ) from error
        self._left -= len(data)
        if self._left < 0:
            raise TraceError(
                f"the file's {self._compressed} bytes inflate to more than {self._limit}; "
                f"{raising(self._limit)}",
                source=self._source,
            )
        return data


def split_records(data: bytes, source: Path | str) -> Iterator[Record]:
    """Yield the records of uncompressed trace data, in order.

    Raises:
        TraceError: the data ends within a record, or a length is no varint32.
    """
    return stream_records(io.BytesIO(data), source)


def stream_records(stream: ByteStream, source: Path | str, start: bytes = b"") -> Iterator[Record]:
    """Yield the records of uncompressed trace data, in order, reading a block at a time.

    Args:
        stream: what is left to read.
        source: what error messages call it.
        start: what has been read already.

    Raises:
        TraceError: the data ends within a record, or a length is no varint32.
    """
    data, offset = start, 0
    while True:
        at, wanted, end = 0, BLOCK, len(data)
        while at < end:
            try:
                length, payload = _length(data, at)
            except IndexError:
                break
            if length < 0:
                problem = "a record's length is not a varint of at most 5 bytes"
                raise _damaged(problem, data[at:], offset + at, source)
            stop = payload + length
            if stop > end:
                wanted = max(BLOCK, stop - end)
                break
            yield Record(offset + at, data[payload:stop])
            at = stop
        data, offset = data[at:], offset + at
        block = stream.read(wanted)
        if not block:
            break
        data += block
    if data:
        raise _cut(data, offset, source)


def is_compressed(data: bytes) -> bool:
    """Whether a file's content begins as gzip does."""
    return data.startswith(_GZIP_MAGIC)


def framed_record(data: bytes, at: int) -> bytes | None:
    """Return the record at a place with its length before it; None if there is no whole one."""
    try:
        length, payload = _length(data, at)
    except IndexError:
        return None
    stop = payload + length
    return data[at:stop] if length >= 0 and stop <= len(data) else None


def payload_of(framed: bytes) -> bytes:
    """Return a record without the length before it."""
    return framed[_length(framed, 0)[1] :]


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


def _length(data: bytes, at: int) -> tuple[int, int]:
    """The length at a place, negative if it is no varint32, and the place behind it.

    Raises:
        IndexError: the data ends within it.
    """
    length = data[at]
    if length < _MORE:
        return length, at + 1
    length &= ~_MORE
    for index in range(1, _LENGTH_BYTES):
        byte = data[at + index]
        length |= (byte & ~_MORE) << 7 * index
        if byte < _MORE:
            return length, at + index + 1
    return -1, at


def _cut(data: bytes, offset: int, source: Path | str) -> TraceError:
    """The error of a file that ends with only a part of a record, `data`."""
    try:
        length, payload = _length(data, 0)
    except IndexError:
        return _damaged("the file ends within a record's length", data, offset, source)
    return _damaged(
        f"a record of {length} bytes is announced and {len(data) - payload} are left; "
        "the file is truncated or not a Chakra trace",
        data,
        offset,
        source,
    )


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
