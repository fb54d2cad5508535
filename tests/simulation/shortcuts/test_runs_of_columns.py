"""Runs of traces in columns are those of the same traces as objects, by the loop and without it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from random_families import FAMILIES, case_of

from simastra.errors import DeadlockError
from simastra.result import Result
from simastra.simulation import Simulation
from simastra.trace import Node, Trace

pytest.importorskip("numba", reason="needs the extra fast")

from compiled_oracle import compiled  # not before that
from support.columnar import in_columns

SEEDS = range(3)


def with_equal_nodes_shared(trace: Trace) -> Trace:
    """As of files that differ in a few records."""
    pool: dict[Node, Node] = {}
    made = {
        id(nodes): tuple(pool.setdefault(node, node) for node in nodes) for nodes in trace.distinct
    }
    return replace(trace, npus=tuple(made[id(nodes)] for nodes in trace.npus))


def outcome(simulation: Simulation, shortcuts: str) -> object:
    try:
        result = simulation.run(shortcuts=shortcuts)
    except DeadlockError as error:
        return str(error)
    assert isinstance(result, Result)
    return (
        result.finishes,
        list(map(list, result.nodes)),
        list(result.links),
        result.notices,
        result.shortcuts,
    )


def of_loop(simulation: Simulation) -> object:
    ended = compiled(simulation)
    if isinstance(ended, str):
        return ended
    return ended.finishes, list(map(list, ended.nodes)), list(ended.links)


@pytest.mark.parametrize("family", FAMILIES)
def test_random_runs_are_the_same(family: str) -> None:
    for seed in SEEDS:
        usual = case_of(family, seed).simulation("auto")
        usual = with_trace(usual, with_equal_nodes_shared(usual.trace))
        columns = with_trace(usual, in_columns(usual.trace))
        assert columns.notices == usual.notices
        assert of_loop(columns) == of_loop(usual), seed
        for shortcuts in ("always", "off"):
            assert outcome(columns, shortcuts) == outcome(usual, shortcuts), (seed, shortcuts)
        assert columns.lower_bound() == usual.lower_bound()


def with_trace(simulation: Simulation, trace: Trace) -> Simulation:
    """The same simulation of another trace."""
    return Simulation(
        trace,
        simulation.system,
        simulation.network,
        simulation.memory,
        comm_groups=simulation.comm_groups,
        options=simulation.options,
    )
