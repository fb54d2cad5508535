"""Tables whose entries are imported when they are looked up.

Each verb imports what it works with, and a command line needs one verb: importing all of them would
make `simastra run` take a third longer to start.
"""

from collections.abc import Iterator, Mapping
from typing import Generic, TypeVar, cast

from simastra.deferred import imported

Entry = TypeVar("Entry")


class LazyTable(Mapping[str, Entry], Generic[Entry]):
    """A mapping that imports what it maps to.

    Args:
        kind: class of all entries; an entry of another is a mistake in the table.
        places: for each name, where its entry is: ``module:NAME``, the module within simastra.cli.
    """

    def __init__(self, kind: type[Entry] | tuple[type, ...], places: dict[str, str]) -> None:
        self._kind = kind
        self._places = places

    def __getitem__(self, name: str) -> Entry:
        module, _, attribute = self._places[name].partition(":")
        entry = vars(imported(f"simastra.cli.{module}"))[attribute]
        if not isinstance(entry, self._kind):
            raise TypeError(f"{self._places[name]} is {entry!r}")
        return cast("Entry", entry)

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)
