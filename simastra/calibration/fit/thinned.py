"""Fewer sizes where a log has very many: a process takes the cube of their number."""

from collections import defaultdict
from collections.abc import Mapping
from math import log2

from .points import Place

_MOST = 48
"""Sizes of one curve; powers of two from 8 bytes to 16 GiB are 32."""

_A_DOUBLING = 8
"""Sizes that are left of each doubling."""


def thinned(measured: Mapping[Place, float]) -> Mapping[Place, float]:
    """At most eight sizes in each doubling, where a curve has very many."""
    curves: dict[tuple[int, int], list[Place]] = defaultdict(list)
    for place in measured:
        curves[place.kind.value, place.npus].append(place)
    kept = {it for places in curves.values() for it in _kept(places)}
    return {place: us for place, us in measured.items() if place in kept}


def _kept(places: list[Place]) -> list[Place]:
    if len(places) <= _MOST:
        return places
    nearest: dict[int, Place] = {}
    for place in places:
        step = round(log2(place.size) * _A_DOUBLING)
        if step not in nearest or _off(place, step) < _off(nearest[step], step):
            nearest[step] = place
    return list(nearest.values())


def _off(place: Place, step: int) -> float:
    return abs(log2(place.size) * _A_DOUBLING - step)
