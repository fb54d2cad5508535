"""``--scenario`` on the command line, with files that are right and wrong."""

import json
from pathlib import Path

import pytest
from command_line import RING_CYCLES, Inputs, finish_lines

from simastra import MiB, TraceBuilder
from simastra.trace import Trace, write_trace

RING_LINES = finish_lines([(npu, RING_CYCLES) for npu in range(8)])


@pytest.fixture
def working(ring: Inputs) -> Inputs:
    """Eight NPUs that compute for 100 µs, and then reduce."""
    builder = TraceBuilder()
    computed = builder.compute("forward", micros=100)
    builder.all_reduce("gradients", size=1 * MiB, after=computed)
    write_trace(ring.folder / "wl", Trace.uniform(builder, 8))
    return ring


def scenario(inputs: Inputs, text: str) -> str:
    (inputs.folder / "what-if.yml").write_text(text)
    return "--scenario=what-if.yml"


@pytest.mark.parametrize("text", ["", "{}", "npus: [{npus: all, compute: 1}]"])
def test_an_empty_scenario_changes_nothing(ring: Inputs, text: str) -> None:
    process = ring.call("run", scenario(ring, text))
    assert (process.returncode, process.stdout, process.stderr) == (0, RING_LINES, "")


def test_a_slow_npu_delays_all(working: Inputs) -> None:
    usual = working.call("run", "--json=usual.json")
    slowed = working.call("run", "--json=slow.json", scenario(working, "npus: {3: {compute: 0.5}}"))
    assert (usual.returncode, slowed.returncode) == (0, 0)
    before, after = (
        json.loads((working.folder / name).read_text()) for name in ("usual.json", "slow.json")
    )
    assert after["makespan"] == before["makespan"] + 100_000
    assert after["inputs"]["scenario"] == "what-if.yml"
    assert "scenario" not in before["inputs"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("npus: {8: {compute: 0.5}}", "NPU 8 doesn't exist; the network has NPUs 0 to 7"),
        ("npus: {group tp: {compute: 0.5}}", "there is no process group 'tp'; there are none"),
        ("npus:\n  - npus: 1\n    compute: -1", "npus[0].compute: must be a ratio from 1e-06"),
        ("topology: [Ring]", "unknown key 'topology'"),
        ("npus: [", "is not YAML"),
    ],
)
def test_a_wrong_one_is_one_message(ring: Inputs, text: str, message: str) -> None:
    for verb in ("run", "check"):
        process = ring.call(verb, scenario(ring, text))
        assert process.returncode == 2
        assert process.stdout == ""
        assert process.stderr.startswith("simastra: what-if.yml: ")
        assert message in process.stderr
        assert process.stderr.count("\n") == 1


def test_a_missing_one_is_told(ring: Inputs) -> None:
    process = ring.call("run", "--scenario=nowhere.yml")
    assert process.returncode == 2
    assert process.stderr == "simastra: nowhere.yml: file not found\n"


def test_no_output_replaces_it(ring: Inputs) -> None:
    option = scenario(ring, "{}")
    process = ring.call("run", option, "--json=what-if.yml")
    assert process.returncode == 2
    assert Path(ring.folder / "what-if.yml").read_text() == "{}"
