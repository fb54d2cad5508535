"""Plots of sweeps: what is drawn is what came of it."""

import io

import pytest
from matplotlib.axes import Axes
from support.made_sweeps import made_results

from simastra.errors import OptionError
from simastra.notebook import plots


def rendered(ax: Axes) -> bytes:
    page = io.BytesIO()
    ax.figure.savefig(page, format="png", dpi=40)
    return page.getvalue()


def test_points_and_their_front_are_drawn() -> None:
    results = made_results()
    ax = plots.pareto(results)
    points, on_front = ax.collections
    assert len(points.get_offsets()) == 32
    (line,) = ax.lines
    front = results.front()
    expected = sorted(zip(front.columns["makespan_ns"], front.columns["cost"], strict=True))
    assert [tuple(it) for it in line.get_xydata()] == expected
    assert [tuple(it) for it in on_front.get_offsets()] == expected
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("makespan_ns", "cost")
    assert ax.xaxis.get_major_formatter()(330_500, 0) == "330.5 µs"
    assert rendered(ax).startswith(b"\x89PNG")


def test_other_columns_have_another_front() -> None:
    ax = plots.pareto(made_results(), "memory_per_npu")
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("memory_per_npu", "makespan_ns")
    # The fastest of all has the least memory, too.
    assert [tuple(it) for it in ax.lines[0].get_xydata()] == [(2**31, 330_500)]
    with pytest.raises(OptionError, match="unknown column 'x'"):
        plots.pareto(made_results(), "x")


def test_a_line_for_each_point_crosses_all_axes() -> None:
    ax = plots.parallel_coordinates(made_results())
    names = [it.get_text() for it in ax.get_xticklabels()]
    assert names == ["network.bandwidth[0]", "algorithm", "generate.tp", "makespan_ns", "cost"]
    lines = [it for it in ax.lines if len(it.get_ydata()) == 5]
    assert len(lines) == 32 + 4
    assert list(lines[0].get_ydata())[:3] == [0, 0, 0]
    assert all(0 <= it <= 1 for line in lines for it in line.get_ydata())
    assert "330.5 µs" in {it.get_text() for it in ax.texts}
    assert rendered(ax).startswith(b"\x89PNG")


def test_of_very_many_points_some_are_drawn_and_it_says_so() -> None:
    ax = plots.parallel_coordinates(made_results(more=84), ["generate.tp", "makespan_ns"])
    assert ax.get_title() == "1,510 of 3,020 points"


def test_parts_of_the_variance_are_bars() -> None:
    results = made_results()
    whole = results.at([at for at, it in enumerate(results.columns["algorithm"]) if it != "tree"])
    ax = plots.sensitivity(whole)
    assert sum(it.get_width() for it in ax.patches) == pytest.approx(1)
    assert ax.get_title() == "24 points, a full grid"
    assert ax.get_xlabel() == "part of the variance of makespan_ns"
    assert plots.sensitivity(results, "cost").get_title() == "32 points, estimated, not a full grid"
    assert rendered(ax).startswith(b"\x89PNG")
