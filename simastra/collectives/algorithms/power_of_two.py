"""Any number of members as a power of two that exchange, and others that each lean on one of them.

Thakur, Rabenseifner and Gropp, "Optimization of collective communication operations in MPICH",
2005, section 4.1.
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PowerOfTwo:
    """The first members, as many as the largest power of two, and the rest.

    >>> core = PowerOfTwo(6)
    >>> core.size, core.helper(5), core.helped(1), core.helped(2)
    (4, 1, 5, None)

    Attributes:
        npus: members in all, at least 1.
    """

    npus: int

    @property
    def size(self) -> int:
        """How many exchange."""
        return 1 << (self.npus.bit_length() - 1)

    @property
    def distances(self) -> Sequence[int]:
        """How far apart partners are, in each step: 1, 2, 4..."""
        return [1 << step for step in range(self.size.bit_length() - 1)]

    def helper(self, position: int) -> int | None:
        """Who exchanges in the place of a position; None for one that does so itself."""
        return position - self.size if position >= self.size else None

    def helped(self, position: int) -> int | None:
        """In whose place a position exchanges as well; None if for itself alone."""
        rest = position + self.size
        return rest if rest < self.npus else None
