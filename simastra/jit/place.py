"""Where compiled functions are kept: beside their sources, or in the user's cache."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from importlib.util import find_spec
from os import environ
from pathlib import Path
from typing import TYPE_CHECKING

from simastra.deferred import deferred

if TYPE_CHECKING:
    from simastra import writing
else:  # who loads what is kept writes nothing
    writing = deferred("simastra.writing")

_LENGTH = 16
"""Digits of a digest in a file's name."""


@dataclass(frozen=True)
class CachePlace:
    """Where a function is kept, by what it was made from and for which processor.

    Attributes:
        name: the function's.
        folder: in which its sources lie.
        sources: what it is made from.
    """

    name: str
    folder: Path
    sources: Sequence[Path]

    @cached_property
    def _version(self) -> str:
        """A digest of the sources and of what compiles them, which is not loaded for it."""
        made_from = [*sorted(self.sources), *_how_it_is_compiled()]
        return _digest(b"".join(path.read_bytes() for path in made_from))

    def is_kept(self) -> bool:
        """Whether it is there, made from these sources; for which processor isn't looked at.

        Not where there are no sources, as in a program that was frozen.
        """
        try:
            pattern = f"{self.name}-{self._version}-*.code"
            return any(any(folder.glob(pattern)) for folder in self._folders())
        except OSError:
            return False

    def read(self, processor: str) -> Iterable[bytes]:
        """What is kept for a processor, in each folder that has it."""
        for folder in self._folders():
            try:
                yield (folder / self._file(processor)).read_bytes()
            except OSError:
                continue

    def keep(self, processor: str, content: bytes) -> None:
        """Keep it in the first folder that can be written; in none if there is none."""
        for folder in self._folders():
            try:
                folder.mkdir(parents=True, exist_ok=True)
                writing.write_file(folder / self._file(processor), content)
            except (OSError, writing.WriteError):
                continue
            return

    def _file(self, processor: str) -> str:
        return f"{self.name}-{self._version}-{_digest(processor.encode())}.code"

    def _folders(self) -> Sequence[Path]:
        chosen = environ.get("NUMBA_CACHE_DIR")
        mine = _digest(str(self.folder).encode())
        if chosen:
            return (Path(chosen) / mine,)
        beside, cache = self.folder / "__pycache__", _users_cache()
        return (beside,) if cache is None else (beside, cache / "simastra" / mine)


def _digest(content: bytes) -> str:
    return sha256(content).hexdigest()[:_LENGTH]


def _how_it_is_compiled() -> Iterable[Path]:
    """Files that say it: ours, and numba's version."""
    yield Path(__file__).with_name("emitting.py")
    spec = find_spec("numba")
    found = (Path(it) / "_version.py" for it in (spec and spec.submodule_search_locations) or ())
    yield from (path for path in found if path.exists())


def _users_cache() -> Path | None:
    """A user's folder of what can be made anew; None for who has no home, in a container say."""
    named = environ.get("XDG_CACHE_HOME")
    if named and sys.platform != "darwin":
        return Path(named)
    try:
        home = Path.home()
    except RuntimeError:
        return None
    return home / ("Library/Caches" if sys.platform == "darwin" else ".cache")
