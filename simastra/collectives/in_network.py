"""Collectives that switches carry out: members send once, switches reduce on the way up, and spread
what comes of it on the way down (docs/collectives.md).

NVLink SHARP has one level of switches (NVIDIA, "NVSwitch and NVLink SHARP", Hot Chips 2022), SHARP
a tree of them (Graham et al., "Scalable hierarchical aggregation protocol (SHARP)", 2016). A switch
reduces as fast as its ports receive, so that it takes no time beside theirs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from simastra.errors import InputError
from simastra.trace import CollectiveType
from simastra.units import Bytes, NpuId
from simastra.view.phrases import npus_words

from .holdings import Block
from .members import LogicalRing

if TYPE_CHECKING:
    from simastra.network_graph import ReductionTree

IN_NETWORK = (
    CollectiveType.ALL_REDUCE,
    CollectiveType.REDUCE_SCATTER,
    CollectiveType.ALL_GATHER,
)
"""The collectives that switches can carry out."""


class ReducingNetwork(Protocol):
    """What is asked of a network: a topology."""

    def reduction_trees(self, members: Sequence[NpuId]) -> Sequence[ReductionTree]:
        """The trees of switches that reduce for some NPUs; none where none joins them."""


def no_switch(name: str, members: Sequence[NpuId]) -> str:
    """What is wrong where no switches join those who are to use them."""
    return (
        f"{name} has switches reduce, and none that does joins {npus_words(members)}; say in the "
        "network file which does, by topology: [{name: Switch, reduces: true}] or, in a graph, by "
        "nodes: [{name: switch, reduces: true}], or use another algorithm, such as ring"
    )


@dataclass(frozen=True, slots=True)
class InNetworkPart:
    """A collective that switches carry out: all that a phase does, or what it does on a level.

    Attributes:
        algorithm: the name of what has them do it.
        network: that they belong to.
        collective: which.
        positions: those of its members among all of the phase.
        blocks: what each of its own blocks is in the phase.
        number: which of a member's parts in switches it is; alike on all its members.
    """

    algorithm: str
    network: ReducingNetwork
    collective: CollectiveType
    positions: Sequence[int]
    blocks: Sequence[Sequence[Block]]
    number: int = 0

    def tree(self, ring: LogicalRing, turn: int) -> ReductionTree:
        """The switches that do it; those who plan more of them take turns at trees.

        Args:
            ring: all members of the phase.
            turn: as of `Algorithm.machine`.

        Raises:
            InputError: if no switches join the members.
        """
        members = at_positions(ring.members, self.positions)
        trees = self.network.reduction_trees(members)
        if not trees:
            raise InputError(no_switch(self.algorithm, members))
        return trees[turn % len(trees)]


def at_positions(members: Sequence[NpuId], positions: Sequence[int]) -> Sequence[NpuId]:
    """Those at some positions; of lines again a line, since it costs nothing."""
    if isinstance(positions, range):
        return members[positions.start : positions.stop : positions.step]
    return tuple(members[it] for it in positions)


@dataclass(frozen=True, slots=True)
class Aggregation:
    """What some switches do in a phase.

    Attributes:
        tree: the switches.
        part: what they do.
        block: bytes of each of the phase's blocks.
    """

    tree: ReductionTree
    part: InNetworkPart
    block: Bytes


def aggregations_of(
    parts: Sequence[InNetworkPart], block: Bytes, ring: LogicalRing, turn: int
) -> Iterator[Aggregation]:
    """What switches do in a phase, as one member takes part in it.

    Raises:
        InputError: if no switches join its members.
    """
    for part in parts:
        yield Aggregation(part.tree(ring, turn), part, block)
