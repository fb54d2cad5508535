"""A bar for a sweep, on stderr. Imports rich: import this only where one is shown."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.progress import MofNCompleteColumn, TextColumn

from simastra.cli.progress import progress_bar
from simastra.sweep.progress import SweepProgress
from simastra.sweep.study import Study

from .summary import shown_value

_SECONDS_BETWEEN_UPDATES = 0.2


class SweepBar:
    """Shows how many points are done, how many a second, and what is best so far.

    Args:
        study: what is asked. Where it asks for each value of an axis, no best of all is shown.
    """

    def __init__(self, study: Study) -> None:
        self._shown = () if study.for_each else study.objectives[:1]
        self._bar = progress_bar(MofNCompleteColumn(), TextColumn("points{task.fields[said]}"))
        self._task = self._bar.add_task("sweeping", total=None, said="")
        self._next_update = 0.0

    @contextmanager
    def shown(self) -> Iterator[None]:
        """Show it meanwhile; it is gone without a trace at the end."""
        self._bar.start()
        try:
            yield
        finally:
            self._bar.stop()

    def watch(self, progress: SweepProgress) -> None:
        """Show how far it is."""
        now = time.monotonic()
        if now < self._next_update:
            return
        self._next_update = now + _SECONDS_BETWEEN_UPDATES
        said = "".join(f", {it}" for it in self._said(progress))
        self._bar.update(self._task, completed=progress.done, total=progress.total, said=said)

    def _said(self, progress: SweepProgress) -> Iterator[str]:
        if progress.rate is not None:
            yield f"{progress.rate:,.0f} a second"
        for it in self._shown:
            if it.column in progress.best:
                yield f"best {shown_value(it.column, progress.best[it.column][it.column])}"
