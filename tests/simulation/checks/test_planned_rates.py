"""What will be faster than links is told before anything is simulated, where it is certain."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.machines import network, system

from simastra import CollectiveType, MiB, NetworkConfig, Options, Simulation, Trace, TraceBuilder
from simastra.cli import main
from simastra.notices import Notice
from simastra.simulation.checks.link_rates import planned_rate_notices
from simastra.simulation.measures.certain_traffic import CertainTrafficOf
from simastra.simulation.measures.unshared_time import longest_time

UNAWARE = Options(backend="congestion-unaware")
SWITCH = network(("Switch", 8))
FOUR = [
    CollectiveType.ALL_REDUCE,
    CollectiveType.REDUCE_SCATTER,
    CollectiveType.ALL_GATHER,
    CollectiveType.ALL_TO_ALL,
]


def simulation(
    algorithm: str = "direct",
    shape: NetworkConfig = SWITCH,
    size: int = 64 * MiB,
    collective: CollectiveType = CollectiveType.ALL_REDUCE,
    options: Options = UNAWARE,
    **changes: object,
) -> Simulation:
    trace = TraceBuilder()
    trace.collective(collective, "c", size=size)
    config = system([algorithm] * shape.dimensions, **changes)
    return Simulation(Trace.uniform(trace, shape.npus), config, shape, options=options)


def told(asked: Simulation) -> tuple[Notice, ...]:
    notices = planned_rate_notices(asked.experiment)
    assert {it.code for it in notices} <= {"faster-than-links"}
    return notices


@pytest.mark.filterwarnings("ignore::simastra.SimastraWarning")
@settings(max_examples=40)
@given(
    st.sampled_from(["ring", "direct", "direct2", "oneRing", "halvingDoubling"]),
    st.sampled_from(["Switch", "Ring", "FullyConnected"]),
    st.sampled_from(FOUR),
    st.integers(1, 4_000_000),
    st.tuples(st.integers(1, 5), st.integers(1, 5), st.integers(1, 3), st.integers(0, 60)),
    st.booleans(),
)
def test_no_collective_takes_longer_than_is_said(
    algorithm: str,
    topology: str,
    collective: CollectiveType,
    size: int,
    numbers: tuple[int, int, int, int],
    two: bool,  # noqa: FBT001 - drawn
) -> None:
    if algorithm == "halvingDoubling" and collective is CollectiveType.ALL_TO_ALL:
        collective = CollectiveType.ALL_GATHER
    splits, active, queues, delay = numbers
    asked = simulation(
        algorithm,
        network((topology, 4), ("Switch", 2)) if two else network((topology, 4)),
        size,
        collective,
        Options(backend="congestion-unaware", queues_per_dimension=queues),
        preferred_dataset_splits=splits,
        active_chunks_per_dimension=active,
        endpoint_delay=delay,
    )
    ((_, it),) = CertainTrafficOf(asked.experiment).of(0, asked.experiment.programs[0])
    assert it.planned is not None
    longest = longest_time(asked.platform, it.planned)
    makespan = asked.run().makespan
    assert makespan <= longest
    if told(asked):
        assert any(notice.code == "faster-than-links" for notice in asked.run().notices)


@pytest.mark.parametrize(("algorithm", "chunks"), [("direct", 1), ("direct", 4), ("ring", 4)])
def test_several_chunks_or_receivers_at_once_are_told(algorithm: str, chunks: int) -> None:
    asked = simulation(algorithm, local_mem_bw=100_000, active_chunks_per_dimension=chunks)
    (notice,) = told(asked)
    ((_, it),) = CertainTrafficOf(asked.experiment).of(0, asked.experiment.programs[0])
    assert it.planned is not None
    ports = 2 * 7 / 8 * 64 * MiB / SWITCH.bytes_per_ns[0]
    times = ports / longest_time(asked.platform, it.planned)
    assert f"NPU 0's port will have to carry at least {times:.3g} times its bandwidth" in (
        notice.message
    )
    assert f"sends {2 * 7 / 8 * 64 * MiB:.0f} bytes" in notice.message


@pytest.mark.parametrize(
    "asked",
    [
        simulation("ring", local_mem_bw=100_000),
        simulation("direct", network(("FullyConnected", 8))),
        simulation("direct", options=Options()),
        simulation("direct", options=Options(backend="fluid")),
        simulation("direct", size=1000),
        simulation("direct", local_mem_bw=1),
        simulation("direct", options=Options(backend="congestion-unaware", rendezvous=True)),
        simulation("doubleBinaryTree", active_chunks_per_dimension=4),
    ],
)
def test_what_may_be_slow_enough_is_not_told(asked: Simulation) -> None:
    assert not told(asked)


def test_check_tells_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    trace = TraceBuilder()
    trace.all_reduce("gradients", size=64 * MiB)
    trace.write("wl", 8)
    Path("s.json").write_text(
        '{"all-reduce-implementation": ["direct"], "preferred-dataset-splits": 4}'
    )
    Path("n.yml").write_text(
        "{topology: [Switch], npus_count: [8], bandwidth: [50], latency: [500]}"
    )
    words = ["check", "--workload=wl", "--system=s.json", "--network=n.yml"]
    assert main(words) == 0
    assert "its bandwidth" not in capsys.readouterr().err
    words.append("--network-backend=congestion-unaware")
    assert main(words) == 0
    assert "NPU 0's port will have to carry at least 6" in capsys.readouterr().err
    assert main([*words, "--strict"]) == 2
