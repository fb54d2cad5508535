"""The dragonfly: groups of routers, each group linked to each other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Annotated

from simastra.errors import OptionError
from simastra.network_graph.model import LinkAttributes, NetworkGraph

from .parameters import Bandwidth, Count, Duration, Generator, MaybeBandwidth, MaybeCount
from .parts import PORT_LATENCY, RATE, join, npu, with_npus
from .values import check_count, check_size, link

_GLOBAL_LATENCY = "1us"
"""Of a link between groups, whose cables are long: assumed."""


def dragonfly(
    routers: Annotated[Count, "routers of a group, a"],
    *,
    hosts: Annotated[MaybeCount, "NPUs of a router, p (default: a/2)"] = None,
    global_links: Annotated[MaybeCount, "of a router to other groups, h (default: a/2)"] = None,
    groups: Annotated[MaybeCount, "number of groups, g (default: the most, a x h + 1)"] = None,
    bandwidth: Annotated[Bandwidth, "of each link, each way"] = RATE,
    latency: Annotated[Duration, "of a link within a group"] = PORT_LATENCY,
    global_bandwidth: Annotated[
        MaybeBandwidth, "of a link between groups (default: as of the others)"
    ] = None,
    global_latency: Annotated[Duration, "of a link between groups"] = _GLOBAL_LATENCY,
) -> NetworkGraph:
    """A dragonfly: within a group each router is linked to each, and each group to each other.

    So a message passes one link between groups at the most, and four routers. The balanced one, the
    default, has a = 2p = 2h. With fewer groups than there can be, each two have several links, and
    ports that can't be shared out evenly stay free. Messages take the shortest way. (J. Kim et al.,
    Technology-Driven, Highly-Scalable Dragonfly Topology, ISCA 2008.)

    >>> from simastra.network_graph.generators import dragonfly
    >>> dragonfly(routers=4).npus
    72

    Raises:
        OptionError: if the numbers make no dragonfly; it names the one that doesn't fit.
    """
    check_count("routers", routers)
    if routers % 2 and None in (hosts, global_links):
        raise OptionError("routers", f"must be even for the defaults, a = 2p = 2h, not {routers}")
    each = check_count("hosts", routers // 2 if hosts is None else hosts)
    ports = check_count("global-links", routers // 2 if global_links is None else global_links)
    most = routers * ports + 1
    count = most if groups is None else check_count("groups", groups, 2)
    if count > most:
        reason = f"{routers} routers with {ports} global links each reach {most - 1} others"
        raise OptionError("groups", f"must be at most {most:,}, for {reason}; it is {count:,}")
    far = bandwidth if global_bandwidth is None else global_bandwidth
    return _Dragonfly(count, routers, each, ports).graph(
        link(bandwidth, latency, "host"),
        link(bandwidth, latency, "local"),
        link(far, global_latency, "global", option="global-"),
    )


@dataclass(frozen=True, slots=True)
class _Dragonfly:
    """Numbers of groups, of routers in each, and of hosts and global links of each of those."""

    groups: int
    routers: int
    hosts: int
    global_links: int

    def graph(
        self, host: LinkAttributes, local: LinkAttributes, far: LinkAttributes
    ) -> NetworkGraph:
        """The network, of links to NPUs, within a group, and between groups."""
        count = self.groups * self.routers
        links = count * (2 * self.hosts + self.routers - 1 + self.global_links)
        check_size("routers", count * self.hosts, links)
        assembly = with_npus(count * self.hosts)
        for number in range(count):
            hosts = range(number * self.hosts, (number + 1) * self.hosts)
            join(assembly, map(npu, hosts), [self._name(number)], host)
        for group in range(self.groups):
            first = group * self.routers
            for one, other in combinations(range(first, first + self.routers), 2):
                assembly.add_link(self._name(one), self._name(other), local)
        for one, other in self._between_groups():
            assembly.add_link(self._name(one), self._name(other), far)
        return assembly.graph()

    def _name(self, router: int) -> str:
        return f"group.{router // self.routers}.router.{router % self.routers}"

    def _between_groups(self) -> Iterator[tuple[int, int]]:
        """The routers at the ends of each global link.

        A group's global ports in order lead to the groups after it in order, so many to each; the
        port that is the q-th from the first leads to the one that is the q-th from the last.
        """
        others = self.groups - 1
        each = self.routers * self.global_links // others
        for group in range(self.groups):
            for port in range(each * others):
                there = (group + port // each + 1) % self.groups
                if group < there:
                    back = each * others - 1 - port
                    yield self._router(group, port), self._router(there, back)

    def _router(self, group: int, port: int) -> int:
        return group * self.routers + port // self.global_links


DRAGONFLY = Generator(
    "dragonfly: groups of routers, all linked to each other", "--routers 4", dragonfly
)
"""The entry of the table."""
