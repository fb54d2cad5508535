"""Algorithms as the system JSON lists them: their names, their number, and who can't run them."""

import pytest
from support.machines import network, one_collective, system

from simastra.errors import ConfigError
from simastra.simulation import Simulation
from simastra.trace import CollectiveType

AR = CollectiveType.ALL_REDUCE


@pytest.mark.parametrize(
    ("changes", "key", "problem"),
    [
        (
            {"all_reduce_implementation": ["ring", "rinse"]},
            "all-reduce-implementation[1]",
            "unknown algorithm 'rinse'; did you mean 'ring'?",
        ),
        (
            {"all_gather_implementation": ["ring"] * 3},
            "all-gather-implementation",
            "lists 3 algorithms for a network of 2 dimensions; give one a dimension",
        ),
        (
            {"all_reduce_implementation": []},
            "all-reduce-implementation",
            "is required: the trace has a collective of type ALL_REDUCE; give one algorithm",
        ),
        (
            {"all_reduce_implementation": ["ring", "doubleBinaryTree"]},
            "all-reduce-implementation[1]",
            "doubleBinaryTree needs a power of two of NPUs, the dimension has 3",
        ),
    ],
)
def test_a_wrong_list_is_an_error_at_its_key(
    changes: dict[str, list[str]], key: str, problem: str
) -> None:
    shape = network(("Ring", 4), ("Ring", 3))
    with pytest.raises(ConfigError) as raised:
        Simulation(one_collective(AR), system(["ring", "ring"], **changes), shape)
    assert raised.value.key == key
    assert raised.value.problem.startswith(problem)


def test_one_dimension_is_not_called_several() -> None:
    with pytest.raises(ConfigError, match="for a network of 1 dimension; give"):
        Simulation(one_collective(AR), system(["ring", "ring"]), network(("Ring", 4)))


@pytest.mark.parametrize("lower", ["pat", "pairwise", "ring", "swing"])
def test_parts_of_an_all_reduce_need_what_runs_those_parts(lower: str) -> None:
    shape = network(("Ring", 4), ("Switch", 4))
    work = one_collective(AR)
    assert Simulation(work, system([lower, "recursiveDoubling"]), shape).run().makespan
    with pytest.raises(ConfigError, match="recursiveDoubling can't run REDUCE_SCATTER") as raised:
        Simulation(work, system(["recursiveDoubling", lower]), shape)
    assert raised.value.key == "all-reduce-implementation[0]"
    baseline = system(["recursiveDoubling", "ring"], collective_optimization="baseline")
    assert Simulation(work, baseline, shape).run().makespan


@pytest.mark.parametrize("last", ["pat", "pairwise"])
def test_the_last_dimension_runs_a_whole_all_reduce(last: str) -> None:
    with pytest.raises(ConfigError, match=f"{last} can't run ALL_REDUCE") as raised:
        Simulation(one_collective(AR), system(["ring", last]), network(("Ring", 4), ("Ring", 4)))
    assert raised.value.key == "all-reduce-implementation[1]"
