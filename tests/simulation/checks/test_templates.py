"""Programs that differ in whom they communicate with alone are checked once, where that is all."""

from __future__ import annotations

import pytest
from support.machines import network, system

from simastra.dialect import MASTER
from simastra.simulation import Options, Simulation
from simastra.simulation.checks.check import check
from simastra.simulation.checks.context import Context
from simastra.trace import Trace, TraceBuilder

NPUS = 6


def npu(number: int, num_ops: int) -> TraceBuilder:
    """Round the ring; NPUs of another `num_ops` have another template."""
    trace = TraceBuilder(npu=number)
    first = trace.compute("first", num_ops=num_ops, tensor_size=8)
    trace.send("send", to=(number + 1) % NPUS, size=64, tag=1, after=first)
    trace.recv("receive", source=(number - 1) % NPUS, size=64, tag=1)
    return trace


@pytest.mark.parametrize("odd", [(), (0,), (3,), (2, 5), (4, 5)])
def test_notices_are_those_of_all_programs(
    odd: tuple[int, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    trace = Trace.of([npu(it, 0 if it in odd else 5) for it in range(NPUS)])
    machine = system(roofline_enabled=1, peak_perf=1, local_mem_bw=50)
    options = Options(dialect=MASTER)
    experiment = Simulation(trace, machine, network(("Ring", NPUS)), options=options)._experiment
    context = Context(experiment)
    assert len(context.templates) == 1 + (0 < len(odd) < NPUS)
    notices = check(experiment)
    assert any(it.code == "no-operations" for it in notices) == bool(odd)
    monkeypatch.setattr(Context, "templates", Context.distinct)
    assert check(experiment) == notices
