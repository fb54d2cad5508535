"""Small simulations with what was recorded of them."""

from dataclasses import dataclass

import pytest

from simastra.errors import DeadlockError
from simastra.report.run_records import MOST_RECORDS, RunRecorder, RunRecords
from simastra.result import Result
from simastra.simulation import Simulation
from simastra.trace import CollectiveType, Trace, TraceBuilder
from simastra.units import MiB

from .machines import network, one_collective, system

TWO_BYTES_PER_NS = 2e9 / 2**30  # GB/s as network files have them


@dataclass(frozen=True)
class Run:
    """A simulation that has run."""

    simulation: Simulation
    result: Result
    records: RunRecords


def recorded(simulation: Simulation, most_records: int = MOST_RECORDS) -> Run:
    recorder = RunRecorder(simulation, most_records)
    result = simulation.run(probes=[recorder])
    return Run(simulation, result, recorder.records())


def collective_on(
    *dimensions: tuple[str, int],
    collective: CollectiveType = CollectiveType.ALL_REDUCE,
    size: int = MiB,
    algorithms: tuple[str, ...] = ("ring",),
    most_records: int = MOST_RECORDS,
) -> Run:
    """One collective of all NPUs, in 4 chunks."""
    trace = one_collective(collective, size)
    simulation = Simulation(trace, system(algorithms), network(*dimensions))
    return recorded(simulation, most_records)


def hung(waits: int = 0) -> tuple[Run, DeadlockError]:
    """Of two NPUs `waits` waits for what the other, which computes 5 µs, never sends."""
    builders = [TraceBuilder(0), TraceBuilder(1)]
    builders[waits].recv("never sent", size=64, source=1 - waits)
    builders[1 - waits].compute("work", micros=5)
    simulation = Simulation(Trace.of(builders), system(), network(("Ring", 2)))
    recorder = RunRecorder(simulation)
    live = simulation.start(probes=[recorder])
    with pytest.raises(DeadlockError) as caught:
        live.run()
    return Run(simulation, live.result(), recorder.records()), caught.value


def two_senders() -> Run:
    """NPUs 0 and 1 each send 5000 B to NPU 2 over switch 3; 2 bytes a ns, 1000 ns of latency.

    A link is busy with a message for 2500 ns. Both are at the switch at 3500 ns, where one waits
    for the other until 6000 ns; they arrive at 7000 and at 9500 ns.
    """
    senders = [TraceBuilder(0), TraceBuilder(1)]
    receiver = TraceBuilder(2)
    for npu, sender in enumerate(senders):
        sender.send(f"to 2 from {npu}", size=5000, to=2)
    before = receiver.recv("from 0", size=5000, source=0)
    receiver.recv("from 1", size=5000, source=1, after=before)
    shape = network(("Switch", 3), bandwidth=TWO_BYTES_PER_NS, latency=1000)
    return recorded(Simulation(Trace.of([*senders, receiver]), system(), shape))
