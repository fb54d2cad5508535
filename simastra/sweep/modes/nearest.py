"""The allowed point nearest to one that can't be run: what repairs a child of NSGA-II."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from simastra.draws import permuted

from .encoding import Encoding, Places

_MOST_LOOKED_AT = 1000
"""Around one point. Where conditions allow fewer than that, points are drawn instead."""


class Nearest:
    """Looks for points around another, ring after ring: a step is one value of one axis.

    Args:
        encoding: of the axes.
        allows: whether the point of a number may be run.
        seed: of the order within a ring.
    """

    def __init__(self, encoding: Encoding, allows: Callable[[int], bool], seed: int) -> None:
        self._encoding = encoding
        self._allows = allows
        self._seed = seed
        self._known: dict[int, bool] = {}

    def to(self, number: int, is_new: Callable[[int], bool]) -> int | None:
        """The nearest allowed point that is new; None where none is near.

        Args:
            number: of a point.
            is_new: whether a point may be given.
        """
        for near in self._around(self._encoding.places(number)):
            found = self._encoding.number_at(near)
            if is_new(found) and self._is_allowed(found):
                return found
        return None

    def _is_allowed(self, number: int) -> bool:
        if number not in self._known:
            self._known[number] = self._allows(number)
        return self._known[number]

    def _around(self, centre: Places) -> Iterator[Places]:
        """The point itself, then ring after ring."""
        seen, ring = {centre}, [centre]
        while ring and len(seen) <= _MOST_LOOKED_AT:
            yield from permuted(ring, self._seed, "nearest", centre, len(seen))
            following = dict.fromkeys(it for one in ring for it in self._beside(one))
            ring = [it for it in following if it not in seen]
            seen.update(ring)

    def _beside(self, places: Places) -> Iterator[Places]:
        for at, here in enumerate(places):
            count = self._encoding.counts[at]
            others = (here - 1, here + 1) if self._encoding.is_ordered[at] else range(count)
            for other in others:
                if 0 <= other < count and other != here:
                    yield (*places[:at], other, *places[at + 1 :])
