"""What kinds of cost look like."""

from collections.abc import Iterable, Mapping

from simastra.explain import Category
from simastra.view.colours import SERIES, Shades
from simastra.workload.kind_of_work import KindOfWork

from .kinds import KINDS

CAUSES: Mapping[str, Shades] = {
    Category.COMPUTE: KINDS[KindOfWork.COMPUTE],
    Category.ENDPOINT: Shades("#721502", "#dca99c"),
    Category.REDUCTION: Shades("#7d3039", "#febed5"),
    Category.LATENCY: Shades("#aa7900", "#e0b63c"),
    Category.SERIALISATION: Shades("#a05c30", "#c83f28"),
    Category.MEMORY: KINDS[KindOfWork.MEMORY],
    Category.OTHER: KINDS[KindOfWork.OTHER],
    Category.QUEUEING: Shades("#ef366d", "#ea6834"),
    Category.PARTNER: Shades("#70184f", "#cfa0d2"),
    Category.UNIT: Shades("#2c846d", "#eef4c0"),
    Category.IDLE: KINDS[KindOfWork.IDLE],
}
"""Of what time is spent on, by `Category`; what is a kind of work, too, looks like that."""

CATEGORIES: Mapping[str, str] = {category: shades.light for category, shades in CAUSES.items()}
"""The same for a picture on white."""


def colours_of(kinds: Iterable[str]) -> dict[str, str]:
    """A colour on white for each kind: a category's own, or the next one of the series."""
    return {kind: shades.light for kind, shades in shades_of(kinds).items()}


def shades_of(kinds: Iterable[str]) -> dict[str, Shades]:
    """Likewise on a light and on a dark ground; one of the series is the same on both."""
    return {
        kind: CAUSES.get(kind) or Shades(*2 * (SERIES[number % len(SERIES)],))
        for number, kind in enumerate(kinds)
    }
