"""Progress bars on stderr, for a terminal. Imports rich: import this only where one is shown."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    TextColumn,
    TimeElapsedColumn,
)

from simastra.engine import NodeFinished, NpuFinished, Probe
from simastra.trace import Trace
from simastra.units import Bytes

from .output import stdout_is_terminal

if TYPE_CHECKING:
    pass

_SECONDS_BETWEEN_UPDATES = 0.1


class LoadingBar:
    """Shows how much of large trace files has been read; gone without a trace at the end.

    It comes when loading first tells how far it is, which it doesn't of small files.
    """

    def __init__(self) -> None:
        self._progress = _progress("loading", DownloadColumn())
        self._task = self._progress.add_task("", total=None)

    def watch(self, done: Bytes, total: Bytes) -> None:
        """Show that `done` of `total` bytes have been read."""
        self._progress.start()
        self._progress.update(self._task, completed=done, total=total)

    @contextmanager
    def shown(self) -> Iterator[None]:
        """Let the bar come meanwhile."""
        try:
            yield
        finally:
            self._progress.stop()


class ProgressBar(Probe):
    """Shows how many ET nodes of all NPUs have finished; gone without a trace at the end.

    Where stdout is the terminal too, the bar steps aside for each finish line.
    """

    may_miss_events = True  # a shortcut is over before anybody looks

    def __init__(self) -> None:
        self._progress = _progress("simulating", MofNCompleteColumn(), TextColumn("nodes"))
        self._task = self._progress.add_task("", total=None)
        self._shares_terminal = stdout_is_terminal()
        self._next_update = 0.0
        self._sizes: list[int] = []
        self._finished: list[int] = []

    @contextmanager
    def shown(self, trace: Trace) -> Iterator[None]:
        """Show the bar while a simulation of `trace` runs."""
        self._sizes = [len(nodes) for nodes in trace.npus]
        self._finished = [0] * len(self._sizes)
        self._progress.update(self._task, total=sum(self._sizes))
        self._progress.start()
        try:
            yield
        finally:
            self._progress.stop()

    def on_node_finished(self, event: NodeFinished) -> None:
        """Count the node."""
        self._finished[event.npu] += 1
        self._update_now_and_then()

    def on_npu_finished(self, event: NpuFinished) -> None:
        """Count the nodes that no record tells of, since they take no time; make room."""
        self._finished[event.npu] = self._sizes[event.npu]
        if self._shares_terminal:
            self._progress.stop()

    def _update_now_and_then(self) -> None:
        now = time.monotonic()
        if now < self._next_update:
            return
        self._next_update = now + _SECONDS_BETWEEN_UPDATES
        self._progress.update(self._task, completed=sum(self._finished))
        self._progress.start()  # again, if it made room for a finish line


def _progress(doing: str, *columns: ProgressColumn) -> Progress:
    return Progress(
        TextColumn(doing),
        BarColumn(),
        *columns,
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
        redirect_stdout=False,  # what is for stdout would come out on stderr
        redirect_stderr=False,
    )
