"""A network of several dimensions: NPU ids as coordinates, and routes across dimensions.

Dimension 0 varies fastest in an NPU's id. Each line of NPUs along a dimension (all other
coordinates equal) is one instance of that dimension's topology, with switches of its own.
(Behaviour 1.4, 4.2, 4.6.)
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import prod
from typing import TYPE_CHECKING, final

from simastra.deferred import deferred
from simastra.network.timing import LinkTiming
from simastra.units import NpuId
from simastra.view.ends import SwitchId, is_switch

from .base import Hop, Topology

if TYPE_CHECKING:
    from simastra.network_graph import ReductionTree, reduction
else:  # few switches reduce
    reduction = deferred("simastra.network_graph.reduction")


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
        if max(src, dst) >= self.npus:
            dimension, npu, ends = self._at_switch(src, dst)
            return self._renamed(dimension, npu, self.dimensions[dimension].hops(*ends))
        hops: list[Hop] = []
        at = src
        for dimension, stride in enumerate(self.strides):
            here, there = self.coordinate(at, dimension), self.coordinate(dst, dimension)
            if here != there:
                along = self.dimensions[dimension].hops(here, there)
                hops += self._renamed(dimension, at, along)
                at += (there - here) * stride
        return tuple(hops)

    def hop_count(self, src: NpuId, dst: NpuId) -> int:
        """The sum over the dimensions along which they differ."""
        if max(src, dst) >= self.npus:
            return len(self.hops(src, dst))
        return sum(
            self.dimensions[dimension].hop_count(*ends)
            for dimension, ends in self._differences(src, dst)
        )

    def path(self, src: NpuId, dst: NpuId, tag: int = 0) -> LinkTiming:
        """Only the first dimension along which the two differ is charged, as in ASTRA-sim.

        (Behaviour 4.2, 7.4 #3.)
        """
        if max(src, dst) >= self.npus:
            dimension, _, ends = self._at_switch(src, dst)
            return self.dimensions[dimension].path(*ends)
        at_home = (0, (self.coordinate(src, 0), self.coordinate(dst, 0)))
        dimension, ends = next(self._differences(src, dst), at_home)
        return self.dimensions[dimension].path(*ends)

    def charged(self, src: NpuId, dst: NpuId, tag: int = 0) -> tuple[Hop, ...]:
        """The links along that dimension."""
        if max(src, dst) >= self.npus:
            return self.hops(src, dst)
        first = next(self._differences(src, dst), None)
        if first is None:
            return ()
        dimension, ends = first
        return self._renamed(dimension, src, self.dimensions[dimension].hops(*ends))

    def _differences(self, src: NpuId, dst: NpuId) -> Iterator[tuple[int, tuple[int, int]]]:
        """The dimensions along which the two differ, with their coordinates there."""
        for dimension in range(len(self.dimensions)):
            ends = self.coordinate(src, dimension), self.coordinate(dst, dimension)
            if ends[0] != ends[1]:
                yield dimension, ends

    def reduction_trees(self, members: Sequence[NpuId]) -> Sequence[ReductionTree]:
        """Those of the one dimension along which the members lie; none where it isn't one."""
        differing = {along for npu in members for along, _ in self._differences(members[0], npu)}
        if len(differing) != 1:
            return ()
        dimension, first = differing.pop(), members[0]
        local = [self.coordinate(npu, dimension) for npu in members]
        return [
            reduction.ReductionTree(
                members,
                {
                    self._switch(dimension, first, switch): [
                        self._switch(dimension, first, it)
                        if is_switch(it)
                        else self.device(dimension, first, it)
                        for it in below
                    ]
                    for switch, below in tree.children.items()
                },
            )
            for tree in self.dimensions[dimension].reduction_trees(local)
        ]

    def _switch(self, dimension: int, npu: NpuId, local: int) -> SwitchId:
        return SwitchId(self.device(dimension, npu, local))

    def _renamed(self, dimension: int, npu: NpuId, hops: Sequence[Hop]) -> tuple[Hop, ...]:
        """Links of the line of `npu` along `dimension`, by devices of the whole network."""
        return tuple(
            Hop(self.device(dimension, npu, it.src), self.device(dimension, npu, it.dst), it.link)
            for it in hops
        )

    def _at_switch(self, src: int, dst: int) -> tuple[int, NpuId, tuple[int, int]]:
        """The dimension of a switch among two devices, an NPU of its line, and the ends there."""
        switch = max(src, dst)
        dimension = max(it for it, first in enumerate(self._first_switch) if first <= switch)
        topology, stride = self.dimensions[dimension], self.strides[dimension]
        extra = topology.devices - topology.npus
        line = (switch - self._first_switch[dimension]) // extra
        npu = line // stride * stride * topology.npus + line % stride

        def local(device: int) -> int:
            if device < self.npus:
                return self.coordinate(device, dimension)
            return topology.npus + (device - self._first_switch[dimension]) % extra

        return dimension, npu, (local(src), local(dst))

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
