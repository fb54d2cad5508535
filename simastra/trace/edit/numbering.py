"""Numbers of the process groups of several jobs, none of which means two."""

from __future__ import annotations

from simastra.trace.edit.groups import WORLD, GroupsOfTrace
from simastra.trace.edit.jobs import Job
from simastra.trace.nodes import Node
from simastra.units import NpuId

_CYCLE = 500
_MOST_TRIED = 100_000


class GroupNumbers:
    """Gives process groups numbers of their own.

    ASTRA-sim's tags of messages begin again after 500 groups (behaviour 1.9), so no NPU gets two
    groups whose new numbers are alike modulo 500.

    Attributes:
        members: of each group, by its number.
    """

    def __init__(self) -> None:
        self.members: dict[int, tuple[NpuId, ...]] = {}
        self._lowest = 1
        self._of_npu: dict[NpuId, set[int]] = {}

    def new(self, wanted: int, members: tuple[NpuId, ...]) -> int:
        """A number for a group, the wanted one if it is free."""
        number = wanted
        if wanted == WORLD or wanted in self.members:
            while self._lowest in self.members:
                self._lowest += 1
            number = self._lowest
            taken = set[int]().union(*(self._of_npu.get(npu, ()) for npu in members))
            while number in self.members or number % _CYCLE in taken:
                number += 1
                if number > self._lowest + _MOST_TRIED:  # an NPU in 500 groups
                    number = self._lowest
                    break
        self.members[number] = members
        for npu in members:
            self._of_npu.setdefault(npu, set()).add(number % _CYCLE)
        return number


class Numbering:
    """The new numbers of one job's process groups.

    Args:
        job: the job.
        numbers: of all jobs.
        is_whole: whether the job has the whole machine, in its order, to itself.
    """

    def __init__(self, job: Job, numbers: GroupNumbers, *, is_whole: bool) -> None:
        self.groups = GroupsOfTrace(job.trace, job.groups, job.shape)
        self._job = job
        self._numbers = numbers
        self._is_whole = is_whole
        self._new: dict[tuple[int, tuple[NpuId, ...]], int] = {}
        for number, members in job.groups.items():
            if number != WORLD:
                self._number(number, members)

    @property
    def used(self) -> frozenset[int]:
        """All of the job's numbers."""
        return frozenset(self._new.values()) | ({WORLD} if self._is_whole else set())

    def of(self, npu: NpuId, node: Node) -> int:
        """The new number of the group that a collective of one of the job's NPUs is in."""
        number = self.groups.number(npu, node)
        if self._is_whole:
            return number
        return self._number(number, self.groups.known_members(npu, node))

    def renumbers_listed(self, npu: NpuId) -> bool:
        """Whether what the trace of an NPU lists itself doesn't hold any more."""
        return self.groups.lists_groups(npu) and not self._is_whole

    def _number(self, number: int, members: tuple[NpuId, ...]) -> int:
        key = number, members
        if key not in self._new:
            placement = self._job.placement
            placed = tuple(placement[member] for member in members)
            self._new[key] = self._numbers.new(number, placed)
        return self._new[key]
