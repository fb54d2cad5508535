"""Plots in detail: axes, titles and legends, what is left out, the colours of links."""

from itertools import permutations

import pytest
from matplotlib import colormaps
from matplotlib import pyplot as plt
from support.machines import network, system
from support.recorded_runs import collective_on, recorded

from simastra.notebook import plots
from simastra.notebook.plots.style import axes_for, name_rows
from simastra.simulation import Simulation
from simastra.trace import Trace, TraceBuilder


@pytest.mark.parametrize(("rows", "height"), [(0, 2), (3, 2), (10, 3.6), (45, 12), (46, 12)])
def test_new_axes_are_as_tall_as_their_rows_need(rows: int, height: float) -> None:
    figure = axes_for(None, rows).figure
    assert list(figure.get_size_inches()) == pytest.approx([9, height])  # type: ignore[union-attr]


@pytest.mark.parametrize(("rows", "named"), [(1, 1), (64, 64), (65, 33), (128, 64), (129, 43)])
def test_of_very_many_rows_some_are_named(rows: int, named: int) -> None:
    ax = axes_for(None, rows)
    name_rows(ax, [f"row {row}" for row in range(rows)])
    assert len(ax.get_yticks()) == named
    assert ax.get_yticklabels()[0].get_text() == "row 0"
    assert ax.get_ylim() == (rows - 0.5, -0.5)


def test_axes_say_what_they_measure_and_legends_what_colours_mean() -> None:
    run = collective_on(("Ring", 4))
    drawn = {
        "gantt": plots.gantt(run.result),
        "link use": plots.link_use(run.records),
        "chunks": plots.chunks(run.records),
        "attribution": plots.attribution({0: {"compute": 1}}),
    }
    assert {name: ax.get_xlabel() for name, ax in drawn.items()} == {
        "gantt": "time, µs",
        "link use": "time, µs",
        "chunks": "time, µs",
        "attribution": "time, ns",
    }
    assert drawn["chunks"].get_title() == "NPU 0"
    assert drawn["gantt"].get_title() == drawn["link use"].get_title() == ""
    legend = drawn["gantt"].get_legend()
    assert legend is not None
    assert [it.get_text() for it in legend.get_texts()] == ["all-reduce"]
    assert not legend.get_frame_on()
    (bar,) = drawn["attribution"].patches
    assert (bar.get_y(), bar.get_height()) == (-0.4, 0.8)  # type: ignore[attr-defined]


def test_link_use_is_a_part_and_a_queue_a_number() -> None:
    run = collective_on(("FullyConnected", 8), algorithms=("direct",))
    use, queue = plots.link_use(run.records), plots.link_use(run.records, queue=True)
    assert queue.get_title() == "the 40 longest queues of 56 links"
    labels = [ax.figure.axes[1].get_ylabel() for ax in (use, queue)]
    assert labels == ["part of the time busy", "mean number of messages waiting"]
    assert tuple(use.images[0].get_clim()) == (0, 1)
    end = run.records.load.bins * run.records.load.width
    assert tuple(use.images[0].get_extent()) == (0, end, 39.5, -0.5)
    chosen = plots.link_use(run.records, links=[(1, 0), (0, 1)])
    assert [label.get_text() for label in chosen.get_yticklabels()] == [
        "NPU 1 → NPU 0",
        "NPU 0 → NPU 1",
    ]
    assert chosen.get_title() == ""


def test_the_busiest_links_of_a_network_are_drawn_and_the_title_says_so() -> None:
    run = collective_on(("Ring", 4))
    _, ax = plt.subplots()
    plots.network(run.result, run.simulation.network, most_links=3, ax=ax)
    assert ax.get_title() == "the 3 busiest of 4 links"
    links, devices = ax.collections
    assert len(links.get_paths()) == 3
    share = run.result.links[0].busy / run.result.makespan
    assert list(links.get_linewidths()) == pytest.approx([0.6 + 2.4 * share] * 3)  # type: ignore[call-overload]
    assert tuple(links.get_edgecolor()[0]) == pytest.approx(colormaps["YlOrRd"](share))  # type: ignore[arg-type]
    assert list(devices.get_sizes()) == [320]  # type: ignore[attr-defined]
    full = plots.network(run.result, run.simulation.network)
    assert full.get_title() == ""
    assert full.axison is False


def test_links_that_are_used_least_are_left_out() -> None:
    """Of the 42 links among 7 NPUs, each carries 10,000 B more than the one before."""
    npus = [TraceBuilder(npu) for npu in range(7)]
    for number, (src, dst) in enumerate(permutations(range(7), 2)):
        size = 10_000 * (42 - number)
        npus[src].send(f"to {dst}", size=size, to=dst)
        npus[dst].recv(f"from {src}", size=size, source=src)
    run = recorded(Simulation(Trace.of(npus), system(), network(("FullyConnected", 7))))
    ax = plots.link_use(run.records)
    assert ax.get_title() == "the 40 busiest of 42 links"
    names = [label.get_text() for label in ax.get_yticklabels()]
    assert names == [f"NPU {src} → NPU {dst}" for src, dst in permutations(range(7), 2)][:40]


@pytest.mark.parametrize(("npus", "labels"), [(160, 160), (161, 0)])
def test_of_more_than_160_devices_none_is_labelled(npus: int, labels: int) -> None:
    trace = TraceBuilder()
    trace.compute("work", micros=1)
    run = recorded(Simulation(trace, system(), network(("Ring", npus))))
    assert len(plots.network(run.result, run.simulation.network).texts) == labels


def test_labels_stand_on_their_devices() -> None:
    run = collective_on(("Ring", 4))
    ax = plots.network(run.result, run.simulation.network)
    places = {text.get_text(): text.get_position() for text in ax.texts}
    (x, top), (right, y) = places["0"], places["1"]
    assert (x, y) == pytest.approx((0, 0), abs=1e-9)
    assert top == pytest.approx(right)
    assert top > 0  # NPU 0 stands at the top, and 1 to the right
    devices = ax.collections[1].get_offsets()
    assert [tuple(map(float, it)) for it in devices] == [places[str(n)] for n in range(4)]  # type: ignore[union-attr, arg-type]


def test_circles_shrink_and_the_scale_goes_from_idle_to_busy() -> None:
    run = collective_on(("Ring", 25))
    ax = plots.network(run.result, run.simulation.network)
    assert tuple(ax.collections[1].get_sizes()) == (240,)  # type: ignore[attr-defined]
    assert ax.figure.axes[1].get_ylim() == (0, 1)
    assert ax.figure.axes[1].get_ylabel() == "part of the time busy"
