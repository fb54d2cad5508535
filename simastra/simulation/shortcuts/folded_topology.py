"""The network as representatives see it: each link stands for all links of its orbit.

A message from representative a to NPU y goes the way that it would; each link on the way is
replaced by the one of its orbit at a representative.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple, TypeAlias, final

from simastra.network import Hop, LinkTiming, Topology
from simastra.units import NpuId

from .symmetry_group import SymmetryGroup

DeviceEnds: TypeAlias = tuple[int, int]
"""Device at the sending end, and at the receiving end."""


@dataclass(frozen=True, slots=True)
class Crossing:
    """Who crosses a link: sender and receiver of a message, and which hop of its way that is."""

    src: NpuId
    dst: NpuId
    index: int

    def __str__(self) -> str:
        return f"link {self.index} of the way from NPU {self.src} to NPU {self.dst}"


class Delivery(NamedTuple):
    """What becomes of a message at its receiver's representative.

    Attributes:
        back: the renumbering that takes the receiver to its representative.
        src: from whom it comes, as seen from there.
        dst: the representative.
    """

    back: int
    src: NpuId
    dst: NpuId


@dataclass(frozen=True, slots=True)
class _Way:
    """Links at representatives, and for each the renumbering to it from what follows."""

    hops: tuple[Hop, ...]
    steps_back: tuple[int, ...]


@final
class FoldedTopology(Topology):
    """The topology that a folded run's network is built on.

    Args:
        topology: the whole network's.
        symmetries: the renumberings that are folded.

    Attributes:
        crossings: for each link that has been on a way so far, one that crosses one of its orbit.
    """

    def __init__(self, topology: Topology, symmetries: SymmetryGroup) -> None:
        super().__init__(topology.npus)
        self.symmetries = symmetries
        self.crossings: dict[DeviceEnds, Crossing] = {}
        self._topology = topology
        self._ways: dict[tuple[NpuId, NpuId], _Way] = {}
        self._deliveries: dict[tuple[NpuId, NpuId], Delivery] = {}

    @property
    def devices(self) -> int:
        """As many as there are."""
        return self._topology.devices

    def hops(self, src: NpuId, dst: NpuId, tag: int = 0) -> tuple[Hop, ...]:
        """The links on the way from representative `src` to NPU `dst`, each at a representative."""
        return self._way(src, dst).hops

    def path(self, src: NpuId, dst: NpuId, tag: int = 0) -> LinkTiming:
        """As it is."""
        return self._topology.path(src, dst)

    def steps_back(self, src: NpuId, dst: NpuId) -> tuple[int, ...]:
        """For each hop of a way, the renumbering from the place of what follows it to its own."""
        return self._way(src, dst).steps_back

    def delivery(self, src: NpuId, dst: NpuId) -> Delivery:
        """How a message from representative `src` to NPU `dst` is delivered."""
        delivery = self._deliveries.get((src, dst))
        if delivery is None:
            back = self.symmetries.inverse(self.symmetries.place(dst))
            delivery = Delivery(
                back, self.symmetries.move(back, src), self.symmetries.representative(dst)
            )
            self._deliveries[src, dst] = delivery
        return delivery

    def ways(self) -> dict[tuple[NpuId, NpuId], tuple[DeviceEnds, ...]]:
        """The ways that have been asked for: the ends of each link, before it is folded."""
        return {pair: ends_on_way(self._topology, *pair) for pair in self._ways}

    def _way(self, src: NpuId, dst: NpuId) -> _Way:
        way = self._ways.get((src, dst))
        if way is None:
            way = self._ways[src, dst] = self._folded(src, dst)
        return way

    def _folded(self, src: NpuId, dst: NpuId) -> _Way:
        hops = self._topology.hops(src, dst)
        places = [
            *(self.symmetries.place(self._end(hop)) for hop in hops),
            self.symmetries.place(dst),
        ]
        steps_back = tuple(
            self.symmetries.move(self.symmetries.inverse(there), here)
            for here, there in pairwise(places)
        )
        moved = []
        for index, hop in enumerate(hops):
            crossing = Crossing(src, dst, index)
            image = self._at(self.symmetries.inverse(places[index]), hop, crossing)
            self.crossings.setdefault((image.src, image.dst), crossing)
            moved.append(image)
        return _Way(tuple(moved), steps_back)

    def _end(self, hop: Hop) -> NpuId:
        """The NPU by which a link is told from others of its orbit: an end that is no switch."""
        return hop.src if hop.src < self.npus else hop.dst

    def _at(self, place: int, hop: Hop, crossing: Crossing) -> Hop:
        """The hop moved by a renumbering; where switches move to, only a route can tell."""
        move = self.symmetries.move
        if hop.src < self.npus and hop.dst < self.npus:
            return Hop(move(place, hop.src), move(place, hop.dst), hop.link)
        return self.image(crossing, place)

    def image(self, crossing: Crossing, place: int) -> Hop:
        """The link that is crossed, moved by a renumbering."""
        move = self.symmetries.move
        src, dst = move(place, crossing.src), move(place, crossing.dst)
        return self._topology.hops(src, dst)[crossing.index]


def ends_on_way(topology: Topology, src: NpuId, dst: NpuId) -> tuple[DeviceEnds, ...]:
    """The ends of each link on the way from one NPU to another."""
    return tuple((hop.src, hop.dst) for hop in topology.hops(src, dst))
