"""Process groups where there are more replicas than before, or fewer."""

from __future__ import annotations

from simastra.errors import TraceError
from simastra.trace.edit.axis import Members, NpuAxis
from simastra.trace.edit.grouped import Grouped
from simastra.trace.edit.groups import WORLD, GroupsOfTrace
from simastra.trace.edit.numbering import GroupNumbers

_SHOWN = 8  # members, in a message


class ResizedGroups:
    """The groups of another number of replicas, and their numbers.

    Args:
        given: the trace and its groups.
        groups: who is in them.
        axis: along which the replicas are.
        new: the same axis, of the new length.
    """

    def __init__(self, given: Grouped, groups: GroupsOfTrace, axis: NpuAxis, new: NpuAxis) -> None:
        self._axis = axis
        self._new = new
        self._numbers = GroupNumbers()
        self._known: dict[tuple[int, Members, int | None], int] = {}
        listed: dict[tuple[int, Members], None] = dict.fromkeys(given.groups.items())
        for npu in range(len(given.trace.npus)):
            if groups.lists_groups(npu):
                listed.update(dict.fromkeys(groups.of(npu).items()))
        usable = [it for it in listed if it[0] != WORLD and axis.suits([it[1]])]
        for own in (True, False):  # numbers stay where they are first
            for number, members in usable:
                self._add(number, members, own=own)

    @property
    def members(self) -> dict[int, Members]:
        """Of each group, by number."""
        return dict(sorted(self._numbers.members.items()))

    def number(self, number: int, members: Members, place: int) -> int:
        """The new number of a group, for an NPU at a place along the axis."""
        if number == WORLD:
            return WORLD
        if self._axis.is_spanned(members):
            return self._known[number, members, None]
        return self._known[number, members, place]

    def _add(self, number: int, members: Members, *, own: bool) -> None:
        """Add a group, or its copies in other replicas."""
        if self._axis.is_spanned(members):
            if own:
                self._known[number, members, None] = self._numbers.new(
                    number, self._spanning(members)
                )
            return
        first = self._axis.place(members[0])
        places = range(first, self._new.count, self._axis.count)
        for place in places[:1] if own else places[1:]:
            copied = tuple(self._new.at(self._axis.without(it), place) for it in members)
            self._known[number, members, place] = self._numbers.new(number, copied)

    def _spanning(self, members: Members) -> Members:
        """The members of a group along the axis, in the order in which they were."""
        if list(members) == sorted(members):
            others = {self._axis.without(it) for it in members}
            places = range(self._new.count)
            return tuple(sorted(self._new.at(it, place) for it in others for place in places))
        if self._new.count > self._axis.count:
            raise TraceError(
                f"group {list(members[:_SHOWN])} isn't in order of NPUs, so where others go is "
                "unknown",
                source="resize",
            )
        kept = (it for it in members if self._axis.place(it) < self._new.count)
        return tuple(self._new.at(self._axis.without(it), self._axis.place(it)) for it in kept)
