"""Covariances of ln(measured / base) between points: what makes two of them alike.

Amplitudes are relative errors, lengths are doublings of the size or of the number of NPUs. They
were set by hand on public measurements; twice the amplitudes change little.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from .points import Floats, Points, Whole


class Kernel(Protocol):
    """A covariance of residuals.

    Attributes:
        noise: standard deviation of what two measurements of one point have not in common.
    """

    @property
    def noise(self) -> float:
        """Of one measurement."""
        ...

    @property
    def variance(self) -> float:
        """Of any point, before anything is known."""
        ...

    def __call__(self, some: Points, others: Points) -> Floats:
        """Covariance of each of `some` with each of `others`, without noise."""
        ...


@dataclass(frozen=True, slots=True)
class OwnKernel:
    """One process for each collective of one system, which knows no other."""

    sigma: float = 0.15
    length: float = 2.0
    npus_length: float = 1.0
    roughness: float = 0.04
    noise: float = 0.02

    @property
    def variance(self) -> float:
        """Of any point, before anything is known."""
        return self.sigma**2 + self.roughness**2

    def __call__(self, some: Points, others: Points) -> Floats:
        """Covariance of each of `some` with each of `others`."""
        apart = _apart(np.log2(some.size), np.log2(others.size))
        kind = _same(some.kind, others.kind)
        smooth = self.sigma**2 * matern(apart / self.length)
        smooth *= _npus_alike(some, others, self.npus_length)
        return np.asarray(kind * (smooth + _rough(some, others, apart, self.roughness)))


@dataclass(frozen=True, slots=True)
class Level:
    """What points of the same level have in common, the more the nearer they are.

    Attributes:
        sigma: amplitude.
        length: in doublings of the size.
        across: the part that collectives have in common.
    """

    sigma: float
    length: float
    across: float

    def __call__(self, apart: Floats, same_kind: Floats) -> Floats:
        """Without regard to the number of NPUs."""
        alike = self.sigma**2 * matern(apart / self.length)
        return np.asarray(alike * (self.across + (1 - self.across) * same_kind))


@dataclass(frozen=True, slots=True)
class LibraryKernel:
    """One process for all systems and collectives: of all, of a generation, of a system.

    Sizes are compared by the time that links need for them: twice the bandwidth, twice the size.
    """

    everywhere: Level = Level(0.12, 1.5, 0.4)
    generation: Level = Level(0.10, 2.4, 0.5)
    generation_offset: float = 0.10
    system: Level = Level(0.08, 4.0, 0.5)
    system_offset: float = 0.05
    system_fine: float = 0.03
    fine_length: float = 2.0
    npus_length: float = 1.2
    roughness: float = 0.04
    noise: float = 0.02

    @property
    def variance(self) -> float:
        """Of any point, before anything is known."""
        levels = (self.everywhere, self.generation, self.system)
        others = (self.generation_offset, self.system_offset, self.system_fine, self.roughness)
        return sum(it.sigma**2 for it in levels) + sum(it**2 for it in others)

    def __call__(self, some: Points, others: Points) -> Floats:
        """Covariance of each of `some` with each of `others`."""
        apart = _apart(np.log2(some.size / some.link), np.log2(others.size / others.link))
        kind = _same(some.kind, others.kind)
        npus = _npus_alike(some, others, self.npus_length)
        of_all = self.everywhere(apart, kind) * npus
        of_generation = self.generation(apart, kind) * npus
        of_generation += self.generation_offset**2 * (0.5 + 0.5 * kind)
        fine = self.system_fine**2 * matern(apart / self.fine_length) * kind
        of_system = (self.system(apart, kind) + fine) * npus + self.system_offset**2
        of_system += kind * _rough(some, others, apart, self.roughness)
        return np.asarray(
            of_all
            + _same(some.family, others.family) * of_generation
            + _same(some.system, others.system) * of_system
        )


def matern(distance: Floats) -> Floats:
    """Matérn's correlation of smoothness 3/2, of a process that can be differentiated once."""
    scaled = np.sqrt(3.0) * distance
    return np.asarray((1 + scaled) * np.exp(-scaled))


_ROUGH_LENGTH = 0.1
"""Doublings of the size: a point that was measured has it, and none beside it does."""


def _rough(some: Points, others: Points, apart: Floats, amplitude: float) -> Floats:
    """What one size of one curve deviates in every measurement, and its neighbours don't.

    Were it noise, a measured point wouldn't come out as it was measured.
    """
    alike = amplitude**2 * matern(apart / _ROUGH_LENGTH)
    return np.asarray(alike * (some.npus[:, None] == others.npus[None, :]))


def _npus_alike(some: Points, others: Points, length: float) -> Floats:
    apart = _apart(np.log2(some.npus), np.log2(others.npus))
    return np.asarray(np.exp(-(apart**2) / (2 * length**2)))


def _apart(some: Floats, others: Floats) -> Floats:
    return np.abs(some[:, None] - others[None, :])


def _same(some: Whole, others: Whole) -> Floats:
    return np.asarray(some[:, None] == others[None, :], np.float64)
