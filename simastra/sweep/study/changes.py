"""Changes of a study: what is to stand at a key, as text of a command line."""

from collections.abc import Mapping
from typing import Any

from simastra.config.yaml_file import read_yaml
from simastra.errors import ConfigError, OptionError
from simastra.reading import is_reference
from simastra.suggestions import unknown_name

from .key_paths import KeyPath, KeyPathError
from .model import StudyConfig

OPTION = "set"
"""The option of the command line."""

_OF_NAMES = ("axes", "columns", "objectives")
"""Keys whose own keys are names, with dots in them perhaps."""


def changed(study: Mapping[str, object], key: str, written: str) -> dict[str, Any]:
    """A study's mapping with something else at a key.

    >>> changed({"axes": {"generate.tp": [1, 2]}}, "axes.generate.tp", "[4]")
    {'axes': {'generate.tp': [4]}}

    Args:
        study: as its file has it.
        key: a key path, as ``generate.model``.
        written: what is to stand there, as in the file.

    Raises:
        OptionError: it is no key of a study, or the text is nothing that a file has.
    """
    path = _path(study, key)
    if path.root not in StudyConfig.file_keys():
        problem = unknown_name("key", path.root, StudyConfig.file_keys())
        raise OptionError(OPTION, f"{key}: {problem}")
    try:
        inner = path.written(study.get(path.root), _read(written))
    except KeyPathError as error:
        raise OptionError(OPTION, f"{key}: {error}") from None
    except ConfigError as error:
        raise OptionError(OPTION, f"{key}: {written!r} {error.problem}") from None
    return {**study, path.root: inner}


def _read(written: str) -> object:
    if is_reference(written):  # which YAML wants in quotes, and a shell takes these away
        return written
    read, _ = read_yaml(f"value: {written}", OPTION, "a value")
    return read["value"]


def _path(study: Mapping[str, object], key: str) -> KeyPath:
    """What a key means: of names with dots in them, those that are there."""
    root, _, rest = key.partition(".")
    try:
        if root not in _OF_NAMES or not rest:
            return KeyPath.parse(key)
        there = study.get(root)
        known = there if isinstance(there, Mapping) else {}
        begun = max((it for it in known if f"{rest}.".startswith(f"{it}.")), key=len, default=rest)
        within = rest.removeprefix(begun)
        return KeyPath(root, (begun, *(KeyPath.parse(f"{root}{within}").inner if within else ())))
    except KeyPathError as error:
        raise OptionError(OPTION, str(error)) from None
