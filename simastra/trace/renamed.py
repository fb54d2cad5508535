"""What an NPU does whose trace is another's with other NPUs and process groups in it.

The ranks of a large training step do the same with others: their nodes differ in nothing but the
NPUs that send and receive, and the names of process groups. Of thousands of ranks one has its nodes
at hand; another is what those it names are called for it, a few numbers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, NamedTuple

from simastra.on_demand import OnDemand
from simastra.trace.marks import (
    MarkedNodes,
    NodeMark,
    computed_operations,
    ids_of,
    marked,
    types_of,
)
from simastra.trace.nodes import ATTRIBUTE_FIELDS, Node, node_of
from simastra.units import NpuId

_SRC, _DST, _GROUP = map(ATTRIBUTE_FIELDS.index, ("comm_src", "comm_dst", "pg_name"))


class Contact(NamedTuple):
    """What a node names.

    Attributes:
        src: NPU that sends.
        dst: NPU that receives.
        group: process group; None for none.
    """

    src: NpuId | None
    dst: NpuId | None
    group: str | None


def contact_of(node: Node) -> Contact:
    """What a node names."""
    return Contact(node.comm_src, node.comm_dst, node.pg_name or None)


@dataclass(frozen=True)
class NodeTemplate:
    """The nodes of one NPU, for others to be told by.

    Attributes:
        nodes: they, in the order of their file.
    """

    nodes: tuple[Node, ...]

    @cached_property
    def npus(self) -> tuple[NpuId, ...]:
        """The NPUs that nodes name, ascending."""
        named = {npu for node in self.nodes for npu in (node.comm_src, node.comm_dst)}
        return tuple(sorted(npu for npu in named if npu is not None))

    @cached_property
    def groups(self) -> tuple[str, ...]:
        """The process groups that nodes name, in lexicographic order."""
        return tuple(sorted({node.pg_name for node in self.nodes if node.pg_name}))

    @cached_property
    def first_of_groups(self) -> tuple[int, ...]:
        """Where the first node stands that names each of the groups."""
        first: dict[str | None, int] = {}
        for index, node in enumerate(self.nodes):
            first.setdefault(node.pg_name, index)
        return tuple(first[name] for name in self.groups)

    @cached_property
    def in_order(self) -> NodeTemplate:
        """The same nodes in order of their ids."""
        ordered = tuple(sorted(self.nodes, key=lambda node: node.id))
        return self if ordered == self.nodes else NodeTemplate(ordered)

    @cached_property
    def contacts(self) -> Mapping[Contact, Sequence[int]]:
        """Where the nodes stand that name the same, for all that name anything."""
        found: dict[Contact, list[int]] = {}
        for index, node in enumerate(self.nodes):
            contact = contact_of(node)
            if any(it is not None for it in contact):
                found.setdefault(contact, []).append(index)
        return found

    def marked(self, mark: NodeMark) -> bytes:
        """As of `MarkedNodes`, which names have no part in."""
        if mark not in self._marked:
            self._marked[mark] = marked(self.nodes, mark)
        return self._marked[mark]

    @cached_property
    def types(self) -> bytes:
        """As of `MarkedNodes`."""
        return types_of(self.nodes)

    @cached_property
    def ids(self) -> Sequence[int]:
        """As of `MarkedNodes`."""
        return ids_of(self.nodes)

    @cached_property
    def computed_operations(self) -> int:
        """As of `MarkedNodes`."""
        return computed_operations(self.nodes)

    @cached_property
    def _marked(self) -> dict[NodeMark, bytes]:
        return {}

    def renamed(self, npus: Sequence[NpuId], groups: Sequence[str]) -> RenamedNodes:
        """The nodes of the NPU that calls those that are named here so.

        Args:
            npus: in place of each of `npus`, in their order.
            groups: likewise, none of them empty.
        """
        return RenamedNodes(self, tuple(npus), tuple(groups))


class RenamedNodes(OnDemand[Node], MarkedNodes):
    """A template's nodes with other NPUs and process groups in them.

    Args:
        template: the nodes.
        npus: in place of each of the template's NPUs, in their order.
        groups: in place of each of its process groups, likewise.
    """

    def __init__(
        self, template: NodeTemplate, npus: tuple[NpuId, ...], groups: tuple[str, ...]
    ) -> None:
        self.template = template
        self.npus = npus
        self.groups = groups

    @property
    def npu_names(self) -> Mapping[NpuId, NpuId]:
        """The NPU in place of each that the template names."""
        return dict(zip(self.template.npus, self.npus, strict=True))

    @property
    def group_names(self) -> Mapping[str, str]:
        """The process group in place of each that the template names."""
        return dict(zip(self.template.groups, self.groups, strict=True))

    def contacts(self) -> Iterator[tuple[Contact, Sequence[int]]]:
        """What nodes name, each once, and where the nodes stand that do."""
        npus, groups = self.npu_names, self.group_names
        for (src, dst, group), places in self.template.contacts.items():
            src = None if src is None else npus[src]  # noqa: PLW2901  # what it is called here
            dst = None if dst is None else npus[dst]  # noqa: PLW2901  # likewise
            yield Contact(src, dst, None if group is None else groups[group]), places

    @property
    def is_one_to_one(self) -> bool:
        """Whether no two NPUs, and no two groups, have become one."""
        return all(len(set(it)) == len(it) for it in (self.npus, self.groups))

    @property
    def in_order(self) -> RenamedNodes:
        """The same nodes in order of their ids."""
        ordered = self.template.in_order
        return self if ordered is self.template else ordered.renamed(self.npus, self.groups)

    def marked(self, mark: NodeMark) -> bytes:
        """For each node a byte: 1 where it has the mark, 0 elsewhere."""
        return self.template.marked(mark)

    @property
    def types(self) -> bytes:
        """For each node the value of its NodeType."""
        return self.template.types

    @property
    def ids(self) -> Sequence[int]:
        """For each node its id."""
        return self.template.ids

    @property
    def computed_operations(self) -> int:
        """The sum of num_ops over computations."""
        return self.template.computed_operations

    def __len__(self) -> int:
        return len(self.template.nodes)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, RenamedNodes) and other.template is self.template:
            return (self.npus, self.groups) == (other.npus, other.groups)
        return super().__eq__(other)

    __hash__ = OnDemand.__hash__

    def _make(self, index: int) -> Node:
        return self._make_some(range(index, index + 1))[0]

    def _make_some(self, places: range) -> Sequence[Node]:
        npus, groups = self.npu_names, self.group_names
        nodes = self.template.nodes[places.start : places.stop : places.step]
        return [_renamed(node, npus, groups) for node in nodes]

    def __reduce__(self) -> tuple[Any, ...]:
        return RenamedNodes, (self.template, self.npus, self.groups)


def _renamed(node: Node, npus: Mapping[NpuId, NpuId], groups: Mapping[str, str]) -> Node:
    """A node with others in it; the node itself where it names none."""
    src, dst, group = node.comm_src, node.comm_dst, node.pg_name
    if src is None and dst is None and not group:
        return node
    attributes = [getattr(node, name) for name in ATTRIBUTE_FIELDS]
    attributes[_SRC] = None if src is None else npus[src]
    attributes[_DST] = None if dst is None else npus[dst]
    attributes[_GROUP] = groups[group] if group else group
    own = node.id, node.name, node.type, node.data_deps, node.ctrl_deps, node.duration
    made = node_of(*own, tuple(attributes))
    return replace(made, metadata=node.metadata) if node.metadata else made
