"""Points to begin with: spread over what conditions allow, before anything is known of any."""

from __future__ import annotations

from collections.abc import Sequence

from .encoding import Encoding, Places


def farthest(encoding: Encoding, points: Sequence[int], count: int) -> list[int]:
    """Points each as far as can be from those before: ends of axes come soon.

    Greedy maximin (Gonzalez, Clustering to Minimize the Maximum Intercluster Distance, Theoret.
    Comput. Sci. 38, 1985): a maximin design (Johnson, Moore and Ylvisaker, J. Statist. Plann.
    Inference 26, 1990). What comes after learns from it, best if nothing lies far outside.

    Args:
        encoding: of the axes.
        points: to choose from, the first one first.
        count: how many are wanted.
    """
    places = [encoding.places(it) for it in points]
    found: list[int] = []
    away = [float("inf")] * len(places)
    while len(found) < min(count, len(places)):
        found.append(max(range(len(places)), key=away.__getitem__))
        away = _nearer(encoding, away, places, places[found[-1]])
        away[found[-1]] = -1.0
    return [points[at] for at in found]


def covering(encoding: Encoding, points: Sequence[int], count: int) -> list[int]:
    """Points each of which brings all others nearest to one: their middles come soon.

    Greedy k-medoids of squared distances (Cornuejols, Fisher and Nemhauser, Location of Bank
    Accounts to Optimize Float, Management Science 23, 1977). It suits where nothing comes after.

    Args:
        encoding: of the axes.
        points: to choose from.
        count: how many are wanted.
    """
    places = [encoding.places(it) for it in points]
    found: list[int] = []
    near = [float(len(encoding.counts) + 1)] * len(places)
    while len(found) < min(count, len(places)):
        tried = [_nearer(encoding, near, places, it) for it in places]
        sums = [float("inf") if at in found else sum(it) for at, it in enumerate(tried)]
        found.append(sums.index(min(sums)))
        near = tried[found[-1]]
    return [points[at] for at in found]


def _nearer(
    encoding: Encoding, away: Sequence[float], places: Sequence[Places], one: Places
) -> list[float]:
    """How far each is from the nearest one, squared, with one more of them."""
    return [min(far, encoding.distance(it, one) ** 2) for far, it in zip(away, places, strict=True)]
