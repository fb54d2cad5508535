"""What a kill of this process doesn't stop: it is done in a session of its own."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from .write_error import WriteError

_DONE = b"done"
_THREADS = Path("/proc/self/task")


def in_own_session(action: Callable[[], None], path: Path | str) -> None:
    """Carry out an action that is ended neither by a kill of this process nor by Ctrl-C.

    A process with several threads can't be forked safely; it carries the action out itself.

    Args:
        action: raises nothing but `WriteError`.
        path: a file concerned, for a message.

    Raises:
        WriteError: what the action raises.
    """
    if not _can_fork():
        action()
        return
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        _carry_out(action, writing)
    try:
        os.close(writing)
        with open(reading, "rb") as pipe:  # noqa: PTH123  # a descriptor
            said = pipe.read()
    finally:
        os.waitpid(child, 0)
    if said != _DONE:
        words = said.decode(errors="surrogateescape").split("\0") if said else []
        raise WriteError(*words) if words else WriteError(path, "its writer was killed")


def _can_fork() -> bool:
    try:
        return hasattr(os, "fork") and len(os.listdir(_THREADS)) == 1  # noqa: PTH208  # names only
    except OSError:
        return False


def _carry_out(action: Callable[[], None], writing: int) -> NoReturn:
    """What the child does: nothing of what Python does at its end."""
    try:
        os.setsid()
        action()
        os.write(writing, _DONE)
    except WriteError as error:
        words = (str(error.path), error.reason, error.sentence)
        os.write(writing, "\0".join(words).encode(errors="surrogateescape"))
    except BaseException as error:  # the parent reports it
        os.write(writing, f"\0{error!r}".encode(errors="backslashreplace"))
    finally:
        os._exit(0)
