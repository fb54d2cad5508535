"""Communication, inferred from how a tensor's layout changes between producer and consumer.

Along one axis (docs/chakra.md 3.1; GSPMD, arXiv:2105.04663, section 3):

========================  ==================================
from → to                 what it takes
========================  ==================================
partial sum → the same    all-reduce
partial sum → cut         reduce-scatter
cut → the same            all-gather
cut → cut elsewhere       all-to-all
the same → cut            nothing: each NPU keeps its part
========================  ==================================
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from simastra.trace import CollectiveType

from .layout import PARTIAL, Layout


@dataclass(frozen=True, slots=True)
class Change:
    """One step from a layout to another, along all the axes that take it.

    Attributes:
        collective: that it takes; None where each NPU only keeps a part of what it has.
        axes: along which.
        before: layout that it starts from.
        after: layout that it leads to.
    """

    collective: CollectiveType | None
    axes: tuple[str, ...]
    before: Layout
    after: Layout

    def elements(self, values: Mapping[str, int]) -> int:
        """Elements that one NPU puts in, which is the collective's size (behaviour 2.4)."""
        return self.before.elements(values)


_ORDER: tuple[CollectiveType | None, ...] = (
    # What shrinks the tensor goes first, what makes it grow last.
    None,
    CollectiveType.REDUCE_SCATTER,
    CollectiveType.ALL_REDUCE,
    CollectiveType.ALL_TO_ALL,
    CollectiveType.ALL_GATHER,
)


def changes(source: Layout, target: Layout) -> tuple[Change, ...]:
    """Return the steps that lead from one layout to the other.

    Raises:
        ValueError: the shapes differ, or a partial sum is wanted of what isn't one.
    """
    if source.extents != target.extents:
        raise ValueError(f"the shape {source} isn't {target}, which is wanted")
    axes = dict.fromkeys((*source.axes, *source.partial, *target.axes, *target.partial))
    wanted: dict[CollectiveType | None, list[str]] = {kind: [] for kind in _ORDER}
    for axis in axes:
        place, goal = source.place(axis), target.place(axis)
        if place != goal:
            wanted[_collective(axis, place, goal)].append(axis)
    return tuple(_steps(source, target, wanted))


def without_gathers(source: Layout, target: Layout) -> Layout:
    """Return the layout just before the all-gathers that lead to `target`.

    That is what is worth keeping of a tensor for the backward pass: gathering again costs memory
    nothing, as Megatron-LM does it under sequence parallelism (arXiv:2205.05198, section 4.2.2).
    """
    for change in changes(source, target):
        if change.collective is CollectiveType.ALL_GATHER:
            return change.before
    return target


def _collective(axis: str, place: int | None, goal: int | None) -> CollectiveType | None:
    if goal == PARTIAL:
        raise ValueError(f"a partial sum over {axis} is wanted of what isn't one")
    if place == PARTIAL:
        return CollectiveType.ALL_REDUCE if goal is None else CollectiveType.REDUCE_SCATTER
    if place is None:
        return None
    return CollectiveType.ALL_GATHER if goal is None else CollectiveType.ALL_TO_ALL


def _steps(
    source: Layout, target: Layout, wanted: Mapping[CollectiveType | None, Sequence[str]]
) -> Iterator[Change]:
    before = source
    for collective in _ORDER:
        after = before
        for axis in wanted[collective]:
            after = after.placed(axis, target.place(axis))
        if wanted[collective]:
            yield Change(collective, tuple(wanted[collective]), before, after)
        before = after
