"""Who takes part in the collectives of a trace, told without simulating."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from math import prod
from typing import TYPE_CHECKING, TypeAlias

from simastra.collectives import EXTENDED_COLLECTIVES
from simastra.quick_dataclass import dataclass
from simastra.system.communicator import collective_words
from simastra.trace import CollectiveType
from simastra.units import Bytes, NpuId
from simastra.view.phrases import listed_npus
from simastra.workload import Collective, Collectives, Program

from .collectives_of import collectives_of
from .platform import Platform

if TYPE_CHECKING:
    from simastra.collectives.part_sizes import PartSizes

Dimensions: TypeAlias = tuple[int, ...]
"""Indices of network dimensions, ascending."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Among whom collectives run, as an NPU's nodes say it.

    Attributes:
        group: number of the process group.
        dimensions: of the network, along which members lie; None for all of a listed group.
    """

    group: int
    dimensions: Dimensions | None


@dataclass(frozen=True, slots=True)
class Asked:
    """What members must agree in.

    Attributes:
        collective: which it is.
        size: bytes.
        root: the NPU that is it, for collectives with a root; None for the first member.
        prefix: of the ETs that it is played from; None where an algorithm runs it.
        parts: the sizes of its parts; None where they are equal.
    """

    collective: CollectiveType
    size: Bytes
    root: NpuId | None
    prefix: str | None
    parts: PartSizes | None = None

    def __str__(self) -> str:
        return (
            collective_words(self.collective, self.size, self.parts)
            + ("" if self.root is None else f" with root {self.root}")
            + ("" if self.prefix is None else f" played from {self.prefix!r}")
        )


@dataclass(frozen=True, slots=True)
class Asking:
    """What an NPU asks for in one scope.

    Attributes:
        asked: collectives, in order of the nodes' ids.
        nodes: indices in the graph of those nodes.
    """

    asked: Sequence[Asked]
    nodes: Sequence[int]

    def last(self, asked: Asked) -> int:
        """Index of the last node that asks for that: one too many is often the last."""
        return [node for node, own in zip(self.nodes, self.asked, strict=True) if own == asked][-1]


NOTHING = Asking((), ())
"""What an NPU asks for that takes no part."""


class Memberships:
    """Knows the members of collectives.

    Args:
        platform: the machine.
    """

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self._npus_count = platform.network.npus_count
        self._known: dict[tuple[object, ...], tuple[Scope, Asked] | None] = {}
        self._listed: dict[Hashable, Sequence[Asking]] = {}
        self._asking: dict[tuple[int, bool], Mapping[Scope, Asking]] = {}

    def asking(self, npu: NpuId, program: Program) -> Mapping[Scope, Asking]:
        """What an NPU asks for, by scope; collectives for which nothing is sent are left out."""
        key = (id(program), self._platform.listed(npu, 0) is None)
        asking = self._asking.get(key)
        if asking is None:
            asking = self._asking[key] = self._asking_of(npu, program)
        return asking

    def asked(self, npu: NpuId, operation: Collective) -> tuple[Scope, Asked] | None:
        """What a node asks for, and among whom; None where nothing is sent for it."""
        it = operation
        prefix = self._platform.custom.prefix(it)
        listed = self._platform.listed(npu, it.group)
        # For groups that differ, what a node says of them does too, unless all know them as 0.
        place = None if listed is None else id(listed)
        key = (it.kind, it.size, it.parts, it.involved, it.root, prefix, it.group, place)
        if key not in self._known:
            self._known[key] = self._told(npu, operation, prefix)
        return self._known[key]

    def members(self, npu: NpuId, scope: Scope) -> Sequence[NpuId]:
        """The NPUs that take part in collectives of such a scope with `npu`, itself among them."""
        listed = self._platform.listed(npu, scope.group)
        if listed is not None:
            return listed
        members = [self.first_member(npu, scope)]
        for dimension in scope.dimensions or ():
            stride = prod(self._npus_count[:dimension])
            places = range(self._npus_count[dimension])
            members = [member + place * stride for place in places for member in members]
        return members

    def first_member(self, npu: NpuId, scope: Scope) -> NpuId:
        """The first of the members."""
        listed = self._platform.listed(npu, scope.group)
        if listed is not None:
            return listed[0]
        for dimension in scope.dimensions or ():
            stride = prod(self._npus_count[:dimension])
            npu -= npu // stride % self._npus_count[dimension] * stride
        return npu

    def team(self, npu: NpuId, scope: Scope) -> tuple[int, int]:
        """A number that the members have in common, and how many they are."""
        listed = self._platform.listed(npu, scope.group)
        if listed is not None:
            return -id(listed), len(listed)  # never a number of an NPU
        size = prod(self._npus_count[dimension] for dimension in scope.dimensions or ())
        return self.first_member(npu, scope), size

    def among(self, npu: NpuId, scope: Scope) -> str:
        """Among whom, in words; nothing if those are all NPUs."""
        if scope.group:
            return f" in process group {scope.group}"
        listed = self._platform.listed(npu, scope.group)
        if listed is not None:
            return f" among NPUs {listed_npus(listed)}"
        taking_part = scope.dimensions or ()
        if taking_part == self._all_dimensions:
            return ""
        word = "dimension" if len(taking_part) == 1 else "dimensions"
        return f" along {word} {', '.join(map(str, taking_part))}"

    def _asking_of(self, npu: NpuId, program: Program) -> Mapping[Scope, Asking]:
        collectives = collectives_of(program, self._platform.custom)
        questions = [self.asked(npu, it) for it in collectives.distinct]
        scopes: dict[Scope, int] = {}
        # Of each kind what it asks for, and in which of the scopes.
        kinds = tuple(it and (scopes.setdefault(it[0], len(scopes)), it[1]) for it in questions)
        # Programs that are alike but for names ask for the same, if among others.
        key = id(program.original), kinds
        known = self._listed.get(key)
        if known is None:
            known = self._listed[key] = _listed(collectives, kinds, len(scopes))
        return dict(zip(scopes, known, strict=True))

    def _told(
        self, npu: NpuId, operation: Collective, prefix: str | None
    ) -> tuple[Scope, Asked] | None:
        collective, size = operation.kind, operation.size
        if collective is CollectiveType.ALL_GATHER and not size and prefix is None:
            return None
        scope = self._scope(npu, operation, prefix)
        if scope is None:
            return None
        rooted = collective in EXTENDED_COLLECTIVES
        root = (
            operation.root if rooted and operation.root != self.first_member(npu, scope) else None
        )
        return scope, Asked(collective, size, root, prefix, operation.parts)

    def _scope(self, npu: NpuId, operation: Collective, prefix: str | None) -> Scope | None:
        listed = self._platform.listed(npu, operation.group)
        if listed is not None:
            return Scope(operation.group, None) if len(listed) > 1 else None
        dimensions = self._all_dimensions if prefix else self._dimensions(npu, operation)
        return Scope(operation.group, dimensions) if dimensions else None

    def _dimensions(self, npu: NpuId, operation: Collective) -> Dimensions:
        """Network dimensions along which a collective runs that no group limits."""
        participants = self._platform.participants(npu, operation)
        if participants.are_all:
            return self._all_dimensions
        members = participants.members
        return tuple(it for it in self._all_dimensions if len(set(self._places(members, it))) > 1)

    def _places(self, npus: Sequence[NpuId], dimension: int) -> Iterator[int]:
        stride = prod(self._npus_count[:dimension])
        return (npu // stride % self._npus_count[dimension] for npu in npus)

    @property
    def _all_dimensions(self) -> Dimensions:
        """Those of more than one NPU."""
        return tuple(index for index, count in enumerate(self._npus_count) if count > 1)


def _listed(
    collectives: Collectives, kinds: Sequence[tuple[int, Asked] | None], scopes: int
) -> Sequence[Asking]:
    """What is asked for in each of some scopes.

    Args:
        collectives: of a program.
        kinds: of each kind of them in which scope it is, and what it asks for; None for nothing.
        scopes: how many there are.
    """
    found = [(list[Asked](), list[int]()) for _ in range(scopes)]
    for number, index in zip(collectives.which, collectives.index, strict=True):
        kind = kinds[number]
        if kind is not None:
            asked, nodes = found[kind[0]]
            asked.append(kind[1])
            nodes.append(index)
    return [Asking(*lists) for lists in found]
