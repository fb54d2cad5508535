"""What sweeps of the same question tell each other, in a database of Optuna's."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from simastra.errors import ConfigError

if TYPE_CHECKING:
    from simastra.sweep.study import Study


class SharedStorage:
    """Finished points of all sweeps that share it; none of them waits for another.

    Suggestions are made in memory: a database would be written to for each of them.

    Args:
        optuna: the module.
        url: of the database; empty for one that nobody else has.
        study: what is asked; only sweeps of the same question share it.
        directions: of its objectives, as Optuna has them.

    Raises:
        ConfigError: if the database can't be used.
    """

    def __init__(self, optuna: Any, url: str, study: Study, directions: Sequence[str]) -> None:
        self._optuna = optuna
        self._heard = 0
        self._study: Any = None
        if not url:
            return
        try:
            self._study = optuna.create_study(
                storage=url,
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

    def news(self) -> Iterator[tuple[dict[str, int], list[float]]]:
        """Points that have come since, as what is chosen of each axis, with their objectives."""
        if self._study is not None:
            trials = self._study.get_trials(deepcopy=False)[self._heard :]
            self._heard += len(trials)
            yield from ((trial.params, trial.values) for trial in trials if trial.values)

    def add(
        self, chosen: dict[str, int], distributions: dict[str, Any], values: Sequence[float]
    ) -> None:
        """Tell the others of a point."""
        if self._study is not None:
            made = self._optuna.trial.create_trial
            self._study.add_trial(made(params=chosen, distributions=distributions, values=values))
