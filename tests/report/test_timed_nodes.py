"""The columns of a timeline's nodes, against a bar for each."""

from collections.abc import Sequence

import hypothesis.strategies as st
import pytest
from hypothesis import given

from simastra.report.run_records import Excerpt, LoadRecord, RunRecords, UnfinishedNode
from simastra.report.run_timeline import timed_nodes
from simastra.report.run_timeline.bars import longest_first, node_bars
from simastra.report.run_timeline.timed_nodes import TimedNodes
from simastra.result import NodeRecord, Result
from simastra.view.bars import Lanes, rows_of
from simastra.workload import Activity

_END = 12


@st.composite
def _runs(draw: st.DrawFn) -> tuple[Result, RunRecords]:
    npus = draw(st.integers(1, 3))
    ids = [draw(st.permutations(range(draw(st.integers(0, 9))))) for _ in range(npus)]
    times, activities = st.integers(0, _END), st.sampled_from(list(Activity))
    nodes, unfinished = [], []
    for npu in range(npus):
        records = []
        for node in ids[npu]:
            start, end = sorted((draw(times), draw(times)))
            if draw(st.integers(0, 4)):
                records.append(NodeRecord(node, f"n{node}", draw(activities), start, end))
            else:
                unfinished.append(UnfinishedNode(npu, node, "", draw(activities), start))
        nodes.append(tuple(records))
    load = LoadRecord(1, 0, ())
    nothing = Excerpt((), 0, None)  # type: ignore[var-annotated]  # of no kind
    records = RunRecords(npus, nothing, nothing, nothing, load, tuple(unfinished))
    return Result((), tuple(nodes), (), ()), records


@given(_runs(), st.integers(0, 30))
def test_order_and_rows_are_those_of_the_bars(run: tuple[Result, RunRecords], most: int) -> None:
    _expect_order_and_rows_of_bars(*run, most)


@given(_runs(), st.integers(0, 30))
def test_many_have_the_same_order(run: tuple[Result, RunRecords], most: int) -> None:
    pytest.importorskip("numpy")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(timed_nodes, "MANY", 0)
        _expect_order_and_rows_of_bars(*run, most)


def _expect_order_and_rows_of_bars(result: Result, records: RunRecords, most: int) -> None:
    bars = node_bars(result, records)
    nodes = TimedNodes(result, records, _END)
    chosen = nodes.longest_first(most)
    expected = longest_first(bars, _END, most)
    assert [bars[number] for number in chosen] == expected
    row_of = {bar: row.number for row in rows_of(expected, _END) for bar in row.bars}
    rows = nodes.rows(chosen)
    assert [rows[number] for number in chosen] == [row_of[bar] for bar in expected]


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 5)), max_size=20).map(sorted))
def test_a_lane_is_the_first_that_is_free(spans: Sequence[tuple[int, int]]) -> None:
    lanes = Lanes()
    free_from: list[int] = []
    for start, duration in spans:
        first = next((lane for lane, time in enumerate(free_from) if time <= start), None)
        if first is None:
            first = len(free_from)
            free_from.append(0)
        free_from[first] = start + duration
        assert lanes.take(start, start + duration) == first
