"""Writing to stdout and stderr, which may be closed, full, or of a small character set."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from simastra.errors import InputError
from simastra.legible import escaped, legible


class StdoutClosed(Exception):  # noqa: N818  # not an error: it says what happened
    """Who read stdout has gone, as ``head`` does; what is written from now on is dropped."""


def say(text: str, *, coloured: bool = False) -> None:
    """Write `text` and a newline to stdout, at once.

    Args:
        text: what is said.
        coloured: whether it has control characters for a terminal; they are written out otherwise.

    Raises:
        StdoutClosed: if nobody reads any more.
        InputError: if stdout can't be written, a full disk for instance.
    """
    if sys.stdout is None:  # the process was started without one
        return
    encoding = sys.stdout.encoding or "utf-8"
    with writing_to_stdout():
        # A file's name may hold what the terminal's character set doesn't.
        shown = text if coloured else escaped(text)
        print(shown.encode(encoding, "backslashreplace").decode(encoding), flush=True)


def tell(message: str, *, whole: bool = False) -> None:
    """Write ``simastra: message`` to stderr. A stderr that can't be written is nothing to tell.

    Args:
        message: what is said.
        whole: whether it is our own text, of any length; otherwise it is made `legible`.
    """
    if sys.stderr is None:  # print would take stdout in its place
        return
    with suppress(OSError):
        print(f"simastra: {message if whole else legible(message)}", file=sys.stderr, flush=True)


def stderr_is_terminal() -> bool:
    """Whether a person may be looking at stderr as it is written."""
    return sys.stderr is not None and sys.stderr.isatty()


def stdout_is_terminal() -> bool:
    """Whether a person may be looking at stdout as it is written."""
    return sys.stdout is not None and sys.stdout.isatty()


@contextmanager
def writing_to_stdout() -> Iterator[None]:
    """Turn the operating system's errors from writing to stdout into ours.

    Raises:
        StdoutClosed: if nobody reads any more.
        InputError: if stdout can't be written.
    """
    try:
        yield
    except BrokenPipeError:
        _drop_stdout()
        raise StdoutClosed from None
    except OSError as error:
        _drop_stdout()
        raise InputError(f"standard output can't be written: {error.strerror}") from None


def _drop_stdout() -> None:
    """Lead stdout nowhere, lest Python complain at exit about what it still holds for it."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
