"""Hierarchical: among the members of each node, and among those that stand alike in all nodes.

An all-reduce is a reduce-scatter in each node, an all-reduce of each share across nodes, and an
all-gather in each node (Cho et al., "BlueConnect: decomposing all-reduce for deep learning on
heterogeneous network hierarchy", 2019). An all-to-all goes to the right member of the own node and
then to the right node (Träff and Rougier, "MPI collectives and datatypes for hierarchical
all-to-all communication", 2014).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from math import isqrt
from typing import TYPE_CHECKING, Self, final

from simastra.collectives.algorithm import RingSymmetry
from simastra.collectives.holdings import Block
from simastra.collectives.kinds import FOUR_COLLECTIVES
from simastra.collectives.members import LogicalRing
from simastra.collectives.steps import LazyBlocks, Step, Transfer
from simastra.collectives.stepwise import StepwiseAlgorithm
from simastra.deferred import deferred
from simastra.trace import CollectiveType

from .bidirectional_ring import BidirectionalRing
from .pairwise import Pairwise

if TYPE_CHECKING:
    from simastra.collectives import in_network
    from simastra.collectives.in_network import InNetworkPart, ReducingNetwork
else:  # few collectives use switches
    in_network = deferred("simastra.collectives.in_network")

_PAIRWISE, _BOTH_WAYS = Pairwise(), BidirectionalRing()
_INSIDE = {CollectiveType.ALL_REDUCE: (CollectiveType.REDUCE_SCATTER, CollectiveType.ALL_GATHER)}
"""What the members of a node do where that isn't the collective itself."""


@final
@dataclass(frozen=True, slots=True)
class Hierarchical(StepwiseAlgorithm):
    """Two levels, each with an algorithm of its own.

    Attributes:
        node: how many members next to each other are a node; None for as many as nodes, or the
            next fewer that divide the members.
        inner: what runs in each node.
        outer: what runs across nodes.
    """

    node: int | None = None
    inner: StepwiseAlgorithm = _PAIRWISE
    outer: StepwiseAlgorithm = _BOTH_WAYS

    @property
    def runs_uneven(self) -> bool:
        """Whether both levels do."""
        return self.inner.runs_uneven and self.outer.runs_uneven

    @property
    def uses_switches(self) -> bool:
        """Whether one of the levels does."""
        return self.inner.uses_switches or self.outer.uses_switches

    @property
    def symmetry(self) -> RingSymmetry:
        """A member's position says what it does, but to switches."""
        return RingSymmetry.NONE if self.uses_switches else RingSymmetry.IDENTITY

    @property
    def alternates(self) -> bool:
        """Only switches take turns."""
        return self.uses_switches

    @property
    def has_scores(self) -> bool:
        """Switches have none."""
        return not self.uses_switches

    def on(self, network: ReducingNetwork) -> Self:
        """With its levels there."""
        if not self.uses_switches:
            return self
        return replace(self, inner=self.inner.on(network), outer=self.outer.on(network))

    @property
    def sends_evenly(self) -> bool:
        """Members do if those of each level do."""
        return self.inner.sends_evenly and self.outer.sends_evenly

    def problem(self, collective: CollectiveType, npus: int) -> str | None:
        """It needs whole nodes, and algorithms that run its parts."""
        if collective not in FOUR_COLLECTIVES:
            return f"hierarchical can't run {collective.name}"
        node = self._node_size(npus)
        if npus % node:
            return (
                f"hierarchical has nodes of {node}, and the dimension has {npus} NPUs; "
                "give a size that divides them"
            )
        parts = [(self.inner, part, node) for part in _INSIDE.get(collective, (collective,))]
        parts.append((self.outer, collective, npus // node))
        problems = (level.problem(part, size) for level, part, size in parts if size > 1)
        return next((f"hierarchical: {problem}" for problem in problems if problem), None)

    def problem_among(self, collective: CollectiveType, ring: LogicalRing) -> str | None:
        """Where levels use switches, each node, and those that stand alike, need some."""
        known = self.problem(collective, len(ring))
        if known or not self.uses_switches:
            return known
        problems = (
            level.algorithm.problem_among(
                part, LogicalRing(in_network.at_positions(ring.members, level.members), 0)
            )
            for position in range(len(ring))
            for level, part in self._levels(collective, len(ring), position)
            if position == level.members[0] and len(level.members) > 1
        )
        return next((f"hierarchical: {problem}" for problem in problems if problem), None)

    def steps(self, collective: CollectiveType, npus: int, position: int) -> Iterator[Step]:
        """Those of its levels, one after the other."""
        for level, part in self._levels(collective, npus, position):
            yield from level.steps(part)

    def in_network(
        self, collective: CollectiveType, npus: int, position: int
    ) -> Sequence[InNetworkPart]:
        """What its levels have switches do."""
        levels = self._levels(collective, npus, position)
        return tuple(chain.from_iterable(level.in_network(part) for level, part in levels))

    def _levels(
        self, collective: CollectiveType, npus: int, position: int
    ) -> Sequence[tuple[_Level, CollectiveType]]:
        """What a member does on which level: an all-gather goes across nodes first."""
        size = self._node_size(npus)
        inside = _Inside(self.inner, npus, size, position, number=0)
        across = _Across(self.outer, npus, size, position, number=1)
        match collective:
            case CollectiveType.ALL_REDUCE:
                first, last = _INSIDE[collective]
                again = replace(inside, number=2)
                return (inside, first), (across, collective), (again, last)
            case CollectiveType.ALL_GATHER:
                return (across, collective), (inside, collective)
            case _:
                return (inside, collective), (across, collective)

    def _node_size(self, npus: int) -> int:
        return self.node or next(it for it in range(isqrt(npus), 0, -1) if npus % it == 0)


@dataclass(frozen=True, slots=True)
class _Level(ABC):
    """One member's part in the collectives of one level.

    Attributes:
        algorithm: that of the level.
        npus: members of all levels.
        node: members of a node: that at position p is the p % node-th of node p // node.
        position: of the member.
        number: which of the levels' collectives it is, for switches that take part in several.
    """

    algorithm: StepwiseAlgorithm
    npus: int
    node: int
    position: int
    number: int

    @property
    @abstractmethod
    def members(self) -> range:
        """The positions of those who take part, the member's among them."""

    @abstractmethod
    def blocks(self, collective: CollectiveType, block: Block) -> Sequence[Block]:
        """What one block of the level's algorithm stands for; as many for each of them."""

    def steps(self, collective: CollectiveType) -> Iterator[Step]:
        """What the member does in a collective of the level; nothing where it is alone."""
        members = self.members
        if len(members) == 1:
            return
        place = members.index(self.position)
        for step in self.algorithm.steps(collective, len(members), place):
            yield replace(
                step,
                sends=tuple(self._translated(collective, it) for it in step.sends),
                receives=tuple(self._translated(collective, it) for it in step.receives),
            )

    def in_network(self, collective: CollectiveType) -> Iterator[InNetworkPart]:
        """What switches do in a collective of the level."""
        members = self.members
        if len(members) > 1:
            place = members.index(self.position)
            for part in self.algorithm.in_network(collective, len(members), place):
                yield self._of_all(part)

    def _of_all(self, part: InNetworkPart) -> InNetworkPart:
        """What switches do among a level's members as among all."""
        blocks = (map(partial(self.blocks, part.collective), it) for it in part.blocks)
        whole = tuple(tuple(chain.from_iterable(it)) for it in blocks)
        positions = in_network.at_positions(self.members, part.positions)
        return replace(part, positions=positions, blocks=whole, number=self.number)

    def _translated(self, collective: CollectiveType, transfer: Transfer) -> Transfer:
        """A message of the level's algorithm as one of all members'."""
        members, carried = self.members, transfer.blocks

        def blocks() -> Iterator[Block]:
            return chain.from_iterable(self.blocks(collective, block) for block in carried)

        each = len(self.blocks(collective, 0))
        return Transfer(
            members[transfer.peer % len(members)],
            LazyBlocks(len(carried) * each, blocks),
            transfer.part and self._of_all(transfer.part),
        )


class _Inside(_Level):
    """Among the members of a node."""

    @property
    def members(self) -> range:
        first = self.position // self.node * self.node
        return range(first, first + self.node)

    def blocks(self, collective: CollectiveType, block: Block) -> Sequence[Block]:
        """Those of the members of all nodes that stand alike."""
        if collective is not CollectiveType.ALL_TO_ALL:
            return range(block, self.npus, self.node)
        origin, target = divmod(block, self.node)
        first = (self.members[0] + origin) * self.npus
        return range(first + target, first + self.npus, self.node)


class _Across(_Level):
    """Among the members that stand alike in all nodes."""

    @property
    def members(self) -> range:
        return range(self.position % self.node, self.npus, self.node)

    def blocks(self, collective: CollectiveType, block: Block) -> Sequence[Block]:
        """Their own; in an all-to-all, what all of a node have for one of another."""
        members = self.members
        if collective is not CollectiveType.ALL_TO_ALL:
            return members[block : block + 1]
        origin, target = (members[it] for it in divmod(block, len(members)))
        first = origin // self.node * self.node * self.npus + target
        return range(first, first + self.node * self.npus, self.npus)
