"""Bars in rows, and on a line of letters."""

from hypothesis import given
from hypothesis import strategies as st

from simastra.view.bars import Bar, TimeWindow, letters, rows_of

BARS = st.lists(
    st.builds(
        lambda npu, id, kind, start, length: Bar(
            npu, id, "n", kind, start, None if length < 0 else start + length
        ),
        st.integers(0, 2),
        st.integers(0, 30),
        st.sampled_from(["compute", "communication"]),
        st.integers(0, 50),
        st.integers(-1, 20),
    ),
    max_size=30,
)


@given(BARS)
def test_no_bar_of_a_row_overlaps_another_and_none_is_lost(bars: list[Bar]) -> None:
    rows = rows_of(bars, 100)
    for row in rows:
        assert {(bar.npu, bar.kind) for bar in row.bars} == {(row.npu, row.kind)}
        ends = [bar.until(100) for bar in row.bars]
        assert all(end <= bar.start for end, bar in zip(ends, row.bars[1:], strict=False))
    key = [(bar.npu, bar.kind, bar.start, bar.id, bar.until(100)) for bar in bars]
    laid = [bar for row in rows for bar in row.bars]
    assert sorted(key) == sorted((it.npu, it.kind, it.start, it.id, it.until(100)) for it in laid)


def test_rows_come_by_npu_and_kind_and_further_ones_are_numbered() -> None:
    bars = [
        Bar(1, 1, "", "cpu", 0, 5),
        Bar(0, 3, "", "cpu", 4, None),
        Bar(0, 1, "", "cpu", 0, 5),
        Bar(0, 2, "", "compute", 0, 9),
        Bar(0, 4, "", "cpu", 5, 6),
    ]
    found = [(row.npu, row.name, [bar.id for bar in row.bars]) for row in rows_of(bars, 9)]
    assert found == [(0, "compute", [2]), (0, "cpu", [1, 4]), (0, "cpu 2", [3]), (1, "cpu", [1])]


def test_letters_begin_with_the_id_where_it_fits_and_last_until_now() -> None:
    bars = [
        Bar(0, 12, "", "cpu", 0, 40),
        Bar(0, 7, "", "cpu", 50, 60),
        Bar(0, 8, "", "cpu", 80, None),
    ]
    assert letters(bars, "-", TimeWindow(0, 100, 10), 100) == "12--.-..8-"


def test_what_lies_outside_the_window_is_not_drawn() -> None:
    bars = [Bar(0, 1, "", "cpu", 0, 10), Bar(0, 2, "", "cpu", 90, 99)]
    assert letters(bars, "#", TimeWindow(20, 80, 6), 99) == "......"
