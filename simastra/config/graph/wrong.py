"""What is wrong with a graph file, and where: its key and its file, each said where it is known."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from simastra.config.messages import show
from simastra.errors import ConfigError, InputError

_LONG = 10**18
"""Numbers from here on aren't written out: Python refuses to, of very long ones."""


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


@contextmanager
def under(key: str, source: Path | str) -> Iterator[None]:
    """Say of what is wrong that it stands under a key of a file.

    Args:
        key: from the file's top, such as ``graph.links[3]``.
        source: the file, for messages.

    Raises:
        ConfigError: for an `InputError` within; a `ConfigError`'s own keys follow behind.
    """
    try:
        yield
    except ConfigError as error:
        raise ConfigError.of(
            ConfigError(it.problem, source=source, key=f"{key}.{it.key}" if it.key else key)
            for it in error.mistakes
        ) from None
    except InputError as error:
        raise ConfigError(str(error), source=source, key=key) from None


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
        shown = f"{count:,}" if count < _LONG else show(count)
        raise KeyedError(f"makes {shown} {what}; at most {most:,} are possible", key)
