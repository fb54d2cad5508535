"""A simulation knows every file that was read for it."""

import json
from pathlib import Path

from support.machines import network, system

from simastra import Options, Simulation, Trace, TraceBuilder
from simastra.dialect import DIALECTS
from simastra.trace import write_trace


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
