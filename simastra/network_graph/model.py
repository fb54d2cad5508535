"""The one model of a network as a graph, whichever way it was spelled.

Nodes are numbered as devices are: NPUs come first, in order of their ranks, then all others. Links
are directed, one at the most from a node to another.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from operator import attrgetter
from typing import Literal, NamedTuple, TypeAlias

from simastra.errors import InputError
from simastra.notices import Notice
from simastra.units import BytesPerNs
from simastra.view.devices import DeviceNames

NPU = "npu"
"""The kind of those nodes that are NPUs."""

SWITCH = "switch"
"""The kind of a node of which nothing else is said."""

Charges: TypeAlias = Literal["route", "first-dimension"]
"""Which links of a way are charged where messages don't queue: see `NetworkGraph.charges`."""


@dataclass(frozen=True, slots=True)
class GraphNode:
    """A device of a network.

    Attributes:
        name: by which files and people call it; no two of a graph have the same.
        kind: `NPU`, or what else it is: a switch, a NIC, a port; a free word, for pictures and
            tables. Whatever isn't an NPU only passes messages on, unless it reduces.
        reduces: whether it is a switch that reduces what NPUs send, and multicasts.
    """

    name: str
    kind: str = SWITCH
    reduces: bool = False

    @property
    def is_npu(self) -> bool:
        """Whether it is an NPU."""
        return self.kind == NPU


@dataclass(frozen=True, slots=True)
class LinkAttributes:
    """What a link is, wherever it is.

    Attributes:
        bytes_per_ns: bandwidth.
        latency: in ns.
        kind: what it is, for pictures and tables ("nvlink", "ib"); empty where nothing is said.
        dimension: of the logical dimensions the one that it belongs to; None for none.
    """

    bytes_per_ns: BytesPerNs
    latency: float
    kind: str = ""
    dimension: int | None = None


class GraphLink(NamedTuple):
    """A directed link between two devices.

    Attributes:
        src: number of the device at the sending end.
        dst: number of the device at the receiving end.
        attributes: what it is; links that are alike may share them.
    """

    src: int
    dst: int
    attributes: LinkAttributes

    @property
    def bytes_per_ns(self) -> BytesPerNs:
        """Bandwidth."""
        return self.attributes.bytes_per_ns

    @property
    def latency(self) -> float:
        """In ns."""
        return self.attributes.latency


@dataclass(frozen=True, slots=True)
class RoutingChoice:
    """Which router finds the ways through a graph.

    Attributes:
        name: as in the table of routers.
        options: as written.
        source: the file that says so, where that isn't the graph's own.
    """

    name: str = "shortest-path"
    options: Mapping[str, object] = field(default_factory=dict, hash=False)
    source: str = field(default="", compare=False)


@dataclass(frozen=True, repr=False)
class NetworkGraph:
    """A network of devices and links. Made by `GraphAssembly`, which checks what people write.

    Attributes:
        nodes: the devices by their numbers: NPUs first, in order of their ranks.
        links: directed, in the order in which they were written; routers prefer the earlier where
            nothing else decides.
        routing: how messages find their way.
        hairpin: whether a message to its own sender goes out by the NPU's first link and back, as
            over ASTRA-sim's switch; otherwise it crosses no link.
        charges: what a way costs where messages don't queue: "route", all of its links, or
            "first-dimension", only those of the dimension of its first link, as ASTRA-sim does
            (behaviour 4.2, 7.4 #3); every link then has one.
        loopback: what a message to its own sender costs that crosses no link, where messages don't
            queue; where they do, it costs nothing. None: no latency, and the rate of the NPU's
            first link; nothing if it has none.
        source: file that it was read from, for messages; empty if none.
        remarks: what was noticed when it was read, for who wrote it.

    Raises:
        InputError: if the first dimension is charged, and a link belongs to none.
    """

    nodes: tuple[GraphNode, ...]
    links: tuple[GraphLink, ...]
    routing: RoutingChoice = RoutingChoice()
    hairpin: bool = False
    charges: Charges = "route"
    loopback: LinkAttributes | None = None
    source: str = field(default="", compare=False)
    remarks: tuple[Notice, ...] = field(default=(), compare=False)

    def __post_init__(self) -> None:
        if self.charges != "first-dimension":
            return
        for link in self.links:
            if link.attributes.dimension is None:
                ends = f"{self.nodes[link.src].name} to {self.nodes[link.dst].name}"
                raise InputError(
                    f"is first-dimension, but the link from {ends} has no dimension; write one at "
                    "each link, or route here"
                )

    def __repr__(self) -> str:
        others, links = self.devices - self.npus, len(self.links)
        return f"<NetworkGraph of {self.npus} NPUs, {others} other nodes, {links} links>"

    @cached_property
    def npus(self) -> int:
        """Number of NPUs."""
        return sum(node.is_npu for node in self.nodes)

    @property
    def devices(self) -> int:
        """Number of nodes."""
        return len(self.nodes)

    @cached_property
    def out_links(self) -> tuple[tuple[GraphLink, ...], ...]:
        """Of each device the links that begin there, in the order of `links`."""
        return self._by_device(attrgetter("src"))

    @cached_property
    def in_links(self) -> tuple[tuple[GraphLink, ...], ...]:
        """Of each device the links that end there, in the order of `links`."""
        return self._by_device(attrgetter("dst"))

    def _by_device(self, end: Callable[[GraphLink], int]) -> tuple[tuple[GraphLink, ...], ...]:
        found: list[list[GraphLink]] = [[] for _ in self.nodes]
        for link in self.links:
            found[end(link)].append(link)
        return tuple(map(tuple, found))

    @cached_property
    def link_between(self) -> Mapping[tuple[int, int], GraphLink]:
        """Each link by its ends."""
        return {(link.src, link.dst): link for link in self.links}

    def has_mirror(self, link: GraphLink) -> bool:
        """Whether another link leads back, with the same attributes: the two are one both ways."""
        back = self.link_between.get((link.dst, link.src))
        return back is not None and back.attributes == link.attributes

    @cached_property
    def numbers(self) -> Mapping[str, int]:
        """The devices' numbers by their names."""
        return {node.name: number for number, node in enumerate(self.nodes)}

    @cached_property
    def device_names(self) -> DeviceNames:
        """What the devices are called, wherever one is shown or asked for."""
        return DeviceNames(self.npus, {number: it.name for number, it in enumerate(self.nodes)})
