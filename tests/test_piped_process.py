"""Processes at the end of a pipe: they answer, outlive Ctrl-C, and may end at any time."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from multiprocessing.connection import Connection, wait
from typing import Any

import pytest

from simastra.piped_process import PipedProcess, answer


def serve(connection: Connection[Any, Any], summand: int) -> None:
    """Say which process this is, then add to numbers; end with none."""
    connection.send(os.getpid())
    answer(connection, partial(add, summand))


def add(summand: int, number: int | None) -> int:
    if number is None:
        os._exit(3)
    return summand + number


@contextmanager
def adding(summand: int) -> Iterator[PipedProcess]:
    process = PipedProcess(serve, summand)
    try:
        yield process
    finally:
        process.end()


def test_a_process_answers_each_task_also_after_ctrl_c() -> None:
    with adding(40) as process:
        os.kill(process.connection.recv(), signal.SIGINT)
        for number in (1, 2):
            process.send(number)
            assert process.connection.recv() == 40 + number


def test_that_a_process_has_ended_is_found_out_where_its_answer_is_awaited() -> None:
    with adding(40) as process:
        process.connection.recv()
        process.send(None)
        assert wait([process.sentinel])
        process.send(1)
        process.send(2)
        with pytest.raises((EOFError, OSError)):
            process.connection.recv()


def test_a_process_that_is_ended_is_gone() -> None:
    with adding(40) as process:
        number = process.connection.recv()
    with pytest.raises(ProcessLookupError):
        os.kill(number, 0)


def test_a_process_ends_quietly_when_nobody_sends_any_more(
    capfd: pytest.CaptureFixture[str],
) -> None:
    with adding(40) as process:
        process.connection.recv()
        process.connection.close()
        assert wait([process.sentinel])
    assert capfd.readouterr().err == ""
