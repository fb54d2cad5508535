"""The content of a configuration file, or of another file whose size is bounded."""

from pathlib import Path

from simastra.errors import ConfigError
from simastra.file_content import ContentError, whole_content, whole_text
from simastra.units import Bytes, MiB

from .messages import show

LARGEST_NETWORK: Bytes = 16 * MiB
"""Of a network file, and of one that it names: graphs may be long, and libyaml reads some MiB a
second."""


def limited_text(path: Path | str, largest: Bytes) -> str:
    """Read a file of UTF-8 text.

    Raises:
        ConfigError: it can't be read, is larger than that, or isn't such text.
    """
    try:
        return whole_text(path, largest, "is it a configuration file?")
    except ContentError as error:
        raise _refusal(path, error) from None


def limited_bytes(path: Path | str, largest: Bytes, hint: str) -> bytes:
    """Read a file.

    Args:
        path: of it.
        largest: how many bytes it may have.
        hint: what to do or to ask if it has more.

    Raises:
        ConfigError: it can't be read, or is larger than that.
    """
    try:
        return whole_content(path, largest, hint)
    except ContentError as error:
        raise _refusal(path, error) from None


def _refusal(path: Path | str, error: ContentError) -> ConfigError:
    return ConfigError(f"{error}", source=show(str(path)) if "\0" in str(path) else path)
