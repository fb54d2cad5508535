"""What is told before a run: no run is faster, and it is worth something."""

from statistics import median

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.cases import Case, load_cases, simulation_of
from support.machines import network, one_collective, system
from support.played import PLAYED

from simastra import (
    CommGroups,
    DeadlockError,
    MemoryConfig,
    MiB,
    NetworkConfig,
    Options,
    Simulation,
    Trace,
    TraceBuilder,
)
from simastra.metrics import BoundPart
from simastra.network import BACKENDS
from simastra.trace import CollectiveType

CASES = [
    case
    for name in ("master", "master_wide", "multidim_aware", "scale", "hoti2024", "hoti2024_wide")
    for case in load_cases(name)
]


def reached(case: Case) -> float:
    """How much of what the reference took the bound comes to."""
    makespan = max(case["expect"]["cycles"].values())
    bound = simulation_of(case).lower_bound()
    assert 0 <= bound.time <= makespan, (case["name"], bound)
    return bound.time / max(makespan, 1)


def test_the_reference_is_never_faster() -> None:
    shares = [reached(case) for case in CASES]
    assert len(shares) > 900
    aware = [share for case, share in zip(CASES, shares, strict=True) if case["backend"] == "aware"]
    assert median(aware) > 0.55
    assert sum(share > 0 for share in aware) > 0.97 * len(aware)


def worked(npus: int) -> Trace:
    """All compute, reduce, and compute again."""
    trace = TraceBuilder()
    first = trace.compute("work", micros=50)
    gradients = trace.all_reduce("gradients", size=MiB, after=first)
    trace.compute("update", micros=7, after=gradients)
    return Trace.uniform(trace, npus)


@pytest.mark.parametrize("backend", PLAYED)
def test_it_counts_on_bandwidth_where_the_backend_keeps_it(backend: str) -> None:
    options = Options(backend=backend)
    bound = Simulation(worked(8), system(), network(("Switch", 8)), options=options).lower_bound()
    alone = 57_000
    if BACKENDS[backend].respects_bandwidth:
        rate = 50 * 2**30 / 1e9
        steps = 4 * 14  # of 4 chunks, one after the other, over two links each
        assert bound.parts[BoundPart.PORTS] == pytest.approx(2 * 7 / 8 * MiB / rate, rel=0.02)
        assert bound.time == alone + steps * (int(MiB / 32 / rate) + 2 * 500 - 2)
        assert set(bound.parts) == set(BoundPart)
    else:
        assert bound.parts == {BoundPart.COMPUTE: alone, BoundPart.DEPENDENCIES: alone}


def test_members_whose_programs_differ_in_their_groups_alone_share_a_chain() -> None:
    builders = [TraceBuilder(npu) for npu in range(4)]
    for npu, trace in enumerate(builders):
        first = trace.all_reduce("tensor", size=MiB, group=npu // 2 + 1)
        trace.all_reduce("data", size=MiB, group=npu % 2 + 3, after=first)
    groups = {"1": [0, 1], "2": [2, 3], "3": [0, 2], "4": [1, 3]}
    simulation = Simulation(
        Trace.of(builders), system(), network(("Switch", 4)), comm_groups=CommGroups.parse(groups)
    )
    bound = simulation.lower_bound()
    assert bound.parts[BoundPart.DEPENDENCIES] > 2 * MiB / (50 * 2**30 / 1e9)
    assert bound.time <= simulation.run().makespan


def test_of_no_work_it_is_nothing() -> None:
    simulation = Simulation(
        one_collective(CollectiveType.ALL_REDUCE), system(), network(("Ring", 1))
    )
    assert simulation.lower_bound().time == 0


@st.composite
def pipelines(draw: st.DrawFn) -> tuple[Trace, CommGroups, NetworkConfig]:
    """Stages of NPUs that share each layer, which send each batch on to the next stage."""
    width, stages, batches = (
        draw(st.integers(2, 3)),
        draw(st.integers(2, 3)),
        draw(st.integers(1, 3)),
    )
    sizes = draw(st.lists(st.integers(1, 300_000), min_size=1, max_size=2))
    work = draw(st.integers(0, 60))
    chained = draw(st.booleans())
    builders = [TraceBuilder(npu) for npu in range(width * stages)]
    for npu, trace in enumerate(builders):
        last = trace.compute("begin", micros=1)
        for batch in range(batches):
            after = [last] if chained else []
            if npu >= width:
                name = f"r{batch}"
                after.append(trace.recv(name, size=sizes[0], source=npu - width, tag=batch))
            last = trace.compute("work", micros=work, after=after or last)
            for size in sizes:
                group = npu // width + 1
                last = trace.all_reduce("layer", size=size, group=group, after=last)
            if npu + width < len(builders):
                trace.send(f"s{batch}", size=sizes[0], to=npu + width, tag=batch, after=last)
    groups = {
        str(stage + 1): list(range(stage * width, (stage + 1) * width)) for stage in range(stages)
    }
    kind = draw(st.sampled_from(["Ring", "Switch", "FullyConnected"]))
    shape = network((kind, width), ("Switch", stages), latency=draw(st.sampled_from([0.0, 300.0])))
    return Trace.of(builders), CommGroups.parse(groups), shape


@pytest.mark.filterwarnings("ignore::simastra.SimastraWarning")
@pytest.mark.parametrize("backend", PLAYED)
@settings(max_examples=60)
@given(pipelines(), st.sampled_from(["ring", "direct"]), st.tuples(*[st.integers(1, 4)] * 2))
def test_no_pipeline_of_groups_is_faster(
    backend: str,
    given_work: tuple[Trace, CommGroups, NetworkConfig],
    algorithm: str,
    chunks: tuple[int, int],
) -> None:
    trace, groups, shape = given_work
    config = system(
        [algorithm] * 2,
        local_mem_bw=10_000,
        endpoint_delay=1,
        preferred_dataset_splits=chunks[0],
        active_chunks_per_dimension=chunks[1],
    )
    options = Options(backend=backend, shortcuts="off")
    simulation = Simulation(trace, config, shape, comm_groups=groups, options=options)
    try:
        result = simulation.run()
    except DeadlockError:
        return
    assert simulation.lower_bound().time <= result.makespan
    if BACKENDS[backend].respects_bandwidth:
        assert result.bound.time <= result.makespan


def test_a_pipeline_of_groups_has_its_bubble_in_its_bound() -> None:
    builders = [TraceBuilder(npu) for npu in range(8)]
    for npu, trace in enumerate(builders):
        work = trace.compute("begin", micros=1)
        for batch in range(4):
            got = [] if npu < 2 else [trace.recv("r", size=64, source=npu - 2, tag=batch)]
            work = trace.compute("work", micros=100, after=[work, *got])
            shared = trace.all_reduce("layer", size=64, group=npu // 2 + 1, after=work)
            if npu < 6:
                trace.send("s", size=64, to=npu + 2, tag=batch, after=shared)
    groups = CommGroups.parse({str(it + 1): [2 * it, 2 * it + 1] for it in range(4)})
    shape = network(("Switch", 2), ("Switch", 4))
    simulation = Simulation(Trace.of(builders), system(["ring"] * 2), shape, comm_groups=groups)
    bound, makespan = simulation.lower_bound(), simulation.run().makespan
    assert bound.limit is BoundPart.DEPENDENCIES
    assert (4 + 4 - 1) * 100_000 < bound.time <= makespan < 1.05 * bound.time


def test_accesses_to_remote_memory_are_in_chains() -> None:
    trace = TraceBuilder()
    loaded = trace.load("weights", tensor_size=64_000)
    trace.compute("work", micros=3, after=loaded)
    own = {
        "memory-type": "PER_NPU_MEMORY_EXPANSION",
        "remote-mem-latency": 500,
        "remote-mem-bw": 64,
    }
    memory = MemoryConfig.parse(own)
    simulation = Simulation(trace, system(), network(("Ring", 2)), memory)
    assert simulation.lower_bound().time == 500 + 1000 + 3000 == simulation.run().makespan
