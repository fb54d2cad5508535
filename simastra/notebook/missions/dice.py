"""What a seed makes different from mission to mission: the same on every machine."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar

from simastra.draws import permuted, uniform

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Dice:
    """Draws for a mission; what is drawn depends on nothing but the seed and what it is for.

    Attributes:
        mission: its name.
        seed: the player's.
    """

    mission: str
    seed: int

    def part(self, *what: object) -> float:
        """A number between 0 and 1."""
        return next(uniform("mission", self.mission, self.seed, *what))

    def parts(self, count: int, *what: object) -> list[float]:
        """So many numbers between 0 and 1."""
        return list(islice(uniform("mission", self.mission, self.seed, *what), count))

    def one_of(self, items: Sequence[_T], *what: object) -> _T:
        """One of several, each as likely as any other."""
        return items[int(self.part(*what) * len(items))]

    def whole(self, low: int, high: int, *what: object) -> int:
        """A whole number, both ends included."""
        return self.one_of(range(low, high + 1), *what)

    def shuffled(self, items: Sequence[_T], *what: object) -> list[_T]:
        """The same in another order."""
        return permuted(items, "mission", self.mission, self.seed, *what)
