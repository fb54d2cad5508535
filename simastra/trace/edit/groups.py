"""Process groups by number, and which group a collective of an NPU is in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import prod
from typing import TypeAlias

from simastra.errors import TraceError
from simastra.group_numbers import group_number
from simastra.trace.listed_groups import listed_groups
from simastra.trace.nodes import Node
from simastra.trace.trace import Trace
from simastra.units import NpuId

Groups: TypeAlias = Mapping[int, tuple[NpuId, ...]]
"""Members of process groups, in order of their positions, by the number that ``pg_name`` says."""

GroupKey: TypeAlias = tuple[str | None, tuple[bool, ...] | None]
"""What a collective says of its group: the name, and the dimensions that it involves. Collectives
of one NPU that say the same are in the same group."""

WORLD = 0
"""The number of all NPUs, which collectives mean that name no group."""


def group_key(node: Node) -> GroupKey:
    """What a collective says of its group."""
    return node.pg_name, node.involved_dim


class GroupsOfTrace:
    """Which process group each collective of a trace is in.

    Args:
        trace: what each NPU does; the groups that METADATA nodes list go before the others.
        groups: those of a file.
        shape: NPUs along each network dimension, innermost first; None where nobody knows it, and
            every collective that names no group is among all NPUs.

    Raises:
        TraceError: a listed group can't be; a group has a member that the trace doesn't have; the
            shape is of another number of NPUs.
    """

    def __init__(self, trace: Trace, groups: Groups, shape: Sequence[int] | None = None) -> None:
        self._trace = trace
        self._shape = shape
        listed = listed_groups(trace)
        self._lists = frozenset(listed)
        self._usual = dict(groups)
        self._of_npu = {npu: {**groups, **own} for npu, own in listed.items()}
        npus = len(trace.npus)
        if shape is not None and prod(shape) != npus:
            raise TraceError(f"has {npus} NPUs, and the shape {list(shape)} is of {prod(shape)}")
        for number, members in groups.items():
            strange = [it for it in members if not 0 <= it < npus]
            if strange:
                raise TraceError(
                    f"process group {number} lists NPU {strange[0]}; "
                    f"the trace has NPUs 0 to {npus - 1}"
                )

    def of(self, npu: NpuId) -> Groups:
        """The groups that the trace of an NPU lists, and the others."""
        return self._of_npu.get(npu, self._usual)

    def lists_groups(self, npu: NpuId) -> bool:
        """Whether the trace of an NPU lists groups itself."""
        return npu in self._lists

    def number(self, npu: NpuId, node: Node) -> int:
        """The number of the group that a collective names; `WORLD` for none.

        Raises:
            TraceError: the name is no number, or the NPU is in no such group.
        """
        if not node.pg_name:
            return WORLD
        number = group_number(node.pg_name)
        if number is None:
            raise self._error(npu, node, "which isn't the number of a process group")
        if number == WORLD:
            return WORLD
        members = self.of(npu).get(number)
        if members is None:
            raise self._error(npu, node, "but there is no such group; give its members")
        if npu not in members:
            raise self._error(npu, node, f"but NPU {npu} isn't a member of it")
        return number

    def members(self, npu: NpuId, node: Node) -> tuple[NpuId, ...]:
        """Who takes part in a collective of an NPU.

        Raises:
            TraceError: as of `number`.
        """
        number = self.number(npu, node)
        return self.along(npu, node.involved_dim) if number == WORLD else self.of(npu)[number]

    def known_members(self, npu: NpuId, node: Node) -> tuple[NpuId, ...]:
        """As `members`, where they have to be known.

        Raises:
            TraceError: also if the collective is along some dimensions of an unknown network.
        """
        is_partial = node.involved_dim is not None and not all(node.involved_dim)
        if self._shape is None and is_partial and self.number(npu, node) == WORLD:
            raise TraceError(
                f"{node.name!r} involves some dimensions only of a network whose shape isn't "
                "given; give it, such as [4, 2] (on the command line --npus-count 4,2)",
                source=self._trace.sources[npu],
                node=node.id,
            )
        return self.members(npu, node)

    def along(self, npu: NpuId, involved: Sequence[bool] | None) -> tuple[NpuId, ...]:
        """The NPUs that differ from this one along involved dimensions only, ascending."""
        if self._shape is None or involved is None:
            return tuple(range(len(self._trace.npus)))
        members = [npu]
        for dimension, count in enumerate(self._shape):
            if dimension < len(involved) and involved[dimension]:
                stride = prod(self._shape[:dimension])
                place = npu // stride % count
                steps = [(other - place) * stride for other in range(count)]
                members = [member + step for member in members for step in steps]
        return tuple(sorted(members))

    def _error(self, npu: NpuId, node: Node, problem: str) -> TraceError:
        text = f"{node.name!r} has pg_name {node.pg_name!r}, {problem}"
        return TraceError(text, source=self._trace.sources[npu], node=node.id)
