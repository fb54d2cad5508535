"""``auto``: the algorithm that takes the least simulated time on the network at hand.

Which one that is, a simulation finds out before it begins (`simastra.simulation.selection`): for
each collective, size and group once. Until then this stands for it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, final

from pydantic import Field

from simastra.collectives.algorithm import (
    Algorithm,
    Contender,
)
from simastra.collectives.in_network import ReducingNetwork
from simastra.collectives.machine import PhaseMachine
from simastra.collectives.members import LogicalRing
from simastra.collectives.options import AlgorithmOptions, AlgorithmSetting
from simastra.config import AlgorithmPart
from simastra.promises import states
from simastra.trace import CollectiveType
from simastra.units import Bytes

NONE_CAN = "auto: none of those that may be tried can run it"


class AutoOptions(AlgorithmOptions):
    """Keys beside `name` in a list of the system file."""

    among: Annotated[tuple[AlgorithmPart, ...], Field(min_length=1)] | None = None
    """names of the algorithms that are tried, each with its options if it takes any; all, if left
    out"""

    def algorithm(self, setting: AlgorithmSetting) -> Algorithm:
        """What stands for the fastest of them.

        Raises:
            UnknownAlgorithm: there is no algorithm of such a name.
            ConfigError: one is told what it doesn't take.
        """
        tried = dict.fromkeys(setting.names if self.among is None else self.among)
        algorithms = (
            setting.named(it) if isinstance(it, str) else setting.told(it, f"among[{index}]")
            for index, it in enumerate(tried)
        )
        return Undecided(tuple(map(Contender, map(str, tried), algorithms)))


@final
@dataclass(frozen=True)
class Undecided(Algorithm):
    """Stands for the one of the least time until it is decided which one that is.

    Attributes:
        contenders: all that may be it, at least one.
    """

    contenders: tuple[Contender, ...]

    selects = True

    def problem(self, collective: CollectiveType, npus: int) -> str | None:
        """None if one of them can run it."""
        return _problem_of_all(it.algorithm.problem(collective, npus) for it in self.contenders)

    def problem_among(self, collective: CollectiveType, ring: LogicalRing) -> str | None:
        """None if one of them can run it among these."""
        return _problem_of_all(
            it.algorithm.problem_among(collective, ring) for it in self.contenders
        )

    @property
    def uses_switches(self) -> bool:
        """Whether one does."""
        return any(it.algorithm.uses_switches for it in self.contenders)

    @property
    def runs_uneven(self) -> bool:
        """Whether one does."""
        return any(
            states(it.algorithm, "runs_uneven") and it.algorithm.runs_uneven
            for it in self.contenders
        )

    def on(self, network: ReducingNetwork) -> Undecided:
        """With all as they are on a network."""
        return Undecided(
            tuple(Contender(it.name, it.algorithm.on(network)) for it in self.contenders)
        )

    def machine(
        self, collective: CollectiveType, size: Bytes, ring: LogicalRing, turn: int = 0
    ) -> PhaseMachine:
        """That of the first that can run it: for estimates."""
        algorithms = [it.algorithm for it in self.contenders]
        able = first_able(algorithms, collective, len(ring))
        return able.machine(collective, size, ring, turn)


def _problem_of_all(problems: Iterable[str | None]) -> str | None:
    found = []
    for problem in problems:
        if problem is None:
            return None
        found.append(problem)
    return found[0] if len(found) == 1 else f"{NONE_CAN}; {found[0]}"


def first_able(
    algorithms: list[Algorithm] | tuple[Algorithm, ...], collective: CollectiveType, npus: int
) -> Algorithm:
    """The first that can run a collective among so many members; the first, if none can."""
    able = (it for it in algorithms if it.problem(collective, npus) is None)
    return next(able, algorithms[0])
