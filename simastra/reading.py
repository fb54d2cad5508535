"""Opening what is to be read: files, and pipes that are open already; nothing that has no end.

A regular file takes memory in proportion to its size, at most. What isn't regular has no size: a
device is refused, since it may never end, and so is a named pipe, since opening it waits for a
writer who may never come. What a pipe that is open already brings, such as that of ``<(...)`` in a
shell, and what compressed content inflates to, is bounded here.
"""

from __future__ import annotations

import errno
import io
import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING

from simastra.deferred import deferred

if TYPE_CHECKING:
    import glob

    from simastra import quantities
else:  # few environments set a limit, and few inputs are patterns
    glob = deferred("glob")
    quantities = deferred("simastra.quantities")

LIMIT_VARIABLE = "SIMASTRA_READ_LIMIT"
"""The environment variable that sets both bounds: bytes, or as in ``8GiB``."""

LARGEST_PIPE = 2**30
INFLATION = 100
LEAST_INFLATED = 2**24

_OPEN_PIPES = ("/dev/fd/", "/proc/")
"""Where descriptors are; what they name has no place in the file system."""

_KINDS = (
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
    (stat.S_ISFIFO, "a named pipe"),
    (stat.S_ISSOCK, "a socket"),
)


def is_reference(given: object) -> bool:
    """Whether that refers to a machine, as ``@hgx-h100``, rather than to a file, as ``./@file``."""
    return isinstance(given, str) and given.startswith("@")


def open_input(path: Path | str) -> io.BufferedReader | io.BytesIO:
    """Open a file to read its bytes, from its beginning and again.

    Raises:
        OSError: there is none, it can't be read, or it is neither a file nor an open pipe.
        ValueError: the path has a null character, or the environment sets no limit that is one.
    """
    mode = os.stat(path).st_mode  # noqa: PTH116  # Path.stat takes twice as long
    if stat.S_ISREG(mode) or stat.S_ISDIR(mode):
        return open(path, "rb")  # noqa: PTH123  # likewise; the caller closes it
    if stat.S_ISFIFO(mode) and os.path.realpath(path).startswith(_OPEN_PIPES):
        return _piped(path)
    kind = next((name for is_it, name in _KINDS if is_it(mode)), "no file")
    raise OSError(errno.EINVAL, f"it is {kind}; give a file")


def largest_inflated(compressed: int) -> int:
    """The bytes to which content of so many may inflate.

    Raises:
        ValueError: the environment sets no limit that is one.
    """
    return _set_limit() or max(LEAST_INFLATED, INFLATION * compressed)


def _piped(path: Path | str) -> io.BytesIO:
    largest = _set_limit() or LARGEST_PIPE
    with open(path, "rb") as pipe:  # noqa: PTH123  # as above
        content = pipe.read(largest + 1)
    if len(content) > largest:
        problem = f"more than {largest} bytes come through the pipe; {raising(largest)}"
        raise OSError(errno.EFBIG, problem)
    return io.BytesIO(content)


def raising(limit: int) -> str:
    """How to raise a limit, for a message."""
    return f"{LIMIT_VARIABLE}={max(1, 4 * limit // 2**30)}GiB in the environment allows more"


def _set_limit() -> int | None:
    """What the environment sets."""
    text = os.environ.get(LIMIT_VARIABLE)
    if not text:
        return None
    try:
        limit = quantities.SIZE.read(text, bare="B")
    except quantities.QuantityError as error:
        raise ValueError(f"{LIMIT_VARIABLE} {error}") from None
    if not limit or limit.denominator != 1:
        problem = f"must be at least 1 byte and whole ones, as in 8GiB, not {text!r}"
        raise ValueError(f"{LIMIT_VARIABLE} {problem}")
    return int(limit)


def is_pattern(word: str) -> bool:
    """Whether a word is a pattern for names of files, such as ``trace_*.json``.

    >>> is_pattern("trace_[0-7].json"), is_pattern("trace_0.json")
    (True, False)
    """
    return any(letter in word for letter in "*?[")


def matching(pattern: str) -> list[str]:
    """Return the names of the files and folders that fit a pattern, in order."""
    return sorted(glob.glob(pattern, recursive=True))  # it may begin anywhere
