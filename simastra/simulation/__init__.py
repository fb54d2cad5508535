"""The facade, and what it is put together from.

facade    Simulation: the public way in
checked   from inputs as they were given to an experiment, read and checked; again, with few changed
variants  many simulations, in one process, threads or processes
given     inputs as they were given, for variants of a simulation
options   Options: what isn't in a file        inputs   paths or models become models
tables    Tables: where names are looked up
dialect_choice    which ASTRA-sim's a trace is
platform  the machine as data; experiment: a workload on it, read and checked
built_network    topology of a network, which runs and variants share; known_orders: of their events
checking  whether a shortcut's result is the plain path's
shortcuts/ exact ways to the result that are shorter
compiled/ every event in a compiled loop, where numba is installed
promised  what parts promise to shortcuts; event_count: how much work a run is
run       Run: a simulation under way, event by event; machine: NPUs, network, memory with a clock
shortest  a run by a shortcut where one applies; explained: one that remembers why
calibrated        what a calibration makes of a simulation; what_if/ what a scenario does
started_jobs      where its jobs are
outcomes          what a simulation comes to; banded: with the band of a calibrated makespan
choice    which ways a run may take: what `auto` decides
selection/ which algorithms the entry `auto` of a list stands for
measures/ what a result is worth: metrics, bounds
checks/   what is doubtful: in the inputs, and in a run that has finished
memberships    who takes part in a collective, by what traces ask for
uneven_collectives   parts of different sizes; uneven_all_to_all: where not all of them are known
same_collectives     which nodes ask for one of these; message_free: nobody tells another anything
collectives_of       those of a program, each kind once
time_range    what would pass the end of simulated time
untimed/  a run without time: what can't finish, whatever anything takes
wait_for_graph/    who waits for whom, and why: at a standstill, and at any time
"""

from typing import TYPE_CHECKING

from simastra.deferred import deferred_names

from .facade import Simulation
from .inputs import Workload
from .options import Options, dialect_named
from .run import Run
from .tables import Tables

if TYPE_CHECKING:
    from .checking import differences
    from .variants import Variant, VariantOutcome, makespan, run_all
    from .wait_for_graph import Why
else:  # what most simulations don't need
    __getattr__ = deferred_names(
        __name__,
        {
            "checking": ("differences",),
            "variants": ("Variant", "VariantOutcome", "makespan", "run_all"),
            "wait_for_graph": ("Why",),
        },
    )

__all__ = [
    "Options",
    "Run",
    "Simulation",
    "Tables",
    "Variant",
    "VariantOutcome",
    "Why",
    "Workload",
    "dialect_named",
    "differences",
    "makespan",
    "run_all",
]
