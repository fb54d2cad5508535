"""What is wrong with a study, gathered, so that all of it is told at once."""

from contextlib import AbstractContextManager
from pathlib import Path

from simastra.errors import ConfigError, InputError, OptionError

from .axes import AxisError
from .expressions import ExpressionError
from .names import UnknownNameError


class Mistakes:
    """Gathers them.

    Args:
        source: of the study.

    Attributes:
        found: so far.
        source: of the study.
    """

    def __init__(self, source: Path | str) -> None:
        self.source = source
        self.found: list[ConfigError] = []

    def add(self, key: str, problem: str) -> None:
        """Add one of a key."""
        self.found.append(ConfigError(problem, source=self.source, key=key))

    def telling(self, key: str) -> "_Telling":
        """Add what is raised within, which ends there; it concerns a key."""
        return _Telling(self, key)


class _Telling(AbstractContextManager[None, bool]):
    """Within it, mistakes are gathered; a class, so that a type checker knows that it goes on."""

    def __init__(self, mistakes: Mistakes, key: str) -> None:
        self._mistakes = mistakes
        self._key = key

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> bool:
        if isinstance(error, AxisError | ExpressionError | UnknownNameError | InputError):
            self._mistakes.found.extend(told_at(error, self._mistakes.source, self._key).mistakes)
            return True
        return False


def told_at(error: Exception, source: Path | str, key: str) -> ConfigError:
    """An error of an input, as a mistake of the study at a key that names this input."""
    match error:
        case ConfigError():
            return ConfigError.of(_placed(it, source, key) for it in error.mistakes)
        case AxisError():
            return ConfigError(str(error), source=source, key=key + error.within)
        case OptionError(problem=problem):
            return ConfigError(problem, source=source, key=key)
        case _:
            return ConfigError(str(error), source=source, key=key)


def _placed(mistake: ConfigError, source: Path | str, key: str) -> ConfigError:
    """One of a file, at the key that names it; one of the study's own knows its place."""
    if str(mistake.source) == str(source):
        return mistake
    return ConfigError(str(mistake), source=source, key=key)
