"""One NPU's part in a collective that is played from Chakra ETs (behaviour 3.13).

There are no hardware resources: every node begins as soon as its dependencies allow, those that
become free together in order of their ids (ASTRA-sim takes them in the order of a hash table).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from simastra.engine import Call, Category
from simastra.network import Envelope
from simastra.quick_dataclass import dataclass
from simastra.trace import (
    DependencyGraph,
    Node,
    NodeType,
    TraceProgress,
)
from simastra.units import NpuId, Ns
from simastra.view.phrases import npus_words

from .ports import Ports

TAGS_PER_STREAM = 1 << 40
"""Tags set apart for the messages of each stream that is played from ETs."""
_SHORTEST_COMPUTATION: Ns = 1


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
