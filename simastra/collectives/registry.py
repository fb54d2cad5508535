"""Algorithms by their names in the system JSON (behaviour 1.3).

To add an algorithm: one file with an `Algorithm` and its entry, one line in `ALGORITHMS`
(docs/extending.md).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from simastra.deferred import deferred
from simastra.lazy_table import LazyTable
from simastra.quick_dataclass import dataclass
from simastra.suggestions import unknown_name

from .algorithm import Algorithm
from .entry import AlgorithmEntry, FindOptions

if TYPE_CHECKING:
    from simastra.collectives.selection import auto, tuner

    from .options import AlgorithmOptions
else:  # few system files leave the choice to a simulation
    auto = deferred("simastra.collectives.selection.auto")
    tuner = deferred("simastra.collectives.selection.tuner")


# Functions of the module, since simulations are pickled with the table.
def _tuner_options() -> type[AlgorithmOptions]:
    return tuner.TunerOptions


def _auto_options() -> type[AlgorithmOptions]:
    return auto.AutoOptions


ALGORITHMS: LazyTable[AlgorithmEntry] = LazyTable(
    AlgorithmEntry,
    "simastra.collectives.algorithms",
    {
        "ring": "ring:ENTRY",
        "direct": "direct:ENTRY",
        "halvingDoubling": "halving_doubling:ENTRY",
        "doubleBinaryTree": "double_binary_tree:ENTRY",
        "bidirectionalRing": "bidirectional_ring:ENTRY",
        "recursiveDoubling": "recursive_doubling:ENTRY",
        "rabenseifner": "rabenseifner:ENTRY",
        "bruck": "bruck:ENTRY",
        "pairwise": "pairwise:ENTRY",
        "pat": "pat:ENTRY",
        "swing": "swing:ENTRY",
        "nvls": "in_switches:NVLS",
        "sharp": "in_switches:SHARP",
        "hierarchical": "with_options:HIERARCHICAL",
        "multiRing": "with_options:MULTI_RING",
    },
)
"""Algorithms by name. ``one`` before a name makes it run over all NPUs as a single ring."""

SELECTORS: dict[str, FindOptions] = {"auto": _auto_options, "tuner": _tuner_options}
"""What stands for several algorithms, by name; it takes options."""


@dataclass(frozen=True, slots=True)
class AlgorithmChoice:
    """What one entry of an implementation list asks for.

    Attributes:
        name: as written.
        algorithm: the algorithm.
        over_all_npus: whether it takes all NPUs as one ring, whatever the dimensions (``one...``).
        find_options: as of its entry.
        in_groups: what process groups run where that was decided apart; None elsewhere.
    """

    name: str
    algorithm: Algorithm
    over_all_npus: bool = False
    find_options: FindOptions | None = None
    in_groups: Algorithm | None = None


class UnknownAlgorithm(ValueError):  # noqa: N818  # reads as what it says; callers add file and key
    """No algorithm has that name; the text says which one was probably meant."""


def choose(name: str, algorithms: Mapping[str, AlgorithmEntry] = ALGORITHMS) -> AlgorithmChoice:
    """Read one entry of an implementation list.

    Raises:
        UnknownAlgorithm: if it names none of `algorithms`, or its number isn't above 0.
    """
    over_all = re.match("one[A-Z]", name) is not None
    base = name[3].lower() + name[4:] if over_all else name
    if base in SELECTORS and base not in algorithms:
        raise UnknownAlgorithm(
            f"{base!r} stands for several algorithms; "
            + (f"list it once for each dimension, not as {name!r}" if over_all else "name one here")
        )
    if base in algorithms:
        entry = algorithms[base]
        return AlgorithmChoice(name, entry.plain, over_all, entry.find_options)
    stem = base.rstrip("0123456789")
    numbered = algorithms.get(stem)
    if numbered is None or numbered.with_window is None:
        raise UnknownAlgorithm(
            unknown_name("algorithm", name, (*spellings(algorithms), *SELECTORS))
        )
    window = int(base[len(stem) :])
    if window < 1:
        problem = f"{name!r} has {numbered.number_means} of 0"
        raise UnknownAlgorithm(f"{problem}; the smallest is 1, as in '{stem}1'")
    return AlgorithmChoice(name, numbered.with_window(window), over_all)


def spellings(algorithms: Mapping[str, AlgorithmEntry] = ALGORITHMS) -> tuple[str, ...]:
    """Every name that a list may contain, windows aside."""
    return (*algorithms, *(f"one{name[0].upper()}{name[1:]}" for name in algorithms))
