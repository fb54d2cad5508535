"""The choices of the least time: all are tried where they are few, else one after the other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product
from math import prod
from typing import Generic, NamedTuple, TypeVar, final

from simastra.units import Ns

Option = TypeVar("Option")

MOST = 256
"""Up to so many combinations are all looked at."""


class Tried(NamedTuple, Generic[Option]):
    """A combination, and what it takes.

    Attributes:
        options: one of each choice.
        time: in ns; None where the bound was enough to see that it isn't the least.
        bound: what it takes at the least.
    """

    options: tuple[Option, ...]
    time: Ns | None
    bound: Ns


def least(
    choices: Sequence[Sequence[Option]],
    bound: Callable[[tuple[Option, ...]], Ns],
    time: Callable[[tuple[Option, ...]], Ns],
    most: int = MOST,
) -> tuple[Tried[Option], ...]:
    """All combinations that were looked at, the fastest first; of equals, the one listed first.

    Of more than `most` combinations, the choices are made one after the other, again and again,
    until none changes: what is found then may not be the least of all.

    Args:
        choices: what may be taken for each, one or more.
        bound: what a combination takes at the least.
        time: what it takes.
        most: as many combinations are all looked at.
    """
    search = _Search(bound, time)
    if prod(map(len, choices)) <= most:
        search.look_at(list(product(*choices)))
        return search.ranked()
    search.look_at(_alike(choices))
    settled: tuple[Option, ...] | None = None
    while search.best != settled:
        settled = search.best
        for index, options in enumerate(choices):
            now = search.best
            search.look_at([(*now[:index], it, *now[index + 1 :]) for it in options])
    return search.ranked()


def _alike(choices: Sequence[Sequence[Option]]) -> list[tuple[Option, ...]]:
    """The same option for each choice, as far as it is there; else the first."""
    every = dict.fromkeys(it for options in choices for it in options)
    found = [tuple(it if it in options else options[0] for options in choices) for it in every]
    return list(dict.fromkeys(found))


@final
class _Search(Generic[Option]):
    """Looks at combinations, those first that may be fast."""

    def __init__(
        self,
        bound: Callable[[tuple[Option, ...]], Ns],
        time: Callable[[tuple[Option, ...]], Ns],
    ) -> None:
        self._bound, self._time = bound, time
        self._tried: dict[tuple[Option, ...], Tried[Option]] = {}
        self._least: tuple[Ns, tuple[Option, ...]] | None = None

    @property
    def best(self) -> tuple[Option, ...]:
        """The fastest so far."""
        assert self._least is not None  # something has been looked at
        return self._least[1]

    def look_at(self, combinations: Sequence[tuple[Option, ...]]) -> None:
        """Time them, but for those whose bound is more than the least time."""
        new = [(self._bound(it), it) for it in combinations if it not in self._tried]
        for bound, options in sorted(new, key=_by_bound):
            is_slower = self._least is not None and bound > self._least[0]
            time = None if is_slower else self._time(options)
            self._tried[options] = Tried(options, time, bound)
            if time is not None and (self._least is None or time < self._least[0]):
                self._least = time, options

    def ranked(self) -> tuple[Tried[Option], ...]:
        """All, those of the least time first."""
        return tuple(sorted(self._tried.values(), key=_by_time))


def _by_bound(pair: tuple[Ns, object]) -> Ns:
    return pair[0]


def _by_time(tried: Tried[Option]) -> tuple[bool, Ns]:
    return tried.time is None, tried.bound if tried.time is None else tried.time
