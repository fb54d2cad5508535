"""What the picture's parts have in common: its measures, and where the next one goes."""

from dataclasses import dataclass, field

from simastra.view.colours import Shades
from simastra.view.html import Markup

WIDTH, LEFT, RIGHT = 960, 112, 16
"""Of the picture, and what is left free beside the lanes, in pixels."""

LETTER = 6.6
"""How wide a letter is, about, in pixels: an SVG file can't measure its font."""

INSIDE = WIDTH - LEFT - RIGHT


@dataclass(slots=True)
class Drawn:
    """What has been drawn so far, from the top down.

    Attributes:
        y: where the next part begins.
        parts: the elements.
        shades: the colours that have been used, by the names that the legend gives them.
    """

    y: float
    parts: list[Markup] = field(default_factory=list)
    shades: dict[str, Shades] = field(default_factory=dict)


def class_of(name: str) -> str:
    """The class of what has the colour of a kind of work, or of a cause.

    >>> class_of("waiting for a partner")
    'is-waiting-for-a-partner'
    """
    return f"is-{''.join(it if it.isalnum() else '-' for it in name)}"


def at(value: float) -> str:
    """A coordinate in few digits, alike on every machine."""
    return f"{value:.2f}".rstrip("0").rstrip(".")
