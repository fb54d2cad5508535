"""The graph in the making: steps of one NPU, each after earlier ones.

What a step waits for is a tuple of positions, so that a collective which isn't there can be stood
in for by what it would have waited for: a strategy then needs no case for it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

from simastra.errors import OptionError
from simastra.names import unknown_name
from simastra.trace import CollectiveType
from simastra.units import Bytes

from .involved import Dims
from .options import TextOptions, TimeUnit
from .text_error import TextError
from .workload import Exchange, Layer, Phase, Place

After: TypeAlias = tuple[int, ...]
"""Positions of the steps that are waited for."""

NONE = "NONE"
"""The word for no collective."""

COLLECTIVES = {
    "ALLREDUCE": CollectiveType.ALL_REDUCE,
    "ALLTOALL": CollectiveType.ALL_TO_ALL,
    "ALLGATHER": CollectiveType.ALL_GATHER,
    "REDUCESCATTER": CollectiveType.REDUCE_SCATTER,
}
"""Collectives by their word in the file."""

_NS_PER_MICROSECOND = 1000

MOST_STEPS = 4_000_000
"""How many nodes an NPU may have: more than any machine simulates, fewer than fill its memory."""


@dataclass(frozen=True, slots=True)
class Collective:
    """What a step communicates.

    Attributes:
        type: the collective.
        size: its bytes.
        dims: the network dimensions that take part.
    """

    type: CollectiveType
    size: Bytes
    dims: Dims


@dataclass(frozen=True, slots=True)
class Step:
    """A node that isn't numbered yet.

    Attributes:
        name: the node's name.
        micros: a computation's duration, in microseconds.
        collective: what is communicated; None for a computation.
        after: positions of the steps that it waits for, each once.
    """

    name: str
    micros: int
    collective: Collective | None
    after: After


class Sketch:
    """The steps of one NPU so far, and what has been left out of them.

    Args:
        options: how to convert.
        source: the file's name, for messages.
    """

    def __init__(self, options: TextOptions, source: str) -> None:
        self.options = options
        self.steps: list[Step] = []
        self.issued: set[Place] = set()
        """Where the collectives stand that have a step."""
        self.among_nobody: dict[Place, str] = {}
        """Where collectives stand that involve no dimension, and what they are."""
        self.rounded = 0
        """How many computations have lost part of a microsecond, or gained one."""
        self.lost_ns = 0
        """The sum of what they have lost, in nanoseconds; negative if they gained."""
        self._source = source

    def expect(self, steps: int) -> None:
        """Say that at least so many steps are coming, to fail before they are all made.

        Raises:
            OptionError: there are too many.
        """
        if steps > MOST_STEPS:
            raise OptionError(
                "passes",
                f"{self.options.passes} makes more than {MOST_STEPS} nodes for each NPU; "
                "fewer are wanted",
            )

    def compute(self, layer: Layer, kind: str, phase: Phase, after: After) -> After:
        """Add one of a layer's computations; `kind` is what its name ends with."""
        name = f"COMP_NODE_{layer.name}_{kind}"
        return self._add(Step(name, self._micros(phase.time), None, _each_once(after)))

    def exchange(
        self, layer: Layer, exchange: Exchange, dims: Dims, after: After, suffix: str = ""
    ) -> After:
        """Add a layer's collective; `suffix` tells it apart from others of that layer.

        Returns:
            what to wait for: the collective, or `after` where there is none to be simulated.

        Raises:
            OptionError: there are too many steps already, as from `compute`.
        """
        if self.options.dialect.as_meant:
            if is_silent(exchange):
                return after
            if not any(dims):
                self.among_nobody[exchange.place] = f"{layer.name} {exchange.word}"
                return after
        self.issued.add(exchange.place)
        name = f"COMM_COLL_NODE_{layer.name}{suffix}_{exchange.word}"
        collective = Collective(self._type(exchange), exchange.size, dims)
        return self._add(Step(name, 0, collective, _each_once(after)))

    def _add(self, step: Step) -> After:
        self.expect(len(self.steps) + 1)
        self.steps.append(step)
        return (len(self.steps) - 1,)

    def _micros(self, time: int) -> int:
        if self.options.time_unit == TimeUnit.US:
            return time
        # A trace file holds whole microseconds, so the nearest stands for it; halves go up.
        micros = (time + _NS_PER_MICROSECOND // 2) // _NS_PER_MICROSECOND
        lost = time - micros * _NS_PER_MICROSECOND
        self.rounded += lost != 0
        self.lost_ns += lost
        return micros

    def _type(self, exchange: Exchange) -> CollectiveType:
        if self.options.dialect.as_meant:
            return collective_named(exchange, self._source)
        # Chakra's converter takes any other word, NONE among them, for comm_type 0.
        return COLLECTIVES.get(exchange.word, CollectiveType.ALL_REDUCE)


def is_silent(exchange: Exchange) -> bool:
    """Whether nothing is communicated."""
    return exchange.word == NONE or not exchange.size


def collective_named(exchange: Exchange, source: str) -> CollectiveType:
    """Return the collective that is named, which is not NONE.

    Raises:
        TextError: there is none of that name.
    """
    if exchange.word not in COLLECTIVES:
        raise TextError(
            unknown_name("collective", exchange.word[:60], [*COLLECTIVES, NONE]),
            source=source,
            line=exchange.place.line,
            column=exchange.place.column,
        )
    return COLLECTIVES[exchange.word]


def _each_once(positions: Iterable[int]) -> After:
    return tuple(dict.fromkeys(positions))
