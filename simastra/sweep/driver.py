"""A study, run: what its mode asks for goes to an engine, and what comes back into a folder."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from itertools import chain
from pathlib import Path
from typing import Final

from simastra.errors import ConfigError
from simastra.sweep.dataset import DataSet, Identity, Row, opened
from simastra.sweep.engines import Engine, EngineSettings, engine_named
from simastra.sweep.modes import mode_of
from simastra.sweep.points import Status, SweepPoint
from simastra.sweep.pruning import new_front
from simastra.sweep.status import FAILED
from simastra.sweep.study import Study

from .progress import SweepProgress, Watch
from .rows import fields_of_rows
from .values import point_count

FIRST_ROUND: Final = 8
"""After so many points, what is known of the front decides which of the next ones are left out:
however many of them are run at once, so that it doesn't depend on the engine. Each round has twice
as many as the one before: a small study learns soon, and a large one seldom waits."""

LARGEST_ROUND: Final = 256
"""Up to so many."""


def run_study(  # noqa: PLR0913  # two of them are but switches
    study: Study,
    folder: Path | str,
    engine: str = "serial",
    *,
    settings: EngineSettings | None = None,
    prune: bool = False,
    retry: bool = False,
    watch: Watch | None = None,
) -> SweepProgress:
    """Run what isn't there yet of a study; what ends it, keeps what is there.

    Args:
        study: what is asked.
        folder: where its rows go; it is gone on with where some are there.
        engine: what runs points, one of `ENGINES`.
        settings: of the engine.
        prune: whether points are left out whose bound says that they can't be on the front.
        retry: whether points are run again that couldn't run or finish.
        watch: is told how far it is, after each row.

    Raises:
        OptionError: there is no such engine, or it doesn't take these settings.
        ConfigError: the folder is another study's, or somebody else's at the moment; or conditions
            allow no point.
        WriteError: it can't be written to.
        InputError: the engine can't work.
        MissingPackageError: a package of the extra ``sweep`` isn't installed.
    """
    begin = engine_named(engine, settings or EngineSettings())
    identity = Identity(study.document(), study.digest, prune)
    fields, forget = fields_of_rows(study), FAILED if retry else ()
    with ExitStack() as stack, opened(Path(folder), identity, fields, forget) as data:
        sweep = _Sweep(study, data, lambda: stack.enter_context(begin(study)), watch, prune=prune)
        sweep.run()
        return sweep.progress


class _Sweep:
    """One call of `run_study`.

    Args:
        study: what is asked.
        data: where its rows go.
        begin: begins the engine.
        watch: is told how far it is.
        prune: whether points are left out.
    """

    def __init__(
        self,
        study: Study,
        data: DataSet,
        begin: Callable[[], Engine],
        watch: Watch | None,
        *,
        prune: bool,
    ) -> None:
        self._study = study
        self._data = data
        self._begin = begin
        self._engine: Engine | None = None
        self._mode = mode_of(study)
        self._front = new_front(study) if prune else None
        self._round: list[Row] = []
        self._watch = watch
        self.progress = SweepProgress(self._mode.total)

    def run(self) -> None:
        """Have all rows made that aren't there."""
        for numbers in self._rounds():
            missing = self._missing(numbers)
            first = next(missing, None)
            if first is not None:
                for row in self._made(chain([first], missing)):
                    self._take(self._data.add(row))
            if self._learns:
                self._tell(sorted(self._round, key=_number))
                self._round = []
        if not self.progress.done:
            problem = f"allows none of the {point_count(self._study.space.size)}"
            raise ConfigError(problem, source=self._study.source, key="where")

    def _made(self, numbers: Iterator[int]) -> Iterator[Row]:
        """Rows of points, made by the engine, which begins when it is wanted."""
        if self._engine is None:
            self._engine = self._begin()
        return self._engine.rows(numbers, self._front)

    def _take(self, row: Row) -> None:
        """Note a row that is there now."""
        self.progress.take(row, self._study.objectives)
        if self._watch is not None:
            self._watch(self.progress)
        if self._learns:
            self._round.append(row)

    @property
    def _learns(self) -> bool:
        """Whether what is asked next depends on what came of the points before."""
        return self._mode.waits or self._front is not None

    def _rounds(self) -> Iterator[Iterable[int]]:
        """Points, in rounds: all of them in one where nothing is learned on the way."""
        if not self._learns:
            yield chain.from_iterable(self._asked())
            return
        size = FIRST_ROUND
        for some in self._asked():
            first = 0
            while first < len(some):
                yield some[first : first + size]
                first, size = first + size, min(2 * size, LARGEST_ROUND)

    def _asked(self) -> Iterator[Sequence[int]]:
        while some := self._mode.ask():
            yield some

    def _tell(self, rows: Sequence[Row]) -> None:
        self._mode.tell([_number(row) for row in rows], rows)
        if self._front is not None:
            self._front.tell(rows)

    def _missing(self, numbers: Iterable[int]) -> Iterator[int]:
        """Numbers of points that have no row yet."""
        for number in numbers:
            row = self._known(number)
            if row is None:
                yield number
            else:
                self.progress.found += 1
                self._take(row)

    def _known(self, number: int) -> Row | None:
        """The row of a point, if there is one; that of another revision is taken over."""
        if not self._data.known:
            return None
        point = SweepPoint.of(self._study, number)
        found = self._data.find(point.digest, number)
        if found is None:
            return None
        row, is_in_its_place = found
        if is_in_its_place:
            return row
        if row["status"] == Status.PRUNED.value:  # of another front
            return None
        return self._data.add({**row, **point.named()})


def _number(row: Row) -> int:
    number = row["number"]
    assert isinstance(number, int)
    return number
