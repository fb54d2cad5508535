"""What ``auto`` has come to: an algorithm for each collective that was asked about."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass

from simastra.collectives.algorithm import Algorithm, CollectiveCall
from simastra.trace import CollectiveType

from .auto import first_able
from .selector import AlgorithmSelector


def decided(table: Mapping[Hashable, Algorithm]) -> Algorithm:
    """What runs each of them; the algorithm itself, if it is the same for all.

    Args:
        table: the algorithm by `CollectiveCall.key`, of one or more.
    """
    candidates = tuple(dict.fromkeys(table.values()))
    if len(candidates) == 1:
        return candidates[0]
    by_key = _Table(table, candidates)
    return AlgorithmSelector(candidates, by_key.select, by_key.may_select, "auto")


@dataclass(frozen=True, slots=True)
class _Table:
    """The algorithm by `CollectiveCall.key`.

    Attributes:
        algorithms: by that.
        candidates: all of them, each once.
    """

    algorithms: Mapping[Hashable, Algorithm]
    candidates: tuple[Algorithm, ...]

    def select(self, asked: CollectiveCall) -> Algorithm:
        """The one that was decided on; for estimates, which ask no collective, one that can."""
        known = self.algorithms.get(asked.key)
        return known or first_able(self.candidates, asked.collective, len(asked.ring))

    def may_select(self, collective: CollectiveType, npus: int) -> Iterator[Algorithm]:
        """One that can run it: that the one decided on can, switches included, has been seen."""
        able = first_able(self.candidates, collective, npus)
        if not able.uses_switches:
            yield able
