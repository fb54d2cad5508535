"""The least of a function of a few parameters, without its derivatives."""

from collections.abc import Callable, Sequence
from typing import TypeAlias

Point: TypeAlias = tuple[float, ...]
Loss: TypeAlias = Callable[[Point], float]

_STEP = 0.15
_EXPANSION = 2.0
_CONTRACTION = 0.5


def least(loss: Loss, start: Sequence[float], steps: int = 200) -> Point:
    """Return where a function is least, as far as a simplex finds it from a start.

    It ends by itself (Nelder and Mead, The Computer Journal 7(4), 1965).

    Args:
        loss: the function.
        start: a first guess.
        steps: how often the simplex moves.
    """
    corners = [tuple(start)]
    corners += [
        tuple(x + _STEP * (index == place) for index, x in enumerate(start))
        for place in range(len(start))
    ]
    simplex = [(loss(corner), corner) for corner in corners]
    for _ in range(steps):
        simplex.sort()
        simplex = _moved(loss, simplex)
    return min(simplex)[1]


def _moved(loss: Loss, simplex: list[tuple[float, Point]]) -> list[tuple[float, Point]]:
    """The simplex with its worst corner replaced, or drawn together."""
    *kept, worst = simplex
    count = len(kept)
    centre = tuple(sum(values) / count for values in zip(*(it for _, it in kept), strict=True))

    def tried(reach: float) -> tuple[float, Point]:
        point = tuple(c + reach * (c - w) for c, w in zip(centre, worst[1], strict=True))
        return loss(point), point

    mirrored = tried(1.0)
    if mirrored < kept[0]:
        return [*kept, min(mirrored, tried(_EXPANSION))]
    if mirrored < kept[-1]:
        return [*kept, mirrored]
    inner = tried(-_CONTRACTION)
    if inner < worst:
        return [*kept, inner]
    best = kept[0]
    points = [_between(best[1], it) for _, it in (*kept[1:], worst)]
    return [best, *((loss(point), point) for point in points)]


def _between(one: Point, other: Point) -> Point:
    return tuple((a + b) / 2 for a, b in zip(one, other, strict=True))
