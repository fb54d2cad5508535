"""From a simulation to memory traces on disk, and to notices."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from support.machines import network, system

from simastra import ConfigError, MiB, Simulation, Trace, TraceBuilder
from simastra.report import (
    MemorySample,
    chrome_trace,
    memory_notices,
    memory_timelines,
    memory_trace_path,
    write_memory_traces,
)
from simastra.trace import Node, TensorUse, load_trace, write_trace


def all_reduce_in_memory() -> tuple[Node, ...]:
    """A computation that makes gradients from weights, and their All-Reduce."""
    builder = TraceBuilder()
    backward = builder.compute("backward", micros=50)
    builder.all_reduce("gradients", size=MiB, after=backward)
    first, second = builder.nodes
    weights, gradients = TensorUse("weights", 2 * MiB), TensorUse("gradients", MiB)
    reduced = TensorUse("reduced", MiB)
    return (
        replace(first, inputs=(weights,), outputs=(gradients,)),
        replace(second, inputs=(gradients,), outputs=(reduced,)),
    )


def simulation_of(nodes: tuple[Node, ...], name: Path | str = "m") -> Simulation:
    config = system(local_mem_trace_filename=str(name))
    return Simulation(Trace.uniform(nodes, 8), config, network(("Ring", 8)))


def test_every_npu_of_a_simulation_has_a_timeline() -> None:
    simulation = simulation_of(all_reduce_in_memory())
    timelines = memory_timelines(simulation, simulation.run())
    assert len(timelines) == 8
    assert {it.samples for it in timelines} == {
        (
            MemorySample(0, 3 * MiB),  # weights and gradients
            MemorySample(50_000, 2 * MiB),  # gradients and reduced
            MemorySample(167_780, 0),  # the All-Reduce takes 117780 ns (behaviour section 7)
        )
    }
    assert memory_notices(simulation, timelines) == ()


def test_tensors_survive_a_file(tmp_path: Path) -> None:
    nodes = all_reduce_in_memory()
    write_trace(tmp_path / "t", Trace.uniform(nodes, 2))
    assert load_trace(tmp_path / "t", 2).npus == (nodes, nodes)


def test_each_npu_has_a_file(tmp_path: Path) -> None:
    simulation = simulation_of(all_reduce_in_memory(), tmp_path / "mem")
    timelines = memory_timelines(simulation, simulation.run())
    paths = write_memory_traces(simulation, timelines)
    assert paths == tuple(tmp_path / f"mem.{npu}.json" for npu in range(8))
    assert sorted(tmp_path.iterdir()) == sorted(paths)  # nothing temporary is left
    for npu, path in enumerate(paths):
        document = json.loads(path.read_text())
        assert document == {"traceEvents": chrome_trace(timelines[npu], npu)}


def test_a_file_is_replaced_and_a_link_stays_a_link(tmp_path: Path) -> None:
    simulation = simulation_of(all_reduce_in_memory(), tmp_path / "mem")
    (tmp_path / "kept").write_text("old")
    memory_trace_path(simulation, 0).symlink_to("kept")
    write_memory_traces(simulation, memory_timelines(simulation, simulation.run()))
    assert (tmp_path / "mem.0.json").is_symlink()
    assert "traceEvents" in json.loads((tmp_path / "kept").read_text())


@pytest.mark.parametrize("name", ["file/mem", "file/such/mem", "null\0character"])
def test_a_file_that_can_not_be_written_is_an_error(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").touch()
    simulation = simulation_of(all_reduce_in_memory(), f"{tmp_path}/{name}")
    timelines = memory_timelines(simulation, simulation.run())
    with pytest.raises(
        ConfigError, match=r"local-mem-trace-filename: .*can't be (written|made)"
    ) as caught:
        write_memory_traces(simulation, timelines)
    assert caught.value.key == "local-mem-trace-filename"
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_folder_of_that_name_is_left_alone(tmp_path: Path) -> None:
    simulation = simulation_of(all_reduce_in_memory(), tmp_path / "mem")
    (tmp_path / "mem.0.json").mkdir()
    with pytest.raises(ConfigError, match=r"mem\.0\.json isn't a regular file"):
        write_memory_traces(simulation, memory_timelines(simulation, simulation.run()))
    assert [path.name for path in tmp_path.iterdir()] == ["mem.0.json"]


def test_a_file_that_was_read_is_left_alone(tmp_path: Path) -> None:
    config = {"preferred-dataset-splits": 4, "all-reduce-implementation": ["ring"]}
    config |= {"local-mem-bw": 50, "local-mem-trace-filename": str(tmp_path / "in")}
    (tmp_path / "in.3.json").write_text(json.dumps(config))
    trace = Trace.uniform(all_reduce_in_memory(), 8)
    simulation = Simulation(trace, tmp_path / "in.3.json", network(("Ring", 8)))
    timelines = memory_timelines(simulation, simulation.run())
    with pytest.raises(ConfigError, match=r"in\.3\.json can't be written: it is an input"):
        write_memory_traces(simulation, timelines)
    assert [path.name for path in tmp_path.iterdir()] == ["in.3.json"]


def test_folders_that_are_not_there_are_made(tmp_path: Path) -> None:
    simulation = simulation_of(all_reduce_in_memory(), tmp_path / "mem" / "trace" / "local")
    paths = write_memory_traces(simulation, memory_timelines(simulation, simulation.run()))
    assert sorted((tmp_path / "mem" / "trace").iterdir()) == sorted(paths)


def test_nodes_without_tensors_give_one_notice() -> None:
    # ASTRA-sim never finishes (behaviour 7.4 #10); here the rest is tracked.
    first, second = all_reduce_in_memory()
    simulation = simulation_of((first, replace(second, inputs=None)))
    timelines = memory_timelines(simulation, simulation.run())
    (notice,) = memory_notices(simulation, timelines)
    assert notice.code == "untracked-nodes"
    assert notice.where == "NPU 0, node 2"
    assert "8 of 16 nodes" in notice.message
    assert timelines[7].peak == MemorySample(0, 3 * MiB)


def test_tensors_written_again_give_one_notice() -> None:
    first, second = all_reduce_in_memory()
    simulation = simulation_of((first, replace(second, outputs=first.outputs)))
    (notice,) = memory_notices(simulation, memory_timelines(simulation, simulation.run()))
    assert notice.code == "tensor-rewritten"
    assert notice.where == "NPU 0, node 2"
    assert "'gradients'" in notice.message
    assert "the first of 8" in notice.message


def test_tensors_of_several_sizes_give_one_notice() -> None:
    first, second = all_reduce_in_memory()
    simulation = simulation_of((first, replace(second, inputs=(TensorUse("gradients", 7),))))
    (notice,) = memory_notices(simulation, memory_timelines(simulation, simulation.run()))
    assert notice.code == "tensor-resized"
    assert f"has 7 bytes here and {MiB} where it is first used" in notice.message
