"""Explaining a simulation, with a bar for people: it takes longer than simulating."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simastra.deferred import deferred
from simastra.simulation import Simulation

if TYPE_CHECKING:
    from simastra.explain import Explanation
    from simastra.simulation import explained

    from .progress import ProgressBar
else:  # for who asks for an explanation
    explained = deferred("simastra.simulation.explained")


def explain(simulation: Simulation, bar: ProgressBar | None) -> Explanation:
    """Simulate event by event, and explain it.

    Args:
        simulation: what is explained.
        bar: shows how far that is; None for nobody who would look.

    Raises:
        DeadlockError: if it doesn't end.
    """
    if bar is None:
        return simulation.explain()
    with bar.shown(simulation.trace, "explaining"):
        return explained.explained(simulation.experiment, [bar])
