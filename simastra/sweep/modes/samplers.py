"""Samplers of Optuna, set up for the spaces of studies: a few hundred points, in batches."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple, TypeAlias

from .preselection import CHILDREN_PER_POINT

MakeSampler: TypeAlias = Callable[[Any, int, int], Any]
"""Makes one, of the module optuna, a seed and the size of a batch."""


class Sampler(NamedTuple):
    """A sampler, and what is made of what it suggests.

    Attributes:
        make: makes it.
        suggestions_per_point: how many are looked at, of which the most promising is run. One of
            a sampler that itself has a model of what is promising.
    """

    make: MakeSampler
    suggestions_per_point: int


def batch_size(points: int) -> int:
    """How many points are asked for at once, of so many in all: some ten batches."""
    return min(max(8, points // 10), 32)


def _nsga2(optuna: Any, seed: int, batch: int) -> Any:
    """NSGA-II (Deb et al., IEEE Trans. Evol. Comput. 6(2), 2002), a batch being a generation."""
    return optuna.samplers.NSGAIISampler(population_size=batch, seed=seed)


def _tpe(optuna: Any, seed: int, batch: int) -> Any:
    """Tree-structured Parzen estimators (Bergstra et al., NeurIPS 2011), multivariate.

    Points of a batch that are still to be told count as bad ones, so that a batch is spread out.
    """
    return optuna.samplers.TPESampler(
        seed=seed, n_startup_trials=batch, multivariate=True, constant_liar=True
    )


SAMPLERS: Mapping[str, Sampler] = MappingProxyType(
    {"nsga2": Sampler(_nsga2, CHILDREN_PER_POINT), "tpe": Sampler(_tpe, 1)}
)
"""By the name that studies choose them by."""
