"""The axis along which NPUs are replicas of each other: given, or recognised by process groups."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import prod

from simastra.errors import TraceError
from simastra.trace.edit.grouped import Grouped
from simastra.trace.edit.groups import group_key
from simastra.trace.nodes import Node, NodeType
from simastra.trace.purpose import Purpose
from simastra.units import NpuId

_REPLICAS = frozenset({Purpose.GRADIENTS, Purpose.WEIGHTS})
"""What replicas tell each other of."""

_LAYERS = frozenset({Purpose.ACTIVATIONS, Purpose.EXPERTS})
"""What those that share a layer, a sequence or experts tell each other of."""

Members = tuple[NpuId, ...]

_SHOWN = 8  # members, in a message


@dataclass(frozen=True, slots=True)
class NpuAxis:
    """NPUs whose numbers differ by a stride, and are as many as the axis is long.

    Attributes:
        stride: by how much numbers differ along it.
        count: how many NPUs are along it.
    """

    stride: int
    count: int

    def place(self, npu: NpuId) -> int:
        """Where an NPU is along it."""
        return npu // self.stride % self.count

    def without(self, npu: NpuId) -> tuple[int, int]:
        """Where an NPU is apart from it: blocks before it, and its place in a stride."""
        return npu // (self.stride * self.count), npu % self.stride

    def at(self, where: tuple[int, int], place: int) -> NpuId:
        """The NPU that is there."""
        block, inner = where
        return (block * self.count + place) * self.stride + inner

    def is_within(self, members: Sequence[NpuId]) -> bool:
        """Whether NPUs have one place along it."""
        return len({self.place(it) for it in members}) == 1

    def is_spanned(self, members: Sequence[NpuId]) -> bool:
        """Whether NPUs are all along it, from wherever one of them is."""
        others = {self.without(it) for it in members}
        return len(set(members)) == len(others) * self.count

    def suits(self, groups: Iterable[Members]) -> bool:
        """Whether each group is within a place, or along all of it."""
        return all(self.is_within(it) or self.is_spanned(it) for it in groups)


def axis_of(degrees: Mapping[str, int], name: str) -> NpuAxis:
    """An axis of known degrees of parallelism, which are in order of ranks, innermost first.

    >>> axis_of({"tp": 2, "dp": 4, "pp": 2}, "dp")
    NpuAxis(stride=2, count=4)
    """
    names = list(degrees)
    return NpuAxis(prod(degrees[it] for it in names[: names.index(name)]), degrees[name])


@dataclass(frozen=True, slots=True)
class Uses:
    """Who takes part in the collectives of a trace, and what for.

    Attributes:
        purposes: of each set of members, what its collectives are for.
    """

    purposes: Mapping[Members, frozenset[str | None]]

    @property
    def expert_degree(self) -> int:
        """How many NPUs share experts; 1 if none do."""
        sizes = [len(it) for it, uses in self.purposes.items() if Purpose.EXPERTS in uses]
        return min(sizes, default=1)

    def layers_along(self, axis: NpuAxis) -> frozenset[str]:
        """What NPUs along an axis tell each other that share layers, a sequence or experts."""
        across = (uses for members, uses in self.purposes.items() if not axis.is_within(members))
        return frozenset(str(it) for uses in across for it in uses & _LAYERS)

    def among_replicas(self) -> list[Members]:
        """The members that may be replicas."""
        if all(uses <= {None} for uses in self.purposes.values()):
            return list(self.purposes)  # nothing says what anything is for
        return [
            members
            for members, uses in self.purposes.items()
            if uses & _REPLICAS and not uses & _LAYERS
        ]


def uses_of(given: Grouped) -> Uses:
    """Who takes part in which collectives.

    Raises:
        TraceError: a collective is in no group that there is.
    """
    groups = given.of_trace()
    purposes: dict[Members, set[str | None]] = {}
    distinct: dict[int, dict[tuple[object, ...], Node]] = {}
    for npu, nodes in enumerate(given.trace.npus):
        if id(nodes) not in distinct:
            distinct[id(nodes)] = {_kind(it): it for it in _collectives(nodes)}
        for node in distinct[id(nodes)].values():
            members = groups.known_members(npu, node)
            if len(members) > 1:
                purposes.setdefault(members, set()).add(node.purpose)
    return Uses({members: frozenset(uses) for members, uses in purposes.items()})


def recognised(uses: Uses) -> NpuAxis:
    """The axis of data parallelism: along which gradients and weights are exchanged.

    Raises:
        TraceError: there is none, or more than one.
    """
    lines = {axis for it in uses.among_replicas() if (axis := _line(it)) is not None}
    found = {part for axis in lines if (part := _largest_part(axis, uses)) is not None}
    if len(found) == 1:
        return found.pop()
    what = "no replicas can be recognised by what is exchanged"
    if found:
        shown = sorted((it.stride, it.count) for it in found)
        listed = " and ".join(f"{count} NPUs, {stride} apart" for stride, count in shown)
        what = f"replicas could be along more than one axis ({listed})"
    raise _error(f"{what}; give the degrees in order of ranks, such as dp=8:tp=2,dp=4,pp=2")


def check_axis(axis: NpuAxis, uses: Uses, npus: int, to: int) -> None:
    """Check that NPUs along an axis are replicas, of which there can be as many as are wanted.

    Args:
        axis: along which they are.
        uses: what collectives are for.
        npus: of the trace.
        to: how many replicas are wanted.

    Raises:
        TraceError: they aren't.
    """
    if to < 1:
        raise _error(f"the degree is {to}; 1 or more is wanted")
    if npus % (axis.stride * axis.count):
        raise _error(f"{axis.count} replicas at a stride of {axis.stride} aren't {npus} NPUs")
    if axis.count == 1 and to > 1:
        raise _error("there is one replica, so nothing tells what replicas exchange")
    shared = uses.layers_along(axis)
    if shared:
        raise _error(
            f"{axis.count} NPUs, {axis.stride} apart, are no replicas: they exchange "
            f"{', '.join(sorted(shared))}; give the degrees in order of ranks, innermost first"
        )
    for members in uses.purposes:
        if not axis.suits([members]):
            shown = ", ".join(map(str, members[:_SHOWN])) + (", ..." * (len(members) > _SHOWN))
            raise _error(
                f"a group of NPUs {shown} is in some replicas only, so it is unknown what it "
                "would be in others; give the degrees that the trace was made for"
            )


def _largest_part(axis: NpuAxis, uses: Uses) -> NpuAxis | None:
    """The axis, or the outer part of it, along which no group is in some places only."""
    for inner in range(1, axis.count):
        if axis.count % inner == 0:
            part = NpuAxis(axis.stride * inner, axis.count // inner)
            if part.suits(uses.purposes) and not uses.layers_along(part):
                return part
    return None


def _line(members: Members) -> NpuAxis | None:
    """The axis that a group is all of; None if its numbers aren't so."""
    ordered = sorted(members)
    axis = NpuAxis(ordered[1] - ordered[0], len(ordered))
    starts = axis.at(axis.without(ordered[0]), 0) == ordered[0]
    steps = range(ordered[0], ordered[0] + axis.stride * axis.count, axis.stride)
    return axis if starts and ordered == list(steps) else None


def _error(problem: str) -> TraceError:
    return TraceError(problem, source="resize")


def _collectives(nodes: Sequence[Node]) -> Iterator[Node]:
    return (it for it in nodes if it.type is NodeType.COMM_COLL)


def _kind(node: Node) -> tuple[object, ...]:
    return *group_key(node), node.purpose
