"""Reads which axes are part of a study's question: their values aren't compared with each other."""

from collections.abc import Sequence

from simastra.suggestions import unknown_name

from .mistakes import Mistakes
from .mode_choice import ModeChoice

_KEY = "for-each"


def read_for_each(
    written: Sequence[str], axes: Sequence[str], mode: ModeChoice, mistakes: Mistakes
) -> tuple[str, ...]:
    """The axes for each of whose values the best is asked, those that are right.

    Args:
        written: what the study says.
        axes: names of all there are.
        mode: which points are run.
        mistakes: is told what is wrong.
    """
    names: list[str] = []
    for at, name in enumerate(written):
        key = _KEY if len(written) == 1 else f"{_KEY}[{at}]"
        if name not in axes:
            mistakes.add(key, unknown_name("axis", name, axes))
        elif name in names:
            mistakes.add(key, f"names {name} again; name it once")
        else:
            names.append(name)
    if names and set(names) == set(axes):
        mistakes.add(_KEY, "names every axis, so that no two points are compared; leave one out")
    if names and mode.settings.compares_all:
        problem = f"is not for mode {mode.name}, which looks for one front of all points"
        mistakes.add(_KEY, f"{problem}; choose the mode grid or random, or sweep each by itself")
    return tuple(names)
