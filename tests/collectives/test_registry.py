"""Names of algorithms in the system JSON (behaviour 1.3)."""

import pytest

from simastra.collectives import ALGORITHMS, AlgorithmEntry, UnknownAlgorithm, choose, spellings
from simastra.collectives.algorithms.direct import Direct
from simastra.collectives.algorithms.ring import RingAlgorithm
from simastra.trace import CollectiveType


@pytest.mark.parametrize(
    ("name", "base", "over_all"),
    [
        ("ring", "ring", False),
        ("oneRing", "ring", True),
        ("direct", "direct", False),
        ("oneDirect", "direct", True),
        ("halvingDoubling", "halvingDoubling", False),
        ("oneHalvingDoubling", "halvingDoubling", True),
        ("doubleBinaryTree", "doubleBinaryTree", False),
    ],
)
def test_names_of_astra_sim(name: str, base: str, over_all: bool) -> None:  # noqa: FBT001  # by name
    choice = choose(name)
    assert choice.name == name
    assert choice.algorithm == ALGORITHMS[base].plain
    assert choice.over_all_npus == over_all


@pytest.mark.parametrize(("name", "window"), [("direct1", 1), ("direct12", 12), ("oneDirect4", 4)])
def test_direct_takes_a_window(name: str, window: int) -> None:
    choice = choose(name)
    assert choice.algorithm == Direct(window)
    assert choice.over_all_npus == name.startswith("one")


@pytest.mark.parametrize(
    ("name", "likely"),
    [
        ("Ring", "ring"),
        ("rings", "ring"),
        ("onering", "oneRing"),
        ("directX", "direct"),
        ("direct5x", "direct"),
        ("halvingdoubling", "halvingDoubling"),
        ("ring4", "ring"),
        ("4", None),
        ("", None),
        ("one", None),
        ("themis", None),
    ],
)
def test_an_unknown_name_is_refused_with_the_likely_one(name: str, likely: str | None) -> None:
    with pytest.raises(UnknownAlgorithm) as raised:
        choose(name)
    assert repr(name) in str(raised.value)
    if likely:
        assert f"did you mean {likely!r}?" in str(raised.value)


@pytest.mark.parametrize("name", ["direct0", "oneDirect0", "direct000"])
def test_a_window_of_0_is_refused(name: str) -> None:
    with pytest.raises(UnknownAlgorithm, match="window of 0; the smallest is 1, as in 'direct1'"):
        choose(name)


def test_nodes_of_0_are_refused_as_such() -> None:
    with pytest.raises(UnknownAlgorithm, match="'hierarchical0' has nodes of 0; the smallest is 1"):
        choose("hierarchical0")


def test_every_spelling_can_be_chosen() -> None:
    for name in spellings():
        assert choose(name).name == name
    assert len(spellings()) == 2 * len(ALGORITHMS)


def test_a_table_of_algorithms_may_be_given() -> None:
    table = {"mine": AlgorithmEntry(RingAlgorithm())}
    assert choose("oneMine", table).over_all_npus
    with pytest.raises(UnknownAlgorithm, match="known are mine, oneMine"):
        choose("direct", table)


@pytest.mark.parametrize(
    "collective",
    [CollectiveType.ALL_GATHER, CollectiveType.ALL_REDUCE, CollectiveType.REDUCE_SCATTER],
)
@pytest.mark.parametrize(("npus", "most"), [(3, 2), (6, 4), (12, 8), (15, 8), (48, 32)])
def test_halving_doubling_says_how_many_its_doublings_reach(
    collective: CollectiveType, npus: int, most: int
) -> None:
    problem = ALGORITHMS["halvingDoubling"].plain.problem(collective, npus)
    assert problem == (
        f"halvingDoubling needs a power of two of NPUs, the dimension has {npus}, of which its "
        f"doublings reach {most}; use ring or direct"
    )


@pytest.mark.parametrize("npus", [2, 4, 64])
def test_halving_doubling_runs_among_a_power_of_two(npus: int) -> None:
    assert ALGORITHMS["halvingDoubling"].plain.problem(CollectiveType.ALL_GATHER, npus) is None


@pytest.mark.parametrize(
    ("name", "shown"),
    [("ring", "Ring"), ("direct", "Direct"), ("halvingDoubling", "HalvingDoubling")],
)
def test_an_algorithm_is_shown_under_its_name(name: str, shown: str) -> None:
    assert ALGORITHMS[name].plain.name == shown
