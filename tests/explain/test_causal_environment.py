"""Remembering causes changes nothing; parts of another make are told as such."""

import tracemalloc
from collections.abc import Generator, Iterable
from functools import partial
from pathlib import Path

import pytest
from npu_pairs import late_sender, simulate, told
from simpy import Resource
from simpy.events import Event
from support.cases import Case, load_cases, simulation_of
from support.machines import network, one_collective, system

from simastra.config import MemoryConfig, MemoryType
from simastra.engine import Agenda, Completion, Environment, Probe
from simastra.explain import Category, CausalEnvironment, CauseRecorder, Explanation
from simastra.memory import RemoteMemory
from simastra.network import BACKENDS, Link, MakeNetwork, Message, Network, Topology
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
    plain = simulation.run(shortcuts="off")
    env = CausalEnvironment()
    traced = simulation.start(env=env, probes=(CauseRecorder(env),)).run()
    assert traced.finishes == plain.finishes
    assert traced.nodes == plain.nodes
    assert list(traced.links) == list(plain.links)


def test_explaining_leaves_a_run_as_it_is() -> None:
    simulation = simulate(late_sender())
    run = simulation.start()
    run.env.run(until=3000)
    before = [process.running.copy() for process in run.processes]
    assert simulation.explain().makespan == 7720
    assert run.env.now == 3000
    assert [process.running for process in run.processes] == before
    assert run.run().makespan == 7720


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


def pigeons(env: Environment, _topology: Topology, _probe: Probe) -> Network:
    return Pigeons(env)


def explained_on(make: MakeNetwork) -> Explanation:
    """The late sender on a network of one's own."""
    return simulate(
        late_sender(), tables=Tables(backends={**BACKENDS, "mine": make}), backend="mine"
    ).explain()


def test_the_time_of_a_network_that_says_nothing_is_latency() -> None:
    explanation = explained_on(pigeons)
    expected = [
        (0, 2000, Category.COMPUTE),
        (2000, 5000, Category.PARTNER),
        (5000, 8600, Category.LATENCY),
        (8600, 9600, Category.COMPUTE),
    ]
    assert told(explanation.timeline(1)) == expected
    assert told(explanation.timeline(0)) == [(0, 5000, Category.COMPUTE), expected[2]]
    path = explanation.critical_path()
    assert [(span.duration, span.category) for span in path] == [
        (5000, Category.COMPUTE),
        (3600, Category.LATENCY),
        (1000, Category.COMPUTE),
    ]
    assert [span.name for span in explanation.segments()] == ["forward", "activations", "next"]


class Doves(Pigeons):
    """Wait 100 ns for a basket, take 700 ns to be loaded, and fly for an hour."""

    def transfer(self, src: int, dst: int, size: int, tag: int = 0) -> Message:
        message = Message(self.env, src, dst, size, tag)
        self.env.call_later(100, partial(self._load, message), Category.QUEUEING)
        return message

    def _load(self, message: Message) -> None:
        self.env.call_later(700, partial(self._fly, message), Category.SERIALISATION)

    def _fly(self, message: Message) -> None:
        self.env.call_later(3600, message.arrive)


def test_a_network_of_ones_own_says_what_it_takes_time_for() -> None:
    explanation = explained_on(lambda env, _topology, _probe: Doves(env))
    way = [
        (5000, 5100, Category.QUEUEING),
        (5100, 5800, Category.SERIALISATION),
        (5800, 9400, Category.LATENCY),
    ]
    assert told(explanation.timeline(0))[1:] == way
    assert told(explanation.timeline(1))[2:5] == way
    assert told(explanation.critical_path())[1:4] == way


class OneDove(Pigeons):
    """Flies for an hour, one message at a time: a SimPy resource."""

    def __init__(self, env: Environment) -> None:
        super().__init__(env)
        self.dove = Resource(env)

    def transfer(self, src: int, dst: int, size: int, tag: int = 0) -> Message:
        message = Message(self.env, src, dst, size, tag)
        self.env.process(self._fly(message))
        return message

    def _fly(self, message: Message) -> Generator[Event, object, None]:
        with self.dove.request() as turn:
            yield turn
            yield self.env.timeout(3600)
        message.arrive()


def test_where_the_messages_of_a_network_of_ones_own_wait_for_each_other_the_sums_are_right() -> (
    None
):
    npus = [TraceBuilder(npu) for npu in range(3)]
    for source in (1, 2):
        npus[source].send("send", size=1, to=0)
        npus[0].recv("receive", size=1, source=source)
    tables = Tables(backends={**BACKENDS, "dove": lambda env, *_: OneDove(env)})
    explanation = simulate(npus, tables=tables, backend="dove").explain()
    assert [attribution.times[Category.LATENCY] for attribution in explanation.attributions] == [
        7200,
        3600,
        7200,
    ]
    assert told(explanation.critical_path()) == [(0, 7200, Category.LATENCY)]


class Shelf(RemoteMemory):
    """Every access takes 500 ns; what it says of them is up to subclasses."""

    def access(self, npu: int, agenda: Agenda, size: int) -> Completion:
        done = Completion(agenda.env)
        agenda.call_later(500, done.fire)
        return done


class Process(Shelf):
    """As a SimPy process."""

    def access(self, npu: int, agenda: Agenda, size: int) -> Completion:
        done = Completion(agenda.env)
        agenda.env.process(self._fetch(agenda.env, done))
        return done

    def _fetch(self, env: Environment, done: Completion) -> Generator[Event, object, None]:
        yield env.timeout(500)
        done.fire()


class Counter(Shelf):
    """One access at a time, whoever asks, told as such: 200 ns of waiting, 500 ns of service."""

    def access(self, npu: int, agenda: Agenda, size: int) -> Completion:
        done = Completion(agenda.env)
        agenda.call_later(200, partial(self._serve, agenda, done), Category.UNIT)
        return done

    def _serve(self, agenda: Agenda, done: Completion) -> None:
        agenda.call_later(500, done.fire, Category.MEMORY)


@pytest.mark.parametrize(
    ("memory", "expected"),
    [
        (Shelf, [(0, 500, Category.MEMORY)]),
        (Process, [(0, 500, Category.MEMORY)]),
        (Counter, [(0, 200, Category.UNIT), (200, 700, Category.MEMORY)]),
    ],
)
def test_a_memory_of_ones_own_is_memory(
    memory: type[Shelf], expected: list[tuple[int, int, Category]]
) -> None:
    npus = [TraceBuilder(npu) for npu in range(2)]
    loaded = npus[0].load("weights", tensor_size=MiB)
    npus[0].compute("forward", micros=1, after=loaded)
    models = {MemoryType.MEMORY_POOL: lambda _config: memory(0, 1)}
    explanation = Simulation(
        Trace.of(npus),
        system(),
        network(("Ring", 2)),
        MemoryConfig(memory_type="MEMORY_POOL", remote_mem_latency=100, remote_mem_bw=50),
        options=Options(tables=Tables(memories=models)),
    ).explain()
    end = expected[-1][1]
    computes = (end, end + 1000, Category.COMPUTE)
    assert told(explanation.timeline(0)) == [*expected, computes]
    assert told(explanation.critical_path()) == [*expected, computes]


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
