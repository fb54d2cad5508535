"""Where in its file a mistake stands that was met further inside."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from simastra.errors import ConfigError, InputError


@contextmanager
def under(key: str, source: Path | str) -> Iterator[None]:
    """Say of what is wrong that it stands under a key of a file.

    Args:
        key: from the file's top, such as ``graph.links[3]``.
        source: the file, for messages.
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
