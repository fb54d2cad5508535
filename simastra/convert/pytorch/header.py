"""What a linked trace says beside its nodes: metadata, and the process that was recorded."""

from collections.abc import Mapping
from pathlib import Path

from simastra.errors import TraceError

from .operators import Json, shown

_LARGEST_METADATA = 2**64 - 1
_LARGEST_RANK = 2**31 - 1
_METADATA = ("schema", "pid", "time", "start_ts", "finish_ts")


def read_metadata(document: Mapping[str, Json], source: Path | str) -> dict[str, int | str]:
    """Return what Chakra's converter copies into GlobalMetadata.

    Raises:
        TraceError: a value fits there neither as a text nor as a number.
    """
    metadata: dict[str, int | str] = {}
    for key in _METADATA:
        value = document.get(key)
        if value is None:
            continue
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        fits = type(value) is int and 0 <= value <= _LARGEST_METADATA
        if not (isinstance(value, int | str) and (fits or _is_text(value))):
            raise TraceError(
                f"{key} is {shown(value)}; a text, or a whole number from 0 to 2^64 - 1, is wanted",
                source=source,
            )
        metadata[key] = value
    return metadata


def process_number(distributed: Mapping[str, Json], key: str, source: Path | str) -> int | None:
    """Return a number of Kineto's ``distributedInfo``; None if it is absent.

    Raises:
        TraceError: it is none that a process can have.
    """
    value = distributed.get(key)
    if value is None:
        return None
    if type(value) is not int or not 0 <= value <= _LARGEST_RANK:
        raise TraceError(
            f"distributedInfo: {key} is {shown(value)}; a whole number from 0 is wanted",
            source=source,
        )
    return value


def _is_text(value: Json) -> bool:
    """Whether a value is a text that a file can hold: JSON can name halves of characters."""
    if not isinstance(value, str):
        return False
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True
