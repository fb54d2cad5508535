"""Algorithms that go step by step: in each, a member sends, then waits for what it is to receive.

An algorithm lists its steps, and which blocks each message carries; the machine, the sizes of
messages and what the conformance suite follows are made of that list.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from simastra.deferred import deferred
from simastra.trace import CollectiveType
from simastra.units import Bytes

from .algorithm import MessageSizes, RingSymmetry, UnevenRunner, message_size
from .machine import PhaseMachine
from .members import LogicalRing
from .steps import Step

if TYPE_CHECKING:
    from simastra.collectives import in_network, stepwise_machine

    from .in_network import Aggregation, InNetworkPart
    from .part_sizes import BlockSizes
else:  # most runs have none of these algorithms
    in_network = deferred("simastra.collectives.in_network")
    stepwise_machine = deferred("simastra.collectives.stepwise_machine")


class StepwiseAlgorithm(UnevenRunner):
    """An algorithm that lists each member's steps.

    The first step's messages pass the endpoint as local data; later ones go out as soon as what the
    step before received has passed it, as in ring (behaviour 3.6). The machine only counts, and
    knows members by their positions alone: what follows from that, each algorithm promises itself.
    """

    @abstractmethod
    def steps(self, collective: CollectiveType, npus: int, position: int) -> Iterable[Step]:
        """What the member at `position` does in `collective` among `npus`, step by step."""

    def in_network(
        self, collective: CollectiveType, npus: int, position: int
    ) -> Sequence[InNetworkPart]:
        """What switches do of what the member at `position` takes part in, step by step."""
        return ()

    def machine(
        self, collective: CollectiveType, size: Bytes, ring: LogicalRing, turn: int = 0
    ) -> PhaseMachine:
        """A machine that goes through the member's steps."""
        block = message_size(self.runs_as(collective), size, len(ring))
        steps = tuple(self.steps(collective, len(ring), ring.position))
        if self.uses_switches:
            return stepwise_machine.InNetworkMachine(ring, block, steps, turn)
        return stepwise_machine.StepwiseMachine(ring, block, steps)

    def aggregations(
        self, collective: CollectiveType, size: Bytes, ring: LogicalRing, turn: int = 0
    ) -> Iterable[Aggregation]:
        """Those of its parts in switches."""
        block = message_size(self.runs_as(collective), size, len(ring))
        parts = self.in_network(collective, len(ring), ring.position)
        return in_network.aggregations_of(parts, block, ring, turn)

    def uneven_machine(
        self, collective: CollectiveType, sizes: BlockSizes, ring: LogicalRing, turn: int = 0
    ) -> PhaseMachine:
        """A machine that goes through the member's steps, as far as there is something in them."""
        steps = self.steps(collective, len(ring), ring.position)
        left = tuple(
            Step(
                tuple(it for it in step.sends if sizes.of(it.blocks)),
                tuple(it for it in step.receives if sizes.of(it.blocks)),
                step.reduces,
            )
            for step in steps
        )
        some = tuple(step for step in left if step.sends or step.receives)
        if not some:
            return stepwise_machine.IdleMachine()
        return stepwise_machine.UnevenStepwiseMachine(ring, sizes, some)

    def message_sizes(self, collective: CollectiveType, size: Bytes, npus: int) -> MessageSizes:
        """From the steps: of one member where all do the same, else of all."""
        alike = self.symmetry in {RingSymmetry.SHIFTS, RingSymmetry.EXCHANGES}
        counts = {
            len(carried.blocks)
            for position in range(1 if alike else npus)
            for step in self.steps(collective, npus, position)
            for carried in (*step.sends, *step.receives)
        }
        block = message_size(self.runs_as(collective), size, npus)
        return MessageSizes(min(counts) * block, max(counts) * block)
