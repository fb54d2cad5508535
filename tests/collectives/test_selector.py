"""What stands for several algorithms promises no more than each of them."""

import pytest
from support.extensions.neighbour_exchange import NeighbourExchange

from simastra.collectives import ALGORITHMS, Algorithm, CollectiveCall, RingSymmetry
from simastra.collectives.algorithms.multi_ring import MultiRing
from simastra.collectives.selection.selector import AlgorithmSelector

RING, HALVING, TREE = (
    ALGORITHMS[it].plain for it in ("ring", "halvingDoubling", "doubleBinaryTree")
)
THREE = MultiRing(((0, 1, 2, 3), (0, 2, 1, 3), (0, 1, 3, 2)), reverses=False)


def selector(*candidates: Algorithm) -> AlgorithmSelector:
    def first(asked: CollectiveCall) -> Algorithm:
        return candidates[0]

    return AlgorithmSelector(candidates, first, lambda collective, npus: (), "first")


@pytest.mark.parametrize(
    ("candidates", "symmetry", "period"),
    [
        ((RING,), RingSymmetry.SHIFTS, 1),
        ((RING, HALVING), RingSymmetry.IDENTITY, 1),
        ((TREE, THREE, RING), RingSymmetry.IDENTITY, 6),
    ],
)
def test_it_promises_what_all_have_in_common(
    candidates: tuple[Algorithm, ...], symmetry: RingSymmetry, period: int
) -> None:
    made = selector(*candidates)
    assert (made.symmetry, made.period) == (symmetry, period)
    assert made.has_scores
    assert made.sends_evenly == (TREE not in candidates)
    assert made.alternates == (period > 1)


def test_one_that_promises_little_leaves_little() -> None:
    made = selector(RING, NeighbourExchange())
    assert (made.symmetry, made.period) == (RingSymmetry.NONE, None)
    assert made.alternates
    assert not made.has_scores
