"""All nodes that took time, as columns: the order in which they are written, and their rows.

It is what `rows_of` and `longest_first` say of a bar for each node, without a million bars.
"""

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, chain, repeat
from operator import sub

from simastra.metrics import ACTIVITIES, activity_bytes, node_times
from simastra.number_column import number_column
from simastra.report.run_records import RunRecords
from simastra.result import Result
from simastra.result.timed_records import Told, node_ids, told_of
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
        starts: when each was issued, in ns.
        ends: when it was over, or else `end`.
        finished: how many have; these come first.
    """

    def __init__(self, result: Result, records: RunRecords, end: Ns) -> None:
        self._records, self._unfinished = result.nodes, records.unfinished
        self._firsts = [0, *accumulate(map(len, result.nodes))]  # number of each NPU's first node
        self.npus, self.starts, self.ends = array("i"), array("q"), array("q")
        activities = bytearray()
        for npu, nodes in enumerate(result.nodes):
            times = node_times(nodes)
            self.npus.extend(repeat(npu, len(nodes)))
            self.starts.extend(times.issued)
            self.ends.extend(times.finished)
            activities += times.activities
        self.finished = len(self.npus)
        for other in self._unfinished:
            self.npus.append(other.npu)
            self.starts.append(other.start)
            self.ends.append(end)
        self._activities = activities + activity_bytes(it.activity for it in self._unfinished)
        unfinished = (it.node for it in self._unfinished)
        self.ids = number_column(
            chain(chain.from_iterable(map(node_ids, result.nodes)), unfinished)
        )

    def __len__(self) -> int:
        return len(self.npus)

    def activity(self, number: int) -> Activity:
        """What an NPU spent a node's time on."""
        return ACTIVITIES[self._activities[number]]

    def longest_first(self, most: int) -> Sequence[int]:
        """The numbers of the nodes, those that can be seen best first; at most so many."""
        order = self.in_order(range(len(self)))
        order.sort(key=array("q", map(sub, self.starts, self.ends)).__getitem__)
        return array("i", order[:most])

    def rows(self, numbers: Sequence[int]) -> Sequence[int]:
        """For each node the number of its row, among those of its NPU and activity.

        Args:
            numbers: of the nodes that are laid out; the others' rows mean nothing.
        """
        rows = array("i", bytes(array("i").itemsize * len(self)))
        lanes: defaultdict[int, Lanes] = defaultdict(Lanes)  # by NPU and activity
        npus, activities, starts, ends = self.npus, self._activities, self.starts, self.ends
        for number in self.in_order(numbers):
            free = lanes[npus[number] * len(ACTIVITIES) + activities[number]]
            rows[number] = free.take(starts[number], ends[number])
        return rows

    def told(self, numbers: Iterable[int], names: tuple[str, ...]) -> Iterator[Told]:
        """What nodes are called, and attributes of those that have finished and are known."""
        places: defaultdict[NpuId, list[int]] = defaultdict(list)
        numbers = list(numbers)
        for number in numbers:
            if number < self.finished:
                npu = self.npus[number]
                places[npu].append(number - self._firsts[npu])
        told = {npu: told_of(self._records[npu], each, names) for npu, each in places.items()}
        for number in numbers:
            if number < self.finished:
                yield next(told[self.npus[number]])
            else:
                yield self._unfinished[number - self.finished].name, None

    def in_order(self, numbers: Iterable[int]) -> list[int]:
        """Those nodes by start, then by NPU, then by id.

        Sorted by one after the other: tuples of all three take more memory than all else here.
        """
        order = sorted(numbers, key=self.ids.__getitem__)
        order.sort(key=self.npus.__getitem__)
        order.sort(key=self.starts.__getitem__)
        return order
