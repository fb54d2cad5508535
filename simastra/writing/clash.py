"""Files that would replace what is read, or each other, found before anything is written."""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from simastra.deferred import deferred

from .place import FilePlace, place
from .write_error import FILE_TROUBLE, WriteError

if TYPE_CHECKING:
    import tempfile
else:
    # It is rarely asked.
    tempfile = deferred("tempfile")


class SameFile(NamedTuple):
    """A file that has two uses.

    Attributes:
        path: as its second user calls it.
        first: position of the first user.
        second: position of the second one.
    """

    path: Path | str
    first: int
    second: int


def input_replaced(
    outputs: Iterable[Path | str], inputs: Iterable[Path | str]
) -> Path | str | None:
    """Return an output that would replace an input, None if there is none.

    Only what is there can be replaced. What can't be looked at is left to who writes it.
    """
    existing: dict[FilePlace, Path | str] = {}
    for path in outputs:
        where = _place(path)
        if where is not None and where.exists:
            existing.setdefault(where, path)
    for path in inputs if existing else ():
        where = _place(path)
        if where is not None and where in existing:
            return existing[where]
    return None


def output_replaced(outputs: Iterable[Iterable[Path | str]]) -> SameFile | None:
    """Return a file that two would write, None if there is none.

    Args:
        outputs: what each of them writes.
    """
    known: dict[object, list[tuple[FilePlace, int]]] = defaultdict(list)
    for user, paths in enumerate(outputs):
        for path in paths:
            where = _place(path)
            if where is None:
                continue
            alike = known[where.anchor, _folded(where.rest)]
            for other, first in alike:
                if first != user and (where == other or _are_one_name(where, other)):
                    return SameFile(path, first, user)
            alike.append((where, user))
    return None


def refuse_input(path: Path | str, inputs: Iterable[Path | str]) -> None:
    """Refuse to write over what was read.

    Raises:
        WriteError: if `path` is one of these files.
    """
    if input_replaced([path], inputs) is not None:
        raise WriteError(path, "it is an input; name another file")


def _place(path: Path | str) -> FilePlace | None:
    try:
        return place(path)
    except FILE_TROUBLE:
        return None


def _folded(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(unicodedata.normalize("NFKD", name).casefold() for name in names)


def _are_one_name(one: FilePlace, other: FilePlace) -> bool:
    """Only trying tells whether a folder takes two spellings, as A and a, for one name."""
    try:
        with tempfile.TemporaryDirectory(prefix=".simastra-", dir=one.folder) as trial:
            for name in one.rest:
                Path(trial, name).touch()
            return all(Path(trial, name).exists() for name in other.rest)
    except OSError:
        return False
