"""Snapshots of a run: copies from which it goes on, so that going back needn't begin at the start.

What a run changes is pickled, and what it never changes (the experiment, its nodes, what is decoded
from them) is shared by reference. A process is a generator, which no pickle takes; but each waits
at the same line of its walk, so that a new one goes on from there. A snapshot is taken between two
nanoseconds, where no tick is half run.
"""

from __future__ import annotations

import io
import pickle
from bisect import bisect_left
from collections.abc import Iterable
from functools import cache
from itertools import count
from operator import attrgetter
from types import GeneratorType, MethodType, NoneType
from typing import TYPE_CHECKING, Any

from simpy import Process
from simpy.events import PENDING

from simastra.collectives import Algorithm, Phase
from simastra.config import NetworkConfig, SystemConfig
from simastra.engine import Appended
from simastra.network.topology import Topology
from simastra.simulation.experiment import Experiment
from simastra.simulation.platform import Platform
from simastra.system import Collective
from simastra.trace import DependencyGraph, Node
from simastra.units import Ns
from simastra.workload import NpuProcess, Program

if TYPE_CHECKING:
    from .state import State

_SHARED = (
    Experiment,
    Platform,
    Program,
    DependencyGraph,
    Node,
    Topology,
    Algorithm,
    Collective,
    Phase,
    SystemConfig,
    NetworkConfig,
)
"""What no run changes, but for what it remembers there."""

_PLAIN = frozenset({int, float, bool, str, NoneType})
"""Most of what there is; none of it is shared."""

_MOST = 16  # snapshots


def events_between(npus: int) -> int:
    """How many events there are between two snapshots, so that they take a small part of the time.

    Args:
        npus: number of NPUs; each has something to be copied.
    """
    return max(10_000, 100 * npus)


class Snapshots:
    """Snapshots of one run, at most so many: where there are more, every other one is dropped.

    Args:
        every: events between two of them, at least and at first.
        possible: whether any can be taken.
    """

    def __init__(self, every: int, *, possible: bool) -> None:
        self._every = every
        self._possible = possible
        self._taken: list[_Snapshot] = []

    def look_at(self, state: State) -> None:
        """Take a snapshot if it is time for one, and if one can be taken here."""
        last = self._taken[-1].position if self._taken else 0
        if state.position - last < self._every or not self._possible or not state.is_between_ticks:
            return
        try:
            self._taken.append(_Snapshot(state))
        except Exception:  # a part of somebody's own, which says no in its own way
            self._possible = False
        if len(self._taken) > _MOST:
            self._every *= 2
            del self._taken[::2]

    def before(self, position: int) -> State | None:
        """The state of the last snapshot before a position, made anew; None if there is none."""
        return self._last(bisect_left(self._taken, position, key=attrgetter("position")))

    def before_time(self, time: Ns) -> State | None:
        """The same of the last one before a time."""
        return self._last(bisect_left(self._taken, time, key=attrgetter("time")))

    def _last(self, index: int) -> State | None:
        return self._taken[index - 1].state() if index else None


class _Snapshot:
    """A state at one position, from which any number of equal ones can be made.

    Args:
        state: it.

    Attributes:
        position: its position.
        time: of the last event, in ns.
    """

    def __init__(self, state: State) -> None:
        self.position, self.time = state.position, state.now
        file = io.BytesIO()
        experiment = state.run.experiment
        prices = experiment.platform.prices
        pickler = _Pickler(file, experiment.programs, [] if prices is None else [prices])
        pickler.dump(state)
        pickler.dump(pickler.walks)
        self._data = file.getvalue()
        self._shared = pickler.shared

    def state(self) -> State:
        """A state that goes on by itself."""
        unpickler = _Unpickler(io.BytesIO(self._data), self._shared)
        state: State = unpickler.load()
        for process, walker in unpickler.load():
            process._generator = walker.walk(is_resumed=True)
            next(process._generator)
        return state


class _Pickler(pickle.Pickler):
    """Copies what a run changes.

    Attributes:
        shared: all else that it has met.
        walks: the processes, and what walks in each.
    """

    def __init__(
        self, file: io.BytesIO, programs: Iterable[Program], shared: Iterable[object] = ()
    ) -> None:
        super().__init__(file, protocol=5)
        self.shared: list[Any] = []
        self.walks: list[tuple[Process, NpuProcess]] = []
        self._numbers: dict[int, int] = {}
        self._never_changed = {id(PENDING), *(id(it.with_objects.resources) for it in programs)}
        self._never_changed |= {id(it) for it in shared}

    def persistent_id(self, obj: Any) -> tuple[int, int | None] | None:
        """The number of what is shared; of a list that only grows, up to where that is."""
        kind: type = type(obj)
        if kind in _PLAIN:
            return None
        if kind is Appended:
            return self._number(obj), len(obj)
        if id(obj) in self._never_changed or _is_shared(kind):
            return self._number(obj), None
        return None

    def _number(self, obj: Any) -> int:
        number = self._numbers.get(id(obj))
        if number is None:
            number = self._numbers[id(obj)] = len(self.shared)
            self.shared.append(obj)
        return number

    def reducer_override(self, obj: Any) -> Any:
        """How what pickle doesn't know is made anew."""
        match obj:
            case MethodType():  # by its name it might be another one, as a super().send is
                return _bound, (obj.__func__, obj.__self__)
            case Process():
                self.walks.append((obj, _walker(obj)))
            case GeneratorType():
                return int, ()  # a new one takes its place
            case count():  # pickle has forgotten how in Python 3.14
                return count, (int(repr(obj).removeprefix("count(").removesuffix(")")),)
            case _:
                pass
        return NotImplemented


class _Unpickler(pickle.Unpickler):
    def __init__(self, file: io.BytesIO, shared: list[Any]) -> None:
        super().__init__(file)
        self._shared = shared

    def persistent_load(self, pid: tuple[int, int | None]) -> Any:
        number, length = pid
        known = self._shared[number]
        return known if length is None else Appended(known[:length])


@cache
def _is_shared(kind: type) -> bool:
    return issubclass(kind, _SHARED)


def _bound(function: Any, owner: object) -> MethodType:
    return MethodType(function, owner)


def _walker(process: Process) -> NpuProcess:
    """What walks in a process.

    Raises:
        TypeError: another process than those of the NPUs, which nobody could make anew.
    """
    generator = process._generator
    frame = generator.gi_frame if isinstance(generator, GeneratorType) else None
    walker = frame and frame.f_locals.get("self")
    if not isinstance(walker, NpuProcess):
        raise TypeError("a process of one's own")
    return walker
