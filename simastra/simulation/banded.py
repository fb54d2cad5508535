"""The band of a calibrated makespan: runs with all times at one edge of their own bands."""

from __future__ import annotations

from dataclasses import replace

from simastra.calibration.priced import Edge
from simastra.metrics import Band
from simastra.notices import unheard
from simastra.units import Ns

from .known_orders import KnownOrders
from .scenario import Scenario
from .shortest import shortest_run


def band(scenario: Scenario, makespan: Ns) -> Band:
    """Simulate the two other edges.

    Args:
        scenario: what has been simulated, with prices.
        makespan: what that came to, with what is expected of each time.

    Raises:
        DeadlockError: if it can't finish at an edge: in which order NPUs begin what communicates
            then depends on times.
    """
    low, high = (_makespan(scenario, edge) for edge in (Edge.LOW, Edge.HIGH))
    return Band(min(low, makespan), makespan, max(high, makespan))


def _makespan(scenario: Scenario, edge: Edge) -> Ns:
    platform = scenario.platform.at(edge)
    at_edge = replace(scenario, platform=platform, orders=KnownOrders())
    with unheard():  # all of it has been said of the run itself
        return shortest_run(at_edge).run().makespan
