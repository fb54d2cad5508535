"""Timelines of runs without messages: a result has all of it, so that shortcuts may be taken."""

import hypothesis.strategies as st
import pytest
from hypothesis import given
from support.machines import network, system
from support.recorded_runs import Run, recorded

from simastra import Options, Simulation
from simastra.config import MemoryConfig
from simastra.engine import needs_events
from simastra.jit.installed import is_installed
from simastra.report.run_records import RunRecorder
from simastra.report.run_timeline import run_timeline
from simastra.trace import Node, Trace, TraceBuilder

MEMORY = MemoryConfig(
    memory_type="PER_NPU_MEMORY_EXPANSION", remote_mem_latency=100, remote_mem_bw=5
)


@st.composite
def _lonely(draw: st.DrawFn) -> TraceBuilder:
    """Computations, accesses to memory and collectives, in any order."""
    trace = TraceBuilder()
    nodes: list[Node] = []
    for number in range(draw(st.integers(1, 12))):
        after = draw(st.lists(st.sampled_from(nodes), max_size=3)) if nodes else []
        match draw(st.sampled_from(["compute", "load", "all-reduce"])):
            case "compute":
                micros = draw(st.integers(0, 3))
                node = trace.compute(f"c{number}", micros=micros, after=after)
            case "load":
                node = trace.load(f"l{number}", tensor_size=draw(st.integers(1, 999)), after=after)
            case _:
                node = trace.all_reduce(f"r{number}", size=1000, after=after)
        nodes.append(node)
    return trace


def _recorded(trace: Trace, npus: int, shortcuts: str) -> Run:
    options = Options(shortcuts=shortcuts)
    machine = network(("Ring", npus))
    return recorded(Simulation(trace, system(), machine, MEMORY, options=options))


def _timeline(run: Run) -> str:
    return run_timeline(run.result, run.records)


@given(_lonely())
def test_the_timeline_of_a_lone_npu_is_that_of_the_plain_path(builder: TraceBuilder) -> None:
    trace = Trace.uniform(builder, 1)
    shortened, plain = (_recorded(trace, 1, it) for it in ("always", "off"))
    assert any(it.taken for it in shortened.result.shortcuts) or not is_installed()
    assert plain.result.shortcuts == ()
    assert shortened.records == plain.records
    assert _timeline(shortened) == _timeline(plain)


def test_npus_that_only_compute_are_folded_and_have_the_same_timeline() -> None:
    trace = TraceBuilder()
    loaded = trace.load("l", tensor_size=999, after=trace.compute("c", micros=3))
    trace.compute("d", micros=2, after=loaded)
    shortened, plain = (_recorded(Trace.uniform(trace, 4), 4, it) for it in ("always", "off"))
    assert shortened.result.shortcuts[0].taken
    assert shortened.records == plain.records
    assert _timeline(shortened) == _timeline(plain)


@pytest.mark.parametrize("what", ["all_reduce", "send"])
def test_where_something_is_sent_everything_is_heard(what: str) -> None:
    traces = [TraceBuilder(npu) for npu in range(2)]
    if what == "send":
        traces[0].send("s", size=5, to=1)
        traces[1].recv("r", size=5, source=0)
    else:
        for trace in traces:
            trace.all_reduce("a", size=1000)
    simulation = Simulation(Trace.of(traces), system(), network(("Ring", 2)))
    assert needs_events(RunRecorder(simulation))
    assert recorded(simulation).records.messages.total
