"""Tasks in processes of this machine, their results in the tasks' order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from functools import partial
from multiprocessing.connection import Connection, wait
from typing import Any, Generic, TypeVar

from simastra.errors import InputError, SimastraError
from simastra.piped_process import PipedProcess, answer

_Task = TypeVar("_Task")
_Result = TypeVar("_Result")


def in_processes(
    work: Callable[[_Task], _Result], tasks: Sequence[_Task], workers: int
) -> Iterator[_Result]:
    """Yield what `work` makes of each task, in the tasks' order.

    Args:
        work: a function of a module, as it is sent to the processes.
        tasks: what it is called with; they and the results are sent, too.
        workers: how many processes; with one, all is done in this one.

    Raises:
        SimastraError: the first task, in their order, for which `work` raises one.
        InputError: a process ended before its task was done.
    """
    if min(workers, len(tasks)) <= 1:
        yield from map(work, tasks)
        return
    with closing(_Pool(work, min(workers, len(tasks)))) as pool:
        yield from pool.results(tasks)


class _Worker(Generic[_Task, _Result]):
    """A process that does one task after the other."""

    def __init__(self, work: Callable[[_Task], _Result]) -> None:
        self.process = PipedProcess(_serve, work)
        self.at: int | None = None


def _serve(connection: Connection[Any, Any], work: Callable[[Any], object]) -> None:
    answer(connection, partial(_tried, work))


def _tried(work: Callable[[Any], object], task: object) -> object:
    try:
        return work(task)
    except SimastraError as error:
        return error


class _Pool(Generic[_Task, _Result]):
    """Processes, and what they have done."""

    def __init__(self, work: Callable[[_Task], _Result], count: int) -> None:
        self._workers = [_Worker[_Task, _Result](work) for _ in range(count)]

    def close(self) -> None:
        """End them at once."""
        for worker in self._workers:
            worker.process.end()

    def results(self, tasks: Sequence[_Task]) -> Iterator[_Result]:
        """Yield the results; tasks are begun in their order, so that the first error is one's."""
        done: dict[int, _Result | SimastraError] = {}
        begun = 0
        for number in range(len(tasks)):
            while number not in done:
                failed = any(isinstance(it, SimastraError) for it in done.values())
                for worker in self._workers:
                    if worker.at is None and begun < len(tasks) and not failed:
                        self._give(worker, begun, tasks[begun])
                        begun += 1
                self._hear(done, tasks)
            result = done.pop(number)
            if isinstance(result, SimastraError):
                raise result
            yield result

    def _give(self, worker: _Worker[_Task, _Result], number: int, task: _Task) -> None:
        worker.at = number
        worker.process.send(task)

    def _hear(self, done: dict[int, _Result | SimastraError], tasks: Sequence[_Task]) -> None:
        busy = {
            worker.process.connection: worker for worker in self._workers if worker.at is not None
        }
        for connection in wait([*busy]):
            worker = busy[connection]  # type: ignore[index]  # these were given
            if worker.at is None:
                continue
            try:
                done[worker.at] = worker.process.connection.recv()
            except (EOFError, OSError):
                raise InputError(
                    f"{tasks[worker.at]}: the process that converted it ended before it was done, "
                    "perhaps for want of memory; try --workers 1. In a script, start it under "
                    "'if __name__ == \"__main__\":'"
                ) from None
            worker.at = None
