"""A variant is what a simulation made anew is, and leaves nothing in the one it is made of."""

from __future__ import annotations

import gc
import multiprocessing
import pickle
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from itertools import count, islice
from pathlib import Path
from typing import TypeAlias

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.machines import all_reduce_on_ring_of_8, network, one_collective, system

from simastra.config import CommGroups, NetworkConfig, SystemConfig
from simastra.dialect import AUTO, HOTI2024, MASTER
from simastra.errors import (
    ArgumentError,
    ConfigError,
    DeadlockError,
    OptionError,
    SimastraError,
)
from simastra.simulation import Options, Simulation, Variant, VariantOutcome, makespan, run_all
from simastra.trace import CollectiveType, Trace, TraceBuilder, write_trace
from simastra.units import KiB

NPUS = 4


def compute_and_reduce() -> TraceBuilder:
    builder = TraceBuilder()
    computed = builder.compute("step", micros=3, num_ops=1000, tensor_size=10_000)
    builder.all_reduce("gradients", size=64 * KiB, after=computed)
    return builder


def sends() -> Trace:
    npus = [TraceBuilder(npu) for npu in range(NPUS)]
    for npu, builder in enumerate(npus):
        sent = builder.send("to the next", size=KiB, to=(npu + 1) % NPUS)
        builder.recv("from the one before", size=KiB, source=(npu - 1) % NPUS, after=sent)
    return Trace.of(npus)


def in_a_group() -> Trace:
    npus = [TraceBuilder(npu) for npu in range(NPUS)]
    for builder in npus[::2]:
        builder.all_reduce("gradients", size=KiB, group=1)
    return Trace.of(npus)


def uneven() -> Trace:
    npus = []
    for npu in range(NPUS):
        builder = TraceBuilder(npu)
        node = builder.all_to_all("experts", size=(npu + 1) * KiB)
        npus.append([replace(node, comm_uneven=True)])
    return Trace.of(npus)


def sized() -> Trace:
    npus = [TraceBuilder(npu) for npu in range(NPUS)]
    for npu, builder in enumerate(npus):
        builder.all_to_all("experts", sizes=[(npu + 1) * KiB, KiB, KiB, 0])
    return Trace.of(npus)


WORKLOADS: dict[str, Callable[[], TraceBuilder | Trace]] = {
    "reduce": compute_and_reduce,
    "sends": sends,
    "group": in_a_group,
    "uneven": uneven,
    "sized": sized,
}

TO_SWITCH = {"from": "npu[0:4]", "to": "switch", "bandwidth": 50, "latency": 250}

NETWORKS: list[NetworkConfig | str] = [
    network(("Ring", NPUS)),
    network(("Ring", NPUS), bandwidth=7, latency=3),
    network(("FullyConnected", NPUS)),
    network(("Switch", 2), ("Ring", 2)),
    network(("Ring", 6)),
    network(("Ring", 3)),
    NetworkConfig(graph={"links": [TO_SWITCH]}),
    network(("Nowhere", NPUS)),
    "@hgx-h100:4x1",
    "@hgx-h100:2x2",
    "@nobody",
]

SYSTEMS: list[SystemConfig | str] = [
    system(),
    system(["ring", "ring"]),
    system(["direct"], endpoint_delay=3),
    system(["halvingDoubling"], local_mem_bw=0),
    system(["unheard of"]),
    system(roofline_enabled=1, peak_perf=1),
    system(replay_only=1),
    system(preferred_dataset_splits=1, model_shared_bus=1, L=5, o=2, g=1, G=0.5),
    SystemConfig(preferred_dataset_splits=4),
    "@hgx-h100",
]

OPTIONS = [
    Options(),
    Options(shortcuts="always"),
    Options(backend="congestion-unaware"),
    Options(dialect=MASTER),
    Options(dialect=HOTI2024, rendezvous=True),
    Options(dialect=AUTO, queues_per_dimension=2, injection_scale=2.0),
]


@pytest.fixture(scope="module", autouse=True)
def _compiled_once() -> None:
    """Compile the loop, if it isn't kept: the first run that needs it says so, and no other."""
    Simulation(sends(), system(), network(("Ring", NPUS))).run(shortcuts="always")


def outcome(make: Callable[[], Simulation]) -> object:
    """All that is to be seen of a simulation and its run, or the error that came of it."""
    try:
        simulation = make()
        seen = (
            simulation.system,
            simulation.network,
            simulation.memory,
            simulation.comm_groups,
            simulation.options,
            simulation.trace,
            simulation.notices,
            simulation.files,
            simulation.experiment.dialect_choice,
            simulation.system.source,
            simulation.network.source,
        )
        return *seen, simulation.run().to_dict()
    except SimastraError as error:
        return type(error), str(error)


INPUTS = ("network", "system", "options")
Inputs: TypeAlias = tuple[NetworkConfig | str, SystemConfig | str, Options]

cases = st.tuples(st.sampled_from(NETWORKS), st.sampled_from(SYSTEMS), st.sampled_from(OPTIONS))
sound = st.tuples(
    st.sampled_from([*NETWORKS[:3], "@hgx-h100:4x1"]),
    st.sampled_from([system(), SYSTEMS[2], SYSTEMS[5], "@hgx-h100"]),
    st.sampled_from(OPTIONS),
)


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(sorted(WORKLOADS)), sound, cases, st.tuples(*[st.booleans()] * 3))
@pytest.mark.filterwarnings("ignore::simastra.SimastraWarning")
def test_a_variant_is_what_a_simulation_made_anew_is(
    work: str,
    first: Inputs,
    second: Inputs,
    changed: tuple[bool, bool, bool],
) -> None:
    groups = CommGroups.parse({"1": [0, 2]}) if work == "group" else None
    anew = partial(Simulation, WORKLOADS[work](), comm_groups=groups)
    base_inputs = dict(zip(INPUTS, first, strict=True))
    told = {
        name: value
        for name, value, is_changed in zip(INPUTS, second, changed, strict=True)
        if is_changed
    }
    base = anew(**base_inputs)  # type: ignore[arg-type]  # of three types
    one = partial(base.with_, **told)
    assert outcome(one) == outcome(partial(anew, **base_inputs | told))
    two = partial(anew, **base_inputs | told | {"options": Options()})
    assert outcome(lambda: one().with_(options=Options())) == outcome(two)


def test_a_variant_shares_traces_and_programs() -> None:
    base = Simulation(sends(), system(), network(("Ring", NPUS)))
    other = base.with_(network=network(("Ring", NPUS), bandwidth=9), system=system(["direct"]))
    assert other.trace is base.trace
    assert other.experiment.programs is base.experiment.programs
    unlike = base.with_(system=system(replay_only=1))
    assert unlike.trace is base.trace
    assert unlike.experiment.programs is not base.experiment.programs


def test_files_are_not_read_again_for_as_many_npus(tmp_path: Path) -> None:
    prefix = tmp_path / "et"
    files = write_trace(prefix, Trace.uniform(compute_and_reduce(), NPUS))
    base = Simulation(prefix, system(), network(("Ring", NPUS)))
    fewer = base.with_(network=network(("Ring", 3)))
    assert next(it.code for it in fewer.notices) == "surplus-traces"
    again = fewer.with_(options=Options(backend="congestion-unaware"))
    assert again.notices == fewer.notices
    assert again.files == tuple(str(file) for file in files[:3])
    for file in files:
        file.unlink()
    assert again.with_(network=network(("Ring", 3), bandwidth=9)).files == again.files
    with pytest.raises(SimastraError, match="does not exist"):
        again.with_(network=network(("Ring", NPUS)))


def test_what_a_builder_gets_later_is_in_no_variant() -> None:
    builder = one_collective(CollectiveType.ALL_REDUCE)
    base = Simulation(builder, system(), network(("Ring", 8)))
    builder.compute("later", micros=1)
    assert base.with_(network=network(("Ring", 8))).run() == base.run()
    assert set(map(len, base.with_(network=network(("Ring", 4))).trace.npus)) == {1}


def test_a_variant_leaves_nothing_in_what_it_is_made_of() -> None:
    base = all_reduce_on_ring_of_8()
    expected, before = base.run(), pickle.dumps(base)
    other = base.with_(network=network(("FullyConnected", 8)), system=system(["direct"]))
    its_own = other.run()
    one, two = base.start(), other.start()
    for _ in range(200):  # in turns
        one.step()
        two.step()
    assert one.run() == expected
    assert two.run() == its_own
    with pytest.raises(ConfigError):
        base.with_(network=network(("Nowhere", 8)))
    assert pickle.dumps(base) == before
    assert base.run() == expected


def test_a_variant_refuses_what_a_new_simulation_refuses() -> None:
    base = all_reduce_on_ring_of_8()
    with pytest.raises(ArgumentError, match="options must be an Options"):
        base.with_(options={"backend": "fluid"})  # type: ignore[arg-type]
    with pytest.raises(ConfigError, match="file not found"):
        base.with_(network="nowhere.yml")


def hanging() -> Simulation:
    npus = [TraceBuilder(npu) for npu in range(2)]
    npus[1].recv("never sent", size=KiB, source=0)
    return Simulation(Trace.of(npus), system(), network(("Ring", 2)))


@pytest.fixture(params=["here", "threads", "processes"])
def executor(request: pytest.FixtureRequest) -> Iterator[Executor | None]:
    match request.param:
        case "here":
            yield None
        case "threads":
            with ThreadPoolExecutor(3) as threads:
                yield threads
        case _:
            spawned = multiprocessing.get_context("spawn")
            with ProcessPoolExecutor(2, mp_context=spawned) as processes:
                yield processes


def test_runs_come_in_order_with_errors_as_data(executor: Executor | None) -> None:
    base = all_reduce_on_ring_of_8()
    bandwidths = [7, 50, 9, 50, 11]
    variants: list[Simulation | Variant] = [
        Variant(base, network=network(("Ring", 8), bandwidth=it)) for it in bandwidths
    ]
    variants[1:1] = [Variant(base, system=system(["unheard of"])), base, hanging()]
    outcomes = list(run_all(variants, executor=executor, slice_size=2))
    assert [it.error is None for it in outcomes] == [True, False, True, False, *[True] * 4]
    assert outcomes[2].get() == base.run()
    assert [it.get() for it in (outcomes[0], *outcomes[4:])] == [
        base.with_(network=network(("Ring", 8), bandwidth=it)).run() for it in bandwidths
    ]
    assert "unheard of" in str(outcomes[1].error)
    with pytest.raises(DeadlockError) as told:
        hanging().run()
    assert str(outcomes[3].error) == str(told.value)
    with pytest.raises(DeadlockError):
        outcomes[3].get()


def test_only_what_is_kept_comes_back(executor: Executor | None) -> None:
    base = all_reduce_on_ring_of_8()
    assert list(run_all([base], keep=makespan, executor=executor)) == [VariantOutcome(117_780)]


def test_cases_may_have_no_end() -> None:
    base = all_reduce_on_ring_of_8()
    endless = (Variant(base, network=network(("Ring", 8), bandwidth=1 + it)) for it in count())
    here = [it.get() for it in islice(run_all(endless, keep=makespan, slice_size=1), 3)]
    assert here == sorted(here, reverse=True)
    with ThreadPoolExecutor(2) as threads:
        runs = run_all((base for _ in count()), keep=makespan, executor=threads, slice_size=1)
        assert [it.get() for it in islice(runs, 3)] == [117_780] * 3
        runs.close()  # type: ignore[attr-defined]  # as a loop that is left does


def test_what_is_no_error_of_an_input_comes_out() -> None:
    def fail(_result: object) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        list(run_all([all_reduce_on_ring_of_8()], keep=fail))
    with pytest.raises(OptionError, match="slice_size"):
        list(run_all([], slice_size=0))
    with pytest.raises(TypeError, match="a Simulation or a Variant, not 5"):
        list(run_all([5]))  # type: ignore[list-item]


def test_threads_leave_the_collector_as_it_was() -> None:
    before = gc.get_threshold()
    with ThreadPoolExecutor(4) as threads:
        list(run_all([all_reduce_on_ring_of_8()] * 40, executor=threads, slice_size=1))
    assert gc.get_threshold() == before
    assert gc.isenabled()


def test_ways_that_a_router_has_found_serve_all_variants() -> None:
    graph = NetworkConfig(graph={"links": [TO_SWITCH]})
    base = Simulation(compute_and_reduce(), system(), graph)
    base.run()
    other = base.with_(system=system(["direct"]), options=Options(backend="congestion-unaware"))
    assert other.platform.topology is base.platform.topology
    assert other.run() == Simulation(*inputs_of(other), options=other.options).run()
    unlike = base.with_(network=graph.model_copy(update={"topology": ["Ring"], "npus_count": [4]}))
    assert unlike.platform.topology is not base.platform.topology


def inputs_of(simulation: Simulation) -> tuple[Trace, SystemConfig, NetworkConfig]:
    return simulation.trace, simulation.system, simulation.network


def test_what_many_runs_share_is_worth_loading_for_smaller_ones() -> None:
    base = all_reduce_on_ring_of_8()
    alone = base.run()
    assert not alone.shortcuts
    (outcome,) = run_all([base])
    together = outcome.get()
    assert [it.taken for it in together.shortcuts] == [True]
    assert together.finishes == alone.finishes
    assert tuple(together.nodes) == alone.nodes
    assert not next(iter(run_all([base], slice_size=1))).get().shortcuts
    plain = base.with_(options=Options(shortcuts="off"))
    assert not next(iter(run_all([plain]))).get().shortcuts
