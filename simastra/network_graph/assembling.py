"""From names and links as people write them to a graph."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from simastra.errors import InputError
from simastra.notices import Notice, Severity

from .model import (
    NPU,
    SWITCH,
    Charges,
    GraphLink,
    GraphNode,
    LinkAttributes,
    NetworkGraph,
    RoutingChoice,
)

MOST_NODES = 2**18
"""More than any network has that one could simulate: who writes more made a slip."""

MOST_LINKS = 2**22
"""More directed links, likewise."""


class GraphAssembly:
    """A graph that is being put together, by names; it numbers the devices in the end.

    NPUs are numbered in the order in which they are added (so add them in order of their ranks),
    all others after them, in their order.

    >>> assembly = GraphAssembly()
    >>> for name in ("npu.0", "npu.1"):
    ...     assembly.add_node(name, NPU)
    ...     assembly.add_link(name, "switch", LinkAttributes(bytes_per_ns=50.0, latency=500.0))
    >>> [node.name for node in assembly.graph().nodes]
    ['npu.0', 'npu.1', 'switch']
    """

    def __init__(self) -> None:
        self._kinds: dict[str, str] = {}
        self._reducing: set[str] = set()
        self._only_linked: set[str] = set()
        """Devices of which nothing is said but their links."""
        self._links: dict[tuple[str, str], LinkAttributes] = {}
        self.trunks: list[tuple[str, str]] = []
        """Pairs of devices between which several links were given, which are now one."""

    def add_node(self, name: str, kind: str = SWITCH) -> None:
        """Add a device, or say of what kind one is that a link has added.

        Raises:
            InputError: if it has been said to be of another kind.
        """
        before = self._kinds.get(name)
        if before is None or name in self._only_linked:
            self._kinds[name] = kind
            self._only_linked.discard(name)
        elif kind != before:
            raise InputError(f"{name} is a {before} and a {kind}; a node has one kind")

    def let_reduce(self, name: str) -> None:
        """Say of a device that is there that it is a switch that reduces.

        Raises:
            InputError: if it is an NPU.
        """
        if self._kinds[name] == NPU:
            raise InputError(f"{name} reduces and is an NPU; only switches reduce for others")
        self._reducing.add(name)

    def add_link(
        self, src: str, dst: str, attributes: LinkAttributes, *, both_ways: bool = True
    ) -> None:
        """Add a link, and the devices that it needs as switches if they aren't there yet.

        Several links from one device to another become one, a trunk: their bandwidths add up and
        the greatest latency holds.

        Raises:
            InputError: if a device would be linked to itself, bandwidth or latency is impossible,
                or there are too many links.
        """
        if src == dst:
            raise InputError(f"{src} is linked to itself; a link needs two devices")
        _check(attributes)
        for name in (src, dst):
            if name not in self._kinds:
                self._kinds[name] = SWITCH
                self._only_linked.add(name)
        for ends in [(src, dst), (dst, src)] if both_ways else [(src, dst)]:
            there = self._links.get(ends)
            if there is None:
                self._links[ends] = attributes
                if len(self._links) > MOST_LINKS:
                    raise InputError(f"has more than {MOST_LINKS:,} links; that many are possible")
                continue
            self.trunks.append(ends)
            total = there.bytes_per_ns + attributes.bytes_per_ns
            most = max(there.latency, attributes.latency)
            self._links[ends] = replace(there, bytes_per_ns=total, latency=most)

    def graph(
        self,
        routing: RoutingChoice | None = None,
        *,
        hairpin: bool = False,
        charges: Charges = "route",
        loopback: LinkAttributes | None = None,
        source: str = "",
        remarks: Iterable[Notice] = (),
    ) -> NetworkGraph:
        """What has been put together.

        Args: as the attributes of `NetworkGraph`; what is to be said of trunks comes to `remarks`.

        Raises:
            InputError: if there is no NPU.
        """
        npus = [name for name, kind in self._kinds.items() if kind == NPU]
        if not npus:
            raise InputError("has no NPU; name one npu[0], or give nodes the kind npu")
        others = [name for name, kind in self._kinds.items() if kind != NPU]
        numbers = {name: number for number, name in enumerate([*npus, *others])}
        nodes = tuple(
            GraphNode(name, self._kinds[name], name in self._reducing) for name in numbers
        )
        links = tuple(
            GraphLink(numbers[src], numbers[dst], attributes)
            for (src, dst), attributes in self._links.items()
        )
        way = routing or RoutingChoice()
        told = (*remarks, *self._trunk_remarks(source))
        return NetworkGraph(nodes, links, way, hairpin, charges, loopback, source, told)

    def _trunk_remarks(self, source: str) -> Iterable[Notice]:
        if self.trunks:
            (src, dst), more = Counter(self.trunks).most_common(1)[0]
            others = len(set(self.trunks)) - 1
            also = f" (and {others} more pairs are linked several times)" if others else ""
            yield Notice(
                code="parallel-links",
                where=source or "graph",
                message=f"{src} is linked to {dst} {more + 1} times{also}: such links are one, "
                "their bandwidths added up, with the greatest of their latencies",
                fix="leave all but one out if one is meant; a link is both ways by itself",
                severity=Severity.INFO,
            )


def _check(attributes: LinkAttributes) -> None:
    speed, latency = attributes.bytes_per_ns, attributes.latency
    if not (0 < speed < math.inf):
        raise InputError(f"a link's bandwidth must be finite and larger than 0, not {speed}")
    if not (0 <= latency < math.inf):
        raise InputError(f"a link's latency must be finite and at least 0, not {latency}")
