"""Collectives that are played from Chakra ETs rather than by an algorithm, and these (3.13).

The ETs of a collective, ``PREFIX.<position>.et``, are graphs of sends, receives and computations.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from simastra.config import SystemConfig, load_custom_implementations
from simastra.errors import TraceError
from simastra.trace import (
    CollectiveType,
    DependencyGraph,
    Node,
    NodeType,
    check_nodes,
    load_trace,
)
from simastra.trace.files import trace_path

from .communicator import Collective

Implementations: TypeAlias = dict[CollectiveType, str]
"""ET prefix of each collective that is played from ETs."""

_FIELDS = {
    CollectiveType.ALL_REDUCE: "all_reduce_implementation_custom",
    CollectiveType.REDUCE_SCATTER: "reduce_scatter_implementation_custom",
    CollectiveType.ALL_GATHER: "all_gather_implementation_custom",
    CollectiveType.ALL_TO_ALL: "all_to_all_implementation_custom",
}


class CustomCollectives:
    """The collectives that are played from ETs, and those ETs; shared by all NPUs.

    Args:
        by_collective: ET prefix for every collective of a type.
        by_node: ET prefix for the collective of a single ET node, by its id; it goes first.
        named_by: for each prefix, the file and key that name it, for messages about its ETs.
    """

    def __init__(
        self,
        by_collective: Implementations,
        by_node: dict[int, str],
        named_by: Mapping[str, str],
    ) -> None:
        self._by_collective = by_collective
        self._by_node = by_node
        self._named_by = named_by
        self._graphs: dict[tuple[str, int], tuple[DependencyGraph, ...]] = {}

    @classmethod
    def none(cls) -> CustomCollectives:
        """None: algorithms run all."""
        return cls({}, {}, {})

    @property
    def files(self) -> tuple[str, ...]:
        """Names of the ETs that have been read."""
        return tuple(
            str(trace_path(prefix, position))
            for prefix, members in self._graphs
            for position in range(members)
        )

    def plays(self, collective: CollectiveType) -> bool:
        """Whether some collective of that type may be played from ETs."""
        return bool(self._by_node) or collective in self._by_collective

    @property
    def has_overrides(self) -> bool:
        """Whether some ET nodes have ETs for themselves alone."""
        return bool(self._by_node)

    def is_overridden(self, collective: Collective) -> bool:
        """Whether an ET node has ETs for itself alone."""
        return collective.node.id in self._by_node

    def prefix(self, collective: Collective) -> str | None:
        """ET prefix for a collective, None where an algorithm runs it."""
        return self._by_node.get(collective.node.id) or self._by_collective.get(collective.kind)

    @property
    def loaded(self) -> Sequence[tuple[str, tuple[DependencyGraph, ...]]]:
        """The ETs that have been read so far, by position, with their prefixes."""
        return [(prefix, graphs) for (prefix, _), graphs in self._graphs.items()]

    def graphs(self, prefix: str, members: int) -> tuple[DependencyGraph, ...]:
        """The ETs for that many members, by position; read when first asked for.

        Raises:
            TraceError: if an ET is missing or wrong.
        """
        known = self._graphs.get((prefix, members))
        if known is None:
            try:
                known = _read(prefix, members)
            except TraceError as error:
                raise TraceError(
                    f"{error.problem} ({self._named_by[prefix]} names this custom collective)",
                    source=error.source,
                    offset=error.offset,
                    node=error.node,
                ) from None
            self._graphs[prefix, members] = known
        return known


def custom_prefixes(system: SystemConfig) -> Implementations:
    """ET prefix of each collective that the system file has played from ETs."""
    given = {collective: getattr(system, field) for collective, field in _FIELDS.items()}
    return {collective: prefix for collective, prefix in given.items() if prefix is not None}


def custom_collectives(system: SystemConfig) -> CustomCollectives:
    """Those that the system file names; no ET is read yet.

    Raises:
        ConfigError: if its file of single nodes' ETs can't be read or is wrong.
    """
    by_collective = custom_prefixes(system)
    named_by: dict[str, str] = {}
    for collective, prefix in by_collective.items():
        named_by.setdefault(prefix, system.place(_FIELDS[collective]))
    path = system.per_node_custom_implementation
    by_node = load_custom_implementations(path) if path else {}
    for node, prefix in by_node.items():
        named_by.setdefault(prefix, f"{path}: {node}")
    return CustomCollectives(by_collective, by_node, named_by)


def _read(prefix: str, members: int) -> tuple[DependencyGraph, ...]:
    trace = load_trace(prefix, members)
    shared: dict[int, DependencyGraph] = {}
    for rank, (nodes, source) in enumerate(zip(trace.npus, trace.sources, strict=True)):
        _check(nodes, source, rank, members)
        if id(nodes) not in shared:
            check_nodes(nodes, source, with_ctrl_deps=True)
            shared[id(nodes)] = DependencyGraph(nodes, with_ctrl_deps=True)
    return tuple(shared[id(nodes)] for nodes in trace.npus)


def _check(nodes: Sequence[Node], source: str, rank: int, members: int) -> None:
    for node in nodes:
        problem = _problem(node, rank, members)
        if problem:
            raise TraceError(f"{node.name!r} {problem}", source=source, node=node.id)


def _problem(node: Node, rank: int, members: int) -> str | None:
    match node.type:
        case NodeType.COMP:
            return None
        case NodeType.COMM_SEND:
            peer, attribute = node.comm_dst, "comm_dst"
        case NodeType.COMM_RECV:
            peer, attribute = node.comm_src, "comm_src"
        case _:
            return (
                f"is a {node.type.name} node; a custom collective has sends, receives and "
                "computations"
            )
    if peer is None or node.comm_size is None:
        return f"needs the attributes '{attribute}' and 'comm_size'"
    if peer >= members:
        return f"has {attribute} {peer}, but the collective's ranks are 0 to {members - 1}"
    if peer == rank:
        return f"has {attribute} {peer}, its own rank"
    return None
