"""From the first bytes of a file that was given as something else to what it is."""

from __future__ import annotations

import re
import stat
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

from simastra.deferred import deferred

from .roles import InputRole

if TYPE_CHECKING:
    from . import binary, documents, texts
    from .kinds import FileKind
else:
    # What can be read as what it should be is never asked about, and needs no patterns.
    binary = deferred("simastra.foreign.binary")
    documents = deferred("simastra.foreign.documents")
    texts = deferred("simastra.foreign.texts")

_LOOKED_AT = 1 << 18  # bytes
_GZIP_MAGIC = b"\x1f\x8b"
_NO_TEXT = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def foreign_problem(data: bytes, wanted: InputRole, source: Path | str) -> str | None:
    """What to say of a file that begins with `data` and isn't what is wanted.

    Args:
        data: its first bytes; gzip-compressed or not.
        wanted: what it was given as.
        source: its name, for the command that is told.

    Returns:
        None if it isn't recognised, or is what is wanted, with a mistake in it.
    """
    kind = _kind(data[:_LOOKED_AT])
    if kind is None or wanted in kind.roles:
        return None
    return f"this is {kind.what}, not a {wanted}: {kind.advice.replace('FILE', str(source))}"


def kind_of_text(text: str) -> FileKind | None:
    """What a text is; None if it isn't recognised."""
    match text.lstrip()[:1]:
        case "{":
            return documents.kind_of_json(text)
        case "<":
            return texts.kind_of_xml(text)
        case _:
            return documents.kind_of_yaml(text) or texts.kind_of_lines(text)


def instead_of(path: Path | str, wanted: InputRole) -> str | None:
    """As `foreign_problem`, of a file; None also where there is no regular file to read."""
    start = _start(path)
    return None if start is None else foreign_problem(start, wanted, path)


def kind_of_file(path: Path | str) -> FileKind | None:
    """What a file is, by its first bytes.

    Returns:
        None if it isn't recognised, or there is no regular file to read.
    """
    start = _start(path)
    return None if start is None else _kind(start)


def _start(path: Path | str) -> bytes | None:
    try:
        file = Path(path)
        if not stat.S_ISREG(file.stat().st_mode):
            return None
        with file.open("rb") as opened:
            return opened.read(_LOOKED_AT)
    except (OSError, ValueError):  # ValueError: a null character in the name
        return None


def _kind(data: bytes) -> FileKind | None:
    if data.startswith(_GZIP_MAGIC):
        try:
            data = zlib.decompressobj(wbits=31).decompress(data, _LOOKED_AT)
        except zlib.error:
            return None
    text = _text(data)
    if text is None:
        return binary.kind_of_bytes(data)
    return kind_of_text(text)


def _text(data: bytes) -> str | None:
    """The text that `data` begins; None if it holds what no text does."""
    if _NO_TEXT.search(data):
        return None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # A letter may be cut in two where the looking ends.
        return data[: error.start].decode("utf-8-sig") if error.start > len(data) - 4 else None
