"""Which network dimensions take part in a strategy's collectives."""

from dataclasses import dataclass
from itertools import accumulate
from operator import mul
from typing import TypeAlias

from .options import TextOptions
from .workload import Strategy

Dims: TypeAlias = tuple[bool, ...]
"""For each network dimension, innermost first, whether it takes part."""


@dataclass(frozen=True, slots=True)
class Involved:
    """The dimensions of a layer's collectives.

    Attributes:
        model: of those that follow the forward pass and the input gradient.
        data: of that which follows the weight gradient.
    """

    model: Dims
    data: Dims


def by_strategy(strategy: Strategy, dims: int) -> Involved:
    """Return what takes part under any strategy but the transformers'.

    (docs/chakra.md 2.2, the brackets in the table of graphs.)
    """
    everything, nothing = (True,) * dims, (False,) * dims
    first = (True,) + (False,) * (dims - 1)
    others = (False,) + (True,) * (dims - 1)
    match strategy:
        case Strategy.HYBRID_DATA_MODEL:
            return Involved(model=first, data=others)
        case Strategy.HYBRID_MODEL_DATA:
            return Involved(model=others, data=first)
        case Strategy.MODEL | Strategy.DISTRIBUTED_INFERENCE:
            return Involved(model=everything, data=nothing)
        case Strategy.HYBRID_DLRM | Strategy.HYBRID_DLRM_ENHANCED:
            return Involved(model=everything, data=everything)
        case _:
            return Involved(model=nothing, data=everything)


def by_group(npus: int, options: TextOptions) -> Involved:
    """Return what takes part where `npus` NPUs share one copy of the model.

    The first dimensions that together have so many NPUs are the model's, the rest the data's.
    """
    model = dims_of_group(npus, options)
    rest = options.dims - model
    return Involved(model=(True,) * model + (False,) * rest, data=(False,) * model + (True,) * rest)


def dims_of_group(npus: int, options: TextOptions) -> int:
    """How many dimensions, from the innermost, a group of `npus` NPUs spans.

    Where the sizes of several dimensions aren't known, the first is taken for one group, unless
    the group is everybody.
    """
    if npus == 1:
        return 0
    sizes = known_sizes(options)
    if sizes is None:
        return options.dims if npus >= options.npus else 1
    reached = accumulate(sizes, mul)
    return next((index for index, size in enumerate(reached, 1) if size >= npus), len(sizes))


def known_sizes(options: TextOptions) -> tuple[int, ...] | None:
    """NPUs of each dimension, or None if only the number of dimensions is known."""
    if options.npus_count is None and options.dims == 1:
        return (options.npus,)
    return options.npus_count
