"""How far a sweep is."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from simastra.sweep.dataset import Row
from simastra.sweep.status import Status
from simastra.sweep.study import Objective


@dataclass(slots=True)
class SweepProgress:
    """How far a sweep is.

    Attributes:
        total: points that there will be; None if nobody knows.
        found: rows that were there before it began.
        counts: rows by status, those that were there included.
        best: for each objective, by its column, the row that is best in it so far: the first of
            those that are.
        failed: the first row of each status that isn't ok, or pruned.
        began: when it did, on the clock of `time.monotonic`.
    """

    total: int | None
    found: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    best: dict[str, Row] = field(default_factory=dict)
    failed: dict[str, Row] = field(default_factory=dict)
    began: float = field(default_factory=time.monotonic)

    @property
    def done(self) -> int:
        """Rows that there are."""
        return self.counts.total()

    @property
    def ran(self) -> int:
        """Rows that weren't there before."""
        return self.done - self.found

    @property
    def seconds(self) -> float:
        """Since it began."""
        return time.monotonic() - self.began

    @property
    def rate(self) -> float | None:
        """Rows a second, of those that weren't there before; None before the first."""
        return self.ran / self.seconds if self.ran else None

    def take(self, row: Row, objectives: Iterable[Objective]) -> None:
        """Count a row."""
        status = Status(str(row["status"]))
        self.counts[status.value] += 1
        if status in {Status.DEADLOCK, Status.ERROR}:
            self.failed.setdefault(status.value, row)
        if status is not Status.OK:
            return
        for it in objectives:
            value: Any = row.get(it.column)
            if value is not None and self._is_best(it, value, row):
                self.best[it.column] = row

    def _is_best(self, objective: Objective, value: Any, row: Row) -> bool:
        known = self.best.get(objective.column)
        if known is None:
            return True
        best: Any = known[objective.column]
        number: Any = row["number"]
        return bool((objective.cost(value), number) < (objective.cost(best), known["number"]))


Watch = Callable[[SweepProgress], None]
"""Is told how far a sweep is, after each row."""
