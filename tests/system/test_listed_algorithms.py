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
