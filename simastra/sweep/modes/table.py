"""Which points of a study are run, by the name of its mode.

To add a mode: its settings in `simastra.sweep.study.mode_choice`, and an entry in `MODES`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import islice
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias

from simastra.deferred import deferred
from simastra.sweep.study.mode_choice import OptunaSettings, RandomSettings

from .drawn import drawn
from .listed import Listed
from .mode import Mode

if TYPE_CHECKING:
    from simastra.sweep.study import Study

    from . import optuna_mode
else:  # Optuna is an extra
    optuna_mode = deferred("simastra.sweep.modes.optuna_mode")

MakeMode: TypeAlias = Callable[["Study"], Mode]
"""Makes the mode of a study."""


def _grid(study: Study) -> Mode:
    return Listed(study.space.numbers(), study.space.size)


def _random(study: Study) -> Mode:
    space, settings = study.space, study.mode.settings
    assert isinstance(settings, RandomSettings)
    numbers = drawn(study, settings.seed)
    return Listed(islice(numbers, settings.points), min(settings.points, space.size))


def _optuna(study: Study) -> Mode:
    settings = study.mode.settings
    assert isinstance(settings, OptunaSettings)
    return optuna_mode.OptunaMode(study, settings)


MODES: Mapping[str, MakeMode] = MappingProxyType(
    {"grid": _grid, "random": _random, "optuna": _optuna}
)
"""Modes by the name that studies choose them by."""


def mode_of(study: Study) -> Mode:
    """The mode that a study chooses, at its beginning.

    Raises:
        MissingPackageError: if the package that it takes isn't installed.
    """
    return MODES[study.mode.name](study)
