"""Dimension by dimension, dimension 0 first: ways through meshes, tori, hypercubes, products.

What is a dimension the links say. A *line* is what links of one dimension join; a *rest* is what
links of later dimensions join. A message goes along its line to where the receiver's rest begins,
then along the next dimension's line, and so on: no coordinates are needed, and none need fit.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Collection, Iterable, Sequence
from typing import final

from simastra.errors import InputError
from simastra.network_graph import GraphLink, NetworkGraph

from .base import Router


@final
class DimensionOrder(Router):
    """Within a dimension the shortest way; of several, the one over links that are listed earlier.

    It is found by a search of the line that ends at its goal, so that a way to a neighbour costs as
    much in a line of thousands as in one of four.

    Args:
        graph: the network; each of its links belongs to a dimension.

    Raises:
        InputError: if a link belongs to none, or lines don't meet as they do in a product.
    """

    def __init__(self, graph: NetworkGraph) -> None:
        super().__init__(graph)
        by_dimension = _links_by_dimension(graph)
        dimensions = [_Dimension(graph, number, by_dimension[number]) for number in by_dimension]
        rest = list(range(graph.devices))
        for dimension in reversed(dimensions):
            later = tuple(rest)
            _join(rest, by_dimension[dimension.number])
            dimension.find_crossings(later)
            dimension.check_crossings(rest)
        self._dimensions = dimensions

    def route(self, src: int, dst: int, tag: int = 0) -> tuple[int, ...]:
        """The way, the same for all tags.

        Raises:
            InputError: if links lead only one way where both are needed, or there is none.
        """
        way = [src]
        for dimension in self._dimensions:
            dimension.go_on(way, dst)
        if way[-1] != dst:
            raise _no_way(self.graph, way[-1], dst)
        return tuple(way)


class _Dimension:
    """The lines of one dimension, and where they meet the rests of later dimensions."""

    def __init__(self, graph: NetworkGraph, number: int, links: Sequence[GraphLink]) -> None:
        self.number = number
        self._graph = graph
        self._lines = list(range(graph.devices))
        _join(self._lines, links)
        self._onward: dict[int, list[int]] = defaultdict(list)
        for link in links:
            self._onward[link.src].append(link.dst)
        self._rests: Sequence[int] = ()
        self._crossings: dict[tuple[int, int], list[int]] = {}
        """By lines and rests: the devices in both."""

    def find_crossings(self, rests: Sequence[int]) -> None:
        """Take the rests, of each device one, and see where lines cross them."""
        self._rests = rests
        crossings: dict[tuple[int, int], list[int]] = defaultdict(list)
        for device, ends in enumerate(zip(self._lines, rests, strict=True)):
            crossings[ends].append(device)
        self._crossings = dict(crossings)

    def check_crossings(self, wholes: Sequence[int]) -> None:
        """Check that each line crosses each rest, as far as NPUs have any.

        Args:
            wholes: of each device what its line and its rest are in.

        Raises:
            InputError: with two NPUs of which one can't reach the other.
        """
        lines: dict[int, dict[int, int]] = defaultdict(dict)
        rests: dict[int, dict[int, int]] = defaultdict(dict)
        for npu in range(self._graph.npus):
            lines[wholes[npu]].setdefault(self._lines[npu], npu)
            rests[wholes[npu]].setdefault(self._rests[npu], npu)
        for whole, of_lines in lines.items():
            for line, src in of_lines.items():
                for rest, dst in rests[whole].items():
                    if (line, rest) not in self._crossings:
                        raise self._not_crossed(src, dst)

    def go_on(self, way: list[int], dst: int) -> None:
        """Add what is to be crossed in this dimension on the way to `dst`.

        Raises:
            InputError: if there is no way along the line.
        """
        at = way[-1]
        if self._rests[at] == self._rests[dst]:
            return
        goals = self._crossings.get((self._lines[at], self._rests[dst]))
        if goals is None:
            raise _no_way(self._graph, at, dst)
        way.extend(self._along(at, goals))

    def _along(self, src: int, goals: Sequence[int]) -> Iterable[int]:
        """Devices behind `src` on the way to the nearest of some others of its line."""
        before = {src: src}
        reached = deque([src])
        while reached:
            at = reached.popleft()
            goal = self._linked(at, goals)
            if goal is not None:
                return _traced(before, src, at, goal)
            for device in self._onward.get(at, ()):
                if device not in before:
                    before[device] = at
                    reached.append(device)
        raise _no_way(self._graph, src, goals[0])

    def _linked(self, src: int, goals: Sequence[int]) -> int | None:
        """The one of some devices to which a link leads; the first, if there are several."""
        if len(goals) == 1:  # where a hub is linked to thousands, one look is enough
            link = self._graph.link_between.get((src, goals[0]))
            return None if link is None or self._is_other(link) else goals[0]
        return _first_of(self._onward.get(src, ()), goals)

    def _is_other(self, link: GraphLink) -> bool:
        return link.attributes.dimension != self.number

    def _not_crossed(self, src: int, dst: int) -> InputError:
        names = self._graph.nodes[src].name, self._graph.nodes[dst].name
        return InputError(
            f"dimension-order finds no way from {names[0]} to {names[1]}: links of dimension "
            f"{self.number} lead to no device from which links of later dimensions lead on; "
            "give every line of NPUs links of its own dimension, or choose shortest-path"
        )


def _links_by_dimension(graph: NetworkGraph) -> dict[int, list[GraphLink]]:
    """The links of each dimension, dimension 0 first.

    Raises:
        InputError: if a link belongs to none.
    """
    found: dict[int, list[GraphLink]] = defaultdict(list)
    for link in graph.links:
        number = link.attributes.dimension
        if number is None:
            names = graph.nodes[link.src].name, graph.nodes[link.dst].name
            raise InputError(
                f"dimension-order needs the dimension of every link, and that from {names[0]} to "
                f"{names[1]} has none; write its dimension, or choose shortest-path"
            )
        found[number].append(link)
    return dict(sorted(found.items()))


def _join(groups: list[int], links: Iterable[GraphLink]) -> None:
    """Make one of any two groups of devices that a link joins.

    Args:
        groups: of each device its group, named by one of its devices; changed here.
        links: whose directions don't matter.
    """
    for link in links:
        one, other = _group(groups, link.src), _group(groups, link.dst)
        if one != other:
            groups[max(one, other)] = min(one, other)
    for device in range(len(groups)):
        groups[device] = _group(groups, device)


def _group(groups: list[int], device: int) -> int:
    """The device by which the group of one is named; the chain to it is shortened."""
    while groups[device] != device:
        groups[device] = groups[groups[device]]
        device = groups[device]
    return device


def _first_of(devices: Iterable[int], goals: Collection[int]) -> int | None:
    return next((device for device in devices if device in goals), None)


def _traced(before: dict[int, int], src: int, last: int, goal: int) -> Iterable[int]:
    """The devices behind `src`, back from the goal by what came before each."""
    way = [goal]
    while last != src:
        way.append(last)
        last = before[last]
    return reversed(way)


def _no_way(graph: NetworkGraph, src: int, dst: int) -> InputError:
    names = graph.nodes[src].name, graph.nodes[dst].name
    return InputError(f"dimension-order finds no way from {names[0]} to {names[1]}")
