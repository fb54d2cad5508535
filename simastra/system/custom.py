"""Collectives that are played from Chakra ETs rather than by an algorithm (behaviour 3.13).

The ETs of a collective, ``PREFIX.<position>.et``, are graphs of sends, receives and computations.
There are no hardware resources: every node begins as soon as its dependencies allow, those that
become free together in order of their ids (ASTRA-sim takes them in the order of a hash table).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias

from simastra.engine import Call, Category
from simastra.errors import TraceError
from simastra.network import Envelope
from simastra.trace import (
    CollectiveType,
    DependencyGraph,
    Node,
    NodeType,
    TraceProgress,
    check_nodes,
    load_trace,
)
from simastra.trace.files import trace_path
from simastra.units import NpuId, Ns
from simastra.view.phrases import npus_words

from .communicator import Collective
from .ports import Ports

TAGS_PER_STREAM = 1 << 40
"""Tags set apart for the messages of each stream that is played from ETs."""
_SHORTEST_COMPUTATION: Ns = 1

Implementations: TypeAlias = dict[CollectiveType, str]
"""ET prefix of each collective that is played from ETs."""


@dataclass(frozen=True, slots=True)
class CustomPhase:
    """A collective's only phase, for one NPU.

    Attributes:
        graph: the nodes of its ET.
        members: NPUs that take part; an ET's ranks are positions among them.
        queue: the NPU's logical queue in which it runs.
    """

    graph: DependencyGraph
    members: Sequence[NpuId]
    queue: int = 0

    def __str__(self) -> str:
        return f"ETs of its own among {npus_words(self.members)}"


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


class CustomPlayer:
    """One NPU's part in a custom collective.

    Args:
        phase: what is played.
        ports: what it acts upon.
        stream: number of the stream. Its messages have tags of their own, where ASTRA-sim lets
            them meet those of other sends with the same ``comm_tag``.
        ended: called at the end.
    """

    def __init__(self, phase: CustomPhase, ports: Ports, stream: int, ended: Call) -> None:
        self._phase = phase
        self._ports = ports
        self._first_tag = first_tag(stream)
        self._ended = ended
        self._progress = TraceProgress(phase.graph)

    def begin(self) -> None:
        """Begin every node that depends on nothing; an empty ET ends by an event of this tick."""
        if self._progress.left:
            self._issue(self._phase.graph.roots)
        else:
            self._ports.agenda.call_later(0, self._ended)

    def _issue(self, indices: list[int]) -> None:
        for index in sorted(indices):
            self._begin(self._phase.graph.nodes[index], partial(self._finish, index))

    def _finish(self, index: int) -> None:
        self._issue(self._progress.finish(index))
        if not self._progress.left:
            self._ended()

    def _begin(self, node: Node, then: Call) -> None:
        ports, members = self._ports, self._phase.members
        tag = self._first_tag + (node.comm_tag or 0)
        size = node.comm_size or 0
        if node.type is NodeType.COMM_SEND and node.comm_dst is not None:
            ports.mailbox.send(Envelope(tag, ports.npu, members[node.comm_dst], size), then)
        elif node.type is NodeType.COMM_RECV and node.comm_src is not None:
            ports.mailbox.receive(Envelope(tag, members[node.comm_src], ports.npu, size), then)
        else:
            ports.agenda.call_later(duration(node), then, Category.COMPUTE)


def duration(node: Node) -> Ns:
    """How long a computation of an ET takes."""
    return node.duration or _SHORTEST_COMPUTATION


def first_tag(stream: int) -> int:
    """The tag that stands for ``comm_tag`` 0 in a stream; further ones follow it."""
    return (stream + 1) * TAGS_PER_STREAM


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
