"""Shares of tensors are padded, and collectives say of what."""

from hypothesis import given
from hypothesis import strategies as st

from simastra.trace import CollectiveType
from simastra.trace.shares import SHARE_MULTIPLE, SharedTensor, share

COUNTS = st.integers(1, 64)
ELEMENTS = st.integers(1, 10**9)


@given(ELEMENTS, COUNTS)
def test_shares_hold_all_in_the_fewest_multiples(elements: int, count: int) -> None:
    each = share(elements, count)
    assert not each % SHARE_MULTIPLE
    assert (each - SHARE_MULTIPLE) * count < elements <= each * count


@given(ELEMENTS, COUNTS, st.sampled_from((1, 2, 4)))
def test_what_is_scattered_is_all_that_is_gathered(elements: int, count: int, each: int) -> None:
    tensor = SharedTensor(elements, elements * each)
    scattered = tensor.comm_size(CollectiveType.REDUCE_SCATTER, count)
    assert scattered == count * tensor.comm_size(CollectiveType.ALL_GATHER, count)
    assert scattered >= tensor.size
