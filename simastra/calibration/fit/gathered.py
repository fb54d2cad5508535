"""Measurements by what can be fitted together: inside a node, and by how many GPUs of each node."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from simastra.calibration.measurements import Measurement, merged

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


def gathered(rows: Sequence[Measurement]) -> Gathered:
    """Gather measurements; one NPU alone has nothing to communicate."""
    inside: dict[Place, float] = {}
    across: dict[float, dict[Place, float]] = defaultdict(dict)
    # In an order of its own, so that the order of rows changes nothing.
    for row in merged(rows):
        if row.npus > 1:
            group = inside if row.nodes == 1 else across[row.npus / row.nodes]
            group[Place(row.collective, row.npus, row.size)] = row.us
    return Gathered(inside, {per_node: across[per_node] for per_node in sorted(across)})
