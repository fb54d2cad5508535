"""Progress bars on stderr, for a terminal. Imports rich: import this only where one is shown."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TaskProgressColumn,
    TextColumn,
    TimeElapsedColumn,
)
from rich.text import Text

from simastra.engine import NodeFinished, NpuFinished, Probe
from simastra.simulation.compiled import installed
from simastra.trace import Trace
from simastra.units import Bytes, Ns
from simastra.view.human import human_time

from .output import stdout_is_terminal

_SECONDS_BETWEEN_UPDATES = 0.1


class LoadingBar:
    """Shows how much of large trace files has been read; gone without a trace at the end.

    It comes when loading first tells how far it is, which it doesn't of small files.
    """

    def __init__(self) -> None:
        self._progress = progress_bar(DownloadColumn())
        self._task = self._progress.add_task("loading", total=None)

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
    """Shows how many ET nodes of all NPUs have finished, and the simulated time.

    It is gone without a trace at the end. Where stdout is the terminal too, the bar steps aside for
    each finish line.
    """

    may_miss_events = True  # a shortcut is over before anybody looks

    def __init__(self) -> None:
        self._progress = progress_bar(MofNCompleteColumn(), TextColumn("nodes{task.fields[at]}"))
        self._task = self._progress.add_task("", total=None, at="")
        self._shares_terminal = stdout_is_terminal()
        self._next_update = 0.0
        self._sizes: list[int] = []
        self._finished: list[int] = []

    @contextmanager
    def shown(self, trace: Trace, doing: str = "simulating") -> Iterator[None]:
        """Show the bar while a simulation of `trace` runs; again, for another one."""
        self._sizes = [len(nodes) for nodes in trace.npus]
        self._finished = [0] * len(self._sizes)
        self._progress.reset(self._task, total=sum(self._sizes), description=doing, at="")
        self._progress.start()
        try:
            yield
        finally:
            self._progress.stop()

    def on_node_finished(self, event: NodeFinished) -> None:
        """Count the node."""
        self._finished[event.npu] += 1
        self._update_now_and_then(event.time)

    def on_npu_finished(self, event: NpuFinished) -> None:
        """Count the nodes that no record tells of, since they take no time; make room."""
        self._finished[event.npu] = self._sizes[event.npu]
        if self._shares_terminal:
            self._progress.stop()

    def _update_now_and_then(self, at: Ns) -> None:
        now = time.monotonic()
        if now < self._next_update:
            return
        self._next_update = now + _SECONDS_BETWEEN_UPDATES
        done = sum(self._finished)
        self._progress.update(self._task, completed=done, at=f", at {human_time(at)}")
        self._progress.start()  # again, if it made room for a finish line


def progress_bar(*columns: ProgressColumn) -> Progress:
    """A bar of rich on stderr: what is being done, how far it is, and when it will end.

    Args:
        columns: further ones, between these.
    """
    return Progress(
        _Doing(),
        BarColumn(None),
        TaskProgressColumn(),
        *columns,
        TimeElapsedColumn(),
        _TimeLeft(),
        console=Console(stderr=True),
        transient=True,
        expand=True,  # on a narrow terminal it is the bar that is short
        redirect_stdout=False,  # what is for stdout would come out on stderr
        redirect_stderr=False,
    )


class _Doing(ProgressColumn):
    """What is being done; that is compiling, as long as a simulation waits for its loop."""

    def render(self, task: Task) -> Text:
        """The words."""
        waits = installed.COMPILATION.is_under_way
        return Text("compiling, once" if waits else task.description)


class _TimeLeft(ProgressColumn):
    """How long it will still take, at the pace of the last half minute; empty if nobody knows."""

    max_refresh = 0.5  # seconds; lest numbers flicker

    def render(self, task: Task) -> Text:
        """The words."""
        left = None if task.finished else task.time_remaining
        return Text("" if left is None else f"{rough_duration(left)} left", style="cyan")


def rough_duration(seconds: float) -> str:
    """A duration as one estimates it.

    >>> rough_duration(0.2), rough_duration(59.9), rough_duration(61), rough_duration(7500)
    ('1 s', '60 s', '2 min', '3 h')
    """
    for unit, name in ((3600, "h"), (60, "min")):
        if seconds > unit:
            return f"{math.ceil(seconds / unit)} {name}"
    return f"{max(math.ceil(seconds), 1)} s"
