"""A network of any number of dimensions: NPU ids as coordinates, and routes across dimensions.

Dimension 0 varies fastest in an NPU's id. Each line of NPUs along a dimension (all other
coordinates equal) is one instance of that dimension's topology, with switches of its own.
(Behaviour 1.4, 4.2, 4.6.)
"""

from dataclasses import dataclass
from itertools import pairwise
from math import prod

from simastra.units import NpuId

from .topology import Topology


@dataclass(frozen=True, slots=True)
class Hop:
    """One link of a route: from device `src` to device `dst`, along a dimension."""

    src: int
    dst: int
    dimension: int


class Grid:
    """Routes between NPUs of a network of several dimensions.

    Args:
        topologies: one a dimension, dimension 0 first.
    """

    def __init__(self, topologies: tuple[Topology, ...]) -> None:
        self.topologies = topologies
        sizes = [topology.npus for topology in topologies]
        self.strides = tuple(prod(sizes[:dimension]) for dimension in range(len(sizes)))
        self.npus = prod(sizes)
        self._first_switch = self._number_switches()

    def _number_switches(self) -> tuple[int, ...]:
        """First switch's device number for each dimension; switches come after all the NPUs."""
        firsts = []
        number = self.npus
        for topology in self.topologies:
            firsts.append(number)
            number += (topology.devices - topology.npus) * (self.npus // topology.npus)
        return tuple(firsts)

    def coordinate(self, npu: NpuId, dimension: int) -> int:
        """Where `npu` stands along `dimension`."""
        return npu // self.strides[dimension] % self.topologies[dimension].npus

    def first_difference(self, src: NpuId, dst: NpuId) -> int:
        """The lowest dimension along which the two differ; 0 for an NPU and itself."""
        for dimension in range(len(self.topologies)):
            if self.coordinate(src, dimension) != self.coordinate(dst, dimension):
                return dimension
        return 0

    def hops(self, src: NpuId, dst: NpuId) -> tuple[Hop, ...]:
        """Links from `src` to `dst`, dimension by dimension, dimension 0 first (behaviour 4.6)."""
        if len(self.topologies) == 1:  # a switch alone carries a message to its own sender
            return self._hops_along(0, src, self.coordinate(dst, 0))
        hops: list[Hop] = []
        at = src
        for dimension, stride in enumerate(self.strides):
            target = self.coordinate(dst, dimension)
            offset = target - self.coordinate(at, dimension)
            if offset:
                hops.extend(self._hops_along(dimension, at, target))
                at += offset * stride
        return tuple(hops)

    def _hops_along(self, dimension: int, npu: NpuId, target: int) -> tuple[Hop, ...]:
        route = self.topologies[dimension].route(self.coordinate(npu, dimension), target)
        devices = [self._device(dimension, npu, local) for local in route]
        return tuple(Hop(a, b, dimension) for a, b in pairwise(devices))

    def _device(self, dimension: int, npu: NpuId, local: int) -> int:
        """Number in the whole network of device `local` of the line of `npu` along `dimension`."""
        topology, stride = self.topologies[dimension], self.strides[dimension]
        if local < topology.npus:
            return npu + (local - self.coordinate(npu, dimension)) * stride
        line = npu // (stride * topology.npus) * stride + npu % stride
        extra = topology.devices - topology.npus
        return self._first_switch[dimension] + line * extra + local - topology.npus
