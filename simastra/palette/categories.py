"""What kinds of cost look like."""

from collections.abc import Iterable, Mapping

from simastra.explain import Category
from simastra.view.colours import SERIES, Shades
from simastra.workload.kind_of_work import KindOfWork

from .kinds import KINDS

CAUSES: Mapping[str, Shades] = {
    Category.COMPUTE: KINDS[KindOfWork.COMPUTE],
    Category.ENDPOINT: Shades("#a68562", "#fdd57d"),
    Category.REDUCTION: Shades("#9936f1", "#7849ec"),
    Category.LATENCY: Shades("#747540", "#8eb338"),
    Category.SERIALISATION: Shades("#9c6183", "#e1708c"),
    Category.LAUNCH: Shades("#4d12d2", "#ce18c0"),
    Category.PROTOCOL: Shades("#3b0817", "#f1b94f"),
    Category.BANDWIDTH: Shades("#7f57c1", "#31f0b0"),
    Category.MEMORY: KINDS[KindOfWork.MEMORY],
    Category.OTHER: KINDS[KindOfWork.OTHER],
    Category.QUEUEING: Shades("#7a3513", "#eaa59a"),
    Category.SHARING: Shades("#064c4e", "#12c1c6"),
    Category.CONTENTION: Shades("#25095f", "#ed5145"),
    Category.PARTNER: Shades("#75356f", "#dfc0e6"),
    Category.SLOWER: Shades("#050005", "#adfefe"),
    Category.UNIT: Shades("#446551", "#429737"),
    Category.OTHER_JOB: Shades("#030039", "#7d77ec"),
    Category.FAULT: Shades("#54200c", "#fdffc2"),
    Category.IDLE: KINDS[KindOfWork.IDLE],
}
"""Of what time is spent on, by `Category`; what is a kind of work, too, looks like that.

The others look like no kind of work, since both stand on one page.
"""


def colours_of(kinds: Iterable[str]) -> dict[str, str]:
    """A colour on white for each kind: a category's own, or the next one of the series."""
    return {kind: shades.light for kind, shades in shades_of(kinds).items()}


def shades_of(kinds: Iterable[str]) -> dict[str, Shades]:
    """Likewise on a light and on a dark ground; one of the series is the same on both."""
    return {
        kind: CAUSES.get(kind) or Shades(*2 * (SERIES[number % len(SERIES)],))
        for number, kind in enumerate(kinds)
    }
