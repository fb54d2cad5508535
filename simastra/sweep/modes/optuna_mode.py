"""Points that Optuna suggests, of what came of those before."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, ClassVar, final

from simastra.requirement import require
from simastra.sweep.status import Status
from simastra.sweep.study.mode_choice import OptunaSettings
from simastra.sweep.study.objectives import Goal, Objective

from .drawn import drawn
from .encoding import Encoding
from .first_points import covering, farthest
from .mode import Mode
from .nearest import Nearest
from .preselection import Preselection
from .samplers import SAMPLERS, batch_size
from .shared_storage import SharedStorage

if TYPE_CHECKING:
    from simastra.sweep.study import Study

_FIRST_OF, _FIRST_OF_ONE_BATCH = 512, 128
"""Points at random that the first ones are chosen from; choosing takes more where none follow."""


@final
class OptunaMode(Mode):
    """Asks Optuna for points, in batches of a size that the study alone decides.

    The first batch is spread over what conditions allow. Of what Optuna suggests then, whatever
    can't be run, or has been, becomes the nearest point that can; of the suggestions of samplers
    without a model, the most promising are run. Where that brings too few, others are drawn.
    Optuna is told what came of every point, wherever it came from.

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
        self._nearest = Nearest(self._encoding, self._allows, settings.seed)
        self._per_point = SAMPLERS[settings.sampler].suggestions_per_point
        self._preselection = Preselection(self._encoding, study.objectives)
        self._asked: set[int] = set()
        self._came: dict[int, list[float] | None] = {}
        """The objectives of points that have been run; None for those that came to nothing."""
        self._trials: dict[int, Any] = {}
        """Trials that wait for their point."""
        directions = ["minimize" if it.goal is Goal.MIN else "maximize" for it in self._objectives]
        with _quietly(self._optuna):
            self._distributions = self._encoding.distributions(self._optuna)
            self._study = self._made(settings, directions)
            self._shared = SharedStorage(self._optuna, settings.storage, study, directions)

    @property
    def total(self) -> int:
        """As many as the study wants, or there are."""
        return self._total

    def ask(self) -> Sequence[int]:
        """The next batch."""
        wanted = min(self._batch, self._total - len(self._asked))
        with _quietly(self._optuna):
            self._hear()
            chosen = self._following(wanted) if self._came else self._first(wanted)
            batch = dict.fromkeys(chosen)
            taken = self._asked.union(batch)
            batch |= dict.fromkeys(islice(self._left(taken), wanted - len(batch)))
            self._asked.update(batch)
            self._trials.update((it, self._trial(it)) for it in batch)
        return list(batch)

    def tell(self, numbers: Sequence[int], rows: Sequence[Mapping[str, object]]) -> None:
        """Tell Optuna what came of points."""
        with _quietly(self._optuna):
            for number, row in zip(numbers, rows, strict=True):
                values = _values(self._objectives, row)
                if number not in self._came and values is not None:
                    chosen = self._encoding.chosen(number)
                    self._shared.add(chosen, self._distributions, values)
                self._came[number] = values
                self._told(self._trials.pop(number), values)

    def _hear(self) -> None:
        """Learn what came of others' points."""
        for chosen, values in self._shared.news():
            number = self._encoding.number(chosen)
            if number not in self._asked and number not in self._came:
                self._came[number] = values
                self._told(self._trial(number), values)

    def _first(self, wanted: int) -> list[int]:
        """Points to begin with."""
        is_all = wanted == self._total
        some = list(islice(self._others, _FIRST_OF_ONE_BATCH if is_all else _FIRST_OF))
        found = (covering if is_all else farthest)(self._encoding, some, wanted)
        self._others = chain(some, self._others)  # what isn't chosen is left
        return found

    def _following(self, wanted: int) -> list[int]:
        """Points that follow from what is known."""
        if not self._distributions:
            return []
        children: dict[int, None] = {}
        for _ in range(wanted * self._per_point):
            near = self._nearest.to(
                self._suggestion(),
                lambda it: it not in self._asked and it not in self._came and it not in children,
            )
            if near is None:
                break
            children[near] = None
        return self._preselection.chosen(list(children), wanted, self._came)

    def _suggestion(self) -> int:
        """A point that Optuna suggests; what is run instead is told as a trial of its own."""
        trial = self._study.ask(self._distributions)
        self._told(trial, None)
        return self._encoding.number(trial.params)

    def _trial(self, number: int) -> Any:
        """A trial of Optuna's for a point."""
        self._study.enqueue_trial(self._encoding.chosen(number))
        return self._study.ask(self._distributions)

    def _allows(self, number: int) -> bool:
        return self._space.allows(self._space.setting(number))

    def _left(self, taken: set[int]) -> Iterator[int]:
        """Points that nobody has asked for, at random."""
        return (it for it in self._others if it not in taken)

    def _told(self, trial: Any, values: Sequence[float] | None) -> None:
        state = self._optuna.trial.TrialState
        if values is None:
            self._study.tell(trial, state=state.FAIL)
        else:
            self._study.tell(trial, values)

    def _made(self, settings: OptunaSettings, directions: Sequence[str]) -> Any:
        sampler = SAMPLERS[settings.sampler].make(self._optuna, settings.seed, self._batch)
        return self._optuna.create_study(sampler=sampler, directions=directions)


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
