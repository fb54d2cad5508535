"""What a plot says where the mouse points, as a page shows it."""

import subprocess
import sys
from xml.etree import ElementTree as ET

import pytest
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from support.machines import network, system
from support.recorded_runs import collective_on, recorded, two_senders

from simastra.notebook import plots
from simastra.notebook.plots.hover import page_of, tell
from simastra.simulation import Simulation
from simastra.trace import TraceBuilder


def titles(ax: Axes) -> list[str]:
    page = page_of(ax.figure.get_figure(root=True))
    assert page is not None
    return [it.text or "" for it in ET.fromstring(page).iter("{http://www.w3.org/2000/svg}title")]


def test_a_bar_of_a_gantt_names_its_node() -> None:
    trace = TraceBuilder()
    work = trace.compute("work <1>", micros=20)
    trace.all_reduce("gradients", size=2**20, after=work)
    run = recorded(Simulation(trace, system(), network(("Ring", 8))))
    assert titles(plots.gantt(run.result, npus=[1])) == [
        "node 2, gradients (all-reduce): 117,780 ns from 20,000 ns on",
        "node 1, work <1> (compute): 20,000 ns from 0 ns on",
    ]


def test_a_part_of_an_attribution_says_how_much_it_is() -> None:
    ax = plots.attribution({1: {"compute": 5, "latency": 7}, 0: {"latency": 3}})
    assert titles(ax) == [
        "NPU 0, latency: 3 ns, 100.0 %",
        "NPU 1, latency: 7 ns, 58.3 %",
        "NPU 0, compute: 0 ns, 0.0 %",
        "NPU 1, compute: 5 ns, 41.7 %",
    ]


def test_a_row_of_link_use_says_how_busy_the_link_was() -> None:
    records = two_senders().records
    span = records.load.bins * records.load.width
    assert titles(plots.link_use(records)) == [
        f"NPU 0 → switch 3: busy {250_000 / span:.1f} % of the time",
        f"NPU 1 → switch 3: busy {250_000 / span:.1f} % of the time",
        f"switch 3 → NPU 2: busy {500_000 / span:.1f} % of the time",
    ]
    queue = titles(plots.link_use(records, links=[(3, 2)], queue=True))
    assert queue == [f"switch 3 → NPU 2: {2500 / span:.2f} messages wait on the average"]


def test_a_link_of_a_network_says_what_it_carried() -> None:
    run = two_senders()
    span = run.result.makespan
    said = titles(plots.network(run.result, run.simulation.network))
    assert said[-1] == f"S3 → 2: busy {100 * 5000 / span:.1f} % of the time, 10,000 B"
    assert len(said) == 3


def test_a_chunks_phase_says_when_and_how_long() -> None:
    run = collective_on(("Ring", 4))
    first = titles(plots.chunks(run.records))[0]
    (phase, *_) = (it for it in run.records.phases.records if it.npu == 0)
    assert phase.end is not None
    assert first == (
        f"chunk 0, phase 1: ALL_REDUCE, Ring, {phase.size:,} B: "
        f"{phase.end - phase.start:,} ns from {phase.start:,} ns on"
    )


def test_without_words_or_with_very_many_there_is_no_page() -> None:
    figure, ax = plt.subplots()
    assert page_of(figure) is None
    bars = ax.broken_barh([(3 * number, 2) for number in range(3001)], (0, 1))
    tell(bars, ["word"] * 3001)
    assert page_of(figure) is None


def test_names_with_strange_letters_are_written_out() -> None:
    figure, ax = plt.subplots()
    tell(ax.broken_barh([(0, 2)], (0, 1)), ["a\x1b\"'<&\n\ud800"])
    assert titles(ax) == ["a\\x1b\"'<&\\n\\ud800"]
    assert page_of(figure) == page_of(figure)


@pytest.mark.parametrize("imported", ["", "IPython.InteractiveShell.instance();"])
def test_a_notebook_gets_the_page_and_the_picture(imported: str) -> None:
    code = (
        f"import IPython; {imported} from simastra.notebook import plots;"
        "from matplotlib.figure import Figure; shell = IPython.get_ipython();"
        "print(shell and Figure in shell.display_formatter.formatters['text/html'].type_printers)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ("True" if imported else "None")
