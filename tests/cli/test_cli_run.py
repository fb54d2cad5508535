"""``simastra run`` as a process: what goes where, and with which exit code."""

import json
import signal
import subprocess
from pathlib import Path

import pytest
from command_line import RING_CYCLES, Inputs, environment, finish_lines, python, without_unit_notice

from simastra import MiB, Simulation, TraceBuilder

RING_LINES = finish_lines([(npu, RING_CYCLES) for npu in range(8)])


def test_stdout_is_exactly_astra_sims_lines_and_stderr_is_empty(ring: Inputs) -> None:
    process = ring.call("run")
    assert (process.returncode, process.stdout, process.stderr) == (0, RING_LINES, "")


def test_astra_sims_own_option_names_give_the_same(ring: Inputs) -> None:
    (ring.folder / "mem.json").write_text('{"memory-type": "NO_MEMORY_EXPANSION"}')
    words = (
        *("--workload-configuration", "wl", "--system-configuration", "sys.json"),
        *("--network-configuration", "net.yml", "--remote-memory-configuration=mem.json"),
        *("--comm-group-configuration=empty", "--num-queues-per-dim", "1", "--injection-scale=1"),
        *("--compute-scale=1", "--comm-scale", "1", "--rendezvous-protocol=false"),
    )
    process = ring.call("run", *words, inputs=False)
    assert (process.returncode, process.stdout, process.stderr) == (0, RING_LINES, "")


@pytest.mark.parametrize(
    ("off", "on"),
    [
        ("--rendezvous-protocol=0", "--rendezvous-protocol"),
        ("--rendezvous-protocol=false", "--rendezvous-protocol=true"),
        ("--injection-scale=1", "--injection-scale=3"),
        ("--num-queues-per-dim=1", "--num-queues-per-dim=2"),
        ("--network-backend=congestion-aware", "--network-backend=congestion-unaware"),
    ],
)
def test_an_option_reaches_the_simulation(ring: Inputs, off: str, on: str) -> None:
    ring.system(endpoint_delay=10, active_chunks_per_dimension=4)
    without, with_option = ring.call("run", off), ring.call("run", on)
    assert without.returncode == with_option.returncode == 0
    assert without.stdout != with_option.stdout


def test_comm_groups_are_read(ring: Inputs) -> None:
    (ring.folder / "groups.json").write_text('{"1": [0, 1], "2": [2, 3, 4, 5, 6, 7]}')
    process = ring.call("run", "--comm-groups", "groups.json")
    assert process.returncode == 0
    first_two = [line.split("]")[0] for line in process.stdout.splitlines()[:2]]
    assert sorted(first_two) == ["sys[0", "sys[1"]
    assert process.stdout != RING_LINES


def test_a_deadlock_keeps_the_lines_of_those_that_finished(deadlock: Inputs) -> None:
    process = deadlock.call("run")
    assert process.returncode == 3
    assert process.stdout == finish_lines([(2, 5000), (0, 7000)])
    told, first, *report = process.stderr.splitlines()
    assert told.startswith("simastra: notice: wl.1.et: 1 receive has no send")
    assert first.startswith("simastra: deadlock: the simulation stands still at 7,000 ns")
    assert report[0].startswith(
        "  NPU 1, node 1 ('never sent') waits to receive 64 bytes from NPU 0"
    )


def test_a_reader_that_goes_away_is_no_error_and_the_run_goes_on(ring: Inputs) -> None:
    with subprocess.Popen(
        python("-m", "simastra", "run", *ring.words, "--json=out.json", "--quiet"),
        cwd=ring.folder,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        complaints = process.stderr.read()
        assert (process.wait(timeout=120), complaints) == (0, b"")
    assert json.loads((ring.folder / "out.json").read_text())["makespan"] == RING_CYCLES


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize("verb", ["run", "check"])
def test_a_full_disk_under_stdout_is_one_message(ring: Inputs, verb: str) -> None:
    with Path("/dev/full").open("w") as full:
        process = subprocess.run(
            python("-m", "simastra", verb, *ring.words, "--quiet"),
            cwd=ring.folder,
            env=environment(),
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=120,
            check=False,
        )
    assert process.returncode == 2
    assert process.stderr == "simastra: standard output can't be written: No space left on device\n"


@pytest.mark.parametrize("redirection", ["2>&-", ">&-"])
def test_a_closed_stdout_or_stderr_does_no_harm(ring: Inputs, redirection: str) -> None:
    ring.system(boost_mode=0)  # a notice, which must not stray to stdout
    words = " ".join(python("-m", "simastra", "run", *ring.words))
    process = subprocess.run(
        ["/bin/sh", "-c", f"{words} {redirection}"],
        cwd=ring.folder,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert process.returncode == 0
    assert process.stdout == (RING_LINES if redirection == "2>&-" else "")


def test_ctrl_c_is_one_message(ring: Inputs) -> None:
    ring.system(preferred_dataset_splits=64, boost_mode=0)  # a notice tells when it begins
    trace = TraceBuilder()
    for _ in range(2000):  # minutes
        trace.all_reduce("gradients", size=1 * MiB)
    trace.write(ring.folder / "wl", 8)
    # Where tests run in the background, SIGINT may be ignored in what they start.
    code = (
        "import signal, sys; from simastra.cli import main; "
        "signal.signal(signal.SIGINT, signal.default_int_handler); sys.exit(main(sys.argv[1:]))"
    )
    with subprocess.Popen(
        python("-c", code, "run", *ring.words),
        cwd=ring.folder,
        env=environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr is not None
        assert process.stderr.readline().startswith("simastra: notice: sys.json: boost-mode")
        process.send_signal(signal.SIGINT)
        rest = without_unit_notice(process.stderr.read())
        assert (process.wait(timeout=120), rest) == (130, "simastra: interrupted\n")


def test_without_a_terminal_what_a_run_can_do_without_is_not_even_loaded(ring: Inputs) -> None:
    unneeded = ("rich.", "google.protobuf.json_format.", "simastra.convert.", "simastra.collect.")
    code = (
        "import sys; from simastra.cli import main; code = main(sys.argv[1:]); "
        f"print(code, [name for name in sys.modules if f'{{name}}.'.startswith({unneeded})])"
    )
    process = subprocess.run(
        python("-c", code, "run", *ring.words),
        cwd=ring.folder,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    assert process.stdout == RING_LINES + "0 []\n"


class TestJson:
    def test_has_the_result_the_inputs_and_the_options(self, ring: Inputs) -> None:
        ring.system(boost_mode=0)
        process = ring.call("run", "--json", "out.json", "--comm-scale=2")
        document = json.loads((ring.folder / "out.json").read_text())
        simulation = Simulation(
            ring.folder / "wl", ring.folder / "sys.json", ring.folder / "net.yml"
        )
        result = simulation.run().to_dict()
        assert process.returncode == 0
        assert document["finished"] is True
        for key in ("makespan", "finishes", "nodes", "links"):
            assert document[key] == result[key]
        codes = [notice["code"] for notice in document["notices"]]
        assert codes == ["no-effect-option", "no-effect-key", "network-gigabyte"]
        assert document["inputs"] == {
            "workload": "wl",
            "system": "sys.json",
            "network": "net.yml",
            "memory": None,
            "comm-groups": None,
        }
        assert document["options"] == {
            "network-backend": "congestion-aware",
            "compat": "hoti2024",
            "num-queues-per-dim": 1,
            "injection-scale": 1.0,
            "rendezvous-protocol": False,
            "extended-collectives": False,
            "exact-durations": False,
        }
        assert [npu["wall"] for npu in document["statistics"]] == [RING_CYCLES] * 8

    def test_of_a_deadlock_says_who_waits(self, deadlock: Inputs) -> None:
        process = deadlock.call("run", "--json=out.json")
        document = json.loads((deadlock.folder / "out.json").read_text())
        assert process.returncode == 3
        assert (document["finished"], document["time"], document["makespan"]) == (False, 7000, None)
        assert (document["unfinished"], document["cycle"]) == ([1], [])
        assert len(document["waits"]) == 1
        assert (
            document["waits"][0].items()
            >= {
                "npu": 1,
                "node": 1,
                "name": "never sent",
                "peers": [0],
                "cause": "missing send",
            }.items()
        )
        assert document["finishes"] == [{"npu": 2, "cycles": 5000}, {"npu": 0, "cycles": 7000}]
        assert [node["finished"] for node in document["nodes"][2]] == [5000]

    def test_of_a_deadlock_in_which_nobody_finished(self, deadlock: Inputs) -> None:
        for npu in range(3):
            trace = TraceBuilder(npu)
            trace.recv("never sent", size=64, source=(npu + 1) % 3)
            trace.write(deadlock.folder / "wl")
        process = deadlock.call("run", "--json=out.json")
        document = json.loads((deadlock.folder / "out.json").read_text())
        assert process.returncode == 3
        assert (document["finishes"], document["makespan"]) == ([], None)
        assert sorted(wait["npu"] for wait in document["waits"]) == [0, 1, 2]

    def test_replaces_a_file_and_leaves_nothing_else_behind(self, ring: Inputs) -> None:
        target = ring.folder / "out.json"
        target.write_text("old")
        before = set(ring.folder.iterdir())
        ring.call("run", "--json=out.json")
        assert json.loads(target.read_text())["finished"] is True
        assert set(ring.folder.iterdir()) == before

    def test_is_left_alone_if_nothing_is_run(self, ring: Inputs) -> None:
        ring.system(boost_mode=0)
        target = ring.folder / "out.json"
        target.write_text("old")
        assert ring.call("run", "--json=out.json", "--strict").returncode == 2
        assert target.read_text() == "old"

    def test_follows_a_link(self, ring: Inputs) -> None:
        (ring.folder / "link.json").symlink_to("real.json")
        ring.call("run", "--json=link.json")
        assert (ring.folder / "link.json").is_symlink()
        assert json.loads((ring.folder / "real.json").read_text())["finished"] is True


class TestNotices:
    def test_are_a_line_each_on_stderr(self, ring: Inputs) -> None:
        ring.system(boost_mode=0)
        process = ring.call("run", "--compute-scale=2")
        assert process.stdout == RING_LINES
        assert process.stderr == (
            "simastra: notice: --compute-scale: has no effect: ASTRA-sim reads it and never "
            "uses it (leave it out)\n"
            "simastra: notice: sys.json: boost-mode: no version of ASTRA-sim reads this key, "
            "and neither does simastra (delete it)\n"
        )

    def test_are_left_out_when_quiet(self, ring: Inputs) -> None:
        ring.system(boost_mode=0)
        process = ring.call("run", "--quiet", "--compute-scale=2")
        assert (process.returncode, process.stdout, process.stderr) == (0, RING_LINES, "")

    @pytest.mark.parametrize("verb", ["run", "check"])
    def test_end_a_strict_run_before_it_begins(self, ring: Inputs, verb: str) -> None:
        ring.system(boost_mode=0)
        process = ring.call(verb, "--strict", "--quiet", "--logging-folder=log")
        assert (process.returncode, process.stdout) == (2, "")
        first, *rest = process.stderr.splitlines()
        assert first == "simastra: --strict allows no warnings; 2 warnings:"
        assert [line.split(":")[0] for line in rest] == ["  --logging-folder", "  sys.json"]

    def test_strict_runs_what_nothing_is_wrong_with(self, ring: Inputs) -> None:
        assert ring.call("run", "--strict").stdout == RING_LINES

    @pytest.mark.parametrize(
        "option", ["--comm-scale=0.5", "--logging-configuration=empty", "--logging-folder=log"]
    )
    def test_tell_of_options_without_effect(self, ring: Inputs, option: str) -> None:
        process = ring.call("run", option)
        assert process.stdout == RING_LINES
        assert process.stderr.startswith(
            f"simastra: notice: {option.split('=', 1)[0]}: has no effect"
        )
        assert len(process.stderr.splitlines()) == 1

    def test_tell_of_groups_that_astra_sim_would_ignore(self, ring: Inputs) -> None:
        (ring.folder / "nonempty.json").write_text('{"1": [0, 1, 2, 3, 4, 5, 6, 7]}')
        process = ring.call("run", "--comm-groups=nonempty.json")
        assert process.returncode == 0
        assert "nonempty.json is read, but ASTRA-sim ignores" in process.stderr


def test_explain_prints_what_time_went_to_after_the_finish_lines(ring: Inputs) -> None:
    process = ring.call("run", "--explain")
    assert (process.returncode, process.stderr) == (0, "")
    assert process.stdout.startswith(RING_LINES)
    attribution, path = process.stdout.removeprefix(RING_LINES).split("\ncritical path of NPU ")
    (row,) = filter(None, attribution.split("\n")[3:])
    *times, total = map(int, row.removeprefix("0 to 7").split())
    assert (sum(times), total) == (RING_CYCLES, RING_CYCLES)
    assert f"which finishes last, at {RING_CYCLES} ns" in path
