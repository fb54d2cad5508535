"""The longest chain of nodes that no message links to another NPU's."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simastra.simulation.measures.lone_chain import Alike, MessageChain, longest_alone
from simastra.trace import DependencyGraph, Node, NodeType


def graph(needed: Sequence[Sequence[int]]) -> DependencyGraph:
    """Nodes that wait for those at these places."""
    nodes = [Node(id, "a", NodeType.COMP, tuple(deps)) for id, deps in enumerate(needed)]
    return DependencyGraph(nodes, with_ctrl_deps=False)


def chains(needed: Sequence[Sequence[int]], at: int) -> list[list[int]]:
    """All that end at a node."""
    before = [chain for it in needed[at] for chain in chains(needed, it)] or [[]]
    return [[*chain, at] for chain in before]


@st.composite
def npus(draw: st.DrawFn) -> tuple[list[list[int]], list[int]]:
    count = draw(st.integers(1, 6))
    needed = [
        draw(st.lists(st.integers(0, at - 1), max_size=2, unique=True)) if at else []
        for at in range(count)
    ]
    return needed, draw(st.lists(st.integers(0, 3), min_size=count, max_size=count))


@given(st.lists(npus(), min_size=1, max_size=3))
def test_it_is_the_longest_of_all_chains(each: list[tuple[list[list[int]], list[int]]]) -> None:
    longest = [
        max(
            sum(times[it] for it in chain)
            for at in range(len(needed))
            for chain in chains(needed, at)
        )
        for needed, times in each
    ]
    alike = [Alike([npu], times) for npu, (_, times) in enumerate(each)]
    found = longest_alone(alike, [graph(needed) for needed, _ in each])
    assert found.time == max(longest)
    assert longest[found.npu] == max(longest)


def test_of_chains_that_are_as_long_it_is_the_one_with_the_fewest_nodes() -> None:
    two, one = graph([[], [0]]), graph([[]])
    slow, quick = Alike([4, 5], [5, 5]), Alike([6], [10])
    assert longest_alone([slow, quick], [two, one]) == MessageChain(10, 6)
    assert longest_alone([quick, slow], [one, two]) == MessageChain(10, 6)
    assert longest_alone([slow, Alike([6], [4, 6])], [two, two]) == MessageChain(10, 4)


@pytest.mark.parametrize("unit", [1, 2**62, 2**70])
def test_it_is_as_long_as_its_nodes_however_long_these_are(unit: int) -> None:
    fork = graph([[], [0], [0], [1, 2]])
    found = longest_alone([Alike([5], [unit, 2 * unit, 7 * unit, 4 * unit])], [fork])
    assert found == MessageChain(12 * unit, 5)
