"""Points at which a collective's time is known or asked for, as columns of numbers."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from simastra.calibration.base import steps
from simastra.trace import CollectiveType
from simastra.trace.nccl_tests import BUS_FACTORS
from simastra.units import NS_PER_MICROSECOND, Bytes

Floats: TypeAlias = NDArray[np.float64]
Whole: TypeAlias = NDArray[np.int64]
Mask: TypeAlias = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class SystemHardware:
    """What a fit knows of a system beside its measurements.

    Attributes:
        name: by which systems differ.
        generation: of its GPUs; None if it isn't known.
        link_gb_s: bandwidth of a GPU's links in one direction, in GB/s of 10^9 bytes.
    """

    name: str
    generation: str | None
    link_gb_s: float

    @property
    def family(self) -> str:
        """What relatives have in common; a system of no known generation has none."""
        return self.generation or f"that of {self.name} alone"

    @property
    def has_switch(self) -> bool:
        """Whether any number of its GPUs have the same links, as far as is known.

        Without a switch, two GPUs and eight communicate over other links, and on other ways.
        """
        return self.link_gb_s >= LEAST_LINK_GB_S and self.generation not in _MESHES


LEAST_LINK_GB_S = 100.0
"""PCIe has less, and links made for GPUs have more."""

_MESHES = ("pascal", "volta", "cdna1", "cdna2", "cdna3", "cdna4")
"""Generations whose GPUs are joined by links of their own: a cube mesh, or each to each."""


@dataclass(frozen=True, slots=True)
class Place:
    """One size of one collective among as many NPUs."""

    kind: CollectiveType
    npus: int
    size: Bytes


@dataclass(frozen=True, slots=True, eq=False)
class Points:
    """Columns; row i is one place on one system.

    Attributes:
        system: number of the system.
        family: number of its generation.
        link: bandwidth of its links, in bytes/µs.
        kind: the collective's number.
        npus: how many take part.
        size: bytes as nccl-tests counts them.
    """

    system: Whole
    family: Whole
    link: Floats
    kind: Whole
    npus: Floats
    size: Floats

    def __len__(self) -> int:
        return len(self.size)

    def __getitem__(self, rows: Mask | Whole) -> "Points":
        return Points(*(getattr(self, it.name)[rows] for it in fields(self)))

    @property
    def steps(self) -> Floats:
        """s: how many steps follow each other."""
        return self._of_each(steps)

    @property
    def bus_bytes(self) -> Floats:
        """b: bytes that each link carries at the least."""
        return self.size * self._of_each(lambda kind, npus: BUS_FACTORS[kind](npus))

    def _of_each(self, what: Callable[[CollectiveType, int], float]) -> Floats:
        """Something of each point's collective and number of NPUs."""
        pairs = zip(self.kind.tolist(), self.npus.astype(int).tolist(), strict=True)
        return np.array([what(CollectiveType(kind), npus) for kind, npus in pairs], np.float64)


class PointNumbering:
    """Gives systems and generations the numbers that points have for them."""

    def __init__(self) -> None:
        self._systems: dict[str, int] = {}
        self._families: dict[str, int] = {}

    def points(self, hardware: SystemHardware, places: Sequence[Place]) -> Points:
        """Places on one system as points."""
        system = self._systems.setdefault(hardware.name, len(self._systems))
        family = self._families.setdefault(hardware.family, len(self._families))
        count = len(places)
        return Points(
            np.full(count, system, np.int64),
            np.full(count, family, np.int64),
            np.full(count, hardware.link_gb_s * NS_PER_MICROSECOND),
            np.array([it.kind.value for it in places], np.int64),
            np.array([it.npus for it in places], np.float64),
            np.array([it.size for it in places], np.float64),
        )


def joined(parts: Iterable[Points]) -> Points:
    """Points one after the other."""
    listed = list(parts)
    return Points(
        *(np.concatenate([getattr(part, it.name) for part in listed]) for it in fields(Points))
    )
