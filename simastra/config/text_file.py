"""The content of a configuration file, or of another file whose size is bounded."""

from pathlib import Path

from simastra.errors import ConfigError
from simastra.reading import open_input
from simastra.suggestions import meant_path
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
    content = limited_bytes(path, largest, "is it a configuration file?")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        text = f"is not UTF-8 text (at byte {error.start}); is it a configuration file?"
        raise ConfigError(text, source=path) from None


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
        with open_input(path) as file:
            content = file.read(largest + 1)
    except FileNotFoundError:
        raise ConfigError(f"file not found{_meant(Path(path))}", source=path) from None
    except IsADirectoryError:
        raise ConfigError("is a directory; give a file", source=path) from None
    except OSError as error:
        raise ConfigError(f"can't be read: {error.strerror}", source=path) from None
    except ValueError as error:  # a null character in the path
        raise ConfigError(f"is not a path: {error}", source=show(str(path))) from None
    if len(content) > largest:
        raise ConfigError(f"is larger than {largest} bytes; {hint}", source=path)
    return content


def _meant(path: Path) -> str:
    """What to add of a file that isn't there: a missing folder, or a file that was meant."""
    if not path.parent.is_dir():
        return f"; there is no folder {str(path.parent)!r}"
    try:
        names = [it.name for it in path.parent.iterdir() if it.is_file()]
    except OSError:
        return ""
    return meant_path(path, names)
