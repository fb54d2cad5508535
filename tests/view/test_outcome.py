"""The few lines that a printed result is."""

from simastra.view.outcome import RunOutcome, outcome_lines


def told(
    finishes: list[tuple[int, int]],
    *,
    order_is_known: bool = True,
    shortcuts: tuple[str, ...] = (),
    doubts: tuple[int, int] = (0, 0),
) -> list[str]:
    return list(outcome_lines(RunOutcome(finishes, order_is_known, shortcuts, *doubts)))


def test_the_time_is_told_exactly_and_in_a_human_unit_and_the_order_in_ranges() -> None:
    finishes = [(npu, 405_520) for npu in (4, 5, 6, 7, 0, 1, 2, 3)]
    assert told(finishes) == ["8 NPUs, 405,520 ns (405.52 µs)", "finish order: 4 to 7, 0 to 3"]


def test_who_finishes_first_is_told_where_not_all_finish_at_once() -> None:
    assert told([(1, 20), (0, 999)]) == [
        "2 NPUs, 999 ns; the first after 20 ns",
        "finish order: 1, 0",
    ]


def test_an_order_by_number_is_told_as_such() -> None:
    assert told([(0, 7)], order_is_known=False) == [
        "1 NPU, 7 ns",
        "finish order: 0; by number within a nanosecond",
    ]


def test_shortcuts_and_doubts_are_told_below() -> None:
    lines = told([(0, 7)], shortcuts=("fold: 8 NPUs as 1",), doubts=(1, 2))
    assert lines[2:] == ["shortcut: fold: 8 NPUs as 1", "1 warning, 2 remarks: see notices"]
    assert told([], doubts=(2, 1)) == ["no NPU has finished", "2 warnings, 1 remark: see notices"]
