"""What a topology has to answer: which links a message crosses, and what each of them costs."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from enum import Enum, auto
from itertools import pairwise, permutations, repeat
from typing import TYPE_CHECKING, NamedTuple

from simastra.errors import InputError
from simastra.network.timing import LinkTiming, in_series
from simastra.units import NpuId

if TYPE_CHECKING:
    from simastra.network_graph import ReductionTree


class Hop(NamedTuple):
    """One link of a route, from device `src` to device `dst`.

    Attributes:
        src: device at the sending end.
        dst: device at the receiving end.
        link: latency and rate.
    """

    src: int
    dst: int
    link: LinkTiming


class LineSymmetry(Enum):
    """Which renumberings of NPUs take every route to a route, over links priced alike."""

    NONE = auto()
    """Nothing is promised; a simulation then goes event by event."""

    ROTATIONS = auto()
    """Every NPU so many places further on, round the end."""

    PERMUTATIONS = auto()
    """Any at all."""


class Topology(ABC):
    """A network of `npus` NPUs, devices 0..npus-1; other devices follow after them. No clock here.

    Args:
        npus: number of NPUs, at least 1.

    Attributes:
        multipath: whether messages from one NPU to another may take different ways, by their tags.
            Elsewhere nobody need say a tag.
        files: names of the files that it has read, beside the network's own.
    """

    multipath: bool = False
    files: tuple[str, ...] = ()

    def __init__(self, npus: int) -> None:
        self.npus = npus

    @property
    def symmetry(self) -> LineSymmetry:
        """What may be renumbered; shortcuts rely on it, and the conformance suite checks it."""
        return LineSymmetry.NONE

    @property
    @abstractmethod
    def devices(self) -> int:
        """Number of devices: the NPUs and whatever else messages pass, switches for instance."""

    def reduction_trees(self, members: Sequence[NpuId]) -> Sequence[ReductionTree]:
        """The trees of switches that reduce for some NPUs, all of as many levels; none by default.

        Ways lead from each device of a tree to the one above it and back: `hops` and `path` know
        them, and cross no other NPU.

        Args:
            members: at least two NPUs, in the order of their positions.
        """
        return ()

    @abstractmethod
    def hops(self, src: int, dst: int, tag: int = 0) -> tuple[Hop, ...]:
        """The links from NPU `src` to NPU `dst`, each beginning where the one before it ends.

        Args:
            src: sending NPU, or a switch that reduces.
            dst: receiving NPU, or a switch that reduces.
            tag: of the message; it matters only where `multipath` says so.
        """

    def hop_count(self, src: int, dst: int) -> int:
        """Number of those links."""
        return len(self.hops(src, dst))

    @abstractmethod
    def path(self, src: int, dst: int, tag: int = 0) -> LinkTiming:
        """All of the way as one link, for networks without queues.

        Latency is paid for each link of it, serialisation once.
        """

    def charged(self, src: int, dst: int, tag: int = 0) -> tuple[Hop, ...]:
        """The links whose rates `path` looks at: all of the way."""
        return self.hops(src, dst, tag)

    def links(self) -> Iterator[Hop]:
        """All links that messages between NPUs may cross, each once.

        Of two ways that are equally long, messages take the one over links that come earlier. Here
        the links are those of all routes, of the longest ones first: it is those that may part.
        """
        pairs = permutations(range(self.npus), 2)
        found: dict[tuple[int, int], Hop] = {}
        for ends in sorted(pairs, key=lambda it: -self.hop_count(*it)):
            for hop in self.hops(*ends):
                found.setdefault((hop.src, hop.dst), hop)
        return iter(found.values())


def wrong_route(whose: object, src: int, dst: int, problem: str) -> InputError:
    """Make (not raise) an error about the route from one NPU to another of a topology or router."""
    return InputError(
        f"{type(whose).__name__}: the route from NPU {src} to NPU {dst} {problem}; a route "
        "begins at its sender, ends at its receiver, and has every device between"
    )


_SHOWN = 8


def ending_at(devices: Sequence[int]) -> str:
    """Where a route ends that passes these devices, in words."""
    if len(devices) == 1:
        return f"ends at device {devices[0]}, where it begins"
    shown = ", ".join(map(str, devices[:_SHOWN]))
    more = ", ..." if len(devices) > _SHOWN else ""
    return f"ends at device {devices[-1]}, by devices {shown}{more}"


NO_TIME = LinkTiming(0.0, float("inf"))
"""A link that costs nothing."""


class BasicTopology(Topology):
    """One dimension, given by its routes. All its links cost the same unless it prices them itself.

    Args:
        npus: number of NPUs along the dimension, at least 1.
        link: latency and rate of a link, as the network file has them; by default it takes no time,
            for those who only ask for routes.
    """

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        # A base's number of hops is of its own routes: who routes otherwise counts those.
        said = next(
            it for kind in cls.__mro__ if (it := vars(kind).keys() & {"route", "hop_count"})
        )
        if "hop_count" not in said:
            cls.hop_count = Topology.hop_count  # type: ignore[method-assign]

    def __init__(self, npus: int, link: LinkTiming = NO_TIME) -> None:
        super().__init__(npus)
        self.link = link

    @property
    def devices(self) -> int:
        """The NPUs alone. A switch would be one more, numbered after them."""
        return self.npus

    @abstractmethod
    def route(self, src: int, dst: int) -> tuple[int, ...]:
        """Devices on the way from NPU `src` to NPU `dst`, both ends included.

        Each consecutive pair is a directed link. A message from an NPU to itself takes the route
        ``(src,)`` unless the topology sends it round.
        """

    def link_between(self, src: int, dst: int) -> LinkTiming:
        """What the link from device `src` to device `dst` costs; both are neighbours on a route."""
        return self.link

    @property
    def _links_are_alike(self) -> bool:
        """Whether nobody prices them but this class."""
        return getattr(self.link_between, "__func__", None) is BasicTopology.link_between

    def hops(self, src: int, dst: int, tag: int = 0) -> tuple[Hop, ...]:
        """Those of the route.

        Raises:
            InputError: if that doesn't begin and end where it should.
        """
        route = self.route(src, dst)
        if not route:
            raise wrong_route(self, src, dst, "passes no device at all")
        if route[0] != src:
            raise wrong_route(self, src, dst, f"begins at device {route[0]}")
        if route[-1] != dst:
            raise wrong_route(self, src, dst, ending_at(route))
        if self._links_are_alike:
            return tuple(map(Hop, route, route[1:], repeat(self.link)))
        return tuple(Hop(a, b, self.link_between(a, b)) for a, b in pairwise(route))

    def path(self, src: int, dst: int, tag: int = 0) -> LinkTiming:
        """As in the base class; a message to itself on no link at all pays serialisation alone."""
        # Where links cost the same, their number is enough: a ring of thousands has long routes.
        if self._links_are_alike:
            latency = self.hop_count(src, dst) * self.link.latency
            return LinkTiming(latency, self.link.bytes_per_ns)
        links = [hop.link for hop in self.hops(src, dst)]
        return in_series(links) if links else LinkTiming(0.0, self.link.bytes_per_ns)
