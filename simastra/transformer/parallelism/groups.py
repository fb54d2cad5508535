"""Process groups: which NPUs take part in a collective along some axes, and their numbers."""

from collections.abc import Iterable

from simastra.config import CommGroup, CommGroups
from simastra.units import NpuId

from .mapping import RankMapping

_CYCLE = 500
"""After so many groups the tags of their messages begin again (behaviour 1.9, 3.2)."""


class AxisGroups:
    """The process groups of each kind: each set of axes along which something is communicated.

    Groups are numbered from 1, those of the kinds in turn. An NPU is in one group of each kind, so
    that no two of its groups can have equal tags, however many groups there are.

    Args:
        placement: of the NPUs.
        kinds: the sets of axes.
    """

    def __init__(self, placement: RankMapping, kinds: Iterable[tuple[str, ...]]) -> None:
        self._placement = placement
        self._kinds = tuple(dict.fromkeys(kinds))
        self._step = next(
            (step for step in range(max(1, len(self._kinds)), _CYCLE) if _CYCLE % step == 0),
            _CYCLE,
        )
        self._indices: dict[tuple[str, ...], dict[NpuId, int]] = {}
        for axes in self._kinds:
            firsts = (placement.first(npu, axes) for npu in range(placement.parallelism.npus))
            self._indices[axes] = {npu: index for index, npu in enumerate(dict.fromkeys(firsts))}

    def number(self, npu: NpuId, axes: tuple[str, ...]) -> int:
        """Number of the group of a kind that an NPU is in."""
        index = self._indices[axes][self._placement.first(npu, axes)]
        return 1 + self._kinds.index(axes) + index * self._step

    def comm_groups(self) -> CommGroups:
        """All groups, by number."""
        groups = [
            (self.number(first, axes), self._placement.line(first, axes))
            for axes in self._kinds
            for first in self._indices[axes]
        ]
        return CommGroups(
            groups=tuple(CommGroup(str(number), members) for number, members in sorted(groups))
        )
