"""A network of several dimensions: NPU ids as coordinates, and routes across dimensions.

Dimension 0 varies fastest in an NPU's id. Each line of NPUs along a dimension (all other
coordinates equal) is one instance of that dimension's topology, with switches of its own.
(Behaviour 1.4, 4.2, 4.6.)
"""

from collections.abc import Iterator, Sequence
from math import prod
from typing import final

from simastra.network.timing import LinkTiming
from simastra.units import NpuId

from .base import Hop, Topology


@final
class MultiDimTopology(Topology):
    """The product of some topologies, itself a topology like any other.

    Args:
        dimensions: the topology of each dimension, dimension 0 first.
    """

    def __init__(self, dimensions: Sequence[Topology]) -> None:
        sizes = [topology.npus for topology in dimensions]
        super().__init__(prod(sizes))
        self.dimensions = tuple(dimensions)
        self.strides = tuple(prod(sizes[:dimension]) for dimension in range(len(sizes)))
        self._first_switch: list[int] = []
        """Of each dimension; switches come after all the NPUs."""
        self._devices = self.npus
        for topology in dimensions:
            self._first_switch.append(self._devices)
            self._devices += (topology.devices - topology.npus) * (self.npus // topology.npus)

    @property
    def devices(self) -> int:
        """The NPUs, and the switches of every line of each dimension."""
        return self._devices

    def coordinate(self, npu: NpuId, dimension: int) -> int:
        """Where `npu` stands along `dimension`."""
        return npu // self.strides[dimension] % self.dimensions[dimension].npus

    def hops(self, src: NpuId, dst: NpuId, tag: int = 0) -> tuple[Hop, ...]:
        """Links from `src` to `dst`, dimension by dimension, dimension 0 first (behaviour 4.6)."""
        hops: list[Hop] = []
        at = src
        for dimension, stride in enumerate(self.strides):
            here, there = self.coordinate(at, dimension), self.coordinate(dst, dimension)
            if here != there:
                hops.extend(self._hops_along(dimension, at, there))
                at += (there - here) * stride
        return tuple(hops)

    def hop_count(self, src: NpuId, dst: NpuId) -> int:
        """The sum over the dimensions along which they differ."""
        return sum(
            self.dimensions[dimension].hop_count(*ends)
            for dimension, ends in self._differences(src, dst)
        )

    def path(self, src: NpuId, dst: NpuId, tag: int = 0) -> LinkTiming:
        """Only the first dimension along which the two differ is charged, as in ASTRA-sim.

        (Behaviour 4.2, 7.4 #3.)
        """
        at_home = (0, (self.coordinate(src, 0), self.coordinate(dst, 0)))
        dimension, ends = next(self._differences(src, dst), at_home)
        return self.dimensions[dimension].path(*ends)

    def charged(self, src: NpuId, dst: NpuId, tag: int = 0) -> tuple[Hop, ...]:
        """The links along that dimension."""
        first = next(self._differences(src, dst), None)
        return () if first is None else tuple(self._hops_along(first[0], src, first[1][1]))

    def _differences(self, src: NpuId, dst: NpuId) -> Iterator[tuple[int, tuple[int, int]]]:
        """The dimensions along which the two differ, with their coordinates there."""
        for dimension in range(len(self.dimensions)):
            ends = self.coordinate(src, dimension), self.coordinate(dst, dimension)
            if ends[0] != ends[1]:
                yield dimension, ends

    def _hops_along(self, dimension: int, npu: NpuId, target: int) -> Iterator[Hop]:
        for hop in self.dimensions[dimension].hops(self.coordinate(npu, dimension), target):
            src, dst = (self.device(dimension, npu, local) for local in (hop.src, hop.dst))
            yield Hop(src, dst, hop.link)

    def device(self, dimension: int, npu: NpuId, local: int) -> int:
        """Number in the whole network of device `local` of the line of `npu` along `dimension`."""
        topology, stride = self.dimensions[dimension], self.strides[dimension]
        if local < topology.npus:
            return npu + (local - self.coordinate(npu, dimension)) * stride
        line = npu // (stride * topology.npus) * stride + npu % stride
        extra = topology.devices - topology.npus
        return self._first_switch[dimension] + line * extra + local - topology.npus


def product(dimensions: Sequence[Topology]) -> Topology:
    """The topology of some dimensions. Of one it is that one itself: so a switch alone carries a
    message to its own sender, as in ASTRA-sim (behaviour 4.3).
    """
    return dimensions[0] if len(dimensions) == 1 else MultiDimTopology(dimensions)
