"""Where devices and links are in the network: in which dimension, and in which of its lines."""

from typing import NamedTuple

from simastra.report.network_drawing.lines import attributes_words
from simastra.simulation import Simulation


class LinkPlace(NamedTuple):
    """Where a link is.

    Attributes:
        dimension: along which it goes.
        line: which of the dimension's lines of NPUs, from 0.
        position: of its NPU in that line; of two, the sending one's.
        up: whether it leaves that NPU rather than ends there.
    """

    dimension: int
    line: int
    position: int
    up: bool


class Places:
    """Places of devices and links.

    Args:
        simulation: on whose network.
    """

    def __init__(self, simulation: Simulation) -> None:
        platform = simulation.platform
        self._names = simulation.network.device_names
        self._graph = simulation.network.graph
        self._sizes = simulation.network.npus_count
        self.npus = simulation.network.npus
        self._first_switches: list[tuple[int, int]] = []
        """For each dimension, its first switch, and how many a line has."""
        first = self.npus
        if self._graph is not None:
            return
        for size, topology in zip(self._sizes, platform.dimensions, strict=True):
            switches = topology.devices - topology.npus
            self._first_switches.append((first, switches))
            first += switches * (self.npus // size)

    def device(self, device: int) -> str:
        """What to call a device, a switch with its dimension.

        As in "NPU 3" and "switch 2 of dimension 1"; in a graph as its file has it.
        """
        dimension = self._dimension_of_switch(device)
        if dimension is None or len(self._sizes) == 1:
            return self._names[device]
        return f"switch {device - self._first_switches[dimension][0]} of dimension {dimension}"

    @property
    def is_graph(self) -> bool:
        """Whether the network is no product of dimensions."""
        return self._graph is not None

    def kind(self, src: int, dst: int) -> str:
        """What kind of link it is: "dimension 1"; in a graph "nvlink, 450 GB/s, 300 ns"."""
        if self._graph is None:
            return f"dimension {self.link(src, dst).dimension}"
        found = self._graph.link_between.get((src, dst))
        return "" if found is None else attributes_words(found.attributes)

    def link(self, src: int, dst: int) -> LinkPlace:
        """Where a link is; in a network that is a product of dimensions."""
        up = src < self.npus
        npu = src if up else dst
        if npu >= self.npus:  # between two switches
            return LinkPlace(self._dimension_of_switch(src) or 0, 0, 0, up)
        other = self._dimension_of_switch(dst if up else src)
        dimension = self._differing(src, dst) if other is None else other
        position = self._coordinates(npu)[dimension]
        return LinkPlace(dimension, self._line(npu, dimension), position, up)

    def _dimension_of_switch(self, device: int) -> int | None:
        found = None
        for dimension, (first, switches) in enumerate(self._first_switches):
            if device >= first and switches:
                found = dimension
        return found

    def _coordinates(self, npu: int) -> list[int]:
        places = []
        for size in self._sizes:
            npu, place = divmod(npu, size)
            places.append(place)
        return places

    def _differing(self, src: int, dst: int) -> int:
        ends = zip(self._coordinates(src), self._coordinates(dst), strict=True)
        return next((dimension for dimension, (a, b) in enumerate(ends) if a != b), 0)

    def _line(self, npu: int, dimension: int) -> int:
        """The number of an NPU's line, counted as if the dimension weren't there."""
        number, factor = 0, 1
        for place, (at, size) in enumerate(zip(self._coordinates(npu), self._sizes, strict=True)):
            if place != dimension:
                number += at * factor
                factor *= size
        return number
