"""Explains a scenario: runs it, on the plain path, in an environment that remembers why."""

from __future__ import annotations

from simastra.engine import ProbeFan
from simastra.explain import CausalEnvironment, Explanation, Witness
from simastra.network import Network
from simastra.network.unaware import CongestionUnaware
from simastra.promises import is_just
from simastra.result import ResultRecorder
from simastra.units import Bytes, NpuId, Ns

from .event_run import EventRun
from .scenario import Scenario


def explained(scenario: Scenario) -> Explanation:
    """Run a scenario from its start, and explain the run.

    Raises:
        DeadlockError: if it doesn't end.
    """
    env = CausalEnvironment()
    witness = Witness(env)
    recorder = ResultRecorder(scenario.platform.npus, scenario.rules)
    run = EventRun(scenario, ProbeFan((recorder, witness)), env)
    run.run()
    times = [
        {record.node: (record.issued, record.finished) for record in recorder.records(npu)}
        for npu in range(scenario.platform.npus)
    ]
    network = run.mailbox.network

    def on_wire(src: NpuId, dst: NpuId, size: Bytes) -> Ns | None:
        return _serialisation(network, src, dst, size)

    return Explanation(witness.ends, scenario.programs, times, on_wire)


def _serialisation(network: Network, src: NpuId, dst: NpuId, size: Bytes) -> Ns | None:
    """How long a message is on the wire where there are no links; None where that is unknown."""
    if not (isinstance(network, CongestionUnaware) and is_just(network, CongestionUnaware)):
        return None
    return int(size / network.bytes_per_ns[network.grid.first_difference(src, dst)])
