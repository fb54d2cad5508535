"""What the compiled loop doesn't cover, beside what its tables find out; and why."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from simastra.simulation.experiment import Experiment

Rule: TypeAlias = Callable[[Experiment], str | None]


def _backend(experiment: Experiment) -> str | None:
    platform = experiment.platform
    known = platform.backend.is_compiled
    return None if known else f"it has no {platform.options.backend!r} network backend"


def _scenario(experiment: Experiment) -> str | None:
    return "it has no events of a scenario" if experiment.has_events else None


def _own_systems(experiment: Experiment) -> str | None:
    return "it has one system for all NPUs" if experiment.platform.own_systems else None


RULES: tuple[Rule, ...] = (_backend, _scenario, _own_systems)
"""All of them."""
