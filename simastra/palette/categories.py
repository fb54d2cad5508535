"""What kinds of cost look like."""

from collections.abc import Iterable, Mapping

from simastra.explain import Category
from simastra.view.colours import SERIES

CATEGORIES: Mapping[str, str] = dict(zip(Category, SERIES, strict=False))
"""Of what time is spent on, by `Category`."""


def colours_of(kinds: Iterable[str]) -> dict[str, str]:
    """A colour for each kind: a category's own, or the next one of the series."""
    return {
        kind: CATEGORIES.get(kind, SERIES[number % len(SERIES)])
        for number, kind in enumerate(kinds)
    }
