"""Several jobs on one machine: each alone where they share nothing, results of each, policies."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.machines import network, one_collective, system

from simastra.config import NetworkConfig
from simastra.errors import ConfigError, InputError, OptionError, TraceError
from simastra.scenario import ScenarioConfig
from simastra.scenario.placements import read_placement
from simastra.simulation import Options, Simulation
from simastra.trace import CollectiveType, Trace, TraceBuilder, write_trace
from simastra.units import KiB

RING_OF_4 = network(("Ring", 4))
TWO_LINES = network(("Ring", 4), ("Ring", 2))
JITTER = {"jitter": {"compute": {"distribution": "gamma", "shape": 1, "npus": "group 1"}}}
BACKENDS = ["congestion-aware", "congestion-unaware", "fluid"]
every_backend = pytest.mark.parametrize("backend", BACKENDS)


def step(rank: int) -> TraceBuilder:
    """A computation that grows with the rank, an all-reduce, and a message round the ring."""
    builder = TraceBuilder(rank)
    forward = builder.compute("forward", micros=1 + rank)
    reduced = builder.all_reduce("gradients", size=64 * KiB, after=forward)
    builder.send("there", size=4096, to=(rank + 1) % 4, tag=7, after=reduced)
    builder.recv("back", size=4096, source=(rank - 1) % 4, tag=7, after=reduced)
    return builder


def write(prefix: Path, builders: list[TraceBuilder]) -> None:
    write_trace(prefix, Trace.of(builders))


def alone(backend: str) -> dict[int, int]:
    trace = Trace.of([step(rank) for rank in range(4)])
    options = Options(backend=backend, shortcuts="off")
    return Simulation(trace, system(), RING_OF_4, options=options).run().cycles


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path / "step", [step(rank) for rank in range(4)])
    return tmp_path


def run_jobs(
    folder: Path,
    *jobs: dict[str, Any],
    machine: NetworkConfig = TWO_LINES,
    backend: str = "congestion-aware",
    shortcuts: str = "off",
    workload: Any = None,
) -> Any:
    scenario = ScenarioConfig.parse({"jobs": list(jobs)}, folder / "scenario.yml")
    options = Options(backend=backend, shortcuts=shortcuts)
    return Simulation(workload, system(), machine, options=options, scenario=scenario).run()


@every_backend
@settings(max_examples=8)
@given(starts=st.tuples(st.integers(0, 30_000), st.integers(0, 30_000)))
def test_two_jobs_on_disjoint_links_are_each_alone(
    backend: str, starts: tuple[int, int], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("jobs")
    write(folder / "step", [step(rank) for rank in range(4)])
    expected = alone(backend)
    entries = [
        {"workload": "step", "npus": [0, 1, 2, 3], "start": starts[0]},
        {"workload": "step", "name": "other", "npus": [4, 5, 6, 7], "start": starts[1]},
    ]
    result = run_jobs(folder, *entries, backend=backend)
    for job, start in zip(result.jobs, starts, strict=True):
        assert job.start == start
        assert [it.cycles for it in job.finishes] == [start + expected[it] for it in range(4)]
        assert job.duration == max(expected.values())


def test_a_job_takes_the_same_whether_or_not_another_has_collectives(folder: Path) -> None:
    """Versions of ASTRA-sim have rooflines of different units."""
    builder = TraceBuilder(0)
    builder.compute("matmul", micros=0, num_ops=10**9, tensor_size=10**6)
    write(folder / "matmul", [builder])
    scenario = {"workload": "matmul", "npus": 7}, {"workload": "step", "npus": "packed"}
    found = []
    for entries in (scenario, scenario[:1]):
        jobs = ScenarioConfig.parse({"jobs": list(entries)}, folder / "scenario.yml")
        machine = system(roofline_enabled=1, peak_perf=10)
        simulation = Simulation(None, machine, TWO_LINES, scenario=jobs)
        assert simulation.experiment.platform.options.dialect.name == "master"
        assert any("has jobs, each with process" in str(it) for it in simulation.notices)
        found.append(simulation.run().jobs[0].duration)
    assert found[0] == found[1]
    assert found[0] > 0


def test_groups_of_several_jobs_select_nobody(folder: Path) -> None:
    entries = [{"workload": "step"}, {"workload": "step", "name": "other"}]
    for more in ({"npus": [{"npus": "group 1", "compute": 0.5}]}, JITTER):
        scenario = ScenarioConfig.parse({"jobs": entries, **more}, folder / "scenario.yml")
        with pytest.raises(ConfigError, match=r"npus: names a process group, but each job has its"):
            Simulation(None, system(), TWO_LINES, scenario=scenario)


def test_shortcuts_come_to_the_same(folder: Path) -> None:
    entries = [
        {"workload": "step", "start": 3000},
        {"workload": "step", "name": "other", "repeat": 2},
    ]
    plain = run_jobs(folder, *entries)
    shortened = run_jobs(folder, *entries, shortcuts="always")
    assert shortened.cycles == plain.cycles
    assert shortened.jobs == plain.jobs


def test_a_job_on_the_whole_machine_is_the_workload(folder: Path) -> None:
    result = run_jobs(folder, {"workload": "step"}, machine=RING_OF_4)
    assert result.cycles == alone("congestion-aware")
    assert [(job.name, job.npus) for job in result.jobs] == [("step", (0, 1, 2, 3))]


def test_runs_follow_each_other_on_each_npu(folder: Path) -> None:
    """Without messages a run of a rank takes what its computations take."""
    builders = [TraceBuilder(rank) for rank in range(2)]
    for rank, builder in enumerate(builders):
        builder.compute("work", micros=3 + rank)
    write(folder / "work", builders)
    told = {"workload": "work", "npus": [2, 0], "start": "1us", "repeat": 3}
    (job,) = run_jobs(folder, told).jobs
    assert [(it.npu, it.cycles) for it in job.finishes] == [(2, 10_000), (0, 13_000)]
    assert job.run_ends == (5_000, 9_000, 13_000)
    assert job.duration == 12_000


def test_runs_of_a_lone_job_take_as_long_as_one_after_another(folder: Path) -> None:
    one = run_jobs(folder, {"workload": "step", "npus": "packed"}, machine=RING_OF_4)
    two = run_jobs(folder, {"workload": "step", "repeat": 2}, machine=RING_OF_4)
    (job,) = two.jobs
    assert job.run_ends[0] >= one.makespan - 1
    assert two.makespan <= 2 * one.makespan
    assert two.makespan == job.run_ends[1]


def test_a_workload_beside_the_jobs_shares_npus_with_them(folder: Path) -> None:
    whole = one_collective(CollectiveType.ALL_REDUCE, 64 * KiB)
    lone = Simulation(whole, system(), TWO_LINES).run()
    result = run_jobs(folder, {"workload": "step", "npus": [0, 1, 2, 3]}, workload=whole)
    assert [job.name for job in result.jobs] == ["workload", "step"]
    assert result.jobs[0].npus == tuple(range(8))
    assert result.jobs[0].duration >= lone.makespan
    assert result.jobs[1].duration >= max(alone("congestion-aware").values())
    assert result.makespan == max(job.finish for job in result.jobs)


def test_results_say_what_has_become_of_each_job(folder: Path) -> None:
    entries = [{"workload": "step"}, {"workload": "step", "start": "2us"}]
    result = run_jobs(folder, *entries)
    assert [job.name for job in result.jobs] == ["step", "step 2"]
    first, second = result.jobs
    assert result.to_dict()["jobs"][1] == {
        "name": "step 2",
        "npus": [4, 5, 6, 7],
        "start": 2000,
        "finish": second.finish,
        "finishes": [{"npu": it.npu, "cycles": it.cycles} for it in second.finishes],
        "run_ends": [second.finish],
    }
    told = f"job step on NPUs 0, 1, 2, 3: from 0 ns to {first.finish:,} ns"
    assert told in str(result)
    assert {use.code for use in result.notices} <= {"units"} | {it.code for it in result.notices}


def test_every_nanosecond_of_an_npu_is_accounted_for(folder: Path) -> None:
    scenario = {"jobs": [{"workload": "step", "npus": [0, 1, 2, 3], "start": 4000}]}
    config = ScenarioConfig.parse(scenario, folder / "scenario.yml")
    explanation = Simulation(None, system(), TWO_LINES, scenario=config).explain()
    for row in explanation.attributions:
        assert row.total == explanation.makespan
        assert row.times["idle"] >= 4000  # type: ignore[index]  # a category is a text


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ([3, 1, "5-6"], (3, 1, 5, 6)),
        ("4-7", (4, 5, 6, 7)),
        ("packed", (1, 2, 3, 5)),
        ("spread", (1, 3, 7, 9)),
        ("rail-aligned", (8, 1, 5, 9)),
        ({"policy": "rail-aligned"}, (8, 1, 5, 9)),
    ],
)
def test_placements(told: object, expected: tuple[int, ...]) -> None:
    """Of twelve NPUs, four a node, of which NPUs 0 and 4 are taken."""
    assert tuple(read_placement(told).npus(4, 12, [0, 4], 4)) == expected


def test_a_random_placement_is_the_same_for_ever() -> None:
    """Whatever Python's version: of BLAKE2 alone."""
    placement = read_placement({"policy": "random", "seed": 3})
    assert list(placement.npus(4, 12, [0, 4], 4)) == [7, 11, 5, 2]


@given(seed=st.integers(0, 10**6), ranks=st.integers(1, 10))
def test_a_random_placement_depends_on_its_seed_alone(seed: int, ranks: int) -> None:
    placement = read_placement({"policy": "random", "seed": seed})
    found = placement.npus(ranks, 12, [0, 4], 4)
    assert list(found) == list(placement.npus(ranks, 12, [0, 4], 4))
    assert len(set(found)) == ranks
    assert not {0, 4} & set(found)
    assert set(found) <= set(range(12))


@pytest.mark.parametrize(
    ("entry", "problem"),
    [
        ({"workload": "step", "npus": [0, 1]}, "jobs[0].npus: are 2 NPUs, and the workload has 4"),
        ({"workload": "step", "npus": [0, 1, 2, 9]}, "NPU 9 doesn't exist; the network has NPUs"),
        ({"workload": "step", "npus": [0, 1, 2, 2]}, "jobs[0].npus: NPU 2 is listed twice"),
        ({"workload": "step", "npus": "pack"}, "jobs[0].npus: must be"),
        ({"workload": "step", "npus": {"policy": "pack"}}, "there are packed, spread, random,"),
        ({"workload": "step", "name": "a\nb"}, "jobs[0].name: must be a line of printable"),
        ({"workload": "step", "npus": "pcked"}, "jobs[0].npus: must be NPUs in order of the job's"),
        ({"workload": "step", "npus": {"policy": "packed", "seed": 1}}, "has a seed, which packed"),
        ({"workload": "step", "npus": {"policy": "random", "sed": 1}}, "did you mean 'seed'?"),
        ({"workload": "step", "start": -1}, "jobs[0].start: must be whole nanoseconds"),
        ({"workload": "step", "repeat": 0}, "jobs[0].repeat:"),
        ({"npus": "packed"}, "jobs[0].workload: is required"),
        ({"workload": "none"}, "none.0.et does not exist"),
        ({"workload": "step", "comm-groups": "groups.json"}, "groups.json"),
    ],
)
def test_a_wrong_job(entry: dict[str, Any], problem: str, folder: Path) -> None:
    with pytest.raises(InputError) as caught:
        run_jobs(folder, entry)
    assert isinstance(caught.value, ConfigError | TraceError)
    assert problem in str(caught.value)


def test_too_many_jobs_and_names_that_are_alike(folder: Path) -> None:
    with pytest.raises(ConfigError, match=r"jobs\[2\]\.npus: of 8 NPUs 0 are free"):
        run_jobs(folder, *[{"workload": "step"}] * 3)
    with pytest.raises(ConfigError, match="two jobs are called 'a'"):
        run_jobs(folder, *[{"workload": "step", "name": "a"}] * 2)


def test_without_jobs_a_workload_is_needed() -> None:
    with pytest.raises(OptionError, match="is required: the scenario has no jobs"):
        Simulation(None, system(), TWO_LINES, scenario=ScenarioConfig())


def test_a_job_that_hasnt_begun_waits_and_computes_nothing(folder: Path) -> None:
    scenario = {"jobs": [{"workload": "step", "npus": [0, 1, 2, 3], "start": 4000}]}
    config = ScenarioConfig.parse(scenario, folder / "scenario.yml")
    run = Simulation(None, system(), TWO_LINES, scenario=config).start()
    run.env.run(until=1000)
    root = run.why(0).root
    assert root is not None
    assert root.what == "waits 4,000 ns for its job to begin"
    assert root.explanation.endswith("ends at 4,000 ns")
