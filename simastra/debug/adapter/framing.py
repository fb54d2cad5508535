"""Messages as bytes: a header that says how long each is, then JSON.

(Debug Adapter Protocol, overview, "Base protocol".)
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import BinaryIO, TypeAlias

JsonObject: TypeAlias = Mapping[str, object]
"""An object of JSON, by its keys."""

MOST_BYTES = 16 * 2**20
"""Of one message that is read: no request is nearly as long."""

_LONGEST_HEADER = 1000  # bytes of a line
_MOST_DIGITS = 9
_LENGTH = b"content-length"


class BrokenStreamError(Exception):
    """What comes can't be taken apart into messages any more. Its text says why."""


def read_message(stream: BinaryIO) -> bytes | None:
    """The content of the next message; None at the end of the stream.

    Header lines other than its length say nothing that counts here.

    Args:
        stream: of bytes; what it has is waited for.

    Raises:
        BrokenStreamError: no length is said, or one that can't be, or the stream ends amid
            a message.
    """
    length = _length(stream)
    if length is None:
        return None
    content = stream.read(length)
    if len(content) < length:
        raise BrokenStreamError(f"the last message has {len(content):,} of {length:,} bytes")
    return content


def framed(message: JsonObject) -> bytes:
    """A message as it is sent."""
    # What JSON writes as \u stays readable, but halves of surrogate pairs, which UTF-8 hasn't.
    content = json.dumps(message, ensure_ascii=False, separators=(",", ":"))
    data = content.encode("utf-8", "backslashreplace")
    return b"Content-Length: %d\r\n\r\n%b" % (len(data), data)


def _length(stream: BinaryIO) -> int | None:
    """The length in the next header; None where the stream ends before one begins."""
    length, begun = None, False
    while line := stream.readline(_LONGEST_HEADER):
        name, colon, value = line.strip().partition(b":")
        if colon and name.strip().lower() == _LENGTH:
            length = _number(value.strip())
        elif not line.strip() and begun:
            break
        begun = begun or bool(line.strip())
    if begun and length is None:
        raise BrokenStreamError("a message has no header 'Content-Length: N'")
    return length


def _number(word: bytes) -> int:
    if not word.isdigit() or len(word) > _MOST_DIGITS or int(word) > MOST_BYTES:
        shown = word[:_MOST_DIGITS].decode("ascii", "backslashreplace")
        raise BrokenStreamError(
            f"Content-Length is a whole number up to {MOST_BYTES:,}, not {shown!r}"
        )
    return int(word)
