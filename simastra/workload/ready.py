"""The nodes of one NPU that nothing holds back but the hardware."""

from collections.abc import Container, Iterable, Iterator, Sequence
from heapq import heappop, heappush
from itertools import chain

from .operation import Unit


class ReadyNodes:
    """Ready nodes, by the resource that each needs.

    ASTRA-sim looks at all ready nodes in order of their ids and puts back those whose resource is
    taken (behaviour 2.2). A heap for each resource gives the same order without looking at nodes
    that can't go.

    Args:
        resources: what each node of the graph needs, by its index; None for nothing.
    """

    def __init__(self, resources: Sequence[Unit | None]) -> None:
        self._resources = resources
        self._heaps: dict[Unit | None, list[int]] = {}

    def add(self, indices: Iterable[int]) -> None:
        """List nodes as ready."""
        for index in indices:
            heappush(self._heaps.setdefault(self._resources[index], []), index)

    def take(self, busy: Container[Unit | None]) -> int | None:
        """Index of the ready node with the lowest id whose resource isn't busy, now unlisted."""
        best: list[int] | None = None
        for resource, heap in self._heaps.items():
            if heap and resource not in busy and (best is None or heap[0] < best[0]):
                best = heap
        return None if best is None else heappop(best)

    def __iter__(self) -> Iterator[int]:
        """Indices of the ready nodes, ascending."""
        return iter(sorted(chain.from_iterable(self._heaps.values())))

    def __contains__(self, index: int) -> bool:
        return index in self._heaps.get(self._resources[index], ())

    def __bool__(self) -> bool:
        return any(self._heaps.values())
