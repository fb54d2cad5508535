"""Bounds: what a step can't be faster than, whatever the order of things."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum

from simastra.units import Ns

_ABOUT = 0.95


class BoundPart(StrEnum):
    """What bounds a step from below."""

    COMPUTE = "compute"
    """An NPU computes one thing at a time: the sum of its computations."""
    PORTS = "ports"
    """An NPU's links carry so much and no more: the bytes that it has to send, over their rate."""
    LINKS = "links"
    """A link carries so much and no more: the bytes that cross it, over its rate."""
    DEPENDENCIES = "dependencies"
    """The longest chain of an NPU's nodes, each as short as it can be: no message is in the way of
    another."""


@dataclass(frozen=True, slots=True)
class BoundPlace:
    """Whose a bound is.

    Attributes:
        name: of the NPU or the link, as people read it.
        device: the NPU; of a link the device at its sending end.
        to: the device at its receiving end; None for an NPU.
    """

    name: str
    device: int
    to: int | None = None


@dataclass(frozen=True, slots=True)
class LowerBound:
    """The largest of several lower bounds, each of the NPU or the link for which it is largest.

    They hold for every network whose links carry no more than their bandwidth: on the
    congestion-aware backend no run is faster. One on the congestion-unaware backend may be, since
    its messages share no links.

    Attributes:
        parts: each bound in ns. ``links`` is missing where nobody knows what each link carries.
        places: whose each of them is, as far as that is known.
    """

    parts: Mapping[BoundPart, Ns]
    places: Mapping[BoundPart, BoundPlace] = field(default_factory=dict)

    @property
    def limit(self) -> BoundPart:
        """What bounds it most; of parts that are within 5 % of the largest, the first.

        So a chain that is one collective, and a latency, is called by the ports that it needs.
        """
        return next(part for part, time in self.parts.items() if time >= _ABOUT * self.time)

    @property
    def time(self) -> Ns:
        """The step takes that long at least, in ns."""
        return max(self.parts.values())

    @property
    def place(self) -> BoundPlace | None:
        """Whose the largest is; None where that isn't known."""
        return self.places.get(self.limit)


@dataclass(frozen=True, slots=True)
class Bound(LowerBound):
    """The same of a run, and what that makes of it.

    Attributes:
        makespan: of the run that is judged, in ns.
    """

    makespan: Ns = field(kw_only=True)

    @property
    def slack(self) -> Ns:
        """What the run takes longer, in ns; less than 0 if it is faster than anything could be."""
        return self.makespan - self.time

    @property
    def is_beaten(self) -> bool:
        """Whether the run is faster than its bound, and so than any such network."""
        return self.slack < 0

    @property
    def overload(self) -> float:
        """How many times its rate the limit would have had to work: more than 1 if `is_beaten`."""
        return self.time / max(self.makespan, 1)

    def to_dict(self) -> dict[str, object]:
        """Plain numbers by name, ready for JSON; all in ns, but for the overload."""
        return {
            "time": self.time,
            "limit": self.limit.value,
            "slack": self.slack,
            "overload": self.overload,
            "parts": {part.value: time for part, time in self.parts.items()},
            "places": {part.value: asdict(place) for part, place in self.places.items()},
        }
