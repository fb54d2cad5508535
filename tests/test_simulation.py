"""The facade: runs that don't disturb each other, repeat themselves and obey physics."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from simpy.core import EmptySchedule
from support.machines import all_reduce_on_ring_of_8, network, system

from simastra.config import NetworkConfig
from simastra.engine import NodeFinished, NpuFinished, Probe
from simastra.errors import OptionError
from simastra.result import LinkRecord, NpuFinish, Result
from simastra.simulation import Options, Run, Simulation, dialect_named
from simastra.trace import CollectiveType, Trace, TraceBuilder
from simastra.units import MiB

AR = CollectiveType.ALL_REDUCE
AG = CollectiveType.ALL_GATHER


def two_dimensional() -> Simulation:
    """Three nodes on 4 x 2 NPUs, with contention and skew between the NPUs."""
    traces = []
    for npu in range(8):
        trace = TraceBuilder()
        late = trace.compute("late", micros=npu % 3)
        reduced = trace.all_reduce("reduce", size=MiB, after=late)
        trace.compute("compute", micros=40)
        trace.all_gather("gather", size=64_000, after=reduced)
        traces.append(trace)
    return Simulation(
        Trace.of(traces),
        system(["ring", "direct"], active_chunks_per_dimension=2),
        network(("Ring", 4), ("Switch", 2)),
        options=Options(queues_per_dimension=2),
    )


def step_to_the_end(*runs: Run) -> None:
    """One event of each in turn, until none has any."""
    while True:
        waiting = [run for run in runs if run.env.peek() < float("inf")]
        if not waiting:
            return
        for run in waiting:
            run.step()


def test_runs_stepped_in_turn_do_not_disturb_each_other() -> None:
    """Two of them share a simulation."""
    simulation = two_dimensional()
    ring, grid, again = all_reduce_on_ring_of_8().start(), simulation.start(), simulation.start()
    step_to_the_end(ring, grid, again)
    assert ring.result() == all_reduce_on_ring_of_8().run()
    assert grid.result() == again.result() == two_dimensional().run()


def test_stepping_to_the_end_is_running() -> None:
    run = two_dimensional().start()
    step_to_the_end(run)
    assert run.result() == two_dimensional().run() == run.run()
    with pytest.raises(EmptySchedule):
        run.step()


@settings(max_examples=15)
@given(stop=st.integers(1, 150_000))
def test_running_on_from_the_middle_is_running(stop: int) -> None:
    run = two_dimensional().start()
    run.env.run(until=stop)
    assert run.env.now == stop
    assert all(finish.cycles < stop for finish in run.result().finishes)
    assert run.run() == two_dimensional().run()


def test_links_and_processes_can_be_looked_at_on_the_way() -> None:
    run = two_dimensional().start()
    links = run.mailbox.network.links
    while not any(link.items for link in links):
        run.step()
    assert all(link.transmitter.count for link in links if link.items)
    assert all(process.progress.left for process in run.processes)
    result = run.run()
    assert not any(link.transmitter.count or link.items for link in links)
    assert {process.finish_time for process in run.processes} == set(result.cycles.values())


SCRIPT = """
import json, sys
sys.path.insert(0, sys.argv[1])
from test_simulation import two_dimensional
print(json.dumps(two_dimensional().run().to_dict()))
"""


def test_the_hash_seed_does_not_matter() -> None:
    outcomes = [
        subprocess.run(
            [sys.executable, "-c", SCRIPT, str(Path(__file__).parent)],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "4242")
    ]
    assert outcomes[0] == outcomes[1]
    assert json.loads(outcomes[0]) == json.loads(json.dumps(two_dimensional().run().to_dict()))


def test_probes_hear_what_the_result_says() -> None:
    class Ends(Probe):
        def __init__(self) -> None:
            self.nodes: list[tuple[int, int, int]] = []
            self.npus: list[NpuFinish] = []

        def on_node_finished(self, event: NodeFinished) -> None:
            npu, node, time = event
            self.nodes.append((npu, node.id, time))

        def on_npu_finished(self, event: NpuFinished) -> None:
            npu, time = event
            self.npus.append(NpuFinish(npu, time))

    ends = Ends()
    result = all_reduce_on_ring_of_8().run(probes=[ends])
    assert tuple(ends.npus) == result.finishes
    assert sorted(ends.nodes) == [(npu, 1, 117780) for npu in range(8)]


def test_a_result_counts_what_links_carried() -> None:
    result = all_reduce_on_ring_of_8().run()
    # 4 chunks of 14 messages of 32768 B, each of which takes 610 ns to send.
    expected = [LinkRecord(npu, (npu + 1) % 8, 56 * 610, 56 * 32768, 56) for npu in range(8)]
    assert list(result.links) == expected
    assert result.makespan == 117780


def test_a_result_as_plain_data_is_json() -> None:
    plain = all_reduce_on_ring_of_8().run().to_dict()
    assert json.loads(json.dumps(plain)) == plain
    assert plain["makespan"] == 117780
    assert plain["finishes"][3] == {"npu": 3, "cycles": 117780}


def test_doubts_about_the_inputs_are_in_the_result() -> None:
    result = all_reduce_on_ring_of_8(local_mem_bw=0, boost_mode=0).run()
    assert {notice.code for notice in result.notices} >= {"free-reductions", "no-effect-key"}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"backend": "congestion-awar"}, "backend: unknown backend 'congestion-awar'"),
        ({"queues_per_dimension": 0}, "queues_per_dimension: must be from 1 to 1024, not 0"),
        (
            {"injection_scale": -0.5},
            "injection_scale: must be a number from 0 to 1e+09, not -0.5",
        ),
        ({"injection_scale": float("nan")}, "injection_scale: must be a number"),
        ({"injection_scale": float("inf")}, "injection_scale: must be a number"),
    ],
)
def test_an_option_out_of_range_is_an_error(changes: dict[str, object], message: str) -> None:
    with pytest.raises(OptionError) as raised:
        Options(**changes)  # type: ignore[arg-type]  # wrong on purpose
    assert str(raised.value).startswith(message)


def test_an_unknown_dialect_is_an_error_that_names_the_likely_one() -> None:
    assert dialect_named("hoti2024").name == "hoti2024"
    with pytest.raises(OptionError, match="did you mean 'hoti2024'"):
        dialect_named("hoti24")


def test_a_trace_for_another_number_of_npus_is_an_error() -> None:
    with pytest.raises(OptionError, match="has 4 NPUs, the network has 8"):
        Simulation(Trace.uniform([], 4), system(), network(("Ring", 8)))


# -- laws, on random small machines and traces --------------------------------------------------


@dataclass(frozen=True, slots=True)
class Setup:
    """A simulation in the making."""

    trace: TraceBuilder
    shape: tuple[tuple[str, int], ...]
    algorithms: tuple[str, ...]
    splits: int
    active: int
    queues: int
    optimization: str
    backend: str

    def simulation(self, network_config: NetworkConfig | None = None) -> Simulation:
        return Simulation(
            self.trace,
            system(
                self.algorithms,
                preferred_dataset_splits=self.splits,
                active_chunks_per_dimension=self.active,
                collective_optimization=self.optimization,
            ),
            network_config or network(*self.shape),
            options=Options(backend=self.backend, queues_per_dimension=self.queues),
        )

    def run(self) -> Result:
        return self.simulation().run()


@st.composite
def traces(draw: st.DrawFn, collectives: st.SearchStrategy[str]) -> TraceBuilder:
    """A few collectives and computations, each after some of those before."""
    trace = TraceBuilder()
    for number in range(draw(st.integers(1, 5))):
        before = trace.nodes
        after = draw(st.lists(st.sampled_from(before), max_size=2)) if before else []
        kind = draw(st.sampled_from(["compute", "cpu", "collective"]))
        if kind == "collective":
            size = draw(st.sampled_from([0, 1000, 65_536, 100_001]))
            collective = CollectiveType[draw(collectives)]
            trace.collective(collective, f"node {number}", size=size, after=after)
        else:
            micros = draw(st.integers(0, 50))
            trace.compute(f"node {number}", micros=micros, on_cpu=kind == "cpu", after=after)
    return trace


FOUR = st.sampled_from(["ALL_REDUCE", "REDUCE_SCATTER", "ALL_GATHER", "ALL_TO_ALL"])
DIMENSIONS = st.tuples(st.sampled_from(["Ring", "FullyConnected", "Switch"]), st.integers(2, 4))


def setups(
    *,
    shapes: st.SearchStrategy[tuple[tuple[str, int], ...]],
    algorithms: tuple[str, ...] = ("ring", "direct", "direct2"),
    backends: tuple[str, ...] = ("congestion-aware", "congestion-unaware"),
) -> st.SearchStrategy[Setup]:
    return shapes.flatmap(
        lambda shape: st.builds(
            Setup,
            trace=traces(FOUR),
            shape=st.just(shape),
            algorithms=st.tuples(*[st.sampled_from(algorithms)] * len(shape)),
            splits=st.integers(1, 4),
            active=st.integers(1, 3),
            queues=st.integers(1, 4),
            optimization=st.sampled_from(["baseline", "localBWAware"]),
            backend=st.sampled_from(backends),
        )
    )


ANY_SHAPE = st.lists(DIMENSIONS, min_size=1, max_size=2).map(tuple)
FULLY_CONNECTED = st.integers(2, 6).map(lambda npus: (("FullyConnected", npus),))


@given(setup=setups(shapes=ANY_SHAPE))
def test_a_node_begins_when_its_dependencies_have_finished(setup: Setup) -> None:
    result = setup.run()
    for records in result.nodes:
        finished = {record.node: record.finished for record in records}
        issued = {record.node: record.issued for record in records}
        for node in setup.trace.nodes:
            if node.id in issued:
                needed = [finished[parent] for parent in node.data_deps if parent in finished]
                assert issued[node.id] >= max(needed, default=0)
                assert finished[node.id] >= issued[node.id]


@given(setup=setups(shapes=ANY_SHAPE))
def test_no_npu_finishes_before_its_critical_path_of_computations(setup: Setup) -> None:
    path: dict[int, int] = {}
    for node in setup.trace.nodes:  # dependencies come first
        path[node.id] = node.duration + max((path[parent] for parent in node.data_deps), default=0)
    assert min(setup.run().cycles.values()) >= max(path.values())


@given(setup=setups(shapes=ANY_SHAPE))
def test_every_npu_finishes_every_node_that_takes_time(setup: Setup) -> None:
    result = setup.run()
    for npu, records in enumerate(result.nodes):
        times = [record.finished for record in records]
        assert times == sorted(times)
        assert result.cycles[npu] == max(times, default=0)
        done = {record.node for record in records}
        skipped = {n.id for n in setup.trace.nodes if n.comm_type is None and not n.duration}
        assert done | skipped == {node.id for node in setup.trace.nodes}


@given(setup=setups(shapes=ANY_SHAPE))
def test_the_same_inputs_give_the_same_result(setup: Setup) -> None:
    assert setup.run() == setup.run()


def sent_bytes(setup: Setup, npus: int) -> int:
    """By behaviour 3.2 and 3.3: what all NPUs together send in the trace's collectives."""
    total = 0
    for node in setup.trace.nodes:
        if node.comm_type is None or node.comm_size is None:
            continue
        size, splits = node.comm_size, setup.splits
        if node.comm_type is AG:
            chunk = max(size // splits, 1)
            message = chunk
        else:
            chunk = size // splits
            if chunk < npus:
                chunk, size = npus, splits * npus
            message = chunk // npus
        rounds = {
            AR: 2 * (npus - 1),
            CollectiveType.ALL_TO_ALL: (
                npus * (npus - 1) // 2 if setup.algorithms == ("ring",) else npus - 1
            ),
        }.get(node.comm_type, npus - 1)
        chunks = -(-size // chunk)
        total += npus * chunks * rounds * message
    return total


@given(setup=setups(shapes=FULLY_CONNECTED, backends=("congestion-aware",)))
def test_links_of_single_hop_networks_carry_the_textbook_number_of_bytes(setup: Setup) -> None:
    result = setup.run()
    npus = setup.shape[0][1]
    assert sum(link.size for link in result.links) == sent_bytes(setup, npus)
    assert all(0 <= link.busy <= result.makespan for link in result.links)


@given(setup=setups(shapes=ANY_SHAPE, backends=("congestion-aware",)))
def test_a_link_is_busy_for_its_bytes_and_no_longer(setup: Setup) -> None:
    rate = 50 * 2**30 / 1e9
    for link in setup.run().links:
        assert link.size / rate - link.messages <= link.busy <= link.size / rate


@given(
    setup=setups(shapes=FULLY_CONNECTED, algorithms=("ring", "direct")), factor=st.integers(2, 10)
)
def test_more_bandwidth_never_slows_what_does_not_contend(setup: Setup, factor: int) -> None:
    slower = setup.run()
    wider = network(*setup.shape, bandwidth=50.0 * factor)
    faster = setup.simulation(wider).run()
    assert all(faster.cycles[npu] <= slower.cycles[npu] for npu in slower.cycles)


@given(setup=setups(shapes=FULLY_CONNECTED, algorithms=("ring", "direct")))
def test_npus_that_all_do_the_same_on_a_symmetric_network_finish_together(setup: Setup) -> None:
    assert len(set(setup.run().cycles.values())) == 1


@given(setup=setups(shapes=st.just((("FullyConnected", 4),)), algorithms=("ring",)))
def test_backends_agree_where_one_message_at_a_time_crosses_a_link(setup: Setup) -> None:
    alone = [
        Setup(
            setup.trace,
            setup.shape,
            setup.algorithms,
            setup.splits,
            active=1,
            queues=1,
            optimization=setup.optimization,
            backend=backend,
        ).run()
        for backend in ("congestion-aware", "congestion-unaware")
    ]
    assert alone[0].cycles == alone[1].cycles
    assert alone[0].nodes == alone[1].nodes
