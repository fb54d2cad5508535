"""The folder that a sweep fills: what was asked, and rows in parts; a further one goes on there."""

from __future__ import annotations

import os
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import IO, Any

from simastra.errors import ConfigError
from simastra.version import version
from simastra.writing import write_file, writing_to
from simastra.writing.posix import IS_POSIX

from .fields import Field, Row, schema_of
from .identity import IDENTITY_FILE, Identity, axis_names
from .known import KnownRows
from .parts import POINTS, Parts, is_of

if IS_POSIX:
    import fcntl

EARLIER = "earlier"
"""The folder of parts that hold rows of the study as it was before its values were changed."""

_LOCK = ".lock"
_MOST_ROWS = 1000
_SECONDS = 1.0, 60.0
_SHARE = 0.05
"""A part is written when that share of the time is over that all took so far, but not more often
than once in so many seconds, nor more seldom: few parts, and little that is lost to a kill."""


@dataclass
class DataSet:
    """The rows of a study, in a folder that nobody else writes to meanwhile: see `opened`.

    Attributes:
        folder: where they are.
        identity: what they are of.
        fields: their columns.
        known: rows that were there when it was opened.
    """

    folder: Path
    identity: Identity
    fields: Sequence[Field]
    known: KnownRows
    _rows: list[Row] = field(default_factory=list)
    _began: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        self._parts = Parts(self.folder / POINTS)
        self._revision = self.identity.revision
        self._next = self._began + _SECONDS[0]
        said = {"simastra": version(), "study": self.identity.digest, "revision": self._revision}
        self._schema = schema_of(self.fields, said)

    def find(self, point: str, number: int) -> tuple[Row, bool] | None:
        """The row of a point, and whether it is in its place: as of `KnownRows.row`."""
        return self.known.row(point, number, self._revision)

    def add(self, row: Row) -> Row:
        """Take a row; now and then those taken become a part.

        Returns:
            it, as it will be read.

        Raises:
            WriteError: if it can't be written.
        """
        stored = {it.name: it.stored(row.get(it.name)) for it in self.fields}
        self._rows.append(stored)
        if len(self._rows) >= _MOST_ROWS or time.monotonic() > self._next:
            self.flush()
        return stored

    def flush(self) -> None:
        """Write what was taken.

        Raises:
            WriteError: if that can't be done.
        """
        if self._rows:
            self._parts.write(self._revision, self._rows, self._schema)
        self._rows = []
        now = time.monotonic()
        least, most = _SECONDS
        self._next = now + min(max(_SHARE * (now - self._began), least), most)


@contextmanager
def opened(
    folder: Path, identity: Identity, fields: Sequence[Field], forget: Collection[str] = ()
) -> Iterator[DataSet]:
    """Give the data set of a folder, which is made if need be, to be gone on with.

    What was taken is written at the end, also if an exception ends the block.

    Args:
        folder: where it is.
        identity: what it is of now.
        fields: the columns of its rows.
        forget: statuses of rows that are to be made again.

    Raises:
        ConfigError: the folder has another study's rows, or somebody else is writing to it.
        WriteError: it can't be written to.
    """
    with writing_to(folder):
        (folder / POINTS).mkdir(parents=True, exist_ok=True)
    with _alone(folder):
        _refuse_another(folder, identity)
        _put_earlier_aside(folder, identity.revision)
        write_file(folder / IDENTITY_FILE, identity.content())
        places = Parts(folder / POINTS), Parts(folder / EARLIER)
        for place in places if forget else ():
            place.drop(forget)
        parts = chain.from_iterable(place.paths() for place in places)
        found = DataSet(folder, identity, fields, KnownRows(parts))
        try:
            yield found
        finally:
            found.flush()


def _refuse_another(folder: Path, identity: Identity) -> None:
    if not (folder / IDENTITY_FILE).exists():
        if Parts(folder / POINTS).paths():
            what = f"it has rows, but no {IDENTITY_FILE} that says of what"
            raise ConfigError(f"{what}; name another directory", source=folder)
        return
    there = Identity.read(folder)
    if there.digest != identity.digest:
        title = there.document.get("title")
        of = "rows of another study" + (f", {title!r}" if title else "")
        others = ", ".join(_differences(there.document, identity.document)) or "what its inputs say"
        raise ConfigError(
            f"it has {of}; what differs: {others}; name another directory", source=folder
        )


def _differences(there: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[str]:
    """The keys of a study in which two are not of one data set."""
    names = list(map(axis_names, (there, now)))
    if names[0] != names[1]:
        yield f"axes ({', '.join(names[0])} there)"
    for key in ("columns", "objectives"):
        if there.get(key) != now.get(key):
            yield key


def _put_earlier_aside(folder: Path, revision: str) -> None:
    """Move parts of the study as it was before, so that points/ has rows of one revision only."""
    for path in Parts(folder / POINTS).paths():
        if not is_of(revision, path):
            with writing_to(folder):
                (folder / EARLIER).mkdir(exist_ok=True)
                path.replace(folder / EARLIER / path.name)
    for path in Parts(folder / EARLIER).paths():
        if is_of(revision, path):  # it is again as it was
            with writing_to(folder):
                path.replace(folder / POINTS / path.name)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Keep other sweeps out; a lock is gone with the process that has it, however it ends.

    Raises:
        ConfigError: if one is there.
        WriteError: if no lock can be made.
    """
    with writing_to(folder):
        file = (folder / _LOCK).open("a+")
    with file:
        if not _lock(file):
            file.seek(0)
            who = file.read().strip() or "unknown"
            problem = f"another sweep is writing to it (process {who}); wait for it, or end it"
            raise ConfigError(problem, source=folder)
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        yield


def _lock(file: IO[str]) -> bool:
    if not IS_POSIX:
        return True
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # a file system without locks: then it is up to the user
        return True
    return True
