"""Algorithms that the system file tells more than their names."""

import json

import pytest
from support.machines import network, one_collective, system

from simastra.config import SystemConfig
from simastra.errors import ConfigError
from simastra.simulation import Simulation
from simastra.trace import CollectiveType
from simastra.units import MiB


def makespan(*entries: object) -> int:
    work = one_collective(CollectiveType.ALL_REDUCE, MiB)
    return Simulation(work, system(list(entries)), network(("Switch", 16))).run().makespan


def test_levels_and_the_size_of_a_node_can_be_told() -> None:
    square = {"name": "hierarchical", "node": 4, "inner": "pairwise", "outer": "bidirectionalRing"}
    assert makespan(square) == makespan("hierarchical") == makespan("hierarchical4")
    assert makespan({"name": "hierarchical"}) == makespan("hierarchical")
    assert makespan({**square, "node": 8}) == makespan("hierarchical8") != makespan(square)
    assert makespan({**square, "outer": "rabenseifner"}) != makespan(square)


def test_a_hierarchy_of_one_level_is_its_algorithm() -> None:
    alone = {"name": "hierarchical", "inner": "swing", "outer": "swing"}
    whole = makespan("swing")
    assert makespan({**alone, "node": 1}) == whole
    assert makespan({**alone, "node": 16}) == whole


def test_what_is_told_is_read_and_written_as_it_stands() -> None:
    told = {"name": "hierarchical", "node": 4}
    config = system([told])
    written = json.loads(config.model_dump_json(by_alias=True))
    assert written["all-reduce-implementation"] == [told]
    assert SystemConfig.parse(written) == config


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ({"name": "hierarchical", "node": 0}, r"\[0\]\.node: must be at least 1, not 0"),
        ({"name": "hierarchical", "nodes": 4}, "unknown key 'nodes'; did you mean 'node'"),
        ({"name": "hierarchical", "inner": "ring"}, r"\[0\]\.inner: unknown algorithm 'ring'"),
        ({"name": "hierarchical", "node": 5}, "nodes of 5, and the dimension has 16 NPUs"),
        ({"name": "hierarchical", "inner": "bruck"}, "bruck can't run REDUCE_SCATTER"),
        ({"name": "ring", "node": 4}, r"\[0\]\.node: ring takes no options"),
        ({"name": "rinq"}, "unknown algorithm 'rinq'; did you mean 'ring'"),
        ({"node": 4}, "lacks the key 'name', which says which algorithm it is"),
        (4, r"\[0\]: must be a string, not 4"),
    ],
)
def test_what_an_algorithm_does_not_take_is_told_by_its_key(entry: object, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        makespan(entry)
