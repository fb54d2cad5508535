"""What a training iteration takes in a calibrated simulation."""

from collections.abc import Callable

from simastra import NetworkConfig, Simulation
from simastra.calibration.calibration import Calibration
from simastra.transformer import CalibratedCosts, Hardware, build
from simastra.units import NS_PER_SECOND

from .iterations import Iteration


def simulated(iteration: Iteration, calibration: Calibration) -> float:
    """Seconds of a whole iteration."""
    hardware = Hardware(calibrated=CalibratedCosts(calibration))
    made = build(iteration.model, iteration.parallelism, iteration.task, hardware)
    network = NetworkConfig(
        topology=["Switch"], npus_count=[made.npus], bandwidth=[50], latency=[500]
    )
    run = Simulation(
        made.trace, network=network, comm_groups=made.comm_groups, calibration=calibration
    ).run()
    return run.makespan / NS_PER_SECOND


def extrapolated(iteration: Iteration, calibration: Calibration) -> float:
    """The same of few layers and micro-batches.

    What more layers of a stage add, and in a pipeline that is full more micro-batches, is always
    the same; `test_accuracy_iterations.py` compares the two.
    """
    return _bilinear(iteration, lambda cut: simulated(cut, calibration))


def _bilinear(iteration: Iteration, seconds: Callable[[Iteration], float]) -> float:
    p, task = iteration.parallelism, iteration.task
    pieces = p.pp * p.chunks
    layers = iteration.model.layers // pieces
    full = _full(iteration)

    def of_layers(each: int) -> float:
        def at(micro_batches: int) -> float:
            return seconds(iteration.cut(each * pieces, micro_batches))

        return _line(at, full, full + (p.pp if p.chunks > 1 else 1), task.micro_batches)

    return _line(of_layers, 1, 2, layers)


def _full(iteration: Iteration) -> int:
    """Micro-batches from which on each further one takes as long."""
    p = iteration.parallelism
    return 2 * p.pp if p.chunks > 1 else p.pp + 1


def _line(at: Callable[[int], float], first: int, second: int, wanted: int) -> float:
    if wanted <= second:
        return at(wanted)
    start, end = at(first), at(second)
    return start + (end - start) * (wanted - first) / (second - first)
