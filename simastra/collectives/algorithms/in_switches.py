"""``nvls`` and ``sharp``: every member sends its data once, and switches reduce and multicast them.

NVIDIA, "NVSwitch and NVLink SHARP", Hot Chips 2022; Graham et al., "Scalable hierarchical
aggregation protocol (SHARP): a hardware architecture for efficient data reduction", 2016.
"""

from __future__ import annotations

from abc import ABC
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar, Self, final

from simastra.collectives.algorithm import MessageSizes, message_size
from simastra.collectives.entry import AlgorithmEntry
from simastra.collectives.members import LogicalRing
from simastra.collectives.steps import Step, Transfer
from simastra.collectives.stepwise import StepwiseAlgorithm
from simastra.deferred import deferred
from simastra.trace import CollectiveType
from simastra.units import Bytes
from simastra.view.phrases import npus_words

if TYPE_CHECKING:
    from simastra.collectives import in_network
    from simastra.collectives.in_network import InNetworkPart, ReducingNetwork
else:  # few collectives use switches
    in_network = deferred("simastra.collectives.in_network")


@dataclass(frozen=True, slots=True)
class _InSwitches(StepwiseAlgorithm, ABC):
    """What both have in common.

    Attributes:
        network: whose switches; None until it is known (`on`).
    """

    word: ClassVar[str]

    network: ReducingNetwork | None = None

    uses_switches = True
    alternates = True
    sends_evenly = True

    def on(self, network: ReducingNetwork) -> Self:
        """On a network."""
        return replace(self, network=network)

    def problem(self, collective: CollectiveType, npus: int) -> str | None:
        """It is for what switches reduce or multicast."""
        if collective in in_network.IN_NETWORK:
            return None
        runs = ", ".join(it.name for it in in_network.IN_NETWORK)
        return f"{self.word} can't run {collective.name}; it is for {runs}"

    def problem_among(self, collective: CollectiveType, ring: LogicalRing) -> str | None:
        """It needs switches that reduce and join the members."""
        known = self.problem(collective, len(ring))
        if known or (self.network is not None and self.network.reduction_trees(ring.members)):
            return known
        return in_network.no_switch(self.word, ring.members)

    def in_network(
        self, collective: CollectiveType, npus: int, position: int
    ) -> Sequence[InNetworkPart]:
        """All of it."""
        assert self.network is not None  # who makes a platform has told it
        own = tuple((block,) for block in range(npus))
        return (in_network.InNetworkPart(self.word, self.network, collective, range(npus), own),)

    def steps(self, collective: CollectiveType, npus: int, position: int) -> Iterator[Step]:
        """One: up with all that it has; down comes the result, shard by shard if gathered."""
        part = self.in_network(collective, npus, position)[0]
        own, everything = (position,), range(npus)
        gathers = collective is CollectiveType.ALL_GATHER
        whole = collective is CollectiveType.ALL_REDUCE
        down = [(it,) for it in everything] if gathers else [everything if whole else own]
        yield Step(
            (Transfer(position, own if gathers else everything, part),),
            tuple(Transfer(position, blocks, part) for blocks in down),
        )

    def message_sizes(self, collective: CollectiveType, size: Bytes, npus: int) -> MessageSizes:
        """Whole buffers; shares and shards where members get or have no more."""
        block = message_size(collective, size, npus)
        gathers = collective is CollectiveType.ALL_GATHER
        whole = collective is CollectiveType.ALL_REDUCE
        return MessageSizes(block * npus if whole else block, block if gathers else block * npus)


@final
@dataclass(frozen=True, slots=True)
class Nvls(_InSwitches):
    """One switch does it, to which every member has a link; if several might, they take turns."""

    word = "nvls"

    def problem_among(self, collective: CollectiveType, ring: LogicalRing) -> str | None:
        """It needs one that joins all."""
        known = super(Nvls, self).problem_among(collective, ring)
        if known or self.network is None:
            return known
        if len(self.network.reduction_trees(ring.members)[0].children) == 1:
            return None
        return (
            f"nvls has one switch reduce, and none joins {npus_words(ring.members)} all by itself; "
            "use sharp, which goes through several"
        )


@final
@dataclass(frozen=True, slots=True)
class Sharp(_InSwitches):
    """A tree of switches does it, of as few levels as can be; if several might, they take turns."""

    word = "sharp"


NVLS, SHARP = AlgorithmEntry(Nvls()), AlgorithmEntry(Sharp())
