"""Which algorithm ``auto`` took for a collective, and what others would have come to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from simastra.trace import CollectiveType
from simastra.units import Bytes, NpuId, Ns


@dataclass(frozen=True, slots=True)
class TriedAlgorithms:
    """Algorithms, one for each dimension, and what a collective takes with them by itself.

    Attributes:
        algorithms: their names, innermost dimension first.
        time: simulated, in ns; None where a bound said that it isn't the least.
        bound: what it takes at the least, in ns.
    """

    algorithms: tuple[str, ...]
    time: Ns | None
    bound: Ns

    def to_dict(self) -> dict[str, Any]:
        """Ready for JSON."""
        time = {"at_least": self.bound} if self.time is None else {"time": self.time}
        return {"algorithms": list(self.algorithms), **time}


@dataclass(frozen=True, slots=True)
class AlgorithmDecision:
    """What was decided for all collectives of a kind and size, among members that lie alike.

    Attributes:
        collective: which kind.
        size: bytes, as their ET nodes give them.
        npus: how many members take part.
        group: the first such process group, in order of positions; None for all NPUs, or for
            lines of dimensions.
        groups: how many such process groups there are.
        tried: those that can run it, fastest first; those that were only bounded at the end. The
            first is taken.
        unable: those that can't, and why.
    """

    collective: CollectiveType
    size: Bytes
    npus: int
    group: tuple[NpuId, ...] | None
    groups: int
    tried: tuple[TriedAlgorithms, ...]
    unable: tuple[tuple[str, str], ...] = ()

    @property
    def taken(self) -> TriedAlgorithms:
        """What is taken."""
        return self.tried[0]

    def to_dict(self) -> dict[str, Any]:
        """Ready for JSON; times in ns."""
        groups = {} if self.group is None else {"group": list(self.group), "groups": self.groups}
        return {
            "collective": self.collective.name,
            "size": self.size,
            "npus": self.npus,
            **groups,
            **self.taken.to_dict(),
            "others": [it.to_dict() for it in self.tried[1:]],
            "unable": dict(self.unable),
        }
