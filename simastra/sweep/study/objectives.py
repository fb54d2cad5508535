"""What a study wants: columns that are to be small, or large."""

from dataclasses import dataclass
from enum import StrEnum


class Goal(StrEnum):
    """Which values of a column are the better ones."""

    MIN = "min"
    MAX = "max"


@dataclass(frozen=True, slots=True)
class Objective:
    """One of the things that a study wants.

    Attributes:
        column: of the table.
        goal: which of its values are the better ones.
    """

    column: str
    goal: Goal

    def cost(self, value: float) -> float:
        """A value of the column as a cost: the less, the better.

        >>> Objective("tokens_per_s", Goal.MAX).cost(3)
        -3
        """
        return value if self.goal is Goal.MIN else -value
