"""Processes of this machine that are sent tasks and send back what came of them, over a pipe."""

from __future__ import annotations

import signal
from collections.abc import Callable
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any, TypeVar

_SPAWN = get_context("spawn")
"""Not forked: this process may have threads, whose locks a copy would keep for ever."""

_Told = TypeVar("_Told")


class PipedProcess:
    """A process at the other end of a pipe. It may end, or be killed, at any time.

    Args:
        serve: what it does: a function of a module, called with its end of the pipe and `told`.
        told: what else it is told at its beginning; it is sent to the process.

    Attributes:
        connection: our end of the pipe. Its `recv` raises EOFError or OSError if the process ends.
        sentinel: of the process: what `multiprocessing.connection.wait` takes.
    """

    def __init__(self, serve: Callable[[Connection[Any, Any], _Told], None], told: _Told) -> None:
        self.connection: Connection[Any, Any]
        self.connection, theirs = _SPAWN.Pipe()
        self._process = _SPAWN.Process(target=_begin, args=(serve, theirs, told), daemon=True)
        self._process.start()
        self.sentinel = self._process.sentinel
        theirs.close()

    def send(self, task: object) -> None:
        """Send it a task; that it has ended meanwhile is found out where its answer is awaited."""
        with suppress(OSError):
            self.connection.send(task)

    def end(self) -> None:
        """End it at once."""
        self._process.kill()
        self._process.join()
        self.connection.close()


def answer(connection: Connection[Any, Any], work: Callable[[Any], object]) -> None:
    """Send back what `work` makes of each task, until nobody sends any more."""
    with suppress(EOFError, OSError):
        while True:
            connection.send(work(connection.recv()))


def _begin(
    serve: Callable[[Connection[Any, Any], _Told], None],
    connection: Connection[Any, Any],
    told: _Told,
) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for who sends tasks
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # whatever who sends them does then
    serve(connection, told)
