"""Tables whose entries are imported when they are looked up.

A command line needs one verb, and a system file one algorithm or two: importing all of them would
make `simastra run` take half as long again to start.
"""

from collections.abc import Iterator, MutableMapping
from typing import Generic, TypeVar

from simastra.deferred import imported

Entry = TypeVar("Entry")


class LazyTable(MutableMapping[str, Entry], Generic[Entry]):
    """A mapping that imports what it maps to; what a program puts into it itself is there already.

    Args:
        kind: class of all entries; an entry of another is a mistake in the table.
        package: where the modules are.
        places: for each name, where its entry is: ``module:NAME``, the module within the package.
    """

    def __init__(
        self, kind: type[Entry] | tuple[type, ...], package: str, places: dict[str, str]
    ) -> None:
        self._kind = kind
        self._package = package
        self._entries: dict[str, Entry | _Place] = {
            name: _Place(place) for name, place in places.items()
        }

    def __getitem__(self, name: str) -> Entry:
        found = self._entries[name]
        if not isinstance(found, _Place):
            return found
        module, _, attribute = found.partition(":")
        entry: Entry = vars(imported(f"{self._package}.{module}"))[attribute]
        if not isinstance(entry, self._kind):
            raise TypeError(f"{found} is {entry!r}")
        return entry

    def __setitem__(self, name: str, entry: Entry) -> None:
        self._entries[name] = entry

    def __delitem__(self, name: str) -> None:
        del self._entries[name]

    def __contains__(self, name: object) -> bool:
        return name in self._entries  # which needs no import

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)


class _Place(str):
    """``module:NAME``, told apart from entries."""

    __slots__ = ()
