"""What a topology has to answer."""

from abc import ABC, abstractmethod
from enum import Enum, auto


class LineSymmetry(Enum):
    """Which renumberings of a dimension's NPUs take every route to a route."""

    NONE = auto()
    """Nothing is promised; a simulation then goes event by event."""

    ROTATIONS = auto()
    """Every NPU so many places further on, round the end."""

    PERMUTATIONS = auto()
    """Any at all."""


class Topology(ABC):
    """One network dimension of `npus` NPUs, numbered 0..npus-1; other devices follow after them.

    Args:
        npus: number of NPUs along the dimension, at least 1.
    """

    def __init__(self, npus: int) -> None:
        self.npus = npus

    @property
    def symmetry(self) -> LineSymmetry:
        """What may be renumbered; shortcuts rely on it, and the conformance suite checks it."""
        return LineSymmetry.NONE

    @property
    @abstractmethod
    def devices(self) -> int:
        """Number of devices: the NPUs and whatever else messages pass, switches for instance."""

    @abstractmethod
    def route(self, src: int, dst: int) -> tuple[int, ...]:
        """Devices on the way from NPU `src` to NPU `dst`, both ends included.

        Each consecutive pair is a directed link. A message from an NPU to itself takes the route
        ``(src,)`` unless the topology sends it round.
        """

    @abstractmethod
    def hops(self, src: int, dst: int) -> int:
        """Number of links on that route, without building it."""
