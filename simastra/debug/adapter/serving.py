"""Where clients are served: at this process's input and output, or at a port of this machine."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import BinaryIO

from simastra.errors import OptionError

from .adapter import converse
from .launched import Launch

_LAST_PORT = 65535
_LOOPBACK = "127.0.0.1"
"""Nobody else's machine reaches it: a client may read any file of ours."""


def serve_stdio(launch: Launch) -> None:
    """Serve the client that has started this process, and reads its output.

    Args:
        launch: reads what is to be debugged.
    """
    incoming = os.fdopen(os.dup(0), "rb")  # which can't be closed while somebody waits for more
    with _closed_behind(os.fdopen(os.dup(1), "wb")) as outgoing:
        os.dup2(2, 1)  # what is printed by others is no message
        sys.stdout = sys.stderr
        converse(incoming, outgoing, launch)


def serve_port(port: int, launch: Launch, listening: Callable[[int], None]) -> None:
    """Serve clients one after the other, until this process is ended.

    Args:
        port: where; 0 for any that is free.
        launch: reads what is to be debugged.
        listening: is told the port, once clients can come.

    Raises:
        OptionError: if the port can't be had.
    """
    if not 0 <= port <= _LAST_PORT:
        raise OptionError("port", f"must be from 0 to {_LAST_PORT}, not {port}")
    try:
        server = socket.create_server((_LOOPBACK, port))
    except OSError as error:
        raise OptionError("port", f"{port} can't be had: {error.strerror}") from None
    with server:
        listening(server.getsockname()[1])
        while True:
            connection, _ = server.accept()
            with connection, connection.makefile("rb") as incoming:
                _serve(connection, incoming, launch)


def _serve(connection: socket.socket, incoming: BinaryIO, launch: Launch) -> None:
    """Serve one client; whatever happens, nobody waits for more of it afterwards."""
    try:
        with suppress(OSError), _closed_behind(connection.makefile("wb")) as outgoing:
            # Answers are small, and go at once: else each waits for the one before to be received.
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            converse(incoming, outgoing, launch)
    finally:
        with suppress(OSError):
            connection.shutdown(socket.SHUT_RDWR)


@contextmanager
def _closed_behind(outgoing: BinaryIO) -> Iterator[BinaryIO]:
    """Close a stream afterwards; a client that has gone doesn't take what is left in it."""
    try:
        yield outgoing
    finally:
        with suppress(OSError):
            outgoing.close()
