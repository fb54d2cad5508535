"""Modes are made of their settings.

To add one: its settings in `simastra.sweep.study.mode_choice`, and here what makes it of them.
"""

from __future__ import annotations

from functools import singledispatch
from itertools import islice
from typing import TYPE_CHECKING

from simastra.config import ConfigModel
from simastra.deferred import deferred
from simastra.sweep.study.mode_choice import GridSettings, OptunaSettings, RandomSettings

from .drawn import drawn
from .listed import Listed
from .mode import Mode

if TYPE_CHECKING:
    from simastra.sweep.study import Study

    from . import optuna_mode
else:  # Optuna is an extra
    optuna_mode = deferred("simastra.sweep.modes.optuna_mode")


def mode_of(study: Study) -> Mode:
    """The mode that a study chooses, at its beginning.

    Raises:
        MissingPackageError: if the package that it takes isn't installed.
    """
    return made(study.mode.settings, study)


@singledispatch
def made(settings: ConfigModel, study: Study) -> Mode:
    """The mode of such settings, for a study."""
    raise TypeError(f"nothing makes a mode of {type(settings).__name__} for {study}")


@made.register(GridSettings)
def _grid(_: GridSettings, study: Study) -> Mode:
    return Listed(study.space.numbers(), study.space.size)


@made.register(RandomSettings)
def _random(settings: RandomSettings, study: Study) -> Mode:
    numbers = drawn(study, settings.seed)
    return Listed(islice(numbers, settings.points), min(settings.points, study.space.size))


@made.register(OptunaSettings)
def _optuna(settings: OptunaSettings, study: Study) -> Mode:
    return optuna_mode.OptunaMode(study, settings)
