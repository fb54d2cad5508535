"""What is wrong with a scenario's links is told in one message that says where."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.graphs import four_and_six
from support.machines import network, one_collective, system

from simastra.config import NetworkConfig
from simastra.errors import ConfigError
from simastra.scenario import ScenarioConfig, load_scenario
from simastra.simulation import Simulation
from simastra.trace import CollectiveType

RING = network(("Ring", 4))


@pytest.mark.parametrize(
    ("entry", "problem"),
    [
        ("{links: [0, 1]}", "links[0]: says nothing of these links; write rate, down: true or"),
        ("{down: true}", "links[0].links: is required"),
        ("{links: [0, 1], down: maybe}", "links[0].down: must be true or false"),
        ("{links: [0, 1], down: true, rate: 0.5}", "links[0].down: is beside rate"),
        ("{links: [0, 1], rate: x2}", "a faster link is one of the network's file"),
        ("{links: [0, 1], rate: 0}", "a link that is down says down: true"),
        ("{links: [0, 1], rate: 0GB/s}", "a link that is down says down: true"),
        ("{links: [0, 1], rate: x1e-999999999}", "must be a part of the bandwidth such as x0.5"),
        ("{links: [0, 1], rate: x1e-12}", "above 0 (from 1e-09 on) and at most 1, not 'x1e-12'"),
        ("{links: {of: true}, down: true}", "links[0].links: must be {of: 3}"),
        ("{links: [0, 1], rate: true}", "links[0].rate: must be a part of the bandwidth such as"),
        ("{links: [0, 1], rate: fast}", "links[0].rate: must be a part of the bandwidth such as"),
        ("{links: [0, 1], flap: {down: 1, up: 1}}", "links[0].flap: needs until"),
        ("{links: [0, 1], until: 9, flap: {down: 0, up: 1}}", "must have times above 0"),
        ("{links: [0, 1], until: 9, flap: {dwn: 1, up: 1}}", "must be times down and up"),
        ("{links: [0, 1], at: 9, until: 9, down: true}", "must be after at, which is 9 ns"),
        ("{links: [0, 1], at: soon, down: true}", "links[0].at:"),
        ("{links: 0 => 1, down: true}", "links[0].links: must be two devices such as [0, 1]"),
        ("{links: [], down: true}", "links[0].links: selects no link"),
        ("{links: {of: 1, kind: a}, down: true}", "links[0].links: must be {of: 3}"),
        ("{links: {between: 1}, down: true}", "links[0].links: unknown key 'between'"),
        ("{link: [0, 1], down: true}", "links[0].link: unknown key 'link'; did you mean 'links'?"),
    ],
)
def test_a_wrong_entry(entry: str, problem: str, tmp_path: Path) -> None:
    file = tmp_path / "scenario.yml"
    file.write_text(f"links:\n  - {entry}\n", encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_scenario(file)
    assert problem in str(caught.value)
    assert f"{file}: " in str(caught.value)
    assert "(line " in str(caught.value)


@pytest.mark.parametrize(
    ("machine", "entry", "problem"),
    [
        (RING, "{links: [0, 2], down: true}", "no link from NPU 0 to NPU 2; from NPU 0 links lead"),
        (RING, "{links: [0, 4], down: true}", "device 4 doesn't exist; there are devices 0 to 3"),
        (RING, "{links: ٣ -> 2, down: true}", "unknown device '٣'"),
        (RING, "{links: kind ib, down: true}", "of no link what kind it is"),
        (RING, "{links: dimension 1, down: true}", "no link of dimension 1; links have 0"),
        (RING, "{links: all, rate: 100GB/s}", "is more than the link from NPU 0 to NPU 1 has"),
        (
            RING,
            "{links: all, flap: {down: 1, up: 1}, until: 1ms}",
            "change 8,000,000 times in all; at most 100,000 are possible",
        ),
        (four_and_six(), "{links: kind nvlnk, down: true}", "did you mean 'nvlink'?"),
        (four_and_six(), "{links: of switch.b, down: true}", "did you mean 'switch.a'?"),
    ],
)
def test_what_the_machine_does_not_have(
    machine: NetworkConfig, entry: str, problem: str, tmp_path: Path
) -> None:
    file = tmp_path / "scenario.yml"
    file.write_text(f"links:\n  - {entry}\n", encoding="utf-8")
    workload = one_collective(CollectiveType.ALL_REDUCE)
    with pytest.raises(ConfigError) as caught:
        Simulation(workload, system(), machine, scenario=file)
    assert problem in str(caught.value)
    assert f"{file}: links" in str(caught.value)
    assert "(line " in str(caught.value)


def test_a_backend_whose_links_cannot_change() -> None:
    workload = one_collective(CollectiveType.ALL_REDUCE)
    with pytest.raises(ConfigError, match="can't change on the network backend calibrated; use"):
        Simulation(
            workload,
            None,
            network(("Switch", 8)),
            calibration="h100",
            scenario={"links": [{"links": "all", "down": True}]},  # type: ignore[arg-type]  # parsed
        )


def test_very_many_events_of_a_link_at_once() -> None:
    links = [{"links": [0, 1], "at": it, "until": 9999, "rate": 0.9} for it in range(101)]
    workload = one_collective(CollectiveType.ALL_REDUCE)
    scenario = ScenarioConfig.parse({"links": links})
    with pytest.raises(ConfigError, match="has more than 100 events of one link at one time"):
        Simulation(workload, system(), RING, scenario=scenario)
