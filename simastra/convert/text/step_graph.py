"""The graph in the making: steps of one NPU, each after earlier ones.

What a step waits for is a tuple of positions, so that a collective which isn't there can be stood
in for by what it would have waited for: a strategy then needs no case for it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

from simastra.errors import OptionError
from simastra.suggestions import unknown_name
from simastra.trace import CollectiveType
from simastra.units import Bytes, micros_to_ns, ns_to_whole_micros

from .involved import Dims
from .layout import GroupLayout, WorkloadAxis
from .options import TextOptions, TimeUnit
from .text_error import TextError
from .workload import Layer, LayerExchange, LayerPass, LayerSlot

After: TypeAlias = tuple[int, ...]
"""Positions of the steps that are waited for."""

NONE = "NONE"
"""The word for no collective."""

BROADCAST = "BROADCAST"
"""AICB's word for a collective that no simulator of texts has; it is left out."""

COLLECTIVES = {
    "ALLREDUCE": CollectiveType.ALL_REDUCE,
    "ALLTOALL": CollectiveType.ALL_TO_ALL,
    "ALLGATHER": CollectiveType.ALL_GATHER,
    "REDUCESCATTER": CollectiveType.REDUCE_SCATTER,
}
"""Collectives by their word in the file."""


MOST_STEPS = 4_000_000
"""How many nodes an NPU may have: more than any machine simulates, fewer than fill its memory."""


@dataclass(frozen=True, slots=True)
class LayerCollective:
    """What a step communicates.

    Attributes:
        type: the collective.
        size: its bytes.
        dims: the network dimensions that take part.
        axis: whose process groups, in SimAI's form.
    """

    type: CollectiveType
    size: Bytes
    dims: Dims
    axis: WorkloadAxis | None = None


@dataclass(frozen=True, slots=True)
class LayerStep:
    """A node that isn't numbered yet.

    Attributes:
        name: the node's name.
        micros: a computation's duration, in microseconds.
        collective: what is communicated; None for a computation.
        after: positions of the steps that it waits for, each once.
    """

    name: str
    micros: int
    collective: LayerCollective | None
    after: After


class StepGraph:
    """The steps of one NPU so far, and what has been left out of them.

    Args:
        options: how to convert.
        source: the file's name, for messages.
        layout: process groups, of a text in SimAI's form.
    """

    def __init__(
        self, options: TextOptions, source: str, layout: GroupLayout | None = None
    ) -> None:
        self.options = options
        self.layout = layout
        self.steps: list[LayerStep] = []
        self.issued: set[LayerSlot] = set()
        """Where the collectives stand that have a step."""
        self.among_nobody: dict[LayerSlot, str] = {}
        """Where collectives stand that involve no dimension, and what they are."""
        self.across_dimensions: set[WorkloadAxis] = set()
        """Axes whose groups are no whole dimensions of the network."""
        self.rounded = 0
        """How many computations have lost part of a microsecond, or gained one."""
        self.lost_ns = 0
        """The sum of what they have lost, in nanoseconds; negative if they gained."""
        self._source = source

    @property
    def unit(self) -> TimeUnit:
        """What a time in the file counts: nanoseconds in SimAI's form, unless it is said."""
        if self.options.time_unit is not None:
            return self.options.time_unit
        return TimeUnit.US if self.layout is None else TimeUnit.NS

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

    def compute(self, layer: Layer, kind: str, phase: LayerPass, after: After) -> After:
        """Add one of a layer's computations; `kind` is what its name ends with."""
        name = f"COMP_NODE_{layer.name}_{kind}"
        return self._add(LayerStep(name, self._micros(phase.time), None, _each_once(after)))

    def exchange(
        self,
        layer: Layer,
        exchange: LayerExchange,
        dims: Dims,
        after: After,
        suffix: str = "",
        *,
        axis: WorkloadAxis = WorkloadAxis.TP,
    ) -> After:
        """Add a layer's collective; `suffix` tells it apart from others of that layer.

        `axis` is that of a collective that names none, in SimAI's form.

        Returns:
            what to wait for: the collective, or `after` where there is none to be simulated.

        Raises:
            OptionError: there are too many steps already, as from `compute`.
        """
        if self.options.dialect.as_meant:
            if is_silent(exchange) or exchange.word == BROADCAST:
                return after
            if self.layout is not None:
                return self._exchange_in_groups(layer, exchange, after, self.layout, axis)
            if not any(dims):
                self.among_nobody[exchange.place] = f"{layer.name} {exchange.word}"
                return after
        self.issued.add(exchange.place)
        name = f"COMM_COLL_NODE_{layer.name}{suffix}_{exchange.word}"
        collective = LayerCollective(self._type(exchange), exchange.size, dims)
        return self._add(LayerStep(name, 0, collective, _each_once(after)))

    def _exchange_in_groups(
        self,
        layer: Layer,
        exchange: LayerExchange,
        after: After,
        layout: GroupLayout,
        axis: WorkloadAxis,
    ) -> After:
        type_ = self._type(exchange)
        axis = _axis_named(exchange.word) or axis
        self.issued.add(exchange.place)
        if layout.size(axis) == 1:  # as with tensors that aren't divided: nobody to talk to
            return after
        dims = layout.dims(axis, self.options)
        if dims is None:
            dims = (True,) * self.options.dims
            self.across_dimensions.add(axis)
        size = layout.share(type_, exchange.size, axis)
        name = f"COMM_COLL_NODE_{layer.name}_{exchange.word}"
        return self._add(
            LayerStep(name, 0, LayerCollective(type_, size, dims, axis), _each_once(after))
        )

    def _add(self, step: LayerStep) -> After:
        self.expect(len(self.steps) + 1)
        self.steps.append(step)
        return (len(self.steps) - 1,)

    def _micros(self, time: int) -> int:
        if self.unit is TimeUnit.US:
            return time
        # A trace file holds whole microseconds, so the nearest stands for it; halves go up.
        micros = ns_to_whole_micros(time)
        lost = time - micros_to_ns(micros)
        self.rounded += lost != 0
        self.lost_ns += lost
        return micros

    def _type(self, exchange: LayerExchange) -> CollectiveType:
        if self.options.dialect.as_meant:
            return collective_named(exchange, self._source, in_groups=self.layout is not None)
        # Chakra's converter takes any other word, NONE among them, for comm_type 0.
        return COLLECTIVES.get(exchange.word, CollectiveType.ALL_REDUCE)


def is_silent(exchange: LayerExchange) -> bool:
    """Whether nothing is communicated."""
    return exchange.word == NONE or not exchange.size


def collective_named(exchange: LayerExchange, source: str, *, in_groups: bool) -> CollectiveType:
    """Return the collective that is named, which is not NONE.

    Args:
        exchange: names it.
        source: the file's name, for messages.
        in_groups: whether the name may end with that of a process group, as in SimAI's form.

    Raises:
        TextError: there is none of that name.
    """
    axis = _axis_named(exchange.word)
    word = exchange.word if axis is None else exchange.word.removesuffix(f"_{axis}")
    if word not in COLLECTIVES or (axis is not None and not in_groups):
        problem = unknown_name("collective", exchange.word[:60], [*COLLECTIVES, NONE])
        if word in COLLECTIVES:
            problem = (
                f"{exchange.word} is a collective in SimAI's form, whose first line says how NPUs "
                "are divided, as in: ep: 2 pp: 1 all_gpus: 8"
            )
        raise TextError(
            problem, source=source, line=exchange.place.line, column=exchange.place.column
        )
    return COLLECTIVES[word]


def _axis_named(word: str) -> WorkloadAxis | None:
    """The process groups that a collective's name ends with."""
    return next(
        (axis for axis in (WorkloadAxis.DP_EP, WorkloadAxis.EP) if word.endswith(f"_{axis}")), None
    )


def _each_once(positions: Iterable[int]) -> After:
    return tuple(dict.fromkeys(positions))
