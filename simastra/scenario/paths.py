"""Paths in a scenario's document, seen from somewhere else than its own folder."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from simastra.reading import is_reference

_PATHS = ("file", "system", "workload", "comm-groups")
"""Keys of entries and sections that name files."""


def rebased(document: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    """A document whose paths lead to the same files from the present folder.

    Args:
        document: as a file in `folder` has it.
        folder: that its paths are relative to.
    """
    return {key: _rebased(key, value, folder) for key, value in document.items()}


def _rebased(key: str, value: object, folder: Path) -> object:
    match value:
        case Mapping():
            return rebased(value, folder)
        case list() | tuple():
            return [_rebased("", it, folder) for it in value]
        case str() if key in _PATHS and value and not is_reference(value):
            return str(folder / value)
        case _:
            return value
