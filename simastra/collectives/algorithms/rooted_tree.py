"""The trees of rooted collectives: k-nomial ones, of which those of radix 2 are binomial.

Ranks count from the root. A rank's parent is the rank without its highest digit to base k, so that
after i rounds, in each of which a member sends to k - 1 others, k^i members are reached; a linear
tree has the root send to all, or all to the root. (Thakur, Rabenseifner and Gropp, "Optimization of
collective communication operations in MPICH", 2005; Moody et al., "Scalable NIC-based reduction on
large-scale clusters", 2003, for k-nomial ones.)
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple


class Branch(NamedTuple):
    """A child, and all that is below it.

    Attributes:
        rank: of the child.
        below: its rank and those of all members that hang from it.
    """

    rank: int
    below: range


@dataclass(frozen=True, slots=True)
class RootedTree:
    """Who hangs from whom.

    Attributes:
        radix: k, at least 2; None for a linear tree.
    """

    radix: int | None

    def parent(self, npus: int, rank: int) -> int | None:
        """The parent of a rank; None for the root, whose rank is 0."""
        return rank % self._highest(npus, rank) if rank else None

    def below(self, npus: int, rank: int) -> range:
        """A rank, and those of all that hang from it."""
        if not rank:
            return range(npus)
        return range(rank, npus, self._highest(npus, rank) * self._base(npus))

    def levels(self, npus: int, rank: int) -> Iterator[tuple[Branch, ...]]:
        """The children of a rank: round by round, those with the largest branches first.

        >>> [[child.rank for child in level] for level in RootedTree(3).levels(20, 1)]
        [[4, 7], [10, 19]]
        """
        base = self._base(npus)
        step = self._highest(npus, rank) * base if rank else 1
        while rank + step < npus:
            ranks = range(rank + step, min(npus, rank + base * step), step)
            yield tuple(Branch(it, self.below(npus, it)) for it in ranks)
            step *= base

    def _base(self, npus: int) -> int:
        return self.radix or max(npus, 2)

    def _highest(self, npus: int, rank: int) -> int:
        """What a rank's highest digit is worth: the largest power of the radix up to it."""
        base, worth = self._base(npus), 1
        while worth * base <= rank:
            worth *= base
        return worth


LINEAR, BINOMIAL = RootedTree(None), RootedTree(2)
"""A tree of one round, and one in whose rounds each member sends to one other."""

KNOMIAL_RADIX = 4
"""Of a k-nomial tree that isn't told its own."""
