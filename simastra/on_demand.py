"""Sequences whose items come into being as somebody asks for them.

A million nodes are half a gigabyte as objects, and a tenth of that as arrays. Who has the arrays
gives an `OnDemand`, which whoever reads it takes for the tuple that it stands for.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Sequence
from typing import TypeVar, overload

T = TypeVar("T")

AT_ONCE = 4096
"""So many items are made, or looked at, one after the other: that saves calls, and they are few
enough to stay in a cache."""


class OnDemand(Sequence[T]):
    """A sequence of items that are made when they are asked for, and kept only if that is asked.

    It is equal to every sequence with equal items, and is pickled and copied as a tuple. Each time
    an item is asked for it is made anew: whoever tells items apart by identity asks for `keep`
    first, and from then on they are the same objects.
    """

    _kept: tuple[T, ...] | None = None

    @abstractmethod
    def __len__(self) -> int:
        """How many items there are."""

    @abstractmethod
    def _make(self, index: int) -> T:
        """The item at a place, from 0 to one less than the length."""

    def _make_some(self, places: range) -> Sequence[T]:
        """Items one after the other, where that is cheaper than to make each one alone."""
        return [self._make(index) for index in places]

    def _make_all(self) -> tuple[T, ...]:
        """All items."""
        return tuple(self._made())

    def keep(self) -> tuple[T, ...]:
        """Make all items, unless that has been done, and have them be what is asked for later.

        Threads that ask at the same time get the same ones.
        """
        kept = self._kept
        return vars(self).setdefault("_kept", self._make_all()) if kept is None else kept

    @overload
    def __getitem__(self, index: int) -> T: ...

    @overload
    def __getitem__(self, index: slice) -> tuple[T, ...]: ...

    def __getitem__(self, index: int | slice) -> T | tuple[T, ...]:
        if self._kept is not None:
            return self._kept[index]
        places = range(len(self))[index]  # raises IndexError, as a sequence does
        return self._make(places) if isinstance(places, int) else tuple(self._make_some(places))

    def __iter__(self) -> Iterator[T]:
        return self._made() if self._kept is None else iter(self._kept)

    def _made(self) -> Iterator[T]:
        everything = range(len(self))
        for start in everything[::AT_ONCE]:
            yield from self._make_some(everything[start : start + AT_ONCE])

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if not isinstance(other, Sequence) or isinstance(other, str | bytes | bytearray):
            return NotImplemented
        return len(self) == len(other) and all(map(_are_equal, self, other))

    def __hash__(self) -> int:
        return hash(tuple(self))  # as of the tuple, which it is equal to

    def __repr__(self) -> str:
        return repr(tuple(self))

    def __reduce__(self) -> tuple[type[tuple[T, ...]], tuple[tuple[T, ...]]]:
        return tuple, (tuple(self),)


def kept(items: Sequence[T]) -> Sequence[T]:
    """The same items, of which each is one and the same object whenever it is asked for."""
    return items.keep() if isinstance(items, OnDemand) else items


def _are_equal(one: object, other: object) -> bool:
    return one is other or one == other  # as tuples compare
