"""The trees of collectives with a root."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simastra.collectives import ROOTED_TREES, RootedTree, UnknownAlgorithm, tree_named
from simastra.collectives.algorithms.rooted_tree import BINOMIAL, LINEAR

TREES = st.one_of(st.just(LINEAR), st.builds(RootedTree, st.integers(2, 9)))
SIZES = st.integers(1, 70)


def digits(rank: int, base: int) -> list[int]:
    found = []
    while rank:
        rank, digit = divmod(rank, base)
        found.append(digit)
    return found


@given(tree=TREES, npus=SIZES)
def test_children_and_parents_agree(tree: RootedTree, npus: int) -> None:
    parents: dict[int, int | None] = {0: None}
    for rank in range(npus):
        for level in tree.levels(npus, rank):
            parents |= {branch.rank: rank for branch in level}
    assert parents == {rank: tree.parent(npus, rank) for rank in range(npus)}


@given(tree=TREES, npus=SIZES)
def test_what_is_below_a_rank_is_itself_and_its_branches(tree: RootedTree, npus: int) -> None:
    assert [*tree.below(npus, 0)] == [*range(npus)]
    for rank in range(npus):
        branches = [it for level in tree.levels(npus, rank) for it in level]
        below = sorted([rank, *(member for it in branches for member in it.below)])
        assert below == [*tree.below(npus, rank)]
        assert all(it.below == tree.below(npus, it.rank) for it in branches)
        sizes = [len(it.below) for it in branches]
        assert sizes == sorted(sizes, reverse=True)


@given(radix=st.integers(2, 9), npus=SIZES)
def test_a_rank_is_as_deep_as_it_has_digits(radix: int, npus: int) -> None:
    tree = RootedTree(radix)
    for rank in range(npus):
        depth, at = 0, rank
        while (parent := tree.parent(npus, at)) is not None:
            depth, at = depth + 1, parent
        assert depth == sum(digit != 0 for digit in digits(rank, radix))


@given(npus=st.integers(2, 40))
def test_a_radix_of_as_many_as_there_are_is_linear(npus: int) -> None:
    for tree in (LINEAR, RootedTree(npus), RootedTree(npus + 3)):
        (level,) = tree.levels(npus, 0)
        assert [it.rank for it in level] == [*range(1, npus)]


@pytest.mark.parametrize(
    ("name", "tree"),
    [
        ("binomial", BINOMIAL),
        ("linear", LINEAR),
        ("knomial", RootedTree(4)),
        ("knomial2", BINOMIAL),
        ("knomial16", RootedTree(16)),
    ],
)
def test_names_of_trees(name: str, tree: RootedTree) -> None:
    assert tree_named(name) == tree


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("knomial1", "has a radix of 1; the smallest is 2, as in 'knomial2'"),
        ("knomial0", "has a radix of 0"),
        ("knomail", "unknown tree 'knomail'; did you mean 'knomial'"),
        ("binomial4", "unknown tree 'binomial4'; did you mean 'binomial'"),
        ("ring", f"unknown tree 'ring'; known are {', '.join(ROOTED_TREES)}"),
        ("auto", "unknown tree 'auto'"),
    ],
)
def test_other_names_are_refused(name: str, said: str) -> None:
    with pytest.raises(UnknownAlgorithm, match=said):
        tree_named(name)
