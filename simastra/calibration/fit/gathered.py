"""Measurements by what can be fitted together: inside a node, and by how many GPUs of each node."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from statistics import median
from typing import TypeAlias

from simastra.calibration.measurements import Measurement

from .points import Place

Times: TypeAlias = Mapping[Place, float]
"""In µs; of what was measured several times, the median."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """Times that were measured.

    Attributes:
        inside: of one node.
        across: of several, by how many NPUs of each node take part.
    """

    inside: Times
    across: Mapping[float, Times]


def gathered(rows: Iterable[Measurement]) -> Gathered:
    """Gather measurements; one NPU alone has nothing to communicate."""
    inside: dict[Place, list[float]] = defaultdict(list)
    across: dict[float, dict[Place, list[float]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        if row.npus > 1:
            group = inside if row.nodes == 1 else across[row.npus / row.nodes]
            group[Place(row.collective, row.npus, row.size)].append(row.us)
    return Gathered(
        _medians(inside), {per_node: _medians(across[per_node]) for per_node in sorted(across)}
    )


def _medians(times: Mapping[Place, list[float]]) -> Times:
    # In an order of its own, so that the order of rows changes nothing.
    ordered = sorted(times, key=lambda it: (it.kind.value, it.npus, it.size))
    return {place: median(times[place]) for place in ordered}
