"""What a run is worth, on the command line: for annotated traces, and for who asks."""

import json
from pathlib import Path

import pytest
from command_line import Inputs

from simastra import GiB, MiB, Simulation, TraceBuilder
from simastra.report.result_files import read_result


@pytest.fixture
def annotated(ring: Inputs) -> Inputs:
    """Two NPUs in a ring, whose traces say all that metrics want to know."""
    ring.network(2)
    ring.system(peak_perf=100, local_mem_capacity="80GiB")
    trace = TraceBuilder()
    trace.annotate(tokens=4096, model_flops=4 * 10**9, weight_bytes=60 * GiB)
    kept = {"activations of layer 1": 8 * GiB}
    forward = trace.compute("f", micros=20, num_ops=10**9, purpose="forward", writes=kept)
    backward = trace.compute(
        "b", micros=40, num_ops=2 * 10**9, purpose="backward", reads=kept, after=forward
    )
    trace.all_reduce("g", size=2 * MiB, purpose="gradients", after=backward)
    trace.write(ring.folder / "wl", 2)
    return ring


def test_an_annotated_run_says_what_it_is_worth(annotated: Inputs) -> None:
    done = annotated.call("run")
    assert (done.returncode, done.stdout.count("finished")) == (0, 2)
    result = Simulation(
        annotated.folder / "wl", annotated.folder / "sys.json", annotated.folder / "net.yml"
    ).run()
    span = result.makespan
    rows = dict(
        line.strip().split("  ", 1) for line in done.stderr.splitlines() if line.startswith("  ")
    )
    told = {name: value.strip() for name, value in rows.items()}
    assert told["tokens/s"] == f"{4096 / span * 1e9:,.0f}"
    assert told["MFU"] == f"{100 * 4e9 / 2 / (span * 1e5):.1f} %"
    assert told["HFU"] == f"{100 * 6e9 / 2 / (span * 1e5):.1f} %"
    assert told["exposed communication"].endswith(
        f"{100 * (span - 60000) / span:.1f} % of the time, on NPU 0"
    )
    assert told["has to be sent"] == "gradients 4 MiB"
    assert told["peak memory"] == "68 GiB of 80 GiB, NPU 0 at 0 ns"
    assert told["it holds"] == "weights 60 GiB, activations 8 GiB"
    assert told["largest activations"] == "activations of layer 1 8 GiB"


def test_quiet_is_quiet_and_statistics_are_told_in_any_case(annotated: Inputs) -> None:
    assert "MFU" not in annotated.call("run", "--quiet").stderr
    assert "MFU" in annotated.call("run", "--quiet", "--statistics").stderr


def test_who_asks_for_statistics_is_told_the_bound_of_any_run(ring: Inputs) -> None:
    assert "bound" not in ring.call("run").stderr
    told = ring.call("run", "--statistics").stderr
    assert "by dependencies (NPU 0), so that" in told
    assert "tokens/s" not in told


def test_without_a_peak_what_is_missing_is_said(annotated: Inputs) -> None:
    annotated.system()
    told = annotated.call("run").stderr
    assert "no MFU" in told
    assert "peak-perf" in told


@pytest.mark.parametrize("verb", ["run", "check"])
def test_too_little_memory_is_told_before_the_run(annotated: Inputs, verb: str) -> None:
    annotated.system(local_mem_capacity=64 * GiB)
    told = annotated.call(verb)
    assert "an NPU needs 68 GiB of local memory, and has 64 GiB" in told.stderr
    assert "weights 60 GiB, activations 8 GiB" in told.stderr
    assert annotated.call(verb, "--strict").returncode == 2
    annotated.system(local_mem_capacity="68GiB")
    assert "GiB of local memory" not in annotated.call(verb).stderr


def test_check_says_what_the_step_is(annotated: Inputs) -> None:
    told = annotated.call("check").stdout
    assert "4,096 tokens, 4e+09 model FLOPs, up to 68 GiB of memory an NPU" in told


def test_a_capacity_is_a_size(annotated: Inputs) -> None:
    annotated.system(local_mem_capacity="80GHz")
    told = annotated.call("check")
    assert told.returncode == 2
    assert "local-mem-capacity: must be a size such as" in told.stderr


def test_traces_that_disagree_are_told_of_and_give_no_metric(annotated: Inputs) -> None:
    trace = TraceBuilder()
    trace.annotate(tokens=1, model_flops=4 * 10**9)
    trace.all_reduce("g", size=2 * MiB)
    TraceBuilder.write(trace, annotated.folder / "other", 2)
    (annotated.folder / "other.1.et").replace(annotated.folder / "wl.1.et")
    told = annotated.call("run").stderr
    assert "wl.1.et" in told
    assert "says tokens 1, and another NPU 4096" in told
    assert "tokens/s" not in told
    assert "model FLOPs" in told


def test_files_of_results_have_metrics_and_bound(annotated: Inputs) -> None:
    annotated.call("run", "--json=r.json")
    result = Simulation(
        annotated.folder / "wl", annotated.folder / "sys.json", annotated.folder / "net.yml"
    ).run()
    back = read_result(annotated.folder / "r.json")
    assert (back.metrics, back.bound) == (result.metrics, result.bound)


@pytest.mark.parametrize(
    ("keys", "value", "problem"),
    [
        (("metrics", "memory", 0, "npus"), [0], "each NPU must be in one of its lists"),
        (("metrics", "slowest"), 2, "the slowest among them"),
        (("bound", "parts"), {}, "bound.parts: is empty"),
        (("bound", "parts"), {"luck": 1}, "bound.parts"),
    ],
)
def test_a_file_whose_metrics_make_no_sense_is_refused(
    annotated: Inputs, keys: tuple[str | int, ...], value: object, problem: str
) -> None:
    annotated.call("run", "--json=r.json")
    path: Path = annotated.folder / "r.json"
    document = part = json.loads(path.read_text())
    for key in keys[:-1]:
        part = part[key]
    part[keys[-1]] = value
    path.write_text(json.dumps(document))
    with pytest.raises(Exception, match=problem):
        read_result(path)


def test_a_deadlock_has_no_metrics(deadlock: Inputs) -> None:
    assert deadlock.call("run", "--json=r.json").returncode == 3
    document = json.loads((deadlock.folder / "r.json").read_text())
    assert not document["finished"]
    assert "metrics" not in document
