"""An entry of an implementation list that stands for several algorithms, of which sizes decide."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import lcm
from typing import TypeAlias, final

from simastra.collectives.algorithm import Algorithm, Asked, RingSymmetry
from simastra.collectives.machine import PhaseMachine
from simastra.collectives.members import LogicalRing
from simastra.promises import states
from simastra.trace import CollectiveType
from simastra.units import Bytes

Select: TypeAlias = Callable[[Asked], Algorithm]
"""The algorithm for a collective."""

Problem: TypeAlias = Callable[[CollectiveType, int], str | None]
"""Why one of those that may be selected can't run a collective among so many members."""


@final
@dataclass(frozen=True)
class AlgorithmSelector(Algorithm):
    """Stands for several algorithms, and promises what all of them promise.

    Attributes:
        candidates: all that may be selected, at least one.
        select: selects one of them.
        finds_problem: as of `Algorithm.problem`.
        files: as of `Algorithm`.
    """

    candidates: tuple[Algorithm, ...]
    select: Select
    finds_problem: Problem
    files: tuple[str, ...] = ()

    selects = True

    def selected(self, asked: Asked) -> Algorithm:
        """One of the candidates."""
        return self.select(asked)

    def problem(self, collective: CollectiveType, npus: int) -> str | None:
        """What one of those has that may be selected."""
        return self.finds_problem(collective, npus)

    def machine(
        self, collective: CollectiveType, size: Bytes, ring: LogicalRing, turn: int = 0
    ) -> PhaseMachine:
        """That of the one for so many bytes: for estimates, which ask no collective."""
        selected = self.select(Asked(collective, size, ring))
        return selected.machine(collective, size, ring, turn)

    @property
    def symmetry(self) -> RingSymmetry:
        """What all have in common."""
        promised = {
            it.symmetry if states(it, "symmetry") else RingSymmetry.NONE for it in self.candidates
        }
        if len(promised) == 1:
            return promised.pop()
        return RingSymmetry.NONE if RingSymmetry.NONE in promised else RingSymmetry.IDENTITY

    @property
    def alternates(self) -> bool:
        """Whether one may."""
        return any(not states(it, "alternates") or it.alternates for it in self.candidates)

    @property
    def period(self) -> int | None:
        """After how many turns all begin anew."""
        periods = [it.period if it.alternates else 1 for it in self.candidates]
        known = [it for it in periods if it is not None]
        return lcm(*known) if len(known) == len(periods) else None

    @property
    def has_scores(self) -> bool:
        """Whether all have."""
        return all(states(it, "has_scores") and it.has_scores for it in self.candidates)

    @property
    def sends_evenly(self) -> bool:
        """Whether the members of all do."""
        return all(it.sends_evenly for it in self.candidates)
