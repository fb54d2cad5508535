"""Points that Optuna suggests, of what came of those before."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import TYPE_CHECKING, Any, ClassVar, final

from simastra.errors import ConfigError
from simastra.requirement import require
from simastra.sweep.status import Status
from simastra.sweep.study.mode_choice import OptunaSettings
from simastra.sweep.study.objectives import Goal, Objective

from .drawn import drawn
from .encoding import Encoding
from .mode import Mode
from .samplers import SAMPLERS, batch_size

if TYPE_CHECKING:
    from simastra.sweep.study import Study

_TRIES = 40
"""Suggestions for each point of a batch: what is known already, or isn't allowed, counts too."""


@final
class OptunaMode(Mode):
    """Asks Optuna for points, in batches of a size that the study alone decides.

    What it suggests again is told at once, and costs nothing; what conditions don't allow, or comes
    to nothing, has failed. Where it only repeats itself, a batch is filled up at random.

    Args:
        study: whose points.
        settings: how many, and how they are sampled.

    Raises:
        MissingPackageError: if Optuna isn't installed.
    """

    waits: ClassVar[bool] = True

    def __init__(self, study: Study, settings: OptunaSettings) -> None:
        self._optuna = require("optuna", "sweep", "the mode optuna")
        self._space = study.space
        self._objectives = study.objectives
        self._encoding = Encoding(study.axes)
        self._total = min(settings.points, self._space.size)
        self._batch = batch_size(settings.points)
        self._others = drawn(study, settings.seed)
        self._asked: set[int] = set()
        self._came: dict[int, list[float] | None] = {}
        """The objectives of points that have been run; None for those that came to nothing."""
        self._trials: dict[int, list[Any]] = {}
        """Trials that wait for a point."""
        with _quietly(self._optuna):
            self._distributions = self._encoding.distributions(self._optuna)
            self._study = self._made(study, settings)

    @property
    def total(self) -> int:
        """As many as the study wants, or there are."""
        return self._total

    def ask(self) -> Sequence[int]:
        """The next batch."""
        wanted = min(self._batch, self._total - len(self._asked))
        batch: dict[int, None] = {}
        with _quietly(self._optuna):
            for number in islice(self._suggested(), _TRIES * wanted):
                if number is not None and number not in self._asked:
                    batch[number] = None
                if len(batch) == wanted:
                    break
        taken = self._asked.union(batch)
        batch |= dict.fromkeys(islice(self._left(taken), wanted - len(batch)))
        self._asked.update(batch)
        return list(batch)

    def tell(self, numbers: Sequence[int], rows: Sequence[Mapping[str, object]]) -> None:
        """Tell Optuna what came of points."""
        with _quietly(self._optuna):
            for number, row in zip(numbers, rows, strict=True):
                values = self._came[number] = _values(self._objectives, row)
                for trial in self._trials.pop(number, ()):
                    self._told(trial, values)

    def _suggested(self) -> Iterator[int | None]:
        """Points that Optuna suggests, without an end; None for one that is settled at once."""
        while self._distributions:
            trial = self._study.ask(self._distributions)
            number = self._encoding.number(trial.params)
            if number in self._came:
                self._told(trial, self._came[number])
                yield None
            elif not self._space.allows(self._space.setting(number)):
                self._told(trial, None)
                yield None
            else:
                self._trials.setdefault(number, []).append(trial)
                yield number

    def _left(self, taken: set[int]) -> Iterator[int]:
        """Points that nobody has asked for, at random."""
        return (it for it in self._others if it not in taken)

    def _told(self, trial: Any, values: Sequence[float] | None) -> None:
        state = self._optuna.trial.TrialState
        if values is None:
            self._study.tell(trial, state=state.FAIL)
        else:
            self._study.tell(trial, values)

    def _made(self, study: Study, settings: OptunaSettings) -> Any:
        directions = ["minimize" if it.goal is Goal.MIN else "maximize" for it in self._objectives]
        sampler = SAMPLERS[settings.sampler](self._optuna, settings.seed, self._batch)
        if not settings.storage:
            return self._optuna.create_study(sampler=sampler, directions=directions)
        try:
            return self._optuna.create_study(
                storage=settings.storage,
                sampler=sampler,
                study_name=f"simastra {study.digest}",
                directions=directions,
                load_if_exists=True,
            )
        except Exception as error:  # of any of the databases that there are
            problem = (
                f"can't be used ({type(error).__name__}); give the URL of a database such as "
                "sqlite:///optuna.db, or leave it out"
            )
            raise ConfigError(problem, source=study.source, key="mode.optuna.storage") from error


def _values(objectives: Sequence[Objective], row: Mapping[str, object]) -> list[float] | None:
    """The objectives of a point that was run; None of one that came to nothing."""
    if row.get("status") != Status.OK:
        return None
    values = [row.get(it.column) for it in objectives]
    numbers = [float(it) for it in values if isinstance(it, int | float)]
    return numbers if len(numbers) == len(values) else None


@contextmanager
def _quietly(optuna: Any) -> Iterator[None]:
    """Without Optuna's log, and its warnings of what may change in later versions."""
    verbosity = optuna.logging.get_verbosity()
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
            yield
    finally:
        optuna.logging.set_verbosity(verbosity)
