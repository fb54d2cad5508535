"""What is wrong with a graph file, before the file's name is known."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from simastra.config.messages import show
from simastra.errors import ConfigError, InputError

_LONG = 10**18


class KeyedError(InputError):
    """A mistake at a key.

    Attributes:
        problem: what is wrong, and what would be right.
        key: where, dotted and indexed as in ``edges[3].ep1``; None for all of the file.
    """

    def __init__(self, problem: str, key: str | None = None) -> None:
        super().__init__(problem)
        self.problem = problem
        self.key = key


@contextmanager
def naming_file(source: Path | str) -> Iterator[None]:
    """Say of a mistake in which file it is.

    Raises:
        ConfigError: for a `KeyedError` or another `InputError` without a file.
    """
    try:
        yield
    except ConfigError:
        raise
    except KeyedError as wrong:
        raise ConfigError(wrong.problem, source=source, key=wrong.key) from None
    except ImportError:
        raise  # a package that isn't installed is no mistake of the file
    except InputError as wrong:
        raise ConfigError(str(wrong), source=source) from None


def refuse_more(count: int, most: int, what: str, key: str | None = None) -> None:
    """Refuse what would take all memory.

    Args:
        count: how many there would be.
        most: how many there may be.
        what: they are.
        key: where that is asked for.

    Raises:
        KeyedError: there are more than `most`.
    """
    if count > most:
        shown = f"{count:,}" if count < _LONG else show(count)  # which is short in any case
        raise KeyedError(f"makes {shown} {what}; at most {most:,} are possible", key)
