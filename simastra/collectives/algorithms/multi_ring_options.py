"""What the system file tells `multiRing`."""

from typing import Annotated

from pydantic import AfterValidator, Field

from simastra.collectives.algorithm import Algorithm
from simastra.collectives.options import AlgorithmOptions, AlgorithmSetting
from simastra.config.messages import problem

from .multi_ring import MultiRing, Order


def _orders(rings: tuple[Order, ...]) -> tuple[Order, ...]:
    """Check that they go through the same members, each once."""
    for index, ring in enumerate(rings):
        if sorted(ring) != list(range(len(rings[0]))):
            raise problem(f"entry {index} doesn't go once through each of 0 to {len(rings[0]) - 1}")
    return rings


class MultiRingOptions(AlgorithmOptions):
    """Keys beside `name` in a list of the system file."""

    rings: Annotated[tuple[Order, ...], AfterValidator(_orders), Field(min_length=1)] | None = None
    """the order in which each ring goes through the members; their own, if left out"""

    reverses: bool = True
    """whether each ring is there the other way round as well"""

    def algorithm(self, setting: AlgorithmSetting) -> Algorithm:
        """The algorithm that is told so."""
        return MultiRing(self.rings or (), self.reverses)
