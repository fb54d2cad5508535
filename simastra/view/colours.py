"""Colours that stand for nothing in particular; those that do are in `simastra.palette`."""

from typing import NamedTuple


class Shades(NamedTuple):
    """A colour as it is on a light and on a dark ground."""

    light: str
    dark: str

    @property
    def css(self) -> str:
        """As a value in CSS, which heeds the ground of a page that declares a ``color-scheme``."""
        return f"light-dark({self.light},{self.dark})"


SERIES = (
    *("#4c78a8", "#f58518", "#54a24b", "#e45756", "#72b7b2", "#eeca3b", "#b279a2"),
    *("#ff9da6", "#9d755d", "#bab0ac", "#2f4b7c", "#a05195"),
)
"""Colours of kinds of anything, in the order in which they appear."""

SWITCH, FINISHED, EDGE, CRITICAL = "#c9d2e0", "#8fbf8f", "#5d6778", "#cb181d"
"""Of a switch, of what is done, of lines around things, and of the critical path."""

_HEAT = ("#ffedbe", "#fecc5c", "#fd8d3c", "#f03b20", "#960026")
_WHITE = "#ffffff"


def heat_colour(use: float) -> str:
    """The colour of a use between 0 and 1: from a pale to a dark red, over yellow and orange."""
    place = min(max(use, 0.0), 1.0) * (len(_HEAT) - 1)
    low = min(int(place), len(_HEAT) - 2)
    return _mixed(_HEAT[low], _HEAT[low + 1], place - low)


def paler(colour: str, part: float = 0.5) -> str:
    """A colour with so much white in it that dark letters can be read on it.

    >>> paler("#205180")
    '#90a8c0'
    """
    return _mixed(colour, _WHITE, part)


def _mixed(one: str, other: str, part: float) -> str:
    ends = zip(bytes.fromhex(one[1:]), bytes.fromhex(other[1:]), strict=True)
    return "#" + bytes(round(a + (b - a) * part) for a, b in ends).hex()
