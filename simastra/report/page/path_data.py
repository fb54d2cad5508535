"""The critical path as a chain to walk along, as JSON values."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Any

from simastra.units import Ns

from .contents import PathStep
from .words import node_words

MOST_STRETCHES = 1200
"""Of the chain; beyond that, short neighbours become one."""


@dataclass(frozen=True, slots=True)
class PathStretch:
    """A part of the path: the steps for one node, on whatever NPUs, or for several short ones."""

    steps: tuple[PathStep, ...]
    nodes: int = 1

    @property
    def start(self) -> Ns:
        """When it begins, in ns."""
        return self.steps[0].start

    @property
    def end(self) -> Ns:
        """When it is over."""
        return self.steps[-1].end


def path_data(path: Sequence[PathStep]) -> dict[str, Any]:
    """Return the chain: of each stretch its times, node, NPUs, causes, and its longest step."""
    stretches = fitted(
        [PathStretch(tuple(steps)) for _, steps in groupby(path, key=lambda step: step.node)]
    )
    causes = list(dict.fromkeys(step.what for step in path))
    numbers = {cause: number for number, cause in enumerate(causes)}
    return {
        "causes": causes,
        "stretches": [_stretch(it, numbers) for it in stretches],
        "nodes": sum(it.nodes for it in stretches),
    }


def fitted(stretches: list[PathStretch], most: int = MOST_STRETCHES) -> list[PathStretch]:
    """The stretches, at most so many: neighbours are joined, the shortest first."""
    limit = 1
    while len(stretches) > most:
        # On a long path even the shortest two together are long: lower limits join nothing.
        shortest = min(second.end - first.start for first, second in pairwise(stretches))
        limit = max(limit, 1 << (shortest - 1).bit_length())
        stretches = _joined(stretches, limit)
        limit *= 2
    return stretches


def _joined(stretches: Sequence[PathStretch], limit: Ns) -> list[PathStretch]:
    """Neighbours that together are no longer than that become one."""
    joined: list[PathStretch] = []
    for it in stretches:
        if joined and it.end - joined[-1].start <= limit:
            last = joined[-1]
            joined[-1] = PathStretch(last.steps + it.steps, last.nodes + it.nodes)
        else:
            joined.append(it)
    return joined


def _stretch(stretch: PathStretch, numbers: dict[str, int]) -> list[Any]:
    longest = max(stretch.steps, key=lambda it: (it.end - it.start, -it.start))
    sums: dict[int, Ns] = {}
    for step in stretch.steps:
        cause = numbers[step.what]
        sums[cause] = sums.get(cause, 0) + step.end - step.start
    npus = list(dict.fromkeys(it.npu for it in stretch.steps if it.npu is not None))
    ordered = sorted(sums.items(), key=lambda it: (-it[1], it[0]))
    return [
        *(stretch.start, stretch.end - stretch.start, node_words(longest.node), stretch.nodes),
        npus[:8],
        len(npus),
        [number for pair in ordered for number in pair],
        [longest.start, longest.end - longest.start, numbers[longest.what], longest.detail],
    ]
