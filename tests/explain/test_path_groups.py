"""A critical path by names, like NPUs in a row: what is left out is summed up, exactly."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from npu_pairs import late_sender, simulate

from simastra import TraceBuilder
from simastra.explain import Attribution, Category, PathGroup, PathSegment
from simastra.explain.path_groups import path_groups, together
from simastra.explain.tables import groups_table, like_npus_table

NAMES = st.sampled_from(
    ["", "layer1.forward", "layer2.forward", "layer12.backward", "norm", "1", "2"]
)
TIMES = st.dictionaries(st.sampled_from(Category), st.integers(1, 10**6), min_size=1)


@st.composite
def paths(draw: st.DrawFn) -> list[PathSegment]:
    at, segments = 0, []
    for name, times in draw(st.lists(st.tuples(NAMES, TIMES), min_size=1, max_size=30)):
        until = at + sum(times.values())
        segments.append(PathSegment(at, until, name, (len(name),), times))
        at = until
    return segments


@given(paths(), st.integers(1, 8))
def test_groups_sum_to_the_path(path: list[PathSegment], top: int) -> None:
    groups = path_groups(path)
    assert sum(it.duration for it in groups) == path[-1].end
    assert sum(it.segments for it in groups) == len(path)
    for category in Category:
        whole = sum(it.times.get(category, 0) for it in path)
        assert sum(it.times.get(category, 0) for it in groups) == whole
    durations = [it.duration for it in groups]
    assert durations == sorted(durations, reverse=True)
    *shown, last = groups_table(groups, top).rows
    assert last[0] == path[-1].end == sum(int(str(row[0])) for row in shown)
    assert len(shown) == min(len(groups), top + 1)
    if len(groups) > top:
        assert shown[-1][3] == f"and {len(groups) - top:,} others"


def test_numbers_in_names_count_only_where_they_are_alike() -> None:
    def segment(name: str, npu: int) -> PathSegment:
        return PathSegment(0, 5, name, (npu,), {Category.COMPUTE: 5})

    groups = path_groups([segment("f1", 3), segment("f2", 1), segment("g7", 2), segment("f12", 3)])
    assert groups == (
        PathGroup("f#", 3, (3, 1), {Category.COMPUTE: 15}),
        PathGroup("g7", 1, (2,), {Category.COMPUTE: 5}),
    )
    assert groups[0].to_dict() == {
        "name": "f#",
        "segments": 3,
        "npus": [3, 1],
        "times": {"compute": 15},
    }
    assert together(groups, "all") == PathGroup("all", 4, (3, 1, 2), {Category.COMPUTE: 20})


@given(
    st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), min_size=1, max_size=12),
    st.integers(1, 4),
)
def test_npus_that_are_alike_share_a_row(times: list[tuple[int, int]], top: int) -> None:
    none = dict.fromkeys(Category, 0)
    attributions = [
        Attribution(npu, 9, {**none, Category.COMPUTE: one, Category.IDLE: other}, {})
        for npu, (one, other) in enumerate(times)
    ]
    whole = like_npus_table(attributions)
    assert len(whole.rows) == len(set(times))
    cut = like_npus_table(attributions, top)
    assert cut.rows[:top] == whole.rows[:top]
    if len(set(times)) > top:
        kept = set(list(dict.fromkeys(times))[:top])
        others = [it for it in times if it not in kept]
        assert cut.rows[top][0] == f"{len(others)} others, together"
        assert cut.rows[top][-1] == str(sum(map(sum, others)))
        assert len(cut.rows) == top + 1
    else:
        assert cut == whole


def test_an_explanation_has_both() -> None:
    explanation = simulate(late_sender()).explain()
    assert sum(it.duration for it in explanation.path_groups()) == explanation.makespan
    assert [it.name for it in explanation.path_groups(0)] == [
        it.name for it in path_groups(explanation.segments(0))
    ]
    assert explanation.path_groups_table(top=1).rows[1][3] == (
        f"and {len(explanation.path_groups()) - 1} others"
    )
    assert len(explanation.like_npus_table(1).rows) == 2


@pytest.mark.parametrize("top", [None, 5])
def test_a_path_of_one_group_has_no_others(top: int | None) -> None:
    group = PathGroup("a", 2, (0,), {Category.COMPUTE: 4})
    assert groups_table([group], top).rows == (
        (4, "100.0 %", 2, "a", "compute 4"),
        (4, "100.0 %", 2, "all", "compute 4"),
    )


def test_what_is_printed_of_much_is_short() -> None:
    npus = [TraceBuilder(npu) for npu in range(22)]
    for npu, et in enumerate(npus):
        before = None
        for number in range(21 if npu else 1):
            after = () if before is None else (before,)
            before = et.compute(f"f{number}", micros=1 + npu % 2, after=after)
    explanation = simulate(npus).explain()
    lines = str(explanation).splitlines()
    assert [line.split()[:1] for line in lines[1:4]] == [["0"], ["1,"], ["2,"]]
    assert lines[5].startswith("critical path of NPU 1, which finishes last, at 42000 ns")
    assert [line.split()[:4] for line in lines[7:]] == [
        ["42,000", "100.0", "%", "21"],
        ["42,000", "100.0", "%", "21"],
    ]
    assert len(str(simulate(late_sender()).explain()).splitlines()) == 3 + 1 + 1 + 4
