"""NPUs that are built in other ways: their peak, their memory, their endpoint."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from support.machines import network, one_collective, system

from simastra.config import SystemConfig
from simastra.dialect import MASTER
from simastra.errors import ConfigError
from simastra.scenario import ScenarioConfig, load_scenario
from simastra.simulation import Options, Simulation
from simastra.trace import CollectiveType, TraceBuilder

NPUS = 8
RING = network(("Ring", NPUS))
ALL_REDUCE = one_collective(CollectiveType.ALL_REDUCE)
OWN = {
    *("endpoint_delay", "local_reduction_delay", "local_mem_bw", "peak_perf", "L", "o", "g", "G"),
    *("trace_enabled", "track_local_mem", "local_mem_trace_filename", "local_mem_capacity"),
}
"""What an NPU may have of its own; members of a collective, or all traces, agree on the rest."""


def own(npus: object, **keys: object) -> ScenarioConfig:
    return ScenarioConfig.parse({"npus": [{"npus": npus, **keys}]})


@pytest.mark.parametrize("setting", ["off", "always"])
@pytest.mark.parametrize(
    ("keys", "changes"),
    [
        ({"endpoint-delay": "200ns"}, {"endpoint_delay": 200}),
        ({"local-mem-bw": "10GB/s"}, {"local_mem_bw": 10}),
        ({"system": {"endpoint-delay": 40, "local-mem-bw": 9}}, {}),
    ],
)
def test_a_system_of_all_npus_is_another_system_file(
    setting: str, keys: dict[str, object], changes: dict[str, object]
) -> None:
    changes = changes or {"endpoint_delay": 40, "local_mem_bw": 9}
    options = Options(shortcuts=setting)
    scenario = own("all", **keys)
    conditioned = Simulation(ALL_REDUCE, system(), RING, scenario=scenario, options=options).run()
    assert conditioned.cycles == Simulation(ALL_REDUCE, system(**changes), RING).run().cycles


@pytest.mark.parametrize("npus", [3, "every 2", "0-3", "every 4 from 1"])
@pytest.mark.parametrize("algorithm", ["ring", "direct", "halvingDoubling", "doubleBinaryTree"])
def test_shortcuts_come_to_the_same(npus: object, algorithm: str) -> None:
    switch = network(("Switch", NPUS))
    scenario = own(npus, **{"endpoint-delay": 500, "local-mem-bw": 5})
    simulation = Simulation(ALL_REDUCE, system([algorithm]), switch, scenario=scenario)
    exact, short = (simulation.run(shortcuts=it) for it in ("off", "always"))
    assert exact.cycles == short.cycles
    assert exact.makespan > Simulation(ALL_REDUCE, system([algorithm]), switch).run().makespan


def test_npus_that_stay_alike_are_folded() -> None:
    simulation = Simulation(
        ALL_REDUCE, system(), RING, scenario=own("every 2", **{"local-mem-bw": 5})
    )
    result = simulation.run(shortcuts="always")
    assert result.cycles == simulation.run(shortcuts="off").cycles
    assert "8 NPUs as 2" in next(it.reason for it in result.shortcuts if it.taken)


def test_each_roofline_is_its_npus_own() -> None:
    builder = TraceBuilder()
    builder.compute("matmul", micros=0, num_ops=10**9, tensor_size=10**6)
    machine = system(roofline_enabled=1, peak_perf=10, local_mem_bw=10_000)
    scenario = own(2, system={"peak-perf": 5})
    options = Options(dialect=MASTER)
    simulation = Simulation(builder, machine, RING, scenario=scenario, options=options)
    cycles = simulation.run().cycles
    assert (cycles[0], cycles[2]) == (100_000, 200_000)


def test_a_file_says_only_what_is_an_npus_own(tmp_path: Path) -> None:
    keys = {"preferred-dataset-splits": 4, "local-mem-bw": 5, "endpoint-delay": 300}
    (tmp_path / "old.json").write_text(json.dumps(keys))
    (tmp_path / "scenario.yml").write_text("npus: {all: {system: old.json}}")
    scenario = load_scenario(tmp_path / "scenario.yml")
    simulation = Simulation(ALL_REDUCE, system(), RING, scenario=scenario)
    same = Simulation(ALL_REDUCE, system(local_mem_bw=5, endpoint_delay=300), RING)
    assert simulation.run().cycles == same.run().cycles
    assert tmp_path / "old.json" in simulation.files
    (tmp_path / "old.json").write_text(json.dumps({**keys, "preferred-dataset-splits": 8}))
    with pytest.raises(ConfigError, match="preferred-dataset-splits differs from"):
        Simulation(ALL_REDUCE, system(), RING, scenario=scenario)


def test_a_machine_may_be_ones_own() -> None:
    scenario = own(1, system="@dgx-a100")
    simulation = Simulation(ALL_REDUCE, system(), RING, scenario=scenario)
    assert simulation.platform.system_of(1).local_mem_bw > 1000
    assert simulation.platform.system_of(0).local_mem_bw == 50


@pytest.mark.parametrize("name", sorted({*SystemConfig.model_fields} - OWN))
def test_what_npus_agree_on_is_nobodys_own(name: str) -> None:
    key = next(key for key, it in SystemConfig.file_keys().items() if it == name)
    with pytest.raises(ConfigError, match=f"{key}: all NPUs have this in common"):
        Simulation(ALL_REDUCE, system(), RING, scenario=own(1, system={key: 1}))


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({"system": {"peek-perf": 5}}, r"npus\[0\].system.peek-perf: unknown key 'peek-perf'"),
        ({"system": {"peak-perf": -5}}, r"npus\[0\].system.peak-perf: must be at least 0"),
        ({"system": {"preferred-dataset-splits": 5}}, "all NPUs have this in common"),
        ({"system": "nowhere.json"}, "nowhere.json: file not found"),
        ({"system": "@nowhere"}, "nowhere"),
        ({"system": 5}, r"npus\[0\].system: must be a system file, a machine"),
        ({"local-mem-bw": "5ns"}, r"npus\[0\].local-mem-bw: must be a bandwidth"),
    ],
)
def test_what_is_wrong_is_told(keys: dict[str, object], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        Simulation(ALL_REDUCE, system(), RING, scenario=own(1, **keys))
