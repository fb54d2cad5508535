"""Where exactly plots draw: bars, curves, devices, legends, of runs made by hand."""

import math
from typing import Any

import numpy as np
import pytest
from matplotlib import colors
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from support.machines import network as shape_of
from support.made_runs import made_records, made_result, node, phase
from support.recorded_runs import collective_on

from simastra.config import NetworkConfig
from simastra.errors import OptionError
from simastra.notebook import plots
from simastra.notebook.plots.style import axes_for, legend, name_rows
from simastra.palette.categories import colours_of
from simastra.palette.kinds import KINDS
from simastra.report.run_records import LinkLoad
from simastra.result import LinkRecord
from simastra.workload import Activity
from simastra.workload.kind_of_work import KindOfWork


def boxes(ax: Axes) -> list[tuple[float, float, float, float]]:
    """Left, right, bottom and top of each bar, in order."""
    found = []
    for collection in ax.collections:
        for path in collection.get_paths():
            (left, bottom), (right, top) = path.get_extents().get_points()
            found.append((left, right, round(bottom, 6), round(top, 6)))
    return sorted(found)


def fills(ax: Axes) -> list[str]:
    return [colors.to_hex(it) for each in ax.collections for it in each.get_facecolor()]  # type: ignore[union-attr, arg-type]


def labels(ax: Axes) -> list[str]:
    shown = ax.get_legend()
    return [] if shown is None else [it.get_text() for it in shown.get_texts()]


def test_a_gantt_draws_each_node_in_the_middle_of_its_row() -> None:
    result = made_result(
        [node(1, 0, 10), node(2, 5, 30), node(3, 10, 12, activity=Activity.COMMUNICATION)],
        [node(1, 0, 7, activity=Activity.CPU)],
    )
    ax = plots.gantt(result)
    names = [it.get_text() for it in ax.get_yticklabels()]
    assert names == ["NPU 0 communication", "NPU 0 compute", "NPU 0 compute", "NPU 1 cpu"]
    assert boxes(ax) == [
        (0, 7, 2.6, 3.4),
        (0, 10, 0.6, 1.4),
        (5, 30, 1.6, 2.4),
        (10, 12, -0.4, 0.4),
    ]
    # Of a communication without a node nobody knows which it is.
    wanted = [KindOfWork.OTHER, KindOfWork.COMPUTE, KindOfWork.COMPUTE, KindOfWork.HOST]
    assert fills(ax) == [KINDS[it].light for it in wanted]
    assert {width for it in ax.collections for width in it.get_linewidths()} == {0.4}  # type: ignore[union-attr]
    assert labels(ax) == ["compute", "host", "other"]
    assert ax.get_xlim() == (0, 30)


def test_nodes_after_one_another_share_a_row() -> None:
    ax = plots.gantt(made_result([node(1, 0, 10), node(2, 10, 20), node(3, 19, 25)]))
    assert [(low, left) for left, _, low, _ in boxes(ax)] == [(-0.4, 0), (-0.4, 10), (0.6, 19)]


def test_a_gantt_of_nothing_is_one_ns_wide() -> None:
    ax = plots.gantt(made_result([], []))
    assert ax.get_xlim() == (0, 1)
    assert ax.get_ylim() == (0.5, -0.5)
    assert ax.get_legend() is None


def test_of_more_than_20000_nodes_the_longest_are_drawn() -> None:
    starts = [it * (it + 1) // 2 for it in range(20_001)]  # the k-th takes k + 1 ns
    ax = plots.gantt(made_result([node(it, at, at + it + 1) for it, at in enumerate(starts)]))
    assert ax.get_title() == "the 20,000 longest of 20,001 nodes"
    paths = [path for each in ax.collections for path in each.get_paths()]
    assert len(paths) == 20_000
    assert min(path.vertices[:, 0].min() for path in paths[:9]) == 1  # type: ignore[index, union-attr]


def test_chunks_that_never_ended_last_to_the_end_of_the_others() -> None:
    phases = [phase(0, 0, 10), phase(0, 4, None, stream=3), phase(1, 0, 99)]
    ax = plots.chunks(made_records(2, phases=phases))
    assert boxes(ax) == [(0, 10, -0.4, 0.4), (4, 10, 0.6, 1.4)]
    assert [it.get_text() for it in ax.get_yticklabels()] == ["chunk 0", "chunk 3"]
    late = plots.chunks(made_records(1, phases=[phase(0, 0, 10), phase(0, 20, None)]))
    assert boxes(late) == [(0, 10, -0.4, 0.4), (20, 21, -0.4, 0.4)]
    assert {width for it in late.collections for width in it.get_linewidths()} == {0.4}  # type: ignore[union-attr]


def test_phases_have_the_colours_of_their_places() -> None:
    phases = [
        phase(1, 0, 1, stream=7, place=2, name="C"),
        phase(1, 1, 2, stream=7, place=0, name="A"),
        phase(1, 2, 3, stream=8, place=1, name="B", node=5),
    ]
    records = made_records(3, phases=phases)
    ax = plots.chunks(records, npu=1)
    assert labels(ax) == ["1: A, Ring", "2: B, Ring", "3: C, Ring"]
    first, second, third = colours_of("ABC").values()
    assert fills(ax) == [third, first, second]
    assert ax.get_title() == "NPU 1"
    only = plots.chunks(records, npu=1, node=5)
    assert labels(only) == ["2: B, Ring"]
    assert boxes(only) == [(2, 3, -0.4, 0.4)]


@pytest.mark.parametrize("npu", [-1, 3, 7])
def test_chunks_are_those_of_an_npu_that_there_is(npu: int) -> None:
    records = made_records(3, phases=[phase(-1, 0, 1), phase(2, 0, 1), phase(3, 0, 1)])
    with pytest.raises(OptionError, match=f"must be from 0 to 2, not {npu}"):
        plots.chunks(records, npu=npu)
    assert len(boxes(plots.chunks(records, npu=2))) == 1
    with pytest.raises(OptionError, match="NPU 0 had no collective of which phases were"):
        plots.chunks(records)


LOADS = [
    LinkLoad(0, 4, {0: 8, 2: 4}, {}),
    LinkLoad(4, 1, {1: 6}, {0: 16, 2: 2}),
    LinkLoad(1, 4, {0: 1}, {1: 24}),
]


def image_of(ax: Axes) -> list[list[float]]:
    (image,) = ax.images
    values: Any = image.get_array()
    return np.asarray(values).tolist()  # type: ignore[no-any-return]


def test_link_use_is_what_each_link_did_in_each_bin() -> None:
    records = made_records(4, load=(8, 3, LOADS))
    ax = plots.link_use(records)
    names = ["NPU 0 → switch 4", "NPU 1 → switch 4", "switch 4 → NPU 1"]
    assert [it.get_text() for it in ax.get_yticklabels()] == names
    assert image_of(ax) == [[1, 0, 0.5], [0.125, 0, 0], [0, 0.75, 0]]
    queue = plots.link_use(records, queue=True)
    assert [it.get_text() for it in queue.get_yticklabels()] == names
    assert image_of(queue) == [[0, 0, 0], [0, 3, 0], [2, 0, 0.25]]
    assert tuple(queue.images[0].get_clim()) == (0, 3)
    assert queue.get_title() == ax.get_title() == ""
    assert tuple(ax.images[0].get_extent()) == (0, 24, 2.5, -0.5)


def test_a_link_that_was_not_used_is_named_with_both_ends() -> None:
    records = made_records(4, load=(8, 3, LOADS))
    with pytest.raises(OptionError, match="no message took a link from 1 to 0"):
        plots.link_use(records, links=[(0, 4), (1, 0)])
    assert plots.link_use(records, links=[(1, 4)]).get_title() == ""


def test_without_any_link_there_is_no_image() -> None:
    ax = plots.link_use(made_records(2))
    assert list(ax.images) == []
    assert ax.get_title() == ""


@pytest.mark.parametrize(("count", "title"), [(40, ""), (41, "the 40 busiest of 41 links")])
def test_forty_links_are_drawn_at_most(count: int, title: str) -> None:
    links = [LinkLoad(it, it + 1, {0: 100 - it}, {}) for it in range(count)]
    ax = plots.link_use(made_records(99, load=(128, 1, links)))
    assert ax.get_title() == title
    assert [row[0] * 128 for row in image_of(ax)] == [100 - it for it in range(40)]


def test_costs_lie_side_by_side_in_the_order_of_their_kinds() -> None:
    costs = {3: {"a": 5, "b": 7}, 1: {"b": 3, "c": 4}}
    ax = plots.attribution(costs)
    drawn = [(bar.get_x(), bar.get_width(), round(bar.get_y(), 6)) for bar in ax.patches]  # type: ignore[attr-defined]
    assert drawn == [  # kinds are b, c, a: those of NPU 1 come first
        *((0, 3, -0.4), (0, 7, 0.6)),
        *((3, 4, -0.4), (7, 0, 0.6)),
        *((7, 0, -0.4), (7, 5, 0.6)),
    ]
    assert {bar.get_height() for bar in ax.patches} == {0.8}  # type: ignore[attr-defined]
    wanted = colours_of("bca")
    assert [colors.to_hex(bar.get_facecolor()) for bar in ax.patches[::2]] == list(wanted.values())
    assert labels(ax) == ["b", "c", "a"]
    assert [it.get_text() for it in ax.get_yticklabels()] == ["NPU 1", "NPU 3"]


def drawn_network(*shape: tuple[str, int]) -> tuple[Axes, Any, NetworkConfig]:
    run = collective_on(*shape, algorithms=("ring", "direct")[: len(shape)])
    config = run.simulation.network
    return plots.network(run.result, config), run.result, config


@pytest.mark.parametrize(
    "shape",
    [(("Ring", 5),), (("Switch", 3),), (("Ring", 3), ("Switch", 3))],
    ids=["ring", "switch", "both"],
)
def test_links_go_from_device_to_device_and_bend_to_their_left(
    shape: tuple[tuple[str, int], ...],
) -> None:
    ax, result, config = drawn_network(*shape)
    links, devices = ax.collections
    offsets: Any = devices.get_offsets()
    places = {
        int(text.get_text().replace("S", "")): np.array(text.get_position()) for text in ax.texts
    }
    assert np.allclose(list(places.values()), offsets)
    ordered = sorted(result.links, key=lambda it: (it.busy, it.src, it.dst))
    for link, curve in zip(ordered, links.get_paths(), strict=True):
        start, control, end = curve.vertices
        assert np.allclose(start, places[link.src])
        assert np.allclose(end, places[link.dst])
        across = end - start
        left = np.array([-across[1], across[0]])  # as y grows upwards here
        assert np.allclose(control, (start + end) / 2 + 0.12 * left)
    npus = config.npus
    assert [text.get_text() for text in ax.texts] == [
        str(it) if it < npus else f"S{it}" for it in places
    ]
    light, dark = "#f5f7fa", "#c9d2e0"
    assert [colors.to_hex(it) for it in devices.get_facecolor()] == [  # type: ignore[union-attr, arg-type]
        light if it < npus else dark for it in places
    ]


def test_labels_lie_over_devices_and_devices_over_links() -> None:
    ax, _, _ = drawn_network(("Ring", 4))
    links, devices = ax.collections
    assert ax.texts[0].get_zorder() > devices.get_zorder() > links.get_zorder()
    assert {text.get_fontsize() for text in ax.texts} == {7}


def test_a_network_is_as_tall_as_24_rows_with_a_lower_scale_beside_it() -> None:
    ax, _, _ = drawn_network(("Ring", 4))
    figure: Any = ax.figure
    assert list(figure.get_size_inches()) == pytest.approx([7.5, 1.2 + 24 * 0.24])
    figure.draw_without_rendering()
    scale = figure.axes[1].get_position().height
    assert 0.6 < scale / ax.get_position().height < 0.9


def test_the_use_of_a_link_is_its_width_and_colour() -> None:
    links = [LinkRecord(0, 1, 25, 8, 1), LinkRecord(1, 0, 100, 8, 1)]
    ax = plots.network(made_result([node(1, 0, 100)], [], links=links), shape_of(("Ring", 2)))
    curves: Any = ax.collections[0]
    assert list(curves.get_linewidths()) == pytest.approx([1.2, 3.0])
    wanted = [plt.colormaps["YlOrRd"](use) for use in (0.25, 1.0)]
    assert np.allclose(curves.get_edgecolor(), wanted)
    still = plots.network(made_result([], []), shape_of(("Ring", 2)))
    assert len(still.collections[0].get_paths()) == 0


@pytest.mark.parametrize(("npus", "size"), [(18, 320), (24, 250), (500, 12), (1000, 12)])
def test_devices_shrink_as_they_become_many(npus: int, size: int) -> None:
    ax = plots.network(made_result(*([] for _ in range(npus))), shape_of(("Ring", npus)))
    devices: Any = ax.collections[1]
    assert tuple(devices.get_sizes()) == (size,)
    assert len(ax.texts) == (npus if npus <= 160 else 0)


def test_3000_links_are_drawn_at_most() -> None:
    pairs = [(a, b) for a in range(60) for b in range(60) if a != b][:3001]
    links = [LinkRecord(a, b, 1 + n, 1, 1) for n, (a, b) in enumerate(pairs)]
    npus = [[node(1, 0, 4000)], *([] for _ in range(59))]
    ax = plots.network(made_result(*npus, links=links), shape_of(("FullyConnected", 60)))
    assert ax.get_title() == "the 3,000 busiest of 3,001 links"
    assert len(ax.collections[0].get_paths()) == 3000


def test_a_legend_stands_beside_the_picture_at_its_top() -> None:
    ax = axes_for(None, 5)
    legend(ax, {"one": "#ff0000", "other": "#00ff00"})
    figure: Any = ax.figure
    figure.draw_without_rendering()
    shown: Any = ax.get_legend()
    box, picture = shown.get_window_extent(), ax.get_window_extent()
    assert 0 <= box.x0 - picture.x1 < 20
    assert abs(box.y1 - picture.y1) < 20
    assert not shown.get_frame_on()
    handles = [colors.to_hex(it.get_facecolor()) for it in shown.get_patches()]
    assert handles == ["#ff0000", "#00ff00"]


@pytest.mark.parametrize("count", [0, 1, 2, 63, 64, 65, 127, 128, 129, 200])
def test_every_row_that_is_named_bears_its_own_name(count: int) -> None:
    ax = axes_for(None, count)
    name_rows(ax, [f"row {number}" for number in range(count)])
    step = max(1, math.ceil(count / 64))
    assert list(ax.get_yticks()) == list(range(0, count, step))
    assert [it.get_text() for it in ax.get_yticklabels()] == [
        f"row {number}" for number in range(0, count, step)
    ]
    assert ax.get_ylim() == (max(count, 1) - 0.5, -0.5)


@pytest.mark.parametrize(("rows", "width"), [(4, 9.0), (20, 5.5)])
def test_new_axes_are_of_the_width_that_is_asked_for(rows: int, width: float) -> None:
    figure: Any = (axes_for(None, rows) if width == 9 else axes_for(None, rows, width)).figure
    assert list(figure.get_size_inches()) == pytest.approx([width, max(2.0, 1.2 + 0.24 * rows)])
