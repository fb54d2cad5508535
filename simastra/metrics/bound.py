"""Bounds: what a step can't be faster than, whatever the order of things."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from simastra.units import Ns


class BoundPart(StrEnum):
    """What bounds a step from below."""

    COMPUTE = "compute"
    """An NPU computes one thing at a time: the sum of its computations."""
    PORTS = "ports"
    """An NPU's links carry so much and no more: the bytes that it has to send, over their rate."""
    DEPENDENCIES = "dependencies"
    """The longest chain of an NPU's nodes, each as short as it can be: no message is in the way of
    another."""


@dataclass(frozen=True, slots=True)
class Bound:
    """The largest of several lower bounds, each of the NPU for which it is largest.

    Attributes:
        makespan: of the run that is judged, in ns.
        parts: each bound in ns. ``ports`` is missing where messages don't share links, as on the
            congestion-unaware backend: no bytes bound them there.
    """

    makespan: Ns
    parts: Mapping[BoundPart, Ns]

    @property
    def limit(self) -> BoundPart:
        """What bounds it most."""
        return max(self.parts, key=self.parts.__getitem__)

    @property
    def time(self) -> Ns:
        """The step takes that long at least, in ns."""
        return self.parts[self.limit]

    @property
    def slack(self) -> Ns:
        """What the run takes longer, in ns; 0 or more."""
        return self.makespan - self.time

    def to_dict(self) -> dict[str, object]:
        """Plain numbers by name, ready for JSON; all in ns."""
        parts = {part.value: time for part, time in self.parts.items()}
        return {"time": self.time, "limit": self.limit.value, "slack": self.slack, "parts": parts}
