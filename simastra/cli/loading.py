"""Loading the inputs of a simulation, with a bar where that takes long; files that they name."""

import argparse
from typing import TYPE_CHECKING

from simastra.cli.options.arguments import Inputs
from simastra.cli.options.command_files import check_files
from simastra.deferred import deferred
from simastra.notices import Notice
from simastra.simulation import Simulation

if TYPE_CHECKING:
    from . import memory_reports, progress
else:  # reports and rich take time to load, and few simulations need either
    memory_reports = deferred("simastra.cli.memory_reports")
    progress = deferred("simastra.cli.progress")


def load(inputs: Inputs, *, with_bar: bool, by_events: bool = False) -> Simulation:
    """Load and check everything.

    Args:
        inputs: what is to be simulated.
        with_bar: whether stderr is a terminal whose user may see a bar, if the traces are large.
        by_events: as of `Inputs.simulation`.

    Raises:
        InputError: if an input can't be read or is wrong.
    """
    if not with_bar:
        return inputs.simulation(by_events=by_events)
    bar = progress.LoadingBar()
    with bar.shown():
        return inputs.simulation(bar.watch, by_events=by_events)


def check_simulated_files(
    arguments: argparse.Namespace, simulation: Simulation
) -> tuple[Notice, ...]:
    """Refuse outputs that would replace what the inputs name, and those that they name themselves.

    Returns:
        what is doubtful in the latter.

    Raises:
        InputError: it names the option, or the key, of the output.
    """
    if not tracks_memory(simulation):
        check_files(arguments, inputs=simulation.files)
        return ()
    traces = memory_reports.MemoryTraces(simulation)
    check_files(arguments, inputs=simulation.files, outputs=(traces,))
    return traces.notices()


def tracks_memory(simulation: Simulation) -> bool:
    """Whether the use of local memory is tracked, and written to files (behaviour 5.3)."""
    dialect = simulation.options.dialect
    return simulation.system.track_local_mem and dialect.tracks_local_memory
