"""Chunks: equal parts, with ASTRA-sim's rules for what doesn't divide (3.2, 7.3 #3-#5)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simastra.collectives import FOUR_COLLECTIVES, Chunks, split
from simastra.trace import CollectiveType
from simastra.units import MiB

AR = CollectiveType.ALL_REDUCE
AG = CollectiveType.ALL_GATHER

SIZES = st.integers(0, 2**40)
SPLITS = st.integers(1, 64)
NPUS = st.integers(2, 1024)


@pytest.mark.parametrize(
    ("collective", "size", "splits", "chunks"),
    [
        (AR, MiB, 4, Chunks(4, 262144)),
        (AR, 101, 4, Chunks(5, 25)),  # the fifth is as large as the others
        (AR, 103, 4, Chunks(5, 25)),
        (AR, 31, 4, Chunks(4, 8)),  # 7 bytes a chunk are raised to one for each NPU
        (AR, 0, 4, Chunks(4, 8)),
        (AR, 8, 1, Chunks(1, 8)),
        (AG, 101, 4, Chunks(5, 25)),
        (AG, 31, 4, Chunks(5, 7)),  # an all-gather's shard may be as small as it likes
        (AG, 3, 4, Chunks(3, 1)),
        (AG, 0, 4, Chunks(0, 1)),
    ],
)
def test_chunks_by_hand_among_8_npus(
    collective: CollectiveType, size: int, splits: int, chunks: Chunks
) -> None:
    assert split(collective, size, splits, npus=8) == chunks


@pytest.mark.parametrize("collective", FOUR_COLLECTIVES)
@given(size=SIZES, splits=SPLITS, npus=NPUS)
def test_chunks_cover_the_data_with_less_than_a_chunk_to_spare(
    collective: CollectiveType, size: int, splits: int, npus: int
) -> None:
    chunks = split(collective, size, splits, npus)
    raised = max(size, splits * npus) if chunks.size == npus and size < splits * npus else size
    assert raised <= chunks.count * chunks.size < raised + chunks.size


@pytest.mark.parametrize("collective", [c for c in FOUR_COLLECTIVES if c is not AG])
@given(size=SIZES, splits=SPLITS, npus=NPUS)
def test_no_chunk_is_smaller_than_a_byte_for_each_npu(
    collective: CollectiveType, size: int, splits: int, npus: int
) -> None:
    assert split(collective, size, splits, npus).size >= npus


@given(size=SIZES, splits=SPLITS)
def test_an_all_gather_of_enough_bytes_has_about_as_many_chunks_as_asked_for(
    size: int, splits: int
) -> None:
    if size >= splits * splits:
        assert splits <= split(AG, size, splits, npus=8).count <= splits + 1
