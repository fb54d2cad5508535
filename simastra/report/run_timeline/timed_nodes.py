"""All nodes that took time, as columns: the order in which they are written, and their rows.

It is what `rows_of` and `longest_first` say of a bar for each node, without a million bars.
"""

from array import array
from collections.abc import Iterable, Sequence
from itertools import repeat
from operator import attrgetter

from simastra.report.run_records import RunRecords, UnfinishedNode
from simastra.result import Result
from simastra.units import NpuId, Ns
from simastra.view.bars import Lanes
from simastra.workload import Activity


class TimedNodes:
    """The nodes, by a number of ours: NPU by NPU as they finished, then those that never did.

    Args:
        result: has those that finished.
        records: have the others.
        end: until when these last, in ns.

    Attributes:
        npus: whose each is.
        ids: of the ET nodes.
        names: likewise.
        activities: what the NPUs spent their time on.
        starts: when each was issued, in ns.
        ends: when it was over, or else `end`.
        finished: how many have; these come first.
    """

    def __init__(self, result: Result, records: RunRecords, end: Ns) -> None:
        self.npus = array("i")
        self.ids: list[int] = []
        self.names: list[str] = []
        self.activities: list[Activity] = []
        self.starts, self.ends = array("q"), array("q")
        for npu, nodes in enumerate(result.nodes):
            self.npus.extend(repeat(npu, len(nodes)))
            self.ids.extend(map(attrgetter("node"), nodes))
            self.names.extend(map(attrgetter("name"), nodes))
            self.activities.extend(map(attrgetter("activity"), nodes))
            self.starts.extend(map(attrgetter("issued"), nodes))
            self.ends.extend(map(attrgetter("finished"), nodes))
        self.finished = len(self.ids)
        for other in records.unfinished:
            self._add(other, end)

    def __len__(self) -> int:
        return len(self.ids)

    def longest_first(self, most: int) -> Sequence[int]:
        """The numbers of the nodes, those that can be seen best first; at most so many."""
        order = self._in_order(range(len(self)))
        pairs = zip(self.starts, self.ends, strict=True)
        order.sort(key=array("q", (start - end for start, end in pairs)).__getitem__)
        return array("i", order[:most])

    def rows(self, numbers: Sequence[int]) -> Sequence[int]:
        """For each node the number of its row, among those of its NPU and activity.

        Args:
            numbers: of the nodes that are laid out; the others' rows mean nothing.
        """
        rows = array("i", bytes(array("i").itemsize * len(self)))
        lanes: dict[tuple[NpuId, Activity], Lanes] = {}
        for number in self._in_order(numbers):
            key = self.npus[number], self.activities[number]
            if key not in lanes:
                lanes[key] = Lanes()
            rows[number] = lanes[key].take(self.starts[number], self.ends[number])
        return rows

    def _in_order(self, numbers: Iterable[int]) -> list[int]:
        """Those nodes by start, then by NPU, then by id.

        Sorted by one after the other: tuples of all three take more memory than all else here.
        """
        order = sorted(numbers, key=self.ids.__getitem__)
        order.sort(key=self.npus.__getitem__)
        order.sort(key=self.starts.__getitem__)
        return order

    def _add(self, node: UnfinishedNode, end: Ns) -> None:
        self.npus.append(node.npu)
        self.ids.append(node.node)
        self.names.append(node.name)
        self.activities.append(node.activity)
        self.starts.append(node.start)
        self.ends.append(end)
