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


RULES: tuple[Rule, ...] = (_backend,)
"""All of them."""
