"""What a mode has to do."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import ClassVar


class Mode(ABC):
    """Says which points of a study's space are run, a batch after the other.

    Every number comes once. What is asked follows from the study and from what was told of batches
    before, never from when that was: so all engines run the same points.
    """

    waits: ClassVar[bool]
    """Whether what it asks for depends on what it was told: each batch is then to be told of before
    the next is asked for."""

    @property
    def total(self) -> int | None:
        """How many numbers it will ask for at the most; None where that isn't known."""
        return None

    @abstractmethod
    def ask(self) -> Sequence[int]:
        """The numbers of the next points; none at the end."""

    @abstractmethod
    def tell(self, numbers: Sequence[int], rows: Sequence[Mapping[str, object]]) -> None:
        """Take in what came of a batch, or of a part of it.

        Args:
            numbers: of points that were asked for.
            rows: the table's row of each.
        """
