"""Remembering causes changes nothing; parts of another make are told as such."""

import tracemalloc
from collections.abc import Iterable
from functools import partial
from pathlib import Path

import pytest
from npu_pairs import late_sender, simulate, told
from simpy.events import Event
from support.cases import Case, load_cases, simulation_of
from support.machines import network, one_collective, system

from simastra.config import NetworkConfig
from simastra.engine import Environment, Probe
from simastra.explain import Category, CausalEnvironment, Witness
from simastra.network import BACKENDS, Grid, Link, Message, Network
from simastra.simulation import Options, Simulation, Tables, dialect_named
from simastra.trace import CollectiveType, Trace, TraceBuilder, write_trace
from simastra.units import MiB

EVERY = 12
SAMPLE = [
    case for name in ("hoti2024", "master", "multidim_aware") for case in load_cases(name)[::EVERY]
]


@pytest.mark.parametrize("case", SAMPLE, ids=[case["name"] for case in SAMPLE])
def test_records_and_finish_order_are_those_of_a_plain_run(case: Case) -> None:
    simulation = simulation_of(case)
    plain = simulation.again().run()
    env = CausalEnvironment()
    traced = simulation.again(env=env, probes=(Witness(env),)).run()
    assert traced.finishes == plain.finishes
    assert traced.nodes == plain.nodes
    assert list(traced.links) == list(plain.links)


def test_explaining_leaves_a_simulation_as_it_is() -> None:
    simulation = simulate(late_sender())
    simulation.env.run(until=3000)
    before = [process.running.copy() for process in simulation.processes]
    assert simulation.explain().makespan == 7720
    assert simulation.env.now == 3000
    assert [process.running for process in simulation.processes] == before
    assert simulation.run().makespan == 7720


class Pigeons(Network):
    """Takes an hour of 3600 ns, in two SimPy timeouts, and has no links."""

    def __init__(self, env: Environment) -> None:
        self.env = env

    def transfer(self, src: int, dst: int, size: int, tag: int = 0) -> Message:
        message = Message(self.env, src, dst, size, tag)
        self.env.timeout(1800).callbacks.append(partial(self._half_way, message))
        return message

    def _half_way(self, message: Message, _event: Event) -> None:
        self.env.timeout(1800).callbacks.append(lambda _event: message.arrive())

    @property
    def links(self) -> Iterable[Link]:
        return ()


def pigeons(env: Environment, _config: NetworkConfig, _grid: Grid, _probe: Probe) -> Network:
    return Pigeons(env)


def test_a_network_of_another_make_is_told_as_other() -> None:
    tables = Tables(backends={**BACKENDS, "pigeons": pigeons})
    explanation = simulate(late_sender(), tables=tables, backend="pigeons").explain()
    expected = [
        (0, 2000, Category.COMPUTE),
        (2000, 5000, Category.PARTNER),
        (5000, 8600, Category.OTHER),
        (8600, 9600, Category.COMPUTE),
    ]
    assert told(explanation.timeline(1)) == expected
    assert told(explanation.timeline(0)) == [(0, 5000, Category.COMPUTE), expected[2]]
    path = explanation.critical_path()
    assert [(span.duration, span.category) for span in path] == [
        (5000, Category.COMPUTE),
        (3600, Category.OTHER),
        (1000, Category.COMPUTE),
    ]


def test_a_collective_that_is_played_from_ets_computes(tmp_path: Path) -> None:
    parts = [TraceBuilder(npu) for npu in range(2)]
    for npu, part in enumerate(parts):
        part.send("send", size=65536, to=1 - npu)
        received = part.recv("receive", size=65536, source=1 - npu)
        part.compute("reduce", micros=3, after=received)
    write_trace(tmp_path / "exchange", Trace.of(parts))
    explanation = Simulation(
        one_collective(CollectiveType.ALL_REDUCE, MiB),
        system(all_reduce_implementation_custom=[str(tmp_path / "exchange")]),
        network(("Ring", 2)),
        options=Options(dialect=dialect_named("master")),
    ).explain()
    for npu in range(2):
        assert told(explanation.timeline(npu)) == [
            (0, 1220, Category.SERIALISATION),
            (1220, 1720, Category.LATENCY),
            (1720, 4720, Category.COMPUTE),
        ]


def test_a_shared_bus_is_endpoint_and_reduction() -> None:
    explanation = Simulation(
        one_collective(CollectiveType.ALL_REDUCE, 64 * 1024),
        system(model_shared_bus=1, preferred_dataset_splits=1, local_reduction_delay=7),
        network(("Ring", 2)),
    ).explain()
    times = explanation.attribution(0).times
    assert times[Category.ENDPOINT] > 0
    # Of 32 KiB: on the bus 50 ns and 7 ns for each whole 100 bytes, then three accesses to memory.
    assert times[Category.REDUCTION] == 50 + 7 * (32768 // 100) + 3 * (32768 // 50)
    assert sum(times.values()) == explanation.makespan


def test_memory_goes_with_the_messages() -> None:
    simulation = Simulation(
        one_collective(CollectiveType.ALL_REDUCE, MiB), system(), network(("Ring", 16))
    )
    messages = 4 * 30 * 16
    tracemalloc.start()
    try:
        explanation = simulation.explain()
        held, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert explanation.attribution(0).total == explanation.makespan
    assert held < 1000 * messages
