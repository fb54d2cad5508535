"""Making and running a mission's simulations unheard: that something is wrong is the mission."""

from collections.abc import Callable
from functools import cache

from simastra import NetworkConfig, Options, Result, Simulation, SystemConfig, Trace, TraceBuilder
from simastra.notices import unheard
from simastra.scenario import ScenarioConfig
from simastra.units import Ns


def simulation_of(
    workload: Trace | TraceBuilder,
    system: SystemConfig,
    network: NetworkConfig,
    *,
    options: Options | None = None,
    scenario: ScenarioConfig | None = None,
) -> Simulation:
    """Make one, as `Simulation` does."""
    with unheard():
        return Simulation(workload, system, network, options=options, scenario=scenario)


def quietly(simulation: Simulation) -> Result:
    """Run one.

    Raises:
        DeadlockError: it stands still.
    """
    with unheard():
        return simulation.run()


def times_of(simulation: Callable[..., Simulation]) -> Callable[..., Ns]:
    """How long simulations take, in ns: each is run once, however often it is asked for."""
    return cache(lambda *asked: time_of(simulation(*asked)))


def time_of(simulation: Simulation) -> Ns:
    """How long one takes, in ns."""
    return quietly(simulation).makespan
