"""How long each ET node waited for others, waited for its unit, and ran."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from simastra.units import NpuId, Ns
from simastra.workload import Program


@dataclass(frozen=True, slots=True)
class NodeWait:
    """What an ET node's time went to, from 0 to its end; the three times sum to its end.

    Attributes:
        npu: whose node it is.
        node: its id.
        name: its name.
        dependency: until the last of the nodes that it depends on had finished, in ns.
        unit: from then until it was issued, in ns: its unit ran another node.
        running: from then until it finished, in ns.
    """

    npu: NpuId
    node: int
    name: str
    dependency: Ns
    unit: Ns
    running: Ns

    @property
    def finished(self) -> Ns:
        """When it finished, in ns."""
        return self.dependency + self.unit + self.running

    def to_dict(self) -> dict[str, Any]:
        """Plain numbers and strings, ready for JSON; times in ns."""
        return asdict(self)


def node_waits(
    npu: NpuId, program: Program, times: Mapping[int, tuple[Ns, Ns]]
) -> Iterator[NodeWait]:
    """The waits of an NPU's nodes, in order of their ids; skipped nodes have none.

    Args:
        npu: the NPU.
        program: its trace.
        times: when each node was issued and when it finished, by id.
    """
    ready = _ready_times(program, times)
    for index, node in enumerate(program.graph.nodes):
        if node.id in times:
            issued, finished = times[node.id]
            free = min(ready[index], issued)
            yield NodeWait(npu, node.id, node.name, free, issued - free, finished - issued)


def _ready_times(program: Program, times: Mapping[int, tuple[Ns, Ns]]) -> list[Ns]:
    """When each node's last dependency had finished; a skipped node ends when it is ready."""
    graph = program.graph
    ready = [0] * len(graph.nodes)
    blocked_by = list(graph.parents)
    free = list(graph.roots)
    while free:
        index = free.pop()
        _, end = times.get(graph.nodes[index].id, (ready[index], ready[index]))
        for child in graph.children[index]:
            ready[child] = max(ready[child], end)
            blocked_by[child] -= 1
            if not blocked_by[child]:
                free.append(child)
    return ready
