"""A scenario's file is read, or one message says what is wrong with it, and where."""

from __future__ import annotations

import os
from fractions import Fraction
from pathlib import Path

import jsonschema
import pytest
import yaml
from support.machines import network, one_collective, system

from simastra.errors import ArgumentError, ConfigError
from simastra.scenario import ScenarioConfig, load_scenario, resolved
from simastra.scenario.schema import scenario_schema
from simastra.simulation import Simulation
from simastra.trace import CollectiveType

GROUPS = {"tp": (1, 2), "7": (0, 5)}

FULL = """\
version: 1
title: all that there is
npus:
  - npus: 3
    compute: 0.9
  - npus: [8-15, 20]
    at: 3ms
    until: 4ms
    stop: true
  - npus: {every: 8, from: 1}
    endpoint-delay: 20ns
    local-mem-bw: 2TB/s
  - npus: group tp
    system: {peak-perf: 100}
jitter:
  seed: 3
  compute: {distribution: lognormal, sigma: 0.05}
  messages: {distribution: gamma, shape: 2, mean: 1us, npus: 0-7}
restart: {interval: 2s, mtbf: 100s, restart-time: 1s, bytes: 100GB, bandwidth: 50GB/s}
"""


def read(text: str, folder: Path) -> ScenarioConfig:
    file = folder / "scenario.yml"
    file.write_text(text, encoding="utf-8")
    return load_scenario(file)


def npus(selector: object, count: int = 24) -> tuple[int, ...]:
    config = ScenarioConfig.parse({"npus": [{"npus": selector, "compute": 0.5}]})
    found = resolved(config, count, GROUPS).npus
    return tuple(npu for npu, it in enumerate(found) if it.speed == Fraction(1, 2))


@pytest.mark.parametrize(
    ("selector", "expected"),
    [
        (3, (3,)),
        ("8-11", (8, 9, 10, 11)),
        ("every 8", (0, 8, 16)),
        ({"every": 8, "from": 3}, (3, 11, 19)),
        ("group tp", (1, 2)),
        ({"group": 7}, (0, 5)),
        ("all", tuple(range(24))),
        ([3, "8-9", "group tp"], (1, 2, 3, 8, 9)),
        ("3, 8-9", (3, 8, 9)),
        ("3,3,3", (3,)),
    ],
)
def test_selectors(selector: object, expected: tuple[int, ...]) -> None:
    assert npus(selector) == expected


def test_all_of_a_file(tmp_path: Path) -> None:
    config = read(FULL, tmp_path)
    stopped = config.npus[1]
    assert (stopped.at, stopped.until, stopped.stop) == (3_000_000, 4_000_000, True)
    assert (config.npus[2].endpoint_delay, config.npus[2].local_mem_bw) == (20, 2000)
    assert config.jitter is not None
    assert config.jitter.messages is not None
    assert config.jitter.messages.mean == 1000
    assert config.restart is not None
    assert (config.restart.bytes, config.restart.bandwidth) == (100e9, 50)
    jsonschema.Draft202012Validator(scenario_schema()).validate(yaml.safe_load(FULL))


def test_a_mapping_of_npus_is_a_list_of_entries(tmp_path: Path) -> None:
    mapped = read('npus:\n  3: {compute: 0.9}\n  "8-15": {compute: 1/3}\n', tmp_path)
    listed = {"npus": [{"npus": 3, "compute": 0.9}, {"npus": "8-15", "compute": "1/3"}]}
    assert mapped == ScenarioConfig.parse(listed)


@pytest.mark.parametrize("text", ["", "# nothing\n\n", "{}", "version: 1\n", "npus: []\n"])
def test_a_scenario_may_be_empty(text: str, tmp_path: Path) -> None:
    scenario = resolved(read(text, tmp_path), 8, {})
    assert not scenario.changes_npus


WRONG = {
    "npus:\n  - npus: 3\n    compute: fast": "npus[0].compute: must be a ratio from 1e-06 to "
    "1e+06, such as 0.9 or 1/3, not 'fast' (line 3)",
    "npus:\n  - npus: 3\n    compute: 0": "npus[0].compute: must be a ratio",
    "npus:\n  - npus: 3\n    compute: true": "npus[0].compute: must be a ratio",
    "npus:\n  - npus: 3\n    comput: 0.3": "unknown key 'comput'; did you mean 'compute'? (line 3)",
    "npus:\n  - npus: 3": "npus[0]: says nothing of these NPUs",
    "npus:\n  - npus: x\n    compute: 1": "must be an NPU such as 3",
    "npus:\n  - npus: 9-3\n    compute: 1": "ends before it begins; write 3-9",
    "npus:\n  - npus: {evry: 3}\n    compute: 1": "did you mean 'every'?",
    "npus:\n  - npus: 3\n    stop: true": "needs at",
    "npus:\n  - npus: 3\n    stop: true\n    at: 3": None,
    "npus:\n  - npus: 3\n    at: 5\n    until: 5\n    stop: true": "must be after at, which is",
    "npus:\n  - npus: 3\n    at: 5\n    endpoint-delay: 5": "holds from the start to the end",
    "npus:\n  - npus: 3\n    at: 5\n    compute: 2": "must be at most 1 in an event",
    "npus:\n  - npus: 3\n    at: 0.5ns\n    compute: 0.5": "must be whole nanoseconds",
    "npus:\n  - npus: 3\n    at: 5 minutes\n    compute: 0.5": "must be a duration such as 500ns",
    "npus: 4": "npus: must be a list",
    "npus: {3: 0.9}": "write what is different, as {compute: 0.9}",
    "npus:\n  1: {compute: 1}\n  3-4: {compute: 0}": "npus.3-4.compute: must be a ratio from 1e-06 "
    "to 1e+06, such as 0.9 or 1/3, not 0 (line 3)",
    "npuss: []": "unknown key 'npuss'; did you mean 'npus'? (line 1)",
    "version: 2": "version: must be 1, not 2 (line 1)",
    "jitter: {compute: {distribution: gauss}}": "must be 'lognormal', 'gamma' or 'empirical'",
    "jitter: {compute: {distribution: gamma, sigma: 1}}": "isn't of gamma, which takes shape",
    "jitter: {compute: {distribution: gamma, shap: 1}}": "did you mean 'shape'?",
    "restart: {interval: 1s, mtbf: 9s, restart-time: 1s}": "restart.write-time: is required",
    "- npus": "must have keys of a scenario",
}


@pytest.mark.parametrize(("text", "message"), WRONG.items())
def test_what_is_wrong_is_told(text: str, message: str | None, tmp_path: Path) -> None:
    if message is None:
        read(text, tmp_path)
        return
    with pytest.raises(ConfigError) as caught:
        read(text, tmp_path)
    assert message in str(caught.value)
    assert str(tmp_path / "scenario.yml") in str(caught.value)


@pytest.mark.parametrize(
    ("selector", "message"),
    [
        (24, "npus[0].npus: NPU 24 doesn't exist; the network has NPUs 0 to 23"),
        ("20-30", "NPU 30 doesn't exist"),
        ("group dp", "there is no process group 'dp'; there are tp, 7"),
    ],
)
def test_a_machine_lacks_what_is_selected(selector: object, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        npus(selector)
    assert message in str(caught.value)


def test_nobody_resumes_who_hasnt_stopped() -> None:
    config = ScenarioConfig.parse({"npus": [{"npus": 3, "at": 5, "resume": True}]})
    with pytest.raises(ConfigError, match="nothing has stopped or slowed it before 5 ns"):
        resolved(config, 8, {})


def test_an_event_without_end_ends_when_its_npu_resumes() -> None:
    entries = [
        {"npus": 3, "at": 50, "resume": True},
        {"npus": 3, "at": 5, "stop": True},
        {"npus": 3, "at": 7, "compute": 0.5},
        {"npus": 3, "at": 60, "stop": True},
    ]
    events = resolved(ScenarioConfig.parse({"npus": entries}), 8, {}).npus[3].events
    assert [(it.at, it.until) for it in events] == [(5, 50), (7, 50), (60, None)]


def test_python_is_told_the_same() -> None:
    for told in ("1e-999999999", "1" * 5000, 10**5000, "1/0", "٣/٤"):  # at once, and in our words
        with pytest.raises(ConfigError, match="must be a ratio"):
            ScenarioConfig.parse({"npus": [{"npus": 3, "compute": told}]})
    with pytest.raises(ConfigError, match="must be a ratio"):
        ScenarioConfig(npus=[{"npus": 3, "compute": "fast"}])
    with pytest.raises(ConfigError, match="must be a mapping"):
        ScenarioConfig.parse([])


def test_another_type_is_refused() -> None:
    from simastra.simulation.what_if.applied import read_scenario  # noqa: PLC0415

    with pytest.raises(ArgumentError, match="scenario"):
        read_scenario(3)


def test_a_scenario_is_read_once() -> None:
    """It may be a pipe, as of a shell's <(...), which says nothing a second time."""
    read, write = os.pipe()
    os.write(write, b"links: [{links: all, rate: 0.5}]\n")
    os.close(write)
    workload = one_collective(CollectiveType.ALL_REDUCE)
    simulation = Simulation(workload, system(), network(("Ring", 4)), scenario=f"/dev/fd/{read}")
    os.close(read)
    assert simulation.experiment.link_events is not None
    assert simulation.with_(system=system()).experiment.link_events is not None
    assert f"/dev/fd/{read}" in simulation.files


def test_a_notebook_shows_a_row_for_each_entry(tmp_path: Path) -> None:
    shown = read(FULL, tmp_path)._repr_html_()
    for words in (
        "npus[1]",
        "8-15, 20",
        "compute 0.9",
        "jitter",
        "sigma 0.05",
        "restart",
    ):
        assert words in shown
    assert "nothing is different" in ScenarioConfig()._repr_html_()


def test_links_and_jobs_are_in_the_schema() -> None:
    schema = scenario_schema()
    right = """
links:
  - {links: [0, 1], at: 2ms, until: 9ms, rate: x0.5}
  - {links: 4 -> 5, down: true}
  - {links: {kind: ib}, until: 20ms, flap: {down: 1ms, up: 4ms}}
  - {links: [[0, 1], of 3], rate: 25GB/s}
jobs:
  - {workload: a, npus: [0-3, 8-11]}
  - {workload: b, name: c, npus: {policy: random, seed: 3}, start: 1ms, repeat: 5}
  - {workload: b, comm-groups: d.json}
  - {workload: b, npus: spread}
"""
    jsonschema.validate(yaml.safe_load(right), schema)
    for wrong in (
        {"links": [{"links": [0, 1], "dwn": True}]},
        {"links": [{"rate": 0.5}]},
        {"links": [{"links": "all", "rate": 2}]},
        {"links": [{"links": "all", "flap": {"down": 1}}]},
        {"jobs": [{"npus": "packed"}]},
        {"jobs": [{"workload": "a", "npus": {"policy": "pack"}}]},
        {"jobs": [{"workload": "a", "repeat": 0}]},
    ):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(wrong, schema)
    for entry in ("LinkEntry", "JobEntry"):
        defaults = schema["$defs"][entry]["properties"].values()
        assert not any(isinstance(it.get("default"), dict) for it in defaults)
