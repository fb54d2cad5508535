"""The entries of algorithms that a system file may tell more than their names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simastra.collectives.entry import AlgorithmEntry
from simastra.deferred import deferred

from .hierarchical import Hierarchical
from .multi_ring import MultiRing

if TYPE_CHECKING:
    from simastra.collectives.algorithms import hierarchical_options, multi_ring_options
    from simastra.collectives.options import AlgorithmOptions
else:  # few system files do
    hierarchical_options = deferred("simastra.collectives.algorithms.hierarchical_options")
    multi_ring_options = deferred("simastra.collectives.algorithms.multi_ring_options")


# Functions of the module, since simulations are pickled with the table.
def _hierarchical_options() -> type[AlgorithmOptions]:
    return hierarchical_options.HierarchicalOptions


def _multi_ring_options() -> type[AlgorithmOptions]:
    return multi_ring_options.MultiRingOptions


HIERARCHICAL = AlgorithmEntry(
    Hierarchical(),
    with_window=Hierarchical,
    find_options=_hierarchical_options,
    number_means="nodes",
)
MULTI_RING = AlgorithmEntry(MultiRing(), find_options=_multi_ring_options)
