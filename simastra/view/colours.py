"""Colours that stand for nothing in particular; those that do are in `simastra.palette`."""

from typing import NamedTuple


class Shades(NamedTuple):
    """A colour as it is on a light and on a dark ground."""

    light: str
    dark: str


SERIES = (
    *("#4c78a8", "#f58518", "#54a24b", "#e45756", "#72b7b2", "#eeca3b", "#b279a2"),
    *("#ff9da6", "#9d755d", "#bab0ac", "#2f4b7c", "#a05195"),
)
"""Colours of kinds of anything, in the order in which they appear."""

SWITCH, FINISHED, EDGE, CRITICAL = "#c9d2e0", "#8fbf8f", "#5d6778", "#cb181d"
"""Of a switch, of what is done, of lines around things, and of the critical path."""

_HEAT = ((255, 237, 190), (254, 204, 92), (253, 141, 60), (240, 59, 32), (150, 0, 38))


def heat_colour(use: float) -> str:
    """The colour of a use between 0 and 1: from a pale to a dark red, over yellow and orange."""
    place = min(max(use, 0.0), 1.0) * (len(_HEAT) - 1)
    low = min(int(place), len(_HEAT) - 2)
    part = place - low
    mixed = (round(a + (b - a) * part) for a, b in zip(_HEAT[low], _HEAT[low + 1], strict=True))
    return "#" + "".join(f"{channel:02x}" for channel in mixed)
