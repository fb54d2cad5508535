"""The probe that gathers a result while a simulation runs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from simastra.engine import (
    Appended,
    LinkUsed,
    MessageLost,
    NodeFinished,
    NodeIssued,
    NpuFinished,
    Probe,
    WatchedLink,
)
from simastra.units import NpuId, Ns
from simastra.workload import OperationRules

if TYPE_CHECKING:
    from simastra.view.devices import DeviceNames

from .records import LinkFaults, LinkRecord, NodeRecord, NpuFinish, record_of
from .result import Result


class ResultRecorder(Probe):
    """Gathers a Result while a simulation runs.

    Args:
        npus: number of NPUs.
        rules: tell what a node spends its time on.
        names: what the network's file calls the devices; None where it gives no names.
    """

    def __init__(self, npus: int, rules: OperationRules, names: DeviceNames | None = None) -> None:
        self._rules = rules
        self._names = names
        self._finishes: list[NpuFinish] = []
        self._issued: list[dict[int, Ns]] = [{} for _ in range(npus)]
        self._nodes: list[Appended[NodeRecord]] = [Appended() for _ in range(npus)]
        self._links: list[WatchedLink] = []
        self._lost: Counter[tuple[int, int, str, bool]] = Counter()

    def on_node_issued(self, event: NodeIssued) -> None:
        """Remember when."""
        self._issued[event.npu][event.node.id] = event.time

    def on_node_finished(self, event: NodeFinished) -> None:
        """Complete the node's record."""
        npu, node, time = event
        issued = self._issued[npu].pop(node.id)
        activity = self._rules.activity(node)
        self._nodes[npu].append(record_of(node, activity, issued, time))

    def on_npu_finished(self, event: NpuFinished) -> None:
        """Keep the finish, in order."""
        self._finishes.append(NpuFinish(event.npu, event.time))

    def on_link_used(self, event: LinkUsed) -> None:
        """Keep the link, in order of first use; it counts for itself."""
        self._links.append(event.link)

    def on_message_lost(self, event: MessageLost) -> None:
        """Count it."""
        self._lost[event.link_src, event.link_dst, event.because, event.is_rerouted] += 1

    @property
    def finishes(self) -> Sequence[NpuFinish]:
        """The NPUs that have finished so far, in that order."""
        return self._finishes

    def issue_times(self, npu: NpuId) -> Mapping[int, Ns]:
        """When each node that `npu` has under way was issued, by id."""
        return self._issued[npu]

    def records(self, npu: NpuId) -> Sequence[NodeRecord]:
        """The nodes that `npu` has finished so far, in that order."""
        return self._nodes[npu]

    def result(self) -> Result:
        """What has been gathered so far; it has no notices, and no shortcuts."""
        return Result(
            tuple(self._finishes),
            tuple(map(tuple, self._nodes)),
            tuple(map(_link_record, self._links)),
            (),
            names=self._names,
            link_faults=tuple(_link_faults(self._lost)),
        )


def _link_faults(lost: Counter[tuple[int, int, str, bool]]) -> Iterator[LinkFaults]:
    for src, dst, because in sorted({key[:3] for key in lost}):
        again, rerouted = (lost[src, dst, because, other_way] for other_way in (False, True))
        yield LinkFaults(src, dst, again, rerouted, because)


def _link_record(link: WatchedLink) -> LinkRecord:
    return LinkRecord(link.src, link.dst, link.busy_time, link.bytes_carried, link.messages_carried)
