"""Which kinds of messages don't add up, as counting all of them says."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from simastra.simulation.checks.unmet import NamedHalf, unmet_kinds

NPUS = 3
_HALF = st.tuples(
    st.integers(0, NPUS - 1), st.integers(0, 1), st.integers(0, NPUS - 1), st.just(8), st.just(0)
)
_SIZED = st.tuples(
    st.integers(0, NPUS - 1),
    st.integers(0, 1),
    st.integers(0, NPUS - 1),
    st.integers(0, 2),
    st.integers(0, 2),
)


def by_npu(halves: list[tuple[int, int, int, int, int]]) -> list[tuple[int, list[NamedHalf]]]:
    return [
        (npu, [(sends, peer, size, tag) for at, sends, peer, size, tag in halves if at == npu])
        for npu in range(NPUS)
    ]


@given(st.lists(_HALF | _SIZED, max_size=12))
def test_kinds_of_which_one_end_names_more_than_the_other(
    halves: list[tuple[int, int, int, int, int]],
) -> None:
    balance: Counter[tuple[int, int, int, int]] = Counter()
    for npu, sends, peer, size, tag in halves:
        src, dst = (npu, peer) if sends else (peer, npu)
        balance[tag, src, dst, size] += 1 if sends else -1
    assert unmet_kinds(by_npu(halves)) == {kind for kind, left in balance.items() if left}


@given(st.permutations(range(6)), st.permutations(range(6)))
def test_an_order_of_its_own_doesn_t_matter(one: list[int], other: list[int]) -> None:
    sent: list[NamedHalf] = [(1, 1, 10, tag) for tag in one]
    received: list[NamedHalf] = [(0, 0, 10, tag) for tag in other]
    assert unmet_kinds([(0, sent), (1, received)]) == set()
