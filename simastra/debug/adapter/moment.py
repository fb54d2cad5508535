"""What a client can ask about while the simulation stays where it is: frames, values, targets.

The numbers by which it asks are never given out again, so that one of before is told apart.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from itertools import count
from typing import Generic, TypeVar

from simastra.debug.journal import Flight
from simastra.debug.state import State
from simastra.units import NpuId

from .messages import RequestError
from .stack import StackFrame, stack
from .values import Variables

T = TypeVar("T")


class Numbered(Generic[T]):
    """Things that are referred to by numbers.

    Args:
        what: what they are, for messages.
        numbers: gives out the numbers.
    """

    def __init__(self, what: str, numbers: Iterator[int]) -> None:
        self._what = what
        self._numbers = numbers
        self._things: dict[int, T] = {}

    def add(self, thing: T) -> int:
        """Its number."""
        number = next(self._numbers)
        self._things[number] = thing
        return number

    def __getitem__(self, number: int) -> T:
        """What has a number.

        Raises:
            RequestError: if nothing has, since the last move.
        """
        if number not in self._things:
            raise RequestError(f"{number} is no {self._what} of this stop; ask for new ones")
        return self._things[number]


class Moments:
    """Makes a moment for each stop, all numbers of which differ."""

    def __init__(self) -> None:
        self._numbers = count(1)

    def at(self, state: State) -> Moment:
        """One for a state."""
        return Moment(state, self._numbers)


class Moment:
    """A stop.

    Args:
        state: the simulation there.
        numbers: gives out numbers.

    Attributes:
        frames: by their numbers.
        values: looks into what can be unfolded, by its number.
        targets: what can be gone to, by its number.
    """

    def __init__(self, state: State, numbers: Iterator[int]) -> None:
        self._state = state
        self.frames: Numbered[StackFrame] = Numbered("frame", numbers)
        self.values: Numbered[Callable[[], Variables]] = Numbered("variable", numbers)
        self.targets: Numbered[tuple[NpuId, int]] = Numbered("target", numbers)
        self._stacks: dict[NpuId, list[tuple[int, StackFrame]]] = {}

    def stack(self, npu: NpuId) -> Sequence[tuple[int, StackFrame]]:
        """The frames of an NPU, the innermost first, by their numbers.

        Raises:
            CommandError: if there is no such NPU.
        """
        if npu not in self._stacks:
            frames = stack(self._state, npu, self._flights.get(npu, ()))
            self._stacks[npu] = [(self.frames.add(frame), frame) for frame in frames]
        return self._stacks[npu]

    @cached_property
    def _flights(self) -> dict[NpuId, list[Flight]]:
        """Messages on their way, by each of their ends; found once for all NPUs."""
        found: defaultdict[NpuId, list[Flight]] = defaultdict(list)
        for flight in self._state.in_flight:
            found[flight.src].append(flight)
            if flight.dst != flight.src:
                found[flight.dst].append(flight)
        return dict(found)
