"""Tori, twisted tori and meshes: NPUs in a grid, linked to their neighbours."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from math import prod
from typing import Annotated, cast

from simastra.errors import OptionError
from simastra.network_graph.model import NetworkGraph, RoutingChoice

from .parameters import Bandwidth, Duration, Flag, Generator, Shape
from .parts import npu, with_npus
from .values import link, shape_of

_RATE, _LATENCY = "100GB/s", "1us"
"""Of a link of TPU v5p, as in the machine tpu-v5p; the latency is assumed there, too."""

_Place = tuple[int, ...]


def torus(
    shape: Annotated[Shape, "NPUs along each dimension, innermost first"],
    *,
    twist: Annotated[Flag, "shift the ends of the short dimensions along the long ones"] = False,
    bandwidth: Annotated[Bandwidth, "of each link, each way"] = _RATE,
    latency: Annotated[Duration, "of each link"] = _LATENCY,
) -> NetworkGraph:
    """A torus: each NPU is linked to both neighbours along each dimension, round the ends.

    Two NPUs along a dimension have one link. Messages go along one dimension after the other.
    Twisted, of a shape with two lengths, one twice the other, such as 4x4x8: who leaves at the end
    of a short dimension comes in half-way round each long one, so that ways are shorter and more
    even; messages take shortest ways in equal shares. (J. M. Camara et al., Twisted Torus
    Topologies for Enhanced Interconnection Networks, IEEE TPDS 2010; as of TPU v4,
    arXiv:2304.01433.)

    >>> from simastra.network_graph.generators import torus
    >>> torus("4x4x8", twist=True).npus
    128

    Raises:
        OptionError: if the shape is none, or one that can't be twisted, or a quantity is none.
    """
    sides = shape_of("shape", shape)
    routing = RoutingChoice("ecmp" if twist else "dimension-order")
    shift = _half(sides) if twist else 0
    steps = [
        (place, _next(place, dimension, sides, shift), dimension)
        for dimension in range(len(sides))
        for place in _places(sides)
    ]
    return _grid(sides, steps, routing, bandwidth, latency)


def mesh(
    shape: Annotated[Shape, "NPUs along each dimension, innermost first"],
    *,
    bandwidth: Annotated[Bandwidth, "of each link, each way"] = _RATE,
    latency: Annotated[Duration, "of each link"] = _LATENCY,
) -> NetworkGraph:
    """A mesh: a torus without the links round the ends.

    Messages go along one dimension after the other.

    >>> from simastra.network_graph.generators import mesh
    >>> len(mesh((4, 4)).links)
    48

    Raises:
        OptionError: if the shape is none, or a quantity is none.
    """
    sides = shape_of("shape", shape)
    steps = [
        (place, _next(place, dimension, sides, 0), dimension)
        for dimension in range(len(sides))
        for place in _places(sides)
        if place[dimension] + 1 < sides[dimension]
    ]
    return _grid(sides, steps, RoutingChoice("dimension-order"), bandwidth, latency)


def _half(sides: tuple[int, ...]) -> int:
    """How far a twist goes: half of the long dimensions."""
    short, long = min(sides), max(sides)
    if set(sides) != {short, long} or long != 2 * short:
        shown = "x".join(map(str, sides))
        problem = f"needs a shape of two lengths, one twice the other, such as 4x4x8, not {shown}"
        raise OptionError("twist", problem)
    return short


def _places(sides: tuple[int, ...]) -> Iterator[_Place]:
    """All places, the innermost dimension's number changing fastest."""
    return (place[::-1] for place in product(*map(range, reversed(sides))))


def _next(place: _Place, dimension: int, sides: tuple[int, ...], shift: int) -> _Place:
    """The next place along a dimension.

    Args:
        place: where that begins.
        dimension: which.
        sides: the shape.
        shift: how far one comes in along the long dimensions, having left at a short one's end.
    """
    moved = list(place)
    moved[dimension] = (place[dimension] + 1) % sides[dimension]
    if shift and moved[dimension] == 0 and sides[dimension] == shift:
        for other, side in enumerate(sides):
            if side != shift:
                moved[other] = (place[other] + shift) % side
    return tuple(moved)


def _grid(
    sides: tuple[int, ...],
    steps: list[tuple[_Place, _Place, int]],
    routing: RoutingChoice,
    bandwidth: str | float,
    latency: str | float,
) -> NetworkGraph:
    """The network of these steps and those back, all onward ones of a dimension first."""
    numbers = {place: number for number, place in enumerate(_places(sides))}
    links = [link(bandwidth, latency, dimension=it) for it in range(len(sides))]
    assembly = with_npus(prod(sides))
    onward = [(npu(numbers[at]), npu(numbers[to]), links[it]) for at, to, it in steps]
    back = [(to, at, it) for at, to, it in onward]
    ends = {(at, to): it for at, to, it in [*back, *onward]}  # of 2 along a dimension, both are one
    for at, to in dict.fromkeys((at, to) for at, to, _ in [*onward, *back]):
        assembly.add_link(at, to, ends[at, to], both_ways=False)
    return assembly.graph(routing)


def _logical(arguments: Mapping[str, object]) -> tuple[int, ...]:
    """The grid's own dimensions; a twisted one has no rings along the short ones."""
    sides = shape_of("shape", cast("str", arguments["shape"]))
    return (prod(sides),) if arguments.get("twist") else sides


TORUS = Generator("torus, twisted or not", "--shape 4x4x8 --twist", torus, _logical)
"""An entry of the table."""

MESH = Generator("mesh: a torus without links round the ends", "--shape 4x4", mesh, _logical)
"""Another."""
