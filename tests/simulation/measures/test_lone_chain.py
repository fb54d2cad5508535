"""The longest chain of nodes on one NPU alone."""

import pytest

from simastra.simulation.measures.lone_chain import Alike, longest_alone
from simastra.trace import DependencyGraph, Node, NodeType

_FORK = DependencyGraph(
    [Node(id, "n", NodeType.COMP, deps) for id, deps in enumerate([(), (0,), (0,), (1, 2)])],
    with_ctrl_deps=False,
)


@pytest.mark.parametrize("unit", [1, 2**62, 2**70])
def test_a_chain_is_as_long_as_its_nodes_however_long_these_are(unit: int) -> None:
    found = longest_alone([Alike((5,), [unit, 2 * unit, 7 * unit, 4 * unit])], [_FORK])
    assert (found.time, found.npu) == (12 * unit, 5)


def test_of_chains_as_long_that_of_the_fewest_nodes_counts() -> None:
    one_node = Alike((1,), [3, 0, 0, 0])
    assert longest_alone([Alike((0,), [1, 1, 0, 1]), one_node], [_FORK, _FORK]).npu == 1
