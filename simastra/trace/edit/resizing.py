"""More replicas, or fewer: ranks are cloned or dropped, groups and shards rewritten."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

from simastra.errors import TraceError
from simastra.trace.annotations import Annotations
from simastra.trace.edit.axis import Members, NpuAxis, check_axis, recognised, uses_of
from simastra.trace.edit.dropping import without
from simastra.trace.edit.grouped import Grouped
from simastra.trace.edit.groups import WORLD, GroupKey, group_key
from simastra.trace.edit.resized_groups import ResizedGroups
from simastra.trace.edit.resized_shares import (
    resized_memory,
    resized_message,
    resized_size,
    resized_work,
    share_ratio,
)
from simastra.trace.edit.scaling import scaled_number
from simastra.trace.nodes import CollectiveType, Node, NodeType
from simastra.trace.purpose import Purpose
from simastra.trace.trace import Trace
from simastra.units import NpuId

_SHARDS = {
    CollectiveType.ALL_GATHER: Purpose.WEIGHTS,
    CollectiveType.REDUCE_SCATTER: Purpose.GRADIENTS,
}
"""By what it is seen that replicas share out what the optimiser works on."""


def resize(given: Grouped, dp: int, axis: NpuAxis | None = None) -> Grouped:
    """Give a trace another degree of data parallelism, each replica with as much to do as before.

    Replica d of the new trace does what replica d modulo the old degree did. Groups along the axis
    have as many members as it is long now, those within a replica are cloned with it. What an
    all-gather along it puts in, and what an optimiser works on where replicas share that out, is
    the old part of the whole times old over new degree, rounded up. Tokens and operations that are
    said of the step are in proportion. With one replica left, collectives along the axis are gone.

    Args:
        given: the trace and its groups.
        dp: the new degree.
        axis: along which the replicas are; None to have it recognised.

    Returns:
        the trace, its groups, and the new shape of the network if one was given.

    Raises:
        TraceError: the axis isn't recognised, or can't be resized: the message says why.
    """
    uses = uses_of(given)
    if axis is None:
        axis = recognised(uses)
        experts = uses.expert_degree
        if dp % experts:
            raise _error(f"dp is {dp}, and {experts} of them share experts; give a multiple")
        dp //= experts
    check_axis(axis, uses, len(given.trace.npus), dp)
    if dp == axis.count:
        return given
    return _Resized(given, axis, dp).made()


def _error(problem: str) -> TraceError:
    return TraceError(problem, source="resize")


@dataclass(frozen=True)
class _Template:
    """An NPU of which copies are made.

    Attributes:
        npu: which.
        place: of the copy, along the axis.
        nodes: its nodes.
        numbers: for its collectives, the numbers of their groups in the copy.
        spanning: for those along the axis, how many take part.
    """

    npu: NpuId
    place: int
    nodes: Sequence[Node]
    numbers: Mapping[GroupKey, int]
    spanning: Mapping[GroupKey, int]

    @cached_property
    def shares_work(self) -> bool:
        """Whether each replica has a share of what the optimiser works on."""
        return any(
            it.purpose == _SHARDS.get(it.comm_type) and group_key(it) in self.spanning
            for it in self.nodes
            if it.comm_type is not None
        )

    def scatters(self, node: Node) -> list[tuple[Node, int]]:
        """The reduce-scatters along the axis that a node waits for, and how many take part."""
        needed = (self._by_id[it] for it in node.data_deps if it in self._by_id)
        scatters = (it for it in needed if it.comm_type is CollectiveType.REDUCE_SCATTER)
        return [
            (it, self.spanning[group_key(it)]) for it in scatters if group_key(it) in self.spanning
        ]

    @cached_property
    def _by_id(self) -> dict[int, Node]:
        return {it.id: it for it in self.nodes}


class _Resized:
    """Makes the trace of another number of replicas.

    Args:
        given: the trace and its groups.
        axis: along which the replicas are.
        to: how many there are to be.
    """

    def __init__(self, given: Grouped, axis: NpuAxis, to: int) -> None:
        self._given = given
        self._axis = axis
        self._new = NpuAxis(axis.stride, to)
        self._groups = given.of_trace()
        self._numbers = ResizedGroups(given, self._groups, axis, self._new)
        self._made: dict[tuple[int, int | None, tuple[object, ...]], Sequence[Node]] = {}
        self._nodes: dict[tuple[int, int, bool], Node] = {}

    def made(self) -> Grouped:
        """The trace, with its groups."""
        trace, axis, new = self._given.trace, self._axis, self._new
        total = len(trace.npus) // axis.count * new.count
        templates = [axis.at(new.without(it), new.place(it) % axis.count) for it in range(total)]
        npus = tuple(self._npu(it, template) for it, template in enumerate(templates))
        said = trace.annotations and tuple(self._annotations(it) for it in templates)
        sources = tuple(trace.sources[it] for it in templates)
        edits = (*trace.edits, f"resize {axis.count} replicas to {new.count}")
        made = Trace(npus, sources, said, edits)
        return Grouped(made, self._numbers.members, self._shape())

    def _shape(self) -> tuple[int, ...] | None:
        """The network's shape, in which one dimension is another one."""
        shape, stride = self._given.shape, 1
        if shape is None:
            return None
        for dimension, count in enumerate(shape):
            if (stride, count) == (self._axis.stride, self._axis.count):
                return (*shape[:dimension], self._new.count, *shape[dimension + 1 :])
            stride *= count
        raise _error("the replicas are not along one dimension of the network")

    def _npu(self, npu: NpuId, template: NpuId) -> Sequence[Node]:
        """The nodes of an NPU, made of those that it is a copy of."""
        nodes, place = self._given.trace.npus[template], self._new.place(npu)
        kinds = {group_key(it): it for it in nodes if _is_collective(it)}
        members = {kind: self._groups.members(template, it) for kind, it in kinds.items()}
        numbers = {
            kind: self._numbers.number(self._groups.number(template, it), members[kind], place)
            for kind, it in kinds.items()
        }
        names_npus = any(it.comm_src is not None or it.comm_dst is not None for it in nodes)
        key = id(nodes), place if names_npus else None, tuple(numbers.items())
        if key not in self._made:
            spanning = self._spanning(members)
            copied = _Template(template, place, nodes, numbers, spanning)
            made = tuple(self._node(it, copied) for it in nodes)
            gone = self._alone(nodes, spanning)
            self._made[key] = without(made, lambda node: node.id in gone)
        return self._made[key]

    def _spanning(self, members: Mapping[GroupKey, Members]) -> dict[GroupKey, int]:
        """How many take part in collectives along the axis."""
        return {kind: len(it) for kind, it in members.items() if self._axis.is_spanned(it)}

    def _alone(self, nodes: Sequence[Node], spanning: Mapping[GroupKey, int]) -> frozenset[int]:
        """Ids of collectives in which one NPU is left."""
        alone = {kind for kind, count in spanning.items() if count == self._axis.count}
        if self._new.count > 1 or not alone:
            return frozenset()
        return frozenset(it.id for it in nodes if _is_collective(it) and group_key(it) in alone)

    def _node(self, node: Node, copied: _Template) -> Node:
        number = copied.numbers[group_key(node)] if _is_collective(node) else WORLD
        names_npus = node.comm_src is not None or node.comm_dst is not None
        key = id(node), number, copied.shares_work
        if not names_npus and key in self._nodes:
            return self._nodes[key]
        made = self._with_peers(node, copied) if names_npus else node
        if _is_collective(node):
            made = self._collective(made, number, copied)
        elif copied.shares_work and node.purpose == Purpose.OPTIMIZER:
            made = resized_work(made, share_ratio(copied.scatters(node), self._ratio))
        if node.metadata and self._groups.lists_groups(copied.npu):
            made = replace(made, metadata="")  # the groups' file says it now
        made = node if made == node else made
        if not names_npus:
            self._nodes[key] = made
        return made

    @property
    def _ratio(self) -> Fraction:
        return Fraction(self._new.count, self._axis.count)

    def _with_peers(self, node: Node, copied: _Template) -> Node:
        """A message between the same places of another replica."""
        template, place = copied.npu, copied.place
        named = {}
        for name, npu in (("comm_src", node.comm_src), ("comm_dst", node.comm_dst)):
            if npu is not None and self._axis.place(npu) != self._axis.place(template):
                raise TraceError(
                    f"{node.name!r} names NPU {npu}, which is in another replica than NPU "
                    f"{template}; what that is with other replicas isn't known",
                    source=self._given.trace.sources[template],
                    node=node.id,
                )
            named[name] = None if npu is None else self._new.at(self._axis.without(npu), place)
        made = replace(node, comm_src=named["comm_src"], comm_dst=named["comm_dst"])
        return resized_message(made, copied.spanning.values(), self._ratio)

    def _collective(self, node: Node, number: int, copied: _Template) -> Node:
        size, count = node.comm_size, copied.spanning.get(group_key(node))
        if count is not None:
            size = resized_size(node, count, int(count * self._ratio))
        return replace(node, comm_size=size, pg_name=str(number) if number else node.pg_name)

    def _annotations(self, template: NpuId) -> Annotations:
        """What is said of the step: of all NPUs there is more, of what is shared out less."""
        trace = self._given.trace
        said, nodes = trace.annotations[template], trace.npus[template]
        kinds = {group_key(it): it for it in nodes if _is_collective(it)}
        members = {kind: self._groups.members(template, it) for kind, it in kinds.items()}
        copied = _Template(template, 0, nodes, {}, self._spanning(members))
        sums = {name: getattr(said, name) for name in ("tokens", "model_flops")}
        more = {name: it and scaled_number(it, self._ratio) for name, it in sums.items()}
        said = replace(said, **more)
        return resized_memory(said, nodes, self._ratio) if copied.shares_work else said


def _is_collective(node: Node) -> bool:
    return node.type is NodeType.COMM_COLL
