"""The algorithm by size, from a table as NCCL's tuner reads it."""

from pathlib import Path

import pytest
from support.machines import network, one_collective, system

from simastra.config import NetworkConfig, SystemConfig
from simastra.errors import ConfigError
from simastra.simulation import Simulation
from simastra.trace import CollectiveType, TraceBuilder
from simastra.units import KiB, MiB

AR, AG = CollectiveType.ALL_REDUCE, CollectiveType.ALL_GATHER
TABLE = """\
# what a cluster's owner has measured
collective_type,min_bytes,max_bytes,algorithm,protocol,channels,nNodes,nRanks,numPipeOps,regBuff
allreduce,0,65535,recursiveDoubling,simple,2,-1,-1,-1,-1
allreduce,65536,1048576,tree,ll128,-1,2,8
allreduce,65536,4294967295,halvingDoubling,simple,-1,-1,8

allgather,0,524288,bruck,simple,-1,-1,-1
"""


def told(folder: Path, text: str = TABLE, **more: object) -> SystemConfig:
    """A system file whose all-reduce and all-gather are by the table."""
    (folder / "tuner.csv").write_text(text)
    entry = {"name": "tuner", "table": str(folder / "tuner.csv"), **more}
    return system([entry], preferred_dataset_splits=2)


def makespan(machine: SystemConfig, kind: CollectiveType, size: int, npus: int = 8) -> int:
    work = one_collective(kind, size)
    return Simulation(work, machine, network(("Switch", npus))).run().makespan


def alone(name: str, kind: CollectiveType, size: int, npus: int = 8) -> int:
    return makespan(system([name], preferred_dataset_splits=2), kind, size, npus)


@pytest.mark.parametrize(
    ("kind", "size", "name"),
    [
        (AR, 65_535, "recursiveDoubling"),
        (AR, 65_536, "halvingDoubling"),
        (AR, 64 * MiB, "halvingDoubling"),
        (AG, 64 * KiB, "bruck"),  # of each: nccl-tests counts what all have together
        (AG, 64 * KiB + 8, "ring"),  # in no row
    ],
)
def test_the_first_row_that_fits_decides(
    tmp_path: Path, kind: CollectiveType, size: int, name: str
) -> None:
    found = makespan(told(tmp_path), kind, size)
    assert found == alone(name, kind, size)
    assert name == "ring" or found != alone("ring", kind, size)


def test_rows_are_for_numbers_of_nodes_and_members(tmp_path: Path) -> None:
    in_two_nodes = told(tmp_path, node=4)
    assert makespan(in_two_nodes, AR, MiB) == alone("doubleBinaryTree", AR, MiB)
    assert makespan(told(tmp_path), AR, MiB, npus=16) == alone("ring", AR, MiB, npus=16)
    otherwise = told(tmp_path, otherwise="pat")
    assert makespan(otherwise, AG, MiB) == alone("pat", AG, MiB)


def test_members_that_fill_no_node_are_in_one_more(tmp_path: Path) -> None:
    machine = told(tmp_path, "allreduce,0,4294967295,recursiveDoubling,simple,-1,3,8", node=3)
    assert makespan(machine, AR, KiB) == alone("recursiveDoubling", AR, KiB)
    assert makespan(machine, AR, KiB) != alone("ring", AR, KiB)


def test_sizes_of_one_trace_are_run_each_by_its_own(tmp_path: Path) -> None:
    def run(machine: SystemConfig, *sizes: int) -> int:
        trace = TraceBuilder()
        last = ()
        for size in sizes:
            last = (trace.all_reduce(f"{size}", size=size, after=last),)
        plain = Simulation(trace, machine, network(("Switch", 8)))
        return plain.run(shortcuts="off").makespan

    sizes = (KiB, MiB, 2 * KiB, MiB)
    machine = told(tmp_path)
    assert run(machine, *sizes) == sum(run(machine, size) for size in sizes)


def test_what_a_size_gets_has_to_run_its_parts(tmp_path: Path) -> None:
    """Under localBWAware a lower dimension runs a reduce-scatter and an all-gather."""
    table = told(tmp_path).all_reduce_implementation[0]
    machine = network(("Switch", 8), ("Switch", 2))
    trace = TraceBuilder()
    trace.all_reduce("large", size=MiB)  # halvingDoubling
    config = system([table, "ring"])  # type: ignore[list-item]
    assert Simulation(trace, config, machine).run().makespan
    trace.all_reduce("small", size=KiB)
    with pytest.raises(ConfigError, match="recursiveDoubling can't run REDUCE_SCATTER"):
        Simulation(trace, config, machine)


def test_a_row_that_would_run_another_collective_is_refused(tmp_path: Path) -> None:
    machine = told(tmp_path, TABLE + "allgather,524289,4294967295,tree,simple,-1,-1,-1\n")
    with pytest.raises(ConfigError, match="performs ALL_REDUCE where ALL_GATHER is asked for"):
        makespan(machine, AG, KiB)
    assert makespan(machine, AR, KiB) == makespan(told(tmp_path), AR, KiB)


def test_shortcuts_select_alike(tmp_path: Path) -> None:
    trace = TraceBuilder()
    for size in (KiB, MiB, 300_000, KiB, MiB):
        trace.all_reduce(f"{size}", size=size)
    simulation = Simulation(trace, told(tmp_path), network(("Switch", 8)))
    plain = simulation.run(shortcuts="off")
    assert simulation.run(shortcuts="always").finishes == plain.finishes


def test_switches_reduce_what_its_rows_say(tmp_path: Path) -> None:
    def run(machine: SystemConfig, size: int) -> int:
        switch = {"name": "Switch", "reduces": True}
        shape = NetworkConfig(topology=[switch], npus_count=[8], bandwidth=[50], latency=[500])
        return Simulation(one_collective(AR, size), machine, shape).run().makespan

    both = "allreduce,0,4096,ring\nallreduce,4097,4294967295,nvls,simple,-1,1,8"
    ring, nvls = (f"allreduce,0,4294967295,{name}" for name in ("ring", "nvls"))
    assert run(told(tmp_path, both), KiB) == run(told(tmp_path, ring), KiB)
    assert run(told(tmp_path, both), MiB) == run(told(tmp_path, nvls), MiB)
    assert run(told(tmp_path, nvls), MiB) < run(told(tmp_path, ring), MiB)


def test_its_table_is_one_of_the_files_that_were_read(tmp_path: Path) -> None:
    simulation = Simulation(one_collective(AR), told(tmp_path), network(("Switch", 8)))
    assert str(tmp_path / "tuner.csv") in map(str, simulation.files)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("allreduce,0", "line 1: has 2 cells; a row begins with collective_type"),
        ("allreduce,0,x,ring", "line 1: has 'x' for max_bytes; write a whole number from 0 on"),
        ("allreduce,9,5,ring", "line 1: has max_bytes 5 below min_bytes 9"),
        ("allreduse,0,5,ring", "line 1: unknown collective 'allreduse'; did you mean 'all-reduce'"),
        ("allreduce,0,5,rinq", "line 1: unknown algorithm 'rinq'; did you mean 'ring'"),
        ("allreduce,0,5,nvlstree", "line 1: nvlstree isn't simulated; of what reduces in switches"),
        ("allreduce,0,5,nvls", "tuner: nvls has switches reduce, and none that does joins NPUs 0"),
        ("", "has no rows; a row has collective_type, min_bytes, max_bytes, algorithm"),
        ("allreduce,0,5,bruck", "tuner: bruck can't run ALL_REDUCE"),
    ],
)
def test_a_table_that_makes_no_sense_is_told_by_its_line(
    tmp_path: Path, row: str, said: str
) -> None:
    with pytest.raises(ConfigError, match=said):
        makespan(told(tmp_path, row), AR, KiB)


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("tuner", r"\[0\]\.table: is required"),
        ({"name": "tuner", "table": "no.csv"}, r"no\.csv: file not found"),
    ],
)
def test_it_needs_a_table(entry: object, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        makespan(system([entry]), AR, KiB)
