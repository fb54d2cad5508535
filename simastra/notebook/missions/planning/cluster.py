"""Leafs with NPUs, some of which are out of order, and ways to place two jobs on them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from types import MappingProxyType
from typing import NamedTuple

from simastra import MiB
from simastra.notebook.missions.dice import Dice
from simastra.units import Bytes, NpuId

LEAFS, PER_LEAF = 4, 4
NPUS = LEAFS * PER_LEAF
JOBS = ("a", "b")


class Placed(NamedTuple):
    """Two jobs' NPUs, in the order of their rings."""

    a: tuple[NpuId, ...]
    b: tuple[NpuId, ...]

    @property
    def crowding(self) -> tuple[int, int]:
        """From how many leafs both rings go out, and over how many the jobs are spread."""
        leafs = [{npu // PER_LEAF for npu in npus} for npus in self]
        out = [it if len(it) > 1 else set() for it in leafs]
        return len(out[0] & out[1]), sum(map(len, leafs))


@dataclass(frozen=True, slots=True)
class Cluster:
    """What there is, and what is wanted of it.

    Attributes:
        broken: NPUs that nobody can have.
        wanted: how many NPUs each job needs.
        sizes: bytes that each job sums up.
    """

    broken: Sequence[NpuId]
    wanted: Mapping[str, int]
    sizes: Mapping[str, Bytes]

    @classmethod
    def drawn(cls, dice: Dice, draw: int) -> "Cluster":
        """One of many: of one leaf all NPUs are there, of the others one or two aren't."""
        counts = dice.shuffled([0, 1, 1, 2], "counts", draw)
        broken = [
            leaf * PER_LEAF + place
            for leaf, count in enumerate(counts)
            for place in dice.shuffled(range(PER_LEAF), "broken", leaf, draw)[:count]
        ]
        wanted = {"a": dice.whole(5, 7, "wanted", draw), "b": PER_LEAF}
        sizes = {job: dice.whole(2, 4, "size", job, draw) * MiB for job in JOBS}
        return cls(tuple(sorted(broken)), MappingProxyType(wanted), sizes)

    @property
    def leafs(self) -> Sequence[Sequence[NpuId]]:
        """The NPUs of each leaf that can be had."""
        leafs = (range(leaf * PER_LEAF, (leaf + 1) * PER_LEAF) for leaf in range(LEAFS))
        return [[npu for npu in leaf if npu not in self.broken] for leaf in leafs]

    def first_come(self, order: Sequence[str]) -> Placed:
        """One job after the other takes the first NPUs that are free."""
        free = [npu for leaf in self.leafs for npu in leaf]
        taken: dict[str, tuple[NpuId, ...]] = {}
        for job in order:
            taken[job] = tuple(free[: self.wanted[job]])
            free = free[self.wanted[job] :]
        return Placed(taken["a"], taken["b"])

    def placements(self) -> Iterator[Placed]:
        """Ways to take so many NPUs of each leaf for each job, leaf by leaf."""
        for first in _counts(self.leafs, self.wanted["a"]):
            left = [leaf[count:] for leaf, count in zip(self.leafs, first, strict=True)]
            for second in _counts(left, self.wanted["b"]):
                yield Placed(_taken(self.leafs, first), _taken(left, second))


def _counts(leafs: Sequence[Sequence[NpuId]], wanted: int) -> Iterator[tuple[int, ...]]:
    for counts in product(*(range(len(leaf) + 1) for leaf in leafs)):
        if sum(counts) == wanted:
            yield counts


def _taken(leafs: Sequence[Sequence[NpuId]], counts: Sequence[int]) -> tuple[NpuId, ...]:
    return tuple(npu for leaf, count in zip(leafs, counts, strict=True) for npu in leaf[:count])
