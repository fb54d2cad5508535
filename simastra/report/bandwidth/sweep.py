"""One collective on one machine, size after size: the simulated counterpart of nccl-tests."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from simastra.calibration import Calibration
from simastra.calibration.priced import Knowledge
from simastra.collectives import EXTENDED_COLLECTIVES
from simastra.config import NetworkConfig, SystemConfig
from simastra.metrics import Band
from simastra.network import build_dimensions
from simastra.notices import Notice
from simastra.simulation import Options, Simulation
from simastra.simulation.checks.link_rates import faster_than_links
from simastra.simulation.inputs import read_network
from simastra.simulation.measures.ports import link_bandwidth
from simastra.trace import CollectiveType, TraceBuilder
from simastra.trace.nccl_tests import Rates, comm_size_for, rates, total_size
from simastra.units import Bytes, Ns

_OTHERWISE = {"partial-collective", "runs-as-all-reduce"}
"""Notices that something else is timed than was asked for."""


@dataclass(frozen=True, slots=True)
class SweepRow:
    """One measurement.

    Attributes:
        size: bytes, as nccl-tests counts them.
        time: from the common start to the last NPU's finish, in ns.
        rates: the bandwidths; None if it took no time.
        band: between what the time is expected to lie; None where it isn't calibrated.
        situation: how a calibrated time is known.
        otherwise: that something else was timed, such as a collective among some of the NPUs; None
            if it wasn't.
    """

    size: Bytes
    time: Ns
    rates: Rates | None
    band: Band | None = None
    situation: Knowledge | None = None
    otherwise: Notice | None = None


def sizes_between(
    smallest: Bytes, largest: Bytes, *, factor: int | None = None, step: Bytes | None = None
) -> tuple[Bytes, ...]:
    """Return the sizes from `smallest` up to `largest`, multiplied or increased each time.

    Args:
        smallest: the first.
        largest: none is larger.
        factor: what each is multiplied by; 2 if neither this nor `step` is given.
        step: what is added to each.

    Raises:
        ValueError: a size isn't at least 1, or a factor not at least 2, or both ways are asked for.

    >>> sizes_between(8, 100), sizes_between(10, 30, step=10)
    ((8, 16, 32, 64), (10, 20, 30))
    """
    if factor is not None and step is not None:
        raise ValueError("sizes are either multiplied by a factor or increased by a step")
    factor = 2 if factor is None else factor
    if smallest < 1 or largest < smallest or factor < 2 or (step is not None and step < 1):  # noqa: PLR2004
        raise ValueError("sizes must grow from at least 1")
    listed = []
    size = smallest
    while size <= largest:
        listed.append(size)
        size = size * factor if step is None else size + step
    return tuple(listed)


def too_fast(
    rows: Sequence[SweepRow], network: NetworkConfig, options: Options | None = None
) -> tuple[Notice, ...]:
    """Say that a bus bandwidth is more than all links of an NPU carry together.

    Args:
        rows: what has been measured.
        network: the network configuration.
        options: the rest.
    """
    chosen = options or Options()
    most = link_bandwidth(network, build_dimensions(network, chosen.tables.topologies))
    found = [(row.rates.busbw, row.size) for row in rows if row.rates]
    busbw, size = max(found, default=(0.0, 0))
    if busbw <= most or not most:  # a graph's NPUs may have links that differ
        return ()
    what = (
        f"an NPU's port would have had to carry {busbw / most:.3g} times its bandwidth: a busbw of "
        f"{busbw:.4g} GB/s is reached at {size} bytes"
    )
    return (faster_than_links(what, most, network, chosen),)


def sweep(
    collective: CollectiveType,
    sizes: Sequence[Bytes],
    system: SystemConfig | str | Path | None,
    network: NetworkConfig | str | Path,
    options: Options | None = None,
    calibration: Calibration | None = None,
) -> Iterator[SweepRow]:
    """Simulate the collective among all NPUs, once for each size.

    Broadcast, reduce, gather and scatter are simulated whatever the dialect.

    Args:
        collective: which; not a barrier.
        sizes: bytes, as nccl-tests counts them; all-gather and gather are rounded down to whole
            bytes for each NPU.
        system: the system configuration, or its JSON file; None where a calibration does without.
        network: the network configuration, or its YAML file.
        options: the rest.
        calibration: where times are from; they then have a band.

    Raises:
        InputError: an input is wrong, or the machine has no algorithm for the collective, or the
            calibration knows nothing of it.
    """
    chosen = options or Options()
    if collective in EXTENDED_COLLECTIVES:
        chosen = replace(chosen, dialect=replace(chosen.dialect, extended_collectives=True))
    read = read_network(network)
    npus = read.npus
    for size in sizes:
        comm_size = comm_size_for(collective, size, npus)
        trace = TraceBuilder()
        trace.collective(collective, collective.name, size=comm_size)
        simulated = Simulation(trace, system, read, options=chosen, calibration=calibration)
        result = simulated.run()
        shown = total_size(collective, comm_size, npus)
        found = rates(collective, shown, npus, result.makespan)
        situation = _situation(calibration, collective, shown, npus)
        otherwise = (it for it in simulated.notices if it.code in _OTHERWISE)
        known = result.band, situation, next(otherwise, None)
        yield SweepRow(shown, result.makespan, found, *known)


def _situation(
    calibration: Calibration | None, collective: CollectiveType, size: Bytes, npus: int
) -> Knowledge | None:
    """How the time of a collective among so many NPUs is known."""
    if calibration is None:
        return None
    nodes = -(-npus // calibration.gpus_per_node)
    return calibration.collective(collective, size, npus, nodes).situation
