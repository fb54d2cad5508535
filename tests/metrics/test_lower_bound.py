"""What is told before a run: no run is faster, and it is worth something."""

from statistics import median

import pytest
from support.cases import Case, load_cases, simulation_of
from support.machines import network, one_collective, system

from simastra import CommGroups, MiB, Options, Simulation, Trace, TraceBuilder
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


@pytest.mark.parametrize("backend", BACKENDS)
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
