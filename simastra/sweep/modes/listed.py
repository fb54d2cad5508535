"""Points that are known before any is run: all in their order, or some drawn at random."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import ClassVar, final

from .mode import Mode

_BATCH = 256


@final
class Listed(Mode):
    """Points that are known without running any.

    Args:
        numbers: of the points.
        total: how many there are at the most.
    """

    waits: ClassVar[bool] = False

    def __init__(self, numbers: Iterator[int], total: int) -> None:
        self._numbers = numbers
        self._total = total

    @property
    def total(self) -> int:
        """How many numbers there are at the most."""
        return self._total

    def ask(self) -> Sequence[int]:
        """Some more of them."""
        return list(islice(self._numbers, _BATCH))

    def tell(self, numbers: Sequence[int], rows: Sequence[Mapping[str, object]]) -> None:
        """Nothing follows from it."""
