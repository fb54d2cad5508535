"""Processes of this machine, of which any may be killed: what it was at is given to another."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from multiprocessing.connection import Connection, wait
from typing import Any, final

from simastra.cores import cores
from simastra.errors import InputError
from simastra.piped_process import PipedProcess, answer
from simastra.sweep.dataset import Row
from simastra.sweep.points import PointRunner, lost_row
from simastra.sweep.pruning import Front
from simastra.sweep.study import Study

from .engine import Engine, EngineSettings
from .slices import LARGEST, Numbers, slices

_AHEAD = 4
"""Slices for each worker that are begun, or held, before the first of them is done."""

_MOST_LOSSES = 3
"""So many workers in a row may end with a point, before it is taken to be what ends them."""


@dataclass(slots=True)
class _Slice:
    """Points that one worker gets; of which round of the engine, and how many ended with it."""

    numbers: Numbers
    of: _Round
    losses: int = 0


@dataclass(slots=True)
class _Round:
    """What `Processes.rows` was asked for.

    Attributes:
        fresh: slices that nobody has had yet.
        front: as of `Engine.rows`.
        again: slices whose worker has ended.
        order: numbers that are begun, in their order.
        done: rows that wait for those before them.
    """

    fresh: Iterator[Numbers]
    front: Front | None
    again: deque[_Slice] = field(default_factory=deque)
    order: deque[int] = field(default_factory=deque)
    done: dict[int, Row] = field(default_factory=dict)

    def next_slice(self, most: int) -> _Slice | None:
        """What a worker may be given: None if there is nothing, or enough has been begun."""
        if self.again:
            return self.again.popleft()
        if len(self.order) >= most:
            return None
        numbers = next(self.fresh, None)
        if numbers is None:
            return None
        self.order.extend(numbers)
        return _Slice(numbers, self)

    def rows(self) -> Iterator[Row]:
        """Rows whose turn it is."""
        while self.order and self.order[0] in self.done:
            yield self.done.pop(self.order.popleft())


class _Worker:
    """A process that makes rows.

    Args:
        study: of which.
    """

    def __init__(self, study: Study) -> None:
        self.process = PipedProcess(_work, study)
        self.given: _Slice | None = None
        self.is_ready = False

    def give(self, given: _Slice) -> None:
        """Give it something to do."""
        self.given = given
        self.process.send((given.numbers, given.of.front))


def _work(connection: Connection[Any, Any], study: Study) -> None:
    """What a worker does: it says that it is there, then makes the rows of slices."""
    runner = PointRunner(study)
    connection.send(None)
    answer(connection, partial(_rows_of, runner))


def _rows_of(runner: PointRunner, given: tuple[Numbers, Front | None]) -> list[Row]:
    numbers, front = given
    return [runner.row(it, front) for it in numbers]


@final
class Processes(Engine):
    """Runs points in processes of their own."""

    summary = "in processes of this machine"
    takes = ("workers",)

    def __init__(self, study: Study, settings: EngineSettings) -> None:
        super().__init__(study, settings)
        self._failed_starts = 0
        self._workers = [_Worker(study) for _ in range(settings.workers or cores())]

    def rows(self, numbers: Iterable[int], front: Front | None = None) -> Iterator[Row]:
        """As of `Engine`."""
        asked = _Round(slices(numbers), front)
        most = len(self._workers) * _AHEAD * LARGEST
        while True:
            for worker in self._workers:
                if worker.is_ready and worker.given is None:
                    given = asked.next_slice(most)
                    if given is not None:
                        worker.give(given)
            if not asked.order and any(it.is_ready for it in self._workers):
                return
            self._wait()
            yield from asked.rows()

    def close(self) -> None:
        """As of `Engine`."""
        for worker in self._workers:
            worker.process.end()
        self._workers = []

    def _wait(self) -> None:
        """Wait until workers have something to say, or end; hear them."""
        by_sign: dict[Any, int] = {}
        for which, worker in enumerate(self._workers):
            by_sign[worker.process.connection] = by_sign[worker.process.sentinel] = which
        for which in {by_sign[it] for it in wait([*by_sign])}:
            self._hear(which)

    def _hear(self, which: int) -> None:
        worker = self._workers[which]
        try:
            if worker.process.connection.poll():
                _take(worker, worker.process.connection.recv())
                self._failed_starts = 0
                return
        except (EOFError, OSError):
            pass  # it ended in the middle of a word
        self._replace(which)

    def _replace(self, which: int) -> None:
        """Take another in the place of a worker that has ended, and keep what it was at."""
        worker = self._workers[which]
        worker.process.end()
        if not worker.is_ready:
            self._failed_starts += 1
        if self._failed_starts >= _MOST_LOSSES:
            raise InputError(
                "engine processes: worker processes end before they begin; in a script, start the "
                "sweep under 'if __name__ == \"__main__\":'"
            )
        if worker.given is not None:
            self._lose(worker.given)
        self._workers[which] = _Worker(self._study)

    def _lose(self, lost: _Slice) -> None:
        """Have the points of a slice done again: one by one, so that the guilty one is found."""
        asked, losses = lost.of, lost.losses + 1
        if losses < _MOST_LOSSES:
            asked.again.extend(_Slice((it,), asked, losses) for it in lost.numbers)
        else:
            asked.done.update((it, lost_row(self._study, it)) for it in lost.numbers)


def _take(worker: _Worker, said: list[Row] | None) -> None:
    """Take what a worker says: that it is there, or rows."""
    given, worker.given = worker.given, None
    worker.is_ready = True
    if given is not None and said is not None:
        given.of.done.update(zip(given.numbers, said, strict=True))
