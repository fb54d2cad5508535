"""What a simulation answers, as data."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from simastra.engine import Probe
from simastra.notices import Notice
from simastra.units import Bytes, NpuId, Ns
from simastra.workload import Activity, OperationRules

if TYPE_CHECKING:
    from simastra.trace import Node


@dataclass(frozen=True, slots=True)
class NpuFinish:
    """An NPU's end: `cycles` is the simulated time in ns (ASTRA-sim's cycles)."""

    npu: NpuId
    cycles: Ns


@dataclass(frozen=True, slots=True)
class NodeRecord:
    """When an NPU issued an ET node and when it finished, in ns; on what it spent that time."""

    node: int
    name: str
    activity: Activity
    issued: Ns
    finished: Ns


@dataclass(frozen=True, slots=True)
class LinkRecord:
    """What a link carried. Devices are NPUs, by id, and switches, numbered after the NPUs.

    Attributes:
        src: device at its sending end.
        dst: device at its receiving end.
        busy: time for which its transmitter was busy, in ns.
        size: bytes that it carried.
        messages: how many messages that was.
    """

    src: int
    dst: int
    busy: Ns
    size: Bytes
    messages: int


@dataclass(frozen=True, slots=True)
class Result:
    """The outcome of a simulation.

    Attributes:
        finishes: the NPUs in the order in which they finished.
        nodes: for each NPU, its nodes in the order in which they finished. Nodes that take no time
            (skipped ones) have no record.
        links: what each link that was used carried, in order of first use; the congestion-unaware
            backend has no links.
        notices: what is doubtful in the inputs.
    """

    finishes: tuple[NpuFinish, ...]
    nodes: tuple[tuple[NodeRecord, ...], ...]
    links: tuple[LinkRecord, ...]
    notices: tuple[Notice, ...]

    @property
    def cycles(self) -> dict[NpuId, Ns]:
        """Finish time of each NPU in ns, by NPU."""
        return {finish.npu: finish.cycles for finish in sorted(self.finishes, key=_by_npu)}

    @property
    def finish_order(self) -> tuple[NpuId, ...]:
        """The NPUs in the order in which they finished."""
        return tuple(finish.npu for finish in self.finishes)

    @property
    def makespan(self) -> Ns:
        """When the last NPU finished, in ns; 0 while none has."""
        return max((finish.cycles for finish in self.finishes), default=0)

    def to_dict(self) -> dict[str, Any]:
        """Plain dicts, lists, numbers and strings, ready for JSON; all times in ns."""
        return {
            "makespan": self.makespan,
            "finishes": [{"npu": end.npu, "cycles": end.cycles} for end in self.finishes],
            "nodes": [
                [
                    {
                        "node": record.node,
                        "name": record.name,
                        "activity": record.activity.value,
                        "issued": record.issued,
                        "finished": record.finished,
                    }
                    for record in records
                ]
                for records in self.nodes
            ],
            "links": [
                {
                    "src": link.src,
                    "dst": link.dst,
                    "busy": link.busy,
                    "bytes": link.size,
                    "messages": link.messages,
                }
                for link in self.links
            ],
            "notices": [
                {
                    "code": notice.code,
                    "where": notice.where,
                    "message": notice.message,
                    "fix": notice.fix,
                }
                for notice in self.notices
            ],
        }


def _by_npu(finish: NpuFinish) -> NpuId:
    return finish.npu


class ResultRecorder(Probe):
    """Gathers a Result while a simulation runs.

    Args:
        npus: number of NPUs.
        rules: tell what a node spends its time on.
    """

    def __init__(self, npus: int, rules: OperationRules) -> None:
        self._rules = rules
        self._finishes: list[NpuFinish] = []
        self._issued: list[dict[int, Ns]] = [{} for _ in range(npus)]
        self._nodes: list[list[NodeRecord]] = [[] for _ in range(npus)]
        self._links: defaultdict[tuple[int, int], list[int]] = defaultdict(lambda: [0, 0, 0])

    def node_issued(self, npu: NpuId, node: Node, time: Ns) -> None:
        """Remember when."""
        self._issued[npu][node.id] = time

    def node_finished(self, npu: NpuId, node: Node, time: Ns) -> None:
        """Complete the node's record."""
        issued = self._issued[npu].pop(node.id)
        activity = self._rules.activity(node)
        self._nodes[npu].append(NodeRecord(node.id, node.name, activity, issued, time))

    def npu_finished(self, npu: NpuId, time: Ns) -> None:
        """Keep the finish, in order."""
        self._finishes.append(NpuFinish(npu, time))

    def transmission(self, src: int, dst: int, size: Bytes, start: Ns, end: Ns) -> None:
        """Add to the link's sums."""
        sums = self._links[src, dst]
        sums[0] += end - start
        sums[1] += size
        sums[2] += 1

    def records(self, npu: NpuId) -> Sequence[NodeRecord]:
        """The nodes that `npu` has finished so far, in that order."""
        return self._nodes[npu]

    def result(self, notices: tuple[Notice, ...]) -> Result:
        """What has been gathered so far, with the simulation's `notices`."""
        return Result(
            tuple(self._finishes),
            tuple(map(tuple, self._nodes)),
            tuple(LinkRecord(*ends, *sums) for ends, sums in self._links.items()),
            notices,
        )
