"""Small traces and single settings that tell ASTRA-sim's versions apart, with its cycles.

The tables are of NPUs' cycles, (aware, unaware) where the backends differ. Where a version of
ASTRA-sim hangs or aborts on an input by a mistake of its own, simastra gives the result that the
other versions give.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from support.machines import network, one_collective, system
from upstream import BACKENDS, DIALECTS, options

from simastra.cli import main
from simastra.config import CommGroups, MemoryConfig
from simastra.errors import Cause, DeadlockError
from simastra.result import Result
from simastra.simulation import Simulation
from simastra.trace import CollectiveType, Node, NodeType, Trace, TraceBuilder
from simastra.units import MiB

AR = CollectiveType.ALL_REDUCE
ALL_REDUCE_OF_4 = 88720
NPUS = 4

Nodes: TypeAlias = Sequence[Node]


def on_4_npus(trace: Trace, dialect: str, backend: str, **changes: Any) -> Result:
    return Simulation(
        trace, system(**changes), network(("Ring", NPUS)), options=options(dialect, backend)
    ).run()


def all_reduce(id: int, **fields: Any) -> Node:
    return Node(
        id,
        "all-reduce",
        NodeType.COMM_COLL,
        is_cpu_op=False,
        comm_type=AR,
        comm_size=MiB,
        involved_dim=(True,) * 4,
        **fields,
    )


def computation(id: int, micros: int, **fields: Any) -> Node:
    on_gpu = {"is_cpu_op": False, **fields}
    return Node(id, "compute", NodeType.COMP, duration=micros * 1000, **on_gpu)


def nothing(type: NodeType) -> Node:
    return Node(1, "nothing", type, is_cpu_op=False)


def roofline(*num_ops: int) -> Nodes:
    """Computations of so many operations on 1 MiB, one after the other."""
    return [
        computation(id, 0, num_ops=number, tensor_size=MiB, data_deps=(id - 1,) if id > 1 else ())
        for id, number in enumerate(num_ops, start=1)
    ]


# Name, the nodes of every NPU, keys of the system file, cycles at hoti2024 and at master.
SAME_ON_EVERY_NPU: tuple[tuple[str, Nodes, dict[str, Any], int, int], ...] = (
    ("comp_dur0", [computation(1, 0), computation(2, 5, data_deps=(1,))], {}, 5000, 5001),
    (
        "cpu_then_gpu",
        [computation(1, 5, is_cpu_op=True), computation(2, 5, data_deps=(1,))],
        {},
        10000,
        10000,
    ),
    # hoti2024 never finishes the next two, master aborts.
    (
        "metadata_first",
        [nothing(NodeType.METADATA), all_reduce(2, data_deps=(1,))],
        {},
        ALL_REDUCE_OF_4,
        ALL_REDUCE_OF_4,
    ),
    (
        "metadata_indep",
        [nothing(NodeType.METADATA), all_reduce(2)],
        {},
        ALL_REDUCE_OF_4,
        ALL_REDUCE_OF_4,
    ),
    # master never finishes the next one.
    (
        "invalid_first",
        [nothing(NodeType.INVALID), all_reduce(2, data_deps=(1,))],
        {},
        ALL_REDUCE_OF_4,
        ALL_REDUCE_OF_4,
    ),
    (
        "invalid_indep",
        [nothing(NodeType.INVALID), all_reduce(2)],
        {},
        ALL_REDUCE_OF_4,
        ALL_REDUCE_OF_4,
    ),
    (
        "ctrl_dep",
        [computation(1, 5), all_reduce(2, ctrl_deps=(1,))],
        {},
        ALL_REDUCE_OF_4,
        ALL_REDUCE_OF_4 + 5000,
    ),
    ("parallel_2ar", [all_reduce(1), all_reduce(2)], {}, 177440, 177440),
    (
        "roofline",
        roofline(10**9, 10**12),
        {"roofline_enabled": 1, "peak_perf": 900, "local_mem_bw": 1600},
        1310,
        1112222,
    ),
    (
        "roofline trace, roofline off",
        roofline(10**9, 10**12),
        {"roofline_enabled": 0, "peak_perf": 900, "local_mem_bw": 1600},
        2,
        2,
    ),
)


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("probe", SAME_ON_EVERY_NPU, ids=lambda probe: probe[0])
def test_the_same_nodes_on_four_npus(
    probe: tuple[str, Nodes, dict[str, Any], int, int], dialect: str, backend: str
) -> None:
    _, nodes, changes, *cycles = probe
    result = on_4_npus(Trace.uniform(nodes, NPUS), dialect, backend, **changes)
    assert result.cycles == dict.fromkeys(range(NPUS), cycles[DIALECTS.index(dialect)])


def sendrecv() -> Trace:
    """0 sends 1 MiB to 1; the others compute for 1 us."""
    builders = [TraceBuilder(npu) for npu in range(NPUS)]
    builders[0].send("send", size=MiB, to=1)
    builders[1].recv("receive", size=MiB, source=0)
    for builder in builders[2:]:
        builder.compute("compute", micros=1)
    return Trace.of(builders)


def receive_then_all_reduce() -> Trace:
    """1 receives what 0 sends after 100 us, and beside it all reduce; the receive comes first."""
    builders = [TraceBuilder(npu) for npu in range(NPUS)]
    builders[1].recv("receive", size=MiB, source=0)
    late = builders[0].compute("late", micros=100)
    for builder in builders:
        builder.all_reduce("all-reduce", size=MiB)
    builders[0].send("send", size=MiB, to=1, after=late)
    return Trace.of(builders)


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_message(dialect: str, backend: str) -> None:
    result = on_4_npus(sendrecv(), dialect, backend)
    assert result.cycles == {0: 20031, 1: 20031, 2: 1000, 3: 1000}


@pytest.mark.parametrize("backend", BACKENDS)
def test_at_master_a_receive_leaves_the_unit_to_an_all_reduce(backend: str) -> None:
    result = on_4_npus(receive_then_all_reduce(), "master", backend)
    assert result.cycles == {0: 120031, 1: 120031, 2: ALL_REDUCE_OF_4, 3: ALL_REDUCE_OF_4}


@pytest.mark.parametrize("backend", BACKENDS)
def test_at_hoti2024_a_receive_keeps_the_unit_from_an_all_reduce(backend: str) -> None:
    with pytest.raises(DeadlockError) as raised:
        on_4_npus(receive_then_all_reduce(), "hoti2024", backend)
    assert raised.value.unfinished == tuple(range(NPUS))
    assert raised.value.cycle == (0, 1)
    receive = next(wait for wait in raised.value.waits if wait.npu == 1)
    assert (receive.name, receive.peers) == ("receive", (0,))
    assert receive.cause is Cause.UNIT_HELD


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("dialect", DIALECTS)
def test_remote_memory_of_each_npu(dialect: str, backend: str) -> None:
    trace = TraceBuilder()
    loaded = trace.load("load", tensor_size=MiB)
    trace.compute("compute", micros=1, after=loaded)
    memory = MemoryConfig(
        memory_type="PER_NPU_MEMORY_EXPANSION", remote_mem_latency=1000, remote_mem_bw=50
    )
    result = Simulation(
        trace, system(), network(("Ring", NPUS)), memory, options=options(dialect, backend)
    ).run()
    assert result.cycles == dict.fromkeys(range(NPUS), 22971)


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("dialect", DIALECTS)
def test_two_process_groups(dialect: str, backend: str) -> None:
    builders = [TraceBuilder(npu) for npu in range(NPUS)]
    for npu, builder in enumerate(builders):
        builder.all_reduce("all-reduce", size=MiB, group=1 + npu // 2)
    result = Simulation(
        Trace.of(builders),
        system(),
        network(("Ring", NPUS)),
        comm_groups=CommGroups.parse({"1": [0, 1], "2": [2, 3]}),
        options=options(dialect, backend),
    ).run()
    assert result.cycles == dict.fromkeys(range(NPUS), 55100)


def on_8_npus(dialect: str, backend: str, algorithm: str, changes: dict[str, Any]) -> Result:
    return Simulation(
        one_collective(AR),
        system([algorithm], **changes),
        network(("Ring", 8)),
        options=options(dialect, backend),
    ).run()


SYSTEMS: tuple[tuple[str, dict[str, Any], int, int], ...] = (
    ("halvingDoubling", {}, 110428, 86028),
    ("direct", {}, 57900, 24860),
    ("direct2", {}, 94080, 67600),
    ("oneRing", {}, 117780, 117780),
    ("oneDirect", {}, 57900, 24860),
    ("oneHalvingDoubling", {}, 110428, 86028),
    ("ring", {"scheduling_policy": "FIFO"}, 117780, 117780),
    ("ring", {"collective_optimization": "baseline"}, 117780, 117780),
    (
        "ring",
        {"preferred_dataset_splits": 8, "active_chunks_per_dimension": 2},
        73453,
        73148,
    ),
    ("ring", {"replay_only": 1}, 1, 1),
)


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize(("algorithm", "changes", "aware", "unaware"), SYSTEMS)
def test_an_all_reduce_on_eight_npus(
    algorithm: str, changes: dict[str, Any], aware: int, unaware: int, dialect: str, backend: str
) -> None:
    result = on_8_npus(dialect, backend, algorithm, changes)
    expected = {"aware": aware, "unaware": unaware}[backend]
    assert result.cycles == dict.fromkeys(range(8), expected)


@pytest.mark.parametrize(
    ("backend", "first", "last"), [("aware", 545476, 614632), ("unaware", 394164, 443792)]
)
@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_double_binary_tree_on_eight_npus(
    dialect: str, backend: str, first: int, last: int
) -> None:
    cycles = on_8_npus(dialect, backend, "doubleBinaryTree", {}).cycles
    assert (len(cycles), min(cycles.values()), max(cycles.values())) == (8, first, last)


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize(
    ("others", "cycles"),
    [
        ({"rendezvous": True}, 154292),
        ({"queues_per_dimension": 2}, 117780),
        ({"injection_scale": 2.0}, 118380),
    ],
)
def test_an_option_on_eight_npus(
    others: dict[str, Any], cycles: int, dialect: str, backend: str
) -> None:
    result = Simulation(
        one_collective(AR),
        system(),
        network(("Ring", 8)),
        options=options(dialect, backend, **others),
    ).run()
    assert result.cycles == dict.fromkeys(range(8), cycles)


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("word", ["--comm-scale=0.5", "--compute-scale=0.5"])
def test_an_option_that_astra_sim_reads_and_never_uses(
    word: str, dialect: str, backend: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one_collective(AR).write(tmp_path / "wl", 8)
    (tmp_path / "system.json").write_text(system().model_dump_json(by_alias=True))
    (tmp_path / "network.yml").write_text(
        "topology: [Ring]\nnpus_count: [8]\nbandwidth: [50.0]\nlatency: [500.0]\n"
    )
    words = [
        f"--workload={tmp_path / 'wl'}",
        f"--system={tmp_path / 'system.json'}",
        f"--network={tmp_path / 'network.yml'}",
        f"--network-backend=congestion-{backend}",
        f"--compat={dialect}",
    ]
    assert main(["run", *words, word]) == 0
    captured = capsys.readouterr()
    lines = [line for line in captured.out.splitlines() if " finished, 117780 cycles" in line]
    assert len(lines) == 8
    assert f"notice: {word.partition('=')[0]}: has no effect" in captured.err
