"""All nodes that took time, as columns: the order in which they are written, and their rows.

It is what `rows_of` and `longest_first` say of a bar for each node, without a million bars.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from importlib.util import find_spec
from itertools import accumulate, chain, repeat
from operator import sub
from typing import TYPE_CHECKING

from simastra.deferred import deferred
from simastra.metrics import ACTIVITIES, activity_bytes, node_times
from simastra.number_column import NumberColumn, number_column
from simastra.report.run_records import RunRecords
from simastra.result import Result
from simastra.result.timed_records import Told, node_ids, told_of
from simastra.units import NpuId, Ns
from simastra.view.bars import Lanes
from simastra.workload import Activity

if TYPE_CHECKING:
    from . import node_order
else:  # NumPy, for many nodes alone
    node_order = deferred("simastra.report.run_timeline.node_order")

MANY = 100_000
"""So many nodes are put in order by NumPy, where it is installed."""


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
        self.finished = self._firsts[-1]
        others = self._unfinished
        self.npus = array("i")
        for npu, nodes in enumerate(result.nodes):
            self.npus.extend(repeat(npu, len(nodes)))
        self.npus.extend(it.npu for it in others)
        times = [node_times(nodes) for nodes in result.nodes]
        self.starts = _joined([*(it.issued for it in times), [it.start for it in others]])
        self.ends = _joined([*(it.finished for it in times), [end] * len(others)])
        unfinished = activity_bytes(it.activity for it in others)
        self._activities = b"".join([*(it.activities for it in times), unfinished])
        self.ids = _joined([*map(node_ids, result.nodes), [it.node for it in others]])

    def __len__(self) -> int:
        return len(self.npus)

    def activity(self, number: int) -> Activity:
        """What an NPU spent a node's time on."""
        return ACTIVITIES[self._activities[number]]

    def longest_first(self, most: int) -> Sequence[int]:
        """The numbers of the nodes, those that can be seen best first; at most so many."""
        return self.in_order(range(len(self)), number_column(map(sub, self.starts, self.ends)))[
            :most
        ]

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
        if len(told) == 1 and len(numbers) == sum(map(len, places.values())):
            yield from chain.from_iterable(told.values())
            return
        for number in numbers:
            if number < self.finished:
                yield next(told[self.npus[number]])
            else:
                yield self._unfinished[number - self.finished].name, None

    def in_order(self, numbers: Sequence[int], *first: NumberColumn) -> array[int]:
        """Those nodes by what comes first, then by start, then by NPU, then by id.

        Sorted by one after the other: tuples of all of them take more memory than all else here.
        """
        columns = self.ids, self.npus, self.starts, *first
        are_arrays = all(isinstance(it, array) for it in columns)
        if len(numbers) >= MANY and are_arrays and find_spec("numpy") is not None:
            return node_order.ordered(numbers, columns)
        order = list(numbers)
        for it in columns:
            order.sort(key=it.__getitem__)
        return array("i", order)


def _joined(columns: Sequence[NumberColumn]) -> NumberColumn:
    """All of them, one after the other; of a single one that isn't empty, that one itself."""
    told = [it for it in columns if it]
    return told[0] if len(told) == 1 else number_column(chain.from_iterable(told))
