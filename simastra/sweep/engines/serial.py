"""One point after the other, here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import final

from simastra.sweep.dataset import Row
from simastra.sweep.points import PointRunner
from simastra.sweep.pruning import Front
from simastra.sweep.study import Study

from .engine import Engine, EngineSettings


@final
class Serial(Engine):
    """Runs points in this thread."""

    summary = "one after the other, in this process"

    def __init__(self, study: Study, settings: EngineSettings) -> None:
        super().__init__(study, settings)
        self._runner = PointRunner(study)

    def rows(self, numbers: Iterable[int], front: Front | None = None) -> Iterator[Row]:
        """As of `Engine`."""
        return (self._runner.row(number, front) for number in numbers)
