"""A simulation knows every file that was read for it."""

import json
from pathlib import Path

import pytest
from support.machines import network, system

from simastra import Options, Simulation, Trace, TraceBuilder
from simastra.dialect import DIALECTS
from simastra.trace import write_trace
from simastra.units import KiB


def test_files_are_those_given_and_those_that_they_name(tmp_path: Path) -> None:
    builder = TraceBuilder()
    builder.all_reduce("gradients", size=1024)
    write_trace(tmp_path / "w", Trace.uniform(builder, 2))
    own = TraceBuilder()
    own.compute("instead", micros=1)
    write_trace(tmp_path / "own", Trace.uniform(own, 2))
    (tmp_path / "nodes.yml").write_text(f"{builder.nodes[0].id}: {tmp_path}/own\n")
    keys = {"preferred-dataset-splits": 1, "all-reduce-implementation": ["ring"]}
    keys["per-node-custom-implementation"] = str(tmp_path / "nodes.yml")
    (tmp_path / "sys.json").write_text(json.dumps(keys))
    options = Options(dialect=DIALECTS["master"])
    simulation = Simulation(
        tmp_path / "w", tmp_path / "sys.json", network(("Ring", 2)), options=options
    )
    names = ("sys.json", "w.0.et", "w.1.et", "nodes.yml", "own.0.et", "own.1.et")
    assert tuple(map(Path, simulation.files)) == tuple(tmp_path / name for name in names)


def test_models_are_no_files() -> None:
    builder = TraceBuilder()
    builder.all_reduce("gradients", size=1024)
    assert Simulation(builder, system(), network(("Ring", 2))).files == ()


@pytest.mark.parametrize("files", [4, 5, 8])
def test_trace_files_of_npus_that_the_network_lacks_are_told(files: int, tmp_path: Path) -> None:
    trace = TraceBuilder()
    trace.all_reduce("reduce", size=KiB)
    write_trace(tmp_path / "wl", Trace.uniform(trace, files))
    write_trace(tmp_path / "wl.more", Trace.uniform(trace, 9))
    simulation = Simulation(tmp_path / "wl", system(), network(("Ring", 4)))
    found = {notice.code: notice for notice in simulation.notices}
    assert ("surplus-traces" in found) == (files > 4)
    if files > 4:
        message = found["surplus-traces"].message
        assert f"{files - 4} more file" in message
        assert "wl.4.et" in message


def test_a_hole_in_the_numbers_hides_no_surplus_trace(tmp_path: Path) -> None:
    trace = TraceBuilder()
    trace.all_reduce("reduce", size=KiB)
    for path in write_trace(tmp_path / "wl", Trace.uniform(trace, 9))[4:8]:
        path.unlink()
    simulation = Simulation(tmp_path / "wl", system(), network(("Ring", 4)))
    assert (
        "wl.8.et is not simulated"
        in next(it for it in simulation.notices if it.code == "surplus-traces").message
    )
