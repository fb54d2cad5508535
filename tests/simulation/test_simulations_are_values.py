"""A simulation never changes: it is run as often as one likes, shared, and sent to processes."""

from __future__ import annotations

import multiprocessing
import pickle
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from copy import copy, deepcopy
from typing import Any

import pytest
from support.machines import all_reduce_on_ring_of_8, network, one_collective, system

from simastra.collectives import ALGORITHMS, AlgorithmEntry, RingAlgorithm
from simastra.config import CommGroups, MemoryConfig
from simastra.dialect import MASTER
from simastra.errors import (
    ConfigError,
    DeadlockError,
    OptionError,
    SimastraError,
    TimeRangeError,
    TraceError,
)
from simastra.result import Result
from simastra.simulation import Options, Run, Simulation, Tables
from simastra.trace import CollectiveType, Trace, TraceBuilder
from simastra.units import KiB

AR = CollectiveType.ALL_REDUCE


def loads(what: object) -> Any:
    return pickle.loads(pickle.dumps(what))


def with_groups_and_memory() -> Simulation:
    npus = [TraceBuilder(npu) for npu in range(4)]
    for npu, builder in enumerate(npus):
        loaded = builder.load("weights", tensor_size=10_000)
        builder.all_reduce("gradients", size=KiB, after=loaded, group=1 + npu // 2)
    memory = MemoryConfig.parse(
        {"memory-type": "PER_NPU_MEMORY_EXPANSION", "remote-mem-latency": 9, "remote-mem-bw": 1}
    )
    groups = CommGroups.parse({"1": [0, 1], "2": [2, 3]})
    shape, options = network(("Ring", 4)), Options(dialect=MASTER)
    return Simulation(Trace.of(npus), system(), shape, memory, comm_groups=groups, options=options)


def with_an_algorithm_of_ones_own() -> Simulation:
    tables = Tables(algorithms={**ALGORITHMS, "mine": AlgorithmEntry(RingAlgorithm())})
    return Simulation(
        one_collective(AR), system(["mine"]), network(("Ring", 4)), options=Options(tables=tables)
    )


def folded(shortcuts: str = "always") -> Simulation:
    """By a shortcut, unless none may be taken."""
    return all_reduce_on_ring_of_8(Options(shortcuts=shortcuts))


def hanging() -> Simulation:
    npus = [TraceBuilder(npu) for npu in range(2)]
    npus[1].recv("never sent", size=KiB, source=0)
    return Simulation(Trace.of(npus), system(), network(("Ring", 2)))


MAKERS = [
    all_reduce_on_ring_of_8,
    with_groups_and_memory,
    with_an_algorithm_of_ones_own,
    folded,
]


@pytest.mark.parametrize("make", MAKERS)
@pytest.mark.parametrize("copied", [loads, copy, deepcopy])
def test_a_copy_runs_to_the_same_result(
    make: Callable[[], Simulation], copied: Callable[[Simulation], Simulation]
) -> None:
    simulation = make()
    other = copied(simulation)
    assert other.notices == simulation.notices
    assert other.files == simulation.files
    assert other.run() == simulation.run()
    assert other.explain().to_dict() == simulation.explain().to_dict()


@pytest.mark.parametrize("make", MAKERS)
def test_every_run_of_it_begins_at_the_start(make: Callable[[], Simulation]) -> None:
    simulation = make()
    first = simulation.run()
    simulation.start().env.run(until=50)
    assert simulation.run() == first
    assert simulation.run(shortcuts="off").cycles == first.cycles


def test_runs_in_other_processes_are_the_same() -> None:
    simulations = [make() for make in MAKERS]
    spawned = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(2, mp_context=spawned) as pool:
        results = list(pool.map(Simulation.run, simulations))
        with pytest.raises(DeadlockError) as told:
            pool.submit(Simulation.run, hanging()).result()
    assert results == [simulation.run() for simulation in simulations]
    with pytest.raises(DeadlockError) as here:
        hanging().run()
    assert str(told.value) == str(here.value)
    assert told.value.waits == here.value.waits


@pytest.mark.parametrize("shortcuts", ["always", "off"])
def test_a_result_is_data_whichever_way_it_was_come_by(shortcuts: str) -> None:
    result = folded(shortcuts).run()
    other: Result = loads(result)
    assert other == result
    assert other.to_dict() == result.to_dict()
    assert all(type(part) is tuple for part in (other.nodes, other.links, other.shortcuts))


@pytest.mark.parametrize(
    "error",
    [
        TraceError("is wrong", source="t.et", offset=3, node=4),
        ConfigError("is wrong", source="system", key="k"),
        OptionError("npu", "is wrong"),
        TimeRangeError(2**63, print, "a message"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_an_error_comes_back_from_another_process_as_it_is(error: SimastraError) -> None:
    other = loads(error)
    assert type(other) is type(error)
    assert str(other) == str(error)
    kept = {name: value for name, value in vars(error).items() if name != "call"}
    assert {name: value for name, value in vars(other).items() if name != "call"} == kept


def test_nothing_of_a_simulation_can_be_set() -> None:
    simulation = all_reduce_on_ring_of_8()
    for name in ("experiment", "system", "network", "options", "trace", "notices", "mine"):
        with pytest.raises(AttributeError):
            setattr(simulation, name, None)


def test_a_run_leaves_nothing_in_its_simulation() -> None:
    simulation = with_groups_and_memory()
    before = pickle.dumps(simulation)
    simulation.run()
    simulation.explain()
    simulation.start().why(0)
    assert len(pickle.dumps(simulation)) <= len(before) * 1.2


# -- names of earlier versions --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "told"),
    [
        *(
            (name, f"run = simulation.start(); then run.{name}")
            for name in (
                "env",
                "processes",
                "mailbox",
                "why",
                "records",
                "add_probe",
                "end_notices",
            )
        ),
        ("result", "simulation.run() returns it"),
        ("again", "run(shortcuts=...), start(env=...)"),
    ],
)
def test_where_a_part_of_a_simulation_has_gone_is_told(name: str, told: str) -> None:
    simulation = all_reduce_on_ring_of_8()
    with pytest.raises(AttributeError, match="'Simulation' object has no attribute") as raised:
        getattr(simulation, name)
    assert told in str(raised.value)
    if told.endswith(f"run.{name}"):
        assert hasattr(Run, name) or hasattr(simulation.start(), name)


@pytest.mark.parametrize(
    ("name", "told"), [("paths", "result.shortcuts"), ("explain", "simulation.explain()")]
)
def test_where_a_part_of_a_result_has_gone_is_told(name: str, told: str) -> None:
    with pytest.raises(
        AttributeError, match=f"'Result' object has no attribute '{name}'"
    ) as raised:
        getattr(all_reduce_on_ring_of_8().run(), name)
    assert told in str(raised.value)


@pytest.mark.parametrize("what", [all_reduce_on_ring_of_8(), all_reduce_on_ring_of_8().run()])
def test_what_never_was_there_gets_no_such_hint(what: object) -> None:
    with pytest.raises(AttributeError, match=r"has no attribute 'makespam'$"):
        what.makespam  # type: ignore[attr-defined]  # noqa: B018
