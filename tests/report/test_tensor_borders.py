"""Tensors that come, go and are written again at the same time, and what is said of them."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from support.machines import network, system
from support.memory_cases import tracked

from simastra.dialect import HOTI2024, MASTER
from simastra.report import chrome_trace
from simastra.report.memory_files import memory_trace_paths, write_memory_traces
from simastra.report.memory_notices import memory_notices
from simastra.report.memory_tracker import memory_timelines
from simastra.simulation import Options, Simulation
from simastra.trace import Node, TensorUse, Trace, TraceBuilder


def test_bars_of_no_length_lie_between_those_that_end_and_those_that_begin() -> None:
    timeline = tracked((0, 5, {}, {"x": 8}), (5, 5, {"x": 8}, {}), (5, 9, {"x": 8}, {}))
    row = [it for it in chrome_trace(timeline, 0) if it["ph"] != "C" and it["pid"] == 0]
    assert [(it["ph"], it["args"]["node_id"]) for it in row] == [
        ("B", 0),
        ("E", 0),
        *(("B", 1), ("E", 1)),
        *(("B", 2), ("E", 2)),
    ]
    last = [it["ph"] for it in chrome_trace(timeline, 0) if it["ts"] == 0.009]
    assert last == ["E", "E", "C"]
    both = tracked((3, 3, {"x": 8, "y": 8}, {"y": 8}))
    shown = [it["ph"] for it in chrome_trace(both, 0) if it["pid"] == 0]
    assert shown == ["B", "E"] * 3


def with_tensors(*nodes: tuple[tuple[str, int] | None, tuple[str, int] | None]) -> tuple[Node, ...]:
    """Computations one after the other, each with an input and an output."""
    builder = TraceBuilder()
    before: tuple[Node, ...] = ()
    for _ in nodes:
        before = (builder.compute("work", micros=1, after=before),)
    return tuple(
        replace(
            made,
            inputs=(TensorUse(*read),) if read else (),
            outputs=(TensorUse(*written),) if written else (),
        )
        for made, (read, written) in zip(builder.nodes, nodes, strict=True)
    )


def noticed(nodes: tuple[Node, ...]) -> list[tuple[str, str, str]]:
    simulation = Simulation(Trace.uniform(nodes, 1), system(), network(("Ring", 1)))
    timelines = memory_timelines(simulation, simulation.run())
    return [(it.code, it.where, it.message) for it in memory_notices(simulation, timelines)]


def test_one_doubt_is_told_as_one_and_several_as_the_first_of_them() -> None:
    x, small = ("x", 8), ("x", 4)
    rewritten = "writes tensor 'x', which is in memory already"
    rest = "; it counts as one tensor throughout, but ASTRA-sim aborts there"
    resized = "tensor 'x' has 4 bytes here and 8 where it is first used"
    kept = "; the latter is what counts"
    assert noticed(with_tensors((None, x), (x, None))) == []
    assert noticed(with_tensors((None, x), (None, x))) == [
        ("tensor-rewritten", "NPU 0, node 2", rewritten + rest)
    ]
    twice = " (the first of 2 such uses)"
    assert noticed(with_tensors((None, x), (None, x), (None, x))) == [
        ("tensor-rewritten", "NPU 0, node 2", rewritten + twice + rest)
    ]
    assert noticed(with_tensors((None, x), (small, None))) == [
        ("tensor-resized", "NPU 0, node 2", resized + kept)
    ]
    assert noticed(with_tensors((None, x), (small, None), (small, None))) == [
        ("tensor-resized", "NPU 0, node 2", resized + twice + kept)
    ]


def test_nodes_that_lack_tensors_are_counted() -> None:
    first, second, third = with_tensors((None, ("x", 8)), (None, None), (None, None))
    nodes = (first, replace(second, inputs=None), replace(third, outputs=None))
    ((code, where, message),) = noticed(nodes)
    assert (code, where) == ("untracked-nodes", "NPU 0, node 2")
    assert message.startswith("the memory tracker leaves out 2 of 3 nodes, which lack the attrib")


def test_a_tensor_lives_from_its_first_use_and_has_its_size() -> None:
    timeline = tracked(
        *(
            (2, 4, {"there": 3}, {"new": 5}),
            (4, 6, {"new": 7}, {"there": 4}),
            (6, 8, {}, {"new": 5}),
        )
    )
    there, new = timeline.tensors
    assert (there.name, there.was_there, there.size, there.start, there.end) == (
        *("there", True, 3, 0, 6),
    )
    assert [it.node for it in there.rewrites] == [1]
    assert [it.node for it in there.resizes] == [1]
    assert (new.name, new.was_there, new.size, new.start, new.end) == ("new", False, 5, 2, 8)
    assert [it.node for it in new.rewrites] == [2]
    assert [it.node for it in new.resizes] == [1]
    assert [(it.time, it.size) for it in timeline.samples] == [(0, 3), (2, 8), (6, 5), (8, 0)]
    assert (timeline.peak.time, timeline.peak.size) == (2, 8)
    assert (tracked().peak.time, tracked().peak.size) == (0, 0)
    flat = tracked((3, 4, {}, {"a": 5}), (4, 6, {}, {"b": 5}))
    assert (flat.peak.time, flat.peak.size) == (3, 5)


@pytest.mark.parametrize(
    ("dialect", "tracks", "files"),
    [(MASTER, 1, 2), (MASTER, 0, 0), (HOTI2024, 1, 0), (HOTI2024, 0, 0)],
)
def test_memory_is_tracked_where_the_dialect_and_the_system_say_so(
    dialect: Any, tracks: int, files: int
) -> None:
    config = system(track_local_mem=tracks, local_mem_trace_filename="m")
    simulation = Simulation(
        TraceBuilder(), config, network(("Ring", 2)), options=Options(dialect=dialect)
    )
    assert memory_trace_paths(simulation) == (Path("m.0.json"), Path("m.1.json"))[:files]


def test_a_memory_trace_is_written_to_the_byte(tmp_path: Path) -> None:
    simulation = Simulation(
        TraceBuilder(),
        system(local_mem_trace_filename=f"{tmp_path}/m"),
        network(("Ring", 1)),
    )
    (path,) = write_memory_traces(simulation, [tracked()])
    assert path.read_text() == '{\n "traceEvents": []\n}\n'
    write_memory_traces(simulation, [tracked((0, 1, {}, {"x": 1}))])
    assert path.read_text().startswith('{\n "traceEvents": [\n  {\n   "name": "x",\n')
