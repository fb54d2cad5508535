"""Which nodes of different NPUs ask for the same collective, where some say that it is uneven.

A rank's trace says what that rank sends, and no more. Here all ranks are known: the k-th collective
of a kind that an NPU asks for in a process group is the same one on all of its members.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from simastra.trace import CollectiveType, Node
from simastra.units import NpuId
from simastra.workload import Collective, Program, is_marked_uneven, maybe_uneven

from .platform import Platform


@dataclass(frozen=True, slots=True)
class Member:
    """What a member of a collective asks for.

    Attributes:
        npu: the member.
        index: of the node, in its program.
        operation: what it does.
    """

    npu: NpuId
    index: int
    operation: Collective

    @property
    def node(self) -> Node:
        """The ET node."""
        return self.operation.node


_Key: TypeAlias = tuple[int, CollectiveType, Sequence[NpuId]]
_Same: TypeAlias = Sequence[Member]
"""All members of one collective, in order of their positions: as their group's file lists them."""


def uneven_ones(programs: Sequence[Program], platform: Platform) -> Iterator[_Same]:
    """The collectives of which a member says that their parts differ in size.

    Where members ask for different numbers of them, none is told: they never meet.
    """
    for (_, _, members), of_npus in _asked(programs, platform).items():
        numbers = set(map(len, of_npus.values()))
        if len(of_npus) == len(members) and len(numbers) == 1:
            same = zip(*map(of_npus.__getitem__, members), strict=True)
            yield from (
                these for these in same if any(is_marked_uneven(it.operation) for it in these)
            )


def _asked(
    programs: Sequence[Program], platform: Platform
) -> dict[_Key, dict[NpuId, list[Member]]]:
    """What NPUs ask for in each process group, in order of their nodes."""
    asked: dict[_Key, dict[NpuId, list[Member]]] = {}
    for npu, program in enumerate(programs):
        for index, it in maybe_uneven(program):
            if platform.collective_problem(npu, it) is None:
                listed = platform.listed(npu, it.group)
                members = platform.participants(npu, it).members if listed is None else listed
                key = it.group, it.kind, members
                asked.setdefault(key, {}).setdefault(npu, []).append(Member(npu, index, it))
    return asked
