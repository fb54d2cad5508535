"""What a column of a sweep's table is, and what it is computed of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from typing import TypeAlias, final

from simastra.metrics import LowerBound, TimeBreakdown, time_breakdown
from simastra.result import Result
from simastra.simulation import Simulation
from simastra.sweep.dataset import FieldKind
from simastra.units import Ns

Cell: TypeAlias = int | float | str | None
"""A value in the table; None where it isn't known."""


class OfTime(IntEnum):
    """What becomes of a column where the makespan grows, and all that is known before stays."""

    LESSENS = -1
    STAYS = 0
    GROWS = 1


@final
class PendingPoint:
    """A point before it is run, and what is known of it then: computed when it is asked, once.

    Args:
        simulation: that is to be run.
    """

    def __init__(self, simulation: Simulation) -> None:
        self.simulation = simulation

    @cached_property
    def bound(self) -> LowerBound:
        """What no run of it is faster than."""
        return self.simulation.lower_bound()


@final
class FinishedPoint:
    """A point that has been run.

    Args:
        pending: it, before.
        result: what came of it.
    """

    def __init__(self, pending: PendingPoint, result: Result) -> None:
        self.pending = pending
        self.result = result

    @cached_property
    def time_breakdown(self) -> TimeBreakdown:
        """What the time of the NPU went to that finished last: all of the makespan."""
        result = self.result
        return time_breakdown(result.nodes[result.slowest], result.makespan)


@dataclass(frozen=True, slots=True)
class SweepColumn:
    """A column that every row has beside its axes.

    Attributes:
        name: of the column.
        kind: what its values are.
        unit: of its values: ``ns``, ``B``, ``count``, or ``%`` for a share from 0 to 1; empty for
            a text, or a number of something else, which the meaning then says.
        meaning: in a sentence.
        of: its value at a point that has been run.
        before: its value at one that hasn't, where that is known then, and the same.
        at: its value if the makespan were so long, where nothing else has to be known of a run.
        of_time: what `at` does as the makespan grows; None where there is no `at`.
        part: what it is called among the parts that sum to the makespan; empty if it is none.
    """

    name: str
    kind: FieldKind
    unit: str
    meaning: str
    of: Callable[[FinishedPoint], Cell]
    before: Callable[[PendingPoint], Cell] | None = None
    at: Callable[[PendingPoint, Ns], Cell] | None = None
    of_time: OfTime | None = None
    part: str = ""

    @classmethod
    def known(
        cls,
        name: str,
        kind: FieldKind,
        unit: str,
        meaning: str,
        before: Callable[[PendingPoint], Cell],
    ) -> SweepColumn:
        """A column that is known before a run."""
        return cls(
            name,
            kind,
            unit,
            meaning,
            lambda finished: before(finished.pending),
            before,
            of_time=OfTime.STAYS,
        )

    @classmethod
    def part_of_makespan(
        cls, part: str, meaning: str, of: Callable[[TimeBreakdown], Ns]
    ) -> SweepColumn:
        """A column of what the time of the NPU went to that finished last: a part of the makespan.

        Args:
            part: what it is called.
            meaning: how long that is.
            of: its time.
        """
        return cls(
            f"{part.replace(' ', '_')}_ns",
            FieldKind.INT,
            "ns",
            f"of the NPU that finished last: {meaning}",
            lambda finished: of(finished.time_breakdown),
            part=part,
        )

    @classmethod
    def timed(
        cls,
        facts: tuple[str, FieldKind, str, str],
        at: Callable[[PendingPoint, Ns], Cell],
        of_time: OfTime,
    ) -> SweepColumn:
        """A column that follows from the makespan.

        Args:
            facts: its name, kind, unit and meaning.
            at: as of `SweepColumn`.
            of_time: as of `SweepColumn`.
        """
        return cls(
            *facts,
            lambda finished: at(finished.pending, finished.result.makespan),
            at=at,
            of_time=of_time,
        )
