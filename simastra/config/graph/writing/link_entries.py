"""Links as few entries of a file: runs, rings and cliques, in the order in which the links are.

The order is kept: reading the entries gives the same links one after the other. Routers prefer
links that are listed earlier.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from simastra.network_graph import (
    GraphLink,
    LinkAttributes,
    NetworkGraph,
    clique_links,
    ring_links,
)

from .patterns import Increment, Pattern, in_runs, joined_patterns

_Steps: TypeAlias = tuple[Increment | None, Increment | None]
_SMALLEST_SHAPE = 3  # of two nodes, a ring or a clique is a link


@dataclass(frozen=True, slots=True)
class ShapeEntry:
    """A ring or a clique.

    Attributes:
        shape: its key in the file, "ring" or "clique".
        members: in order.
        attributes: of all its links.
        directed: whether a ring goes on only.
    """

    shape: str
    members: Pattern
    attributes: LinkAttributes
    directed: bool = False


@dataclass(frozen=True, slots=True)
class EndsEntry:
    """Links from some nodes to others.

    Attributes:
        ends: the nodes at the one end and at the other.
        attributes: of all of them.
        directed: whether they lead only from the one to the other.
        each_to_each: whether all nodes of the one end are linked to all of the other; otherwise
            they are linked one to one, or, where one end is one node, to that.
    """

    ends: tuple[Pattern, Pattern]
    attributes: LinkAttributes
    directed: bool
    each_to_each: bool = False

    def steps_to(self, other: EndsEntry) -> _Steps | None:
        """How `other` goes on where this one ends; None if the two can't be one."""
        alike = self.attributes, self.directed, self.each_to_each
        if alike != (other.attributes, other.directed, other.each_to_each):
            return None
        (here, there), (further_here, further_there) = self.ends, other.ends
        steps = here.step_to(further_here), there.step_to(further_there)
        match steps:
            case (Increment(), Increment()):
                fits = not self.each_to_each and here.count == there.count
            case (Increment(), None):
                fits = there == further_there and (
                    self.each_to_each or here.count == 1 or there.count == 1
                )
            case (None, Increment()):
                fits = here == further_here and here.count == 1
            case _:
                fits = False
        return steps if fits else None

    def going_on(self, steps: _Steps, count: int) -> EndsEntry:
        """This entry and those that follow it by these steps, `count` in all."""
        here, there = (
            end if step is None else end.going_on(step, count)
            for end, step in zip(self.ends, steps, strict=True)
        )
        each_to_each = steps[1] is None and there.count > 1
        return replace(self, ends=(here, there), each_to_each=each_to_each)


Entry: TypeAlias = ShapeEntry | EndsEntry


def link_entries(graph: NetworkGraph) -> list[Entry]:
    """The entries that have all links of a graph, in their order."""
    return in_runs(list(_Links(graph)), _steps, _going_on)


def _steps(here: Entry, there: Entry) -> _Steps | None:
    match here, there:
        case EndsEntry(), EndsEntry():
            return here.steps_to(there)
        case _:
            return None


def _going_on(entry: Entry, steps: _Steps, count: int) -> Entry:
    return entry.going_on(steps, count) if isinstance(entry, EndsEntry) else entry


class _Links:
    """Links as rings, cliques, pairs of links there and back, and links that are none of these."""

    def __init__(self, graph: NetworkGraph) -> None:
        self._links = graph.links
        self._patterns = [Pattern.of(node.name) for node in graph.nodes]
        self._no_ring_before = 0
        """Links before this one have been looked at, and begin no ring."""

    def __iter__(self) -> Iterator[Entry]:
        at = 0
        row_ends = self._row_ends()
        while at < len(self._links):
            entry, links = self._ring(at) or self._clique(at, row_ends[at] - at) or self._ends(at)
            yield entry
            at += links

    def _row_ends(self) -> list[int]:
        """Of each link where the row of links ends that are like it and have the same sender."""
        ends = list(range(1, len(self._links) + 1))
        for at in range(len(self._links) - 2, -1, -1):
            here, after = self._links[at], self._links[at + 1]
            if (here.src, here.attributes) == (after.src, after.attributes):
                ends[at] = ends[at + 1]
        return ends

    def _ends(self, at: int) -> tuple[EndsEntry, int]:
        link, *after = self._links[at : at + 2]
        back = GraphLink(link.dst, link.src, link.attributes)
        ends = self._patterns[link.src], self._patterns[link.dst]
        directed = after != [back]
        return EndsEntry(ends, link.attributes, directed), 1 if directed else 2

    def _ring(self, at: int) -> tuple[ShapeEntry, int] | None:
        """A ring whose links begin at a place, and how many they are; None if none does."""
        members = self._round(at) if at >= self._no_ring_before else None
        if members is None or len(members) < _SMALLEST_SHAPE:
            return None
        self._no_ring_before = at + len(members)
        pattern = self._one_pattern(members)
        if pattern is None:
            return None
        attributes = self._links[at].attributes
        directed = not self._has(at, ring_links(members))
        links = len(members) if directed else 2 * len(members)
        return ShapeEntry("ring", pattern, attributes, directed), links

    def _round(self, at: int) -> list[int] | None:
        """The devices round which links lead from a place on, each where the one before ends."""
        first = self._links[at]
        places = {first.src: 0}
        for here in range(at, len(self._links)):
            link = self._links[here]
            if (link.src, link.attributes) != (next(reversed(places)), first.attributes):
                self._no_ring_before = max(here, at + 1)
                return None
            place = places.setdefault(link.dst, len(places))
            if place == 0:
                return list(places)
            if place != len(places) - 1:
                self._no_ring_before = at + place
                return None
        self._no_ring_before = len(self._links)
        return None

    def _clique(self, at: int, row: int) -> tuple[ShapeEntry, int] | None:
        """A clique whose links begin at a place with a row of so many; None if none does."""
        if row + 1 < _SMALLEST_SHAPE:
            return None
        first = self._links[at]
        members = [first.src, *(link.dst for link in self._links[at : at + row])]
        after = self._links[at + row : at + row + 1]
        if not after or after[0].src != members[1] or not self._has(at, clique_links(members)):
            return None
        pattern = self._one_pattern(members)
        if pattern is None:
            return None
        return ShapeEntry("clique", pattern, first.attributes), row * (row + 1)

    def _has(self, at: int, ends: Iterable[tuple[int, int]]) -> bool:
        """Whether links of these ends begin at a place, all alike."""
        attributes = self._links[at].attributes
        return all(
            place < len(self._links) and self._links[place] == (src, dst, attributes)
            for place, (src, dst) in enumerate(ends, at)
        )

    def _one_pattern(self, devices: Sequence[int]) -> Pattern | None:
        patterns = joined_patterns([self._patterns[it] for it in devices])
        return patterns[0] if len(patterns) == 1 else None
