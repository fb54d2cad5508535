"""Collectives that are played from ETs, in the compiled loop and on the plain path."""

from pathlib import Path

import pytest
from random_custom import custom_case
from support.machines import network, system

from simastra.simulation import Options, Simulation, dialect_named
from simastra.trace import Node, NodeType, Trace, TraceBuilder, write_trace

pytest.importorskip("numba", reason="needs the extra fast")

from compiled_oracle import compare, compare_mostly_covered  # not before that

SEEDS = range(60)


def test_random_ets_are_played_as_on_the_plain_path(tmp_path: Path) -> None:
    compare_mostly_covered(custom_case(seed, tmp_path / str(seed)) for seed in SEEDS)


def test_a_node_with_ets_of_its_own_isn_t_taken_for_another_that_is_alike(tmp_path: Path) -> None:
    for name, duration in (("short", 1000), ("long", 5000)):
        nodes = [(Node(1, "compute", NodeType.COMP, duration=duration),)] * 2
        write_trace(tmp_path / name, Trace.of(nodes))
    own = tmp_path / "own.yml"
    own.write_text(f"2: {tmp_path / 'long'}\n")
    trace = TraceBuilder()
    for number in range(3):
        trace.all_reduce(f"{number}", size=64)
    simulation = Simulation(
        trace,
        system(
            all_reduce_implementation_custom=[str(tmp_path / "short")],
            per_node_custom_implementation=str(own),
        ),
        network(("Ring", 2)),
        options=Options(dialect=dialect_named("master")),
    )
    assert compare(simulation) is None
    assert set(simulation.run().cycles.values()) == {1000 + 5000 + 1000}
