"""Plots: what is drawn is what happened, and they can be rendered."""

import io
import subprocess
import sys

import pytest
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.collections import PatchCollection, PolyCollection
from support.machines import network as shape_of
from support.machines import system
from support.recorded_runs import collective_on, recorded, two_senders

from simastra.errors import OptionError
from simastra.notebook import plots
from simastra.simulation import Simulation
from simastra.trace import TraceBuilder
from simastra.units import GiB


def bars(ax: Axes) -> list[tuple[float, float, int]]:
    """Start, length and row of each bar, in order."""
    found = []
    for collection in ax.collections:
        assert isinstance(collection, PolyCollection)
        for path in collection.get_paths():
            (left, bottom), (right, top) = path.get_extents().get_points()
            found.append((left, right - left, round((bottom + top) / 2)))
    return sorted(found)


def rows(ax: Axes) -> list[str]:
    return [label.get_text() for label in ax.get_yticklabels()]


def rendered(ax: Axes) -> bytes:
    page = io.BytesIO()
    ax.figure.savefig(page, format="png", dpi=40)
    return page.getvalue()


def test_a_gantt_has_a_bar_for_each_node() -> None:
    trace = TraceBuilder()
    work = trace.compute("work", micros=20)
    trace.all_reduce("gradients", size=2**20, after=work)
    run = recorded(Simulation(trace, system(), shape_of(("Ring", 8))))
    ax = plots.gantt(run.result)
    assert rows(ax)[:2] == ["NPU 0 communication", "NPU 0 compute"]
    assert bars(ax) == sorted(
        (start, length, 2 * npu + row)
        for npu in range(8)
        for start, length, row in ((20_000, 117_780, 0), (0, 20_000, 1))
    )
    assert ax.get_xlim() == (0, 137_780)
    assert rendered(ax).startswith(b"\x89PNG")


def annotated(**changes: object) -> Simulation:
    """Two NPUs whose memory is known: 4 GiB, and 2 GiB more for 3 of 4 µs."""
    trace = TraceBuilder()
    trace.annotate(weight_bytes=4 * GiB)
    first = trace.compute("f", micros=1, writes={"a": 2 * GiB})
    second = trace.compute("b", micros=2, reads={"a": 2 * GiB}, after=first)
    trace.compute("optimizer", micros=1, after=second)
    return Simulation(trace, system(**changes), shape_of(("Ring", 2)))


def test_memory_is_a_curve_for_npus_that_are_alike() -> None:
    ax = plots.memory(annotated(local_mem_capacity=8 * GiB).run())
    curve, capacity = ax.lines
    assert curve.get_xydata().tolist() == [[0, 6], [3000, 4], [4000, 4]]
    assert curve.get_drawstyle() == "steps-post"
    assert [it.get_label() for it in ax.lines] == ["NPUs 0, 1", "capacity, 8 GiB"]
    assert list(capacity.get_ydata()) == [8, 8]
    assert (ax.get_xlim(), ax.get_ylim()[0]) == ((0, 4000), 0)
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("time, µs", "memory, GiB")
    assert "NPUs 0, 1: 6 GiB at the peak, 0 ns; 4 GiB throughout" in (curve.get_gid() or "")
    assert rendered(ax).startswith(b"\x89PNG")


def test_without_a_capacity_there_is_no_line_for_it() -> None:
    assert len(plots.memory(annotated().run()).lines) == 1


def test_memory_that_no_trace_tells_of_is_not_drawn() -> None:
    with pytest.raises(OptionError, match="say nothing of memory"):
        plots.memory(collective_on(("Ring", 4)).result)


def test_a_gantt_of_some_npus_leaves_the_others_out() -> None:
    ax = plots.gantt(collective_on(("Ring", 4)).result, npus=[2])
    assert rows(ax) == ["NPU 2 communication"]
    assert len(bars(ax)) == 1


def test_link_use_shows_each_links_bins() -> None:
    records = two_senders().records
    ax = plots.link_use(records)
    assert rows(ax) == ["NPU 0 → switch 3", "NPU 1 → switch 3", "switch 3 → NPU 2"]
    (image,) = ax.images
    drawn = image.get_array()
    assert drawn is not None
    assert drawn[2].sum() * records.load.width == pytest.approx(5000)
    assert drawn.max() == 1
    queue = plots.link_use(records, links=[(3, 2)], queue=True).images[0].get_array()
    assert queue is not None
    assert queue.shape[0] == 1
    assert queue.sum() * records.load.width == pytest.approx(2500)


def test_of_many_links_the_busiest_are_shown_and_the_title_says_so() -> None:
    run = collective_on(("FullyConnected", 8), algorithms=("direct",))
    ax = plots.link_use(run.records)
    assert len(rows(ax)) == 40
    assert ax.get_title() == "the 40 busiest of 56 links"
    assert rendered(ax)


def test_a_link_that_was_not_used_cannot_be_drawn() -> None:
    with pytest.raises(OptionError, match="no message took a link from 2 to 0"):
        plots.link_use(two_senders().records, links=[(2, 0)])


@pytest.mark.parametrize(
    ("shape", "algorithms"),
    [
        ((("Ring", 8),), ("ring",)),
        ((("FullyConnected", 5),), ("direct",)),
        ((("Switch", 4),), ("direct",)),
        ((("Ring", 4), ("FullyConnected", 3), ("Switch", 2)), ("ring", "direct", "ring")),
    ],
    ids=["ring", "fully connected", "switch", "three dimensions"],
)
def test_a_network_has_all_its_devices_and_its_links_in_the_colours_of_their_use(
    shape: tuple[tuple[str, int], ...], algorithms: tuple[str, ...]
) -> None:
    run = collective_on(*shape, algorithms=algorithms)
    ax = plots.network(run.result, run.simulation.network)
    (links,) = [it for it in ax.collections if isinstance(it, PatchCollection)]
    assert len(links.get_paths()) == len(run.result.links)
    devices = {device for link in run.result.links for device in (link.src, link.dst)}
    npus = run.simulation.network.npus
    names = {str(it) if it < npus else f"S{it}" for it in devices | set(range(npus))}
    assert {text.get_text() for text in ax.texts} == names
    order = sorted(run.result.links, key=lambda it: (it.busy, it.src, it.dst))
    green = [colour[1] for colour in links.get_edgecolor()]  # darker reds have less of it
    assert all(
        a >= b
        for a, b, first, second in zip(green, green[1:], order, order[1:], strict=False)
        if first.busy < second.busy
    )
    assert rendered(ax)


def test_a_bar_of_the_attribution_is_as_long_as_its_costs() -> None:
    ax = plots.attribution({1: {"compute": 5, "latency": 7}, 0: {"latency": 3}})
    assert rows(ax) == ["NPU 0", "NPU 1"]
    assert [(it.get_x(), it.get_width()) for it in ax.patches] == [(0, 3), (0, 7), (3, 0), (7, 5)]


def test_an_explanation_can_be_drawn_as_it_is() -> None:
    run = collective_on(("Ring", 4))
    ax = plots.attribution(run.simulation.explain())
    ends = [0.0] * 4
    for bar in ax.patches:
        ends[round(bar.get_y() + bar.get_height() / 2)] += bar.get_width()
    assert ends == [run.result.makespan] * 4
    assert rendered(ax)


def test_chunks_show_the_phases_of_each_chunk() -> None:
    run = collective_on(("Ring", 2), ("Switch", 4), algorithms=("ring", "direct"))
    ax = plots.chunks(run.records, npu=5)
    assert rows(ax) == ["chunk 0", "chunk 1", "chunk 2", "chunk 3"]
    phases = [it for it in run.records.phases.records if it.npu == 5]
    assert bars(ax) == sorted(
        (it.start, it.end - it.start, it.stream) for it in phases if it.end is not None
    )
    legend = ax.get_legend()
    assert legend is not None
    assert [it.get_text() for it in legend.get_texts()] == [
        "1: REDUCE_SCATTER, Ring",
        "2: ALL_REDUCE, Direct",
        "3: ALL_GATHER, Ring",
    ]


def test_chunks_of_what_there_is_not_are_refused() -> None:
    records = collective_on(("Ring", 4)).records
    with pytest.raises(OptionError, match="npu: must be from 0 to 3, not 4"):
        plots.chunks(records, npu=4)
    with pytest.raises(OptionError, match="NPU 0 had no collective with the node id 77"):
        plots.chunks(records, node=77)


def test_plots_go_onto_given_axes() -> None:
    run = collective_on(("Ring", 4))
    for draw in (
        lambda ax: plots.gantt(run.result, ax=ax),
        lambda ax: plots.link_use(run.records, ax=ax),
        lambda ax: plots.network(run.result, run.simulation.network, ax=ax),
        lambda ax: plots.chunks(run.records, ax=ax),
        lambda ax: plots.attribution({0: {"a": 1}}, ax=ax),
    ):
        _, ax = plt.subplots()
        assert draw(ax) is ax


def test_neither_pandas_nor_matplotlib_is_loaded_by_the_package_itself() -> None:
    program = (
        "import sys, simastra, simastra.cli, simastra.notebook, simastra.report.run_records\n"
        "print({'pandas', 'matplotlib', 'rich', 'simastra.report.page'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout == "set()\n"
