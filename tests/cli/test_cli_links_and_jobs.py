"""Links that change and several jobs on the command line, told right and wrong."""

import json

from command_line import Inputs

from simastra import MiB, TraceBuilder
from simastra.trace import Trace, write_trace

_MACHINE = ("--system=sys.json", "--network=net.yml", "--scenario=what-if.yml")


def say(inputs: Inputs, text: str) -> None:
    (inputs.folder / "what-if.yml").write_text(text)


def test_a_run_tells_what_was_sent_again_and_what_that_cost(ring: Inputs) -> None:
    say(ring, "links:\n  - {links: 0 -> 1, at: 300, until: 20us, down: true}\n")
    process = ring.call("run", "--scenario=what-if.yml", "--explain", "--json=out.json")
    assert process.returncode == 0
    told = "simastra: link NPU 0 to NPU 1 was down (links[0]): 1 message sent again over it"
    assert told in process.stderr.splitlines()
    assert "what the scenario's events cost them, in ns" in process.stdout
    document = json.loads((ring.folder / "out.json").read_text())
    (fault,) = document["link_faults"]
    assert fault == {"src": 0, "dst": 1, "sent_again": 1, "rerouted": 0, "because": "links[0]"}
    rows = document["explanation"]["attributions"]
    assert any(row.get("faults", {}).get("links[0]", 0) > 9000 for row in rows)


def test_a_link_that_stays_down_ends_in_exit_code_3(ring: Inputs) -> None:
    say(ring, "links: [{links: 0 -> 1, at: 10us, down: true}]\n")
    process = ring.call("run", "--scenario=what-if.yml")
    assert process.returncode == 3
    assert "held at link 0 -> 1, which is down (links[0]) [link down]" in process.stderr
    assert "likely cause: link down" in process.stderr


def test_jobs_need_no_workload(ring: Inputs) -> None:
    builder = TraceBuilder()
    builder.all_reduce("gradients", size=1 * MiB)
    write_trace(ring.folder / "half", Trace.uniform(builder, 4))
    say(ring, "jobs: [{workload: half}, {workload: half, name: b, start: 5us, repeat: 2}]\n")
    process = ring.call("run", *_MACHINE, "--json=out.json", inputs=False)
    assert process.returncode == 0
    first, second = json.loads((ring.folder / "out.json").read_text())["jobs"]
    assert (first["name"], first["npus"], first["start"]) == ("half", [0, 1, 2, 3], 0)
    assert (second["npus"], second["start"]) == ([4, 5, 6, 7], 5000)
    assert [it - 5000 for it in second["run_ends"]] == [first["finish"], 2 * first["finish"]]
    lines = [line for line in process.stderr.splitlines() if ": job " in line]
    assert [line.partition(":")[2].split()[1] for line in lines] == ["half", "b"]
    for output in ("what-if.yml", "half.0.et"):
        refused = ring.call("run", *_MACHINE, f"--json={output}", inputs=False)
        assert (refused.returncode, refused.stdout) == (2, "")


def test_without_jobs_a_workload_is_required(ring: Inputs) -> None:
    say(ring, "links: [{links: all, rate: 0.5}]\n")
    process = ring.call("run", *_MACHINE, inputs=False)
    assert process.returncode == 2
    assert "is required: the scenario has no jobs" in process.stderr


def test_a_job_that_has_no_files_or_no_place(ring: Inputs) -> None:
    for entry, problem in (
        ("{workload: none}", "jobs[0].workload: has no files: none.0.et does not exist (line 1)"),
        ("{workload: wl, npus: [0, 1]}", "jobs[0].npus: are 2 NPUs, and the workload has 8"),
    ):
        say(ring, f"jobs: [{entry}]\n")
        process = ring.call("check", *_MACHINE, inputs=False)
        assert (process.returncode, process.stdout) == (2, "")
        assert process.stderr.startswith(f"simastra: what-if.yml: {problem}")
        assert process.stderr.count("\n") == 1
