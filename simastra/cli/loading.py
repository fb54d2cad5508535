"""Loading the inputs of a simulation, with a bar where that takes long."""

from collections.abc import Sequence

from simastra.engine import Probe
from simastra.simulation import Simulation

from .arguments import Inputs


def load(inputs: Inputs, probes: Sequence[Probe] = (), *, with_bar: bool) -> Simulation:
    """Load and check everything.

    Args:
        inputs: what is to be simulated.
        probes: listeners to what happens.
        with_bar: whether stderr is a terminal whose user may see a bar, if the traces are large.

    Raises:
        InputError: if an input can't be read or is wrong.
    """
    if not with_bar:
        return inputs.simulation(probes)
    # Loaded here because rich takes as long as all the rest.
    from .progress import LoadingBar  # noqa: PLC0415

    bar = LoadingBar()
    with bar.shown():
        return inputs.simulation(probes, bar.watch)
