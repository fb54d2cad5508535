"""Which points are run, as a study chooses it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import ClassVar, Literal

from simastra.config import ConfigModel
from simastra.config.fields import Count, TextField, Whole
from simastra.errors import ConfigError
from simastra.suggestions import unknown_name


class ModeSettings(ConfigModel):
    """What a mode is told."""

    compares_all: ClassVar[bool] = False
    """Whether it chooses points by what came of others, all of them compared with each other."""


class GridSettings(ModeSettings):
    """Of the grid: none, since it runs every point."""

    word: ClassVar[str] = "grid"


class RandomSettings(ModeSettings):
    """Of points drawn at random, each of the allowed ones as likely, and none twice."""

    word: ClassVar[str] = "random"

    points: Count
    """how many are run"""

    seed: Whole = 1
    """of the draw"""


class OptunaSettings(ModeSettings):
    """Of points that Optuna suggests, of what came of those before."""

    word: ClassVar[str] = "optuna"
    compares_all: ClassVar[bool] = True

    points: Count
    """how many are run"""

    seed: Whole = 1
    """of the sampler"""

    sampler: Literal["nsga2", "tpe"] = "nsga2"
    """nsga2, or tpe"""

    storage: TextField = ""
    """URL of Optuna's database, so that a study can be gone on with; in memory, if left out"""


MODES: Mapping[str, type[ModeSettings]] = MappingProxyType(
    {"grid": GridSettings, "random": RandomSettings, "optuna": OptunaSettings}
)
"""Modes by name, each with its settings."""


@dataclass(frozen=True, slots=True)
class ModeChoice:
    """A mode, with its settings.

    Attributes:
        name: of the mode.
        settings: of it.
    """

    name: str = "grid"
    settings: ModeSettings = field(default_factory=GridSettings)

    @classmethod
    def read(cls, written: object, source: object) -> "ModeChoice":
        """Read what a study says.

        Raises:
            ConfigError: there is no such mode, or its settings are wrong.
        """
        name, settings = (written, {}) if isinstance(written, str) else _only(written)
        if name not in MODES:
            text = unknown_name("mode", str(name), MODES)
            raise ConfigError(text, source=str(source), key="mode")
        try:
            return cls(name, MODES[name].parse({} if settings is None else settings))
        except ConfigError as error:
            key = f"mode.{name}"
            raise ConfigError.of(
                ConfigError(
                    it.problem, source=str(source), key=f"{key}.{it.key}" if it.key else key
                )
                for it in error.mistakes
            ) from None


def _only(written: object) -> tuple[str, object]:
    assert isinstance(written, Mapping)  # the model of the file sees to it
    ((name, settings),) = written.items()
    return str(name), settings
