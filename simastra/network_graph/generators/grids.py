"""Tori, twisted tori and meshes: NPUs in a grid, linked to their neighbours."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from math import prod
from typing import Annotated, cast

from simastra.errors import OptionError
from simastra.network_graph.model import NetworkGraph, RoutingChoice
from simastra.network_graph.shapes import ring_links

from .parameters import Bandwidth, Duration, Flag, Generator, Shape
from .parts import npu, with_npus
from .values import link, shape_of

_RATE, _LATENCY = "100GB/s", "1us"
"""Of a link of TPU v5p, as in the machine tpu-v5p; the latency is assumed there, too."""


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
    shift = _half(sides) if twist else 0
    grid = _Grid(sides, shift, bandwidth, latency)
    for dimension in range(len(sides)):
        for members in grid.rings(dimension):
            for src, dst in ring_links(members):
                grid.add_link(src, dst, dimension, both_ways=False)
    return grid.assembly.graph(RoutingChoice("ecmp" if twist else "dimension-order"))


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
    grid = _Grid(shape_of("shape", shape), 0, bandwidth, latency)
    for dimension in range(len(grid.sides)):
        for members in grid.rings(dimension):
            for src, dst in pairwise(members):
                grid.add_link(src, dst, dimension, both_ways=True)
    return grid.assembly.graph(RoutingChoice("dimension-order"))


def _half(sides: tuple[int, ...]) -> int:
    """How far a twist goes: half of the long dimensions."""
    short, long = min(sides), max(sides)
    if set(sides) != {short, long} or long != 2 * short:
        shown = "x".join(map(str, sides))
        problem = f"needs a shape of two lengths, one twice the other, such as 4x4x8, not {shown}"
        raise OptionError("twist", problem)
    return short


class _Grid:
    """NPUs in a grid, the innermost dimension's number changing fastest from rank to rank.

    Args:
        sides: the shape.
        shift: how far one comes in along the long dimensions, having left at a short one's end.
        bandwidth: of a link.
        latency: of a link.
    """

    def __init__(
        self, sides: tuple[int, ...], shift: int, bandwidth: str | float, latency: str | float
    ) -> None:
        self.sides = sides
        self._shift = shift
        self._strides = [prod(sides[:dimension]) for dimension in range(len(sides))]
        self._links = [link(bandwidth, latency, dimension=it) for it in range(len(sides))]
        self.assembly = with_npus(prod(sides))

    def rings(self, dimension: int) -> Iterator[list[int]]:
        """The NPUs that one passes along a dimension, from each lowest rank until there again."""
        met: set[int] = set()
        for first in range(prod(self.sides)):
            if first in met:
                continue
            members = [first]
            while (following := self._next(members[-1], dimension)) != first:
                members.append(following)
            met.update(members)
            yield members

    def add_link(self, src: int, dst: int, dimension: int, *, both_ways: bool) -> None:
        """Link two NPUs that are next to each other along a dimension."""
        along = self._links[dimension]
        self.assembly.add_link(npu(src), npu(dst), along, both_ways=both_ways)

    def _next(self, rank: int, dimension: int) -> int:
        """The next NPU along a dimension, round the end."""
        side = self.sides[dimension]
        place = rank // self._strides[dimension] % side
        if place + 1 < side:
            return rank + self._strides[dimension]
        rank -= place * self._strides[dimension]
        if side != self._shift:
            return rank
        for stride, other in zip(self._strides, self.sides, strict=True):
            if other != side:  # half-way round a long dimension
                rank += stride * (
                    self._shift if rank // stride % other < self._shift else -self._shift
                )
        return rank


def _logical(arguments: Mapping[str, object]) -> tuple[int, ...]:
    """The grid's own dimensions; a twisted one has no rings along the short ones."""
    sides = shape_of("shape", cast("str", arguments["shape"]))
    return (prod(sides),) if arguments.get("twist") else sides


TORUS = Generator(
    "torus of any dimensions, twisted or not", "--shape 4x4x8 --twist", torus, _logical
)
"""An entry of the table."""

MESH = Generator("mesh: a torus without links round the ends", "--shape 4x4", mesh, _logical)
"""Another."""
