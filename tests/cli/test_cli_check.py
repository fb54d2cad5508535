"""``simastra check``: what it understood."""

from pathlib import Path

import pytest
from command_line import Inputs
from hypothesis import given
from hypothesis import strategies as st

from simastra import (
    CollectiveType,
    MiB,
    NetworkConfig,
    NodeType,
    Options,
    Simulation,
    SystemConfig,
    Tables,
    Trace,
    TraceBuilder,
)
from simastra.cli.verbs.check.overview import overview
from simastra.cli.verbs.check.workload_counts import CollectiveKind, count_workload
from simastra.config import PartOptions
from simastra.network import BACKENDS, Backend
from simastra.network.congestion_aware import CongestionAware
from simastra.view.human import human_size, human_time


def test_check_says_what_it_understood_and_runs_nothing(ring: Inputs) -> None:
    ring.system(boost_mode=0)
    process = ring.call("check", "--network-backend=congestion-unaware")
    assert process.returncode == 0
    assert process.stderr.startswith("simastra: notice: sys.json: boost-mode: ")
    rows = [line.split() for line in process.stdout.splitlines()]
    for row in (
        ["NPUs", "8"],
        ["nodes", "8", "COMM_COLL"],
        ["ALL_REDUCE", "ring"],
        ["memory", "NO_MEMORY_EXPANSION"],
        ["network", "congestion-unaware"],
        ["compat", "hoti2024:", "no", "node", "names", "a", "process", "group"],
        ["notices", "2"],
        ["0", "Ring", "8", "50", "500"],
        ["ALL_REDUCE", "1,048,576", "B", "(1", "MiB)", "8"],
    ):
        assert row in rows
    assert "finished" not in process.stdout


def test_check_finds_a_deadlock_that_no_timing_prevents(deadlock: Inputs) -> None:
    process = deadlock.call("check")
    assert process.returncode == 3
    assert "2 COMP, 1 COMM_RECV" in process.stdout
    *_, first, wait, cause = process.stderr.splitlines()
    assert first == "simastra: deadlock: whatever the timing, 1 NPU can't finish"
    _, ran, *_ = deadlock.call("run", "--quiet").stderr.splitlines()
    assert wait == ran
    assert cause == "  likely cause: missing send"


def test_check_shows_the_first_kinds_of_collectives_and_counts_the_rest(ring: Inputs) -> None:
    trace = TraceBuilder()
    for size in range(1, 21):
        trace.all_reduce("part", size=size * MiB)
    trace.write(ring.folder / "wl", 8)
    lines = [line.split() for line in ring.call("check").stdout.splitlines()]
    assert ["ALL_REDUCE", "12,582,912", "B", "(12", "MiB)", "8"] in lines
    assert lines[-1] == ["and", "8", "more", "kinds", "64"]


def test_npus_that_differ_are_all_counted() -> None:
    alike, other = TraceBuilder(), TraceBuilder()
    alike.all_gather("x", size=5)
    alike.all_reduce("y", size=7)
    other.all_reduce("y", size=7)
    other.compute("z", micros=1)
    counts = count_workload(Trace.of([alike, alike, other]))
    assert counts.nodes == {NodeType.COMP: 1, NodeType.COMM_COLL: 5}
    assert list(counts.collectives.items()) == [
        (CollectiveKind(CollectiveType.ALL_REDUCE, 7), 3),
        (CollectiveKind(CollectiveType.ALL_GATHER, 5), 2),
    ]


@pytest.mark.parametrize("show", [human_time, human_size])
@given(value=st.integers(0, 10**12))
def test_what_people_read_is_the_value_to_three_digits(show: object, value: int) -> None:
    units = {"ns": 1, "µs": 1e3, "ms": 1e6, "s": 1e9}
    sizes = {"B": 1, "KiB": 2**10, "MiB": 2**20, "GiB": 2**30}
    shown = human_time(value) if show is human_time else human_size(value)
    number, unit = shown.split()
    factor = units[unit] if show is human_time else sizes[unit]
    assert float(number) * factor == pytest.approx(value, rel=0.005)


def test_check_finds_what_inspect_finds(tmp_path: Path) -> None:
    inputs = Inputs(tmp_path)
    inputs.system()
    inputs.network(2)
    sender, receiver = TraceBuilder(0), TraceBuilder(1)
    sender.send("s", size=64, to=1, tag=900)
    receiver.recv("r", size=65, source=0, tag=900)
    for builder, size in ((sender, 2**20), (receiver, 2**21)):
        builder.all_reduce("ar", size=size)
        builder.write(tmp_path / "wl")
    told = inputs.call("check").stderr
    assert "sends 64 bytes with tag 900 to NPU 1, whose node 1 ('r') waits for 65" in told
    unlike = (
        "ALL_REDUCE of 1,048,576 bytes on NPU 0 (node 2) and ALL_REDUCE of 2,097,152 bytes on NPU 1"
    )
    assert unlike in told
    found = inputs.call("inspect", "wl", inputs=False).stdout
    assert "sends 64 bytes with tag 900 to NPU 1, whose node 1 ('r') waits for 65" in found
    assert unlike in found
    assert inputs.call("check", "--strict").returncode == 2


class _Slow(PartOptions):
    seed: int = 0


def test_a_backend_is_shown_with_what_the_network_file_tells_it_and_it_alone() -> None:
    trace = TraceBuilder()
    trace.compute("x", micros=1)
    slow = Backend(
        lambda env, topology, probe, _: CongestionAware(env, topology, probe), options=_Slow
    )
    options = Options("slow", tables=Tables(backends={**BACKENDS, "slow": slow, "slower": slow}))
    network = NetworkConfig(
        topology=["Ring"],
        npus_count=[4],
        bandwidth=[50],
        latency=[500],
        backend_options={"slower": {"seed": 8}, "slow": {"seed": 7}},
    )
    system = SystemConfig(preferred_dataset_splits=1)
    simulation = Simulation(trace, system, network, options=options)
    rows = [line.split(maxsplit=1) for line in overview(simulation, ()).splitlines()]
    assert ["network", "slow (seed 7)"] in rows
