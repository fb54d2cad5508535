"""An entry of an implementation list that stands for several algorithms, of which sizes decide."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from math import lcm
from typing import Self, TypeAlias, final

from simastra.collectives.algorithm import (
    Algorithm,
    CollectiveCall,
    RingSymmetry,
    runs_instead,
)
from simastra.collectives.in_network import ReducingNetwork
from simastra.collectives.machine import PhaseMachine
from simastra.collectives.members import LogicalRing
from simastra.promises import states
from simastra.trace import CollectiveType
from simastra.units import Bytes

Select: TypeAlias = Callable[[CollectiveCall], Algorithm]
"""The algorithm for a collective."""

MaySelect: TypeAlias = Callable[[CollectiveType, int], Iterable[Algorithm]]
"""Those that may be selected for a collective among so many members."""


@final
@dataclass(frozen=True)
class AlgorithmSelector(Algorithm):
    """Stands for several algorithms, and promises what all of them promise.

    Attributes:
        candidates: all that may be selected, at least one.
        select: selects one of them.
        may_select: says which of them may be selected.
        word: what it is called in the system file.
        files: as of `Algorithm`.
        network: that they run on; None until it is known.
    """

    candidates: tuple[Algorithm, ...]
    select: Select
    may_select: MaySelect
    word: str
    files: tuple[str, ...] = ()
    network: ReducingNetwork | None = None

    selects = True

    def on(self, network: ReducingNetwork) -> Self:
        """With all as they are on a network."""
        candidates = tuple(it.on(network) for it in self.candidates)
        return replace(self, candidates=candidates, network=network)

    @property
    def uses_switches(self) -> bool:
        """Whether one does."""
        return any(it.uses_switches for it in self.candidates)

    def selected(self, asked: CollectiveCall) -> Algorithm:
        """One of the candidates."""
        return self._placed(self.select(asked))

    def _placed(self, algorithm: Algorithm) -> Algorithm:
        return algorithm if self.network is None else algorithm.on(self.network)

    def problem(self, collective: CollectiveType, npus: int) -> str | None:
        """What one of those has that may be selected."""
        return self._first(
            it.problem(collective, npus) or runs_instead(it, collective)
            for it in self.may_select(collective, npus)
        )

    def problem_among(self, collective: CollectiveType, ring: LogicalRing) -> str | None:
        """The same among these."""
        return self._first(
            self._placed(it).problem_among(collective, ring) or runs_instead(it, collective)
            for it in self.may_select(collective, len(ring))
        )

    def _first(self, problems: Iterable[str | None]) -> str | None:
        return next((f"{self.word}: {problem}" for problem in problems if problem), None)

    def machine(
        self, collective: CollectiveType, size: Bytes, ring: LogicalRing, turn: int = 0
    ) -> PhaseMachine:
        """That of the one for so many bytes: for estimates, which ask no collective."""
        selected = self.selected(CollectiveCall(collective, size, ring))
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

    @property
    def runs_uneven(self) -> bool:
        """Whether all do."""
        return all(states(it, "runs_uneven") and it.runs_uneven for it in self.candidates)
