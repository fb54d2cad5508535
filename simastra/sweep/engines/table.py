"""Engines by their names. To add one, add an entry."""

from collections.abc import Callable, Mapping

from simastra.errors import OptionError
from simastra.suggestions import unknown_name
from simastra.sweep.study import Study

from .dask_cluster import DaskEngine
from .engine import Engine, EngineSettings
from .processes import Processes
from .serial import Serial

ENGINES: Mapping[str, type[Engine]] = {
    "serial": Serial,
    "processes": Processes,
    "dask": DaskEngine,
}
"""Engines by name."""


def engine_named(name: str, settings: EngineSettings) -> Callable[[Study], Engine]:
    """What begins an engine for a study; that may raise InputError, if the engine can't work.

    Args:
        name: of the engine.
        settings: how it is to run.

    Raises:
        OptionError: if there is none of that name, or it doesn't take a setting that is given.
    """
    if name not in ENGINES:
        raise OptionError("engine", unknown_name("engine", name, ENGINES))
    chosen = ENGINES[name]
    given = {"workers": settings.workers, "scheduler": settings.scheduler}
    for setting, value in given.items():
        if value is not None and setting not in chosen.takes:
            takers = [it for it, entry in ENGINES.items() if setting in entry.takes]
            problem = f"engine {name} takes none; it is for {' and '.join(takers)}"
            raise OptionError(setting, problem)
    if settings.workers is not None and settings.workers < 1:
        raise OptionError("workers", f"must be 1 or more, not {settings.workers}")
    return lambda study: chosen(study, settings)
